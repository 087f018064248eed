/** What Meta tells, in rows: messages about messages, echoes of the phone, imported history, who is who, and the account. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountEventRow, ContactIdentifierRow, ContactRow, ConversationRow, MessageRow } from '../../../contract/state.ts';
import { AT, BUSINESS, createTeamLog, ROSA } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});

const SECOND = 1_000;
const at = (seconds: number): string => String(AT / SECOND + seconds);
const text = (id: string, body: string, seconds = 0, rest: object = {}) => ({ id, from: ROSA, timestamp: at(seconds), type: 'text', text: { body }, ...rest });
const reaction = (id: string, target: string, emoji: string, seconds = 0, rest: object = {}) => ({
  id,
  from: ROSA,
  timestamp: at(seconds),
  type: 'reaction',
  reaction: { message_id: target, emoji },
  ...rest,
});
const edit = (id: string, target: string, body: string, seconds = 0, rest: object = {}) => ({
  id,
  from: ROSA,
  timestamp: at(seconds),
  type: 'edit',
  edit: { original_message_id: target, message: { type: 'text', text: { body } } },
  ...rest,
});
const revoke = (id: string, target: string, seconds = 0, rest: object = {}) => ({ id, from: ROSA, timestamp: at(seconds), type: 'revoke', revoke: { original_message_id: target }, ...rest });
const fromPhone = { from: BUSINESS.display_phone_number, to: ROSA };
const receives = (...payloads: Record<string, unknown>[]) => payloads.map((payload) => team.webhook({ payload }));
const echoes = (...payloads: Record<string, unknown>[]) => payloads.map((payload) => team.webhook({ field: 'smb_message_echoes', payload }));
const byWamid = (wamid: string): MessageRow => team.tx.list('message_by_wamid', [wamid])[0] as MessageRow;
const contentOf = (wamid: string): unknown => JSON.parse(byWamid(wamid).content);
const conversation = (id = team.conversationId): ConversationRow => team.tx.get('conversation', [id]) as ConversationRow;
const all = <T>(table: string): T[] => team.db.prepare(`SELECT * FROM ${table}`).all() as T[];

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) return yield [...items];
  for (const [index, item] of items.entries()) for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}

describe('reactions, edits and revokes', () => {
  it('end the same whatever came first, the message or what is about it', () => {
    const parts = [text('t', 'a las 8', 8), edit('e1', 't', 'a las 9', 10), edit('e2', 't', 'a las 10', 20), edit('e0', 't', 'a las 11', 20), reaction('r', 't', '👍', 30)];
    const seen = new Set<string>();
    let orders = 0;
    for (const order of permutations(parts)) {
      orders += 1;
      team.close();
      team = createTeamLog();
      receives(...order);
      const target = byWamid('t');
      expect(JSON.parse(target.content), order.map(({ id }) => id).join()).toEqual({ kind: 'text', text: 'a las 10' });
      seen.add(JSON.stringify([target.original_content, target.edited_at, target.revoked_at, conversation().last_message_id === target.id, conversation().inbound_count]));
      for (const wamid of ['e0', 'e1', 'e2', 'r']) expect(byWamid(wamid), wamid).toMatchObject({ inbound_no: null, target_wamid: 't', conversation_id: target.conversation_id });
    }
    expect(orders).toBe(120);
    expect([...seen]).toEqual([JSON.stringify(['{"kind":"text","text":"a las 8"}', AT + 20 * SECOND, null, true, 2])]);
  });

  it('a revoked message keeps what it was, for those who may see it', () => {
    for (const order of permutations([text('t', 'secreto', 1), edit('e', 't', 'otro', 2), revoke('x', 't', 5)])) {
      team.close();
      team = createTeamLog();
      receives(...order);
      expect(byWamid('t')).toMatchObject({ revoked_at: AT + 5 * SECOND, content: '{"kind":"text","text":"otro"}', original_content: '{"kind":"text","text":"secreto"}' });
    }
  });

  it('count as nothing that waits for an answer: no unread, no window, nothing reopens, the list stays', () => {
    receives(text('t', 'hola', 0));
    team.op('bo', { type: 'message.queue', args: { messageId: 'out', conversationId: team.conversationId, seenThrough: team.head(), content: { kind: 'text', text: 'va' } } });
    team.op('bo', { type: 'message.result', args: { messageId: 'out', wamid: 'w.out' } });
    team.op('bo', { type: 'conversation.status', args: { conversationId: team.conversationId, from: 'active', to: 'archived', seenThrough: team.head() } });
    const before = conversation();
    receives(reaction('r', 'w.out', '🙏', 60), edit('e', 't', 'hola a todos', 61), revoke('x', 't', 62));
    expect(conversation()).toEqual(before);
    expect(byWamid('r')).toMatchObject({ target_wamid: 'w.out', inbound_no: null });
  });

  it('only the same side of the same contact edits or takes back; anybody of the thread reacts', () => {
    receives(text('t', 'mío', 0));
    const other = { from: '50255550000' };
    receives(edit('e', 't', 'ajeno', 1, other), revoke('x', 't', 1, other), reaction('r', 't', '👎', 1, other));
    echoes(edit('pe', 't', 'de la oficina', 2, fromPhone), revoke('px', 't', 2, fromPhone), reaction('pr', 't', '👍', 2, fromPhone));
    expect(byWamid('t')).toMatchObject({ edited_at: null, revoked_at: null, original_content: null, content: '{"kind":"text","text":"mío"}' });
    expect(byWamid('pr')).toMatchObject({ direction: 'out', origin: 'phone_app', actor_id: null, status: 'sent' });
    expect(all<ConversationRow>('conversation'), 'the other person has a conversation that shows what they did').toHaveLength(2);
  });

  it('of somebody who never wrote still have a place, and it is the same when the message comes after all', () => {
    const nadia = { from: '50241100229' };
    receives(reaction('r', 't', '❤️', 50, nadia));
    const [row] = all<ConversationRow>('conversation').filter(({ id }) => id !== team.conversationId);
    expect(row).toMatchObject({ status: 'active', inbound_count: 0, last_message_id: null, last_message_at: byWamid('r').sort_at, waiting_since: null, last_inbound_at: null });
    receives(text('t', 'hola', 10, nadia));
    expect(conversation(row?.id)).toMatchObject({ inbound_count: 1, last_message_id: byWamid('t').id, last_message_at: byWamid('t').sort_at, waiting_since: AT + 10 * SECOND });
  });

  it('an edit of our own message from the phone waits for the answer to our call', () => {
    team.op('bo', { type: 'message.queue', args: { messageId: 'out', conversationId: team.conversationId, seenThrough: team.head(), content: { kind: 'text', text: 'mal' } } });
    echoes(edit('e', 'w.out', 'bien', 5, fromPhone));
    expect(team.tx.get('message', ['out'])).toMatchObject({ edited_at: null });
    team.op('bo', { type: 'message.result', args: { messageId: 'out', wamid: 'w.out' } });
    expect(team.tx.get('message', ['out'])).toMatchObject({ content: '{"kind":"text","text":"bien"}', edited_at: AT + 5 * SECOND });
  });

  it('an edited caption keeps its picture', () => {
    receives({ id: 't', from: ROSA, timestamp: at(0), type: 'image', image: { id: '77', mime_type: 'image/jpeg', caption: 'antes' } });
    receives(edit('e', 't', 'después', 1));
    expect(contentOf('t')).toMatchObject({ kind: 'image', caption: 'después', media: { id: '77' } });
  });

  it('one that names no target stands alone', () => {
    receives({ id: 'e', from: ROSA, timestamp: at(0), type: 'edit', edit: {} }, { id: 'r', from: ROSA, timestamp: at(0), type: 'reaction' });
    expect(byWamid('e')).toMatchObject({ target_wamid: null, inbound_no: null });
    expect(contentOf('r')).toEqual({ kind: 'reaction', emoji: '' });
  });
});

describe('what a colleague writes on the phone', () => {
  it('is an answer: nobody waits, it opens no window, and holds what did not see it', () => {
    receives(text('t', 'hola', 5));
    const seen = team.head();
    const [seq] = echoes({ ...fromPhone, id: 'echo', timestamp: at(60), type: 'text', text: { body: 'Le contesto' } });
    expect(byWamid('echo')).toMatchObject({ direction: 'out', origin: 'phone_app', status: 'sent', actor_id: null, conversation_id: team.conversationId, inbound_no: null, sent_at: AT + 60 * SECOND });
    expect(conversation()).toMatchObject({
      waiting_since: null,
      last_inbound_at: AT + 6 * SECOND,
      inbound_count: 2,
      last_outbound_seq: seq,
      last_outbound_actor_id: null,
      last_message_id: byWamid('echo').id,
    });
    const queue = (id: string, seenThrough: number) =>
      team.op('bo', { type: 'message.queue', args: { messageId: id, conversationId: team.conversationId, seenThrough, content: { kind: 'text', text: 'va' } } }).outcome;
    expect(queue('late', seen)).toBe('held');
    expect(queue('next', team.head())).toBe('applied');
  });

  it('is one in whichever field it comes', () => {
    receives({ ...fromPhone, id: 'echo', timestamp: at(60), type: 'text', text: { body: 'Le contesto' } });
    expect(byWamid('echo')).toMatchObject({ direction: 'out', origin: 'phone_app', conversation_id: team.conversationId });
  });

  it('that came late answers nothing that was written after it', () => {
    receives(text('t', 'hola', 100));
    expect(conversation().waiting_since, 'Rosa had written before').toBe(AT + 6 * SECOND);
    echoes({ ...fromPhone, id: 'echo', timestamp: at(3), type: 'text', text: { body: 'Buenas' } });
    expect(conversation().waiting_since).toBe(AT + 6 * SECOND);
  });

  it('to somebody new begins their conversation; statuses of it count', () => {
    team.webhook({ item: 'status', payload: { id: 'echo', status: 'read', timestamp: at(9), pricing: { category: 'service' } } });
    echoes({ ...fromPhone, to: '50247732218', id: 'echo', timestamp: at(1), type: 'text', text: { body: 'Buenas' } });
    expect(byWamid('echo')).toMatchObject({ status: 'read', pricing: '{"category":"service","type":null,"model":null,"isBillable":null}' });
    expect(team.tx.get('contact_identifier', ['wa_id', '50247732218'])).toMatchObject({ contact_id: byWamid('echo').contact_id });
    expect(team.tx.list('parked_status_by_wamid', ['echo'])).toEqual([]);
  });
});

describe('imported history', () => {
  const thread = { id: '50247732218' };
  const imports = (payload: Record<string, unknown>, withThread = true) => team.webhook({ field: 'history', payload, ...(withThread && { thread }) });

  it('is archived, read and waits for nobody; our side is told from theirs', () => {
    imports({ id: 'h1', from: thread.id, timestamp: at(-9_000), type: 'text', text: { body: 'hace tiempo' }, history_context: { status: 'READ' } });
    imports({ id: 'h2', from: BUSINESS.display_phone_number, to: thread.id, timestamp: at(-8_000), type: 'text', text: { body: 'con gusto' }, history_context: { status: 'DELIVERED' } });
    expect(byWamid('h1')).toMatchObject({ direction: 'in', origin: 'history', status: null, inbound_no: null });
    expect(byWamid('h2')).toMatchObject({ direction: 'out', origin: 'history', status: 'delivered', contact_id: byWamid('h1').contact_id });
    expect(conversation(byWamid('h1').conversation_id)).toMatchObject({
      status: 'archived',
      inbound_count: 0,
      waiting_since: null,
      last_inbound_at: null,
      last_outbound_seq: 0,
      last_message_id: byWamid('h2').id,
    });
    receives(text('now', 'hola', 10, { from: thread.id }));
    expect(conversation(byWamid('h1').conversation_id)).toMatchObject({ status: 'active', inbound_count: 1, waiting_since: AT + 10 * SECOND });
  });

  it.each([
    ['READ', 'read'],
    ['PLAYED', 'played'],
    ['ERROR', 'failed'],
    ['PENDING', 'sent'],
    [undefined, 'sent'],
  ])('what it says of our messages (%s) is their status (%s)', (status, expected) => {
    imports({ id: 'h', from: BUSINESS.display_phone_number, timestamp: at(-9_000), type: 'text', text: { body: 'x' }, ...(status && { history_context: { status } }) });
    expect(byWamid('h').status).toBe(expected);
  });

  it('slots into a thread that goes on, without touching it', () => {
    const before = conversation();
    team.webhook({ field: 'history', thread: { id: ROSA }, payload: text('h', 'antes', -5_000) });
    expect(conversation()).toEqual(before);
    expect(byWamid('h')).toMatchObject({ conversation_id: team.conversationId, sort_at: AT - 5_000 * SECOND + 999 });
  });

  it('a file comes after the message that holds its place, or before it', () => {
    const placeholder = { id: 'h', from: thread.id, timestamp: at(-9_000), type: 'media_placeholder' };
    const image = { id: 'h', from: thread.id, timestamp: at(-9_000), type: 'image', image: { id: '77', mime_type: 'image/jpeg' } };
    for (const order of [
      [placeholder, image],
      [image, placeholder],
    ]) {
      team.close();
      team = createTeamLog();
      for (const payload of order) imports(payload, payload === placeholder);
      expect(contentOf('h')).toMatchObject({ kind: 'image', media: { id: '77' } });
    }
  });
});

it('while Meta’s own agent holds the thread the customer still waits for us', () => {
  team.webhook({ field: 'standby', payload: text('s', '¿Hay alguien?', 60) });
  expect(byWamid('s')).toMatchObject({ origin: 'standby', inbound_no: 2 });
  expect(conversation()).toMatchObject({ inbound_count: 2, last_inbound_at: AT + 60 * SECOND });
});

it('an ad, a forward and a quote stay with the message', () => {
  receives(text('t', 'vi su anuncio', 0, { context: { id: 'q', forwarded: true }, referral: { headline: 'Oferta', source_url: 'https://fb.me/x' } }));
  expect(byWamid('t')).toMatchObject({ quoted_wamid: 'q' });
  expect(JSON.parse(byWamid('t').context ?? '')).toMatchObject({ isForwarded: true, referral: { headline: 'Oferta' } });
  expect(byWamid(`wamid.${team.conversationId.slice(2)}`).context).toBeNull();
});

describe('who is who', () => {
  const writes = (id: string, who: Record<string, unknown>, contacts?: Record<string, unknown>[]) =>
    team.webhook({ payload: { ...text(id, 'hola', 0), from: undefined, ...who }, ...(contacts && { contacts }) });
  const contactOf = (wamid: string): string => byWamid(wamid).contact_id;

  it.each([
    ['5215512345678', '525512345678'],
    ['541123456789', '5491123456789'],
    ['5511987654321', '551187654321'],
  ])('%s and %s are one person, known under both from then on', (first, second) => {
    writes('a', { from: first });
    writes('b', { from: second });
    expect(contactOf('b')).toBe(contactOf('a'));
    expect(team.tx.get('contact_identifier', ['wa_id', second])).toMatchObject({ contact_id: contactOf('a') });
  });

  it('a username finds nobody: it can pass to somebody else', () => {
    const contact = (userId: string) => [{ user_id: userId, profile: { username: '@rosa' } }];
    writes('a', { from_user_id: 'GT.1' }, contact('GT.1'));
    writes('b', { from_user_id: 'GT.2' }, contact('GT.2'));
    expect(contactOf('a')).not.toBe(contactOf('b'));
    expect(team.tx.get('contact', [contactOf('b')])).toMatchObject({ username: 'rosa' });
    expect(team.tx.get('contact_identifier', ['username', 'rosa'])).toMatchObject({ contact_id: contactOf('b') });
  });

  it('a new number and a new user id belong to who had the old ones', () => {
    writes('a', { from: ROSA, from_user_id: 'GT.1' });
    receives({ id: 's1', from: ROSA, timestamp: at(20), type: 'system', system: { type: 'user_changed_number', body: 'cambió', wa_id: '50255559999' } });
    team.webhook({ payload: { id: 's2', timestamp: at(21), type: 'system', system: { type: 'user_changed_user_id', user_id: 'GT.9', previous_user_id: 'GT.1' } } });
    writes('b', { from: '50255559999' });
    writes('c', { from_user_id: 'GT.9' });
    expect([contactOf('s1'), contactOf('s2'), contactOf('b'), contactOf('c')]).toEqual(Array.from({ length: 4 }, () => contactOf('a')));
    expect(conversation().last_inbound_at, 'what WhatsApp says opens no window').toBe(AT + 6 * SECOND);
  });

  it('what people want of advertising: the newest wish counts, in any order; of the same second the refusal', () => {
    const wish = (value: string, timestamp: number) =>
      team.webhook({ item: 'change', field: 'user_preferences', payload: { user_preferences: [{ wa_id: ROSA, category: 'marketing_messages', value, timestamp }] } });
    const base = AT / SECOND;
    for (const order of permutations<[string, number]>([
      ['stop', base + 2],
      ['resume', base + 1],
      ['resume', base + 2],
      ['stop', base],
    ])) {
      team.close();
      team = createTeamLog();
      for (const [value, timestamp] of order) wish(value, timestamp);
      const { contact_id: id } = conversation();
      expect(team.tx.get('contact', [id]), JSON.stringify(order)).toMatchObject({ marketing: 'stop', marketing_at: AT + 2 * SECOND });
    }
    wish('signup', base + 3);
    expect(team.tx.get('contact', [conversation().contact_id])).toMatchObject({ marketing: 'resume' });
  });

  it('a wish of somebody unknown is kept for when they write', () => {
    team.webhook({
      item: 'change',
      field: 'user_preferences',
      payload: { contacts: [{ wa_id: '50258820347', profile: { name: 'Marta' } }], user_preferences: [{ wa_id: '50258820347', value: 'stop', timestamp: AT / SECOND }] },
    });
    expect(all<ContactRow>('contact').find(({ profile_name }) => profile_name === 'Marta')).toMatchObject({ marketing: 'stop' });
    writes('m', { from: '50258820347' });
    expect(team.tx.get('contact', [contactOf('m')])).toMatchObject({ marketing: 'stop' });
  });

  it('of a message.result, who Meta says it was sent to is known as the same contact, if nobody else is', () => {
    writes('other', { from_user_id: 'GT.5' });
    team.op('bo', { type: 'message.queue', args: { messageId: 'out', conversationId: team.conversationId, seenThrough: team.head(), content: { kind: 'text', text: 'va' } } });
    team.op('bo', { type: 'message.result', args: { messageId: 'out', wamid: 'w', waId: '50255558888', userId: 'GT.5' } });
    const { contact_id: id } = conversation();
    expect(team.tx.get('contact_identifier', ['wa_id', '50255558888'])).toMatchObject({ contact_id: id });
    expect(team.tx.get('contact_identifier', ['user_id', 'GT.5'])).toMatchObject({ contact_id: contactOf('other') });
  });
});

describe('the account', () => {
  const change = (field: string, payload: Record<string, unknown>, time = AT / SECOND) => team.webhook({ item: 'change', field, payload, time });
  const events = () => all<AccountEventRow>('account_event').map(({ field, event, subject, severity }) => ({ field, event, subject, severity }));

  it.each([
    ['message_template_status_update', { event: 'REJECTED', message_template_name: 'aviso', message_template_language: 'en-US' }, { event: 'REJECTED', subject: 'aviso/en_US', severity: 'error' }],
    ['message_template_status_update', { event: 'PAUSED', message_template_name: 'aviso', message_template_language: 'es' }, { event: 'PAUSED', subject: 'aviso/es', severity: 'warning' }],
    ['message_template_status_update', { event: 'APPROVED', message_template_id: '99' }, { event: 'APPROVED', subject: '99', severity: 'info' }],
    ['message_template_quality_update', { new_quality_score: 'RED', message_template_name: 'aviso', message_template_language: 'es' }, { event: 'RED', subject: 'aviso/es', severity: 'error' }],
    [
      'template_category_update',
      { new_category: 'UTILITY', correct_category: 'MARKETING', message_template_name: 'aviso', message_template_language: 'es' },
      { event: 'MARKETING', subject: 'aviso/es', severity: 'warning' },
    ],
    ['message_template_components_update', { message_template_name: 'aviso', message_template_language: 'es' }, { event: 'CHANGED', subject: 'aviso/es', severity: 'info' }],
    ['phone_number_quality_update', { event: 'FLAGGED', display_phone_number: '502' }, { event: 'FLAGGED', subject: '502', severity: 'warning' }],
    ['phone_number_name_update', { decision: 'REJECTED', display_phone_number: '502' }, { event: 'REJECTED', subject: '502', severity: 'warning' }],
    ['account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } }, { event: 'DISABLED_UPDATE', subject: '1', severity: 'error' }],
    ['account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } }, { event: 'DISABLED_UPDATE', subject: '1', severity: 'info' }],
    ['account_update', { event: 'ACCOUNT_RESTRICTION' }, { event: 'ACCOUNT_RESTRICTION', subject: 'ACCOUNT_RESTRICTION', severity: 'error' }],
    ['account_update', { event: 'SOMETHING_NEW' }, { event: 'SOMETHING_NEW', subject: 'SOMETHING_NEW', severity: 'info' }],
    ['account_review_update', { decision: 'APPROVED' }, { event: 'APPROVED', subject: '1', severity: 'info' }],
    ['account_alerts', { entity_id: '30', alert_info: { alert_type: 'LIMIT', alert_severity: 'CRITICAL', alert_status: 'ACTIVE' } }, { event: 'LIMIT', subject: '30/LIMIT', severity: 'error' }],
    ['account_alerts', { entity_id: '30', alert_type: 'LIMIT', alert_severity: 'CRITICAL', alert_status: 'RESOLVED' }, { event: 'LIMIT', subject: '30/LIMIT', severity: 'info' }],
    ['account_settings_update', { type: 'phone_number_settings' }, { event: 'phone_number_settings', subject: '1', severity: 'info' }],
    ['business_capability_update', { max_daily_conversations_per_business: -1 }, { event: 'CHANGED', subject: '1', severity: 'info' }],
    ['security', { event: 'PIN_RESET_REQUEST', display_phone_number: '502' }, { event: 'PIN_RESET_REQUEST', subject: '502', severity: 'warning' }],
    ['history', { metadata: { phone_number_id: '2' }, history: [{ errors: [{ code: 2593109 }] }] }, { event: '2593109', subject: '2', severity: 'info' }],
  ])('%s %j', (field, payload, expected) => {
    change(field, payload);
    expect(events()).toEqual([{ field, ...expected }]);
    expect(JSON.parse(all<AccountEventRow>('account_event')[0]?.detail ?? '')).toEqual(payload);
  });

  it('an error that belongs to no message is told, at the time it came', () => {
    team.webhook({ item: 'error', payload: { code: 131035, title: 'dropped' } });
    expect(all('account_event')).toMatchObject([{ field: 'errors', event: '131035', subject: '2', severity: 'error', at: AT + 7 * SECOND }]);
  });

  it.each(['calls', 'flows', 'group_lifecycle_update', 'messaging_handovers', 'smb_app_state_sync', 'automatic_events', 'of_the_future'])('%s changes no row', (field) => {
    const before = JSON.stringify(all('contact'));
    change(field, { event: 'x', state_sync: [{ contact: { phone_number: '1' } }] });
    expect(events()).toEqual([]);
    expect(JSON.stringify(all('contact'))).toBe(before);
  });

  it('a group that is null is none', () => {
    receives({ ...text('n', 'solo a ustedes'), group_id: null });
    expect(byWamid('n').conversation_id).toBe(team.conversationId);
  });

  it('a group’s messages stay out of private conversations', () => {
    receives({ ...text('g', 'a todos'), group_id: 'G1' });
    echoes({ ...fromPhone, id: 'ge', timestamp: at(0), type: 'text', text: { body: 'x' }, group_id: 'G1' });
    expect(team.tx.list('message_by_wamid', ['g'])).toEqual([]);
    expect(team.tx.list('message_by_wamid', ['ge'])).toEqual([]);
  });
});

it('identifiers that nobody gave are not made up', () => {
  expect(all<ContactIdentifierRow>('contact_identifier')).toEqual([{ kind: 'wa_id', value: ROSA, contact_id: conversation().contact_id, first_seq: 7, last_seq: 7 }]);
});
