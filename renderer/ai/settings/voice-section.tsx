import { useState } from 'react';
import { useTexts } from '../../i18n/use-texts.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Section } from './section.tsx';
import type { SettingsForm } from './use-ai-settings.ts';

const MAX = { profile: 4_000, tone: 1_000 } as const;

/** Who we are and how we write, for the model. */
export function VoiceSection({ settings: { profile, tone }, action, save }: SettingsForm) {
  const { t } = useTexts();
  /** Only what is being changed: the rest stays as somebody else may set it meanwhile. */
  const [typed, setTyped] = useState<{ profile?: string; tone?: string }>({});
  const now = { profile, tone, ...typed };
  const isChanged = now.profile !== profile || now.tone !== tone;
  return (
    <Section title={t('aiSettings.voice.title')} text={t('aiSettings.voice.text')} isOff={action.isBusy} isChanged={isChanged} onSave={() => void save(now).then((isSaved) => isSaved && setTyped({}))}>
      {(['profile', 'tone'] as const).map((field) => (
        <TextArea
          key={field}
          dir="auto"
          rows={field === 'profile' ? 5 : 3}
          label={t(`aiSettings.voice.${field}`)}
          hint={t(`aiSettings.voice.${field}Hint`)}
          maxLength={MAX[field]}
          value={now[field]}
          onChange={({ target }) => setTyped({ ...typed, [field]: target.value })}
        />
      ))}
    </Section>
  );
}
