/** Ops that change several fields at once: each is guarded on its own, and the outcome is `partial` when they differ (sync.md section 5). */
import { judgeGuard } from '../rules/guard.ts';
import type { Outcome } from '../state.ts';

type Value = string | number | null;
export type FieldChange = { from: Value; to: Value };

/**
 * @param changes by field of the op. @param columnOf where the row keeps a field.
 * @returns `next`: the row with those that apply, the same object if none does. `lost`: what the others would have been, and what stands instead.
 */
export function judgeFields<T extends Record<string, unknown>>(
  row: T,
  changes: Record<string, FieldChange | undefined>,
  columnOf: (field: string) => string = (field) => field,
): { outcome: Outcome; next: T; lost: Record<string, unknown> } {
  let next = row;
  const lost: Record<string, unknown> = {};
  const verdicts = new Set<Outcome>();
  for (const [field, change] of Object.entries(changes)) {
    if (!change) continue;
    const column = columnOf(field);
    const verdict = judgeGuard(row[column] as Value, change.from, change.to);
    verdicts.add(verdict);
    if (verdict === 'applied') next = { ...next, [column]: change.to };
    if (verdict === 'superseded') lost[field] = { to: change.to, was: row[column] };
  }
  const [only = 'merged'] = verdicts;
  if (verdicts.size <= 1) return { outcome: only, next, lost };
  return { outcome: verdicts.has('superseded') ? 'partial' : 'applied', next, lost };
}

/** `requestedDate` of an op is `requested_date` of a row. */
export const toColumn = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
