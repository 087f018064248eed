/** What the connection doctor says of the relay itself. */
import { expect, it } from 'vitest';
import { judgeRelay, type RelayReading } from '../../../main/engine/diagnostics/judge-relay.ts';

const ANSWERED = { status: 'ok', value: {}, tookMs: 12, at: 0 } as RelayReading;

it.each<[string, RelayReading, boolean, string, string]>([
  ['answers', ANSWERED, false, 'ok', 'reachable'],
  ['answers, and greeted this desktop as an older one', ANSWERED, true, 'warning', 'old_relay'],
  ['does not know the question', { status: 'old_relay' }, true, 'warning', 'old_relay'],
  ['was older, and does not answer at all', { status: 'unreachable' }, true, 'failed', 'unreachable'],
])('a relay that %s', (_name, reading, isOld, state, code) => {
  expect(judgeRelay(reading, isOld)).toMatchObject({ id: 'relay_reachable', state, code });
});
