import { createHash, createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { MESSAGE_KINDS } from '../../../main/demo/meta/sample-messages.ts';
import { createMetaStandIn } from '../../../main/demo/meta/stand-in.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { APP_SECRET, CUSTOMER, startBench, type Bench } from './support.ts';

let bench: Bench;
afterEach(() => bench.stop());

describe('a webhook', () => {
  it("is signed over the bytes it has, which are Meta's and not those of JSON.stringify", async () => {
    bench = await startBench();
    bench.meta.customerWrites({ from: CUSTOMER, name: 'José Peña', text: '¿Cotización? https://a.gt/b 🙏' });
    await waitUntil('it came', () => bench.receiver.received.length === 1);
    const [first] = bench.receiver.received;
    if (!first) throw new Error('nothing was received');
    const { raw, headers, body } = first;
    expect(headers['x-hub-signature-256']).toBe(`sha256=${createHmac('sha256', APP_SECRET).update(raw).digest('hex')}`);
    expect(raw.toString('latin1')).toContain(String.raw`\u00bfCotizaci\u00f3n? https:\/\/a.gt\/b \ud83d\ude4f`);
    expect(JSON.stringify(body)).not.toBe(raw.toString('utf8'));
    expect(body).toMatchObject({
      object: 'whatsapp_business_account',
      entry: [
        {
          changes: [
            {
              field: 'messages',
              value: { contacts: [{ profile: { name: 'José Peña' }, wa_id: CUSTOMER }], messages: [{ from: CUSTOMER, type: 'text', text: { body: '¿Cotización? https://a.gt/b 🙏' } }] },
            },
          ],
        },
      ],
    });
  });

  it('would be lost if it were not repeated until the answer is 200', async () => {
    bench = await startBench();
    bench.receiver.answerNext(500, 503, 302, 404);
    const { id } = bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    await waitUntil('it was delivered', () => bench.meta.state().webhooks.delivered === 1);
    expect(bench.receiver.messages().map((message) => message['id'])).toEqual(Array.from({ length: 5 }, () => id));
    expect(new Set(bench.receiver.received.map(({ raw }) => raw.toString('utf8'))).size).toBe(1);
    expect(bench.meta.state().webhooks).toMatchObject({ pending: 0, attempts: 5, refused: 4, lastStatus: 200 });
  });

  it('comes when the receiver is there again', async () => {
    bench = await startBench();
    await bench.receiver.stop();
    bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    await waitUntil('it was tried', () => bench.meta.state().webhooks.refused > 1);
    expect(bench.meta.state().webhooks).toMatchObject({ pending: 1, delivered: 0, lastStatus: null });
    bench.receiver = await startWebhookReceiver({ port: Number(new URL(bench.receiver.url).port) });
    await waitUntil('it came', () => bench.receiver.messages().length === 1);
  });

  it('carries any type that a customer can send, many at once, as old as it is', async () => {
    bench = await startBench();
    const answer = await fetch(`${bench.meta.url()}/_customer`, {
      method: 'POST',
      body: JSON.stringify({ from: '+502 5550-1234', name: 'Ana', type: 'location', message: { location: { latitude: 14.6, longitude: -90.5 } }, timestamp: 1_790_000_000 }),
    });
    const { id } = (await answer.json()) as { id: string };
    await waitUntil('it came', () => bench.receiver.messages().length === 1);
    expect(bench.receiver.messages()[0]).toEqual({ from: CUSTOMER, id, timestamp: '1790000000', type: 'location', location: { latitude: 14.6, longitude: -90.5 } });
    bench.meta.customerWrites({ from: CUSTOMER, text: 'mensaje {n}', times: 20 });
    await waitUntil('all came', () => bench.receiver.messages().length === 21);
    expect(new Set(bench.receiver.messages().map((message) => JSON.stringify(message['text']))).size).toBe(21);
    const wrong = await fetch(`${bench.meta.url()}/_customer`, { method: 'POST', body: JSON.stringify({ text: 'de nadie' }) });
    expect(wrong.status).toBe(400);
  });

  it('of each kind can be asked for, with a file that is what its digest says', async () => {
    bench = await startBench();
    for (const kind of MESSAGE_KINDS) bench.meta.customerWrites({ from: CUSTOMER, kind });
    await waitUntil('all came', () => bench.receiver.messages().length === MESSAGE_KINDS.length);
    const files = bench.receiver.messages().flatMap((message) => {
      const file = message[String(message['type'])] as { id?: string; sha256?: string; url?: string } | undefined;
      return file?.sha256 === undefined ? [] : [file];
    });
    expect(files).toHaveLength(6);
    for (const { url, sha256 } of files) {
      const bytes = Buffer.from(await (await fetch(url ?? '', { headers: { authorization: 'Bearer t' } })).arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('base64')).toBe(sha256);
    }
  });

  it('tells what is about another message or about the customer', async () => {
    bench = await startBench();
    const { id } = bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    bench.meta.customerWrites({ from: CUSTOMER, reactsTo: id, emoji: '' });
    bench.meta.customerWrites({ from: CUSTOMER, edits: id, text: 'Hola, buenas' });
    bench.meta.customerWrites({ from: CUSTOMER, revokes: id });
    bench.meta.customerWrites({ from: CUSTOMER, changesNumberTo: '50255509999' });
    expect(() => bench.meta.customerWrites({ from: CUSTOMER, edits: id })).toThrow('edits needs text');
    await waitUntil('all came', () => bench.receiver.messages().length === 5);
    expect(bench.receiver.messages().find(({ type }) => type === 'reaction')).toMatchObject({ reaction: { message_id: id } });
    expect(bench.receiver.messages().find(({ type }) => type === 'edit')).toMatchObject({ edit: { original_message_id: id, message: { type: 'text', text: { body: 'Hola, buenas' } } } });
    expect(bench.receiver.messages().find(({ type }) => type === 'revoke')).toMatchObject({ revoke: { original_message_id: id } });
    expect(bench.receiver.messages().find(({ type }) => type === 'system')).toMatchObject({ system: { type: 'user_changed_number', new_wa_id: '50255509999' } });
  });

  it('comes from the phone, from standby and from the account', async () => {
    bench = await startBench();
    const post = (path: string, body: unknown): Promise<Response> => fetch(`${bench.meta.url()}${path}`, { method: 'POST', body: JSON.stringify(body) });
    bench.meta.customerWrites({ from: CUSTOMER, text: '¿Hay alguien?', isStandby: true });
    expect((await post('/_phone', { to: CUSTOMER, kind: 'image' })).status).toBe(200);
    expect((await post('/_webhook', { field: 'account_update', value: { event: 'ACCOUNT_VIOLATION' } })).status).toBe(200);
    expect((await post('/_phone', { text: 'a nadie' })).status).toBe(400);
    await waitUntil('all came', () => bench.receiver.received.length === 3);
    const changes = bench.receiver.received.flatMap(({ body }) => (body as { entry: { changes: { field: string; value: unknown }[] }[] }).entry.flatMap((entry) => entry.changes));
    expect(changes.find(({ field }) => field === 'standby')).toMatchObject({ value: { standby: { messages: [{ text: { body: '¿Hay alguien?' } }] } } });
    expect(changes.find(({ field }) => field === 'smb_message_echoes')).toMatchObject({ value: { message_echoes: [{ to: CUSTOMER, type: 'image' }] } });
    expect(changes.find(({ field }) => field === 'account_update')).toEqual({ field: 'account_update', value: { event: 'ACCOUNT_VIOLATION' } });
  });

  it('address is verified as the dashboard does it', async () => {
    bench = await startBench();
    const receiver = await startWebhookReceiver({ verifyToken: 'verify me' });
    for (const [verifyToken, expected] of [
      ['verify me', true],
      ['something else', false],
    ] as const) {
      const meta = createMetaStandIn({ webhookUrl: receiver.url, appSecret: APP_SECRET, verifyToken });
      await meta.start();
      expect(await waitUntil('the address was tried', () => meta.state().verified !== null && [meta.state().verified])).toEqual([expected]);
      await meta.stop();
    }
    await receiver.stop();
  });

  it('has the same ids in every run with the same seed, and others with another', async () => {
    bench = await startBench({ seed: 7 });
    const other = createMetaStandIn({ webhookUrl: null, appSecret: APP_SECRET, seed: 7 });
    const third = createMetaStandIn({ webhookUrl: null, appSecret: APP_SECRET, seed: 8 });
    const [a, b, c] = [bench.meta, other, third].map((meta) => meta.customerWrites({ from: CUSTOMER, text: 'Hola', times: 3 }).ids);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});
