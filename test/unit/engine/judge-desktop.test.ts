/** What a desktop's own rows prove of the way from Meta and of the account, and what they do not. */
import { describe, expect, it, test } from 'vitest';
import type { AccountEvent } from '../../../contract/entities.ts';
import type { EventRow } from '../../../main/engine/db/diagnostic-queries.ts';
import { judgeAccount, judgeKeys, judgeLastEvent } from '../../../main/engine/diagnostics/judge-desktop.ts';
import { findAccountProblem } from '../../../renderer/store/account-store.ts';

const NOW = 1_800_000_000_000;
const MINUTE_MS = 60_000;

const messageEvent = (field: string, writtenAt: number, receivedAt: number): EventRow => ({
  seq: 1,
  receivedAt,
  body: JSON.stringify({ item: 'message', field, wabaId: '1', payload: { id: 'wamid.1', type: 'text', timestamp: String(writtenAt / 1000) } }),
  outcome: 'applied',
  messageId: null,
});

test('a message that was long on its way is late, an imported one is not', () => {
  const old = NOW - 30 * 24 * 60 * MINUTE_MS;
  expect(judgeLastEvent([messageEvent('messages', old, NOW)], null, true, NOW)).toMatchObject({ state: 'warning', code: 'late' });
  expect(judgeLastEvent([messageEvent('history', old, NOW)], null, true, NOW)).toMatchObject({ state: 'ok', code: 'fresh' });
});

test('no status after a message is silence only where everything that the relay has is here', () => {
  const events = [messageEvent('messages', NOW - 10 * MINUTE_MS, NOW - 10 * MINUTE_MS)];
  expect(judgeLastEvent(events, NOW - 5 * MINUTE_MS, true, NOW)).toMatchObject({ state: 'failed', code: 'silent' });
  expect(judgeLastEvent(events, NOW - 5 * MINUTE_MS, false, NOW)).toMatchObject({ state: 'ok', code: 'fresh' });
});

const event = (part: Partial<AccountEvent>): AccountEvent => ({ id: 'e_1', at: 1, field: 'errors', event: '131000', subject: '109876500000001', severity: 'error', detail: {}, ...part });

describe('an error that belongs to no message', () => {
  it('is worth a look, and troubles nobody, while the account can send', () => {
    const events = [event({}), event({ id: 'e_2', field: 'account_update', event: 'ACCOUNT_VIOLATION', severity: 'warning' })];
    expect(judgeAccount(events)).toMatchObject({ state: 'warning', facts: { event: '131000', count: 2 } });
    expect(findAccountProblem({ events })).toBeNull();
  });

  it('is a problem of everybody when it says that the account may not send', () => {
    const events = [event({}), event({ id: 'e_2', event: '131042' })];
    expect(judgeAccount(events)).toMatchObject({ state: 'failed', facts: { event: '131042', count: 1 } });
    expect(findAccountProblem({ events })?.id).toBe('e_2');
  });

  it('does not stand before what Meta says of the account', () => {
    const events = [event({}), event({ id: 'e_2', field: 'account_update', event: 'DISABLED_UPDATE' })];
    expect(judgeAccount(events)).toMatchObject({ state: 'failed', facts: { event: 'DISABLED_UPDATE', count: 1 } });
    expect(findAccountProblem({ events })?.id).toBe('e_2');
  });
});

test.each([
  ['system', false, 'ok'],
  ['file', false, 'warning'],
  ['obscured', false, 'warning'],
  ['file', true, 'ok'],
] as const)('keys kept by «%s», in the demo %s: %s', (kept, isDemo, state) => {
  expect(judgeKeys(kept, isDemo)).toMatchObject({ id: 'keys_kept', state, code: kept });
});
