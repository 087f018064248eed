/** Personal data is hidden before it leaves, and comes back exactly. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMasker, unmask } from '../../../../../main/engine/ai/prompt/mask.ts';
import { cleanForModel } from '../../../../../main/engine/ai/prompt/model-copy.ts';
import { runMasking } from '../../../../eval/prompt/masking.ts';

const ALL = { cards: true, ids: true, email: true, phones: true, names: true, addresses: true };
const BY_DEFAULT = { ...ALL, email: false, phones: false, names: false, addresses: false };
const mask = (text: string, masking = ALL) => createMasker({ masking, country: 'GT', names: ['Rosa Xicay de León', 'María Núñez'], addresses: ['12 calle 3-45, zona 10'] }).mask(text);

it('hides at least 99 % of each kind in every way of writing it, and gives back exactly what stood there', () => {
  const { maskedShare, inexact, missed } = runMasking(3_000, 64);
  expect(Object.keys(maskedShare).toSorted()).toEqual(['card', 'email', 'iban', 'id', 'phone']);
  for (const [kind, share] of Object.entries(maskedShare)) expect({ kind, isEnough: share >= 0.99, missed: share >= 0.99 ? [] : missed.slice(0, 5) }).toEqual({ kind, isEnough: true, missed: [] });
  expect(inexact).toBe(0);
});

it('gives any text back exactly', () => {
  fc.assert(
    fc.property(
      fc
        .array(
          fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('4111 1111 1111 1111', ' rosa@example.com ', ' 5555-1234 ', 'Rosa', 'DPI 1234 56789 0101', '⟦CARD_1⟧', ' ES9121000418450200051332 ')),
        )
        .map((parts) => cleanForModel(parts.join(''))),
      (text) => {
        const masker = createMasker({ masking: ALL, country: 'GT', names: ['Rosa Xicay'], addresses: [] });
        expect(unmask(masker.mask(text), masker.masked)).toBe(text);
      },
    ),
    { seed: 65, numRuns: 300 },
  );
});

it('the same words get the same placeholder', () => {
  const masker = createMasker({ masking: ALL, country: 'GT', names: [], addresses: [] });
  expect(masker.mask('a@example.com, b@example.com, a@example.com')).toBe('⟦EMAIL_1⟧, ⟦EMAIL_2⟧, ⟦EMAIL_1⟧');
  expect(masker.mask('b@example.com')).toBe('⟦EMAIL_2⟧');
  expect([...masker.masked]).toEqual([
    ['⟦EMAIL_1⟧', 'a@example.com'],
    ['⟦EMAIL_2⟧', 'b@example.com'],
  ]);
});

it('names and addresses as people write them', () => {
  expect(mask('soy rosa xicay de leon, la Rosa; una rosa roja. MARIA NUÑEZ vive en 12 Calle  3-45, Zona 10')).toBe('soy ⟦NAME_1⟧, la ⟦NAME_2⟧; una rosa roja. ⟦NAME_3⟧ vive en ⟦ADDRESS_1⟧');
});

it.each([
  'Su solicitud SOL-1042 es del 2026-12-04 a las 10:30',
  'del 01-12-2026 al 05-12-2026, entre 2024-2025',
  'Total Q12,500.00 y Q1.250,00 por 20 bolsas',
  'guía 1Z999AA10123456784, factura A-12345',
  'el NIT no lo tengo; avenida 6-40 zona 9, 8 a 17 h',
])('leaves alone what is nobody’s: %s', (text) => {
  expect(mask(text)).toBe(text);
});

it('hides what is switched on, and nothing else', () => {
  const text = 'Rosa, 5555-1234, rosa@example.com, 4111 1111 1111 1111, DPI: 2345 67890 0101';
  expect(mask(text, BY_DEFAULT)).toBe('Rosa, 5555-1234, rosa@example.com, ⟦CARD_1⟧, DPI: ⟦ID_1⟧');
});
