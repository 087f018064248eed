/** Puts questions together that ask for the same, by the words they share. */
import type { KbLanguage } from '../../../../contract/ai/ai-words.ts';
import type { Stems } from './stems.ts';

/** Share of the words of both that both have. */
const ALIKE = 0.6;

/** In the order given, each group by its first. */
export function groupAlike<T extends { question: string }>(items: readonly T[], stems: Stems, language: KbLanguage): T[][] {
  const groups: { words: Set<string>; items: T[] }[] = [];
  for (const item of items) {
    const words = new Set(stems.listStems(item.question, language));
    const group = groups.find((one) => isAlike(one.words, words));
    if (group) group.items.push(item);
    else groups.push({ words, items: [item] });
  }
  return groups.map((group) => group.items);
}

function isAlike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - shared;
  return all > 0 && shared / all >= ALIKE;
}
