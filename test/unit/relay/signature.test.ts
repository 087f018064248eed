import { expect, test } from 'vitest';
import { createSignatureCheck, isSameSecret } from '../../../webhook-relay/signature.ts';
import signatureCases from '../../fixtures/signature-cases.json' with { type: 'json' };

const isFromMeta = createSignatureCheck(signatureCases.secret);

for (const { name, raw_base64: raw, header, valid, why } of signatureCases.cases) {
  test(`signature: ${name} is ${valid ? 'accepted' : 'refused'} (${why})`, () => {
    expect(isFromMeta(Buffer.from(raw, 'base64'), header)).toBe(valid);
  });
}

test('a missing header and a doubled one are refused', () => {
  const { header } = signatureCases.cases[0] as { header: string };
  expect(isFromMeta(Buffer.alloc(0), undefined)).toBe(false);
  expect(isFromMeta(Buffer.from(signatureCases.cases[0]?.raw_base64 ?? '', 'base64'), `${header}, ${header}`)).toBe(false);
  expect(isFromMeta(Buffer.from(signatureCases.cases[0]?.raw_base64 ?? '', 'base64'), `${header}\n`)).toBe(false);
});

test('secrets of different length compare without an exception', () => {
  expect(isSameSecret('a', 'a')).toBe(true);
  expect(isSameSecret('a', 'ab')).toBe(false);
  expect(isSameSecret('', 'ab')).toBe(false);
});
