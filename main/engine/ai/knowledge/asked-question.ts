/** What a customer wants to know, of all that they wrote: greetings and thanks around it make alike questions look unlike. */
import { asksQuestion } from '../checks/intent.ts';
import { splitSentences } from '../provider/extract-sentences.ts';

const LENGTH_MAX = 300;

/** @param burst messages that one came after the other, a line or more each. @returns the last that asks; none does: the last line. At most 300 code units. */
export function pickQuestion(burst: string): string {
  const lines = burst.split('\n').flatMap((line) => line.trim() || []);
  const sentences = lines.flatMap((line) => splitSentences(line, 'es'));
  const asked = sentences.findLast((sentence) => sentence.includes('?')) ?? lines.findLast(asksQuestion) ?? lines.at(-1) ?? '';
  return asked.slice(0, LENGTH_MAX).toWellFormed().trim();
}
