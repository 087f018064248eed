/** Whatever Meta, or somebody with its secret, sends: the fold goes on, and the same on every desktop. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyLogEntry } from '../../contract/reduce.ts';
import { countDigest, formatDigest } from '../../contract/sqlite/state-digest.ts';
import { createStateStore } from '../../contract/sqlite/state-tx.ts';
import type { MessageRow } from '../../contract/state.ts';
import { messageContentSchema, messageContextSchema, messageErrorSchema, pricingSchema } from '../../contract/whatsapp/message-content.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/webhooks');
const RECEIVED_AT = Date.UTC(2026, 10, 22);

/** Values that break code which trusts types: objects that cannot become a primitive, names of methods, huge and tiny numbers. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    { toString: 1, valueOf: 1 },
    { __proto__: 1 },
    ['__proto__'],
    'constructor',
    'hasOwnProperty',
    '',
    ' ',
    '0',
    '-1',
    '1e309',
    '9'.repeat(400),
    true,
    null,
    0,
    -1,
    2 ** 53,
    1e308,
    [],
    {},
    '\u0000',
    '\ud83d',
    '‮abc',
  ),
  fc.jsonValue(),
);
const TYPES = [
  'text image video audio voice document sticker location contacts reaction button interactive order system request_welcome edit revoke'.split(' '),
  ['unsupported', 'unknown', 'ephemeral', 'media_placeholder', 'toString', '__proto__'],
].flat();
const typeArb = fc.oneof(fc.constantFrom(...TYPES), fc.string());
/** Few ids, so that messages are about each other, and come twice. */
const wamidArb = fc.oneof(fc.constantFrom('w1', 'w2', 'w3', 'w4'), nasty);
const phoneArb = fc.oneof(fc.constantFrom('50255551234', '50255550000', '5215512345678', '525512345678', '50223344550'), nasty);
const objectArb = (known: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(known, { requiredKeys: [] }).chain((base) => fc.dictionary(fc.string(), nasty, { maxKeys: 2 }).map((extra) => ({ ...extra, ...base })));
/** The object that a type has, with keys of all of them: those that another type knows are as wrong as any other. */
const partArb = objectArb({
  ...Object.fromEntries('body caption filename name latitude emoji type id mime_type sha256 payload text'.split(' ').map((key) => [key, nasty])),
  message_id: wamidArb,
  original_message_id: wamidArb,
  message: fc.oneof(fc.constant({ type: 'text', text: { body: 'otro' } }), nasty),
  nfm_reply: fc.oneof(objectArb({ response_json: fc.oneof(nasty, fc.json()) }), nasty),
  button_reply: nasty,
  list_reply: nasty,
  product_items: fc.oneof(fc.array(nasty), nasty),
  new_wa_id: phoneArb,
  user_id: nasty,
  previous_user_id: nasty,
});
const messageArb = typeArb.chain((type) =>
  objectArb({
    id: fc.oneof({ weight: 4, arbitrary: wamidArb }, { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 4 }) }),
    from: phoneArb,
    to: phoneArb,
    from_user_id: nasty,
    timestamp: fc.oneof(fc.constantFrom('1795000000', 1_795_000_001), nasty),
    type: fc.oneof({ weight: 6, arbitrary: fc.constant(type) }, { weight: 1, arbitrary: nasty }),
    [type]: fc.oneof({ weight: 3, arbitrary: partArb }, { weight: 1, arbitrary: nasty }),
    context: fc.oneof(objectArb({ id: nasty, forwarded: nasty, referred_product: nasty }), nasty),
    referral: fc.oneof(objectArb({ headline: nasty, source_url: nasty }), nasty),
    history_context: fc.oneof(fc.constant({ status: 'READ' }), nasty),
    errors: fc.oneof(fc.array(objectArb({ code: nasty, title: nasty, error_data: nasty })), nasty),
    group_id: nasty,
  }),
);
/** Nothing wrong with it: so that there is something which the others can harm. */
const soundArb = fc
  .record({
    id: fc.constantFrom('w1', 'w2', 'w3', 'w4', 'w5', 'w6'),
    from: fc.constantFrom('50255551234', '50255550000'),
    about: fc.constantFrom('w1', 'w2', 'w3'),
    kind: fc.constantFrom('text', 'edit', 'revoke', 'reaction'),
  })
  .map(({ id, from, about, kind }) => ({
    id,
    from,
    timestamp: '1795000000',
    type: kind,
    ...(kind === 'text' && { text: { body: id } }),
    ...(kind === 'edit' && { edit: { original_message_id: about, message: { type: 'text', text: { body: id } } } }),
    ...(kind === 'revoke' && { revoke: { original_message_id: about } }),
    ...(kind === 'reaction' && { reaction: { message_id: about, emoji: '👍' } }),
  }));
const statusArb = objectArb({
  id: wamidArb,
  status: fc.oneof(fc.constantFrom('sent', 'delivered', 'read', 'failed', 'played', 'queued'), nasty),
  timestamp: nasty,
  biz_opaque_callback_data: nasty,
  pricing: fc.oneof(objectArb({ category: nasty, billable: nasty }), nasty),
  errors: fc.oneof(fc.array(objectArb({ code: nasty, title: nasty })), nasty),
});
const listsArb = {
  metadata: fc.oneof(fc.constant({ phone_number_id: '109876500000001', display_phone_number: '50223344550' }), nasty),
  contacts: fc.oneof(fc.array(objectArb({ wa_id: phoneArb, user_id: nasty, profile: fc.oneof(objectArb({ name: nasty, username: nasty }), nasty) }), { maxLength: 3 }), nasty),
  messages: fc.array(fc.oneof(soundArb, messageArb, nasty), { maxLength: 6 }),
  message_echoes: fc.array(fc.oneof(messageArb, nasty), { maxLength: 2 }),
  statuses: fc.array(fc.oneof(statusArb, nasty), { maxLength: 4 }),
  errors: fc.oneof(fc.array(objectArb({ code: nasty, title: nasty }), { maxLength: 2 }), nasty),
};
const threadArb = objectArb({ id: phoneArb, context: nasty, messages: fc.oneof(fc.array(fc.oneof(messageArb, nasty), { maxLength: 3 }), nasty) });
const valueArb = objectArb({
  ...listsArb,
  standby: fc.oneof(objectArb(listsArb), nasty),
  history: fc.oneof(
    fc.array(fc.oneof(objectArb({ metadata: nasty, threads: fc.oneof(fc.array(fc.oneof(threadArb, nasty), { maxLength: 2 }), nasty), errors: nasty }), nasty), { maxLength: 2 }),
    nasty,
  ),
  user_preferences: fc.oneof(
    fc.array(fc.oneof(objectArb({ wa_id: phoneArb, user_id: nasty, value: fc.oneof(fc.constantFrom('stop', 'resume', 'signup'), nasty), timestamp: nasty }), nasty), { maxLength: 3 }),
    nasty,
  ),
  event: nasty,
  alert_info: nasty,
  message_template_name: nasty,
  ban_info: nasty,
});
const FIELDS = ['messages', 'messages', 'standby', 'smb_message_echoes', 'history', 'user_preferences', 'account_update', 'account_alerts', 'message_template_status_update', 'security'];
const bodyArb = fc.record({
  object: fc.constant('whatsapp_business_account'),
  entry: fc.array(
    fc.record({
      id: fc.oneof(fc.constant('208765400000001'), nasty),
      changes: fc.array(
        fc.record({
          field: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FIELDS) }, { weight: 1, arbitrary: fc.string() }),
          value: fc.oneof({ weight: 8, arbitrary: valueArb }, { weight: 1, arbitrary: nasty }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

/** A desktop's rows. Every entry is applied, or this throws. */
function createFold() {
  const db = openDatabase(':memory:');
  const { confirmed, settle } = createStateStore(db, () => undefined);
  let seq = 0;
  const apply = (raw: Buffer): void => {
    for (const item of splitWebhook(raw)) {
      seq += 1;
      applyLogEntry(confirmed, { kind: 'webhook', seq, receivedAt: RECEIVED_AT + seq, body: item.body });
    }
  };
  return { db, apply, settle, count: () => seq };
}
type Fold = ReturnType<typeof createFold>;

/** Rows are what their schemas say, times are possible, and whoever writes next is heard. */
function judge({ db, apply, settle }: Fold): void {
  const times = db.prepare('SELECT min(sent_at), max(sent_at) FROM message').raw().get() as [number | null, number | null];
  if (times[0] !== null) expect(times[0], 'absurd times fall back to the receipt').toBeGreaterThan(Date.UTC(2009, 0, 1) - 1);
  if (times[1] !== null) expect(times[1]).toBeLessThan(RECEIVED_AT + 10 * 60_000);
  for (const row of db.prepare('SELECT * FROM message').all() as MessageRow[]) {
    for (const content of [row.content, row.original_content]) if (content !== null) messageContentSchema.parse(JSON.parse(content));
    if (row.context !== null) messageContextSchema.parse(JSON.parse(row.context));
    if (row.pricing !== null) pricingSchema.parse(JSON.parse(row.pricing));
    if (row.error !== null) messageErrorSchema.parse(JSON.parse(row.error));
  }
  for (const detail of db.prepare('SELECT detail FROM account_event').pluck().all() as string[]) JSON.parse(detail);
  const orphans = db.prepare('SELECT count(*) FROM message WHERE conversation_id NOT IN (SELECT id FROM conversation) OR contact_id NOT IN (SELECT id FROM contact)').pluck().get();
  expect(orphans, 'every message can be shown').toBe(0);
  const open = db.prepare("SELECT count(*) FROM (SELECT 1 FROM conversation WHERE status <> 'closed' GROUP BY contact_id, phone_number_id HAVING count(*) > 1)").pluck().get();
  expect(open, 'one open conversation for a person and a number').toBe(0);
  expect(settle(formatDigest(0n)), 'the digest that was kept is that of the rows').toBe(countDigest(db));
  apply(Buffer.from(JSON.stringify(GOOD)));
  expect(db.prepare("SELECT content FROM message WHERE wamid = 'wamid.good'").pluck().get()).toBe('{"kind":"text","text":"hola"}');
}
const GOOD = {
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '208765400000001',
      changes: [
        {
          field: 'messages',
          value: { metadata: { phone_number_id: '109876500000001' }, messages: [{ id: 'wamid.good', from: '50255559876', timestamp: '1795000000', type: 'text', text: { body: 'hola' } }] },
        },
      ],
    },
  ],
};

describe('hostile webhooks', () => {
  for (const seed of [11, 12]) {
    it(`stop neither the splitting nor the fold (seed ${seed})`, { timeout: 120_000 }, () => {
      let entries = 0;
      const outcomes = { about: 0, events: 0, origins: 0, merged: 0 };
      fc.assert(
        fc.property(fc.array(bodyArb, { minLength: 1, maxLength: 4 }), (bodies) => {
          const fold = createFold();
          try {
            for (const body of bodies) fold.apply(Buffer.from(JSON.stringify(body)));
            entries += fold.count();
            const count = (sql: string): number => fold.db.prepare(`SELECT count(*) FROM ${sql}`).pluck().get() as number;
            outcomes.about += count('message WHERE edited_at IS NOT NULL OR revoked_at IS NOT NULL');
            outcomes.events += count('account_event');
            outcomes.origins += count('message WHERE origin IS NOT NULL');
            outcomes.merged += count('contact WHERE marketing IS NOT NULL');
            judge(fold);
          } finally {
            fold.db.close();
          }
        }),
        { seed, numRuns: 250 },
      );
      expect(entries).toBeGreaterThan(500);
      for (const [name, count] of Object.entries(outcomes)) expect(count, `the bodies must contain ${name}`).toBeGreaterThan(0);
    });
  }

  it('stop nothing when their bytes are broken (seed 13)', { timeout: 120_000 }, () => {
    const files = readdirSync(FIXTURES).map((name) => readFileSync(path.join(FIXTURES, name)));
    const brokenArb = fc.record({
      raw: fc.constantFrom(...files),
      at: fc.array(fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat({ max: 255 }) }), { maxLength: 6 }),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      isCut: fc.boolean(),
    });
    const bytesArb = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      brokenArb.map(({ raw, at, cut, isCut }) => {
        const bytes = Buffer.from(raw);
        for (const { place, byte } of at) bytes[Math.floor(place * (bytes.length - 1))] = byte;
        return isCut ? bytes.subarray(0, Math.floor(cut * bytes.length)) : bytes;
      }),
    );
    fc.assert(
      fc.property(fc.array(bytesArb, { minLength: 1, maxLength: 5 }), (bodies) => {
        const fold = createFold();
        try {
          for (const raw of bodies) fold.apply(raw);
          expect(fold.count(), 'nothing is dropped').toBeGreaterThanOrEqual(bodies.length);
          judge(fold);
        } finally {
          fold.db.close();
        }
      }),
      { seed: 13, numRuns: 250 },
    );
  });
});
