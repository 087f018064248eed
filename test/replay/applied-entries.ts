/**
 * Reads, beside the running engine, what became of the webhook entries it received. Items are recognised by what makes
 * an event the same event: the id of a message, id and status of a status, else their whole content.
 */
import Database from 'better-sqlite3';
import { messageContentSchema } from '../../contract/whatsapp/message-content.ts';
import { webhookItemSchema, type WebhookItem } from '../../contract/whatsapp/webhook-item.ts';

export type AppliedEntry = {
  seq: number;
  /** Outcome of the reducer. */
  outcome: string;
  /** What a person sees of it, in a few words. */
  shownAs: string;
};

export type AppliedEntries = {
  find(item: WebhookItem): AppliedEntry | undefined;
  /** Reads what has come since the last call. */
  refresh(): void;
  close(): void;
};

export function openAppliedEntries(file: string): AppliedEntries {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  const listAfter = db.prepare<[number], { seq: number; body: string; outcome: string; content: string | null }>(
    "SELECT seq, body, outcome, (SELECT content FROM message WHERE id = message_id) AS content FROM log_entry WHERE kind = 'webhook' AND seq > ? ORDER BY seq",
  );
  const byIdentity = new Map<string, AppliedEntry>();
  let last = 0;
  return {
    find: (item) => byIdentity.get(identify(item)),
    refresh: () => {
      for (const { seq, body, outcome, content } of listAfter.all(last)) {
        const item = webhookItemSchema.parse(JSON.parse(body));
        const identity = identify(item);
        if (!byIdentity.has(identity)) byIdentity.set(identity, { seq, outcome, shownAs: describe(item, outcome, content) });
        last = seq;
      }
    },
    close: () => db.close(),
  };
}

export function identify(item: WebhookItem): string {
  if ((item.item === 'message' || item.item === 'status') && item.payload['id'] !== undefined) {
    const { id, status, recipient_id: recipient, recipient_participant_id: participant } = item.payload;
    return JSON.stringify(item.item === 'message' ? [item.field, id, item.thread !== undefined] : [id, status, participant === undefined ? null : [recipient, participant]]);
  }
  return JSON.stringify(sortKeys(item));
}

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sortKeys(part)]),
  );
};

function describe(item: WebhookItem, outcome: string, content: string | null): string {
  if (outcome === 'test') return 'test event';
  if (outcome === 'unrecognised') return 'kept as it came';
  if (item.item === 'unrecognised' || outcome === 'kept') return `kept (${item.item === 'unrecognised' ? 'unrecognised' : item.field})`;
  if (item.item === 'status') return `status ${String(item.payload['status'])}${outcome === 'parked' ? ', waits for its message' : ''}`;
  if (item.item === 'error') return `event (errors ${String(item.payload['code'])})`;
  if (item.item === 'change') return `event (${item.field})`;
  if (content === null) return outcome;
  const shown = messageContentSchema.parse(JSON.parse(content));
  return shown.kind === 'other' ? `placeholder of type ${shown.type}` : shown.kind;
}
