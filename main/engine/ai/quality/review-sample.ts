/**
 * Which drafts come before a reviewer. Pure: every desktop shows the same ones, because the choice hangs on the draft's id and on the reviews in the log.
 * Automatic answers come all; after `STREAK` good ones in a row one in ten, until one is bad. What was chosen by the share of its day stays chosen.
 */
import { createHash } from 'node:crypto';

const STREAK = 50;
const ALL = 100;
const FEW = 10;

/** A verdict about an automatic answer; `at`: ms. */
export type Verdict = { verdict: 'good' | 'bad'; at: number };

/** Per cent of automatic answers that are due, by when they were sent (ms). @param verdicts in any order. */
export function createAutoShare(verdicts: readonly Verdict[]): (at: number) => number {
  const changes: { at: number; share: number }[] = [];
  let inRow = 0;
  for (const { verdict, at } of verdicts.toSorted((a, b) => a.at - b.at)) {
    inRow = verdict === 'good' ? inRow + 1 : 0;
    changes.push({ at, share: inRow >= STREAK ? FEW : ALL });
  }
  return (at) => {
    let [low, high] = [0, changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1]?.share ?? ALL;
  };
}

/** Evenly spread, and the larger share holds the smaller one. @param share per cent. */
export const isInSample = (draftId: string, share: number): boolean => share >= ALL || (share > 0 && createHash('sha256').update(draftId).digest().readUInt32BE(0) % 100 < share);
