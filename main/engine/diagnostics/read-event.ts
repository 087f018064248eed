/** From a raw entry of the log to what a list shows of it. Lenient like the reducer: what it cannot read it calls `unrecognised`. */
import type { RawEvent } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { webhookItemSchema, type WebhookItem } from '../../../contract/whatsapp/webhook-item.ts';
import type { EventRow } from '../db/diagnostic-queries.ts';

const OUTCOMES: ReadonlySet<string> = new Set(['applied', 'merged', 'duplicate', 'parked', 'kept', 'test', 'unrecognised'] satisfies RawEvent['outcome'][]);
const ABOUT_MAX = 120;

type Json = Record<string, unknown>;
const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);
const firstText = (...values: unknown[]): string | null => values.map(asText).find((value) => value !== null) ?? null;

export function readItem(body: string): WebhookItem {
  const parsed = webhookItemSchema.safeParse(parseJson(body));
  return parsed.success ? parsed.data : { item: 'unrecognised' };
}

export function viewEvent(row: EventRow, conversationId: string | null): RawEvent {
  const item = readItem(row.body);
  return {
    seq: row.seq,
    receivedAt: row.receivedAt,
    field: item.item === 'unrecognised' ? 'unrecognised' : item.field,
    type: typeOf(item),
    outcome: OUTCOMES.has(row.outcome) ? (row.outcome as RawEvent['outcome']) : 'unrecognised',
    messageId: row.messageId,
    conversationId,
    about: aboutOf(item)?.slice(0, ABOUT_MAX) ?? null,
  };
}

/** Meta's timestamp of an item (ms), where it tells one. */
export function readItemTime(item: WebhookItem): number | null {
  if (item.item === 'unrecognised') return null;
  const seconds = Number(asText(item.payload['timestamp']) ?? (item.item === 'change' ? item.time : undefined));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

function typeOf(item: WebhookItem): string {
  switch (item.item) {
    case 'message':
      return firstText(item.payload['type']) ?? 'unknown';
    case 'status':
      return firstText(item.payload['status']) ?? 'unknown';
    case 'error':
      return firstText(item.payload['code']) ?? 'error';
    case 'change':
      return firstText(item.payload['event'], item.payload['decision'], item.payload['alert_type'], item.payload['new_quality_score'], item.payload['new_category']) ?? item.field;
    case 'unrecognised':
      return 'unrecognised';
  }
}

/** Name, number or subject, as far as the item says it. */
function aboutOf(item: WebhookItem): string | null {
  switch (item.item) {
    case 'message': {
      const contact = (item.contacts ?? []).find(({ wa_id: waId }) => waId === item.payload['from']) ?? (item.contacts?.length === 1 ? item.contacts[0] : undefined);
      return firstText(asObject(contact?.['profile'])['name'], item.payload['from'], item.payload['from_user_id'], item.payload['to'], asObject(contact)['wa_id']);
    }
    case 'status':
      return firstText(item.payload['recipient_id'], item.payload['recipient_user_id']);
    case 'error':
      return firstText(item.payload['title'], item.payload['message']);
    case 'change':
      return firstText(item.payload['message_template_name'], item.payload['display_phone_number'], item.payload['requested_verified_name']);
    case 'unrecognised':
      return null;
  }
}
