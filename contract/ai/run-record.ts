/** The record of a run apart from its words. */
import type { AiRun } from './ai-entities.ts';

export type RunRecord = Omit<AiRun, 'text'>;

export function withoutText({ text: _text, ...record }: AiRun): RunRecord {
  return record;
}
