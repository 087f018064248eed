import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID } from '../../../main/demo/meta/stand-in.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CUSTOMER, startBench, type Bench, type GraphReply } from './support.ts';

let bench: Bench;
afterEach(() => bench.stop());

describe('sending', () => {
  it('answers with the ids that the sender needs, and tells sent, delivered and read with its callback data', async () => {
    bench = await startBench();
    bench.meta.customerWrites({ from: CUSTOMER, name: 'Ana', text: 'Hola' });
    const { status, body } = await bench.sendText('Buenos días', { biz_opaque_callback_data: 'out-1' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ messaging_product: 'whatsapp', contacts: [{ input: `+${CUSTOMER}`, wa_id: CUSTOMER }] });
    const id = body.messages?.[0]?.id ?? '';
    expect(id).toMatch(/^wamid\./);
    await waitUntil('three statuses came', () => bench.receiver.statuses().length === 3);
    expect(bench.receiver.statuses().map((update) => update['status'])).toEqual(expect.arrayContaining(['sent', 'delivered', 'read']));
    for (const update of bench.receiver.statuses())
      expect(update).toMatchObject({ id, recipient_id: CUSTOMER, biz_opaque_callback_data: 'out-1', timestamp: expect.stringMatching(/^\d{10}$/) as string });
    expect(bench.receiver.statuses().find((update) => update['status'] === 'sent')?.['pricing']).toMatchObject({ pricing_model: 'PMP', category: 'service' });
  });

  it('takes free text outside the 24-hour window and then fails it with 131047, but delivers a template', async () => {
    bench = await startBench();
    bench.meta.customerWrites({ from: CUSTOMER, name: 'Ana', text: 'Hola', timestamp: Math.floor(Date.now() / 1000) - 24 * 3600 - 1 });
    expect((await bench.sendText('tarde')).status).toBe(200);
    await waitUntil('it failed', () => bench.receiver.statuses().length === 1);
    expect(bench.receiver.statuses()[0]).toMatchObject({ status: 'failed', errors: [{ code: 131047 }] });
    bench.meta.setTemplates({ seed: [{ body: { name: 'aviso', language: 'es', category: 'UTILITY', components: [{ type: 'BODY', text: 'Su técnico va en camino.' }] } }] });
    const template = await bench.send({ messaging_product: 'whatsapp', to: CUSTOMER, type: 'template', template: { name: 'aviso', language: { code: 'es' } } });
    expect(template.body.messages).toMatchObject([{ message_status: 'accepted' }]);
    await waitUntil('the template was read', () => bench.receiver.statuses().some((update) => update['status'] === 'read'));
    bench.meta.customerWrites({ from: CUSTOMER, text: '¿Siguen ahí?' });
    const again = await bench.sendText('aquí estamos');
    await waitUntil('it was delivered', () => bench.receiver.statuses().some((update) => update['id'] === again.body.messages?.[0]?.id && update['status'] === 'delivered'));
  });

  it('fails free text to somebody who never wrote', async () => {
    bench = await startBench();
    await bench.sendText('hola');
    await waitUntil('it failed', () => bench.receiver.statuses().some((update) => update['status'] === 'failed'));
  });

  it('reaches somebody who is only known by a user id', async () => {
    bench = await startBench();
    bench.meta.customerWrites({ userId: 'GT.1A2b3C', username: 'ana', text: 'Hola' });
    const { body } = await bench.send({ messaging_product: 'whatsapp', recipient: 'GT.1A2b3C', type: 'text', text: { body: 'Hola' } });
    expect(body.contacts).toEqual([{ input: 'GT.1A2b3C', user_id: 'GT.1A2b3C' }]);
    await waitUntil('it was delivered', () => bench.receiver.statuses().some((update) => update['status'] === 'delivered'));
    expect(bench.receiver.statuses()[0]).toMatchObject({ recipient_user_id: 'GT.1A2b3C' });
    expect(bench.receiver.statuses()[0]).not.toHaveProperty('recipient_id');
  });

  it("refuses a wrong body in Meta's shape, naming the field", async () => {
    bench = await startBench();
    const { status, body } = await bench.sendText('');
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 131009,
      type: 'OAuthException',
      error_data: { messaging_product: 'whatsapp', details: expect.stringContaining('text.body') as string },
      fbtrace_id: expect.any(String) as string,
    });
    expect(body.error?.message).toMatch(/^\(#131009\) /);
    const broken = await bench.graph('POST', `/${DEFAULT_PHONE_NUMBER_ID}/messages`, { body: '{"messaging', headers: { 'content-type': 'application/json' } });
    expect(((await broken.json()) as GraphReply).error?.code).toBe(100);
  });

  it('refuses a call without a token, with another token, and to another number', async () => {
    bench = await startBench({ token: 'right' });
    const path = `/${DEFAULT_PHONE_NUMBER_ID}`;
    const withoutToken = await fetch(`${bench.meta.url()}/v26.0${path}`);
    expect(withoutToken.status).toBe(401);
    expect(((await withoutToken.json()) as GraphReply).error?.code).toBe(190);
    expect((await bench.graph('GET', path)).status).toBe(401);
    const right = { headers: { authorization: 'Bearer right' } };
    expect((await bench.graph('GET', path, right)).status).toBe(200);
    expect(((await (await bench.graph('GET', '/404404', right)).json()) as GraphReply).error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it('marks only messages as read that a customer wrote', async () => {
    bench = await startBench();
    const { id } = bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    expect((await bench.send({ messaging_product: 'whatsapp', status: 'read', message_id: id, typing_indicator: { type: 'text' } })).body).toEqual({ success: true });
    expect((await bench.send({ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.unknown' })).body.error?.code).toBe(131009);
  });
});

describe('the journal', () => {
  it('would keep a token if it kept headers, and would mislead if order or acceptance were wrong', async () => {
    bench = await startBench();
    bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    const { body } = await bench.sendText('uno');
    await bench.sendText('');
    await bench.graph('GET', `/${DEFAULT_PHONE_NUMBER_ID}?fields=verified_name`);
    const { calls } = (await (await fetch(`${bench.meta.url()}/_journal`)).json()) as { calls: Record<string, unknown>[] };
    expect(calls).toMatchObject([
      { method: 'POST', path: `/v26.0/${DEFAULT_PHONE_NUMBER_ID}/messages`, body: { text: { body: 'uno' } }, status: 200, accepted: true, messageId: body.messages?.[0]?.id },
      { status: 400, accepted: false },
      { method: 'GET', path: `/v26.0/${DEFAULT_PHONE_NUMBER_ID}`, status: 200, accepted: true },
    ]);
    expect(JSON.stringify(calls)).not.toContain('Bearer');
    await fetch(`${bench.meta.url()}/_journal`, { method: 'DELETE' });
    expect(bench.meta.journal()).toEqual([]);
  });
});

describe('account and media', () => {
  it('gives the fields of the number that were asked for, and refuses unknown ones', async () => {
    bench = await startBench({ verifiedName: 'Aguas' });
    expect(await (await bench.graph('GET', `/${DEFAULT_PHONE_NUMBER_ID}?fields=display_phone_number,verified_name`)).json()).toEqual({
      id: DEFAULT_PHONE_NUMBER_ID,
      display_phone_number: '+502 2334 4550',
      verified_name: 'Aguas',
    });
    expect(((await (await bench.graph('GET', `/${DEFAULT_PHONE_NUMBER_ID}?fields=nope`)).json()) as GraphReply).error?.code).toBe(100);
  });

  it('tells whether an app is subscribed', async () => {
    bench = await startBench();
    const path = `/${DEFAULT_WABA_ID}/subscribed_apps`;
    expect((await (await bench.graph('GET', path)).json()) as unknown).toMatchObject({ data: [{ whatsapp_business_api_data: { name: expect.any(String) as string } }] });
    expect(await (await bench.graph('DELETE', path)).json()).toEqual({ success: true });
    expect(await (await bench.graph('GET', path)).json()).toEqual({ data: [] });
    expect(await (await bench.graph('POST', path)).json()).toEqual({ success: true });
  });

  it('loses what happens while the app is not subscribed, and tells what happens afterwards', async () => {
    bench = await startBench();
    const path = `/${DEFAULT_WABA_ID}/subscribed_apps`;
    await bench.graph('DELETE', path);
    bench.meta.customerWrites({ from: CUSTOMER, text: 'nadie oye' });
    expect(bench.meta.state().webhooks.pending).toBe(0);
    await bench.graph('GET', path);
    await bench.graph('PUT', path);
    await bench.graph('POST', path);
    bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    await waitUntil('a message came', () => bench.receiver.messages().length > 0);
    expect(bench.receiver.messages()).toMatchObject([{ text: { body: 'Hola' } }]);
  });

  it('sends media that a customer wrote with an address, and gives one only for its own number', async () => {
    bench = await startBench();
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('file', new Blob(['bytes'], { type: 'image/png' }), 'foto.png');
    const { id } = (await (await bench.graph('POST', `/${DEFAULT_PHONE_NUMBER_ID}/media`, { body: form })).json()) as { id: string };
    bench.meta.customerWrites({ from: CUSTOMER, type: 'image', message: { image: { id, caption: 'Fuga' } } });
    await waitUntil('it came', () => bench.receiver.messages().length === 1);
    const { image } = bench.receiver.messages()[0] as { image: { id: string; caption: string; url: string } };
    expect(image).toMatchObject({ id, caption: 'Fuga' });
    expect(await (await fetch(image.url, { headers: { authorization: 'Bearer t' } })).text()).toBe('bytes');

    expect((await bench.graph('GET', `/${id}?phone_number_id=${DEFAULT_PHONE_NUMBER_ID}`)).status).toBe(200);
    const other = await bench.graph('GET', `/${id}?phone_number_id=1`);
    expect([other.status, ((await other.json()) as GraphReply).error?.code]).toEqual([400, 100]);
  });

  it('gives back the bytes that were uploaded, sends them by id, and forgets them', async () => {
    bench = await startBench();
    bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    const bytes = Buffer.from('\r\n--not a boundary\r\n\u0000ÿ', 'latin1');
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('file', new Blob([bytes], { type: 'image/png' }), 'foto.png');
    const upload = await bench.graph('POST', `/${DEFAULT_PHONE_NUMBER_ID}/media`, { body: form });
    const { id } = (await upload.json()) as { id: string };
    const info = (await (await bench.graph('GET', `/${id}`)).json()) as { url: string; mime_type: string; file_size: number; sha256: string };
    expect(info).toMatchObject({ mime_type: 'image/png', file_size: bytes.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    const download = await fetch(info.url, { headers: { authorization: 'Bearer t' } });
    expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes);
    expect((await fetch(info.url)).status).toBe(401);
    const image = { messaging_product: 'whatsapp', to: CUSTOMER, type: 'image', image: { id } };
    expect((await bench.send(image)).status).toBe(200);
    expect(await (await bench.graph('DELETE', `/${id}`)).json()).toEqual({ success: true });
    expect((await bench.send(image)).body.error?.code).toBe(131009);
  });
});

describe('an upload', () => {
  const upload = async (bytes: Buffer, type: string, filename: string) => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', type);
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), filename);
    const response = await bench.graph('POST', `/${DEFAULT_PHONE_NUMBER_ID}/media`, { body: form });
    return { status: response.status, body: (await response.json()) as { id?: string; error?: { code: number; error_data: { details: string } } } };
  };
  const photo = SAMPLE_MEDIA.photo.bytes();

  it('is taken as what it is, and refused at once for a type or a size that WhatsApp does not carry', async () => {
    bench = await startBench();
    expect((await upload(photo, 'image/jpeg', 'foto.jpg')).status).toBe(200);
    expect((await upload(SAMPLE_MEDIA.voice.bytes(), 'audio/ogg; codecs=opus', 'nota.ogg')).status).toBe(200);
    expect((await upload(Buffer.from('uno,dos'), 'text/plain', 'lista.txt')).status).toBe(200);
    expect((await upload(photo, 'image/heic', 'foto.heic')).body.error).toMatchObject({ code: 100, error_data: { details: expect.stringContaining('type: ') as string } });
    expect((await upload(Buffer.concat([photo, Buffer.alloc(5_000_000)]), 'image/jpeg', 'foto.jpg')).body.error).toMatchObject({ code: 131053 });
    expect((await upload(Buffer.alloc(0), 'image/jpeg', 'foto.jpg')).body.error?.code).toBe(100);
    const calls = bench.meta.journal().filter(({ path }) => path.endsWith('/media'));
    expect(calls.map(({ accepted }) => accepted)).toEqual([true, true, true, false, false, false]);
    expect(calls[0]?.body).toEqual({ id: expect.any(String) as string, type: 'image/jpeg', bytes: photo.length, sha256: createHash('sha256').update(photo).digest('hex') });
  });

  it('whose bytes are something else is found out later: the message fails', async () => {
    bench = await startBench();
    bench.meta.customerWrites({ from: CUSTOMER, text: 'Hola' });
    const outcomes: unknown[] = [];
    for (const [bytes, type, kind] of [
      [photo, 'image/jpeg', 'image'],
      [photo, 'image/png', 'image'],
      [Buffer.from('no picture'), 'image/jpeg', 'image'],
      [photo, 'image/jpeg', 'document'],
    ] as const) {
      const { id } = (await upload(bytes, type, `foto.${type.slice(6)}`)).body;
      const { status, body } = await bench.send({ messaging_product: 'whatsapp', to: `+${CUSTOMER}`, type: kind, [kind]: { id } });
      expect(status).toBe(200);
      const wamid = body.messages?.[0]?.id;
      const told = await waitUntil('it is told', () => bench.receiver.statuses().find((update) => update['id'] === wamid && (update['status'] === 'delivered' || update['status'] === 'failed')));
      outcomes.push([told['status'], (told['errors'] as { code: number }[] | undefined)?.[0]?.code]);
    }
    expect(outcomes).toEqual([
      ['delivered', undefined],
      ['failed', 131053],
      ['failed', 131053],
      ['failed', 131053],
    ]);
  });

  it('fails as it was told to', async () => {
    bench = await startBench();
    bench.meta.setFaults({ uploadErrors: [{ code: 2, status: 503, retryAfterS: 7 }], dropUploadAfterAccept: 1, dropUploadBeforeAccept: 1 });
    await expect(upload(photo, 'image/jpeg', 'foto.jpg')).rejects.toThrow(/fetch failed/);
    expect((await upload(photo, 'image/jpeg', 'foto.jpg')).status).toBe(503);
    await expect(upload(photo, 'image/jpeg', 'foto.jpg')).rejects.toThrow(/fetch failed/);
    expect((await upload(photo, 'image/jpeg', 'foto.jpg')).status).toBe(200);
    expect(bench.meta.journal().map(({ accepted, status }) => [accepted, status])).toEqual([
      [false, null],
      [false, 503],
      [true, null],
      [true, 200],
    ]);
  });
});

describe('the limit of one person', () => {
  it('refuses what is too much for them, and nobody else', async () => {
    bench = await startBench();
    bench.meta.setFaults({ pairLimit: { messages: 2, withinMs: 3_600_000 } });
    const codes: unknown[] = [];
    for (const to of [CUSTOMER, CUSTOMER, CUSTOMER, '50255509999'])
      codes.push((await bench.send({ messaging_product: 'whatsapp', to: `+${to}`, type: 'text', text: { body: 'Hola' } })).body.error?.code);
    expect(codes).toEqual([undefined, undefined, 131056, undefined]);
  });
});

describe('a site that is open in a browser', () => {
  it('would write as a customer and read the journal if Host and Origin were not looked at', async () => {
    bench = await startBench();
    const { port } = new URL(bench.meta.url());
    const post = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({ from: CUSTOMER, text: 'Hola' });
        request({ host: '127.0.0.1', port, path: '/_customer', method: 'POST', headers: { 'content-type': 'text/plain', ...headers } }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end(body);
      });
    for (const headers of [{ host: `evil.example:${port}` }, { host: '127.0.0.1' }, { origin: 'https://evil.example' }, { origin: 'null' }, { origin: `http://127.0.0.1:${port}` }])
      expect(await post(headers), JSON.stringify(headers)).toBe(403);
    expect(bench.meta.state().customers).toBe(0);
    for (const host of ['localhost', '127.0.0.1']) expect(await post({ host: `${host}:${port}` })).toBe(200);
  });
});
