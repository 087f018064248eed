/** For a desktop that belongs to no workspace yet: an invite takes it in, in the window. */
import { useEffect, useId, useState, type SubmitEvent } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { isWiped } from '../store/session-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';
import { useAction } from '../ui/use-action.ts';
import pageStyles from '../shell/page.module.css';
import styles from './enrollment-page.module.css';

/** Null: it has not been looked at; `none`: this is no invite. */
type Read = NonNullable<EngineOutputs['enrollment']['read']> | 'none' | null;

/** What makes a workspace, sets it going, and invites its first admin (`webhook-relay/cli.ts`). */
const COMMANDS = ['npm run relay -- init --app-secret -', 'npm run relay -- serve', 'npm run relay -- invite --role admin'];

export function EnrollmentPage() {
  const { t } = useTexts();
  const client = useClient();
  const { view } = useStores();
  const wasWiped = useFrom('session', isWiped);
  const suggestedName = useFrom('session', ({ session }) => session?.deviceName ?? '');
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [link, setLink] = useState('');
  const [relay, setRelay] = useState('');
  const [name, setName] = useState('');
  const [deviceName, setDeviceName] = useState<string | null>(null);
  const [isTried, setTried] = useState(false);
  const read = useInvite(link);
  const titleId = useId();

  const relayUrl = read === null || read === 'none' ? null : (read.relayUrl ?? toAddress(relay));
  const needsRelay = read !== null && read !== 'none' && read.relayUrl === null;
  const isComplete = read !== null && read !== 'none' && relayUrl !== null && name.trim() !== '';

  const change = (set: (value: string) => void) => (event: { target: { value: string } }) => {
    forget();
    set(event.target.value);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!isComplete) return;
    const computer = (deviceName ?? suggestedName).trim();
    void run(async () => {
      const { me } = await client.enrollment.join({ relayUrl, code: read.code, agentName: name.trim(), ...(computer === '' ? {} : { deviceName: computer }) });
      // A workspace that somebody has just begun has nothing in its inbox yet.
      if (mayAdminister(me)) view.getState().goTo('setup');
    });
  };

  const isInviteRefused = failure === 'INVITE_UNKNOWN' || failure === 'INVITE_USED' || failure === 'INVITE_EXPIRED' || failure === 'INVITE_WITHDRAWN';
  const linkError = isInviteRefused ? t(`failure.${failure}`) : isTried && read === 'none' ? t('enroll.noInvite') : isTried && link.trim() === '' ? t('enroll.inviteMissing') : null;
  const unreachable = failure === 'OFFLINE' ? t('enroll.unreachable', { relay: relayUrl ?? '' }) : null;
  return (
    <main className={pageStyles['page']}>
      <form className={pageStyles['card']} data-wide aria-labelledby={titleId} onSubmit={submit} noValidate>
        <Logo size={44} />
        <h1 id={titleId} className={pageStyles['title']}>
          {t(wasWiped ? 'enroll.wipedTitle' : 'enroll.title')}
        </h1>
        <p>{t(wasWiped ? 'enroll.wipedText' : 'enroll.text')}</p>
        {!wasWiped && <Beginning />}
        <TextField
          label={t('enroll.invite')}
          placeholder="https://relay.example/join#…"
          value={link}
          onChange={change(setLink)}
          error={linkError}
          hint={needsRelay ? t('enroll.bareCode') : relayUrl && t('enroll.relayIs', { relay: relayUrl })}
        />
        {needsRelay && (
          <TextField
            label={t('enroll.relay')}
            placeholder="https://relay.example"
            inputMode="url"
            value={relay}
            onChange={change(setRelay)}
            error={isTried && relayUrl === null ? t('enroll.relayWrong') : null}
            hint={t('enroll.relayHint')}
          />
        )}
        <div className={styles['pair']}>
          <TextField
            label={t('enroll.name')}
            hint={t('enroll.nameHint')}
            autoComplete="name"
            maxLength={80}
            value={name}
            onChange={change(setName)}
            error={isTried && name.trim() === '' ? t('enroll.nameMissing') : null}
          />
          <TextField label={t('enroll.device')} hint={t('enroll.deviceHint')} maxLength={80} value={deviceName ?? suggestedName} onChange={change(setDeviceName)} />
        </div>
        {failure !== null && !isInviteRefused && (
          <p className={styles['failure']} role="alert">
            {unreachable ?? t(`failure.${failure}`)}
          </p>
        )}
        <div className={styles['actions']}>
          <Button look="primary" submits aria-disabled={isBusy}>
            {t(isBusy ? 'enroll.joining' : 'enroll.join')}
          </Button>
        </div>
        <p className={styles['quiet']}>
          {t('enroll.demo')} <code>npm start -- --demo</code>
        </p>
      </form>
    </main>
  );
}

/** For whoever has no invite because there is no workspace yet. */
function Beginning() {
  const { t } = useTexts();
  const [isNew, setNew] = useState(false);
  return (
    <fieldset className={styles['beginning']}>
      <legend className={styles['legend']}>{t('enroll.how')}</legend>
      <div className={styles['choices']}>
        {([false, true] as const).map((value) => (
          <label key={String(value)} className={styles['choice']}>
            <input type="radio" name="beginning" checked={isNew === value} onChange={() => setNew(value)} />
            {t(value ? 'enroll.newWorkspace' : 'enroll.invited')}
          </label>
        ))}
      </div>
      {isNew && (
        <div className={styles['new']}>
          <p>{t('enroll.newText')}</p>
          <pre className={styles['commands']} tabIndex={0}>
            {COMMANDS.join('\n')}
          </pre>
          <p>{t('enroll.newThen')}</p>
        </div>
      )}
    </fieldset>
  );
}

/** Reads what was pasted, without using it up. */
function useInvite(link: string): Read {
  const client = useClient();
  const [read, setRead] = useState<{ link: string; is: Read }>({ link: '', is: null });
  useEffect(() => {
    if (link.trim() === '') return;
    let isStale = false;
    client.enrollment.read({ link: link.slice(0, 2_000) }).then(
      (invite) => {
        if (!isStale) setRead({ link, is: invite ?? 'none' });
      },
      () => undefined,
    );
    return () => {
      isStale = true;
    };
  }, [client, link]);
  return link.trim() === '' ? null : read.link === link ? read.is : null;
}

/** People leave the scheme out. */
function toAddress(typed: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}
