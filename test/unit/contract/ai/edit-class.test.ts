import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyEdit, editShare } from '../../../../contract/ai/edit-class.ts';

test.each<[string, string | null, string]>([
  ['Abrimos a las 8.', 'Abrimos a las 8.', 'as_is'],
  ['Abrimos a las 8.', '  Abrimos a las 8.\r\n', 'as_is'],
  ['atención', 'atencio\u0301n', 'as_is'],
  ['una\r\ndos', 'una\ndos', 'as_is'],
  ['1234567890', '123456789x', 'light'],
  ['1234567890', '123456xxxx', 'heavy'],
  ['1234567890', '1234567xxx', 'light'],
  ['12345', '1234567', 'light'],
  ['123', '12345', 'heavy'],
  ['Abrimos.', '', 'heavy'],
  ['Abrimos.', null, 'discarded'],
  ['', '', 'as_is'],
])('%j sent as %j is %s', (draft, sent, wanted) => {
  expect(classifyEdit(draft, sent)).toBe(wanted);
});

test('what people see as one character is one change', () => {
  expect(editShare('👨‍👩‍👧👨‍👩‍👧', '👨‍👩‍👧👍🏽')).toBe(0.5);
  expect(editShare('e\u0301\u0301a', 'xa')).toBe(0.5);
});

/** The textbook's recursion, for short texts. */
function slowDistance(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return one.length + other.length;
  const [first, second] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return slowDistance(first, second);
  return 1 + Math.min(slowDistance(first, other), slowDistance(one, second), slowDistance(first, second));
}
test('the share is the fewest changes over the longer text, both ways the same (seed 62)', () => {
  const short = fc.array(fc.constantFrom('a', 'b', 'é', '👍🏽'), { maxLength: 6 });
  fc.assert(
    fc.property(short, short, (one, other) => {
      const share = editShare(one.join(''), other.join(''));
      expect(share).toBeCloseTo(one.length + other.length === 0 ? 0 : slowDistance(one, other) / Math.max(one.length, other.length), 10);
      expect(editShare(other.join(''), one.join(''))).toBe(share);
    }),
    { seed: 62, numRuns: 300 },
  );
});
