/** A retry is offered only where it can help: one that cannot teaches agents to press it for nothing. */
import { expect, test } from 'vitest';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { isWorthRetrying } from '../../../renderer/conversation/failure-text.ts';

test.each([
  ['an unknown failure', undefined, true],
  ['an outage', 131000, true],
  ['undeliverable: one attempt by hand is known to help', 131026, true],
  ['a country that may not be written to', 130497, false],
  ['the own number', 131021, false],
  ['nobody to send to', OWN_ERROR.noRecipient, false],
  ['settled by the agent', OWN_ERROR.settledAsNotSent, true],
  ['left behind by a desktop without access', OWN_ERROR.deviceRevoked, true],
])('%s', (_, code, isWorth) => expect(isWorthRetrying(code, false)).toBe(isWorth));

test('a window that Meta calls closed, whatever we think of it: only once the customer has written again', () => {
  expect(isWorthRetrying(131047, false)).toBe(false);
  expect(isWorthRetrying(131047, true)).toBe(true);
});
