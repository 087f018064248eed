/** For a desktop that has no key yet, or another one than the relay: the code that an admin compares, and the printed way out when nobody can. */
import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';
import { useAction } from '../ui/use-action.ts';
import { findCodeProblem } from './code-problem.ts';
import { KeyCode } from './key-code.tsx';
import pageStyles from '../shell/page.module.css';
import styles from './team-key.module.css';

/** Fills the window where there is nothing to read yet. */
export function KeyWaitPage() {
  const title = useTitle();
  return (
    <main className={pageStyles['page']}>
      <div className={pageStyles['card']} data-wide>
        <Logo size={44} />
        <h1 className={pageStyles['title']}>{title}</h1>
        <KeyWait />
        <WaysOut />
      </div>
    </main>
  );
}

export function KeyWaitDialog({ onClose }: { onClose(): void }) {
  const title = useTitle();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={cx(styles['stack'], styles['inDialog'])}>
        <KeyWait />
      </div>
    </Dialog>
  );
}

function useTitle(): string {
  const { t } = useTexts();
  return t(useFrom('session', ({ sync }) => sync?.hasOtherKeys) === true ? 'teamKey.other.title' : 'teamKey.title');
}

function KeyWait() {
  const { t } = useTexts();
  const code = useFrom('session', ({ sync }) => sync?.keyCode ?? null);
  const hasOtherKeys = useFrom('session', ({ sync }) => sync?.hasOtherKeys ?? false);
  if (hasOtherKeys) return <OtherKey code={code} />;
  return (
    <>
      <p>{t('teamKey.text')}</p>
      {code !== null && <KeyCode label={t('teamKey.code')} code={code} />}
      <p>{t('teamKey.how')}</p>
      <p className={styles['quiet']} role="status">
        {t('teamKey.waiting')}
      </p>
      <Recover />
    </>
  );
}

/** Where nothing can be read yet there has to be something else to do than to wait. */
function WaysOut() {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [hasAsked, setAsked] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const mayLeave = useFrom('session', ({ sync }) => sync?.hasOtherKeys === false && sync.cursor === 0 && sync.pending === 0);
  const ask = async (): Promise<void> => {
    setAsked(false);
    await run(async () => setAsked(!(await client.enrollment.askAgain()).isHere));
  };
  const leave = async (): Promise<void> => {
    if (await run(() => client.enrollment.leave())) setLeaving(false);
  };
  return (
    <div className={styles['ways']}>
      <Button aria-disabled={isBusy} onClick={() => void ask()}>
        {t('teamKey.askAgain')}
      </Button>
      {mayLeave && (
        <Button
          look="quiet"
          onClick={() => {
            forget();
            setLeaving(true);
          }}
        >
          {t('teamKey.leave.button')}
        </Button>
      )}
      <p className={styles['quiet']} role="status">
        {failure !== null && !isLeaving ? t(`failure.${failure}`) : hasAsked && t('teamKey.asked')}
      </p>
      {isLeaving && (
        <Confirm title={t('teamKey.leave.title')} confirm={t('teamKey.leave.confirm')} isBusy={isBusy} failure={failure} onConfirm={() => void leave()} onClose={() => setLeaving(false)}>
          <p>{t('teamKey.leave.text')}</p>
        </Confirm>
      )}
    </div>
  );
}

/** This desktop has a key of its own: nothing takes its place before the person in front of it has compared the code, too. */
function OtherKey({ code }: { code: string | null }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  return (
    <>
      <p>{t('teamKey.other.text')}</p>
      {code !== null && <KeyCode label={t('teamKey.code')} code={code} />}
      <p>{t('teamKey.other.how')}</p>
      <p>{t('teamKey.other.warning')}</p>
      <p className={styles['failure']} role="alert">
        {failure !== null && t(`failure.${failure}`)}
      </p>
      <div className={styles['actions']}>
        <Button aria-disabled={isBusy || code === null} onClick={() => code !== null && void run(() => client.enrollment.acceptKey({ code }))}>
          {t('teamKey.other.same')}
        </Button>
      </div>
      <Recover />
    </>
  );
}

function Recover() {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [code, setCode] = useState('');
  const [isTried, setTried] = useState(false);
  const problem = failure === 'RECOVERY_WRONG' ? findCodeProblem(code) : null;
  const error =
    isTried && code.trim() === ''
      ? t('teamKey.recover.missing')
      : problem?.kind === 'group'
        ? t('teamKey.recover.group', { no: problem.no, group: problem.group })
        : problem?.kind === 'length'
          ? t(problem.found < problem.wanted ? 'teamKey.recover.short' : 'teamKey.recover.long', { found: problem.found, wanted: problem.wanted })
          : failure === null
            ? null
            : t(`failure.${failure}`);
  return (
    <details className={styles['recover']}>
      <summary>{t('teamKey.recover.title')}</summary>
      <form
        className={styles['stack']}
        aria-label={t('teamKey.recover.title')}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (code.trim() !== '') void run(() => client.enrollment.recover({ code }));
        }}
      >
        <p>{t('teamKey.recover.text')}</p>
        <TextArea
          label={t('teamKey.recover.code')}
          hint={t('teamKey.recover.hint')}
          rows={3}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          value={code}
          error={error}
          onChange={(event) => {
            forget();
            setCode(event.target.value);
          }}
        />
        <div className={styles['actions']}>
          <Button submits aria-disabled={isBusy}>
            {t('teamKey.recover.use')}
          </Button>
        </div>
      </form>
    </details>
  );
}
