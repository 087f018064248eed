/** Every webhook of `test/fixtures/webhooks` through the relay's splitting and the reducer, on a real database. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyLogEntry } from '../../contract/reduce.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import { messageContentSchema, type MessageContent } from '../../contract/whatsapp/message-content.ts';
import type { WebhookOutcome } from '../../contract/whatsapp/webhook-result.ts';
import { webhookItemSchema } from '../../contract/whatsapp/webhook-item.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';
import { readComparableRows } from '../replay/comparable-rows.ts';
import { makeIdsUnique } from '../replay/unique-ids.ts';
import { toMetaJson } from '../../main/demo/meta/wire-json.ts';

const DIR = path.resolve(import.meta.dirname, '../fixtures/webhooks');
const NAMES = readdirSync(DIR).toSorted();
const RECEIVED_AT = Date.UTC(2026, 10, 22);
const read = (name: string): Buffer => readFileSync(path.join(DIR, name));

/** Fields that are stored and not shown. */
const KEPT = /^field-(automatic-events|calls|contacts-of-phone|flows|group-lifecycle|messaging-handovers|of-the-future)/;

type Applied = { outcome: WebhookOutcome; content: MessageContent | null };

function createDesktop() {
  const db = openDatabase(':memory:');
  const { confirmed } = createStateStore(db, () => {});
  let seq = 0;
  const applyOne = (body: string): Applied => {
    seq += 1;
    const result = applyLogEntry(confirmed, { kind: 'webhook', seq, receivedAt: RECEIVED_AT + seq, body });
    if (result.kind !== 'webhook') throw new Error(`a webhook was applied as ${result.kind}`);
    const message = result.messageId === null ? undefined : confirmed.get('message', [result.messageId]);
    return { outcome: result.outcome, content: message ? (JSON.parse(message.content) as MessageContent) : null };
  };
  return { db, applyOne, apply: (raw: Buffer): Applied[] => splitWebhook(raw).map((item) => applyOne(item.body)) };
}

const applyFixture = (name: string): Applied[] => createDesktop().apply(read(`${name}.json`));

describe('every fixture', () => {
  it.each(NAMES)('would stop the fold if it threw: %s', (name) => {
    const desktop = createDesktop();
    const items = splitWebhook(read(name));
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(webhookItemSchema.safeParse(JSON.parse(item.body)).success).toBe(true);
    expect(desktop.apply(read(name))).toHaveLength(items.length);
  });

  it("would be another event after Meta's escaping if splitting looked at bytes", () => {
    for (const name of NAMES) {
      // Files with integers that JavaScript cannot hold are not written again faithfully here.
      if (
        /\b\d{17,}\b(?!")/.test(
          read(name)
            .toString('utf8')
            .replaceAll(/"[^"]*"/g, '""'),
        )
      )
        continue;
      const keys = (raw: Buffer): unknown[] => splitWebhook(raw).map((item) => item.dedupe);
      const onTheWire = Buffer.from(toMetaJson(JSON.parse(read(name).toString('utf8'))));
      // What is kept whole is kept as it came, so its bytes are its identity.
      if (splitWebhook(onTheWire).some((item) => item.isUnrecognised)) continue;
      expect(keys(onTheWire), name).toEqual(keys(read(name)));
    }
  });

  it('would change rows a second time if an event were not known by its id', () => {
    const desktop = createDesktop();
    const withIds = NAMES.filter((name) => /^(message-(?!without-id|interactive-empty)|status|batch-of)/.test(name));
    for (const name of withIds) desktop.apply(read(name));
    const before = [...dumpState(desktop.db)];
    for (const name of withIds) for (const { outcome } of desktop.apply(read(name))) expect(['duplicate', 'merged', 'kept'], name).toContain(outcome);
    expect([...dumpState(desktop.db)]).toEqual(before);
  });
});

describe('what a customer sends', () => {
  const inbound = NAMES.filter((name) => name.startsWith('message-'));
  it.each(inbound)('would be missing from the thread: %s', (name) => {
    const messages = applyFixture(name.replace('.json', '')).filter(({ content }) => content !== null);
    expect(messages.map(({ outcome }) => outcome)).toEqual(['applied']);
  });

  it('in a group is kept, and opens no window in the private conversation', () => {
    expect(applyFixture('group-message').map(({ outcome }) => outcome)).toEqual(['kept']);
  });

  it.each<[string, object]>([
    ['message-text', { kind: 'text', text: expect.stringContaining('planta de tratamiento') as string }],
    ['message-text-4096-characters', { kind: 'text', text: expect.stringMatching(/^[\s\S]{4096}$/) as string }],
    ['message-text-from-ad', { kind: 'text' }],
    ['message-image', { kind: 'image', caption: 'Así quedó el tablero después del corto', media: { id: '1400000071300010', mimeType: 'image/jpeg' } }],
    ['message-video', { kind: 'video' }],
    ['message-voice', { kind: 'audio', isVoice: true, media: { mimeType: 'audio/ogg' } }],
    ['message-document-hostile-name', { kind: 'document', filename: expect.stringMatching(/^facturafdp\.exea+\.pdf$/) as string }],
    ['message-document-without-name', { kind: 'document', filename: null }],
    ['message-sticker-animated', { kind: 'sticker', isAnimated: true }],
    ['message-location', { kind: 'location', name: 'Hotel Casa Jade' }],
    ['message-location-bare', { kind: 'location', latitude: 0, longitude: -91.1489271, name: null }],
    ['message-contacts', { kind: 'contacts' }],
    ['message-contacts-on-request', { kind: 'contacts', contacts: [{ name: 'Marta Hernández', phones: [{ waId: '50258820347' }] }] }],
    ['message-button', { kind: 'choice', source: 'template_button' }],
    ['message-interactive-button-reply', { kind: 'choice', source: 'reply_button' }],
    ['message-interactive-list-reply', { kind: 'choice', source: 'list_row', title: 'Extracción de lodos' }],
    ['message-interactive-form', { kind: 'flow_reply', fields: expect.any(Array) as unknown }],
    ['message-interactive-form-invalid-json', { kind: 'flow_reply', fields: null, raw: '{"caudal": 22,' }],
    ['message-interactive-empty', { kind: 'other', type: 'interactive' }],
    ['message-order', { kind: 'order', items: [{ productId: 'sello-mec-38', quantity: 2, price: 412.5, currency: 'GTQ' }, {}] }],
    ['message-system-number-changed', { kind: 'system', event: 'number_changed', from: '50247732218', to: '50247732299' }],
    ['message-system-user-id-changed', { kind: 'system', event: 'user_id_changed' }],
    ['message-system-identity-changed', { kind: 'system', event: 'identity_changed' }],
    ['message-request-welcome', { kind: 'system', event: 'welcome_requested' }],
    ['message-reaction', { kind: 'reaction' }],
    ['message-reaction-removed', { kind: 'reaction', emoji: '' }],
    ['message-edit', { kind: 'edit', content: { kind: 'text', text: 'Corrección: es a las 9, no a las 8' } }],
    ['message-revoke', { kind: 'revoke' }],
    ['message-unsupported', { kind: 'other', type: 'unsupported', text: 'poll_creation' }],
    ['message-media-too-large', { kind: 'other', type: 'unsupported' }],
    ['message-unknown-content-unavailable', { kind: 'other', type: 'unknown' }],
    ['message-type-of-the-future', { kind: 'other', type: 'hologram', text: null }],
    ['field-echo-from-phone', { kind: 'text', text: 'Le contesto desde el teléfono de la oficina' }],
    ['field-standby', { kind: 'text', text: '¿Hay alguien o es un robot?' }],
    ['field-standby-nested', { kind: 'text', text: 'Quiero hablar con una persona' }],
    ['field-history', { kind: 'text', text: 'Mensaje de hace cuarenta días' }],
  ])('is shown as what it is: %s', (name, expected) => {
    const content = applyFixture(name)[0]?.content;
    expect(messageContentSchema.parse(content)).toEqual(content);
    expect(content).toMatchObject(expected);
  });

  it('would open a closed window if the time of receipt counted', () => {
    const desktop = createDesktop();
    desktop.apply(read('message-six-days-late.json'));
    expect(desktop.db.prepare('SELECT last_inbound_at FROM conversation').pluck().get()).toBe((1_790_000_000 - 6 * 86_400) * 1000);
  });

  it('would be lost behind a broken neighbour', () => {
    const outcomes = applyFixture('batch-with-broken-elements').map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(3);
    expect(outcomes).not.toContain('test');
    expect(outcomes.filter((outcome) => outcome === 'unrecognised').length).toBeGreaterThan(5);
  });
});

describe('everything else', () => {
  it('would make a customer of the dashboard', () => {
    const desktop = createDesktop();
    expect(desktop.apply(read('dashboard-test-message.json'))).toEqual([{ outcome: 'test', content: null }]);
    expect(desktop.apply(read('dashboard-test-field.json'))).toEqual([{ outcome: 'test', content: null }]);
    expect(desktop.db.prepare('SELECT count(*) FROM contact').pluck().get()).toBe(0);
  });

  it('would lose a status that came before its message', () => {
    const desktop = createDesktop();
    expect(desktop.apply(read('statuses-backwards.json')).map(({ outcome }) => outcome)).toEqual(['parked', 'parked', 'parked']);
    expect(desktop.db.prepare('SELECT count(*) FROM parked_status').pluck().get()).toBe(3);
  });

  it('would round ids of templates', () => {
    const [item] = splitWebhook(read('field-template-status-approved.json'));
    expect(item?.body).toContain('9007199254740995123');
    expect(splitWebhook(read('huge-integers.json'))[0]?.body).toContain('18446744073709551616');
  });

  it.each(NAMES.filter((file) => /^(field-|value-errors)/.test(file)))('would open a window or be unread: %s', (name) => {
    const desktop = createDesktop();
    const outcomes = desktop.apply(read(name)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(outcomes.map(() => (KEPT.test(name) ? 'kept' : 'applied')));
    const isInbound = name.startsWith('field-standby');
    expect(desktop.db.prepare('SELECT count(*) FROM conversation WHERE last_inbound_at IS NOT NULL OR inbound_count > 0').pluck().get()).toBe(isInbound ? 1 : 0);
    const isEvent = !KEPT.test(name) && !/echo|history\.json|standby|preferences/.test(name);
    expect(desktop.db.prepare('SELECT count(*) FROM account_event').pluck().get()).toBe(isEvent ? 1 : 0);
  });
});

describe('everything together', () => {
  const listItems = (): string[] => NAMES.flatMap((name) => splitWebhook(makeIdsUnique(read(name), name)).map(({ body }) => body));

  it.each([31, 32, 33, 34, 35])('ends in the same rows in whatever order it comes (seed %i)', (seed) => {
    const rowsOf = (bodies: string[]): string[] => {
      const desktop = createDesktop();
      for (const body of bodies) desktop.applyOne(body);
      const rows = readComparableRows(desktop.db, RECEIVED_AT);
      desktop.db.close();
      return rows;
    };
    const items = listItems();
    const [shuffled] = fc.sample(fc.shuffledSubarray(items, { minLength: items.length }), { seed, numRuns: 1 });
    expect(shuffled).not.toEqual(items);
    const rows = rowsOf(items);
    expect(rows.length).toBeGreaterThan(100);
    expect(rowsOf(shuffled ?? [])).toEqual(rows);
  });
});
