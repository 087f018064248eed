/** Both languages hold the same texts, the code uses each of them, and none is missing for what the contract can say. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { APP_ERRORS } from '../../../contract/app-error.ts';
import { CONNECTION_CHECKS, deliverySchema, rawEventSchema, syncStateSchema } from '../../../contract/entities.ts';
import { COMMON_CODES, CONNECTION_CODES } from '../../../contract/rules/connection-codes.ts';
import { ERROR_CODES, OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { NEXT_STEPS } from '../../../contract/whatsapp/next-step.ts';
import { KNOWN_TYPES, typeLabel } from '../../../renderer/conversation/content-text.ts';
import { explainError } from '../../../renderer/conversation/failure-text.ts';
import { checkWords } from '../../../renderer/diagnostics/connection-text.ts';
import { LANGUAGES, resolveLanguage } from '../../../renderer/i18n/i18n.ts';
import { TEXTS } from '../../support/texts.ts';

const RENDERER = path.resolve(import.meta.dirname, '../../../renderer');

type Texts = { [key: string]: string | Texts };
const flatten = (texts: Texts, prefix = ''): Map<string, string> =>
  new Map(Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)])));
const readLanguage = (language: string): Map<string, string> => flatten(JSON.parse(readFileSync(path.join(RENDERER, 'i18n/languages', `${language}.json`), 'utf8')) as Texts);
const texts = { es: readLanguage('es'), en: readLanguage('en') };
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).toSorted();

test.each(LANGUAGES.slice(1))('%s has the same keys as Spanish, with the same placeholders', (language) => {
  const other = readLanguage(language);
  // A language has the plural forms that it has; `other` is one of them everywhere.
  const stemOf = (key: string): string => key.replace(/_(zero|one|two|few|many)$/, '');
  const isForm = (key: string): boolean => key !== stemOf(key) && texts.es.has(`${stemOf(key)}_one`);
  const keysOf = (all: ReadonlyMap<string, string>): string[] => [...all.keys()].filter((key) => !isForm(key)).toSorted();
  expect(keysOf(other)).toEqual(keysOf(texts.es));
  for (const key of keysOf(other)) expect(placeholders(other.get(key)!), key).toEqual(placeholders(texts.es.get(key)!));
  const hasOne = new Intl.PluralRules(language).resolvedOptions().pluralCategories.includes('one');
  const ones = [...texts.es.keys()].filter((key) => key.endsWith('_one') && isForm(key));
  for (const key of hasOne ? ones : []) expect(placeholders(other.get(key)!), key).toEqual(placeholders(texts.es.get(key)!));
});

test('no text tells a key that its agent may have changed', () => {
  // In Spanish one-letter words are vowels, and Y.
  const told = [...texts.es].filter(([, text]) => /(?<![\p{L}\d«.-])(?:[B-DF-HJ-NP-TV-XZ]|(?:Ctrl|Cmd|Alt)\+\p{L}|Shift\+\p{Lu}(?!\p{L}))(?![\p{L}\d.])/u.test(text));
  expect(told.map(([key]) => key)).toEqual([]);
});

test('no text is empty or the same by oversight', () => {
  for (const [key, text] of [...texts.es, ...texts.en]) expect(text.trim(), key).not.toBe('');
  const words = (text: string): string => text.replaceAll(/\{\{\w+\}\}/g, '');
  const same = [...texts.es].filter(([key, text]) => words(text).length > 11 && texts.en.get(key) === text);
  expect(same.map(([key]) => key)).toEqual([]);
});

test('the code asks for no unknown key, and every text is used somewhere', () => {
  const source = globSync('**/*.{ts,tsx}', { cwd: RENDERER })
    .map((file) => readFileSync(path.join(RENDERER, file), 'utf8'))
    .join('\n');
  const literals = new Set([...source.matchAll(/'([a-z][\w.-]*)'/gi)].map((match) => match[1]!));
  // `delivery.${state}` stands for all keys of that shape.
  const patterns = [...source.matchAll(/`([a-z]\w*\.[^`\s]*\$\{[^`]*)`/gi)].map(
    (match) =>
      new RegExp(
        `^${match[1]!
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replaceAll('.', '\\.'))
          .join('[^.]+')}$`,
      ),
  );
  const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
  const isUsed = (key: string): boolean => literals.has(withoutPlural(key)) || patterns.some((pattern) => pattern.test(withoutPlural(key)));
  expect([...texts.es.keys()].filter((key) => !isUsed(key))).toEqual([]);

  const known = new Set([...texts.es.keys()].map(withoutPlural));
  const asked = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]!);
  expect(asked.filter((key) => !known.has(key))).toEqual([]);
});

describe.each(['es', 'en'] as const)('in %s', (language) => {
  const { t } = TEXTS[language];

  test('every refusal of the engine has a text', () => {
    for (const code of [...Object.keys(APP_ERRORS), 'ENGINE_AWAY']) expect(texts[language].get(`failure.${code}`), code).toBeTruthy();
  });

  test('every delivery and sync state has a text', () => {
    for (const state of deliverySchema.options) expect(texts[language].get(`delivery.${state}`), state).toBeTruthy();
    for (const state of syncStateSchema.shape.state.options) expect(texts[language].get(`sync.${state}`), state).toBeTruthy();
  });

  test('every code of Meta and of our own is explained in words', () => {
    const unknown = explainError(null, t);
    expect(explainError(999_999, t)).toEqual(unknown);
    for (const { code, codeTo = code } of ERROR_CODES) {
      for (const one of [code, codeTo]) {
        for (const [part, text] of Object.entries(explainError(one, t))) {
          expect(text, `${one} ${part}`).toMatch(/^\p{Lu}.*\s.*\.$/u);
          expect(text, `${one} ${part}`).not.toContain('metaErrors');
        }
        expect(explainError(one, t), String(one)).not.toEqual(unknown);
      }
    }
    for (const code of Object.values(OWN_ERROR)) expect(explainError(code, t), String(code)).not.toEqual(unknown);
  });

  test('no two codes of one kind are told in the same words', () => {
    const told = ERROR_CODES.map(({ code }) => Object.values(explainError(code, t)).join(' '));
    expect(told.filter((text, index) => told.indexOf(text) !== index)).toEqual([]);
  });

  test('the table has no words for codes that are none', () => {
    const known = new Set(ERROR_CODES.map(({ code }) => String(code)));
    const told = [...texts[language].keys()].flatMap((key) => /^metaErrors\.code\.(\d+)\.what$/.exec(key)?.[1] ?? []);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((code) => !known.has(code))).toEqual([]);
  });

  test('everything that the connection doctor can find is said, and what is wrong has a remedy', () => {
    for (const id of CONNECTION_CHECKS) {
      for (const code of [...CONNECTION_CODES[id], ...COMMON_CODES]) {
        const words = checkWords({ id, state: 'failed', code }, t);
        expect(words.is, `${id} ${code}`).toMatch(/\s/);
        expect(`${words.is} ${words.fix ?? ''}`, `${id} ${code}`).not.toMatch(/connection\.(check|common)/);
        const place = texts[language].has(`connection.check.${id}.is.${code}`) ? `check.${id}` : 'common';
        expect(texts[language].get(`connection.${place}.fix.${code}`) ?? null, `${id} ${code}`).toBe(words.fix);
      }
    }
  });

  test('every advice and every step of a story has words', () => {
    for (const kind of NEXT_STEPS) expect(texts[language].get(`diagnostics.step.${kind}`), kind).toBeTruthy();
    for (const outcome of rawEventSchema.shape.outcome.options) expect(texts[language].get(`diagnostics.events.outcome.${outcome}`), outcome).toBeTruthy();
  });

  test('every kind of message has a name, also one that does not exist yet', () => {
    for (const type of KNOWN_TYPES) expect(typeLabel(type, t)).not.toContain('content.');
    expect(typeLabel('hologram', t)).toContain('hologram');
  });

  test('one and many differ', () => {
    expect(t('inbox.unread', { count: 1 })).not.toBe(t('inbox.unread', { count: 2 }).replace('2', '1'));
  });
});

test.each([
  ['es', ['en-US'], 'es'],
  ['en', ['es-GT'], 'en'],
  ['system', ['en-GB', 'es'], 'en'],
  ['system', ['es-GT'], 'es'],
  ['system', ['de-DE', 'en'], 'es'],
  ['system', [], 'es'],
] as const)('preference %s on a computer that speaks %j gives %s', (preference, system, expected) => expect(resolveLanguage(preference, system)).toBe(expected));

test('a language is known by its whole tag, else by the language alone', () => {
  const languages = ['es', 'en', 'pt-BR'];
  expect(resolveLanguage('system', ['pt-BR'], languages)).toBe('pt-BR');
  expect(resolveLanguage('pt-BR', ['en'], languages)).toBe('pt-BR');
  expect(resolveLanguage('system', ['pt-PT'], languages)).toBe('es');
  expect(resolveLanguage('system', ['en-US'], languages)).toBe('en');
});
