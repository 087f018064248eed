/** What a person who mistyped the recovery code is told by looking at it alone. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { writeRecoveryCode } from '../../../main/engine/keys/recovery-code.ts';
import { findCodeProblem } from '../../../renderer/team-key/code-problem.ts';

const CODE = writeRecoveryCode(randomBytes(32));
const GROUPS = CODE.split('-');
const withGroup = (index: number, group: string): string => GROUPS.with(index, group).join('-');

test.each([
  ['as it was printed', CODE],
  ['in small letters with spaces and line breaks', GROUPS.join(' ').toLowerCase().replace(' ', '\n')],
  ['without gaps', GROUPS.join('')],
  ['with one character changed, of which its look says nothing', withGroup(3, GROUPS[3]?.replace(/^./, (char) => (char === '7' ? '8' : '7')) ?? '')],
])('nothing is to be seen where the code is typed %s', (_how, typed) => {
  expect(findCodeProblem(typed)).toBeNull();
});

test.each([
  ['too short', 4, 'ABC'],
  ['too long', 13, 'ABCDE'],
  ['with a letter that no code has', 0, 'ABUC'],
])('a group that is %s is named', (_how, index, group) => {
  expect(findCodeProblem(withGroup(index, group))).toEqual({ kind: 'group', no: index + 1, group });
});

test('a code with groups missing, too many or without gaps is counted', () => {
  expect(findCodeProblem(GROUPS.slice(1).join('-'))).toEqual({ kind: 'length', found: 52, wanted: 56 });
  expect(findCodeProblem(`${CODE} ABCD`)).toEqual({ kind: 'length', found: 60, wanted: 56 });
  expect(findCodeProblem(CODE.replaceAll('-', '').slice(1))).toEqual({ kind: 'length', found: 55, wanted: 56 });
});
