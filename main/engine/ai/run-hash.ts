/**
 * The chain of runs. Invariant: a record has one hash on every desktop, whichever way its JSON was written, and keeps it when its words are erased:
 * they count by `textHash` alone. The chain shows that a record was changed or left out afterwards; it is no signature.
 */
import { createHash } from 'node:crypto';
import { withoutText, type RunRecord } from '../../../contract/ai/run-record.ts';
import type { AiRun } from '../../../contract/ai/ai-entities.ts';

export type UnsealedRun = Omit<AiRun, 'prevHash' | 'textHash' | 'hash'>;

/** @param prevHash `hash` of the run that this desktop recorded before; empty: it is the first. */
export function sealRun(run: UnsealedRun, prevHash: string): AiRun {
  const sealed = { ...run, prevHash, textHash: hashText(run.text), hash: '' };
  return { ...sealed, hash: hashRecord(withoutText(sealed)) };
}

/** @param text null: it was erased. */
export const isSealWhole = (record: RunRecord, text: AiRun['text'] | null): boolean => record.hash === hashRecord(record) && (text === null || record.textHash === hashText(text));

const hashText = (text: AiRun['text']): string => hashOf(text);
const hashRecord = ({ hash: _hash, ...record }: RunRecord): string => hashOf(record);
const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(value)))
    .digest('hex');

/** With the keys of every object in one order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, inOrder(one)]),
  );
}
