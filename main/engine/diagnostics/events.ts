/**
 * The raw log of what Meta sent, and the story of one message. Invariant: who may browse everybody's raw events is a lead; the raw
 * event of one message is shown to whoever sees the message, but not where it was edited or revoked, which hides its earlier text.
 */
import { AppError } from '../../../contract/app-error.ts';
import type { AccountEvent, Message, RawEvent } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import type { DiagnosticQueries, EventRow } from '../db/diagnostic-queries.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { Replica } from '../sync/replica.ts';
import { viewEvent } from './read-event.ts';
import type { createEventReplay, Replayed } from './replay-event.ts';

type Deps = {
  queries: DiagnosticQueries;
  jobs: JobQueries;
  state: Replica['state'];
  /** @throws AppError NOT_FOUND */
  findMessage: (messageId: string) => Message;
  replay: ReturnType<typeof createEventReplay>;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
};

/** Bytes of JSON that a window is given of one event; Meta's are far smaller. */
const BODY_MAX = 512 * 1024;
/** Nothing ever says that an error of one moment is over. */
const ERRORS_FOR_MS = 24 * 60 * 60 * 1000;

export type Events = ReturnType<typeof createEvents>;

export function createEvents({ queries, jobs, state, findMessage, replay, now, myId }: Deps) {
  const isLead = (): boolean => mayLead(state.get('agent', [myId()]) ?? null);
  const requireLead = (): void => {
    if (!isLead()) throw new AppError('FORBIDDEN', 'raw events are for leads');
  };
  const view = (row: EventRow): RawEvent => viewEvent(row, row.messageId === null ? null : (state.get('message', [row.messageId])?.conversation_id ?? null));
  const findEvent = (seq: number): EventRow => {
    const row = queries.findEvent(seq);
    if (!row) throw new AppError('NOT_FOUND', `no event ${seq}`);
    return row;
  };
  const eventsOf = (messageId: string): EventRow[] => queries.listEventsOf(messageId, state.get('message', [messageId])?.wamid ?? null);

  const findOf = (messageId: string): EventRow => {
    const message = state.get('message', [messageId]);
    const isHidden = message !== undefined && (message.edited_at !== null || message.revoked_at !== null);
    if (!message || (isHidden && !isLead())) throw new AppError(message ? 'FORBIDDEN' : 'NOT_FOUND', `no event to show for ${messageId}`);
    const row = eventsOf(messageId)[0];
    if (!row) throw new AppError('NOT_FOUND', `no raw event of ${messageId} is here`);
    return row;
  };

  return {
    events: (input: { search: string; outcome?: RawEvent['outcome'] | undefined; before?: number | undefined; limit: number }): { items: RawEvent[]; nextBefore: number | null } => {
      requireLead();
      // As it stands in JSON: quotes and line breaks are written otherwise there.
      const search = JSON.stringify(input.search.trim()).slice(1, -1);
      const { rows, next } = queries.searchEvents({ search, outcome: input.outcome ?? null, before: input.before ?? null, limit: input.limit });
      return { items: rows.map(view), nextBefore: next };
    },

    event: (input: { seq: number } | { messageId: string }): RawEvent & { body: string } => {
      if ('seq' in input) requireLead();
      const row = 'seq' in input ? findEvent(input.seq) : findOf(input.messageId);
      return { ...view(row), body: row.body.slice(0, BODY_MAX) };
    },

    replay: ({ seq }: { seq: number }): Replayed => {
      requireLead();
      const { receivedAt, body } = findEvent(seq);
      return replay({ kind: 'webhook', seq, receivedAt, body });
    },

    message: ({ messageId }: { messageId: string }) => {
      const message = findMessage(messageId);
      const row = state.get('message', [messageId]);
      const job = jobs.find('message.send', messageId);
      const hasBegun = job !== undefined && job.state !== 'ready' && job.state !== 'waiting' && (job.state !== 'done' || row?.status !== 'queued');
      return {
        message,
        wamid: row?.wamid ?? null,
        deviceName: row?.device_id == null ? null : (state.get('device', [row.device_id])?.name ?? null),
        attempts: (job?.attempts ?? 0) + (hasBegun ? 1 : 0),
        nextAttemptAt: job?.state === 'ready' ? job.runAt : null,
        events: eventsOf(messageId).map(view),
      };
    },

    account: (): AccountEvent[] =>
      queries.listAccountEvents(now() - ERRORS_FOR_MS).map(({ id, at, field, event, subject, severity, detail }) => {
        const parsed = parseJson(detail);
        return { id, at, field, event, subject, severity, detail: typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : {} };
      }),
  };
}
