/** Whatever Meta, or somebody with its secret, sends: the fold goes on, and the same on every desktop. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyLogEntry } from '../../contract/reduce.ts';
import { createStateStore } from '../../contract/sqlite/state-tx.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';

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
const typeArb = fc.oneof(
  fc.constantFrom('text', 'image', 'document', 'location', 'contacts', 'reaction', 'button', 'interactive', 'order', 'system', 'edit', 'revoke', 'unsupported', 'unknown', 'toString', '__proto__'),
  fc.string(),
);
const objectArb = (known: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(known, { requiredKeys: [] }).chain((base) => fc.dictionary(fc.string(), nasty, { maxKeys: 2 }).map((extra) => ({ ...extra, ...base })));
const messageArb = typeArb.chain((type) =>
  objectArb({
    id: fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), nasty),
    from: fc.oneof(fc.constantFrom('50255551234', '50255550000'), nasty),
    from_user_id: nasty,
    timestamp: fc.oneof(fc.constant('1795000000'), nasty),
    type: fc.oneof(fc.constant(type), nasty),
    [type]: fc.oneof(objectArb({ body: nasty, caption: nasty, name: nasty, latitude: nasty, emoji: nasty, type: nasty }), nasty),
    context: fc.oneof(objectArb({ id: nasty }), nasty),
    errors: fc.oneof(fc.array(objectArb({ code: nasty, title: nasty, error_data: nasty })), nasty),
    system: nasty,
    contacts: nasty,
  }),
);
const statusArb = objectArb({
  id: fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), nasty),
  status: fc.oneof(fc.constantFrom('sent', 'delivered', 'read', 'failed', 'played', 'queued'), nasty),
  timestamp: nasty,
  biz_opaque_callback_data: nasty,
  errors: fc.oneof(fc.array(objectArb({ code: nasty, title: nasty })), nasty),
});
const bodyArb = fc.record({
  object: fc.constant('whatsapp_business_account'),
  entry: fc.array(
    fc.record({
      id: fc.oneof(fc.constant('208765400000001'), nasty),
      changes: fc.array(
        fc.record({
          field: fc.oneof(fc.constantFrom('messages', 'standby'), fc.string()),
          value: fc.oneof(
            objectArb({
              metadata: fc.oneof(fc.constant({ phone_number_id: '109876500000001' }), nasty),
              contacts: fc.oneof(fc.array(objectArb({ wa_id: nasty, user_id: nasty, profile: fc.oneof(objectArb({ name: nasty, username: nasty }), nasty) }), { maxLength: 3 }), nasty),
              messages: fc.array(fc.oneof(messageArb, nasty), { maxLength: 4 }),
              statuses: fc.array(fc.oneof(statusArb, nasty), { maxLength: 4 }),
              errors: nasty,
            }),
            nasty,
          ),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

describe('hostile webhooks', () => {
  for (const seed of [11, 12]) {
    it(`stop neither the splitting nor the fold (seed ${seed})`, { timeout: 120_000 }, () => {
      let entries = 0;
      fc.assert(
        fc.property(fc.array(bodyArb, { minLength: 1, maxLength: 4 }), (bodies) => {
          const db = openDatabase(':memory:');
          try {
            const { confirmed } = createStateStore(db, () => undefined);
            let seq = 0;
            for (const body of bodies) {
              for (const item of splitWebhook(Buffer.from(JSON.stringify(body)))) {
                seq += 1;
                applyLogEntry(confirmed, { kind: 'webhook', seq, receivedAt: RECEIVED_AT + seq, body: item.body });
              }
            }
            entries += seq;
            const times = db.prepare('SELECT min(sent_at), max(sent_at) FROM message').raw().get() as [number | null, number | null];
            if (times[0] !== null) expect(times[0], 'absurd times fall back to the receipt').toBeGreaterThan(Date.UTC(2009, 0, 1) - 1);
            if (times[1] !== null) expect(times[1]).toBeLessThan(RECEIVED_AT + 10 * 60_000);
          } finally {
            db.close();
          }
        }),
        { seed, numRuns: 400 },
      );
      expect(entries).toBeGreaterThan(500);
    });
  }
});
