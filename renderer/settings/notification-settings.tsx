import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { askPermission, readPermission } from '../notices/permission.ts';
import { toMinute } from '../store/clock-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/field.tsx';
import { nextMorning } from './next-morning.ts';
import styles from './notification-settings.module.css';

const HOUR_MS = 60 * 60_000;

export function NotificationSettings() {
  const { t, format } = useTexts();
  const { clock } = useStores();
  const notifications = useFrom('preferences', (preferences) => preferences.notifications);
  const set = useFrom('preferences', (preferences) => preferences.set);
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const now = useFrom('clock', toMinute);
  const change = (patch: Partial<typeof notifications>): void => set({ notifications: { ...notifications, ...patch } });
  const { isOn, hasSound, quietUntil } = notifications;
  const quietHere = quietUntil === null || quietUntil <= now + offset ? null : quietUntil - offset;
  /** By this computer's clock; kept by the relay's. */
  const beQuiet = (until: (now: number) => number): void => change({ quietUntil: until(clock.getState().now) + offset });
  return (
    <div className={styles['part']}>
      <Check label={t('settings.notify')} hint={t('settings.notifyHint')} isOn={isOn} onChange={(value) => change({ isOn: value })} />
      <Check label={t('settings.sound')} isOn={hasSound} isDisabled={!isOn} onChange={(value) => change({ hasSound: value })} />
      <div className={styles['line']}>
        <span className={styles['words']} role="status">
          {quietHere === null ? t('settings.quiet') : t('settings.quietUntil', { at: format.short(quietHere) })}
        </span>
        {quietHere === null ? (
          <>
            <Button onClick={() => beQuiet((at) => at + HOUR_MS)}>{t('settings.quietHour')}</Button>
            <Button onClick={() => beQuiet(nextMorning)}>{t('settings.quietTomorrow')}</Button>
          </>
        ) : (
          <Button onClick={() => change({ quietUntil: null })}>{t('settings.quietEnd')}</Button>
        )}
      </div>
      <PermissionLine />
    </div>
  );
}

/** What the system around the window allows. */
function PermissionLine() {
  const { t } = useTexts();
  const isWindow = useFrom('session', ({ session }) => session?.showsNotices !== false);
  const [permission, setPermission] = useState(() => readPermission(window));
  if (!isWindow) return <p className={styles['hint']}>{t('settings.permission.system')}</p>;
  return (
    <div className={styles['line']}>
      <span className={styles['words']}>{t(`settings.permission.${permission}`)}</span>
      {permission === 'default' && <Button onClick={() => void askPermission(window).then(setPermission)}>{t('settings.allow')}</Button>}
    </div>
  );
}
