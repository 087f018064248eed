/**
 * Which templates could say what an agent could not send as free text. Invariant: only what can be sent to this person: approved, not
 * advertising to somebody who wants none, not what is meant for the other role of their request.
 */
import { findWords } from '../../../contract/rules/fold-text.ts';
import type { EventKind, RequestRole } from '../../../contract/requests/request-rules.ts';
import { EVENT_TEMPLATES, eventOfTemplate } from '../../../contract/requests/request-rules.ts';
import type { TemplateView } from '../../../contract/work-entities.ts';

export type SuggestionContext = {
  text: string;
  /** Open events of requests, of which this person is to be told. */
  dueEvents: ReadonlySet<EventKind>;
  /** What this person is in the request that is talked about; null: not known. */
  role: RequestRole | null;
  wantsNoAdvertising: boolean;
  /** Relay time, ms. */
  now: number;
};

const MAX = 20;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** Too common to tell one template from another. */
const STOP_WORDS = new Set(
  'a al an and are con de del el ella en es esta for fue had has have hola i in is it la las le les lo los me mi my no o of on or para por que se si su sus te the to tu un una usted was we were with y ya yo you your'.split(
    ' ',
  ),
);
/** What goes unasked as somebody's answer shares at least so much with their words, and so many of them. */
const FITTING = { share: 0.5, words: 2 };
/** A due event of the request says more than a few words in common. */
const WEIGHT = { event: 3, words: 4, favourite: 0.4, recent: 0.6 };

/** To choose from: whatever can be sent. @returns keys, best first. */
export const suggestTemplates = (templates: readonly TemplateView[], context: SuggestionContext): string[] => rank(templates, context).map(({ template }) => template.key);

/** To say in place of a text: none is better than one that says something else, and advertising answers nobody. @returns its key. */
export const findFittingTemplate = (templates: readonly TemplateView[], context: SuggestionContext): string | null =>
  rank(
    templates.filter(({ category }) => category !== 'MARKETING'),
    context,
  ).find(({ isFitting }) => isFitting)?.template.key ?? null;

function rank(templates: readonly TemplateView[], context: SuggestionContext): { template: TemplateView; score: number; isFitting: boolean }[] {
  const candidates = templates.filter((template) => template.isSendable && isMeant(template, context));
  const wordsByKey = new Map(
    candidates.map((template) => [template.key, wordsOf(`${template.name.replaceAll('_', ' ')} ${template.header?.format === 'TEXT' ? template.header.text : ''} ${template.body}`)]),
  );
  const weightOf = rarity([...wordsByKey.values()]);
  const wanted = wordsOf(context.text);
  const whole = sum(wanted, weightOf);
  // What no template says is as telling as what one of them does.
  const tellingOf = rarity([...wordsByKey.values()], 1);
  const wholeTelling = sum(wanted, tellingOf);
  return candidates
    .map((template) => {
      const words = wordsByKey.get(template.key) ?? new Set();
      const common = new Set([...wanted].filter((word) => words.has(word)));
      const shared = whole === 0 ? 0 : sum(common, weightOf) / whole;
      const kind = eventOfTemplate(template.name);
      const age = template.lastUsedAt === null ? null : Math.max(0, context.now - template.lastUsedAt);
      const isDue = kind !== null && context.dueEvents.has(kind);
      const isFitting = isDue || (common.size >= FITTING.words && sum(common, tellingOf) / wholeTelling >= FITTING.share);
      const score = WEIGHT.words * shared + (isDue ? WEIGHT.event : 0) + (template.isFavourite ? WEIGHT.favourite : 0) + (age === null ? 0 : (WEIGHT.recent * WEEK_MS) / (WEEK_MS + age));
      return { template, score, isFitting };
    })
    .toSorted((a, b) => b.score - a.score || (a.template.key < b.template.key ? -1 : 1))
    .slice(0, MAX);
}

function isMeant(template: TemplateView, { role, wantsNoAdvertising }: SuggestionContext): boolean {
  if (wantsNoAdvertising && template.category === 'MARKETING') return false;
  const kind = eventOfTemplate(template.name);
  return kind === null || role === null || EVENT_TEMPLATES[kind].role === role;
}

/** Plurals and other endings count as the same word: what begins the same in its first six letters. */
const wordsOf = (text: string): Set<string> =>
  new Set(
    findWords(text.replaceAll(/\{\{[^{}]*\}\}/g, ' '))
      .map(({ word }) => word)
      .filter((word) => word.length > 1 && !STOP_WORDS.has(word))
      .map((word) => word.slice(0, 6)),
  );

/** The fewer templates have a word, the more it says. @param ofUnknown how many have what is in none. */
function rarity(sets: readonly Set<string>[], ofUnknown = sets.length): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of sets) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + sets.length / (counts.get(word) ?? ofUnknown));
}

const sum = (words: ReadonlySet<string>, weightOf: (word: string) => number): number => [...words].reduce((total, word) => total + weightOf(word), 0);
