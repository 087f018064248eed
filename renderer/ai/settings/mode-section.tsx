import { OctagonX, Play } from 'lucide-react';
import { AI_MODES, type AiMode } from '../../../contract/ai/ai-words.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useFrom, useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Choices, Section } from './section.tsx';
import type { SettingsForm } from './use-ai-settings.ts';
import styles from './section.module.css';

/** What happens by itself: in the workspace, and on single numbers. */
export function ModeSection({ settings, action, save }: SettingsForm) {
  const { t } = useTexts();
  const { ai } = useStores();
  const number = useFrom('session', ({ session }) => session?.number ?? null);
  const isStopped = useFrom('ai', ({ workspace }) => workspace?.isStopped ?? false);
  const { mode, numberModes } = settings;
  const numbers = [...new Set([...(number ? [number.phoneNumberId] : []), ...Object.keys(numberModes)])];
  const nameOf = (id: string): string => (number?.phoneNumberId === id ? (number.displayPhoneNumber ?? id) : id);
  const setNumber = (id: string, to: AiMode | ''): void => {
    const { [id]: _, ...others } = numberModes;
    void save({ numberModes: to === '' ? others : { ...others, [id]: to } });
  };
  return (
    <Section title={t('aiSettings.mode.title')} text={t('aiSettings.mode.text')}>
      <Choices
        legend={t('aiSettings.mode.workspace')}
        name="ai-mode"
        values={AI_MODES}
        value={mode}
        isDisabled={action.isBusy}
        label={(one) => t(`ai.mode.${one}`)}
        onChoose={(one) => void save({ mode: one })}
      />
      <ul className={styles['list']}>
        {AI_MODES.map((one) => (
          <li key={one}>
            <strong>{t(`ai.mode.${one}`)}</strong>: {t(`aiSettings.mode.hint.${one}`)}
          </li>
        ))}
      </ul>
      {numbers.map((id) => (
        <SelectField
          key={id}
          label={t('aiSettings.mode.number', { number: nameOf(id) })}
          hint={mode === 'off' ? t('aiSettings.mode.offEverywhere') : undefined}
          value={numberModes[id] ?? ''}
          disabled={action.isBusy}
          onChange={({ target }) => setNumber(id, target.value as AiMode | '')}
        >
          <option value="">{t('aiSettings.mode.asWorkspace')}</option>
          {AI_MODES.map((one) => (
            <option key={one} value={one}>
              {t(`ai.mode.${one}`)}
            </option>
          ))}
        </SelectField>
      ))}
      <div className={styles['row']}>
        {isStopped ? (
          <Button icon={<Play size={15} />} onClick={() => ai.getState().stop(false)}>
            {t('ai.mode.resume')}
          </Button>
        ) : (
          <Button look="danger" icon={<OctagonX size={15} />} onClick={() => ai.getState().stop(true)}>
            {t('ai.mode.stop')}
          </Button>
        )}
        <span>{t('ai.stopped.hint')}</span>
      </div>
    </Section>
  );
}
