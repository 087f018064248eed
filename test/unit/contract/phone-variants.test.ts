import { expect, it } from 'vitest';
import { phoneTwin } from '../../../contract/rules/phone-variants.ts';

it.each([
  ['5215512345678', '525512345678'],
  ['5491123456789', '541123456789'],
  ['5511987654321', '551187654321'],
])('Mexico, Argentina and Brazil have two ways: %s is %s, and the other way round', (long, short) => {
  expect(phoneTwin(long)).toBe(short);
  expect(phoneTwin(short)).toBe(long);
});

it.each(['50255551234', '16505551234', '551132654321', '521', '5215512', '34600111222', 'abc', ''])('%s has one way only', (digits) => expect(phoneTwin(digits)).toBeNull());
