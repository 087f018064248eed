/** What this desktop's own rows say: the last event, account and outbox. Pure. */
import type { AccountEvent, ConnectionCheck, SyncState } from '../../../contract/entities.ts';
import type { KeysKept } from '../ports.ts';
import { parseJson } from '../../../contract/json.ts';
import { isAccountWide } from '../../../contract/whatsapp/error-codes.ts';
import { messageErrorSchema } from '../../../contract/whatsapp/message-content.ts';
import type { EventRow } from '../db/diagnostic-queries.ts';
import type { JobState } from '../db/job-queries.ts';
import { found } from './judge.ts';
import { readItem, readItemTime } from './read-event.ts';

/** Meta brings an event within seconds; later than this it was held up on the way. */
const LATE_MS = 2 * 60_000;
/** After Meta took a message its first status follows within seconds: if nothing comes for so long, nothing comes at all. */
const SILENCE_MS = 2 * 60_000;
const STUCK_MS = 5 * 60_000;
/** One that comes late was repeated by Meta; only when all of the last ones did is something in their way. */
export const LAST_EVENTS = 5;
/** How far back failures count. */
export const FAILURES_WITHIN_MS = 24 * 60 * 60_000;

/**
 * @param events newest first. @param now relay time, ms. @param lastSendAt when Meta last took a message of this desktop.
 * @param isUpToDate this desktop has all that the relay has; otherwise what is missing here may not be missing there.
 */
export function judgeLastEvent(events: readonly EventRow[], lastSendAt: number | null, isUpToDate: boolean, now: number): ConnectionCheck {
  const [event] = events;
  const isSilent = isUpToDate && lastSendAt !== null && lastSendAt > (event?.receivedAt ?? 0) && now - lastSendAt > SILENCE_MS;
  if (isSilent) return found('last_event', 'failed', 'silent', { at: event?.receivedAt ?? null, sentAt: lastSendAt });
  if (!event) return found('last_event', 'unknown', 'never');
  const lags = events.flatMap(({ body, receivedAt }) => {
    const item = readItem(body);
    const writtenAt = readItemTime(item);
    // Imported messages were written long ago.
    return writtenAt === null || (item.item !== 'unrecognised' && item.field === 'history') ? [] : [Math.max(0, receivedAt - writtenAt)];
  });
  const lagMs = lags.length === 0 ? null : Math.min(...lags);
  const facts = { at: event.receivedAt, lagMs };
  return lagMs !== null && lagMs > LATE_MS ? found('last_event', 'warning', 'late', facts) : found('last_event', 'ok', 'fresh', facts);
}

/** @param events the newest of each kind, worst first. */
export function judgeAccount(events: readonly AccountEvent[]): ConnectionCheck {
  // A failure that says nothing of the account is worth a look, but there is nothing to settle with Meta.
  const isError = ({ field, event, severity }: AccountEvent): boolean => severity === 'error' && (field !== 'errors' || isAccountWide(Number(event)));
  const errors = events.filter(isError);
  const [worst] = errors.length > 0 ? errors : events;
  if (!worst || worst.severity === 'info') return found('account_events', 'ok', 'none');
  const facts = { field: worst.field, event: worst.event, at: worst.at };
  if (errors.length > 0) return found('account_events', 'failed', 'error', { ...facts, count: errors.length });
  return found('account_events', 'warning', 'warning', { ...facts, count: events.filter(({ severity }) => severity !== 'info').length });
}

/** The demo's keys open nothing. */
export const judgeKeys = (kept: KeysKept, isDemo: boolean): ConnectionCheck => found('keys_kept', kept === 'system' || isDemo ? 'ok' : 'warning', kept);

type Outbox = { open: readonly { state: JobState; count: number; oldest: number }[]; failures: readonly (string | null)[]; whatsapp: SyncState['whatsapp']; whatsappCode: number | null; now: number };

export function judgeOutbox({ open, failures, whatsapp, whatsappCode, now }: Outbox): ConnectionCheck {
  const of = (state: JobState) => open.find((group) => group.state === state);
  const waiting = (of('ready')?.count ?? 0) + (of('running')?.count ?? 0);
  const oldest = Math.min(...[of('ready'), of('running')].map((group) => group?.oldest ?? Number.POSITIVE_INFINITY));
  const code = mostFrequentCode(failures);
  const facts = { waiting, uncertain: of('uncertain')?.count ?? 0, toConfirm: of('waiting')?.count ?? 0, failures: failures.length, code };
  if (whatsapp === 'blocked') return found('outbox', 'failed', 'blocked', { ...facts, code: whatsappCode });
  if (waiting > 0 && now - oldest > STUCK_MS) return found('outbox', 'failed', 'stuck', { ...facts, since: oldest });
  if (facts.uncertain > 0) return found('outbox', 'warning', 'uncertain', facts);
  if (failures.length > 0) return found('outbox', 'warning', 'failures', facts);
  if (facts.toConfirm > 0) return found('outbox', 'warning', 'waiting', facts);
  return waiting > 0 ? found('outbox', 'ok', 'sending', facts) : found('outbox', 'ok', 'calm', facts);
}

function mostFrequentCode(errors: readonly (string | null)[]): number | null {
  const counts = new Map<number, number>();
  for (const error of errors) {
    const parsed = messageErrorSchema.safeParse(error === null ? null : parseJson(error));
    if (parsed.success) counts.set(parsed.data.code, (counts.get(parsed.data.code) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
