import { expect, test } from 'vitest';
import { HUES, hueOf, initialsOf } from '../../../renderer/ui/initials.ts';

test.each([
  ['Ingrid Morales · Cond. Las Orquídeas', 'IM'],
  ['Karla Estrada (Hotel Casa Jade)', 'KE'],
  ['Ing. Héctor Velásquez', 'HV'],
  ['Óscar Ramírez · técnico', 'ÓR'],
  ['Lucía Pérez López', 'LP'],
  ['ana', 'A'],
  ['+502 5555 1234', ''],
  ['🔧🔧', ''],
  ['محمد علي', 'مع'],
  ['', ''],
])('%s → %s', (name, expected) => expect(initialsOf(name)).toBe(expected));

test('a person keeps their hue, and all hues are used', () => {
  expect(hueOf('contact-17')).toBe(hueOf('contact-17'));
  expect(new Set(Array.from({ length: 200 }, (_, index) => hueOf(`c${index}`))).size).toBe(HUES);
});
