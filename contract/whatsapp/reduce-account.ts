/**
 * What Meta tells about the number, the account, templates and people's wishes, in no conversation. Invariants: nothing
 * throws; a field that is not known here stays raw; `subject` names one thing, so that the newest event of a field and
 * subject says how it stands. Source: Cloud API, webhooks, the pages of each field.
 */
import { objectOf, objectsOf, readNumber, textOf, writeJson, type Json } from '../json.ts';
import { findContact } from '../ops/contact-rows.ts';
import type { AccountEventRow, StateTx } from '../state.ts';
import { readMessageError } from './read-content.ts';
import type { WebhookItem } from './webhook-item.ts';
import { findOrCreateContact, readNamedPerson } from './webhook-person.ts';
import type { WebhookResult } from './webhook-result.ts';
import { readTimestamp } from './webhook-time.ts';

type Entry = { seq: number; receivedAt: number };
type ChangeItem = Extract<WebhookItem, { item: 'change' }>;
type Severity = AccountEventRow['severity'];
/** `about`: the thing, if it is a smaller one than the account. */
type Reading = { event: string; about: string | null; severity: Severity };

const APPLIED: WebhookResult = { outcome: 'applied', messageId: null };
const KEPT: WebhookResult = { outcome: 'kept', messageId: null };

export function reduceChange(tx: StateTx, entry: Entry, item: ChangeItem): WebhookResult {
  if (item.field === 'user_preferences') return reducePreferences(tx, entry, item);
  const reading = readChange(item);
  if (!reading) return KEPT;
  const { event, about, severity } = reading;
  const at = readTimestamp(item.time ?? item.payload['timestamp'], entry.receivedAt);
  addEvent(tx, entry, { at, field: item.field, event, subject: about ?? item.wabaId, severity, payload: item.payload });
  return APPLIED;
}

/** An element of `value.errors`: something went wrong that belongs to no message. */
export function reduceError(tx: StateTx, entry: Entry, item: Extract<WebhookItem, { item: 'error' }>): WebhookResult {
  const error = readMessageError(item.payload);
  const subject = textOf(item.metadata?.['phone_number_id']) ?? item.wabaId;
  addEvent(tx, entry, {
    at: entry.receivedAt,
    field: 'errors',
    event: error === null ? 'unknown' : String(error.code),
    subject,
    severity: error?.code === HISTORY_DECLINED ? 'info' : 'error',
    payload: item.payload,
  });
  return APPLIED;
}

function addEvent(tx: StateTx, { seq }: Entry, { payload, ...event }: Omit<AccountEventRow, 'id' | 'seq' | 'detail'> & { payload: Json }): void {
  tx.put('account_event', { id: `e_${seq}`, seq, ...event, event: event.event.slice(0, WORD_MAX), subject: event.subject.slice(0, WORD_MAX), detail: writeJson(payload) ?? '{}' });
}
const WORD_MAX = 200;
/** The business does not share its chats with this app. */
const HISTORY_DECLINED = 2_593_109;

/** Null: nothing that is known here. */
function readChange({ field, payload }: ChangeItem): Reading | null {
  const word = (key: string): string | null => textOf(payload[key]);
  const number = word('display_phone_number') ?? word('phone_number');
  switch (field) {
    case 'message_template_status_update':
      return readTemplate(payload, word('event'), TEMPLATE_STATUSES);
    case 'message_template_quality_update':
      return readTemplate(payload, word('new_quality_score'), { RED: 'error', YELLOW: 'warning' });
    case 'template_category_update':
      // In the first notice `new_category` is what still holds, and the other one comes a day later.
      return readTemplate(payload, word('correct_category') ?? word('new_category'), {}, 'warning');
    case 'phone_number_quality_update':
      return { event: word('event') ?? 'CHANGED', about: number, severity: severityOf(word('event'), { FLAGGED: 'warning', DOWNGRADE: 'warning' }) };
    case 'phone_number_name_update':
      return { event: word('decision') ?? 'CHANGED', about: number, severity: severityOf(word('decision'), { REJECTED: 'warning' }) };
    case 'account_update':
      return readAccountUpdate(payload);
    case 'account_review_update': {
      // Seen as a bare word too, which the relay keeps as `value`.
      const decision = word('decision') ?? word('value');
      return { event: decision ?? 'CHANGED', about: null, severity: severityOf(decision, { REJECTED: 'error', PENDING: 'warning', DEFERRED: 'warning' }) };
    }
    case 'account_alerts':
      return readAlert(payload);
    case 'security':
      return { event: word('event') ?? 'CHANGED', about: number, severity: 'warning' };
    case 'history':
      return readHistoryNews(payload);
    default:
      if (/^(message_template|template)_/.test(field)) return readTemplate(payload, word('event'), {});
      return /^(account|phone_number|business)_/.test(field) ? { event: word('event') ?? word('decision') ?? word('status') ?? word('type') ?? 'CHANGED', about: number, severity: 'info' } : null;
  }
}

const severityOf = (word: string | null, known: Record<string, Severity>): Severity => (word !== null && Object.hasOwn(known, word) ? (known[word] ?? 'info') : 'info');

const TEMPLATE_STATUSES: Record<string, Severity> = {
  REJECTED: 'error',
  DISABLED: 'error',
  DELETED: 'warning',
  PAUSED: 'warning',
  FLAGGED: 'warning',
  ARCHIVED: 'warning',
  LIMIT_EXCEEDED: 'warning',
  PENDING_DELETION: 'warning',
};

/** A template is its name and language; webhooks write `en-US` where the API writes `en_US`. */
function readTemplate(payload: Json, event: string | null, known: Record<string, Severity>, usual: Severity = 'info'): Reading {
  const name = textOf(payload['message_template_name']) ?? textOf(payload['message_template_id']);
  const language = textOf(payload['message_template_language'])?.replaceAll('-', '_');
  const severity = severityOf(event, known);
  return { event: event ?? 'CHANGED', about: name && (language === undefined ? name : `${name}/${language}`), severity: severity === 'info' ? usual : severity };
}

/** Whether the account works at all; news of other kinds have a subject of their own and do not hide it. */
const STANDING: Record<string, Severity> = { DISABLED_UPDATE: 'error', ACCOUNT_DELETED: 'error', ACCOUNT_OFFBOARDED: 'error', ACCOUNT_RECONNECTED: 'info' };
const ACCOUNT_NEWS: Record<string, Severity> = { ACCOUNT_RESTRICTION: 'error', ACCOUNT_VIOLATION: 'warning', PARTNER_REMOVED: 'warning', PARTNER_APP_UNINSTALLED: 'warning' };

function readAccountUpdate(payload: Json): Reading {
  const event = textOf(payload['event']) ?? 'CHANGED';
  if (Object.hasOwn(STANDING, event)) {
    const isLifted = textOf(objectOf(payload['ban_info'])?.['waba_ban_state']) === 'REINSTATE';
    return { event, about: null, severity: isLifted ? 'info' : (STANDING[event] ?? 'info') };
  }
  return { event, about: event, severity: severityOf(event, ACCOUNT_NEWS) };
}

/** Older payloads had the `alert_…` keys flat. */
function readAlert(payload: Json): Reading {
  const info = objectOf(payload['alert_info']) ?? payload;
  const type = textOf(info['alert_type']) ?? 'ALERT';
  const isOver = /^(RESOLVED|INACTIVE|NONE)$/.test(textOf(info['alert_status']) ?? '');
  const severity = severityOf(textOf(info['alert_severity']), { CRITICAL: 'error', WARNING: 'warning' });
  return { event: type, about: `${textOf(payload['entity_id']) ?? ''}/${type}`, severity: isOver ? 'info' : severity };
}

/** The messages of an import are items of their own; what is left says how it goes, or that there will be none. */
function readHistoryNews(payload: Json): Reading | null {
  const [error] = [...objectsOf(payload['history']), payload].flatMap((part) => objectsOf(part['errors']));
  if (!error) return null;
  const code = readNumber(error['code']);
  const about = textOf(objectOf(payload['metadata'])?.['phone_number_id']);
  return { event: Number.isSafeInteger(code) ? String(code) : 'unknown', about, severity: code === HISTORY_DECLINED ? 'info' : 'warning' };
}

/** Wishes about advertising: the newest one counts, of the same second the refusal. */
function reducePreferences(tx: StateTx, entry: Entry, { payload }: ChangeItem): WebhookResult {
  const contacts = objectsOf(payload['contacts']);
  let isNews = false;
  for (const [index, told] of objectsOf(payload['user_preferences']).entries()) {
    const person = readNamedPerson(told, contacts);
    const value = textOf(told['value']);
    if (!person || (value !== 'stop' && value !== 'resume' && value !== 'signup')) continue;
    // The relay gives each wish an entry of its own; of several in one, only the first can make a contact.
    if (index > 0 && !findContact(tx, person.identifiers)) continue;
    const contact = findOrCreateContact(tx, entry.seq, person);
    const marketing = value === 'stop' ? 'stop' : 'resume';
    const at = readTimestamp(told['timestamp'], entry.receivedAt);
    const known = contact.marketing_at ?? 0;
    if (at < known || (at === known && (contact.marketing === 'stop' || marketing === contact.marketing))) continue;
    tx.put('contact', { ...contact, marketing, marketing_at: at });
    isNews = true;
  }
  return isNews ? APPLIED : KEPT;
}
