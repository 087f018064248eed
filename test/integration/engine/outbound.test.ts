/** Everything that can be sent, through relay, outbox and the Graph API, and what may go wrong on the way: real programs, real HTTP, real SQLite. */
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComposedContent } from '../../../contract/api.ts';
import type { Message } from '../../../contract/entities.ts';
import { SAMPLE_MEDIA, type SampleKind } from '../../../main/demo/meta/sample-media.ts';
import { stageFile } from '../../support/stage-file.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const MARTA = { from: '50255551234', name: 'Marta' };

let team: Team;
let ana: Desktop;
let conversationId: string;
beforeEach(async () => {
  team = await startTeam();
  ana = await team.addDesktop({ role: 'admin' });
  team.meta.customerWrites({ ...MARTA, text: 'hola' });
  conversationId = (await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0])).id;
  await waitUntil('everybody can read what this program writes', async () => (await ana.client.session.sync()).writeLevel >= 3);
});
afterEach(() => team.stop());

type SentBody = { type: string; biz_opaque_callback_data: string; context?: { message_id: string }; image?: { id: string }; reaction?: { emoji: string } } & Record<string, unknown>;
const calls = (what: 'messages' | 'media') => team.meta.journal().filter((call) => call.method === 'POST' && call.path.endsWith(`/${what}`));
const sent = (): SentBody[] =>
  calls('messages')
    .filter((call) => call.accepted)
    .map((call) => call.body as SentBody)
    .filter((body) => !('status' in body));
const uploaded = () =>
  calls('media')
    .filter((call) => call.accepted)
    .map((call) => call.body as { id: string; type: string; sha256: string; bytes: number });
const thread = async (): Promise<Message[]> => (await ana.client.messages.page({ conversationId })).items;
const deliveryOf = async (id: string) => (await thread()).find((message) => message.id === id)?.delivery;
const stage = (kind: SampleKind, filename: string) => stageFile(ana.client, SAMPLE_MEDIA[kind].bytes(), filename);
const send = (content: ComposedContent, more: { quotedMessageId?: string } = {}) => ana.client.messages.send({ conversationId, content, ...more });
const sendPhoto = async () => send({ kind: 'image', sha256: (await stage('photo', 'foto.jpg')).sha256, caption: 'Así quedó' });

describe('every kind of message', () => {
  it('leaves as it was composed, its file once, and is read by the customer', async () => {
    const [inbound] = await thread();
    const [photo, video, document, voice, sticker] = await Promise.all([
      stage('photo', 'foto.jpg'),
      stage('video', 'video.mp4'),
      stage('document', '../../Factura: mayo.pdf'),
      stage('voice', 'nota.ogg'),
      stage('sticker', 'hola.webp'),
    ]);
    expect([photo.kind, video.kind, document.kind, voice.kind, sticker.kind]).toEqual(['image', 'video', 'document', 'audio', 'sticker']);
    const contents: ComposedContent[] = [
      { kind: 'text', text: 'https://a.gt', hasPreview: true },
      { kind: 'image', sha256: photo.sha256, caption: ' Así quedó\r\n' },
      { kind: 'video', sha256: video.sha256, caption: null },
      { kind: 'document', sha256: document.sha256, filename: document.filename, caption: null },
      { kind: 'audio', sha256: voice.sha256, isVoice: true },
      { kind: 'sticker', sha256: sticker.sha256 },
      { kind: 'location', latitude: 14.6349, longitude: -90.5069, name: 'Taller', address: 'Zona 1' },
      {
        kind: 'contacts',
        contacts: [{ name: 'Ana', organization: null, phones: [{ phone: '+50255550000', type: 'CELL', waId: null }], emails: [], urls: [], addresses: [], birthday: null }],
      },
      { kind: 'interactive', interactive: { type: 'button', body: '¿Seguimos?', header: null, footer: null, buttons: [{ id: 'si', title: 'Sí' }] } },
    ];
    for (const content of contents) await send(content);
    await send({ kind: 'interactive', interactive: { type: 'location_request_message', body: '¿Dónde está?' } }, { quotedMessageId: inbound!.id });
    await waitUntil('all are read', async () => (await thread()).filter((message) => message.delivery === 'read').length === 10);

    const ids = new Map(uploaded().map(({ sha256, id }) => [sha256, id]));
    expect(
      uploaded()
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['application/pdf', 'audio/ogg', 'image/jpeg', 'image/webp', 'video/mp4']);
    expect(sent()).toMatchObject([
      { type: 'text', text: { body: 'https://a.gt', preview_url: true } },
      { type: 'image', image: { id: ids.get(photo.sha256), caption: 'Así quedó' } },
      { type: 'video', video: { id: ids.get(video.sha256) } },
      { type: 'document', document: { id: ids.get(document.sha256), filename: 'Factura_ mayo.pdf' } },
      { type: 'audio', audio: { id: ids.get(voice.sha256), voice: true } },
      { type: 'sticker', sticker: { id: ids.get(sticker.sha256) } },
      { type: 'location', location: { latitude: 14.6349, longitude: -90.5069, name: 'Taller', address: 'Zona 1' } },
      { type: 'contacts', contacts: [{ name: { formatted_name: 'Ana' } }] },
      { type: 'interactive', interactive: { type: 'button' } },
      { type: 'interactive', interactive: { type: 'location_request_message' }, context: { message_id: expect.stringMatching(/^wamid\./) } },
    ]);
    // The bytes are those of the file, and the row tells of them what the disk says.
    expect(uploaded().every(({ sha256, bytes }) => Object.values(SAMPLE_MEDIA).some((sample) => digest(sample.bytes()) === sha256 && sample.bytes().length === bytes))).toBe(true);
    expect((await thread()).find(({ content }) => content.kind === 'document')?.content).toMatchObject({
      filename: 'Factura_ mayo.pdf',
      media: { mimeType: 'application/pdf', sha256: document.sha256 },
    });
  });

  it('needs one upload for a file, however often it is sent', async () => {
    const first = await sendPhoto();
    await waitUntil('it is read', async () => (await deliveryOf(first.id)) === 'read');
    const second = await sendPhoto();
    await waitUntil('the other is read', async () => (await deliveryOf(second.id)) === 'read');
    expect([uploaded().length, sent().length]).toEqual([1, 2]);
  });

  it('streams a file that is larger than what should be in memory', async () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(9_000_000)]);
    const staged = await stageFile(ana.client, bytes, 'plano.pdf');
    const message = await send({ kind: 'document', sha256: staged.sha256, filename: 'plano.pdf', caption: null });
    await waitUntil('it is read', async () => (await deliveryOf(message.id)) === 'read');
    expect(uploaded()).toMatchObject([{ sha256: digest(bytes), bytes: bytes.length }]);
  });
});

describe('what cannot be sent is refused before anything leaves', () => {
  it('with the field, for the window to mark', async () => {
    const title = 'x'.repeat(21);
    await expect(send({ kind: 'interactive', interactive: { type: 'button', body: '?', header: null, footer: null, buttons: [{ id: 'a', title }] } })).rejects.toMatchObject({
      code: 'CONTENT_REFUSED',
      message: expect.stringContaining('interactive.buttons.0.title') as string,
      data: { field: 'interactive.buttons.0.title', reason: 'too_long', limit: 20 },
    });
    await expect(send({ kind: 'location', latitude: 91, longitude: 0, name: null, address: null })).rejects.toMatchObject({ code: 'CONTENT_REFUSED', data: { field: 'latitude' } });
    await expect(send({ kind: 'text', text: ' \n ' })).rejects.toMatchObject({ code: 'TEXT_EMPTY' });
    expect(await thread()).toHaveLength(1);
  });

  it('by what the bytes are, whatever the window says of them', async () => {
    const photo = await stage('photo', 'foto.jpg');
    await expect(send({ kind: 'document', sha256: photo.sha256, filename: 'contrato.pdf', caption: null })).rejects.toMatchObject({ code: 'FILE_REFUSED' });
    await expect(send({ kind: 'audio', sha256: photo.sha256, isVoice: true })).rejects.toMatchObject({ code: 'FILE_REFUSED' });
    await expect(send({ kind: 'image', sha256: 'f'.repeat(64), caption: null })).rejects.toMatchObject({ code: 'FILE_GONE' });
    rmSync(path.join(ana.dataDir, 'media', photo.sha256.slice(0, 2), photo.sha256));
    await expect(send({ kind: 'image', sha256: photo.sha256, caption: null })).rejects.toMatchObject({ code: 'FILE_GONE' });
    expect(calls('media')).toEqual([]);
  });
});

describe('the file on its way to Meta', () => {
  it('is given up with its message', async () => {
    team.meta.setFaults({ uploadHangMs: 60_000 });
    const message = await sendPhoto();
    const total = SAMPLE_MEDIA.photo.bytes().length;
    await waitUntil('all of it is with Meta, which does not answer', async () => (await thread()).some(({ file }) => file?.progress?.done === total && file.progress.total === total));
    expect(await deliveryOf(message.id)).toBe('queued');
    await ana.client.messages.discard({ messageId: message.id });
    team.meta.setFaults({ reset: true });
    const next = await ana.client.messages.sendText({ conversationId, text: 'ya no' });
    await waitUntil('the next one is read', async () => (await deliveryOf(next.id)) === 'read');
    expect(await deliveryOf(message.id)).toBe('discarded');
    expect(sent().map(({ type }) => type)).toEqual(['text']);
  });

  it('is tried again after an outage, before its message', async () => {
    team.meta.setFaults({ uploadErrors: [{ code: 2, status: 503 }] });
    const message = await sendPhoto();
    await waitUntil('it is read', async () => (await deliveryOf(message.id)) === 'read');
    expect(calls('media').map(({ status }) => status)).toEqual([503, 200]);
    expect(sent()).toHaveLength(1);
  });

  it('whose id Meta has forgotten is uploaded once more, and only once', async () => {
    const first = await sendPhoto();
    await waitUntil('it is read', async () => (await deliveryOf(first.id)) === 'read');
    await fetch(`${team.meta.url()}/${uploaded()[0]!.id}`, { method: 'DELETE', headers: { authorization: 'Bearer graph-token' } });
    const second = await sendPhoto();
    await waitUntil('it is read', async () => (await deliveryOf(second.id)) === 'read');
    expect([uploaded().length, sent().length]).toEqual([2, 2]);

    team.meta.setFaults({ sendErrors: [{ code: 131009, times: 5 }] });
    const third = await sendPhoto();
    await waitUntil('it has failed', async () => (await deliveryOf(third.id)) === 'failed');
    expect([uploaded().length, calls('messages').filter(({ status }) => status === 400).length]).toEqual([3, 3]);

    // The agent tries again: what Meta refused is not relied on.
    team.meta.setFaults({ reset: true });
    const again = await ana.client.messages.retry({ messageId: third.id });
    await waitUntil('it is read', async () => (await deliveryOf(again.id)) === 'read');
    expect(uploaded()).toHaveLength(4);
  });

  it('that Meta refuses fails its message with the reason, and nothing else', async () => {
    team.meta.setFaults({ uploadErrors: [{ code: 131053 }] });
    const message = await sendPhoto();
    await waitUntil('it has failed', async () => (await deliveryOf(message.id)) === 'failed');
    expect((await thread()).at(-1)?.error?.code).toBe(131053);
    expect(sent()).toEqual([]);
  });
});

describe('sending again', () => {
  it('repeats every kind of message that has failed, with what it answers, and gives up the first', async () => {
    const [inbound] = await thread();
    team.meta.setFaults({ sendErrors: [{ code: 131026, times: 3 }] });
    const failed = [
      await send({ kind: 'location', latitude: 1, longitude: 2, name: null, address: null }, { quotedMessageId: inbound!.id }),
      await send({ kind: 'interactive', interactive: { type: 'cta_url', body: 'Pague', header: null, footer: null, button: 'Pagar', url: 'https://a.gt' } }),
      await sendPhoto(),
    ];
    for (const { id } of failed) await waitUntil('it has failed', async () => (await deliveryOf(id)) === 'failed');
    const again = [];
    for (const { id } of failed) again.push(await ana.client.messages.retry({ messageId: id }));
    for (const { id } of again) await waitUntil('it is read', async () => (await deliveryOf(id)) === 'read');
    expect(sent()).toMatchObject([{ type: 'location', context: { message_id: expect.any(String) as string } }, { type: 'interactive' }, { type: 'image' }]);
    expect(uploaded()).toHaveLength(1);
    expect(await Promise.all(failed.map(({ id }) => deliveryOf(id)))).toEqual(['discarded', 'discarded', 'discarded']);

    team.meta.setFaults({ sendErrors: [{ code: 131026 }] });
    await ana.client.messages.react({ messageId: inbound!.id, emoji: '🙏' });
    const reaction = await waitUntil('the reaction has failed', async () => (await ana.client.messages.page({ conversationId })).items[0]?.reactions.find(({ delivery }) => delivery === 'failed'));
    await ana.client.messages.retry({ messageId: reaction.messageId });
    await waitUntil('it is there', () => sent().some((body) => body.reaction?.emoji === '🙏'));
  });
});

describe('reactions', () => {
  it('are put on a message, changed and taken away, and answer nothing', async () => {
    const [inbound] = await thread();
    const react = (emoji: string) => ana.client.messages.react({ messageId: inbound!.id, emoji });
    const emojis = () => sent().map(({ reaction }) => reaction?.emoji);
    expect((await react('👍')).reactions).toMatchObject([{ emoji: '👍', direction: 'out', delivery: 'waiting' }]);
    await react('❤️');
    await waitUntil('both are sent', () => emojis().length === 2);
    expect((await react('❤️')).reactions).toEqual([]);
    await waitUntil('it is gone', () => emojis().length === 3);
    expect(emojis()).toEqual(['👍', '❤️', '']);
    await react('');
    await ana.engine.waitForIdle(5_000);
    expect(emojis()).toHaveLength(3);
    expect((await ana.client.conversations.get({ conversationId })).waitingSince).not.toBeNull();
    await expect(react('no')).rejects.toMatchObject({ code: 'CONTENT_REFUSED', data: { field: 'emoji' } });
  });

  it('are refused where Meta would: on what is too old or not there yet', async () => {
    const old = Math.floor(Date.now() / 1000) - 31 * 24 * 3600;
    team.meta.customerWrites({ ...MARTA, text: 'hace mucho', timestamp: old });
    const message = await waitUntil('it arrives', async () => (await thread()).find(({ content }) => content.kind === 'text' && content.text === 'hace mucho'));
    await expect(ana.client.messages.react({ messageId: message.id, emoji: '👍' })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    team.meta.setFaults({ refuse: 'unavailable' });
    const unsent = await ana.client.messages.sendText({ conversationId, text: 'todavía no' });
    await expect(ana.client.messages.react({ messageId: unsent.id, emoji: '👍' })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  });
});

describe('a conversation with a number', () => {
  it('is begun once, found again however it is written, and waits for the customer or a template', async () => {
    expect(await ana.client.conversations.readPhone({ phone: '5555 1234' })).toMatchObject({
      isComplete: true,
      formatted: '+502 5555 1234',
      country: 'GT',
      known: { conversationId, contact: { name: 'Marta' } },
    });
    expect(await ana.client.conversations.start({ phone: '+502 5555-1234', name: null })).toEqual({ conversationId, isNew: false });

    const begun = await ana.client.conversations.start({ phone: '+52 55 1234 5678', name: 'Lupita' });
    expect(begun.isNew).toBe(true);
    expect(await ana.client.conversations.start({ phone: '5215512345678', name: null })).toEqual({ conversationId: begun.conversationId, isNew: false });
    const conversation = await ana.client.conversations.get({ conversationId: begun.conversationId });
    expect(conversation).toMatchObject({ contact: { name: 'Lupita', phone: '+52 55 1234 5678' }, window: { state: 'none' }, lastMessage: null });
    await expect(ana.client.messages.sendText({ conversationId: begun.conversationId, text: 'hola' })).rejects.toMatchObject({ code: 'WINDOW_CLOSED' });

    // She writes from the number as WhatsApp spells it: the same conversation, which is open now. Had she been first in the log, it would be hers.
    await waitUntil('the log has it', async () => (await ana.client.session.sync({})).pending === 0);
    team.meta.customerWrites({ from: '5215512345678', name: 'Guadalupe', text: '¿sí?' });
    await waitUntil('it arrives in it', async () => (await ana.client.conversations.get({ conversationId: begun.conversationId })).window.state === 'open');
    const reply = await ana.client.messages.sendText({ conversationId: begun.conversationId, text: 'hola' });
    await waitUntil('it has left', () => sent().some((body) => body.biz_opaque_callback_data === reply.id));
    expect(sent().at(-1)).toMatchObject({ to: '+5215512345678' });
    await expect(ana.client.conversations.start({ phone: '12', name: null })).rejects.toMatchObject({ code: 'PHONE_INVALID' });
  });
});

describe('the customer sees that somebody writes', () => {
  const marks = () =>
    calls('messages')
      .filter(({ body }) => (body as { status?: string }).status === 'read')
      .map(({ body }) => body as { typing_indicator?: unknown });
  const write = (isReply: boolean) => ana.client.presence.set({ conversationId, activity: 'writing', isReply });

  it('once while it goes on, never for a note, and only by the settings', async () => {
    await write(false);
    await ana.client.preferences.set({ showsTyping: false });
    await write(true);
    await ana.client.preferences.set({ showsTyping: true, readReceipts: 'never' });
    await write(true);
    await ana.client.preferences.set({ readReceipts: 'on_reply' });
    await write(true);
    await ana.client.presence.set({ conversationId, activity: 'viewing' });
    await write(true);
    await waitUntil('Meta hears of it', () => marks().length > 0);
    const reply = await ana.client.messages.sendText({ conversationId, text: 'voy' });
    await waitUntil('the reply is read', async () => (await deliveryOf(reply.id)) === 'read');
    await ana.engine.waitForIdle(5_000);
    expect(marks().filter((mark) => mark.typing_indicator !== undefined)).toEqual([
      { messaging_product: 'whatsapp', status: 'read', message_id: expect.any(String) as string, typing_indicator: { type: 'text' } },
    ]);
  });
});

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
