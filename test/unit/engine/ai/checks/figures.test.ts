/** What the checks underline and what they leave alone, over a whole set of drafts. `npm run eval` prints the same figures. */
import { expect, test } from 'vitest';
import { foldOffsets } from '../../../../../main/engine/ai/checks/fold-offsets.ts';
import { wishesPerson } from '../../../../../main/engine/ai/checks/handoff-wish.ts';
import { findInjection } from '../../../../../main/engine/ai/checks/injection.ts';
import { judgeIntent } from '../../../../../main/engine/ai/checks/intent.ts';
import { findPromises } from '../../../../../main/engine/ai/checks/promises.ts';
import { parseFigure } from '../../../../../main/engine/ai/checks/read-values.ts';
import { evaluateFigures } from '../../../../eval/checks/evaluate-figures.ts';
import { evaluateQuotes } from '../../../../eval/checks/evaluate-quotes.ts';
import { readTexts } from '../../../../eval/checks/read-texts.ts';

test('planted figures, dates, amounts, ids and statuses are found, and no custom of writing the right ones is', () => {
  const { cases, planted, precision, recall, missed, extra } = evaluateFigures();
  expect(cases).toBeGreaterThanOrEqual(400);
  expect(planted).toBeGreaterThanOrEqual(200);
  expect(precision, extra.join('\n')).toBeGreaterThanOrEqual(0.99);
  expect(recall, missed.join('\n')).toBeGreaterThanOrEqual(0.99);
});

test('what is quoted from an article is left alone, and a changed digit in it is found', () => {
  const { sentences, planted, extra, missed } = evaluateQuotes();
  expect(sentences).toBeGreaterThan(80);
  expect(planted).toBeGreaterThan(60);
  expect(extra).toEqual([]);
  expect(missed).toEqual([]);
});

test.each([
  ['1,250.00', 1250],
  ['1.250,00', 1250],
  ['1250', 1250],
  ['1 250', 1250],
  ["1'250.50", 1250.5],
  ['1.5', 1.5],
  ['1,5', 1.5],
  ['0.125', 0.125],
  ['1.234.567', 1_234_567],
  ['12,34,56', null],
])('%s is read as %s', (raw, value) => {
  expect(parseFigure(raw)).toBe(value);
});

test('who asks for a person is heard, and who only speaks of one is not taken for it', () => {
  const { wishes, others } = readTexts('person-wishes', ['wishes', 'others']);
  expect(wishes.length).toBeGreaterThanOrEqual(120);
  expect(others.length).toBeGreaterThanOrEqual(200);
  const heard = wishes.filter(wishesPerson).length;
  const mistaken = others.filter(wishesPerson);
  expect(heard / wishes.length, wishes.filter((text) => !wishesPerson(text)).join('\n')).toBeGreaterThanOrEqual(0.95);
  expect(heard / (heard + mistaken.length), mistaken.join('\n')).toBeGreaterThanOrEqual(0.9);
});

test('commands to the model get a badge, and nothing that customers write all day does', () => {
  const { attacks, normal } = readTexts('injections', ['attacks', 'normal']);
  const { wishes, others } = readTexts('person-wishes', ['wishes', 'others']);
  expect(attacks.filter((text) => findInjection(text) === null)).toEqual([]);
  expect([...normal, ...wishes, ...others].filter((text) => findInjection(text) !== null)).toEqual([]);
});

test('promises and claims of what was done are found, in Spanish and English; questions and denials are none', () => {
  const { promises, others } = readTexts('promises', ['promises', 'others']);
  const isFound = (text: string): boolean => findPromises(foldOffsets(text).text, []).length > 0;
  expect(promises.filter((text) => !isFound(text))).toEqual([]);
  expect(others.filter(isFound)).toEqual([]);
});

test('topics that only people may answer are found, whatever else the message asks', () => {
  const intents = readTexts('intents', [
    'knowledge_question',
    'request_status',
    'greeting',
    'complaint',
    'refund',
    'legal',
    'safety',
    'payment',
    'personal_data',
    'emergency',
    'insult',
    'minor',
    'off_topic',
    'unclear',
  ]);
  const wrong = Object.entries(intents).flatMap(([intent, texts]) =>
    texts.filter((text) => judgeIntent({ text, hasRequest: true, hasKnowledge: true }).intent !== intent).map((text) => `${intent}: ${text}`),
  );
  expect(wrong).toEqual([]);
  expect(judgeIntent({ text: '¿A qué hora abren? Quiero mi reembolso.', hasRequest: true, hasKnowledge: true }).intent).toBe('refund');
  expect(judgeIntent({ text: '¿Cómo va mi solicitud?', hasRequest: false, hasKnowledge: false }).intent).toBe('unclear');
  expect(judgeIntent({ text: '¿A qué hora abren?', hasRequest: true, hasKnowledge: false }).intent).toBe('unclear');
});
