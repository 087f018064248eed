/** Runs as rows hold them. */
import { z } from 'zod';
import { runSchema, runTextSchema } from '../../../../contract/ai/ai-entities.ts';
import { isIntact, joinRun, type RunRecord } from '../../../../contract/ai/run-record.ts';
import { parseJson } from '../../../../contract/json.ts';
import type { AiRunRow } from '../../../../contract/state.ts';

const recordSchema = runSchema.omit({ text: true }).extend({ wordsHash: z.string() });
const wordsSchema = runTextSchema.extend({ findings: z.array(z.string()), rules: z.array(z.string().nullable()) });

/** Without its words; null: damaged. */
export const readRecord = ({ record }: Pick<AiRunRow, 'record'>): RunRecord | null => recordSchema.safeParse(parseJson(record)).data ?? null;

/** The run with what is left of its words, and whether both are as their author made them. Null: damaged. */
export function readRun(row: Pick<AiRunRow, 'record' | 'text'>): { run: ReturnType<typeof joinRun>; isIntact: boolean } | null {
  const record = readRecord(row);
  if (record === null) return null;
  const words = row.text === null ? null : wordsSchema.safeParse(parseJson(row.text));
  return { run: joinRun(record, words?.data ?? null), isIntact: words?.success !== false && isIntact(record, words?.data ?? null) };
}
