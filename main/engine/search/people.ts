/** Finds people by name (with typing errors), @username, or any part of a number however it is written. */
import { findWords } from '../../../contract/rules/fold-text.ts';
import type { SearchTerm } from '../../../contract/rules/search-query.ts';
import type { SearchQueries } from '../db/search-queries.ts';
import { findNearWords } from '../../../contract/rules/near-words.ts';

/** Fewer digits than this are part of nearly every number. */
const DIGITS_MIN = 3;
const PHONE = /^[\d\s+().-]+$/;
/** With at least so many people found by what was typed, nobody wonders about typing errors. */
const ENOUGH = 5;

/** `words`: what their names were found by, to be marked. */
export type FoundPeople = { contactIds: string[]; words: SearchTerm[]; digits: string | null };

export function createPeopleSearch(queries: SearchQueries, namesVersion: () => number) {
  let known = { version: -1, words: [] as string[] };
  const nameWords = (): string[] => {
    if (known.version !== namesVersion()) known = { version: namesVersion(), words: queries.listNameWords() };
    return known.words;
  };

  /** @param terms all of them must fit. */
  const byName = (terms: readonly SearchTerm[], limit: number): FoundPeople => {
    const exact = queries.listPeopleByName(allOf(terms.map((term) => [term])), limit);
    if (exact.length >= ENOUGH) return { contactIds: exact, words: [...terms], digits: null };
    const wider = terms.map((term) => [term, ...(term.text.includes(' ') ? [] : findNearWords(term.text, nameWords(), term.isPrefix).map((text) => ({ text, isPrefix: false })))]);
    if (wider.every(({ length }) => length === 1)) return { contactIds: exact, words: [...terms], digits: null };
    const near = queries.listPeopleByName(allOf(wider), limit);
    return { contactIds: [...new Set([...exact, ...near])].slice(0, limit), words: wider.flat(), digits: null };
  };

  return {
    /** Of everything that was typed. */
    find: (text: string, terms: readonly SearchTerm[], limit: number): FoundPeople => {
      const digits = text.replace(/\D/g, '');
      if (PHONE.test(text.trim()) && digits.length >= DIGITS_MIN) return { contactIds: queries.listPeopleByNumber(`"${digits}"`, limit), words: [], digits };
      return terms.length === 0 ? { contactIds: [], words: [], digits: null } : byName(terms, limit);
    },
    /** Who is meant by the value of an operator. */
    findByValue: (value: string, limit: number): string[] => {
      const digits = value.replace(/\D/g, '');
      if (PHONE.test(value) && digits.length >= DIGITS_MIN) return queries.listPeopleByNumber(`"${digits}"`, limit);
      const words = findWords(value);
      return words.length === 0
        ? []
        : byName(
            words.map(({ word }, index) => ({ text: word, isPrefix: index === words.length - 1 })),
            limit,
          ).contactIds;
    },
  };
}

/** FTS5 expression: of each list one. */
const allOf = (lists: readonly (readonly SearchTerm[])[]): string => lists.map((list) => `(${list.map(matchTerm).join(' OR ')})`).join(' AND ');

/** A term as FTS5 expression. Its text holds letters, digits and spaces only. */
export const matchTerm = ({ text, isPrefix }: SearchTerm): string => `"${text}"${isPrefix ? ' *' : ''}`;
