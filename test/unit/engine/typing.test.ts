/** That somebody writes is shown by the rules of WhatsApp and of the agent: over HTTP to the stand-in, with a clock that the test moves. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Preferences } from '../../../contract/entities.ts';
import { createMetaStandIn, type MetaStandIn } from '../../../main/demo/meta/stand-in.ts';
import { createGraphClient } from '../../../main/engine/whatsapp/graph-client.ts';
import { createWhatsappHealth } from '../../../main/engine/whatsapp/health.ts';
import { createTyping, TYPING_EVERY_MS, type Typing } from '../../../main/engine/whatsapp/typing.ts';
import { AT, createTeamLog } from '../contract/log-writer.ts';

let now: number;
let meta: MetaStandIn;
let log: ReturnType<typeof createTeamLog>;
let typing: Typing;
let preferences: Pick<Preferences, 'showsTyping' | 'readReceipts'>;
const health = createWhatsappHealth(() => undefined);

beforeEach(async () => {
  now = AT + 60_000;
  meta = createMetaStandIn({ webhookUrl: null, appSecret: 'secret', phoneNumberId: '2', now: () => now, seed: 1 });
  await meta.start();
  log = createTeamLog();
  preferences = { showsTyping: true, readReceipts: 'on_reply' };
  health.setConfigured(true);
  typing = createTyping({
    state: log.tx,
    graph: createGraphClient({ baseUrl: meta.url(), fetch, getToken: async () => 'token' }),
    health,
    readPreferences: () => preferences as Preferences,
    now: () => now,
    log: () => undefined,
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  typing.stop();
  await meta.stop();
  log.close();
});

/** How often Meta was asked to show it, once it has heard of that many. Timers stand still here, so it counts turns. */
const shown = async (count: number): Promise<number> => {
  for (let turn = 0; turn < 20_000 && (turn < 50 || meta.journal().length < count); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return meta.journal().length;
};
const pass = (ms: number): void => {
  now += ms;
  vi.advanceTimersByTime(ms);
};

it('is said at once, again while it goes on, and not any more afterwards', async () => {
  typing.note(log.conversationId);
  expect(await shown(1)).toBe(1);
  expect(meta.journal()[0]?.body).toEqual({ messaging_product: 'whatsapp', status: 'read', message_id: `wamid.${log.conversationId.slice(2)}`, typing_indicator: { type: 'text' } });
  typing.note(log.conversationId);
  pass(TYPING_EVERY_MS - 1);
  expect(await shown(1)).toBe(1);
  pass(1);
  expect(await shown(2)).toBe(2);
  pass(TYPING_EVERY_MS);
  expect(await shown(3)).toBe(3);
  typing.note(null);
  pass(10 * TYPING_EVERY_MS);
  expect(await shown(3)).toBe(3);
});

it('is said at most once in twenty seconds, however often somebody stops and goes on', async () => {
  for (let n = 0; n < 10; n += 1) {
    typing.note(log.conversationId);
    typing.note(null);
    pass(1_000);
  }
  expect(await shown(1)).toBe(1);
});

it('is for one customer at a time, each with a pause of their own', async () => {
  const luis = `c_${log.customerWrites({ from: '50255559876' })}`;
  typing.note(log.conversationId);
  typing.note(luis);
  typing.note(log.conversationId);
  expect(await shown(2)).toBe(2);
});

it.each<[string, () => void]>([
  ['the agent does not want it', () => (preferences.showsTyping = false)],
  ['messages are never to be marked as read', () => (preferences.readReceipts = 'never')],
  ['the window is closed', () => (now += 24 * 3_600_000)],
  ['this desktop has no number', () => health.setConfigured(false)],
])('is not said when %s', async (_title, change) => {
  change();
  typing.note(log.conversationId);
  typing.note('c_unknown');
  expect(await shown(0)).toBe(0);
});

it('stops nobody when Meta cannot be reached', async () => {
  meta.setFaults({ refuse: 'unavailable' });
  typing.note(log.conversationId);
  expect(await shown(1)).toBe(1);
});
