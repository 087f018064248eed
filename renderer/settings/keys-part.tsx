import { useTexts } from '../i18n/use-texts.tsx';
import { Part } from '../ui/part.tsx';
import { KeySettings } from './key-settings.tsx';
import { Setting } from './setting.tsx';

export function KeysPart() {
  const { t } = useTexts();
  return (
    <Part title={t('settings.part.keys')} text={t('settings.keysText')}>
      <Setting id="keys" isPlain>
        <KeySettings />
      </Setting>
    </Part>
  );
}
