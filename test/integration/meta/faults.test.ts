import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_PHONE_NUMBER_ID } from '../../../main/demo/meta/stand-in.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CUSTOMER, startBench, type Bench } from './support.ts';

let bench: Bench;
afterEach(() => bench.stop());

const openWindow = (): void => {
  bench.meta.customerWrites({ from: CUSTOMER, name: 'Ana', text: 'Hola' });
};
const listStatuses = (id: string | undefined): unknown[] =>
  bench.receiver
    .statuses()
    .filter((update) => update['id'] === id)
    .map((update) => update['status']);

describe('what goes wrong with webhooks', () => {
  it('duplicates: every webhook comes several times, byte for byte', async () => {
    bench = await startBench();
    bench.meta.setFaults({ duplicates: 2 });
    openWindow();
    await waitUntil('three copies came', () => bench.receiver.received.length === 3);
    expect(new Set(bench.receiver.received.map(({ raw }) => raw.toString('utf8'))).size).toBe(1);
    bench.meta.setFaults({ duplicates: 0.5 });
    bench.meta.customerWrites({ from: CUSTOMER, text: '{n}', times: 40 });
    await waitUntil('nothing waits', () => bench.meta.state().webhooks.pending === 0);
    const copies = bench.receiver.received.length - 3;
    expect(copies).toBeGreaterThan(45);
    expect(copies).toBeLessThan(75);
  });

  it('disorder: statuses never come in the order in which they happened', async () => {
    bench = await startBench({ statusDelays: { sent: 5, delivered: 60, read: 120 } });
    openWindow();
    bench.meta.setFaults({ disorder: true });
    for (let round = 0; round < 3; round += 1) {
      const id = (await bench.sendText('hola')).body.messages?.[0]?.id;
      await waitUntil('three statuses came', () => listStatuses(id).length === 3);
      expect(listStatuses(id)).not.toEqual(['sent', 'delivered', 'read']);
    }
  });

  it('earlyStatuses: the status is there before the answer to the send', async () => {
    bench = await startBench();
    openWindow();
    bench.meta.setFaults({ earlyStatuses: true });
    const id = (await bench.sendText('hola', { biz_opaque_callback_data: 'early' })).body.messages?.[0]?.id;
    expect(listStatuses(id)).toContain('sent');
    await waitUntil('the others came', () => listStatuses(id).length === 3);
    expect(listStatuses(id).filter((status) => status === 'sent')).toHaveLength(1);
  });

  it('batches: several updates share one webhook and none is lost', async () => {
    bench = await startBench();
    bench.meta.setFaults({ batches: 10 });
    bench.meta.customerWrites({ from: CUSTOMER, name: 'Ana', text: '{n}', times: 25 });
    bench.meta.customerWrites({ from: '50255509999', name: 'Berta', text: 'otra' });
    await waitUntil('nothing waits', () => bench.meta.state().webhooks.pending === 0);
    expect(bench.receiver.received).toHaveLength(3);
    expect(new Set(bench.receiver.messages().map((message) => message['id'])).size).toBe(26);
    expect(bench.receiver.received.map(({ body }) => body.entry[0]?.changes[0]?.value.contacts?.length)).toEqual([10, 10, 6]);
  });

  it('lateMs, holdWebhooks, noStatuses, noReadReceipts: what does not come, or not now', async () => {
    bench = await startBench();
    bench.meta.setFaults({ holdWebhooks: true, lateMs: 20 });
    openWindow();
    await waitUntil('it waits', () => bench.meta.state().webhooks.pending === 1);
    expect(bench.receiver.received).toHaveLength(0);
    bench.meta.setFaults({ holdWebhooks: false, noStatuses: true });
    await waitUntil('it came', () => bench.receiver.received.length === 1);
    const silent = (await bench.sendText('sin estado')).body.messages?.[0]?.id;
    bench.meta.setFaults({ noStatuses: false, noReadReceipts: true });
    const unread = (await bench.sendText('sin lectura')).body.messages?.[0]?.id;
    await waitUntil('it was delivered', () => listStatuses(unread).includes('delivered'));
    await waitUntil('nothing waits', () => bench.meta.state().webhooks.pending === 0);
    expect(listStatuses(silent)).toEqual([]);
    expect(listStatuses(unread)).not.toContain('read');
  });

  it('failStatuses: the message is taken and then fails with this code', async () => {
    bench = await startBench();
    openWindow();
    bench.meta.setFaults({ failStatuses: [{ code: 131026 }] });
    const failing = (await bench.sendText('a')).body.messages?.[0]?.id;
    const fine = (await bench.sendText('b')).body.messages?.[0]?.id;
    await waitUntil('both were told', () => listStatuses(failing).length === 1 && listStatuses(fine).length === 3);
    expect(bench.receiver.statuses().find((update) => update['id'] === failing)).toMatchObject({ status: 'failed', errors: [{ code: 131026, title: expect.any(String) as string }] });
  });
});

describe('what goes wrong with sends', () => {
  it('sendErrors: the next sends are refused in this order, then all is well', async () => {
    bench = await startBench();
    openWindow();
    bench.meta.setFaults({
      sendErrors: [
        { code: 131056, times: 2 },
        { code: 2, isTransient: true },
        { code: 131000, status: 502 },
      ],
    });
    const replies = [];
    for (let call = 0; call < 5; call += 1) replies.push(await bench.sendText('hola'));
    expect(replies.map(({ status, body }) => [status, body.error?.code])).toEqual([
      [400, 131056],
      [400, 131056],
      [503, 2],
      [502, 131000],
      [200, undefined],
    ]);
    expect(replies[2]?.body.error).toMatchObject({ is_transient: true });
    expect(bench.meta.journal().map((call) => call.accepted)).toEqual([false, false, false, false, true]);
  });

  it('sendErrors leave read marks alone', async () => {
    bench = await startBench();
    const { id } = bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    bench.meta.setFaults({ sendErrors: [{ code: 131000 }] });
    expect((await bench.send({ messaging_product: 'whatsapp', status: 'read', message_id: id })).status).toBe(200);
    expect((await bench.sendText('hola')).body.error?.code).toBe(131000);
  });

  it('sendHttp: a page of some proxy instead of JSON', async () => {
    bench = await startBench();
    bench.meta.setFaults({ sendHttp: { status: 502 } });
    const path = `/${DEFAULT_PHONE_NUMBER_ID}/messages`;
    const page = await bench.graph('POST', path, { body: '{}', headers: { 'content-type': 'application/json' } });
    expect(page.status).toBe(502);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect((await bench.graph('POST', path, { body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(400);
  });

  it('dropAfterAccept: the message goes out and is journaled, but the sender never hears of it', async () => {
    bench = await startBench();
    openWindow();
    bench.meta.setFaults({ dropAfterAccept: 1 });
    await expect(bench.sendText('¿llegó?', { biz_opaque_callback_data: 'lost-1' })).rejects.toThrow();
    await waitUntil('it was delivered', () => bench.receiver.statuses().some((update) => update['biz_opaque_callback_data'] === 'lost-1' && update['status'] === 'delivered'));
    expect(bench.meta.journal()).toMatchObject([{ accepted: true, status: null, messageId: expect.stringMatching(/^wamid/) as string }]);
    expect((await bench.sendText('y ahora')).status).toBe(200);
  });

  it('dropBeforeAccept: the message never went out', async () => {
    bench = await startBench();
    openWindow();
    bench.meta.setFaults({ dropBeforeAccept: 1 });
    await expect(bench.sendText('no llegó')).rejects.toThrow();
    expect(bench.meta.journal()).toMatchObject([{ accepted: false, status: null }]);
  });

  it('sendHangMs: accepted at once, answered later or never', async () => {
    bench = await startBench();
    openWindow();
    bench.meta.setFaults({ sendHangMs: 3_600_000 });
    const call = bench.sendText('espera').catch(() => 'cut');
    await waitUntil('it was delivered', () => bench.receiver.statuses().some((update) => update['status'] === 'delivered'));
    expect(bench.meta.journal()).toMatchObject([{ accepted: true, status: null }]);
    await bench.meta.stop();
    expect(await call).toBe('cut');
  });

  it('refuse: the Graph API is down, by answer or by connection, until it is up again', async () => {
    bench = await startBench();
    bench.meta.setFaults({ refuse: 'unavailable' });
    expect((await bench.graph('GET', `/${DEFAULT_PHONE_NUMBER_ID}`)).status).toBe(503);
    bench.meta.setFaults({ refuse: 'reset' });
    await expect(bench.graph('GET', `/${DEFAULT_PHONE_NUMBER_ID}`)).rejects.toThrow();
    const answer = await fetch(`${bench.meta.url()}/_faults`, { method: 'POST', body: '{"reset":true}' });
    expect(await answer.json()).toMatchObject({ faults: { refuse: null, duplicates: 0 } });
    expect((await bench.graph('GET', `/${DEFAULT_PHONE_NUMBER_ID}`)).status).toBe(200);
  });
});

describe('the knobs themselves', () => {
  it('would be set wrong without a word if unknown ones were taken', async () => {
    bench = await startBench();
    for (const body of ['{"duplicate": 1}', '{"duplicates": "many"}', '[]', 'x']) {
      expect((await fetch(`${bench.meta.url()}/_faults`, { method: 'POST', body })).status, body).toBe(400);
    }
    const { knobs } = (await (await fetch(`${bench.meta.url()}/_faults`)).json()) as { knobs: { name: string; meaning: string; shape: string; example: unknown }[] };
    expect(knobs.length).toBeGreaterThan(10);
    for (const { name, meaning, shape, example } of knobs) {
      expect(meaning, name).not.toBe('');
      expect(shape, name).not.toMatch(/^$|anything|undefined/);
      const answer = await fetch(`${bench.meta.url()}/_faults`, { method: 'POST', body: JSON.stringify({ [name]: example }) });
      expect(answer.status, `the example of ${name}`).toBe(200);
    }
  });

  it('stay as they are when others are set', async () => {
    bench = await startBench();
    bench.meta.setFaults({ duplicates: 1 });
    expect(bench.meta.setFaults({ disorder: true })).toMatchObject({ duplicates: 1, disorder: true });
    expect(bench.meta.setFaults({ reset: true, lateMs: 5 })).toMatchObject({ duplicates: 0, disorder: false, lateMs: 5 });
  });
});
