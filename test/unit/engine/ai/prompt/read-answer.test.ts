/** From what a model writes to what people read: no marker is shown, and each sentence leads to its facts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswerStream, readAnswer, splitSentences } from '../../../../../main/engine/ai/prompt/read-answer.ts';
import { toWhatsAppMarks } from '../../../../../main/engine/ai/prompt/whatsapp-marks.ts';

const key = {
  factIds: new Set(['F1', 'F2', 'F3', 'F12', 'K1', 'K2']),
  masked: new Map([
    ['⟦PHONE_1⟧', '5555-1234'],
    ['⟦NAME_1⟧', 'Rosa [F1]'],
  ]),
};
const read = (raw: string) => {
  const answer = readAnswer(raw, key);
  return { ...answer, sentences: answer.sentences.map(({ start, end, factIds }) => [answer.text.slice(start, end), ...factIds]) };
};

describe('markers', () => {
  it.each([
    [
      'Abrimos a las 8:00. [K1] Cerramos a las 17:00 [K2].',
      'Abrimos a las 8:00. Cerramos a las 17:00.',
      [
        ['Abrimos a las 8:00.', 'K1'],
        ['Cerramos a las 17:00.', 'K2'],
      ],
    ],
    ['Es el viernes.[F3][K1] ¿Le sirve?', 'Es el viernes. ¿Le sirve?', [['Es el viernes.', 'F3', 'K1'], ['¿Le sirve?']]],
    ['Sí [F1, 3; K2].\n[f12]', 'Sí.', [['Sí.', 'F1', 'F3', 'K2', 'F12']]],
    ['[F2] Hola, Sr. Pérez. Ya está.', 'Hola, Sr. Pérez. Ya está.', [['Hola, Sr. Pérez.', 'F2'], ['Ya está.']]],
    ['Listo.【K1】Gracias', 'Listo. Gracias', [['Listo.', 'K1'], ['Gracias']]],
  ])('%s', (raw, text, sentences) => {
    expect(read(raw)).toEqual({ text, sentences, unknownMarkers: [] });
  });

  it('those that are none are named and rest on nothing', () => {
    expect(read('Aprobada. [F9] Viernes. [K7][F1] [F9]')).toEqual({ text: 'Aprobada. Viernes.', sentences: [['Aprobada.'], ['Viernes.', 'F1']], unknownMarkers: ['F9', 'K7'] });
  });

  it('what was hidden comes back, and is never read as a marker', () => {
    expect(read('Llame al ⟦PHONE_1⟧, ⟦NAME_1⟧. [F2] ⟦PHONE_9⟧')).toEqual({
      text: 'Llame al 5555-1234, Rosa [F1]. ⟦PHONE_9⟧',
      sentences: [['Llame al 5555-1234, Rosa [F1].', 'F2'], ['⟦PHONE_9⟧']],
      unknownMarkers: [],
    });
  });
});

describe('as it comes', () => {
  it.each([' ', '\t', '*', '#', '\n '])('a model that writes %j for ever does not stop the program', (piece) => {
    const raw = `Hola${piece.repeat(300_000)}x\n# Hola${piece.repeat(300_000)}x`;
    expect(createAnswerStream(key).push(raw).startsWith('Hola')).toBe(true);
  });

  it('wherever it is cut, nothing half is shown, and the end is the same', () => {
    const pieces = fc.array(
      fc.constantFrom('Hola, ', '**Rosa**. ', '[F1]', ' [F3, K1]', '[F99]', '⟦PHONE_1⟧', '\n\n', 'Abrimos a las 8:00. ', '__sí__ ', '[ver](https://example.com/a__b) ', '- uno\n', '👍🏽 '),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }), (parts, cuts) => {
        const raw = parts.join('');
        const stream = createAnswerStream(key);
        for (let at = 0, n = 0; at < raw.length; n += 1) {
          const size = cuts[n % cuts.length] ?? 1;
          const shown = stream.push(raw.slice(at, at + size));
          at += size;
          expect(shown).not.toMatch(/\[[FK]?\d*[\],\s]*$|\[[FK]\d|⟦(?:PHONE_1|$)|⟦[A-Z]+$/);
        }
        expect(stream.raw()).toBe(raw);
        expect(stream.end()).toEqual(readAnswer(raw, key));
      }),
      { seed: 66, numRuns: 300 },
    );
  });

  it('offsets are of the text that is shown', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('Hola. ', 'a [F1]', '. ', '[K1] ', '**b**', '⟦NAME_1⟧ ', '\n'), { maxLength: 20 }), (parts) => {
        const { text, sentences } = readAnswer(parts.join(''), key);
        let end = 0;
        for (const sentence of sentences) {
          expect(sentence.start).toBeGreaterThanOrEqual(end);
          expect(sentence.end).toBeGreaterThan(sentence.start);
          expect(text.slice(sentence.start, sentence.end)).toMatch(/^\S[^]*\S$|^\S$/);
          end = sentence.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { seed: 67, numRuns: 200 },
    );
  });
});

it.each([
  ['**Horario** y ~~antes~~ __ahora__', '*Horario* y ~antes~ *ahora*'],
  ['## Horario\ntexto', '*Horario*\ntexto'],
  ['* uno\n• dos\n+ tres', '- uno\n- dos\n- tres'],
  ['[aquí](https://example.com/a__b__c?x=**) y [https://example.com](https://example.com)', 'aquí: https://example.com/a__b__c?x=* y https://example.com'],
  ['https://example.com/__a__b*', 'https://example.com/__a__b*'],
  ['uno\n\n\n\ndos\n---\ntres', 'uno\n\ndos\n\ntres'],
  ['*ya* _está_ 2 * 3 = 6', '*ya* _está_ 2 * 3 = 6'],
])('as WhatsApp shows it: %s', (markdown, text) => {
  expect(toWhatsAppMarks(markdown)).toBe(text);
});

it('sentences go on after abbreviations', () => {
  const texts = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));
  expect(texts('Vive en la Av. Reforma, con la Sra. López. Atiende a las 8 a. m. y cierra. 👍')).toEqual(['Vive en la Av. Reforma, con la Sra. López.', 'Atiende a las 8 a. m. y cierra.', '👍']);
  expect(texts('Uno\nDos. ¿Tres? ¡Cuatro!')).toEqual(['Uno', 'Dos.', '¿Tres?', '¡Cuatro!']);
});
