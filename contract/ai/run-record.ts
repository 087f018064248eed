/**
 * The record of a run apart from its words, so that the words can be erased. Invariants: a record holds no word of or about a customer; record
 * and words together are the run again; `hash` covers both, and can be checked for what is left when the words are gone.
 */
import { hash } from 'node:crypto';
import type { AiRun } from './ai-entities.ts';

/** `findings`, `rules`: the details of `findings` and `policy.rules`, in their order. */
export type RunWords = AiRun['text'] & { findings: string[]; rules: (string | null)[] };
/** Details are empty here. `wordsHash`: SHA-256 (hex) of the words. */
export type RunRecord = Omit<AiRun, 'text'> & { wordsHash: string };

export function splitRun(run: AiRun): { record: RunRecord; words: RunWords } {
  const { text, ...rest } = run;
  const words: RunWords = { ...text, findings: run.findings.map(({ detail }) => detail), rules: run.policy?.rules.map(({ detail }) => detail) ?? [] };
  const policy = run.policy && { ...run.policy, rules: run.policy.rules.map((rule) => ({ ...rule, detail: null })) };
  return { record: { ...rest, findings: run.findings.map((finding) => ({ ...finding, detail: '' })), policy, wordsHash: hashJson(words) }, words };
}

/** @param words null: erased. */
export function joinRun({ wordsHash: _hash, ...record }: RunRecord, words: RunWords | null): Omit<AiRun, 'text'> & { text: AiRun['text'] | null } {
  if (words === null) return { ...record, text: null };
  const { findings, rules, ...text } = words;
  return {
    ...record,
    findings: record.findings.map((finding, n) => ({ ...finding, detail: findings[n] ?? '' })),
    policy: record.policy && { ...record.policy, rules: record.policy.rules.map((rule, n) => ({ ...rule, detail: rules[n] ?? null })) },
    text,
  };
}

/** SHA-256 (hex) of the record without its `hash`, fields in the order of their names; the words count by their own. */
export const hashRun = (run: Omit<AiRun, 'hash'>): string => hashRecord(splitRun({ ...run, hash: '' }).record);

/** Whether a record is as its author made it, and so are its words, as far as they are left. */
export const isIntact = (record: RunRecord, words: RunWords | null): boolean => hashRecord(record) === record.hash && (words === null || hashJson(words) === record.wordsHash);

const hashRecord = ({ hash: _hash, ...record }: RunRecord): string => hashJson(record);

/** The order in which somebody wrote the fields does not count. */
const hashJson = (value: unknown): string => hash('sha256', JSON.stringify(value, sortFields), 'hex');
const sortFields = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;
