import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signBody, toMetaJson } from '../../../main/demo/meta/wire-json.ts';

describe("Meta's JSON on the wire", () => {
  it('would hide receivers that re-serialise before checking the signature, if it were plain JSON', () => {
    expect(toMetaJson({ a: '¿Cuánto?' })).toBe(String.raw`{"a":"\u00bfCu\u00e1nto?"}`);
    expect(toMetaJson({ a: 'Gracias 🙏🏽' })).toBe(String.raw`{"a":"Gracias \ud83d\ude4f\ud83c\udffd"}`);
    expect(toMetaJson({ a: 'https://a.gt/b' })).toBe(String.raw`{"a":"https:\/\/a.gt\/b"}`);
    expect(toMetaJson({ 'ñ/': 'מחיר' })).toBe(String.raw`{"\u00f1\/":"\u05de\u05d7\u05d9\u05e8"}`);
    expect(toMetaJson('a\\b\n"\t')).toBe(String.raw`"a\\b\n\"\t"`);
  });

  it('is ASCII only and means the same', () => {
    const value = { text: 'señal ¥ € 𐍈 \u2028 / \\/ "', nested: [1, null, { é: '/' }] };
    const wire = toMetaJson(value);
    expect(wire).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(wire)).toEqual(value);
  });

  it('is signed over these bytes, in lower-case hexadecimal', () => {
    const wire = toMetaJson({ a: 'é/' });
    expect(signBody(wire, 's')).toBe(`sha256=${createHmac('sha256', 's').update(Buffer.from(wire, 'ascii')).digest('hex')}`);
    expect(signBody(wire, 's')).toMatch(/^sha256=[0-9a-f]{64}$/);
  });
});
