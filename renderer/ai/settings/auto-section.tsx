/** Answers without a person. Invariant: it is switched on only by a confirmation that says what it means, for exactly the settings that are shown. */
import { useState } from 'react';
import type { AiSettings } from '../../../contract/ai/ai-entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useClient, useFrom, useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Check, TextField } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Choices, Section } from './section.tsx';
import type { SettingsForm } from './use-ai-settings.ts';
import styles from './section.module.css';

const FIGURES = { countdownSeconds: [20, 60], perConversationInRow: [1, 10], perConversationDay: [1, 50], perNumberHour: [1, 1_000], reviewSample: [0, 100] } as const;
type Figure = keyof typeof FIGURES;
const NAMES = Object.keys(FIGURES) as Figure[];
/** `AUTO_INTENTS` of the contract. */
const INTENTS = ['knowledge_question', 'request_status'] as const;
const HOURS = ['always', 'inside', 'outside'] as const;

export function AutoSection({ settings, action, save }: SettingsForm) {
  const { t } = useTexts();
  const client = useClient();
  const { ai } = useStores();
  const { auto } = settings;
  const workspace = useFrom('ai', (state) => state.workspace);
  const [isAsking, setAsking] = useState(false);
  const confirming = useAction({ isQuiet: true });
  const [figures, setFigures] = useState<Partial<Record<Figure, string>>>({});
  const isOn = auto.state === 'on' && (workspace?.isAutoConfirmed ?? false);

  const textOf = (name: Figure): string => figures[name] ?? String(auto[name]);
  const valueOf = (name: Figure): number | null => {
    const value = /^\d{1,4}$/.test(textOf(name).trim()) ? Number(textOf(name)) : -1;
    return value < FIGURES[name][0] || value > FIGURES[name][1] ? null : value;
  };
  const isWrong = NAMES.some((name) => valueOf(name) === null);
  const isChanged = NAMES.some((name) => valueOf(name) !== auto[name]);
  const setAuto = (patch: Partial<AiSettings['auto']>): Promise<boolean> => save({ auto: { ...auto, ...patch } });
  const submit = async (): Promise<void> => {
    const values = Object.fromEntries(NAMES.map((name) => [name, valueOf(name) ?? auto[name]])) as Pick<AiSettings['auto'], Figure>;
    const isSaved = await setAuto(values);
    if (isSaved) setFigures({});
  };
  const confirm = async (): Promise<void> => {
    const isDone = await confirming.run(() => client.ai.confirmAuto({ autoConfirmation: workspace?.autoConfirmation ?? '' }));
    if (!isDone) return;
    setAsking(false);
    ai.getState().refresh();
  };
  return (
    <Section title={t('aiSettings.auto.title')} text={t('aiSettings.auto.text')} isOff={action.isBusy || isWrong} isChanged={isChanged} onSave={() => void submit()}>
      <div className={styles['result']} data-ok={isOn || undefined}>
        <p>
          <strong>{t(isOn ? 'aiSettings.auto.isOn' : 'aiSettings.auto.isShadow')}</strong>
        </p>
        <p>{t(isOn ? 'aiSettings.auto.isOnText' : auto.state === 'on' ? 'aiSettings.auto.takenBack' : 'aiSettings.auto.isShadowText')}</p>
        <div className={styles['row']}>
          {isOn ? (
            <Button aria-disabled={action.isBusy} onClick={() => void setAuto({ state: 'shadow', confirmedFor: '' })}>
              {t('aiSettings.auto.toShadow')}
            </Button>
          ) : (
            <Button aria-disabled={workspace === null || settings.mode === 'off'} onClick={() => workspace !== null && settings.mode !== 'off' && setAsking(true)}>
              {t('aiSettings.auto.toOn')}
            </Button>
          )}
          {settings.mode === 'off' && <span>{t('aiSettings.auto.modeOff')}</span>}
        </div>
      </div>
      {INTENTS.map((intent) => (
        <Check
          key={intent}
          label={t(`aiSettings.auto.intent.${intent}`)}
          isOn={auto.intents.includes(intent)}
          isDisabled={action.isBusy}
          onChange={(isAllowed) => void setAuto({ intents: isAllowed ? [...auto.intents, intent] : auto.intents.filter((one) => one !== intent) })}
        />
      ))}
      <p className={styles['text']}>{t('aiSettings.auto.never')}</p>
      <div className={styles['pair']}>
        {NAMES.map((name) => (
          <TextField
            key={name}
            label={t(`aiSettings.auto.${name}`)}
            inputMode="numeric"
            maxLength={4}
            value={textOf(name)}
            error={valueOf(name) === null ? t('aiSettings.range', { from: FIGURES[name][0], to: FIGURES[name][1] }) : null}
            onChange={({ target }) => setFigures({ ...figures, [name]: target.value })}
          />
        ))}
      </div>
      <Choices
        legend={t('aiSettings.auto.hours')}
        name="ai-hours"
        values={HOURS}
        value={auto.hours}
        isDisabled={action.isBusy}
        label={(one) => t(`aiSettings.auto.when.${one}`)}
        onChoose={(hours) => void setAuto({ hours })}
      />
      {auto.hours !== 'always' && <p className={styles['text']}>{t('aiSettings.auto.hoursHint')}</p>}
      {isAsking && (
        <Confirm
          title={t('aiSettings.auto.askTitle')}
          confirm={t('aiSettings.auto.toOn')}
          isBusy={confirming.isBusy}
          failure={confirming.failure}
          onConfirm={() => void confirm()}
          onClose={() => setAsking(false)}
        >
          {t('aiSettings.auto.ask', { seconds: auto.countdownSeconds })}
        </Confirm>
      )}
    </Section>
  );
}
