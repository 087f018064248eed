/** What is advised after a failure: above all no repeat that cannot help, and none before its time. */
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, findErrorCode, OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { judgeNextStep, NEXT_STEPS, type FailureSituation } from '../../../contract/whatsapp/next-step.ts';

const FAILED_AT = Date.UTC(2026, 10, 22, 18);
const situation = (code: number | null, patch: Partial<FailureSituation> = {}): FailureSituation => ({
  code,
  direction: 'out',
  failedAt: FAILED_AT,
  now: FAILED_AT + 1,
  window: 'open',
  hasCustomerWritten: false,
  isConversationClosed: false,
  isTemplate: false,
  ...patch,
});
const judge = (code: number | null, patch: Partial<FailureSituation> = {}) => judgeNextStep(situation(code, patch));

test.each([
  ['an unknown failure', null, 'retry', true],
  ['a code of the future', 999_999, 'retry', true],
  ['the token', 190, 'reconnect', true],
  ['a permission, by its family', 237, 'reconnect', true],
  ['payment', 131042, 'billing', true],
  ['a restricted account', 368, 'admin', true],
  ['undeliverable: one attempt by hand is known to help', 131026, 'fix_number', true],
  ['the own number', 131021, 'fix_number', false],
  ['a country that may not be written to', 130497, 'nothing', false],
  ['the file', 131053, 'change_file', false],
  ['a request that Meta does not take', 100, 'admin', false],
  ['the window, says Meta', 131047, 'template', false],
  ['the window, say we', OWN_ERROR.windowClosed, 'template', false],
  ['nobody to send to', OWN_ERROR.noRecipient, 'fix_number', false],
  ['settled by the agent', OWN_ERROR.settledAsNotSent, 'retry', true],
  ['left behind by a desktop without access', OWN_ERROR.deviceRevoked, 'retry', true],
] as const)('%s', (_name, code, kind, canRetry) => expect(judge(code)).toEqual({ kind, until: null, canRetry }));

test('a code that says wait gives the moment, and only then the repeat', () => {
  const until = FAILED_AT + 86_400_000;
  expect(judge(131049)).toEqual({ kind: 'wait', until, canRetry: false });
  expect(judge(131049, { now: until - 1 })).toEqual({ kind: 'wait', until, canRetry: false });
  expect(judge(131049, { now: until })).toEqual({ kind: 'retry', until: null, canRetry: true });
});

test('a window that closes before the wait is over leaves a template only', () => {
  expect(judge(131049, { window: 'closed' })).toEqual({ kind: 'template', until: null, canRetry: false });
});

test('what Meta calls closed opens with a later message of the customer, not with our own clock', () => {
  expect(judge(131047, { window: 'open' }).canRetry).toBe(false);
  expect(judge(131047, { hasCustomerWritten: true })).toEqual({ kind: 'retry', until: null, canRetry: true });
  expect(judge(131047, { hasCustomerWritten: true, window: 'closed' })).toEqual({ kind: 'template', until: null, canRetry: false });
});

test('in a closed conversation it has to be reopened first', () => {
  expect(judge(131000, { now: FAILED_AT + 60_000, isConversationClosed: true })).toEqual({ kind: 'reopen', until: null, canRetry: false });
});

test('what the customer sent and WhatsApp could not bring is asked for again', () => {
  expect(judge(131052, { direction: 'in' })).toEqual({ kind: 'ask_file', until: null, canRetry: false });
  expect(judge(131035, { direction: 'in' }).kind).toBe('nothing');
});

describe('every code of the table, and our own', () => {
  const codes = [...ERROR_CODES.flatMap(({ code, codeTo }) => (codeTo === undefined ? [code] : [code, codeTo])), ...Object.values(OWN_ERROR)];

  test('has a step; none that says wait or grow the pause is repeated at once', () => {
    for (const code of codes) {
      const step = judge(code);
      expect(NEXT_STEPS, String(code)).toContain(step.kind);
      const known = findErrorCode(code);
      if (known && known.minWaitS > 0) expect(step, String(code)).toEqual({ kind: 'wait', until: FAILED_AT + known.minWaitS * 1000, canRetry: false });
      if (known?.retry === 'never' && code !== 131026) expect(step.canRetry, String(code)).toBe(false);
    }
  });

  test('is never repeated outside the window or in a closed conversation', () => {
    for (const code of codes) {
      for (const patch of [{ window: 'closed' }, { window: 'none' }, { isConversationClosed: true }] as const)
        expect(judge(code, { now: FAILED_AT + 1e9, ...patch }).canRetry, String(code)).toBe(false);
    }
  });
});
