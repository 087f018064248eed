/** How the window looks and what writing in it does: kept on this desktop, for whoever uses it. */
import { languageName } from '../i18n/format.ts';
import { LANGUAGES } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Check } from '../ui/field.tsx';
import { modKey } from '../ui/keys.ts';
import { Part } from '../ui/part.tsx';
import { StorageSettings } from './storage-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { Choice, Setting } from './setting.tsx';

export function AppearanceSettings() {
  const { t } = useTexts();
  const { theme, contrast, density, set } = useFrom('preferences', (state) => state);
  return (
    <Part title={t('settings.part.appearance')} text={t('settings.appearanceText')}>
      <Choice
        id="theme"
        legend={t('settings.theme')}
        value={theme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
        onChoose={(value) => set({ theme: value })}
      />
      <Choice
        id="contrast"
        legend={t('settings.contrast')}
        hint={t('settings.contrastHint')}
        value={contrast}
        options={(['system', 'more'] as const).map((value) => ({ value, label: t(`settings.contrasts.${value}`) }))}
        onChoose={(value) => set({ contrast: value })}
      />
      <Choice
        id="density"
        legend={t('settings.density')}
        hint={t('settings.densityHint')}
        value={density}
        options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t(`settings.densities.${value}`) }))}
        onChoose={(value) => set({ density: value })}
      />
    </Part>
  );
}

const capitalise = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

export function LanguageSettings() {
  const { t } = useTexts();
  const { language, set } = useFrom('preferences', (state) => state);
  return (
    <Part title={t('settings.language')} text={t('settings.languageText')}>
      <Choice
        id="language"
        legend={t('settings.language')}
        value={language}
        options={[{ value: 'system', label: t('settings.languages.system') }, ...LANGUAGES.map((value) => ({ value, label: capitalise(languageName(value, value)) }))]}
        onChoose={(value) => set({ language: value })}
      />
    </Part>
  );
}

export function WritingSettings() {
  const { t } = useTexts();
  const { sendKey, readReceipts, showsTyping, checksSpelling, set } = useFrom('preferences', (state) => state);
  return (
    <Part title={t('settings.part.writing')} text={t('settings.writingText')}>
      <Choice
        id="sendKey"
        legend={t('settings.sendKey')}
        value={sendKey}
        options={(['enter', 'mod_enter'] as const).map((value) => ({ value, label: t(`settings.sendKeys.${value}`, { mod: modKey() }) }))}
        onChoose={(value) => set({ sendKey: value })}
      />
      <Choice
        id="readReceipts"
        legend={t('settings.readReceipts')}
        hint={t('settings.readReceiptsHint')}
        value={readReceipts}
        options={(['on_reply', 'on_open', 'never'] as const).map((value) => ({ value, label: t(`settings.receipts.${value}`) }))}
        onChoose={(value) => set({ readReceipts: value })}
      />
      <Setting id="showsTyping">
        <Check
          label={t('settings.showsTyping')}
          hint={t('settings.showsTypingHint')}
          isOn={showsTyping && readReceipts !== 'never'}
          isDisabled={readReceipts === 'never'}
          onChange={(value) => set({ showsTyping: value })}
        />
      </Setting>
      <Setting id="checksSpelling">
        <Check label={t('settings.checksSpelling')} hint={t('settings.checksSpellingHint')} isOn={checksSpelling} onChange={(value) => set({ checksSpelling: value })} />
      </Setting>
    </Part>
  );
}

export function NotificationsPart() {
  const { t } = useTexts();
  return (
    <Part title={t('settings.notifications')} text={t('settings.notificationsText')}>
      <Setting id="notifications" isPlain>
        <NotificationSettings />
      </Setting>
    </Part>
  );
}

export function StoragePart() {
  const { t } = useTexts();
  const { fetchesMedia, set } = useFrom('preferences', (state) => state);
  return (
    <Part title={t('settings.part.storage')} text={t('settings.storageText')}>
      <Setting id="fetchesMedia">
        <Check label={t('settings.fetchesMedia')} hint={t('settings.fetchesMediaHint')} isOn={fetchesMedia === 'all'} onChange={(isOn) => set({ fetchesMedia: isOn ? 'all' : 'on_sight' })} />
      </Setting>
      <Setting id="storage" isPlain>
        <StorageSettings />
      </Setting>
    </Part>
  );
}
