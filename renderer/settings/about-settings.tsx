/** What this program is made of, and how it comes to its next version. */
import { useEffect, useState } from 'react';
import type { About } from '../../contract/setup-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Part } from '../ui/part.tsx';
import { Licences } from './licences.tsx';
import { Fact, Facts, Setting } from './setting.tsx';
import styles from './about-settings.module.css';

function useAbout(): About | null {
  const client = useClient();
  const { toasts } = useStores();
  const [about, setAbout] = useState<About | null>(null);
  useEffect(() => {
    client.setup.about().then(setAbout, (error: unknown) => toasts.getState().fail(failureCodeOf(error)));
  }, [client, toasts]);
  return about;
}

export function UpdateSettings() {
  const { t } = useTexts();
  const about = useAbout();
  const updatesItself = window.bandejaShell?.updatesItself === true;
  return (
    <Part title={t('settings.part.updates')} text={t('settings.updates.text')}>
      <Setting id="updates" isPlain>
        <Facts>
          <Fact name={t('settings.version')}>{about?.version ?? '…'}</Fact>
          <Fact name={t('settings.updates.channel')}>{t(updatesItself ? 'settings.updates.installer' : 'settings.updates.fromSource')}</Fact>
        </Facts>
        <p className={styles['text']}>{t(updatesItself ? 'settings.updates.howItself' : 'settings.updates.how')}</p>
      </Setting>
    </Part>
  );
}

export function AboutSettings() {
  const { t } = useTexts();
  const { session: store, toasts } = useStores();
  const session = useFrom('session', (state) => state.session);
  const about = useAbout();
  const logId = store.getState().sync?.logId ?? null;
  if (!session) return null;
  const { me, number } = session;
  const facts: [name: string, value: string | null][] = [
    [t('settings.version'), about?.version ?? session.version],
    ['Electron', about === null ? null : (about.electron ?? t('settings.aboutBrowser'))],
    ['Chromium', about?.chromium ?? null],
    ['Node.js', about?.node ?? null],
    ['SQLite', about?.sqlite ?? null],
    [t('settings.system'), about?.system ?? null],
    [t('settings.agent'), me && `${me.name} · ${t(`settings.role.${me.role}`)}`],
    [t('settings.number'), number && ([number.verifiedName, number.displayPhoneNumber].filter(Boolean).join(' · ') || number.phoneNumberId)],
    [t('settings.workspace'), logId?.slice(0, 8) ?? null],
  ];
  const known = facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const copy = (): void => void navigator.clipboard.writeText(known.map(([name, value]) => `${name}: ${value}`).join('\n')).then(() => toasts.getState().say('action.copied'));
  return (
    <Part title={t('settings.part.about')} text={t('settings.aboutText')} action={<Button onClick={copy}>{t('settings.aboutCopy')}</Button>}>
      <Setting id="versions" isPlain>
        <Facts>
          {known.map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </Facts>
        {session.isDemo && <p className={styles['text']}>{t('settings.demo')}</p>}
      </Setting>
      <Setting id="licences" isPlain>
        <Licences />
      </Setting>
    </Part>
  );
}
