/** Every webhook of `test/fixtures/webhooks` through the relay's splitting and the reducer, on a real database. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyLogEntry } from '../../contract/reduce.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import type { MessageContent } from '../../contract/whatsapp/message-content.ts';
import type { WebhookOutcome } from '../../contract/whatsapp/webhook-result.ts';
import { webhookItemSchema } from '../../contract/whatsapp/webhook-item.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';
import { toMetaJson } from '../../main/demo/meta/wire-json.ts';

const DIR = path.resolve(import.meta.dirname, '../fixtures/webhooks');
const NAMES = readdirSync(DIR).toSorted();
const RECEIVED_AT = Date.UTC(2026, 10, 22);
const read = (name: string): Buffer => readFileSync(path.join(DIR, name));

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
  return { db, apply: (raw: Buffer): Applied[] => splitWebhook(raw).map((item) => applyOne(item.body)) };
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
    const withIds = NAMES.filter((name) => /^(message-(?!without-id)|status|batch-of)/.test(name));
    for (const name of withIds) desktop.apply(read(name));
    const before = [...dumpState(desktop.db)];
    for (const name of withIds) for (const { outcome } of desktop.apply(read(name))) expect(['duplicate', 'merged', 'kept'], name).toContain(outcome);
    expect([...dumpState(desktop.db)]).toEqual(before);
  });
});

describe('what a customer sends', () => {
  const inbound = NAMES.filter((name) => name.startsWith('message-'));
  it.each(inbound)('would be missing from the thread: %s', (name) => {
    const messages = applyFixture(name.replace('.json', '')).filter(({ outcome }) => outcome !== 'kept');
    expect(messages.map(({ outcome }) => outcome)).toEqual(['applied']);
    expect(messages[0]?.content).not.toBeNull();
  });

  it('in a group is kept, and opens no window in the private conversation', () => {
    expect(applyFixture('group-message').map(({ outcome }) => outcome)).toEqual(['kept']);
  });

  it('is shown by what says most about it', () => {
    const shown = (name: string): MessageContent | null | undefined => applyFixture(name)[0]?.content;
    expect(shown('message-text')).toMatchObject({ kind: 'text', text: expect.stringContaining('planta de tratamiento') as string });
    expect(shown('message-text-4096-characters')).toMatchObject({ kind: 'text', text: expect.stringMatching(/^[\s\S]{4096}$/) as string });
    expect(shown('message-image')).toEqual({ kind: 'other', type: 'image', text: 'Así quedó el tablero después del corto' });
    expect(shown('message-location')).toEqual({ kind: 'other', type: 'location', text: 'Hotel Casa Jade' });
    expect(shown('message-interactive-list-reply')).toEqual({ kind: 'other', type: 'interactive', text: 'Extracción de lodos' });
    expect(shown('message-reaction-removed')).toEqual({ kind: 'other', type: 'reaction', text: null });
    expect(shown('message-unsupported')).toEqual({ kind: 'other', type: 'unsupported', text: 'poll_creation' });
    expect(shown('message-type-of-the-future')).toEqual({ kind: 'other', type: 'hologram', text: null });
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

  it('would become customers or windows: history, echoes and account news', () => {
    for (const name of NAMES.filter((file) => file.startsWith('field-') && !file.startsWith('field-standby'))) {
      const desktop = createDesktop();
      for (const { outcome } of desktop.apply(read(name))) expect(outcome, name).toBe('kept');
      expect(desktop.db.prepare('SELECT count(*) FROM conversation').pluck().get(), name).toBe(0);
    }
  });
});
