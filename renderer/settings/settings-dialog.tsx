import { useId, type ReactNode } from 'react';
import type { Preferences } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Check } from '../ui/field.tsx';
import { modKey } from '../ui/keys.ts';
import { LocalApiSettings } from './local-api-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import styles from './settings-dialog.module.css';

export function SettingsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const preferences = useFrom('preferences', (state) => state);
  const { set } = preferences;
  const isMember = useFrom('session', ({ session }) => session?.me !== null && session !== null);
  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      <Choice
        legend={t('settings.language')}
        value={preferences.language}
        options={(['system', 'es', 'en'] as const).map((value) => ({ value, label: t(`settings.languages.${value}`) }))}
        onChoose={(language) => set({ language })}
      />
      <Choice
        legend={t('settings.theme')}
        value={preferences.theme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
        onChoose={(theme) => set({ theme })}
      />
      <Choice
        legend={t('settings.sendKey')}
        value={preferences.sendKey}
        options={(['enter', 'mod_enter'] as const).map((value) => ({ value, label: t(`settings.sendKeys.${value}`, { mod: modKey() }) }))}
        onChoose={(sendKey) => set({ sendKey })}
      />
      <Choice
        legend={t('settings.readReceipts')}
        hint={t('settings.readReceiptsHint')}
        value={preferences.readReceipts}
        options={(['on_reply', 'on_open', 'never'] as const).map((value) => ({ value, label: t(`settings.receipts.${value}`) }))}
        onChoose={(readReceipts) => set({ readReceipts })}
      />
      <Check
        label={t('settings.showsTyping')}
        hint={t('settings.showsTypingHint')}
        isOn={preferences.showsTyping && preferences.readReceipts !== 'never'}
        isDisabled={preferences.readReceipts === 'never'}
        onChange={(showsTyping) => set({ showsTyping })}
      />
      <Check label={t('settings.fetchesMedia')} hint={t('settings.fetchesMediaHint')} isOn={preferences.fetchesMedia === 'all'} onChange={(isOn) => set({ fetchesMedia: isOn ? 'all' : 'on_sight' })} />
      <NotificationSettings />
      {isMember && <LocalApiSettings />}
      <About />
    </Dialog>
  );
}

type ChoiceProps<T extends Preferences[keyof Preferences] & string> = { legend: string; hint?: string; value: T; options: readonly { value: T; label: string }[]; onChoose(value: T): void };

function Choice<T extends Preferences[keyof Preferences] & string>({ legend, hint, value, options, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles['choice']}>
      <legend className={styles['legend']}>{legend}</legend>
      {hint !== undefined && <p className={styles['hint']}>{hint}</p>}
      <div className={styles['options']}>
        {options.map((option) => (
          <label key={option.value} className={styles['option']}>
            <input type="radio" className="visually-hidden" name={name} checked={value === option.value} onChange={() => onChoose(option.value)} />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function About() {
  const { t } = useTexts();
  const { session: store } = useStores();
  const session = useFrom('session', (state) => state.session);
  if (!session) return null;
  const { me, number } = session;
  const logId = store.getState().sync?.logId;
  return (
    <section className={styles['about']}>
      <h3 className={styles['legend']}>{t('settings.about')}</h3>
      <dl className={styles['facts']}>
        {me && (
          <Fact name={t('settings.agent')}>
            {me.name} · {t(`settings.role.${me.role}`)}
          </Fact>
        )}
        {number && <Fact name={t('settings.number')}>{[number.verifiedName, number.displayPhoneNumber].filter(Boolean).join(' · ') || number.phoneNumberId}</Fact>}
        {logId && <Fact name={t('settings.workspace')}>{logId.slice(0, 8)}</Fact>}
        <Fact name={t('settings.version')}>{session.version}</Fact>
      </dl>
      {session.isDemo && <p className={styles['hint']}>{t('settings.demo')}</p>}
    </section>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="tabular">{children}</dd>
  </>
);
