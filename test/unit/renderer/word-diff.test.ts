import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffByWords } from '../../../renderer/ui/word-diff.ts';

test('whole words change, also those with accents', () => {
  expect(diffByWords('La atención es a las 8.', 'La recepción es a las 9.', 'es')).toEqual([
    { kind: 'same', text: 'La ' },
    { kind: 'removed', text: 'atención' },
    { kind: 'added', text: 'recepción' },
    { kind: 'same', text: ' es a las ' },
    { kind: 'removed', text: '8' },
    { kind: 'added', text: '9' },
    { kind: 'same', text: '.' },
  ]);
  expect(diffByWords('atencio\u0301n', 'atención', 'es')).toEqual([{ kind: 'same', text: 'atención' }]);
});

test('both texts can be read from the parts (seed 63)', () => {
  const text = fc.array(fc.constantFrom('hola', ' ', 'año', '\n', '👍🏽', '8:00', ',', 'x'), { maxLength: 30 }).map((words) => words.join(''));
  fc.assert(
    fc.property(text, text, (draft, sent) => {
      const parts = diffByWords(draft, sent, '?');
      const join = (without: string): string =>
        parts
          .filter(({ kind }) => kind !== without)
          .map((part) => part.text)
          .join('');
      expect(join('added')).toBe(draft);
      expect(join('removed')).toBe(sent);
    }),
    { seed: 63, numRuns: 200 },
  );
});
