/** What the readers of a text find: something that can be right or wrong, and the keys under which it is proved. */
import type { FindingKind } from '../../../../contract/ai/ai-words.ts';

export type ValueKind = Extract<FindingKind, 'number' | 'date' | 'weekday' | 'time' | 'money' | 'id' | 'phone' | 'url' | 'email'>;
/**
 * `start`, `end`: in the folded text; `span`: in the original. `keys`: any of them proves it. `parts`: or all of these, where it may also be
 * several figures in a row. `isWord`: written out, so it may be no figure at all.
 */
export type Value = {
  kind: ValueKind;
  start: number;
  end: number;
  span: { start: number; end: number };
  keys: readonly string[];
  parts: readonly (readonly string[])[];
  isWord: boolean;
  /** Folded first word after a figure: what is counted. */
  noun: string | null;
  /** Days of the week are told of a date by this; null: not a date with day and month. */
  date: CalendarDate | null;
};
export type CalendarDate = { year: number | null; month: number; day: number };

/** What a reader found, before it is placed. */
export type Found = { kind: ValueKind; start: number; end: number; keys: string[]; parts?: string[][]; noun?: string | null; date?: CalendarDate | null };
