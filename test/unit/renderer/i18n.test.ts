/** Both languages hold the same texts, the code uses each of them, and none is missing for what the contract can say. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { APP_ERRORS } from '../../../contract/app-error.ts';
import { deliverySchema, syncStateSchema } from '../../../contract/entities.ts';
import { ERROR_CODES, OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { KNOWN_TYPES, typeLabel } from '../../../renderer/conversation/content-text.ts';
import { explainError } from '../../../renderer/conversation/failure-text.ts';
import { en } from '../../../renderer/i18n/en.ts';
import { es } from '../../../renderer/i18n/es.ts';
import { createI18n, resolveLanguage } from '../../../renderer/i18n/i18n.ts';

const RENDERER = path.resolve(import.meta.dirname, '../../../renderer');

type Texts = { [key: string]: string | Texts };
const flatten = (texts: Texts, prefix = ''): Map<string, string> =>
  new Map(Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)])));
const texts = { es: flatten(es), en: flatten(en) };
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).toSorted();

test('both languages have the same keys, with the same placeholders', () => {
  expect([...texts.en.keys()].toSorted()).toEqual([...texts.es.keys()].toSorted());
  for (const [key, text] of texts.es) expect(placeholders(texts.en.get(key)!), key).toEqual(placeholders(text));
});

test('no text is empty or the same by oversight', () => {
  for (const [key, text] of [...texts.es, ...texts.en]) expect(text.trim(), key).not.toBe('');
  const words = (text: string): string => text.replaceAll(/\{\{\w+\}\}/g, '');
  const same = [...texts.es].filter(([key, text]) => words(text).length > 11 && texts.en.get(key) === text);
  expect(same.map(([key]) => key)).toEqual([]);
});

test('the code asks for no unknown key, and every text is used somewhere', () => {
  const source = globSync('**/*.{ts,tsx}', { cwd: RENDERER })
    .filter((file) => !/^i18n\/(es|en|areas\/[\w-]+)\.ts$/.test(file))
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
  const { t } = createI18n(language);

  test('every refusal of the engine has a text', () => {
    for (const code of [...Object.keys(APP_ERRORS), 'ENGINE_AWAY']) expect(texts[language].get(`failure.${code}`), code).toBeTruthy();
  });

  test('every delivery and sync state has a text', () => {
    for (const state of deliverySchema.options) expect(texts[language].get(`delivery.${state}`), state).toBeTruthy();
    for (const state of syncStateSchema.shape.state.options) expect(texts[language].get(`sync.${state}`), state).toBeTruthy();
  });

  test('every code of Meta and of our own is explained in words', () => {
    for (const code of [...ERROR_CODES.map((entry) => entry.code), ...Object.values(OWN_ERROR), 999_999]) {
      const text = explainError(code, t);
      expect(text, String(code)).toMatch(/\s/);
      expect(text, String(code)).not.toContain('metaError');
    }
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
