/** A talk of the demo's past: who wrote what, and after how many minutes. All people, companies and amounts are invented. */
import type { MessageKind } from '../meta/sample-messages.ts';
import type { ScriptedLine } from '../meta/scripted-customers.ts';

/** What is about an earlier message means the last one of the other side, or (edits, revokes) one's own last one. */
export type PastLine =
  | ScriptedLine
  | { kind: 'sample'; sample: MessageKind }
  | { kind: 'quotes'; text: string }
  | { kind: 'reacts'; emoji: string }
  | { kind: 'edits'; text: string }
  | { kind: 'revokes' }
  /** They press a button of ours. */
  | { kind: 'presses'; title: string };
/** What the team does besides writing. */
export type PastDeed =
  | { kind: 'buttons'; text: string; options: readonly string[] }
  | { kind: 'template'; name: string; values: readonly string[] }
  /** Meta answers with this code later. */
  | { kind: 'fails'; code: number; text: string }
  | { kind: 'note'; text: string; mentionsAna?: true }
  | { kind: 'assign'; to: string };

export type Turn = { after: number } & ({ by: 'them'; says: PastLine } | { by: string; says: string | PastDeed | Extract<PastLine, { kind: 'reacts' | 'quotes' }> });

export type Talk = {
  name: string;
  /** Slug of whoever of the team answers. */
  with: string;
  language: 'es' | 'en';
  /** A day (weekends become the Friday before) and the local time, or so many minutes before the demo begins. */
  begins: { daysAgo: number; at: string; onWeekend?: true } | { minutesAgo: number };
  turns: readonly Turn[];
  /** How it stands in the end; `open` is the default. */
  end?: 'archived' | 'closed';
  labels?: readonly string[];
  team?: string;
  snoozeHours?: number;
  /** Begun by Ana and not sent. */
  draft?: string;
  /** Ana's answer that a colleague's crossed: held until she decides. */
  held?: string;
  /** Ana has not read the last ones. */
  isUnread?: true;
  /** Nobody's, though answered. */
  isUnassigned?: true;
};

/** They write, `after` minutes after what was before. */
export const c = (after: number, says: PastLine): Turn => ({ after, by: 'them', says });
/** The team answers: whoever the talk is with, or `by`. */
export const t = (after: number, says: Exclude<Turn, { by: 'them' }>['says'], by = 'team'): Turn => ({ after, by, says }) as Turn;

/**
 * Digits with country code, by the place in the list: of blocks that Guatemala's numbering plan has given to nobody (20, 21,
 * 60, 61, 70, 71), and of 555-01XX, which the plan of North America keeps for stories.
 */
export function numberOf(index: number, language: Talk['language']): string {
  if (language === 'en') return `1${['415', '512', '305', '206', '617'][index % 5]}55501${String(10 + (index % 90))}`;
  const block = ['60', '71', '61', '70', '21', '20'][index % 6];
  return `502${block}${String(100_000 + ((index * 73_471 + 18_233) % 900_000))}`;
}
