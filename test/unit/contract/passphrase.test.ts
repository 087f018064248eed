import { expect, test } from 'vitest';
import { judgePassphrase, type PassphraseStrength } from '../../../contract/rules/passphrase.ts';

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
