import { describe, expect, it } from 'vitest';
import { readPhoneInput } from '../../../main/engine/conversations/phone-input.ts';

const GUATEMALA = '+502 2334 4550';
const digitsOf = (text: string, own: string | null = GUATEMALA): string | null => {
  const input = readPhoneInput(text, own);
  return input.isComplete ? input.digits : null;
};

describe('a number that somebody types', () => {
  it.each([
    ['5555 1234', '50255551234'],
    ['5555-1234', '50255551234'],
    ['+50255551234', '50255551234'],
    ['00502 5555 1234', '50255551234'],
    ['50255551234', '50255551234'],
    ['+1 (212) 555-0123', '12125550123'],
    ['+52 55 1234 5678', '525512345678'],
    ['5215512345678', '525512345678'],
    ['+52 1 55 1234 5678', '525512345678'],
    ['+54 9 11 2345-6789', '5491123456789'],
    ['+55 31 98765-4321', '5531987654321'],
  ])('means, in Guatemala: %s', (typed, digits) => {
    expect(digitsOf(typed)).toBe(digits);
  });

  it('is of the country of the own number first, and eight digits are still Guatemalan where they are none there', () => {
    expect(digitsOf('55 1234 5678', '+52 55 8765 4321')).toBe('525512345678');
    expect(digitsOf('5555 1234', '+52 55 8765 4321')).toBe('50255551234');
    expect(digitsOf('5555 1234', null)).toBe('50255551234');
  });

  it.each(['', '12', '555', '+502 5555', 'abc', '5555 1234 ext 5', '+999 1234567890', '++502', '5555 1234; 5555 1235'])('is none (yet): %s', (typed) => {
    expect(digitsOf(typed)).toBeNull();
  });

  it('is shown as far as it goes, with the country that it will be of', () => {
    expect(readPhoneInput('5555', GUATEMALA)).toEqual({ isComplete: false, formatted: '5555', country: 'GT' });
    expect(readPhoneInput('+52 55', GUATEMALA)).toMatchObject({ isComplete: false, country: 'MX' });
    expect(readPhoneInput('', GUATEMALA)).toEqual({ isComplete: false, formatted: null, country: 'GT' });
    expect(readPhoneInput('55551234', GUATEMALA)).toEqual({ isComplete: true, digits: '50255551234', formatted: '+502 5555 1234', country: 'GT' });
  });
});
