/** Spanish first, English second. `language: 'system'` follows the computer if it speaks English, else Spanish. */
import i18next, { type i18n, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '../../contract/entities.ts';
import { en } from './en.ts';
import { es, type Texts } from './es.ts';

export type Language = 'es' | 'en';
export type Translate = TFunction;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    contextSeparator: '^';
    resources: { translation: Texts };
  }
}

export function resolveLanguage(preference: Preferences['language'], systemLanguages: readonly string[]): Language {
  if (preference !== 'system') return preference;
  return systemLanguages[0]?.toLowerCase().startsWith('en') ? 'en' : 'es';
}

export function createI18n(language: Language): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'es',
    resources: { es: { translation: es }, en: { translation: en } },
    // Keys carry the contract's own words (`needs_confirmation`), which must not read as contexts.
    contextSeparator: '^',
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
  return instance;
}
