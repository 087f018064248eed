/**
 * What keeps this desktop from the team or from WhatsApp, at the foot of the window, where its coming and going moves
 * nothing that is being read. Calm: a state with its facts, never a modal.
 */
import { CircleAlert, CircleOff, CloudOff, Hourglass, KeyRound, MessageSquareOff, RefreshCw, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SyncState } from '../../contract/entities.ts';
import { isSyncEnd } from '../../contract/rules/sync-end.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { AiStoppedStrip } from '../ai/ai-stopped-strip.tsx';
import { explainError } from '../conversation/failure-text.ts';
import { accountEventText } from '../diagnostics/account-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { findAccountProblem } from '../store/account-store.ts';
import { toMinute } from '../store/clock-store.ts';
import { KeyWaitDialog } from '../team-key/key-wait.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useEngineGoneHint } from './engine-gone-hint.ts';
import { isPretendedOffline } from './pretend-offline.tsx';
import { Strip } from './status-strip.tsx';
import { SyncRemedy } from './sync-remedy.tsx';

/** A line that is back within this time was never worth a word. */
const SETTLE_MS = 1_200;

export function StatusStrips() {
  const { t } = useTexts();
  const engine = useFrom('link', (link) => (link.status === 'down' ? (link.isLasting ? 'engine_gone' : 'engine') : null));
  const isBeginning = useFrom('tour', (state) => state.isBeginning);
  // Not all of it: its place in the log moves with each message.
  const state = useFrom('session', ({ sync }) => sync?.state ?? null);
  const conflicts = useFrom('session', ({ sync }) => sync?.conflicts ?? 0);
  const isLost = useFrom('session', ({ sync }) => sync?.isKeyLost ?? false);
  // An admin's desktop that has the key brings it within the moment.
  const isKeyLost = useSettled(engine === null && isLost ? true : null);
  const syncTrouble = useSettled(engine ?? (state && isTrouble(state) ? state : null));
  // Where nothing leaves any more, nothing waits for it.
  const hasEnded = state !== null && isSyncEnd(state);
  // A screen reader hears only of what changes in a region that was there before.
  return (
    <div role="status" aria-atomic="false">
      {state && (
        <>
          {!hasEnded && conflicts > 0 && <ConflictsStrip count={conflicts} />}
          {!hasEnded && engine === null && <WhatsAppStrip />}
          {!hasEnded && engine === null && <AccountStrip />}
          {!hasEnded && <AiStoppedStrip />}
          {!hasEnded && engine === null && <KeyRequestsStrip />}
          {!hasEnded && engine === null && <KeyTroubleStrip />}
          {isKeyLost && <Strip icon={<KeyRound size={16} />} title={t('strip.keyLost')} hint={t('strip.keyLostHint')} />}
          {engine !== null && isBeginning ? (
            <BeginningStrip />
          ) : syncTrouble === 'engine' ? (
            <EngineStrip />
          ) : syncTrouble === 'engine_gone' ? (
            <EngineGoneStrip />
          ) : syncTrouble === 'offline' || syncTrouble === 'connecting' ? (
            <OfflineStrip />
          ) : syncTrouble === 'waiting_for_key' ? (
            <WaitingForKeyStrip />
          ) : (
            syncTrouble !== null && <StoppedStrip state={syncTrouble} />
          )}
        </>
      )}
    </div>
  );
}

type Trouble = Exclude<SyncState['state'], 'live' | 'catching_up' | 'installing' | 'not_enrolled'>;
const isTrouble = (state: SyncState['state']): state is Trouble => state !== 'live' && state !== 'catching_up' && state !== 'installing' && state !== 'not_enrolled';

/** Follows `value` to a trouble only after it has lasted, and out of it at once. */
function useSettled<T>(value: T | null): T | null {
  const [settled, setSettled] = useState<T | null>(null);
  const isCalm = value === null;
  useEffect(() => {
    if (isCalm) {
      setSettled(null);
      return;
    }
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [isCalm, value]);
  return isCalm ? null : settled;
}

function WaitingForKeyStrip() {
  const { t } = useTexts();
  const [isShown, setShown] = useState(false);
  const hasOtherKeys = useFrom('session', ({ sync }) => sync?.hasOtherKeys ?? false);
  return (
    <Strip icon={<Hourglass size={16} />} title={t(hasOtherKeys ? 'strip.otherKey' : 'strip.waitsForKey')} hint={t(hasOtherKeys ? 'strip.otherKeyHint' : 'strip.waitsForKeyHint')}>
      <Button look="quiet" onClick={() => setShown(true)}>
        {t(hasOtherKeys ? 'teamKey.other.show' : 'teamKey.showCode')}
      </Button>
      {isShown && <KeyWaitDialog onClose={() => setShown(false)} />}
    </Strip>
  );
}

/** Desktops that wait for an admin's word. */
function KeyRequestsStrip() {
  const { t } = useTexts();
  const count = useFrom('session', ({ sync }) => sync?.keyRequests ?? 0);
  const showTeam = useFrom('view', (view) => view.showTeam);
  if (count === 0) return null;
  return (
    <Strip icon={<KeyRound size={16} />} title={t('teamKey.requests', { count })} hint={t('teamKey.requestsHint')}>
      <Button look="quiet" onClick={() => showTeam('devices')}>
        {t('teamKey.requestsShow')}
      </Button>
    </Strip>
  );
}

/** Of the team's key, to an admin: the next one is held up, or what they have on paper opens it no more. */
function KeyTroubleStrip() {
  const { t } = useTexts();
  const trouble = useFrom('session', ({ sync }) => sync?.keyTrouble ?? null);
  const voidSheet = useFrom('session', ({ sync }) => sync?.voidSheet ?? null);
  const showTeam = useFrom('view', (view) => view.showTeam);
  if (trouble === 'failing_first') return <Strip icon={<KeyRound size={16} />} title={t('teamKey.trouble.failingFirst')} hint={t('teamKey.trouble.failingFirstHint')} />;
  if (trouble === 'failing') return <Strip icon={<KeyRound size={16} />} title={t('teamKey.trouble.failing')} hint={t('teamKey.trouble.failingHint')} />;
  if (voidSheet === null) return null;
  return (
    <Strip icon={<KeyRound size={16} />} title={t('teamKey.recovery.void')} hint={t('teamKey.recovery.voidHint', { epoch: voidSheet })}>
      <Button look="quiet" onClick={() => showTeam('devices')}>
        {t('teamKey.recovery.voidShow')}
      </Button>
    </Strip>
  );
}

function OfflineStrip() {
  const { t, format } = useTexts();
  const minute = useFrom('clock', toMinute);
  const sync = useFrom('session', (session) => session.sync);
  if (!sync) return null;
  const { lastContactAt } = sync;
  return (
    <Strip icon={<CloudOff size={16} />} title={t('strip.offline')} hint={t('strip.offlineHint')}>
      {sync.pending > 0 && <span>{t('strip.pending', { count: sync.pending })}</span>}
      {lastContactAt !== null && (
        <span title={format.exact(lastContactAt)}>
          {format.dayNumber(lastContactAt) === format.dayNumber(minute)
            ? t('strip.lastContactToday', { at: format.clock(lastContactAt) })
            : t('strip.lastContact', { at: format.short(lastContactAt) })}
        </span>
      )}
      {isPretendedOffline(sync) ? <span>{t('strip.pretended')}</span> : <RetryCountdown retryAt={sync.retryAt} />}
    </Strip>
  );
}

function RetryCountdown({ retryAt }: { retryAt: number | null }) {
  const { t } = useTexts();
  const seconds = useFrom('clock', ({ now }) => (retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000))));
  // Ticking numbers are for eyes only; a screen reader would read each of them.
  return (
    <span className="tabular" aria-hidden="true">
      {seconds === 0 ? t('strip.retryNow') : t('strip.retryIn', { seconds })}
    </span>
  );
}

/** The demo was asked to begin anew. */
function BeginningStrip() {
  const { t } = useTexts();
  return <Strip icon={<Hourglass size={16} />} title={t('demo.over.going')} hint={t('demo.over.goingHint')} />;
}

function EngineStrip() {
  const { t } = useTexts();
  return <Strip icon={<RefreshCw size={16} />} title={t('sync.engine_away')} hint={t('strip.engineAwayHint')} />;
}

/** It has to be started by a person: only Electron starts its engine again by itself. */
function EngineGoneStrip() {
  const { t } = useTexts();
  const hint = useEngineGoneHint();
  const isLockOn = useFrom('lock', (lock) => lock.isOn);
  // A browser keeps what is typed by address: on another port there would be nothing of it. With a lock only the program keeps it.
  const kept = window.bandejaShell ? t('strip.engineAwayHint') : isLockOn ? t('strip.engineGoneLocked') : t('strip.engineGoneKept', { host: location.host });
  return <Strip tone="failure" icon={<CircleOff size={16} />} title={t('strip.engineGone')} hint={`${hint} ${kept}`} />;
}

/** Told once, politely, and there until its agent has decided. */
function ConflictsStrip({ count }: { count: number }) {
  const { t } = useTexts();
  const { view } = useStores();
  return (
    <Strip icon={<TriangleAlert size={16} />} title={t('conflict.button', { count })} hint={t('conflict.hint')}>
      <Button look="quiet" onClick={() => view.getState().showConflicts(true)}>
        {t('conflict.show')}
      </Button>
    </Strip>
  );
}

function StoppedStrip({ state }: { state: Exclude<Trouble, 'offline' | 'connecting' | 'waiting_for_key'> }) {
  const { t } = useTexts();
  return (
    <Strip tone="failure" icon={<CircleAlert size={16} />} title={t(`sync.${state}`)} hint={t(`strip.${state}`)}>
      <SyncRemedy state={state} />
    </Strip>
  );
}

function WhatsAppStrip() {
  const { t } = useTexts();
  const whatsapp = useFrom('session', ({ sync }) => sync?.whatsapp);
  const error = useFrom('session', ({ sync }) => sync?.whatsappError ?? null);
  switch (whatsapp) {
    case 'blocked':
      return (
        <Strip tone="failure" icon={<MessageSquareOff size={16} />} title={t('strip.whatsappBlocked')} hint={`${error ? `${explainError(error.code, t).what} ` : ''}${t('strip.whatsappBlockedHint')}`}>
          <DiagnosisButton />
        </Strip>
      );
    case 'unreachable':
      return <Strip icon={<MessageSquareOff size={16} />} title={t('strip.whatsappUnreachable')} hint={t('strip.whatsappUnreachableHint')} />;
    case 'not_configured':
      return <NoNumberStrip />;
    default:
      return null;
  }
}

/** Meta has told of something that keeps everybody from sending, or soon will. */
function AccountStrip() {
  const { t, format } = useTexts();
  const problem = useFrom('account', findAccountProblem);
  const showDiagnostics = useFrom('view', (view) => view.showDiagnostics);
  if (!problem) return null;
  return (
    <Strip tone="failure" icon={<CircleAlert size={16} />} title={t('diagnostics.account.strip')} hint={accountEventText(problem, t)}>
      <time title={format.exact(problem.at)}>{format.short(problem.at)}</time>
      <Button look="quiet" onClick={() => showDiagnostics('account')}>
        {t('diagnostics.account.show')}
      </Button>
    </Strip>
  );
}

function DiagnosisButton() {
  const { t } = useTexts();
  const showDiagnostics = useFrom('view', (view) => view.showDiagnostics);
  return (
    <Button look="quiet" onClick={() => showDiagnostics('connection')}>
      {t('diagnostics.account.show')}
    </Button>
  );
}

/** Whoever may, sets the number; the others wait until an admin's desktop hands it over. */
function NoNumberStrip() {
  const { t } = useTexts();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const showTeam = useFrom('view', (view) => view.showTeam);
  if (mayAdminister(me)) {
    return (
      <Strip icon={<MessageSquareOff size={16} />} title={t('strip.whatsappNotConfigured')} hint={t('strip.whatsappNotConfiguredHint')}>
        <Button look="quiet" onClick={() => showTeam('number')}>
          {t('number.title')}
        </Button>
      </Strip>
    );
  }
  return <Strip icon={<Hourglass size={16} />} title={t('strip.waitsForNumber')} hint={t('strip.whatsappNotConfiguredHint')} />;
}
