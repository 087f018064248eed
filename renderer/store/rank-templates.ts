/** Finding a template by a few letters: of its name, its text or its category, without accents, with a wrong letter here and there. */
import { findWords, foldText } from '../../contract/rules/fold-text.ts';
import { findNearWords } from '../../contract/rules/near-words.ts';
import type { TemplateView } from '../../contract/work-entities.ts';

/** Better places first: what begins with it, what holds it, what nearly does. */
const PLACE = { nameStart: 0, nameWord: 1, name: 2, category: 3, text: 4, nearlyName: 5, nearlyText: 7 } as const;

/**
 * Best first: those that can be sent before the others; without a query the suggested ones, favourites, recently used ones, then by name.
 * @param suggested keys, best first. @param categoryOf what a category is called here.
 */
export function rankTemplates(items: readonly TemplateView[], query: string, suggested: readonly string[], categoryOf: (category: string) => string): TemplateView[] {
  const wanted = findWords(query).map(({ word }) => word);
  const placeOf = ({ key, isSendable }: TemplateView): number => (isSendable && suggested.includes(key) ? suggested.indexOf(key) : suggested.length);
  return items
    .flatMap((template) => {
      const score = scoreOf(template, wanted, categoryOf);
      return score === null ? [] : [{ template, score }];
    })
    .toSorted(
      (a, b) =>
        Number(b.template.isSendable) - Number(a.template.isSendable) ||
        a.score - b.score ||
        placeOf(a.template) - placeOf(b.template) ||
        Number(b.template.isFavourite) - Number(a.template.isFavourite) ||
        (b.template.lastUsedAt ?? 0) - (a.template.lastUsedAt ?? 0) ||
        (a.template.key < b.template.key ? -1 : 1),
    )
    .map(({ template }) => template);
}

/** Null: one of the words is nowhere in it. */
function scoreOf(template: TemplateView, wanted: readonly string[], categoryOf: (category: string) => string): number | null {
  const name = foldText(template.name);
  const nameWords = name.split(/[^\p{L}\p{N}]+/u);
  const category = foldText(`${categoryOf(template.category)} ${template.category}`);
  const header = template.header?.format === 'TEXT' ? template.header.text : '';
  const text = foldText([header, template.body, template.footer ?? '', ...template.buttons.map((button) => button.text)].join(' '));
  let score = 0;
  for (const word of wanted) {
    if (name.startsWith(word)) score += PLACE.nameStart;
    else if (nameWords.some((part) => part.startsWith(word))) score += PLACE.nameWord;
    else if (name.includes(word)) score += PLACE.name;
    else if (category.includes(word)) score += PLACE.category;
    else if (text.includes(word)) score += PLACE.text;
    else if (isNearly(word, nameWords) || isInitials(word, nameWords)) score += PLACE.nearlyName;
    else if (isNearly(word, text.split(/[^\p{L}\p{N}]+/u))) score += PLACE.nearlyText;
    else return null;
  }
  return score;
}

/** `nss`: nueva_solicitud_servicio. */
const isInitials = (word: string, parts: readonly string[]): boolean =>
  word.length > 1 &&
  parts
    .filter((part) => part.length > 2)
    .map((part) => part.charAt(0))
    .join('')
    .startsWith(word);

const isNearly = (word: string, parts: readonly string[]): boolean => findNearWords(word, parts, true).length > 0;
