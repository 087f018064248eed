/** Messages of every kind from the stand-in for Meta, through relay and engine, as a window is given them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ORPCError } from '@orpc/client';
import type { Message, NoticeEvent } from '../../../contract/entities.ts';
import { MESSAGE_KINDS } from '../../../main/demo/meta/sample-messages.ts';
import { DEFAULT_PHONE_NUMBER_ID } from '../../../main/demo/meta/stand-in.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let lea: Desktop;
let bo: Desktop;
const notices: NoticeEvent[] = [];
beforeAll(async () => {
  team = await startTeam();
  lea = await team.addDesktop({ name: 'Lea', role: 'lead', ports: { showNotice: (event) => void notices.push(event) } });
  bo = await team.addDesktop({ name: 'Bo' });
  for (const { engine } of [lea, bo]) await engine.waitForIdle(10_000);
});
afterAll(() => team.stop());

const seconds = (): number => Math.floor(Date.now() / 1000);
/** The conversation of a number, when it is there. */
const conversationOf = (phone: string): Promise<string> =>
  waitUntil('the conversation is there', async () => {
    for (const status of ['active', 'archived'] as const) {
      const { items } = await lea.client.conversations.list({ search: phone, status });
      if (items[0]) return items[0].id;
    }
    return null;
  });
const thread = async (conversationId: string): Promise<Message[]> => (await lea.client.messages.page({ conversationId, limit: 100 })).items;
const find = async (conversationId: string, text: string): Promise<Message | null> => (await thread(conversationId)).find(({ content }) => JSON.stringify(content).includes(text)) ?? null;

test('every kind that a customer can send is in the thread, in the order in which it was written', async () => {
  MESSAGE_KINDS.forEach((kind, n) => team.meta.customerWrites({ from: '50255501200', name: 'Ana', kind, timestamp: seconds() - 200 + n }));
  const id = await conversationOf('50255501200');
  const messages = await waitUntil('all are there', async () => {
    const items = await thread(id);
    return items.length === MESSAGE_KINDS.length ? items : null;
  });
  expect(messages.map(({ content }) => content.kind)).toEqual(
    [
      'text',
      'text',
      'image',
      'video',
      'document',
      'audio',
      'audio',
      'sticker',
      'location',
      'contacts',
      'choice',
      'choice',
      'choice',
      'flow_reply',
      'flow_reply',
      'order',
      'system',
      'system',
      'other',
      'other',
      'other',
    ].concat(['text', 'text', 'text']),
  );
  expect(messages.find(({ context }) => context?.referral)?.context).toMatchObject({ isForwarded: false, referral: { headline: 'Mantenimiento de plantas de tratamiento' } });
  expect(messages.find(({ context }) => context?.product)?.context).toMatchObject({ product: { productId: 'BOMBA-5HP' } });
  expect(messages.at(-1)?.context).toMatchObject({ isForwarded: true });
});

test('reactions, edits and revokes are seen on their message, and call nobody', async () => {
  const from = '50255501201';
  const { id: first } = team.meta.customerWrites({ from, name: 'Eva', text: 'a las 8' });
  const { id: second } = team.meta.customerWrites({ from, text: 'un secreto' });
  const id = await conversationOf(from);
  await waitUntil('both are there', async () => (await thread(id)).length === 2);
  await lea.client.messages.sendText({ conversationId: id, text: 'Con gusto' });
  const sent = await waitUntil('it is sent', async () => team.meta.journal().findLast(({ messageId, body }) => messageId !== undefined && JSON.stringify(body).includes('Con gusto'))?.messageId);
  await waitUntil('its answer is recorded', async () => (await find(id, 'Con gusto'))?.timeline.some(({ status }) => status === 'sent') === true);
  notices.splice(0);

  team.meta.customerWrites({ from, reactsTo: sent, emoji: '❤️' });
  team.meta.customerWrites({ from, edits: first, text: 'a las 9', timestamp: seconds() - 3 });
  team.meta.customerWrites({ from, edits: first, text: 'a las 10', timestamp: seconds() });
  team.meta.customerWrites({ from, revokes: second });
  team.meta.customerWrites({ from, text: 'respondo', quotes: second });
  const last = await waitUntil('all is settled', async () => {
    const items = await thread(id);
    return items.length === 4 && items.some(({ revokedAt }) => revokedAt !== null) && items.some(({ reactions }) => reactions.length > 0) ? items : null;
  });
  const messages = await waitUntil('the second edit came', async () => {
    const items = await thread(id);
    return JSON.stringify(items).includes('a las 10') ? items : null;
  });
  expect(last).toHaveLength(4);
  const edited = messages.find(({ editedAt }) => editedAt !== null);
  const revoked = messages.find(({ revokedAt }) => revokedAt !== null);
  if (!edited || !revoked) throw new Error('an edit and a revoke were expected');
  expect(edited.content).toEqual({ kind: 'text', text: 'a las 10' });
  expect(revoked.content).toEqual({ kind: 'revoke' });
  expect(messages.find(({ direction }) => direction === 'out')?.reactions).toMatchObject([{ emoji: '❤️', direction: 'in', author: null, delivery: null }]);
  expect(messages.find(({ content }) => content.kind === 'text' && content.text === 'respondo')?.quoted).toEqual({ id: revoked.id, direction: 'in', author: null, content: { kind: 'revoke' } });
  expect((await lea.client.conversations.get({ conversationId: id, messages: 0 })).inboundCount).toBe(3);
  expect(JSON.stringify(messages), 'what was taken back is told to nobody by the way').not.toContain('secreto');

  expect(await lea.client.messages.versions({ messageId: edited.id })).toMatchObject([{ content: { text: 'a las 8' } }, { content: { text: 'a las 9' } }]);
  expect(await lea.client.messages.versions({ messageId: revoked.id })).toMatchObject([{ content: { text: 'un secreto' } }]);
  const refusal: unknown = await bo.client.messages.versions({ messageId: revoked.id }).catch((error: unknown) => error);
  expect(refusal instanceof ORPCError && refusal.code).toBe('FORBIDDEN');
  await waitUntil('the reply was told', () => notices.some((event) => event.t === 'show' && event.notice.kind === 'message' && event.notice.text === 'respondo'));
  expect(notices.filter((event) => event.t === 'show').map(({ notice }) => notice.kind === 'message' && notice.text)).toEqual(['respondo']);
});

test('a reaction to something that is not known here stands alone', async () => {
  team.meta.customerWrites({ from: '50255501202', name: 'Iván', reactsTo: 'wamid.before', emoji: '👍' });
  const id = await conversationOf('50255501202');
  expect(await thread(id)).toMatchObject([{ content: { kind: 'reaction', emoji: '👍' }, inboundNo: null }]);
  const summary = await lea.client.conversations.get({ conversationId: id, messages: 0 });
  expect(summary).toMatchObject({ unread: 0, lastMessage: null, waitingSince: null, window: { state: 'none' } });
});

test('what a colleague writes on the phone is ours, and what was imported is old and read', async () => {
  const from = '50255501203';
  team.meta.customerWrites({ from, name: 'Rosa', text: 'Hola' });
  const id = await conversationOf(from);
  notices.splice(0);
  team.meta.phoneWrites({ to: from, text: 'Le contesto desde el teléfono' });
  const echo = await waitUntil('the echo is there', () => find(id, 'teléfono'));
  expect(echo).toMatchObject({ direction: 'out', origin: 'phone_app', author: null, delivery: 'sent' });
  expect(await lea.client.conversations.get({ conversationId: id, messages: 0 })).toMatchObject({ waitingSince: null, unread: 1 });

  const old = { from, id: 'wamid.old', timestamp: String(seconds() - 40 * 86_400), type: 'text', text: { body: 'hace cuarenta días' } };
  const unknown = { ...old, from: '50255501204', id: 'wamid.older' };
  team.meta.postChange({
    field: 'history',
    value: {
      history: [
        {
          metadata: { phase: 1 },
          threads: [
            { id: from, messages: [old] },
            { id: '50255501204', messages: [unknown] },
          ],
        },
      ],
    },
  });
  expect(await waitUntil('it was imported', () => find(id, 'cuarenta'))).toMatchObject({ origin: 'history', isLate: false, inboundNo: null });
  expect((await lea.client.conversations.get({ conversationId: id, messages: 0 })).unread).toBe(1);
  const archived = await conversationOf('50255501204');
  expect(await lea.client.conversations.get({ conversationId: archived, messages: 0 })).toMatchObject({
    status: 'archived',
    unread: 0,
    window: { state: 'none' },
    lastMessage: { content: { kind: 'text' } },
  });
  expect(await lea.client.conversations.markRead({ conversationId: archived, throughMessageId: (await thread(archived))[0]?.id ?? '' })).toEqual({ unread: 0 });
  expect(notices.filter((event) => event.t === 'show')).toEqual([]);
});

test('a late message slots in where it was written, and says so', async () => {
  const from = '50255501205';
  team.meta.customerWrites({ from, name: 'Luz', text: 'segundo' });
  const id = await conversationOf(from);
  team.meta.customerWrites({ from, text: 'primero', timestamp: seconds() - 3_600 });
  await waitUntil('it came', () => find(id, 'primero'));
  expect((await thread(id)).map(({ content, isLate }) => [content.kind === 'text' && content.text, isLate])).toEqual([
    ['primero', true],
    ['segundo', false],
  ]);
});

test('who they are and what they want of advertising is told with the person', async () => {
  const from = '50255501206';
  team.meta.customerWrites({ from, userId: 'GT.1206', username: '@olga', name: 'Olga', text: 'Hola' });
  const id = await conversationOf(from);
  team.meta.postChange({ field: 'user_preferences', value: { user_preferences: [{ wa_id: from, category: 'marketing_messages', value: 'stop', timestamp: seconds() }] } });
  team.meta.customerWrites({ from, changesNumberTo: '50255509999' });
  const conversation = await waitUntil('the number changed', async () => {
    const found = await lea.client.conversations.get({ conversationId: id, messages: 0 });
    return found.identifiers.length === 4 && found.contact.hasOptedOut ? found : null;
  });
  expect(conversation.identifiers).toEqual(
    expect.arrayContaining([
      { kind: 'wa_id', value: from },
      { kind: 'wa_id', value: '50255509999' },
      { kind: 'user_id', value: 'GT.1206' },
      { kind: 'username', value: 'olga' },
    ]),
  );
  expect(conversation).toMatchObject({ contact: { name: 'Olga', username: 'olga', phone: '+502 5550 9999' }, phoneNumberId: DEFAULT_PHONE_NUMBER_ID });
});
