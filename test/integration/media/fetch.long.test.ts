/** Files of messages on their way from Meta to every desktop of a team: the real relay, engines and stand-in, with everything that goes wrong on the way. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../contract/entities.ts';
import { INBOUND_MEDIA_LIFE_MS } from '../../../contract/limits.ts';
import type { Media } from '../../../contract/whatsapp/message-content.ts';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { addDesk } from '../../support/desk.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const CUSTOMER = { from: '50255550001', name: 'Rosa' };
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const photo = (bytes = 300_000): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(bytes)]);
/** A customer sends a file. @returns its hash. */
function send(bytes: Buffer, { kind = 'image', mimeType = 'image/jpeg', ...more }: { kind?: string; mimeType?: string; sha256?: string; timestamp?: number } = {}): string {
  const { id } = team.meta.addMedia(mimeType, bytes);
  const { sha256, timestamp } = more;
  team.meta.customerWrites({ ...CUSTOMER, type: kind, message: { [kind]: { id, ...(sha256 !== undefined && { sha256 }) } }, ...(timestamp !== undefined && { timestamp }) });
  return hashOf(bytes);
}
const mediaOf = (message: Message): Media => (message.content as { media: Media }).media;
async function threadOf({ client }: Desktop): Promise<Message[]> {
  const conversation = (await client.conversations.list({})).items[0];
  return conversation ? (await client.messages.page({ conversationId: conversation.id })).items : [];
}
/** The newest message with a file, as soon as that is in this state. */
const waitFor = (desktop: Desktop, state: NonNullable<Message['file']>['state'], withinMs = 15_000): Promise<Message> =>
  waitUntil(`the file is ${state}`, async () => (await threadOf(desktop)).findLast(({ file }) => file !== null && file.state === state) ?? null, withinMs);
const fileOf = ({ dataDir }: Desktop, sha256: string): string => path.join(dataDir, 'media', sha256.slice(0, 2), sha256);
const downloads = () => team.meta.journal().filter((call) => call.path.startsWith('/lookaside/'));
const relayBlob = (sha256: string): string => path.join(team.relay.dataDir, 'blobs', sha256.slice(0, 2), sha256);

describe('a file that a customer sends', () => {
  it('is here soon, is what was sent, and the team has it', async () => {
    const ana = await team.addDesktop();
    const bytes = photo(3_000_000);
    const sha256 = send(bytes);
    const message = await waitFor(ana, 'here');
    expect(mediaOf(message).sha256).toBe(sha256);
    expect(readFileSync(fileOf(ana, sha256)).equals(bytes)).toBe(true);
    await waitUntil('the relay has it', () => existsSync(relayBlob(sha256)));
    expect(readFileSync(relayBlob(sha256)).equals(bytes)).toBe(true);
    expect(JSON.parse(await team.relay.cli('status', '--json'))).toMatchObject({ blobs: 1, blobBytes: bytes.length });
  });

  it('is fetched from Meta once, however many desktops there are', async () => {
    const desktops = [await team.addDesktop({ name: 'Ana' }), await team.addDesktop({ name: 'Bo' }), await team.addDesktop({ name: 'Cy' })];
    const bytes = photo(2_000_000);
    const sha256 = send(bytes);
    for (const desktop of desktops) {
      await waitFor(desktop, 'here');
      expect(readFileSync(fileOf(desktop, sha256)).equals(bytes)).toBe(true);
    }
    expect(downloads()).toHaveLength(1);
  });

  it('reaches a desktop that joins when Meta has long deleted it', async () => {
    const ana = await team.addDesktop();
    const sha256 = send(photo());
    await waitFor(ana, 'here');
    await waitUntil('the relay has it', () => existsSync(relayBlob(sha256)));
    team.meta.setFaults({ mediaExpired: true });
    const bo = await team.addDesktop({ name: 'Bo' });
    await waitFor(bo, 'here');
    expect(downloads()).toHaveLength(1);
  });

  it('is found by its hash also where Meta did not say it', async () => {
    const [ana, bo] = [await team.addDesktop(), await team.addDesktop({ name: 'Bo' })];
    const sha256 = send(photo(), { sha256: 'IMAGE_HASH' });
    for (const desktop of [ana, bo]) expect(mediaOf(await waitFor(desktop, 'here')).sha256).toBe(sha256);
  });

  it('comes again after somebody emptied the folder, and when it is asked for while nothing comes by itself', async () => {
    const ana = await team.addDesktop();
    await ana.client.preferences.set({ fetchesMedia: 'on_sight' });
    const sha256 = send(photo());
    const waiting = await waitFor(ana, 'waiting');
    await ana.engine.waitForIdle(5_000);
    expect(downloads()).toEqual([]);
    await ana.client.media.fetch({ messageId: waiting.id });
    await waitFor(ana, 'here');
    rmSync(path.join(ana.dataDir, 'media'), { recursive: true });
    await ana.client.media.fetch({ messageId: waiting.id });
    await waitUntil('it is on disk again', () => existsSync(fileOf(ana, sha256)));
    await ana.client.preferences.set({ fetchesMedia: 'all' });
  });

  it('of older messages comes by itself as soon as the preference says so', async () => {
    const ana = await team.addDesktop();
    await ana.client.preferences.set({ fetchesMedia: 'on_sight' });
    send(photo());
    await waitFor(ana, 'waiting');
    await ana.client.preferences.set({ fetchesMedia: 'all' });
    await waitFor(ana, 'here');
  });
});

describe('when Meta is difficult', () => {
  it('a dead address is followed by a new one', async () => {
    const ana = await team.addDesktop();
    team.meta.setFaults({ media: [{ how: 'gone' }] });
    send(photo());
    await waitFor(ana, 'here');
    expect(downloads().map(({ status }) => status)).toEqual([404, 200]);
  });

  it('a line that breaks goes on where it was', async () => {
    const ana = await team.addDesktop();
    team.meta.setFaults({ media: [{ how: 'cut', afterBytes: 120_000 }] });
    const bytes = photo();
    const sha256 = send(bytes);
    await waitUntil('some have come', async () => (await threadOf(ana)).some(({ file }) => file?.progress?.done === 120_000));
    team.meta.setFaults({ reset: true });
    await waitFor(ana, 'waiting');
    ana.engine.wakeUp();
    await waitFor(ana, 'here');
    expect(downloads().map(({ range }) => range)).toEqual([undefined, 'bytes=120000-']);
    expect(readFileSync(fileOf(ana, sha256)).equals(bytes)).toBe(true);
  });

  it('wrong bytes are fetched once more, and refused when they are wrong again', async () => {
    const ana = await team.addDesktop();
    team.meta.setFaults({ media: [{ how: 'wrong' }] });
    send(photo());
    await waitFor(ana, 'here');
    team.meta.setFaults({ media: [{ how: 'wrong', times: 2 }] });
    const sha256 = send(photo());
    const refused = await waitFor(ana, 'refused');
    expect(mediaOf(refused).sha256).toBe(sha256);
    expect(existsSync(fileOf(ana, sha256))).toBe(false);
    await ana.client.media.fetch({ messageId: refused.id });
    await waitUntil('a person may try again', () => existsSync(fileOf(ana, sha256)));
  });

  it('an HTML page is no file, and is tried again later', async () => {
    const ana = await team.addDesktop();
    team.meta.setFaults({ media: [{ how: 'page' }] });
    const sha256 = send(photo(), { sha256: 'unknown' });
    await waitUntil('the page came', () => downloads().length === 1);
    await waitFor(ana, 'waiting');
    ana.engine.wakeUp();
    expect(mediaOf(await waitFor(ana, 'here')).sha256).toBe(sha256);
  });

  it('what is older than Meta keeps it is expired, until a colleague brings it', async () => {
    const ana = await team.addDesktop();
    team.meta.setFaults({ mediaExpired: true });
    const bytes = photo();
    const sha256 = send(bytes, { timestamp: Math.floor((Date.now() - INBOUND_MEDIA_LIFE_MS) / 1000) - 60 });
    const expired = await waitFor(ana, 'expired');
    // A colleague who had it puts it to the relay.
    const secrets = JSON.parse(readFileSync(path.join(ana.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
    const headers = { authorization: `Bearer ${secrets['device-token']}`, 'content-type': 'application/json' };
    await fetch(`${team.relay.url}/api/blobs/${sha256}`, { method: 'POST', headers, body: JSON.stringify({ bytes: bytes.length }) });
    await fetch(`${team.relay.url}/api/blobs/${sha256}?offset=0`, { method: 'PUT', headers, body: new Uint8Array(bytes) });
    await ana.client.media.fetch({ messageId: expired.id });
    await waitFor(ana, 'here');
  });

  it('an outage of its files holds up no reply', async () => {
    const ana = await team.addDesktop();
    team.meta.setFaults({ media: [{ how: 'hang', afterBytes: 10, times: 20 }] });
    for (let count = 0; count < 8; count += 1) send(photo(1_000));
    await waitUntil('three of them hang', () => downloads().length === 3);
    const [conversation] = (await ana.client.conversations.list({})).items;
    await ana.client.messages.sendText({ conversationId: conversation!.id, text: 'hola' });
    await waitUntil('the reply is read', async () => (await threadOf(ana)).some(({ delivery }) => delivery === 'read'));
    expect((await threadOf(ana)).filter(({ file }) => file?.state === 'fetching')).toHaveLength(3);
    const { file } = (await threadOf(ana)).find((message) => message.file?.state === 'fetching')!;
    expect(file?.progress).toEqual({ done: 10, total: 1_004 });
  });
});

describe('the token', () => {
  it('goes to no other host, whatever an address or a redirect says', async () => {
    const asked: IncomingMessage['headers'][] = [];
    const foreign = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end('stolen');
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const address = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
    try {
      const ana = await team.addDesktop();
      team.meta.setFaults({ mediaHost: address });
      const sha256 = send(photo());
      await waitUntil('an address was given', () => team.meta.journal().some((call) => call.method === 'GET' && /^\/v[\d.]+\/\d+$/.test(call.path) && call.accepted));
      await waitFor(ana, 'waiting');
      team.meta.setFaults({ reset: true, media: [{ how: 'redirect', to: `${address}/file` }] });
      ana.engine.wakeUp();
      await waitUntil('it was sent elsewhere', () => downloads().some(({ status }) => status === 302));
      await waitFor(ana, 'waiting');
      ana.engine.wakeUp();
      await waitFor(ana, 'here');
      expect(hashOf(readFileSync(fileOf(ana, sha256)))).toBe(sha256);
      expect(asked, 'not even asked without a token').toEqual([]);
    } finally {
      foreign.close();
      foreign.closeAllConnections();
    }
  });
});

describe('a desktop that is to be wiped', () => {
  it('keeps no file, also none that was on its way', async () => {
    const ana = await team.addDesktop();
    send(photo());
    await waitFor(ana, 'here');
    team.meta.setFaults({ media: [{ how: 'hang', afterBytes: 1_000 }] });
    send(photo());
    await waitUntil('the second one is on its way', async () => (await threadOf(ana)).some(({ file }) => file?.progress?.done === 1_000));
    const { devices } = JSON.parse(await team.relay.cli('devices', '--json')) as { devices: { id: string }[] };
    await team.relay.cli('revoke', devices[0]!.id, '--wipe');
    await waitUntil('everything is gone', () => !existsSync(path.join(ana.dataDir, 'media')));
    await ana.stop();
    expect(readdirSync(ana.dataDir)).not.toContain('media');
  });
});

describe('what the window brings', () => {
  it('reaches the whole team when it is sent, also a desktop that has no number', async () => {
    const ana = await team.addDesktop();
    const cy = await addDesk(team, { name: 'Cy', role: 'agent', hasNumber: false });
    team.meta.customerWrites({ ...CUSTOMER, text: 'hola' });
    const [conversation] = await waitUntil('it is there', async () => {
      const { items } = await ana.client.conversations.list({});
      return items.length > 0 ? items : null;
    });
    const bytes = SAMPLE_MEDIA.photo.bytes();
    const { sha256 } = await stage(ana, 'foto.jpg', bytes);
    await ana.client.messages.send({ conversationId: conversation!.id, content: { kind: 'image', sha256, caption: 'mire' } });
    const received = await waitUntil('Cy has it, too', async () => {
      if ((await cy.client().conversations.byIds({ ids: [conversation!.id] })).length === 0) return null;
      const { items } = await cy.client().messages.page({ conversationId: conversation!.id });
      return items.find(({ file }) => file?.state === 'here') ?? null;
    });
    expect(mediaOf(received).sha256).toBe(sha256);
    expect(readFileSync(fileOf({ ...ana, dataDir: cy.dataDir }, sha256)).equals(bytes)).toBe(true);
    const inbound = send(photo());
    await waitUntil('what a customer sends comes to Cy through the relay', () => existsSync(fileOf({ ...ana, dataDir: cy.dataDir }, inbound)), 20_000);
    expect(downloads()).toHaveLength(1);
  });

  it('reaches the team, and the other desktop of its author, when it was held first', async () => {
    const ana = await team.addDesktop({ role: 'admin' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await waitUntil('everybody can read it', async () => (await bo.client.session.sync()).writeLevel >= 3);
    team.meta.customerWrites({ ...CUSTOMER, text: 'hola' });
    const conversationId = (await waitUntil('it is there', async () => (await bo.client.conversations.list({})).items[0])).id;
    const before = await bo.client.conversations.get({ conversationId });
    const answer = await ana.client.messages.sendText({ conversationId, text: 'ya voy' });
    await waitUntil('Bo has the answer', async () => (await threadOf(bo)).some(({ id }) => id === answer.id));
    const { sha256 } = await stage(bo, 'foto.jpg', SAMPLE_MEDIA.photo.bytes());
    const { id } = await bo.client.messages.send({ conversationId, content: { kind: 'image', sha256, caption: null }, seenThrough: before.seenThrough });
    await waitUntil('it is held', async () => (await threadOf(ana)).find((message) => message.id === id)?.delivery === 'held');

    const { code } = await ana.client.members.invite({ agentId: (await bo.client.session.get()).me!.id });
    const other = await addDesk(team, { name: 'Bo', role: 'agent', invite: code });
    await other.client().preferences.set({ fetchesMedia: 'on_sight' });
    const { seenThrough } = await waitUntil('it has come there', async () => {
      const [summary] = await other.client().conversations.byIds({ ids: [conversationId] });
      return summary?.hasHeld ? other.client().conversations.get({ conversationId }) : null;
    });
    await other.client().messages.confirm({ messageId: id, seenThrough });
    await waitUntil('it is sent', async () => ['sent', 'delivered', 'read'].includes((await threadOf(ana)).find((message) => message.id === id)?.delivery ?? ''), 20_000);
    await waitUntil('Ana has the file', () => existsSync(fileOf(ana, sha256)));
  });

  const stage = async ({ client }: Desktop, filename: string, bytes: Buffer) => {
    const { uploadId } = await client.media.begin({ filename, bytes: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += 200_000) await client.media.chunk({ uploadId, offset, data: bytes.subarray(offset, offset + 200_000).toString('base64') });
    return client.media.finish({ uploadId, width: 100, height: 50, durationMs: null });
  };

  it('is judged by its bytes, kept under its hash, and its name made safe', async () => {
    const ana = await team.addDesktop();
    const bytes = photo(500_000);
    expect(await stage(ana, '../../foto "1".png', bytes)).toMatchObject({ sha256: hashOf(bytes), bytes: bytes.length, mimeType: 'image/jpeg', filename: 'foto _1_.png', kind: 'image', problem: null });
    expect(readFileSync(fileOf(ana, hashOf(bytes))).equals(bytes)).toBe(true);
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
    expect(await stage(ana, 'factura.pdf', program)).toMatchObject({ kind: null, problem: 'type_refused' });
    expect(existsSync(fileOf(ana, hashOf(program)))).toBe(false);
    expect(readdirSync(path.join(ana.dataDir, 'media', 'parts'))).toEqual([]);
  });

  it('comes in order and whole, or not at all', async () => {
    const { client, dataDir } = await team.addDesktop();
    const { uploadId } = await client.media.begin({ filename: 'a.txt', bytes: 10 });
    const chunk = (offset: number, text: string) => client.media.chunk({ uploadId, offset, data: Buffer.from(text).toString('base64') });
    expect(await chunk(0, 'hola')).toEqual({ received: 4 });
    for (const [offset, text] of [
      [0, 'x'],
      [5, 'x'],
      [4, 'more than ten'],
    ] as const)
      await expect(chunk(offset, text)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const rest = { uploadId, width: null, height: null, durationMs: null };
    await expect(client.media.finish(rest)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await chunk(4, ' mundo')).toEqual({ received: 10 });
    expect(await client.media.finish(rest)).toMatchObject({ mimeType: 'text/plain', kind: 'document' });
    await expect(client.media.finish(rest)).rejects.toMatchObject({ code: 'FILE_GONE' });
    const other = await client.media.begin({ filename: 'b', bytes: 10 });
    await client.media.chunk({ uploadId: other.uploadId, offset: 0, data: Buffer.from('x').toString('base64') });
    await client.media.cancel(other);
    expect(readdirSync(path.join(dataDir, 'media', 'parts'))).toEqual([]);
  });

  it('small pictures are pictures, are small, and the first one stays', async () => {
    const ana = await team.addDesktop();
    const sha256 = send(photo());
    await waitFor(ana, 'here');
    const put = (bytes: Buffer, of = sha256) => ana.client.media.setThumbnail({ sha256: of, data: bytes.toString('base64') });
    await expect(put(Buffer.from('<svg/>'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(put(photo(70_000))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(put(photo(100), 'a'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const first = photo(100);
    await put(first);
    await put(photo(100));
    expect(readFileSync(path.join(ana.dataDir, 'media', 'thumbs', sha256)).equals(first)).toBe(true);
    expect((await waitFor(ana, 'here')).file).toMatchObject({ state: 'here', hasThumbnail: true, progress: null });
  });

  it('the gallery pages through the files of a person by kind', async () => {
    const ana = await team.addDesktop();
    const sent = [send(photo()), send(photo()), send(photo())];
    send(Buffer.from('%PDF-1.4\n%%EOF\n'), { kind: 'document', mimeType: 'application/pdf' });
    team.meta.customerWrites({ ...CUSTOMER, text: 'hola' });
    await waitUntil('all are there', async () => (await threadOf(ana)).length === 5);
    const [conversation] = (await ana.client.conversations.list({})).items;
    const page = async (kind: 'pictures' | 'documents' | 'audio', cursor?: string) =>
      ana.client.media.gallery({ conversationId: conversation!.id, kind, limit: 2, ...(cursor !== undefined && { cursor }) });
    const first = await page('pictures');
    const second = await page('pictures', first.nextCursor ?? '');
    expect([...first.items, ...second.items].map((message) => mediaOf(message).sha256).toSorted()).toEqual(sent.toSorted());
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    expect((await page('documents')).items).toHaveLength(1);
    expect((await page('audio')).items).toEqual([]);
    await expect(page('audio', 'nonsense')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
