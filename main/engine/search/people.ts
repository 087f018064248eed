/** Finds people by name (with typing errors), @username, e-mail, company, or any part of a number however it is written. */
import { findWords } from '../../../contract/rules/fold-text.ts';
import { phoneTwin } from '../../../contract/rules/phone-variants.ts';
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

  /** Also as WhatsApp may write the same number. */
  const byNumber = (digits: string, limit: number): string[] => queries.listPeopleByNumber([digits, phoneTwin(digits) ?? digits].map((part) => `"${part}"`).join(' OR '), limit);

  return {
    /** Of everything that was typed. */
    find: (text: string, terms: readonly SearchTerm[], limit: number): FoundPeople => {
      const digits = digitsOf(text);
      if (digits !== null) return { contactIds: byNumber(digits, limit), words: [], digits };
      return terms.length === 0 ? { contactIds: [], words: [], digits: null } : byName(terms, limit);
    },
    /** Who is meant by the value of an operator. */
    findByValue: (value: string, limit: number): string[] => {
      const digits = digitsOf(value);
      const words = findWords(value);
      if (digits === null && words.length === 0) return [];
      const terms = words.map(({ word }, index) => ({ text: word, isPrefix: index === words.length - 1 }));
      const contactIds = digits === null ? byName(terms, limit).contactIds : byNumber(digits, limit);
      return queries.listBelow(queries.listStanding(contactIds)).slice(0, limit);
    },
  };
}

/** Null: it is no part of a number. `00` before a country code is how it is dialled, not how it is written. */
function digitsOf(text: string): string | null {
  const digits = text.replace(/\D/g, '').replace(/^00/, '');
  return PHONE.test(text.trim()) && digits.length >= DIGITS_MIN ? digits : null;
}

/** FTS5 expression: of each list one. */
const allOf = (lists: readonly (readonly SearchTerm[])[]): string => lists.map((list) => `(${list.map(matchTerm).join(' OR ')})`).join(' AND ');

/** A term as FTS5 expression. Its text holds letters, digits and spaces only. */
export const matchTerm = ({ text, isPrefix }: SearchTerm): string => `"${text}"${isPrefix ? ' *' : ''}`;
