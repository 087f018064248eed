/** The main job over real HTTP and WebSockets: a customer writes, an agent answers, the ticks follow. */
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let ana: Desktop;

beforeEach(async () => {
  team = await startTeam();
  ana = await team.addDesktop({ name: 'Ana' });
});
afterEach(() => team.stop());

const MARTA = { from: '50255551234', name: 'Marta Xicará' };
const listOf = async (desktop: Desktop) => (await desktop.client.conversations.list({})).items;
const firstOf = (desktop: Desktop) => waitUntil('the conversation arrives', async () => (await listOf(desktop))[0]);
const lastMessageOf = async (desktop: Desktop, conversationId: string) => (await desktop.client.messages.page({ conversationId })).items.at(-1);
const readAll = async (desktop: Desktop, conversationId: string) => {
  const last = (await desktop.client.messages.page({ conversationId })).items.findLast((message) => message.direction === 'in');
  return desktop.client.conversations.markRead({ conversationId, throughMessageId: last?.id ?? '' });
};
type SendBody = { type?: string; status?: string; message_id?: string; to?: string; text?: { body: string }; biz_opaque_callback_data?: string };
const calls = (): SendBody[] =>
  team.meta
    .journal()
    .filter((call) => call.accepted && call.method === 'POST')
    .map((call) => call.body as SendBody);
const sentTexts = () =>
  calls()
    .filter((body) => body.type === 'text')
    .map((body) => body.text?.body);

describe('the main job', () => {
  it('brings a message to the list, unread, with an open window', async () => {
    team.meta.customerWrites({ ...MARTA, text: '¿Cuándo vienen a revisar la bomba? 🙏' });
    const conversation = await firstOf(ana);
    expect(conversation).toMatchObject({
      contact: { name: 'Marta Xicará', phone: '+502 5555 1234' },
      status: 'active',
      unread: 1,
      window: { state: 'open' },
      lastMessage: { direction: 'in', content: { kind: 'text', text: '¿Cuándo vienen a revisar la bomba? 🙏' } },
    });
    expect(await ana.client.conversations.counts({})).toMatchObject({ needsMe: 1, active: 1 });
  });

  it('sends the reply once and moves its ticks to read', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await firstOf(ana);
    const reply = await ana.client.messages.sendText({ conversationId: id, text: 'Mañana a las 9, con gusto.' });
    expect(reply.delivery).toBe('waiting');
    const read = await waitUntil('the reply is read', async () => {
      const message = await lastMessageOf(ana, id);
      // Statuses come on ways of their own: “read” may be here before “delivered”.
      return message?.delivery === 'read' && message.timeline.length === 3 ? message : null;
    });
    expect(read.timeline.map((step) => step.status)).toEqual(['sent', 'delivered', 'read']);
    expect(sentTexts()).toEqual(['Mañana a las 9, con gusto.']);
    expect(calls().find((body) => body.type === 'text')).toMatchObject({ to: '+50255551234', biz_opaque_callback_data: reply.id });
  });

  it('shows the customer blue ticks when an agent answers, not when one looks', async () => {
    const { id: wamid } = team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await firstOf(ana);
    await readAll(ana, id);
    await ana.engine.waitForIdle(5_000);
    const readMarks = () =>
      calls()
        .filter((body) => body.status === 'read')
        .map((body) => body.message_id);
    expect(readMarks()).toEqual([]);
    await ana.client.messages.sendText({ conversationId: id, text: 'Buenas' });
    await waitUntil('the read mark is sent', () => readMarks().length > 0);
    expect(readMarks()).toEqual([wamid]);
  });

  it('clears unread on all desktops of the same agent only, and counts on for the others', async () => {
    const bo = await team.addDesktop({ name: 'Bo' });
    team.meta.customerWrites({ ...MARTA, text: 'uno' });
    team.meta.customerWrites({ ...MARTA, text: 'dos' });
    const { id } = await waitUntil('both arrive', async () => (await listOf(ana)).find((item) => item.unread === 2));
    await waitUntil('both arrive at Bo', async () => (await listOf(bo)).find((item) => item.unread === 2));
    expect(await readAll(ana, id)).toEqual({ unread: 0 });
    await ana.engine.waitForIdle(5_000);
    await bo.engine.waitForIdle(5_000);
    expect((await listOf(ana))[0]?.unread).toBe(0);
    expect((await listOf(bo))[0]?.unread).toBe(2);
    team.meta.customerWrites({ ...MARTA, text: 'tres' });
    await waitUntil('the third arrives', async () => (await listOf(ana))[0]?.unread === 1);
  });

  it('is opened with one question, up to what is unread and as much above as is asked for', async () => {
    for (const text of ['uno', 'dos', 'tres', 'cuatro']) {
      team.meta.customerWrites({ ...MARTA, text });
      await waitUntil(`${text} arrives`, async () => wordsOf((await lastMessageOf(ana, (await firstOf(ana)).id))!.content) === text);
      if (text === 'dos') await readAll(ana, (await firstOf(ana)).id);
    }
    const { id } = await firstOf(ana);
    const note = await ana.client.notes.add({ conversationId: id, body: 'Cliente de siempre' });
    const open = async (aboveUnread?: number) => ana.client.conversations.open({ conversationId: id, limit: 1, ...(aboveUnread !== undefined && { aboveUnread }) });
    const textsOf = ({ page }: Awaited<ReturnType<typeof open>>) => page.items.map((message) => wordsOf(message.content));
    expect(textsOf(await open())).toEqual(['cuatro']);
    expect(textsOf(await open(0))).toEqual(['tres', 'cuatro']);
    const opened = await open(1);
    expect(textsOf(opened)).toEqual(['dos', 'tres', 'cuatro']);
    expect(opened.conversation).toMatchObject({ id, unread: 2 });
    expect(opened.notes).toMatchObject([{ id: note.id }]);
    expect((await ana.client.messages.page({ conversationId: id, before: opened.page.olderCursor! })).items.map((message) => wordsOf(message.content))).toEqual(['uno']);
  });

  it('gives two desktops the same conversation and holds the answer that did not see the other', async () => {
    const bo = await team.addDesktop({ name: 'Bo' });
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await firstOf(ana);
    await firstOf(bo);
    const { seenThrough } = await bo.client.conversations.get({ conversationId: id });
    await ana.client.messages.sendText({ conversationId: id, text: 'Le atiende Ana' });
    await waitUntil('Bo sees it', async () => (await lastMessageOf(bo, id))?.author?.name === 'Ana');
    const late = await bo.client.messages.sendText({ conversationId: id, text: 'Le atiende Bo', seenThrough });
    expect(late.delivery).toBe('held');
    await waitUntil('the answer of Ana leaves', () => sentTexts().length > 0);
    await bo.engine.waitForIdle(5_000);
    expect(sentTexts()).toEqual(['Le atiende Ana']);
    const now = await bo.client.conversations.get({ conversationId: id });
    await bo.client.messages.confirm({ messageId: late.id, seenThrough: now.seenThrough });
    await waitUntil('the confirmed reply leaves', () => sentTexts().length === 2);
  });

  it('reopens an archived conversation when the customer writes, and never a closed one', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'uno' });
    const first = await firstOf(ana);
    const setStatus = async (from: 'active' | 'archived' | 'closed', to: 'active' | 'archived' | 'closed') => {
      const { seenThrough } = await ana.client.conversations.get({ conversationId: first.id });
      return ana.client.conversations.setStatus({ conversationId: first.id, from, to, seenThrough });
    };
    expect(await setStatus('active', 'archived')).toMatchObject({ outcome: 'applied', status: 'archived', reason: null });
    team.meta.customerWrites({ ...MARTA, text: 'dos' });
    await waitUntil('it is active again', async () => (await listOf(ana)).find((item) => item.id === first.id));
    expect(await setStatus('active', 'closed')).toMatchObject({ outcome: 'applied', status: 'closed', reason: null });
    await ana.engine.waitForIdle(5_000);
    team.meta.customerWrites({ ...MARTA, text: 'tres' });
    const second = await firstOf(ana);
    expect(second.id).not.toBe(first.id);
    expect((await ana.client.messages.page({ conversationId: second.id })).items.map((message) => wordsOf(message.content))).toEqual(['uno', 'dos', 'tres']);
    await expect(ana.client.messages.sendText({ conversationId: first.id, text: 'tarde' })).rejects.toMatchObject({ code: 'CONVERSATION_CLOSED' });
  });

  it('refuses to archive what the customer wrote after the agent last looked', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'uno' });
    const { id } = await firstOf(ana);
    const { seenThrough } = await ana.client.conversations.get({ conversationId: id });
    team.meta.customerWrites({ ...MARTA, text: 'dos' });
    await waitUntil('the second arrives', async () => (await listOf(ana))[0]?.unread === 2);
    expect(await ana.client.conversations.setStatus({ conversationId: id, from: 'active', to: 'archived', seenThrough })).toMatchObject({
      outcome: 'superseded',
      status: 'active',
      reason: 'customer_wrote',
    });
  });
});

describe('what an agent does quickly', () => {
  it('replies and closes at once: the reply still leaves', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'gracias' });
    const { id } = await firstOf(ana);
    const { seenThrough } = await ana.client.conversations.get({ conversationId: id });
    await ana.client.messages.sendText({ conversationId: id, text: 'A la orden' });
    await ana.client.conversations.setStatus({ conversationId: id, from: 'active', to: 'closed', seenThrough });
    await waitUntil('it has left', () => sentTexts().length === 1);
  });

  it('sends twice with one id, because the first answer was lost: one message', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await firstOf(ana);
    const messageId = '0197f0a0-0000-7000-8000-000000000001';
    const first = await ana.client.messages.sendText({ conversationId: id, text: 'una vez', messageId });
    const again = await ana.client.messages.sendText({ conversationId: id, text: 'una vez', messageId });
    expect(again.id).toBe(first.id);
    await ana.engine.waitForIdle(5_000);
    expect(sentTexts()).toEqual(['una vez']);
  });

  it('reads up to what was on screen, not up to what arrived meanwhile', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'uno' });
    const { id } = await firstOf(ana);
    const seen = await lastMessageOf(ana, id);
    team.meta.customerWrites({ ...MARTA, text: 'dos' });
    await waitUntil('the second arrives', async () => (await listOf(ana))[0]?.unread === 2);
    expect(await ana.client.conversations.markRead({ conversationId: id, throughMessageId: seen?.id ?? '' })).toEqual({ unread: 1 });
  });

  it('reads to the end by the message that came last, although another one is shown below it', async () => {
    const now = Math.floor(Date.now() / 1_000);
    for (const [index, ago] of [300, 100, 200].entries()) {
      team.meta.customerWrites({ ...MARTA, text: `hace ${ago}`, timestamp: now - ago });
      await waitUntil('it arrives', async () => (await listOf(ana))[0]?.unread === index + 1);
    }
    const { id } = await firstOf(ana);
    const { items } = await ana.client.messages.page({ conversationId: id });
    expect(items.map(({ inboundNo }) => inboundNo)).toEqual([1, 3, 2]);
    const readThrough = (no: number) => ana.client.conversations.markRead({ conversationId: id, throughMessageId: items.find(({ inboundNo }) => inboundNo === no)?.id ?? '' });
    expect(await readThrough(2)).toEqual({ unread: 1 });
    expect(await readThrough(3)).toEqual({ unread: 0 });
  });

  it('gives up a message that still waits for the relay: it never leaves', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await firstOf(ana);
    await team.relay.kill();
    await waitUntil('it is offline', async () => (await ana.client.session.sync({})).state === 'offline');
    const message = await ana.client.messages.sendText({ conversationId: id, text: 'mejor no' });
    expect((await ana.client.messages.discard({ messageId: message.id })).delivery).toBe('discarded');
    await team.relay.restart();
    await ana.engine.waitForIdle(20_000);
    expect(sentTexts()).toEqual([]);
  });
});

describe('a reply that waited', () => {
  it('for more than 15 minutes while the customer wrote again is shown to its author first', async () => {
    let ahead = 0;
    const bo = await team.addDesktop({ name: 'Bo', ports: { clock: { now: () => Date.now() + ahead } } });
    team.meta.customerWrites({ ...MARTA, text: '¿pueden hoy?' });
    const { id } = await firstOf(bo);
    team.meta.setFaults({ sendErrors: [{ code: 131056, times: 1 }] });
    const reply = await bo.client.messages.sendText({ conversationId: id, text: 'Hoy sí' });
    await waitUntil('Meta puts it off', () => team.meta.journal().some((call) => call.method === 'POST' && !call.accepted));
    await waitUntil('the outbox knows', async () => (await lastMessageOf(bo, id))?.delivery === 'queued');
    team.meta.customerWrites({ ...MARTA, text: 'ya no hace falta' });
    await waitUntil('the customer’s second message arrives', async () => (await listOf(bo))[0]?.unread === 2);
    ahead = 20 * 60_000;
    // Anything that happens makes the outbox look again.
    team.meta.customerWrites({ from: '50255550000', name: 'Otra persona', text: 'hola' });
    await waitUntil('its author is asked', async () => (await bo.client.messages.page({ conversationId: id })).items.find((message) => message.id === reply.id)?.delivery === 'needs_confirmation');
    expect(sentTexts()).toEqual([]);
    const { seenThrough } = await bo.client.conversations.get({ conversationId: id });
    await bo.client.messages.confirm({ messageId: reply.id, seenThrough });
    await waitUntil('it leaves', () => sentTexts().length === 1);
  });
});

describe('the service window', () => {
  const hoursAgo = (hours: number): number => Math.floor(Date.now() / 1000) - hours * 3600;

  it('is counted from Meta’s timestamp and refuses free text when closed', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'hace dos días', timestamp: hoursAgo(48) });
    const conversation = await firstOf(ana);
    expect(conversation.window.state).toBe('closed');
    await expect(ana.client.messages.sendText({ conversationId: conversation.id, text: 'hola' })).rejects.toMatchObject({ code: 'WINDOW_CLOSED' });
    expect(team.meta.journal().filter((call) => call.method === 'POST')).toEqual([]);
  });

  it('is judged again at the moment of sending', async () => {
    let ahead = 0;
    const bo = await team.addDesktop({ name: 'Bo', ports: { clock: { now: () => Date.now() + ahead } } });
    team.meta.customerWrites({ ...MARTA, text: 'casi', timestamp: hoursAgo(23) });
    const { id } = await firstOf(bo);
    team.meta.setFaults({ sendErrors: [{ code: 131056, times: 1 }] });
    await bo.client.messages.sendText({ conversationId: id, text: 'a tiempo' });
    await waitUntil('Meta puts it off', () => team.meta.journal().some((call) => call.method === 'POST' && !call.accepted));
    await waitUntil('the outbox knows', async () => (await lastMessageOf(bo, id))?.delivery === 'queued');
    ahead = 2 * 3600 * 1000;
    team.meta.customerWrites({ from: '50255550000', name: 'Otra persona', text: 'hola' });
    const failed = await waitUntil('it fails', async () => {
      const message = await lastMessageOf(bo, id);
      return message?.delivery === 'failed' ? message : null;
    });
    expect(failed.error?.code).toBe(OWN_ERROR.windowClosed);
    expect(sentTexts()).toEqual([]);
  });
});

describe('refusals', () => {
  it.each([
    { title: 'an unknown conversation', run: (desktop: Desktop) => desktop.client.conversations.get({ conversationId: 'nope' }), code: 'NOT_FOUND' },
    { title: 'a cursor that was made up', run: (desktop: Desktop) => desktop.client.conversations.list({ cursor: 'nope' }), code: 'INVALID_INPUT' },
  ])('are clear for $title', async ({ run, code }) => {
    await expect(run(ana)).rejects.toMatchObject({ code });
  });

  it('name empty and overlong texts before anything is recorded', async () => {
    team.meta.customerWrites({ ...MARTA, text: 'hola' });
    const { id } = await firstOf(ana);
    await expect(ana.client.messages.sendText({ conversationId: id, text: ' \n ' })).rejects.toMatchObject({ code: 'TEXT_EMPTY' });
    await expect(ana.client.messages.sendText({ conversationId: id, text: 'x'.repeat(4097) })).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' });
    expect((await ana.client.messages.page({ conversationId: id })).items).toHaveLength(1);
  });
});
