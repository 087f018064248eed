/**
 * Words of a text as the knowledge base compares them: folded, without the words that every question has, and stemmed (Snowball).
 * Source of the stems: https://snowballstem.org/algorithms/. Folding comes first, because customers write without accents.
 */
import { newStemmer } from 'snowball-stemmers';
import type { KbLanguage } from '../../../../contract/ai/ai-words.ts';
import { findWords, foldText } from '../../../../contract/rules/fold-text.ts';
import { isSmallWord } from '../small-words.ts';

const ALGORITHMS: Record<KbLanguage, string> = { es: 'spanish', en: 'english', pt: 'portuguese' };
/** Of a language; more than the words of any knowledge base that people write. */
const CACHED_MAX = 100_000;

/** Endings that the stemmers know by their accent only, put back: `instalacion` would be no relative of `instalaciones`. */
const ACCENTED: Record<KbLanguage, readonly (readonly [RegExp, string])[]> = {
  es: [
    [/([cs])ion$/, '$1ión'],
    [/logia(s?)$/, 'logía$1'],
  ],
  en: [],
  pt: [
    [/([cs])ao$/, '$1ão'],
    [/coes$/, 'ções'],
    [/cão$/, 'ção'],
  ],
};
const withAccents = (word: string, language: KbLanguage): string => ACCENTED[language].reduce((text, [ending, accented]) => text.replace(ending, accented), word);

/** Spanish verbs that are too short or too irregular for the stemmer, and that every business is asked about: `abren` and `abrimos` are one word. */
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/^(?:abr(?:o|e|es|en|a|an|imos|ir|ira|iran|ieron|iendo)|abiert[oa]s?)$/, 'abrir'],
  [/^(?:cierr(?:o|a|as|an|e|en)|cerr(?:amos|ar|ara|aran|aron|ando|ad[oa]s?))$/, 'cerrar'],
];
const verbOf = (word: string, language: KbLanguage): string | undefined => (language === 'es' ? VERBS.find(([forms]) => forms.test(word))?.[1] : undefined);

export type Stems = ReturnType<typeof createStems>;

export function createStems() {
  const known = new Map((Object.keys(ALGORITHMS) as KbLanguage[]).map((language) => [language, { stemmer: newStemmer(ALGORITHMS[language]), stems: new Map<string, string>() }]));
  const stemOf = (word: string, language: KbLanguage): string => {
    const { stemmer, stems } = known.get(language)!;
    const cached = stems.get(word);
    if (cached !== undefined) return cached;
    if (stems.size >= CACHED_MAX) stems.clear();
    // Figures and codes are no words of a language.
    const stem = /\d/.test(word) ? word : (verbOf(word, language) ?? foldText(stemmer.stem(withAccents(word, language))));
    stems.set(word, stem);
    return stem;
  };
  const isStopWord = (word: string, language: KbLanguage): boolean => isSmallWord(word, language) || (word.length === 1 && !/\d/.test(word));
  return {
    /** Of a folded word. */
    stemOf,
    isStopWord,
    /** Of a text, in its order, with repetitions. */
    listStems: (text: string, language: KbLanguage): string[] => findWords(text).flatMap(({ word }) => (isStopWord(word, language) ? [] : [stemOf(word, language)])),
    /** The words of a text that `listStems` leaves out, and its stems: how a question is put, not only what it is about. */
    listSmallWords: (text: string, language: KbLanguage): string[] => findWords(text).map(({ word }) => stemOf(word, language)),
  };
}
