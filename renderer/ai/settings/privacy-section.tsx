import { useState } from 'react';
import { useTexts } from '../../i18n/use-texts.tsx';
import { Check, TextField } from '../../ui/field.tsx';
import { Section } from './section.tsx';
import type { SettingsForm } from './use-ai-settings.ts';

const KINDS = ['cards', 'ids', 'email', 'phones', 'names', 'addresses'] as const;
const DAYS_MAX = 365;

/** What is left out of what goes to the model, and how long the words of it are kept. */
export function PrivacySection({ settings: { masking, journalDays }, action, save }: SettingsForm) {
  const { t } = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(journalDays);
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : -1;
  const isWrong = days < 0 || days > DAYS_MAX;
  return (
    <Section
      title={t('aiSettings.privacy.title')}
      text={t('aiSettings.privacy.text')}
      isOff={action.isBusy || isWrong}
      isChanged={days !== journalDays}
      onSave={() => void save({ journalDays: days }).then((isSaved) => isSaved && setTyped(null))}
    >
      {KINDS.map((kind) => (
        <Check
          key={kind}
          label={t(`aiSettings.privacy.${kind}`)}
          hint={t(`aiSettings.privacy.${kind}Hint`)}
          isOn={masking[kind]}
          isDisabled={action.isBusy}
          onChange={(isOn) => void save({ masking: { ...masking, [kind]: isOn } })}
        />
      ))}
      <TextField
        label={t('aiSettings.privacy.journal')}
        hint={t('aiSettings.privacy.journalHint')}
        error={isWrong ? t('aiSettings.range', { from: 0, to: DAYS_MAX }) : null}
        inputMode="numeric"
        maxLength={3}
        value={text}
        onChange={({ target }) => setTyped(target.value)}
      />
    </Section>
  );
}
