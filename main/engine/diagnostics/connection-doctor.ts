/**
 * Looks at everything between Meta and this desktop, all at once. Invariants: every check of CONNECTION_CHECKS is told exactly once,
 * as soon as it is known; all of it ends within TOTAL_MS, whatever hangs; nothing is written or sent.
 */
import { AppError } from '../../../contract/app-error.ts';
import type { AccountEvent, ConnectionCheck, SyncState } from '../../../contract/entities.ts';
import { DIAGNOSTICS_PATH, relayDiagnosticsSchema } from '../../../contract/wire-http.ts';
import type { DiagnosticQueries } from '../db/diagnostic-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { KeysKept } from '../ports.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { AccountReader } from '../whatsapp/account-reader.ts';
import { FAILURES_WITHIN_MS, LAST_EVENTS, judgeAccount, judgeKeys, judgeLastEvent, judgeOutbox } from './judge-desktop.ts';
import { judgeApps, judgeClocks, judgeMeta, judgeNumber, judgeToken } from './judge-meta.ts';
import { judgeBacklog, judgeRelay, judgeRelayAddress, judgeWebhook, type RelayReading } from './judge-relay.ts';

/** For each call, so that all of them together end within 10 s. The relay itself asks Meta meanwhile. */
const CALL_MS = 8_500;

/** An op written just now is no backlog. */
export const ON_ITS_WAY_MS = 5_000;

type Deps = {
  isDemo: boolean;
  keysKept: KeysKept;
  queries: DiagnosticQueries;
  sync: SyncQueries;
  http: RelayHttp;
  account: AccountReader;
  readNumber: () => { phoneNumberId: string; wabaId: string | null } | null;
  /** `pending`: ops that have waited for their confirmation for longer than ON_ITS_WAY_MS. */
  readSync: () => { head: number; pending: number } & Pick<SyncState, 'whatsapp' | 'whatsappError' | 'oldRelay'>;
  listAccountEvents: () => AccountEvent[];
  /** This machine's clock, ms. */
  machineNow: () => number;
  /** Relay time, ms. */
  now: () => number;
};

export type ConnectionDoctor = (signal: AbortSignal | undefined) => AsyncGenerator<ConnectionCheck>;

export function createConnectionDoctor({ isDemo, keysKept, queries, sync, http, account, readNumber, readSync, listAccountEvents, machineNow, now }: Deps): ConnectionDoctor {
  const askRelay = async (): Promise<RelayReading> => {
    const begun = machineNow();
    try {
      const value = await http.call({ method: 'GET', path: DIAGNOSTICS_PATH, withinMs: CALL_MS }, relayDiagnosticsSchema);
      const ended = machineNow();
      return { status: 'ok', value, tookMs: ended - begun, at: (begun + ended) / 2 };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { status: RELAY_FAILURES[error.code] ?? 'unreachable' };
    }
  };

  const lookHere = (): ConnectionCheck[] => {
    const { whatsapp, whatsappError } = readSync();
    return [
      judgeRelayAddress(sync.readMeta().relayUrl, isDemo),
      judgeAccount(listAccountEvents()),
      judgeKeys(keysKept, isDemo),
      judgeOutbox({ open: queries.countOpenSends(), failures: queries.listFailuresSince(now() - FAILURES_WITHIN_MS), whatsapp, whatsappCode: whatsappError?.code ?? null, now: now() }),
    ];
  };

  const isUpToDate = (reading: RelayReading): boolean => reading.status === 'ok' && sync.readMeta().cursor >= reading.value.head;

  return async function* look(signal) {
    const ends = AbortSignal.any([AbortSignal.timeout(CALL_MS), ...(signal ? [signal] : [])]);
    const number = readNumber();
    const noNumber = { status: 'no_token', metaNow: null } as const;
    const relay = askRelay();
    const token = number ? account.readToken(ends) : Promise.resolve(noNumber);
    const facts = number ? account.readNumber(number.phoneNumberId, ends) : Promise.resolve(noNumber);
    const apps = number === null ? Promise.resolve(noNumber) : number.wabaId === null ? Promise.resolve(null) : account.readApps(number.wabaId, ends);

    yield* asSettled<ConnectionCheck>([
      Promise.resolve(lookHere()),
      relay.then((reading) => [judgeRelay(reading, readSync().oldRelay !== null), ...judgeWebhook(reading), judgeBacklog(reading, { cursor: sync.readMeta().cursor, ...readSync() })]),
      relay.then((reading) => [judgeLastEvent(queries.listNewestEvents(LAST_EVENTS), queries.lastSendAt(), isUpToDate(reading), now())]),
      facts.then((reading) => [judgeMeta(reading), ...judgeNumber(reading)]),
      Promise.all([token, facts]).then((readings) => judgeToken(...readings, now())),
      Promise.all([apps, token]).then(([reading, tokenReading]) => [judgeApps(reading, tokenReading.status === 'ok' ? tokenReading.value.appId : null)]),
      Promise.all([relay, facts]).then(([relayReading, factsReading]) => [
        judgeClocks({ relay: relayReading.status === 'ok' ? relayReading.value.now - relayReading.at : null, meta: factsReading.metaNow === null ? null : factsReading.metaNow - machineNow() }),
      ]),
    ]);
  };
}

const RELAY_FAILURES: Partial<Record<string, Exclude<RelayReading['status'], 'ok'>>> = {
  OFFLINE: 'unreachable',
  SYNC_ENDED: 'no_access',
  NOT_A_RELAY: 'not_a_relay',
  NOT_FOUND: 'old_relay',
  INVALID_INPUT: 'plain_http',
  NOT_ENROLLED: 'not_enrolled',
};

/** What each promise gives, in the order in which they settle. */
async function* asSettled<T>(promises: readonly Promise<T[]>[]): AsyncGenerator<T> {
  const left = new Map(promises.map((promise, index) => [index, promise.then((value) => ({ index, value }))]));
  while (left.size > 0) {
    const { index, value } = await Promise.race(left.values());
    left.delete(index);
    yield* value;
  }
}
