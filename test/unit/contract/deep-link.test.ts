/** Links into the program come from outside: whatever is written is read back, and nothing else is a link. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEEP_LINK_IN_TEXT, readDeepLink, workspaceOf, writeDeepLink } from '../../../contract/rules/deep-link.ts';

const id = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => text.isWellFormed() && text.length <= 128 && !/\p{Cc}/u.test(text));

test('what is written is read back, also out of a text', () =>
  fc.assert(
    fc.property(id, id, fc.option(id), (workspace, conversationId, messageId) => {
      const link = writeDeepLink({ workspace, conversationId, messageId });
      fc.pre(link.length <= 600);
      expect(readDeepLink(link)).toEqual({ workspace, conversationId, messageId });
      expect(`(mira ${link}).`.match(DEEP_LINK_IN_TEXT)?.[0]?.replace(/\.$/, '')).toBe(link.replace(/\.$/, ''));
    }),
  ));

test.each([
  '',
  'bandeja:',
  'bandeja://open',
  'bandeja://open/w',
  'bandeja://open/w/',
  'bandeja://open/w/c/m/more',
  'bandeja://open/w/c?x=1',
  'bandeja://open/w/c#x',
  'bandeja://wipe/w/c',
  'https://open/w/c',
  'bandeja://open/w/%',
  'bandeja://open/w/%00',
  'bandeja://open/w/%0a',
  `bandeja://open/w/${'c'.repeat(129)}`,
  'bandeja://open/w/c c',
  'javascript:alert(1)//bandeja://open/w/c',
])('%j is none', (text) => expect(readDeepLink(text)).toBeNull());

test('hostile texts neither throw nor hold things up', () => fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => void readDeepLink(`bandeja://open/${text}`))));

test('a workspace is named by how its id begins', () => expect(workspaceOf('0123456789abcdef')).toBe('01234567'));
