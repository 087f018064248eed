import { useTexts } from '../i18n/use-texts.tsx';
import { Part } from '../ui/part.tsx';
import { PrivacySettings } from './privacy-settings.tsx';
import { Setting } from './setting.tsx';

export function PrivacyPart() {
  const { t } = useTexts();
  return (
    <Part title={t('settings.part.privacy')} text={t('settings.privacyText')}>
      <Setting id="retention" isPlain>
        <PrivacySettings />
      </Setting>
    </Part>
  );
}
