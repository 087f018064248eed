/** Every fault between Meta and a desktop that can be seeded is named by the connection doctor, by the right check, within 10 s. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTION_CHECKS, type ConnectionCheck } from '../../../contract/entities.ts';
import type { FaultsInput } from '../../../main/demo/meta/faults.ts';
import { startTeam, VERIFY_TOKEN, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const TOTAL_MS = 10_000;
const CUSTOMER = { from: '+50255551234', name: 'María Xicay' };

type Found = Map<string, ConnectionCheck>;
/** @throws if it takes longer than it may: the iterator would then not have ended. */
async function examine({ client }: Pick<Desktop, 'client'>): Promise<Found> {
  const checks: ConnectionCheck[] = [];
  const signal = AbortSignal.timeout(TOTAL_MS);
  for await (const check of await client.diagnostics.connection(undefined, { signal })) checks.push(check);
  expect(signal.aborted, 'it ends in time').toBe(false);
  expect(checks.map(({ id }) => id).toSorted(), 'each check once').toEqual([...CONNECTION_CHECKS].toSorted());
  return new Map(checks.map((check) => [check.id, check]));
}
/** `state code` of every check that is not as it should be. */
const problemsOf = (found: Found): Record<string, string> => Object.fromEntries([...found.values()].filter(({ state }) => state !== 'ok').map(({ id, state, code }) => [id, `${state} ${code}`]));

const arrives = async (team: Team, { client }: Desktop, text: string): Promise<string> => {
  team.meta.customerWrites({ ...CUSTOMER, text });
  return waitUntil('it arrives', async () => {
    const [item] = (await client.conversations.list({})).items;
    return item?.lastMessage && JSON.stringify(item.lastMessage.content).includes(text) ? item.id : null;
  });
};

describe('with everything in order', () => {
  let team: Team;
  let ana: Desktop;
  beforeAll(async () => {
    team = await startTeam({ verifyToken: VERIFY_TOKEN });
    ana = await team.addDesktop({ isDemo: true });
    await arrives(team, ana, 'Hola');
    await ana.engine.waitForIdle(10_000);
  });
  afterAll(() => team.stop());
  afterEach(() => void team.meta.setFaults({ reset: true }));

  test('nothing is found', async () => {
    expect(problemsOf(await examine(ana))).toEqual({});
  });

  test.each<[string, FaultsInput, Record<string, string>]>([
    ['no app is subscribed to the account', { noSubscribedApp: true }, { app_subscribed: 'failed none' }],
    ['the app has not subscribed to messages', { missingFields: ['messages'] }, { webhook_fields: 'failed no_messages' }],
    ['the app has not subscribed to the rest', { missingFields: ['account_update', 'security'] }, { webhook_fields: 'warning missing' }],
    ['another callback URL, where nobody answers', { callbackUrl: 'http://127.0.0.1:9/webhook' }, { webhook_callback: 'warning unreachable' }],
    ['another callback URL without TLS', { callbackUrl: 'http://old.example.com/webhook' }, { webhook_callback: 'failed plain_http' }],
    ['the webhook is switched off', { subscriptionsInactive: true }, { webhook_callback: 'failed inactive' }],
    ['the token has expired', { token: 'expired' }, { token_valid: 'failed expired', token_expiry: 'failed expired', token_permissions: 'unknown refused', app_subscribed: 'unknown refused' }],
    ['the token is none', { token: 'invalid' }, { token_valid: 'failed invalid', token_expiry: 'unknown refused', token_permissions: 'unknown refused', app_subscribed: 'unknown refused' }],
    ['the token ends in a day', { tokenExpiresInS: 86_400 }, { token_expiry: 'warning soon' }],
    ['the token may not do what it has to', { missingPermissions: ['whatsapp_business_messaging'] }, { token_permissions: 'failed missing' }],
    ['customers are unhappy', { quality: 'RED' }, { number_quality: 'failed red' }],
    ['the number is restricted', { numberStatus: 'RESTRICTED' }, { number_health: 'failed not_connected' }],
    ['the number is blocked', { canSend: 'BLOCKED' }, { number_health: 'failed blocked' }],
    ['the limit is reached', { limitReached: true }, { number_limits: 'failed reached' }],
    ["Meta's clock differs from all others", { clockSkewMs: 600_000 }, { clock_skew: 'warning meta' }],
  ])('%s', async (_name, faults, expected) => {
    team.meta.setFaults(faults);
    const problems = problemsOf(await examine(ana));
    // A refused token also says so for the number; which check names the cause is what counts.
    expect(problems).toMatchObject(expected);
    const alsoKnown = new Set([...Object.keys(expected), ...('token' in faults ? ['number_health', 'number_quality', 'number_limits'] : [])]);
    expect(Object.keys(problems).filter((id) => !alsoKnown.has(id))).toEqual([]);
  });

  test('Meta is away', async () => {
    team.meta.setFaults({ refuse: 'unavailable' });
    expect(problemsOf(await examine(ana))).toMatchObject({
      meta_reachable: 'failed outage',
      token_valid: 'unknown no_meta',
      number_health: 'unknown no_meta',
      webhook_callback: 'unknown not_readable',
    });
    team.meta.setFaults({ reset: true, refuse: 'reset' });
    expect(problemsOf(await examine(ana))).toMatchObject({ meta_reachable: 'failed unreachable' });
  });

  test('messages fail', async () => {
    const conversationId = await arrives(team, ana, 'Otra vez');
    team.meta.setFaults({ failStatuses: [{ code: 131049 }] });
    await ana.client.messages.sendText({ conversationId, text: 'Esta no llega' });
    await waitUntil('it failed', async () => (await ana.client.messages.page({ conversationId })).items.at(-1)?.delivery === 'failed');
    const { outbox } = Object.fromEntries(await examine(ana)) as { outbox: ConnectionCheck };
    expect([outbox.code, outbox.facts['code']]).toEqual(['failures', 131049]);
  });

  test('the verify token typed at Meta is another one', async () => {
    const webhook = `${team.relay.url}/api/whatsapp/webhook`;
    const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': 'a typing error', 'hub.challenge': '1' });
    expect((await fetch(`${webhook}?${query.toString()}`)).status).toBe(403);
    expect(problemsOf(await examine(ana))['webhook_verified']).toBe('failed wrong_token');
    await arrives(team, ana, 'Y sin embargo llega');
    expect(problemsOf(await examine(ana))['webhook_verified']).toBe('warning wrong_token_since');
  });

  test('the address at Meta is one that does not know us, and no secret is told to it', async () => {
    team.meta.setFaults({ callbackUrl: `${team.meta.url()}/_state` });
    const found = await examine(ana);
    expect(problemsOf(found)).toMatchObject({ webhook_callback: 'failed elsewhere' });
    expect(JSON.stringify([...found])).not.toContain(VERIFY_TOKEN);
  });

  test('the relay is gone, and says nothing of the webhook then', async () => {
    await team.relay.kill();
    expect(problemsOf(await examine(ana))).toMatchObject({ relay_reachable: 'failed unreachable', webhook_signature: 'unknown no_relay', webhook_fields: 'unknown no_relay' });
    await team.relay.restart();
    await waitUntil('it is back', async () => (await ana.client.session.sync({})).state === 'live');
  });
});

test('the app secret of the relay is another one than that of the app at Meta', async () => {
  const team = await startTeam({ relayEnv: { META_APP_SECRET: 'not the one' }, verifyToken: VERIFY_TOKEN });
  try {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...CUSTOMER, text: 'Nadie lo lee' });
    await waitUntil('Meta was refused', () => team.meta.state().webhooks.refused > 0);
    expect(problemsOf(await examine(ana))).toMatchObject({ webhook_signature: 'failed wrong_secret', webhook_callback: 'unknown not_readable' });
  } finally {
    await team.stop();
  }
});

test('a relay that does not know its app says that it cannot ask', async () => {
  const team = await startTeam({ relayEnv: { META_APP_ID: '' } });
  try {
    const ana = await team.addDesktop();
    expect(problemsOf(await examine(ana))).toMatchObject({ webhook_callback: 'unknown no_app_id', webhook_fields: 'unknown no_app_id', relay_https: 'warning same_machine' });
  } finally {
    await team.stop();
  }
});

test('webhooks have gone silent although we write; and a clock that is wrong is named', async () => {
  const team = await startTeam();
  try {
    const ana = await team.addDesktop();
    const conversationId = await arrives(team, ana, 'Hola');
    team.meta.setFaults({ holdWebhooks: true });
    await ana.client.messages.sendText({ conversationId, text: 'Sin noticia' });
    await waitUntil('Meta took it', async () => (await ana.client.messages.page({ conversationId })).items.at(-1)?.delivery === 'sent');
    expect(problemsOf(await examine(ana))['last_event']).toBeUndefined();

    await team.shiftClock(10 * 60_000);
    await ana.engine.waitForIdle(10_000);
    // Relay and Meta agree; this computer does not.
    const found = problemsOf(await examine(ana));
    expect(found['clock_skew']).toBe('warning this_computer');

    ana.engine.wakeUp();
    await waitUntil('the time of the relay is known', async () => Math.abs((await ana.client.session.get({})).clockOffset - 600_000) < 60_000);
    expect(problemsOf(await examine(ana))['last_event']).toBe('failed silent');
  } finally {
    await team.stop();
  }
});

test('the clock of the relay alone is wrong', async () => {
  const team = await startTeam();
  try {
    const ana = await team.addDesktop();
    // Meta's goes back to this machine's.
    await team.shiftClock(600_000);
    team.meta.setFaults({ clockSkewMs: -600_000 });
    expect(problemsOf(await examine(ana))['clock_skew']).toBe('failed relay');
  } finally {
    await team.stop();
  }
});

test('a relay without TLS in another place is not spoken to', async () => {
  const team = await startTeam();
  try {
    const ana = await team.addDesktop();
    await ana.stop();
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    again.engine.setRelayUrl('http://relay.example.com');
    expect(problemsOf(await examine(again))).toMatchObject({ relay_https: 'failed plain_http', relay_reachable: 'failed unreachable' });
  } finally {
    await team.stop();
  }
});
