/**
 * Runs as they are recorded: once, in a chain by desktop. Invariants: a run is sealed in the transaction that records it, so two never name the
 * same one before them; its texts count by their hashes, so that erasing them changes no hash.
 */
import { createHash } from 'node:crypto';
import { runSchema, runTextSchema, type AiRun } from '../../../../contract/ai/ai-entities.ts';
import { AI_MAX, TEXT_BODY_MAX } from '../../../../contract/limits.ts';
import { parseJson } from '../../../../contract/json.ts';
import type { AiRunRow } from '../../../../contract/state.ts';
import type { AiQueries } from '../../db/ai-queries.ts';

/** A run before it has its place in the chain. */
export type RunEntry = Omit<AiRun, 'prevHash' | 'hash'>;

const LAST_RUN = 'lastRun';
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of the record as its schema orders it, whatever way it came. */
export function hashRun(run: Omit<AiRun, 'hash'>): string {
  const { hash: _, text, ...rest } = runSchema.parse({ ...run, hash: '' });
  return sha256(JSON.stringify({ ...rest, text: Object.fromEntries(Object.entries(text).map(([name, words]) => [name, sha256(words)])) }));
}

/** Texts as long as a record takes them. */
export const clipRunText = ({ question, raw, final, instruction }: AiRun['text']): AiRun['text'] => ({
  question: question.slice(0, AI_MAX.question),
  raw: raw.slice(0, AI_MAX.output),
  final: final.slice(0, TEXT_BODY_MAX),
  instruction: instruction.slice(0, AI_MAX.instruction),
});

/** The record as it was written; null once its words were erased, or if it is damaged. */
export function readRun({ record, text }: Pick<AiRunRow, 'record' | 'text'>): AiRun | null {
  const words = text === null ? null : runTextSchema.safeParse(parseJson(text));
  if (!words?.success) return null;
  const run = runSchema.safeParse({ ...(parseJson(record) as object), text: words.data });
  return run.success ? run.data : null;
}

const recordSchema = runSchema.omit({ text: true });
export type RunRecord = Omit<AiRun, 'text'>;
/** The record without its words. */
export const readRecord = ({ record }: Pick<AiRunRow, 'record'>): RunRecord | null => recordSchema.safeParse(parseJson(record)).data ?? null;

export type RunBook = ReturnType<typeof createRunBook>;
export function createRunBook({ queries }: { queries: Pick<AiQueries, 'readLearned' | 'writeLearned'> }) {
  return {
    /** Call in the transaction that records it. */
    seal: (entry: RunEntry): AiRun => {
      const prevHash = queries.readLearned(LAST_RUN) ?? '';
      const hash = hashRun({ ...entry, prevHash });
      queries.writeLearned(LAST_RUN, hash);
      return { ...entry, prevHash, hash };
    },
  };
}
