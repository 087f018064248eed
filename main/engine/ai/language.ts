/** In which of the business's languages people write. Source of the method: https://github.com/nitotm/efficient-language-detector-js (n-grams). */
import { createRequire, findPackageJSON } from 'node:module';
import path from 'node:path';
import { KB_LANGUAGES, type KbLanguage } from '../../../contract/ai/ai-words.ts';
import type * as Ngrams from './language-ngrams.ts';

/** Messages that are looked at together: one alone says too little. */
const MESSAGES_MAX = 3;
/** With fewer words nothing is decided. */
const WORDS_MIN = 3;

export type LanguageGuess = { code: KbLanguage; /** False: kept from before, or guessed from little. */ isSure: boolean };
export type LanguageDetector = ReturnType<typeof createLanguageDetector>;

/** A built program has them as a file beside its own (vite.config.ts). Sources take them from the package by their place, because its map of exports knows `import` alone, which cannot wait for its turn. */
function findNgrams(): string {
  if (!import.meta.url.endsWith('.ts')) return './language-ngrams.js';
  const manifest = findPackageJSON('eld', import.meta.url);
  if (manifest === undefined) throw new Error('the package eld is missing: run npm ci');
  return path.join(path.dirname(manifest), 'src/entries/static.extrasmall.js');
}

function loadDetector() {
  const { eld } = createRequire(import.meta.url)(findNgrams()) as typeof Ngrams;
  const detector = eld.newInstance();
  detector.setLanguageSubset([...KB_LANGUAGES]);
  detector.enableTextCleanup(true);
  return detector;
}

export function createLanguageDetector() {
  let detector: ReturnType<typeof loadDetector> | null = null;
  /** Null: it is in none of them, or there are no words. */
  const detect = (text: string): LanguageGuess | null => {
    detector ??= loadDetector();
    const found = detector.detect(text);
    const code = KB_LANGUAGES.find((language) => language === found.language);
    return code === undefined ? null : { code, isSure: found.isReliable() };
  };
  return {
    /** Of a text, where that says so clearly. */
    detectText: (text: string, otherwise: KbLanguage): KbLanguage => {
      const guess = countWords(text) < WORDS_MIN ? null : detect(text);
      return guess?.isSure ? guess.code : otherwise;
    },
    /** @param messages what the customer wrote, oldest first. @param previous of the conversation so far, or of the business. */
    detectLanguage: (messages: readonly string[], previous: KbLanguage): LanguageGuess => {
      const text = messages.slice(-MESSAGES_MAX).join('\n');
      if (countWords(text) < WORDS_MIN) return { code: previous, isSure: false };
      return detect(text) ?? { code: previous, isSure: false };
    },
  };
}

const countWords = (text: string): number => text.match(/\p{L}{2,}/gu)?.length ?? 0;
