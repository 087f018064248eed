import { expect, test } from 'vitest';
import { webhookItemSchema, type WebhookItem } from '../../../contract/whatsapp/webhook-item.ts';
import { splitWebhook } from '../../../webhook-relay/split-webhook.ts';

const METADATA = { display_phone_number: '15550783881', phone_number_id: '106540352242922' };
const ANA = { profile: { name: 'Ana' }, wa_id: '5025551234' };
const BO = { profile: { name: 'Bo' }, user_id: 'GT.77' };
const message = (id: string, from = '5025551234') => ({ from, id, timestamp: '1764000000', type: 'text', text: { body: id } });
const batch = (value: unknown, field: unknown = 'messages', entry: object = {}) => ({ object: 'whatsapp_business_account', entry: [{ id: '102290129340398', ...entry, changes: [{ field, value }] }] });

const splitRaw = (raw: string | Buffer) =>
  splitWebhook(Buffer.from(raw as string)).map(({ body, dedupe, isUnrecognised }) => ({ item: webhookItemSchema.parse(JSON.parse(body)), key: dedupe.toString('hex'), isUnrecognised }));
const split = (body: unknown): WebhookItem[] => splitRaw(JSON.stringify(body)).map(({ item }) => item);
const keys = (body: unknown): string[] => splitRaw(JSON.stringify(body)).map(({ key }) => key);

test('a batch of messages, echoes, statuses and errors becomes one item each, with its envelope', () => {
  const items = split(
    batch({
      messaging_product: 'whatsapp',
      metadata: METADATA,
      contacts: [ANA],
      messages: [message('a')],
      message_echoes: [{ id: 'e' }],
      statuses: [{ id: 'a', status: 'sent' }],
      errors: [{ code: 131035 }],
    }),
  );
  expect(items.map((item) => item.item)).toEqual(['message', 'message', 'status', 'error']);
  expect(items[0]).toEqual({ item: 'message', field: 'messages', wabaId: '102290129340398', metadata: METADATA, contacts: [ANA], payload: message('a') });
});

test('an item carries only the contacts it names, by any kind of id, and all of a few when it names none', () => {
  const items = split(
    batch({
      metadata: METADATA,
      contacts: [BO, ANA],
      messages: [message('a'), { id: 'b', from_user_id: 'GT.77' }, message('c', '1999')],
      statuses: [{ id: 'x', status: 'read', recipient_id: '5025551234' }],
    }),
  );
  expect(items.map((item) => 'contacts' in item && item.contacts)).toEqual([[ANA], [BO], [BO, ANA], [ANA]]);
});

test('a batch whose elements name nobody of many contacts is still taken apart, and does not grow by every pair', () => {
  const contacts = Array.from({ length: 1000 }, (_, n) => ({ profile: { name: 'x'.repeat(50) }, wa_id: `5025550${n}` }));
  const messages = Array.from({ length: 1000 }, (_, n) => message(`m${n}`, '1999'));
  const items = split(batch({ metadata: METADATA, contacts, messages }));
  expect(items).toHaveLength(1000);
  expect(items.every((item) => item.item === 'message' && item.contacts === undefined)).toBe(true);
  expect(split(batch({ contacts: contacts.slice(0, 8), messages: [message('a', '1999')] }))).toMatchObject([{ contacts: contacts.slice(0, 8) }]);
});

test('several entries and changes are all kept', () => {
  const one = batch({ metadata: METADATA, messages: [message('a')] });
  const two = {
    ...one,
    entry: [
      ...one.entry,
      {
        id: 7,
        changes: [
          { field: 'messages', value: { messages: [message('b')] } },
          { field: 'messages', value: { messages: [message('c')] } },
        ],
      },
    ],
  };
  expect(split(two).map((item) => 'payload' in item && [item.wabaId, item.payload['id']])).toEqual([
    ['102290129340398', 'a'],
    ['7', 'b'],
    ['7', 'c'],
  ]);
});

test('a broken element in the middle costs no other one and is kept in its envelope', () => {
  const items = split(batch({ metadata: METADATA, messages: [message('a'), null, message('b'), 'x', 7] }));
  expect(items.map((item) => item.item)).toEqual(['message', 'unrecognised', 'message', 'unrecognised', 'unrecognised']);
  expect(JSON.parse((items[3] as { text: string }).text)).toEqual({ id: '102290129340398', changes: [{ field: 'messages', value: { metadata: METADATA, messages: ['x'] } }] });
});

test('what an item does not carry away is kept: unknown arrays, and arrays that are none', () => {
  const calls = [{ id: 'call-1', event: 'connect' }];
  const [first, second] = split(batch({ messaging_product: 'whatsapp', metadata: METADATA, contacts: [ANA], messages: [message('a')], statuses: {}, calls }));
  expect(first?.item).toBe('message');
  expect(second).toEqual({ item: 'change', field: 'messages', wabaId: '102290129340398', payload: { messaging_product: 'whatsapp', metadata: METADATA, contacts: [ANA], statuses: {}, calls } });
  expect(split(batch({ metadata: METADATA, messages: [message('a')], calls: [], note: null }))).toHaveLength(1);
});

test('a change without the known arrays is kept whole with its time, also when its value is no object', () => {
  expect(split(batch({ event: 'APPROVED', message_template_id: 1 }, 'message_template_status_update', { time: 1_764_000_000 }))).toEqual([
    { item: 'change', field: 'message_template_status_update', wabaId: '102290129340398', time: 1_764_000_000, payload: { event: 'APPROVED', message_template_id: 1 } },
  ]);
  expect(split(batch('x', 'future'))).toEqual([{ item: 'change', field: 'future', wabaId: '102290129340398', payload: { value: 'x' } }]);
  expect(split(batch({ metadata: METADATA, messages: [] }))).toEqual([{ item: 'change', field: 'messages', wabaId: '102290129340398', payload: { metadata: METADATA, messages: [] } }]);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"object":'],
  ['a number', '7'],
  ['null', 'null'],
  ['another product', '{"object":"page","entry":[{"id":"1","changes":[]}]}'],
  ['no entry', '{"object":"whatsapp_business_account"}'],
  ['empty entry', '{"object":"whatsapp_business_account","entry":[]}'],
  ['a byte order mark', '\ufeff{"object":"whatsapp_business_account","entry":[]}'],
])('a body that is no webhook (%s) is kept as it came', (_name, text) => {
  expect(splitRaw(text)).toMatchObject([{ item: { item: 'unrecognised', text }, isUnrecognised: true }]);
});

test('bytes that are no text are kept in base64', () => {
  const raw = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
  expect(splitRaw(raw)[0]?.item).toEqual({ item: 'unrecognised', base64: raw.toString('base64') });
});

test.each([
  ['an entry that is no object', 'x'],
  ['an entry without changes', { id: '1', time: 3 }],
  ['an entry with empty changes', { id: '1', changes: [] }],
])('%s is kept beside the others', (_name, entry) => {
  const good = batch({ messages: [message('a')] });
  const items = split({ ...good, entry: [entry, ...good.entry] });
  expect(items).toMatchObject([{ item: 'unrecognised', text: JSON.stringify(entry) }, { item: 'message' }]);
});

test('a change that is no object or has no field is kept beside the others', () => {
  const good = batch({ messages: [message('a')] });
  const changes = [null, { value: { messages: [message('b')] } }, { field: 7, value: {} }, ...(good.entry[0]?.changes ?? [])];
  expect(split({ ...good, entry: [{ id: '1', changes }] }).map((item) => item.item)).toEqual(['unrecognised', 'unrecognised', 'unrecognised', 'message']);
});

test('integers beyond 2^53 keep their digits; others stay numbers', () => {
  const raw =
    '{"object":"whatsapp_business_account","entry":[{"id":90071992547409931,"time":1764000000,"changes":[{"field":"messages","value":{"messages":[{"id":"a","n":-90071992547409931,"list":[12345678901234567890,1],"small":9007199254740991,"float":0.1234567890123456789,"from":"90071992547409931"}]}}]}]}';
  const [item] = splitRaw(raw);
  expect(item?.item).toMatchObject({
    wabaId: '90071992547409931',
    payload: { n: '-90071992547409931', list: ['12345678901234567890', 1], small: 9007199254740991, float: 0.12345678901234568, from: '90071992547409931' },
  });
});

test('escapes, lone surrogates and line separators survive', () => {
  const raw = String.raw`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{"id":"a","text":{"body":"\u00e9 \/ \ud83d\ude42 \ud83d \u2028 \u0000"}}]}}]}]}`;
  expect(splitRaw(raw)[0]?.item).toMatchObject({ payload: { text: { body: 'é / 🙂 \ud83d \u2028 \u0000' } } });
});

test('the same event has the same key in another batch, another key order and beside other events', () => {
  const [alone] = keys(batch({ metadata: METADATA, messages: [message('a')] }));
  const [, beside] = keys(batch({ metadata: METADATA, contacts: [ANA], messages: [message('b'), message('a')] }));
  expect(beside).toBe(alone);
  const change = (payload: object, time: number) => keys(batch(payload, 'account_update', { time }))[0];
  expect(change({ a: 1, b: { c: 2, d: 3 } }, 5)).toBe(change({ b: { d: 3, c: 2 }, a: 1 }, 5));
  expect(change({ a: 1 }, 5)).not.toBe(change({ a: 1 }, 6));
});

test('different events have different keys', () => {
  const status = (fields: object) => keys(batch({ statuses: [{ id: 'a', status: 'read', ...fields }] }))[0];
  const all = [
    ...keys(batch({ messages: [message('a')] })),
    ...keys(batch({ messages: [message('a')] }, 'standby')),
    status({}),
    status({ status: 'sent' }),
    status({ recipient_type: 'group', recipient_id: 'G', recipient_participant_id: '1' }),
    status({ recipient_type: 'group', recipient_id: 'G', recipient_participant_id: '2' }),
    ...keys(batch({ messages: [{ type: 'text', n: 1 }] })),
    ...keys(batch({ messages: [{ type: 'text', n: 2 }] })),
    ...keys(batch({ errors: [{ code: 1 }] })),
    ...keys(batch({ errors: [{ code: 2 }] })),
    ...keys(batch({ code: 2 })),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(status({ recipient_id: '1' })).toBe(status({ recipient_id: '2' })); // not a group: the recipient adds nothing
});

test('hostile nesting or a body that would grow without measure is kept whole, and nothing throws', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const nested = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{"id":"a"},{"id":"b","x":${deep}},{"id":"c"}]}}]}]}`;
  const items = splitRaw(nested);
  expect(items.at(-1)?.item).toEqual({ item: 'unrecognised', text: nested });

  const wide = JSON.stringify(batch({ contacts: Array.from({ length: 8 }, (_, n) => ({ wa_id: `${n}`, name: 'x'.repeat(10_000) })), messages: Array.from({ length: 2_000 }, () => ({})) }));
  expect(splitRaw(wide).map(({ item }) => item)).toEqual([{ item: 'unrecognised', text: wide }]);
});

test('a thousand updates in one batch stay near the size of the batch', () => {
  const raw = JSON.stringify(
    batch({ metadata: METADATA, contacts: Array.from({ length: 1_000 }, (_, n) => ({ wa_id: `${n}` })), messages: Array.from({ length: 1_000 }, (_, n) => message(`m${n}`, `${n}`)) }),
  );
  const items = splitWebhook(Buffer.from(raw));
  expect(items).toHaveLength(1_000);
  expect(items.reduce((bytes, { body }) => bytes + body.length, 0)).toBeLessThan(3 * raw.length);
});

test('imported history becomes one item for each message, with its thread; what is left of it stays', () => {
  const value = {
    metadata: METADATA,
    contacts: [ANA, BO],
    history: [
      {
        metadata: { phase: 1, progress: 55 },
        threads: [
          { id: '5025551234', messages: [message('h1'), { ...message('h2'), history_context: { status: 'READ' } }] },
          { id: 'GT.77', context: { user_id: 'GT.77' }, messages: [{ id: 'h3' }, 7] },
          'x',
        ],
      },
      { errors: [{ code: 2593109 }] },
    ],
  };
  const items = split(batch(value, 'history'));
  expect(items.map((item) => ('payload' in item ? [item.item, item.payload['id']] : item.item))).toEqual([
    ['message', 'h1'],
    ['message', 'h2'],
    ['message', 'h3'],
    ['change', undefined],
  ]);
  expect(items[0]).toEqual({
    item: 'message',
    field: 'history',
    wabaId: '102290129340398',
    metadata: METADATA,
    contacts: [ANA],
    thread: { id: '5025551234', chunk: { phase: 1, progress: 55 } },
    payload: message('h1'),
  });
  expect(items[2]).toMatchObject({ contacts: [BO], thread: { id: 'GT.77', context: { user_id: 'GT.77' } } });
  expect(items[3]).toMatchObject({
    payload: { history: [{ metadata: { phase: 1 }, threads: [{ id: 'GT.77', messages: [7] }, 'x'] }, { errors: [{ code: 2593109 }] }] },
  });
  expect(new Set(keys(batch(value, 'history'))).size).toBe(4);
});

test('the file of an imported message is not taken for a second delivery of the message that holds its place', () => {
  const place = batch({ history: [{ threads: [{ id: '5025551234', messages: [message('h1')] }] }] }, 'history');
  const file = batch({ messages: [message('h1')] }, 'history');
  expect(keys(place)).not.toEqual(keys(file));
  expect(keys(place)).toEqual(keys({ ...place, entry: place.entry.map((entry) => ({ ...entry, time: 9 })) }));
});

test('standby has the same items, one level down or not', () => {
  const inner = { contacts: [ANA], messages: [message('a')], statuses: [{ id: 'a', status: 'read' }] };
  const nested = split(batch({ metadata: METADATA, standby: inner }, 'standby'));
  expect(nested).toEqual(split(batch({ metadata: METADATA, ...inner }, 'standby')));
  expect(nested).toHaveLength(2);
  expect(split(batch({ metadata: METADATA, standby: inner, control: 'x' }, 'standby')).at(-1)).toMatchObject({ item: 'change', payload: { control: 'x' } });
});

test('each wish about advertising is an item of its own', () => {
  const wishes = [
    { wa_id: '5025551234', value: 'stop' },
    { user_id: 'GT.77', value: 'resume' },
  ];
  const items = split(batch({ metadata: METADATA, contacts: [ANA, BO], user_preferences: wishes }, 'user_preferences'));
  expect(items).toMatchObject([{ payload: { contacts: [ANA], user_preferences: [wishes[0]] } }, { payload: { contacts: [BO], user_preferences: [wishes[1]] } }]);
});

test.each(['history', 'standby', 'user_preferences'])('nothing in %s is dropped for being empty or of another shape', (field) => {
  for (const value of [{}, { [field]: [] }, { [field]: {} }, { [field]: 7 }, { [field]: [null, 7] }, { [field]: [{ threads: [] }] }, { [field]: [{ threads: 7 }] }, 'x']) {
    const items = split(batch({ ...(typeof value === 'object' ? value : { value }), rest: 'kept' }, field));
    expect(JSON.stringify(items), JSON.stringify(value)).toContain('"rest":"kept"');
    expect(split(batch(value, field)).length, JSON.stringify(value)).toBeGreaterThan(0);
  }
});
