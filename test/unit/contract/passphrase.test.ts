import { expect, test } from 'vitest';
import { findWeakness, judgePassphrase, type PassphraseStrength, type PassphraseWeakness } from '../../../contract/rules/passphrase.ts';

test.each<[string, PassphraseStrength]>([
  ['', 'too_short'],
  ['once letras', 'too_short'],
  ['123456789012', 'weak'],
  ['aaaaaaaaaaaaaa', 'weak'],
  ['abcdefghijklmn', 'weak'],
  ['contraseña1234', 'weak'],
  ['perro gato azul', 'fair'],
  ['Tr3s-tristes-tigres', 'strong'],
  ['lluvia tejado guitarra limon', 'strong'],
  // Characters are counted, not their halves.
  ['😀😁😂🤣😃😄', 'too_short'],
])('“%s” is %s', (text, strength) => expect(judgePassphrase(text)).toBe(strength));

test.each<[string, PassphraseWeakness | null]>([
  ['810274659310', 'digits'],
  ['aaaaaaaaaaaaaa', 'repeats'],
  ['abcdefghijklmn', 'run'],
  ['contraseña1234', 'common'],
  ['perro gato azul', null],
])('why “%s” is weak: %s', (text, weakness) => expect(findWeakness(text)).toBe(weakness));
