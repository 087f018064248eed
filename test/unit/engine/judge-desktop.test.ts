/** What a desktop's own rows prove of the way from Meta, and what they do not. */
import { expect, test } from 'vitest';
import type { EventRow } from '../../../main/engine/db/diagnostic-queries.ts';
import { judgeLastEvent } from '../../../main/engine/diagnostics/judge-desktop.ts';

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
