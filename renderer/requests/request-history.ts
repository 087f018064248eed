/** An entry of a request's history in words: who did what, from what to what, and why it did not come about. One line per field. */
import { REQUEST_STATUSES, type RequestStatus } from '../../contract/requests/request-rules.ts';
import type { ServiceRequest } from '../../contract/work-entities.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { isTextField } from '../store/request-edits.ts';

type Entry = ServiceRequest['history'][number];
/** `refused`: why it did not come about; null: it did. */
export type HistoryLine = { text: string; refused: string | null };
type Words = { t: Translate; format: Formats; /** By contact id. */ names: ReadonlyMap<string, string>; source: ServiceRequest['source'] };

const LONGEST = 120;

/** The people that a request's history may name. */
export function namesOf({ customer, vendor, events }: Pick<ServiceRequest, 'customer' | 'vendor' | 'events'>): ReadonlyMap<string, string> {
  const people = [...events.map(({ contact }) => contact), customer, vendor];
  return new Map(people.flatMap((contact) => (contact ? [[contact.id, contact.name] as const] : [])));
}

export function historyLines(entry: Entry, words: Words): HistoryLine[] {
  const { t, source } = words;
  const who = entry.actor.isMe ? t('requests.history.me', { name: entry.actor.name }) : entry.actor.name;
  const { detail } = entry;
  const isDone = entry.outcome === 'applied' || entry.outcome === 'merged';
  const line = (text: string): HistoryLine[] => [{ text, refused: isDone ? null : refusalOf(entry, t) }];
  switch (entry.type) {
    case 'request.add':
      return line(t(source === 'api' && isDone ? 'requests.history.createdApi' : 'requests.history.created', { who }));
    case 'request.import':
      return line(t('requests.history.createdCsv', { who }));
    case 'request.change':
      return changeLines(entry, who, words);
    case 'request.link':
      return line(
        t(detail['to'] === null ? 'requests.history.unlinked' : 'requests.history.linked', { who, role: t(`requests.history.roleOf.${detail['role'] === 'vendor' ? 'vendor' : 'customer'}`) }),
      );
    case 'request.attach': {
      const count = Array.isArray(detail['messageIds']) ? detail['messageIds'].length : 0;
      return line(t(detail['isOn'] === false ? 'requests.history.detached' : 'requests.history.attached', { who, count }));
    }
    case 'request.notify':
      if (isDone && detail['isAutomatic'] === true) return line(t('requests.history.notifiedAuto'));
      return line(t(isDone && detail['isOverride'] === true ? 'requests.history.notifiedOverride' : 'requests.history.notified', { who }));
    case 'request.dismiss':
      return line(t('requests.history.dismissed', { who }));
    default:
      return line(t('requests.history.other', { who }));
  }
}

function refusalOf({ type, outcome, detail }: Entry, t: Translate): string {
  if (detail['reason'] === 'wrong_role') return t('requests.history.wrongRole');
  if (type === 'request.notify' && outcome === 'superseded') return t('requests.history.decided');
  return t(outcome === 'forbidden' ? 'requests.history.forbidden' : 'requests.history.refused');
}

function changeLines(entry: Entry, who: string, words: Words): HistoryLine[] {
  const { t } = words;
  const changes = asRecord(entry.detail['changes']);
  const lost = asRecord(entry.detail['lost']);
  const isRefused = entry.outcome === 'forbidden' || entry.outcome === 'target_missing';
  const lines = Object.entries(changes).flatMap(([field, change]): HistoryLine[] => {
    const { from, to } = asRecord(change);
    const missed = lost[field];
    if (missed === undefined && !isRefused) return [{ text: doneText(field, from, to, who, words), refused: null }];
    return [
      {
        text:
          field === 'status'
            ? t('requests.history.wantedStatus', { who, to: valueText(field, to, words) })
            : t('requests.history.wanted', { who, field: fieldName(field, t), to: valueText(field, to, words) }),
        refused: missed === undefined ? refusalOf(entry, t) : lostText(field, asRecord(missed), words),
      },
    ];
  });
  return lines.length > 0 ? lines : [{ text: t('requests.history.other', { who }), refused: null }];
}

function doneText(field: string, from: unknown, to: unknown, who: string, words: Words): string {
  const { t } = words;
  const values = { who, field: fieldName(field, t), from: valueText(field, from, words), to: valueText(field, to, words) };
  if (field === 'status') return t('requests.history.status', values);
  if (isEmpty(to)) return t('requests.history.cleared', values);
  return t(isEmpty(from) ? 'requests.history.set' : 'requests.history.changed', values);
}

function lostText(field: string, { was, reason }: Record<string, unknown>, words: Words): string {
  const { t } = words;
  if (reason === 'taken') return t('requests.history.taken');
  if (reason === 'transition') return t('requests.history.transition', { was: valueText(field, was, words) });
  return t(field === 'status' ? 'requests.history.wasStatus' : 'requests.history.wasOther', { was: valueText(field, was, words) });
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';
const asRecord = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const isStatus = (value: unknown): value is RequestStatus => REQUEST_STATUSES.some((one) => one === value);

/** In the middle of a sentence. */
function fieldName(field: string, t: Translate): string {
  const name = isTextField(field) || field === 'customerId' || field === 'vendorId' || field === 'status' ? t(`requests.field.${field}`) : field;
  return name.charAt(0).toLocaleLowerCase() + name.slice(1);
}

export function valueText(field: string, value: unknown, { t, format, names }: Pick<Words, 't' | 'format' | 'names'>): string {
  if (field === 'vendorId' || field === 'customerId') return typeof value === 'string' ? (names.get(value) ?? t('requests.history.somebody')) : t('requests.history.nobody');
  if (field === 'status' && isStatus(value)) return t(`requests.status.${value}`);
  if (typeof value !== 'string' || value === '') return t('requests.conflict.empty');
  if (field === 'requestedDate' || field === 'approvedDate') return format.calendarDay(value);
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}

/** Who made a field say what it says now; null: it is not known here. */
export function whoSet({ history }: Pick<ServiceRequest, 'history'>, field: string, value: string): { name: string; isMe: boolean; at: number } | null {
  const entry = history.find(({ type, detail }) => {
    if (type !== 'request.change' || field in asRecord(detail['lost'])) return false;
    const change = asRecord(asRecord(detail['changes'])[field]);
    return 'to' in change && (change['to'] ?? '') === value;
  });
  return entry ? { name: entry.actor.name, isMe: entry.actor.isMe, at: entry.at } : null;
}
