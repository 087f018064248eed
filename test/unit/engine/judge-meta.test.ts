/** What a refusal by Meta proves, and what it does not. */
import { expect, test } from 'vitest';
import { judgeNumber } from '../../../main/engine/diagnostics/judge-meta.ts';

const refused = (code: number, subcode: number | null) => ({ status: 'refused' as const, error: { code, title: '', detail: null }, subcode, metaNow: null });
const healthOf = (code: number, subcode: number | null): unknown[] => judgeNumber(refused(code, subcode)).flatMap(({ id, state, code: what }) => (id === 'number_health' ? [state, what] : []));

test('a number that Meta does not find is named, a question that Meta does not understand is no fault of the number', () => {
  expect(healthOf(100, 33)).toEqual(['failed', 'unknown_number']);
  expect(healthOf(33, null)).toEqual(['failed', 'unknown_number']);
  expect(healthOf(100, null)).toEqual(['unknown', 'refused']);
});
