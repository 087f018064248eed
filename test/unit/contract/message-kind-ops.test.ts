/** Ops of messages that are no text: our reactions, files found, conversations begun with a number. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationRow } from '../../../contract/state.ts';
import { AT, createTeamLog, ROSA } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});
const conversation = (id = team.conversationId) => team.tx.get('conversation', [id]) as ConversationRow;
const SHA = 'a'.repeat(64);

describe('our reaction', () => {
  const target = (): string => `wamid.${team.conversationId.slice(2)}`;
  const react = (who: string, messageId: string, targetWamid: string | undefined, seenThrough = team.head(), conversationId = team.conversationId) =>
    team.op(who, { type: 'message.queue', args: { messageId, conversationId, seenThrough, content: { kind: 'reaction', emoji: '👍' }, ...(targetWamid && { targetWamid }) } });

  it('goes to the outbox and answers nothing', () => {
    const before = conversation();
    expect(react('bo', 'r1', target())).toMatchObject({ outcome: 'applied', changed: ['message'] });
    expect(conversation()).toEqual(before);
    expect(team.tx.get('message', ['r1'])).toMatchObject({ status: 'queued', hold: null, target_wamid: target(), actor_id: 'bo' });
  });

  it('is never held, neither for an answer nor for a closed conversation', () => {
    const seen = team.head();
    team.op('cy', { type: 'message.queue', args: { messageId: 'm', conversationId: team.conversationId, seenThrough: seen, content: { kind: 'text', text: 'va' } } });
    team.op('cy', { type: 'conversation.status', args: { conversationId: team.conversationId, from: 'active', to: 'closed', seenThrough: team.head() } });
    expect(react('bo', 'r1', target(), seen).outcome).toBe('applied');
  });

  it('needs a message of that conversation', () => {
    team.customerWrites({ from: '50255550000' });
    expect(react('bo', 'r1', `wamid.${team.head()}`)).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(react('bo', 'r1', 'wamid.none')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(react('bo', 'r1', undefined)).toMatchObject({ outcome: 'forbidden', changed: [] });
    const text = { type: 'message.queue', args: { messageId: 'm', conversationId: team.conversationId, seenThrough: 0, content: { kind: 'text', text: 'x' }, targetWamid: target() } } as const;
    expect(team.op('bo', text)).toMatchObject({ outcome: 'forbidden', changed: [] });
  });
});

describe('what a file is', () => {
  const media = (who: string, messageId: string, sha256 = SHA) => team.op(who, { type: 'message.media', args: { messageId, sha256, bytes: 10 } });
  const image = (rest: object = {}) =>
    `m_${team.webhook({ payload: { id: 'w.img', from: ROSA, timestamp: String(AT / 1000), type: 'image', image: { id: '77', mime_type: 'image/jpeg', ...rest } } })}`;

  it('is told by the first desktop that read it', () => {
    const id = image();
    expect(media('bo', id)).toMatchObject({ outcome: 'applied', changed: ['message'], conversationId: null });
    expect(JSON.parse(team.tx.get('message', [id])?.content ?? '')).toMatchObject({ kind: 'image', media: { sha256: SHA, bytes: 10 } });
    expect(media('cy', id)).toMatchObject({ outcome: 'merged', changed: [] });
    expect(media('cy', id, 'b'.repeat(64))).toMatchObject({ outcome: 'superseded', changed: [] });
  });

  it('stays what Meta said', () => {
    expect(media('bo', image({ sha256: 'b'.repeat(64) })).outcome).toBe('superseded');
  });

  it('is nothing that a text could have', () => {
    expect(media('bo', `m_${team.conversationId.slice(2)}`)).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(media('bo', 'none')).toMatchObject({ outcome: 'target_missing', changed: [] });
  });

  it('survives an edit of the caption, before and after', () => {
    const id = image();
    const edit = (wamid: string, caption: string) =>
      team.webhook({
        payload: {
          id: wamid,
          from: ROSA,
          timestamp: String(AT / 1000 + 1),
          type: 'edit',
          edit: { original_message_id: 'w.img', message: { type: 'image', image: { id: '77', mime_type: 'image/jpeg', caption } } },
        },
      });
    edit('e1', 'uno');
    media('bo', id);
    expect(JSON.parse(team.tx.get('message', [id])?.content ?? '')).toMatchObject({ caption: 'uno', media: { sha256: SHA } });
    edit('e2', 'dos');
    expect(JSON.parse(team.tx.get('message', [id])?.content ?? '')).toMatchObject({ caption: 'dos', media: { sha256: SHA } });
  });
});

describe('beginning a conversation with a number', () => {
  const start = (phone: string, { id = 'conv', contactId = 'person', name = null as string | null, phoneNumberId = '2' } = {}) =>
    team.op('bo', { type: 'conversation.start', args: { conversationId: id, contactId, phoneNumberId, phone, name } });

  it('makes a contact that is called as we call them until they say who they are', () => {
    expect(start('50247732218', { name: 'Óscar' })).toMatchObject({ outcome: 'applied', conversationId: 'conv', changed: ['contact', 'contact_identifier', 'conversation'] });
    expect(team.tx.get('contact', ['person'])).toMatchObject({ profile_name: 'Óscar' });
    expect(conversation('conv')).toMatchObject({ status: 'active', last_message_id: null, last_inbound_at: null, contact_id: 'person' });
    team.webhook({
      payload: { id: 'w', from: '50247732218', timestamp: String(AT / 1000), type: 'text', text: { body: 'hola' } },
      contacts: [{ wa_id: '50247732218', profile: { name: 'O. Ramírez' } }],
    });
    expect(team.tx.list('message_by_wamid', ['w'])).toMatchObject([{ conversation_id: 'conv', contact_id: 'person' }]);
    expect(team.tx.get('contact', ['person'])).toMatchObject({ profile_name: 'O. Ramírez' });
  });

  it('finds who is there, also written the other way, and the conversation that goes on', () => {
    expect(start(ROSA)).toEqual({ outcome: 'merged', conversationId: team.conversationId, detail: { conversationId: team.conversationId }, changed: [] });
    start('525512345678');
    team.webhook({ payload: { id: 'w', from: '5215512345678', timestamp: String(AT / 1000), type: 'text', text: { body: 'hola' } } });
    expect(team.tx.list('message_by_wamid', ['w'])).toMatchObject([{ conversation_id: 'conv', contact_id: 'person' }]);
    expect(start('5215512345678', { id: 'again', contactId: 'other' })).toMatchObject({ outcome: 'merged', detail: { conversationId: 'conv' } });
  });

  it('of somebody whose conversations are closed begins another one, and so does another number of ours', () => {
    team.op('bo', { type: 'conversation.status', args: { conversationId: team.conversationId, from: 'active', to: 'closed', seenThrough: team.head() } });
    expect(start(ROSA)).toMatchObject({ outcome: 'applied', changed: ['conversation'] });
    expect(conversation('conv')).toMatchObject({ contact_id: conversation().contact_id, status: 'active' });
    expect(start(ROSA, { id: 'other', phoneNumberId: '3' })).toMatchObject({ outcome: 'applied' });
  });

  it('twice from two desktops is one conversation', () => {
    expect(start('50247732218').outcome).toBe('applied');
    expect(start('50247732218', { id: 'second', contactId: 'second' })).toMatchObject({ outcome: 'merged', detail: { conversationId: 'conv' }, changed: [] });
    expect(start('50247732219', { id: 'conv', contactId: 'third' })).toMatchObject({ outcome: 'duplicate', changed: [] });
    expect(start('50247732219', { id: 'fourth', contactId: 'person' })).toMatchObject({ outcome: 'duplicate', changed: [] });
  });
});
