/**
 * What is being typed on a person's page, field by field, beside what stands. Invariant: a field that somebody else changed
 * since it was touched is neither written over nor thrown away; its agent says which of the two stays.
 */
import { useEffect } from 'react';
import type { ContactDetails } from '../../contract/work-entities.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';

export type Profile = { name: string; firstName: string; email: string; company: string; isVendor: boolean; serviceTypes: readonly string[]; marketing: ContactDetails['marketing'] };
type Touched<T> = { seen: T; value: T };
export type Typed = { [K in keyof Profile]?: Touched<Profile[K]> };
/** As `contacts.change` takes them. */
export type ProfileChanges = { [K in keyof Profile]?: { from: unknown; to: unknown } };

export type ProfileForm = {
  /** What is shown: typed, or what stands. */
  values: Profile;
  /** Fields that were changed here and elsewhere, with what stands. */
  conflicts: Partial<Profile>;
  /** Null: nothing to save. */
  changes: ProfileChanges | null;
  isTouched: boolean;
  set<K extends keyof Profile>(field: K, value: Profile[K]): void;
  /** Of a conflict: what was typed is to count. */
  keepMine(field: keyof Profile): void;
  /** These were saved: what was typed on meanwhile goes on from there. */
  goOnFrom(saved: ProfileChanges): void;
  /** What was typed in these fields is given up. */
  drop(fields: readonly (keyof Profile)[]): void;
  reset(): void;
};

export const profileOf = ({ givenName, firstName, email, company, isVendor, serviceTypes, marketing }: ContactDetails): Profile => ({
  name: givenName ?? '',
  firstName: firstName ?? '',
  email: email ?? '',
  company: company ?? '',
  isVendor,
  serviceTypes,
  marketing,
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const FIELDS = ['name', 'firstName', 'email', 'company', 'isVendor', 'serviceTypes', 'marketing'] as const satisfies readonly (keyof Profile)[];
/** A line without text is none. */
const toStored = (value: Profile[keyof Profile]): unknown => (typeof value === 'string' ? value.trim() || null : value);

/** What of `typed` is still to be saved as things stand, and what of it is contested. */
export function judgeTyped(stands: Profile, typed: Typed): { changes: ProfileChanges; conflicts: Partial<Profile> } {
  const open = FIELDS.flatMap((field) => {
    const touched = typed[field];
    return touched === undefined || isSame(toStored(touched.value), toStored(stands[field])) ? [] : [{ field, ...touched }];
  });
  const [contested, clear] = [open.filter(({ field, seen }) => !isSame(seen, stands[field])), open.filter(({ field, seen }) => isSame(seen, stands[field]))];
  return {
    changes: Object.fromEntries(clear.map(({ field, seen, value }) => [field, { from: toStored(seen), to: toStored(value) }])),
    conflicts: Object.fromEntries(contested.map(({ field }) => [field, stands[field]])),
  };
}

/** What is still typed after `saved` came about. */
export function goOnFrom(typed: Typed, saved: ProfileChanges): Typed {
  const left = FIELDS.flatMap((field) => {
    const [touched, change] = [typed[field], saved[field]];
    if (touched === undefined || (change && isSame(toStored(touched.value), change.to))) return [];
    return [[field, change ? { ...touched, seen: typeof touched.value === 'string' ? (change.to ?? '') : change.to } : touched]];
  });
  return Object.fromEntries(left) as Typed;
}

const NOTHING_TYPED: Typed = {};

export function useProfile(details: ContactDetails): ProfileForm {
  const { contacts } = useStores();
  const typed = useFrom('contacts', (state) => state.typed[details.id] ?? NOTHING_TYPED);
  const setTyped = (change: (before: Typed) => Typed): void => contacts.getState().changeTyped(details.id, change);
  const stands = profileOf(details);
  const without = (fields: readonly (keyof Profile)[]): void => setTyped((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !fields.some((one) => one === field))));
  // What was typed and stands is no longer typed: a later change of somebody else's is no conflict with it.
  const settled = FIELDS.filter((field) => typed[field] !== undefined && isSame(typed[field].value, stands[field]));
  useEffect(() => {
    if (settled.length > 0) without(settled);
  });
  const { changes, conflicts } = judgeTyped(stands, typed);
  const values = Object.fromEntries(FIELDS.map((field) => [field, typed[field]?.value ?? stands[field]])) as Profile;
  return {
    values: { ...values, marketing: typed.marketing ? typed.marketing.value : stands.marketing },
    conflicts,
    changes: Object.keys(changes).length === 0 ? null : changes,
    isTouched: Object.keys(changes).length + Object.keys(conflicts).length > 0,
    set: (field, value) => setTyped((before) => ({ ...before, [field]: { seen: before[field]?.seen ?? stands[field], value } })),
    keepMine: (field) => setTyped((before) => ({ ...before, [field]: { seen: stands[field], value: before[field]?.value ?? stands[field] } })),
    goOnFrom: (saved) => setTyped((before) => goOnFrom(before, saved)),
    drop: without,
    reset: () => setTyped(() => ({})),
  };
}
