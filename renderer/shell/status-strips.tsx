/**
 * What keeps this desktop from the team or from WhatsApp, at the foot of the window, where its coming and going moves
 * nothing that is being read. Calm: a state with its facts, never a modal.
 */
import { CircleAlert, CircleOff, CloudOff, Hourglass, KeyRound, MessageSquareOff, RefreshCw, ServerCog, ShieldOff, TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { SyncState } from '../../contract/entities.ts';
import { isSyncEnd } from '../../contract/rules/sync-end.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { AiStoppedStrip } from '../ai/ai-stopped-strip.tsx';
import { explainError } from '../conversation/failure-text.ts';
import { accountEventText } from '../diagnostics/account-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { findAccountProblem } from '../store/account-store.ts';
import { toMinute } from '../store/clock-store.ts';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { KeyWaitDialog } from '../team-key/key-wait.tsx';
import { useRecoveryDialog } from '../team-key/recovery-code.tsx';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import { useEngineGoneHint } from './engine-gone-hint.ts';
import { isPretendedOffline } from './pretend-offline.tsx';
import { Strip } from './status-strip.tsx';
import { SyncRemedy } from './sync-remedy.tsx';

const GiveKeyDialog = lazy(() => import('../team-key/give-key-dialog.tsx').then((module) => ({ default: module.GiveKeyDialog })));
const RevokeDevice = lazy(() => import('../team/revoke-device.tsx').then((module) => ({ default: module.RevokeDevice })));

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
  const oldRelay = useFrom('session', ({ sync }) => sync?.oldRelay ?? null);
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
          {!hasEnded && engine === null && <ReturnedStrip />}
          {!hasEnded && engine === null && <RecoveredStrip />}
          {!hasEnded && engine === null && <KeyTroubleStrip />}
          {!hasEnded && engine === null && <VoidSheetStrip />}
          {!hasEnded && engine === null && <OldRelayStrip />}
          {isKeyLost && oldRelay !== 'unusable' && <Strip icon={<KeyRound size={16} />} title={t('strip.keyLost')} hint={t('strip.keyLostHint')} />}
          {engine !== null && isBeginning ? (
            <BeginningStrip />
          ) : syncTrouble === 'engine' ? (
            <EngineStrip />
          ) : syncTrouble === 'engine_gone' ? (
            <EngineGoneStrip />
          ) : syncTrouble === 'offline' || syncTrouble === 'connecting' ? (
            oldRelay !== 'unusable' && <OfflineStrip />
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

/** Desktops that wait for an admin's word: one after the other. */
function KeyRequestsStrip() {
  const { t } = useTexts();
  const count = useFrom('session', ({ sync }) => sync?.keyRequests ?? 0);
  const { found, find, close } = useDevice(({ keyCode, shutOutBefore }) => keyCode !== null && shutOutBefore === null);
  return (
    <>
      {count > 0 && (
        <Strip icon={<KeyRound size={16} />} title={t('teamKey.requests', { count })} hint={t('teamKey.requestsHint')}>
          <Button look="quiet" onClick={find}>
            {t('teamKey.requestsShow')}
          </Button>
        </Strip>
      )}
      <Suspense fallback={null}>{found?.keyCode != null && <GiveKeyDialog device={found} code={found.keyCode} onDone={close} onClose={close} />}</Suspense>
    </>
  );
}

/** Desktops that were shut out, and that a restored relay lets in again. */
function ReturnedStrip() {
  const { t } = useTexts();
  const count = useFrom('session', ({ sync }) => sync?.returned ?? 0);
  const { found, find, close } = useDevice(({ shutOutBefore }) => shutOutBefore !== null);
  return (
    <>
      {count > 0 && (
        <Strip tone="failure" icon={<ShieldOff size={16} />} title={t('teamKey.returned.title', { count })} hint={t('teamKey.returned.hint')}>
          <Button look="quiet" onClick={find}>
            {t('teamKey.returned.again')}
          </Button>
        </Strip>
      )}
      <Suspense fallback={null}>{found && <RevokeDevice device={found} wipe={false} onDone={close} onClose={close} />}</Suspense>
    </>
  );
}

type Device = EngineOutputs['members']['devices'][number];

/** The first desktop of which something is true, asked for when it is wanted: for a dialog about it. */
function useDevice(is: (device: Device) => boolean): { found: Device | null; find(): void; close(): void } {
  const client = useClient();
  const { run } = useAction();
  const [found, setFound] = useState<Device | null>(null);
  return {
    found,
    find: () => void run(async () => setFound((await client.members.devices()).find(is) ?? null)),
    close: () => setFound(null),
  };
}

/** Somebody used what is on paper: every admin hears of it. */
function RecoveredStrip() {
  const { t, format, language } = useTexts();
  const client = useClient();
  const { run } = useAction();
  const recovered = useFrom('session', ({ sync }) => sync?.recovered ?? null);
  const showTeam = useFrom('view', (view) => view.showTeam);
  const [newest, ...others] = recovered?.desktops ?? [];
  if (!recovered || !newest) return null;
  const names = recovered.desktops.map(({ agentName, deviceName }) => (agentName === null ? deviceName : `${agentName} (${deviceName})`));
  return (
    <Strip
      icon={<KeyRound size={16} />}
      title={others.length > 0 ? t('teamKey.recovered.several', { count: names.length }) : t('teamKey.recovered.title', { agent: newest.agentName ?? newest.deviceName })}
      hint={
        others.length > 0
          ? t('teamKey.recovered.severalHint', { names: new Intl.ListFormat(language).format(names) })
          : t('teamKey.recovered.hint', { device: newest.deviceName, at: format.short(newest.at) })
      }
    >
      <Button look="quiet" onClick={() => showTeam('devices')}>
        {t('teamKey.recovered.show')}
      </Button>
      <Button look="quiet" onClick={() => void run(() => client.members.putOffKeyNotice({ notice: 'recovered', seq: recovered.seq }))}>
        {t('teamKey.recovered.seen')}
      </Button>
    </Strip>
  );
}

/** Of the team's key, to an admin: the next one is held up. */
function KeyTroubleStrip() {
  const { t } = useTexts();
  const trouble = useFrom('session', ({ sync }) => sync?.keyTrouble ?? null);
  if (trouble === 'failing_first') return <Strip icon={<KeyRound size={16} />} title={t('teamKey.trouble.failingFirst')} hint={t('teamKey.trouble.failingFirstHint')} />;
  if (trouble === 'failing') return <Strip icon={<KeyRound size={16} />} title={t('teamKey.trouble.failing')} hint={t('teamKey.trouble.failingHint')} />;
  return null;
}

/** What the team has on paper opens nothing any more. The dialog stays when the new sheet has made the strip superfluous. */
function VoidSheetStrip() {
  const { t } = useTexts();
  const client = useClient();
  const { run } = useAction();
  const sheet = useFrom('session', ({ sync }) => sync?.sheet ?? null);
  const { isBusy, show, dialog } = useRecoveryDialog();
  return (
    <>
      {sheet !== null && sheet.isVoid && !sheet.isPutOff && (
        <Strip icon={<KeyRound size={16} />} title={t('teamKey.recovery.void')} hint={t('teamKey.recovery.voidHint', { epoch: sheet.epoch })}>
          <Button look="quiet" aria-disabled={isBusy} onClick={show}>
            {t('teamKey.recovery.voidShow')}
          </Button>
          <Button look="quiet" onClick={() => void run(() => client.members.putOffKeyNotice({ notice: 'sheet' }))}>
            {t('teamKey.recovery.later')}
          </Button>
        </Strip>
      )}
      {dialog}
    </>
  );
}

/** What only whoever runs the relay can change: to everybody where nothing gets through, else to those who can tell them. */
function OldRelayStrip() {
  const { t } = useTexts();
  const oldRelay = useFrom('session', ({ sync }) => sync?.oldRelay ?? null);
  const isAdmin = useFrom('session', ({ session }) => mayAdminister(session?.me ?? null));
  if (oldRelay === 'unusable') return <Strip tone="failure" icon={<ServerCog size={16} />} title={t('strip.oldRelayUnusable')} hint={t('strip.oldRelayUnusableHint')} />;
  if (oldRelay === null || !isAdmin) return null;
  return <Strip icon={<ServerCog size={16} />} title={t('strip.oldRelay')} hint={t('strip.oldRelayHint')} />;
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
  const isLockOn = useFrom('lock', (lock) => lock.isOn);
  return <Strip icon={<RefreshCw size={16} />} title={t('sync.engine_away')} hint={t(isLockOn ? 'strip.engineGoneLocked' : 'strip.engineAwayHint')} />;
}

/** It has to be started by a person: only Electron starts its engine again by itself. */
function EngineGoneStrip() {
  const { t } = useTexts();
  const hint = useEngineGoneHint();
  const isLockOn = useFrom('lock', (lock) => lock.isOn);
  // A browser keeps what is typed by address: on another port there would be nothing of it. With a lock only the program keeps it.
  const kept = isLockOn ? t('strip.engineGoneLocked') : window.bandejaShell ? t('strip.engineAwayHint') : t('strip.engineGoneKept', { host: location.host });
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
  const name = useFrom('session', ({ session }) => session?.deviceName ?? '');
  return (
    <Strip tone="failure" icon={<CircleAlert size={16} />} title={t(`sync.${state}`)} hint={t(`strip.${state}`, { name })}>
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
