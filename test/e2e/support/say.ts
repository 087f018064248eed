/** What the window says, from the language files that it says it from: so that one test can be held in every language. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import i18next, { type TFunction } from 'i18next';
// For its types of the keys.
import type { Texts } from '../../../renderer/i18n/i18n.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../renderer/i18n/languages');

export type SpokenLanguage = 'es' | 'en';
export type Say = TFunction;

/** The texts of a language, with values put in and plurals chosen as the window does. */
export function speakerOf(language: SpokenLanguage): Say {
  const texts = JSON.parse(readFileSync(path.join(FOLDER, `${language}.json`), 'utf8')) as Texts;
  const instance = i18next.createInstance();
  // As in `renderer/i18n/i18n.ts`.
  void instance.init({ lng: language, fallbackLng: false, resources: { [language]: { translation: texts } }, contextSeparator: '^', interpolation: { escapeValue: false }, initAsync: false });
  return instance.t;
}

/** A text of which a part is not known: what stands for it is left open. `whole`: nothing before or after. */
export function pattern(text: string, open: string, { whole = true }: { whole?: boolean } = {}): RegExp {
  const parts = text.split(open).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(whole ? `^${parts.join('.*')}$` : parts.join('.*'));
}

/** The language of a whole shift: one in every run, the other one in `npm run test:long`. */
export const shiftLanguage = (usual: SpokenLanguage): SpokenLanguage => (process.env['SHIFTS_IN_OTHER_LANGUAGE'] === '1' ? (usual === 'es' ? 'en' : 'es') : usual);
