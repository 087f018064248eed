/**
 * Languages of the window: one file each in `languages/`, fetched when it is spoken; adding a file adds a language. A test
 * holds all of them to the keys of the first one, Spanish, so none falls back on another.
 */
import i18next, { type i18n, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '../../contract/entities.ts';
import type firstTexts from './languages/es.json';

export type Texts = typeof firstTexts;
/** Name of a file in `languages/`: a BCP 47 tag. */
export type Language = string;
export type Translate = TFunction;

const FIRST: Language = 'es';
const FILES = import.meta.glob<Texts>('./languages/*.json', { import: 'default' });
/** The first one, then the others. */
export const LANGUAGES: readonly Language[] = [
  FIRST,
  ...Object.keys(FILES)
    .map((file) => file.slice('./languages/'.length, -'.json'.length))
    .filter((language) => language !== FIRST),
];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    contextSeparator: '^';
    resources: { translation: Texts };
  }
}

/** `system` follows the computer where it speaks one of the languages, else it is the first one. */
export function resolveLanguage(preference: Preferences['language'], systemLanguages: readonly string[], languages = LANGUAGES): Language {
  const wanted = (preference === 'system' ? (systemLanguages[0] ?? FIRST) : preference).toLowerCase();
  const find = (tag: string): Language | undefined => languages.find((language) => language.toLowerCase() === tag);
  return find(wanted) ?? find(wanted.split('-')[0] ?? '') ?? FIRST;
}

/** Changes over once the texts are there, unless another one is wanted by then. @throws if the file cannot be fetched. */
export async function speak(instance: i18n, language: Language, isWanted = (): boolean => true): Promise<void> {
  const load = FILES[`./languages/${language}.json`];
  if (!load) throw new Error(`there is no language ${language}`);
  instance.addResourceBundle(language, 'translation', await load());
  if (isWanted()) await instance.changeLanguage(language);
}

/** @returns once the texts are there. */
export async function createI18n(language: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    fallbackLng: false,
    resources: {},
    // Keys carry the contract's own words (`needs_confirmation`), which must not read as contexts.
    contextSeparator: '^',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(instance, language);
  return instance;
}
