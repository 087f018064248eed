/** For admins: what the AI parts may do, where the model is, what leaves the machine for it, and what it may cost. */
import { useTexts } from '../../i18n/use-texts.tsx';
import { Part } from '../../ui/part.tsx';
import { AutoSection } from './auto-section.tsx';
import { CostSection } from './cost-section.tsx';
import { ModeSection } from './mode-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { ProviderSection } from './provider-section.tsx';
import { useAiSettings } from './use-ai-settings.ts';
import { VoiceSection } from './voice-section.tsx';

export function AiSettings() {
  const { t } = useTexts();
  const form = useAiSettings();
  return (
    <Part title={t('aiSettings.title')} text={t('aiSettings.text')}>
      {form && (
        <>
          <ModeSection {...form} />
          <ProviderSection {...form} />
          <PrivacySection {...form} />
          <VoiceSection {...form} />
          <CostSection {...form} />
          <AutoSection {...form} />
        </>
      )}
    </Part>
  );
}
