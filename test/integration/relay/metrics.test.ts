import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { connectDesktop, enrollDevice, postWebhook, sign, startRelay, textMessage } from './relay-harness.ts';

/** Value of each series, by name and labels as they stand in the text. */
function read(text: string): Record<string, number> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

test('what Prometheus reads is what happened', async () => {
  let failures = 0;
  const now = 1_764_000_003_000; // three seconds after what `textMessage` says
  await using relay = await startRelay({
    ports: { ...systemPorts, now: () => now },
    settings: { metricsPort: 0 },
    wrap: (store) => ({ ...store, append: async (group) => ((failures -= 1) === 0 ? Promise.reject(new Error('SQLITE_FULL')) : store.append(group)) }),
  });
  const metricsUrl = relay.relay.metricsUrl ?? '';
  const { token } = await enrollDevice(relay);
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  for (const wamid of ['a', 'b', 'a']) expect(await postWebhook(relay.webhookUrl, textMessage(wamid))).toBe(200);
  failures = 1;
  expect(await postWebhook(relay.webhookUrl, textMessage('c'))).toBe(500);
  expect(await postWebhook(relay.webhookUrl, '{}', { 'x-hub-signature-256': sign('x') })).toBe(401);
  await fetch(`${relay.url}/sesame`);
  await expect(connectDesktop(relay.url, 'wrong')).rejects.toThrow('401');

  const response = await fetch(metricsUrl);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(read(text)).toMatchObject({
    'bandeja_relay_webhook_items_total{outcome="stored"}': 2,
    'bandeja_relay_webhook_items_total{outcome="duplicate"}': 1,
    bandeja_relay_webhooks_not_stored_total: 1,
    bandeja_relay_webhook_ack_seconds_count: 3,
    bandeja_relay_webhook_lag_seconds_sum: 6,
    bandeja_relay_webhook_lag_seconds_count: 2,
    bandeja_relay_last_webhook_timestamp_seconds: now / 1000,
    bandeja_relay_log_head: 3,
    bandeja_relay_log_duplicates: 1,
    bandeja_relay_devices_enrolled: 1,
    bandeja_relay_devices_connected: 1,
    bandeja_relay_backlog_bytes: 0,
    bandeja_relay_store_up: 1,
    'bandeja_relay_responses_total{route="/api/whatsapp/webhook",status="200"}': 3,
    'bandeja_relay_responses_total{route="/api/whatsapp/webhook",status="500"}': 1,
    'bandeja_relay_responses_total{route="/api/whatsapp/webhook",status="401"}': 1,
    'bandeja_relay_responses_total{route="other",status="404"}': 1,
    'bandeja_relay_responses_total{route="/api/sync",status="101"}': 1,
    'bandeja_relay_responses_total{route="/api/sync",status="401"}': 1,
  });
  expect(read(text)['bandeja_relay_disk_free_bytes']).toBeGreaterThan(0);
  expect(text).not.toMatch(/sesame|Ana|5025551234/);

  // Every metric that the alerts look at is there.
  const rules = await readFile(path.resolve(import.meta.dirname, '../../../docs/prometheus-alerts.yml'), 'utf8');
  const named = new Set(rules.match(/\b(bandeja_relay|nodejs)_\w+/g));
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !text.includes(`${name}{`) && !text.includes(`${name} `))).toEqual([]);

  desktop.end();
  await waitUntil('it has left', async () => read(await (await fetch(metricsUrl)).text())['bandeja_relay_devices_connected'] === 0);
});

test('metrics have a port of their own, and a token where there is one', async () => {
  await using relay = await startRelay({ settings: { metricsPort: 0, metricsToken: 'metrics-token-for-tests' } });
  const url = relay.relay.metricsUrl ?? '';
  const status = async (address: string, init: RequestInit = {}): Promise<number> => (await fetch(address, init)).status;
  const withToken = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
  expect(await Promise.all([status(url), status(url, withToken('metrics-token-for-test')), status(url, withToken('metrics-token-for-tests'))])).toEqual([401, 401, 200]);
  expect(await Promise.all([status(`${url}/x`), status(url, { method: 'POST' }), status(`${relay.url}/metrics`, withToken('metrics-token-for-tests'))])).toEqual([404, 405, 404]);
});

test('a log that cannot be read is itself a metric', async () => {
  await using relay = await startRelay({ settings: { metricsPort: 0 }, wrap: (store) => ({ ...store, readStatus: () => Promise.reject(new Error('disk I/O error')) }) });
  expect(read(await (await fetch(relay.relay.metricsUrl ?? '')).text())['bandeja_relay_store_up']).toBe(0);
});
