/**
 * What an agent has typed into the fields of a request and not saved. Each field remembers what stood there when they began (`from`), so
 * that a change of somebody else's meanwhile is seen at the field. Invariant: nothing typed is dropped except by its agent, or because it
 * stands there already.
 */
import type { Conflict } from '../../contract/entities.ts';
import type { ServiceRequest } from '../../contract/work-entities.ts';

/** Fields that are typed. An empty one of `NULLABLE` is null in the contract. */
export const TEXT_FIELDS = ['externalId', 'serviceType', 'customerName', 'contactPhone', 'contactEmail', 'address', 'requestedDate', 'approvedDate', 'formUrl', 'description'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export const isTextField = (field: string): field is TextField => (TEXT_FIELDS as readonly string[]).includes(field);
const NULLABLE: ReadonlySet<string> = new Set(['externalId', 'requestedDate', 'approvedDate']);

export type FieldValues = Pick<ServiceRequest, TextField>;
/** `opId`: it was saved before, and the team's log had something newer. */
export type Edit = { from: string; to: string; opId?: string };
export type Edits = Readonly<Partial<Record<TextField, Edit>>>;

export const textOf = (request: FieldValues, field: TextField): string => request[field] ?? '';
export const valueOf = (field: TextField, text: string): string | null => (NULLABLE.has(field) && text === '' ? null : text);

/** What stands now, where that is neither what the agent began with nor what they typed; null: nothing stands in the way. */
export function theirsOf(request: FieldValues, edits: Edits, field: TextField): string | null {
  const edit = edits[field];
  const standing = textOf(request, field);
  return edit && standing !== edit.from && standing !== edit.to ? standing : null;
}

/** Typing back what stands there is no edit. */
export function typeInto(request: FieldValues, edits: Edits, field: TextField, to: string): Edits {
  const edit = edits[field] ?? { from: textOf(request, field), to };
  const next = { ...edit, to };
  return next.to === next.from && theirsOf(request, { [field]: next }, field) === null ? without(edits, [field]) : { ...edits, [field]: next };
}

/** The agent has seen what stands and wants theirs all the same. */
export function keepMine(request: FieldValues, edits: Edits, field: TextField): Edits {
  const edit = edits[field];
  return edit ? { ...edits, [field]: { ...edit, from: textOf(request, field) } } : edits;
}

export const without = (edits: Edits, fields: readonly TextField[]): Edits => Object.fromEntries(Object.entries(edits).filter(([field]) => !(fields as readonly string[]).includes(field)));

/** Those that have come about, in whichever way, are no edits any more. */
export const dropDone = (request: FieldValues, edits: Edits): Edits =>
  without(
    edits,
    TEXT_FIELDS.filter((field) => edits[field]?.to === textOf(request, field)),
  );

/** What can be saved now: not where somebody else's change waits for a decision. */
export function changesOf(request: FieldValues, edits: Edits): Partial<Record<TextField, { from: string | null; to: string | null }>> {
  const clear = TEXT_FIELDS.flatMap((field) => {
    const edit = edits[field];
    return edit && theirsOf(request, edits, field) === null ? [[field, { from: valueOf(field, edit.from), to: valueOf(field, edit.to) }] as const] : [];
  });
  return Object.fromEntries(clear);
}

/** The typed fields of mine that a change which did not come about whole was to set; `isOnlyText`: there was nothing else in it. */
export function lostFields({ detail }: Conflict): { fields: { field: TextField; from: string; to: string }[]; isOnlyText: boolean } {
  const lost = asRecord(detail['lost']);
  const changes = asRecord(detail['changes']);
  const names = Object.keys(lost);
  const fields = names.flatMap((field) => (isTextField(field) ? [{ field, from: asText(asRecord(changes[field])['from']), to: asText(asRecord(lost[field])['to']) }] : []));
  return { fields, isOnlyText: fields.length === names.length };
}

/** Typed text that the team's log had something newer for is typed text again. */
export function takeBack(request: FieldValues, edits: Edits, conflict: Conflict): Edits {
  const taken = lostFields(conflict).fields.filter(({ field, to }) => (edits[field] === undefined || edits[field].to === to) && textOf(request, field) !== to);
  return taken.reduce<Edits>((all, { field, from, to }) => ({ ...all, [field]: { from: all[field]?.from ?? from, to, opId: conflict.opId } }), edits);
}

const asRecord = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
