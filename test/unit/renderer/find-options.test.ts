/** What Enter takes after two or three letters must be whom they meant. */
import { expect, test } from 'vitest';
import { findOptions } from '../../../renderer/conversation/find-options.ts';

const OPTIONS = [
  { label: 'Yo · Ana Pérez', group: 'people' },
  { label: 'Nadie', group: 'people', isNone: true },
  { label: 'Claudie Xol', group: 'people' },
  { label: 'Diego Ramírez', group: 'people' },
  { label: 'Pagos', group: 'teams' },
  { label: 'Ningún equipo', group: 'teams', isNone: true },
];
const found = (typed: string): string[] => findOptions(OPTIONS, typed).map(({ label }) => label);

test('who begins with what was typed comes before who only contains it, and nobody is never found by its middle', () => {
  expect(found('die')).toEqual(['Diego Ramírez', 'Claudie Xol']);
  expect(found('nad')).toEqual(['Nadie']);
  expect(found('equi')).toEqual([]);
});

test('any word of a name counts, without its accents, and so does a name over several words', () => {
  expect(found('ramirez')).toEqual(['Diego Ramírez']);
  expect(found('ana pe')).toEqual(['Yo · Ana Pérez']);
});

test('a group in which a name begins so comes first', () => {
  expect(found('pa')).toEqual(['Pagos']);
  expect(findOptions([{ label: 'Josepa', group: 'people' }, ...OPTIONS], 'pa').map(({ label }) => label)).toEqual(['Pagos', 'Josepa']);
  expect(findOptions(OPTIONS, ' ')).toBe(OPTIONS);
});
