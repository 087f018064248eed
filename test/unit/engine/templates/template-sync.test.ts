/** When the account is read and what stands afterwards, over a real database; time is the test's. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Template } from '../../../../contract/whatsapp/template-definition.ts';
import { createSettingQueries } from '../../../../main/engine/db/setting-queries.ts';
import { createTemplateQueries } from '../../../../main/engine/db/template-queries.ts';
import { createTemplateSync } from '../../../../main/engine/templates/template-sync.ts';
import type { TemplateClient } from '../../../../main/engine/whatsapp/template-client.ts';
import { AT, createOffice, HOUR, MINUTE } from '../desk.ts';

const template = (name: string, status = 'APPROVED'): Template => ({
  metaId: name,
  name,
  language: 'es',
  category: 'UTILITY',
  status,
  quality: 'UNKNOWN',
  rejectedReason: null,
  parameterFormat: 'POSITIONAL',
  header: null,
  body: 'Hola',
  footer: null,
  buttons: [],
  samples: {},
});

let office: ReturnType<typeof createOffice>;
let kit: ReturnType<typeof openKit>;
beforeEach(() => {
  vi.useFakeTimers({ now: AT });
  office = createOffice();
  kit = openKit();
});
afterEach(async () => {
  await kit.sync.stop();
  office.close();
  vi.useRealTimers();
});

function openKit() {
  const desk = office.openDesk('ana');
  const queries = createTemplateQueries(desk.db);
  const answers = { list: (): ReturnType<TemplateClient['list']> => Promise.resolve({ status: 'ok', value: { templates: [template('a')], next: null } }) };
  const reads: number[] = [];
  const sync = createTemplateSync({
    client: {
      list: () => {
        reads.push(Date.now());
        return answers.list();
      },
    },
    queries,
    settings: createSettingQueries(desk.db),
    transact: desk.replica.transact,
    changes: desk.changes,
    readAccount: async () => 'waba',
    readWabaId: () => 'waba',
    isOpen: () => desk.db.open,
    now: () => Date.now(),
    random: () => 0,
    log: () => undefined,
  });
  return {
    desk,
    sync,
    answers,
    reads,
    statusOf: (name: string): string | undefined => {
      const row = queries.find(`${name}/es`, 'waba');
      return row && (JSON.parse(row.body) as Template).status;
    },
    /** Meta's webhook comes in. */
    tell: (event: string, at = Date.now()): void => {
      const payload = { event, message_template_id: 1, message_template_name: 'a', message_template_language: 'es', reason: 'NONE' };
      office.log.webhook({ item: 'change', field: 'message_template_status_update', payload, time: Math.floor(at / 1000) });
      desk.pull();
      sync.noteEvents();
    },
  };
}

test('what Meta tells while the account is being read is not overwritten by what was read', async () => {
  await kit.sync.sync();
  let finish = (): void => undefined;
  kit.answers.list = () => new Promise((resolve) => (finish = () => resolve({ status: 'ok', value: { templates: [template('a')], next: null } })));
  const reading = kit.sync.sync();
  await vi.waitFor(() => expect(kit.reads).toHaveLength(2));
  kit.tell('PAUSED');
  finish();
  await reading;
  expect(kit.statusOf('a')).toBe('PAUSED');
  // And it is read once more: what was told may have come after the page.
  kit.answers.list = () => Promise.resolve({ status: 'ok', value: { templates: [template('a', 'PAUSED')], next: null } });
  kit.sync.start();
  kit.sync.lookSoon();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(kit.reads).toHaveLength(3);
});

test('what was told before the copy was made is in it already', async () => {
  await kit.sync.sync();
  kit.tell('REJECTED', Date.now() - HOUR);
  expect(kit.statusOf('a')).toBe('APPROVED');
  kit.tell('REJECTED');
  expect(kit.statusOf('a')).toBe('REJECTED');
  kit.tell('DELETED');
  expect(kit.statusOf('a')).toBeUndefined();
});

test('a page that fails leaves the copy as it was', async () => {
  await kit.sync.sync();
  const pages = [
    { status: 'ok', value: { templates: [template('b')], next: 'cursor' } },
    { status: 'lost', detail: 'ECONNRESET' },
  ] as const;
  let page = 0;
  kit.answers.list = () => Promise.resolve(pages[(page += 1) - 1] as Awaited<ReturnType<TemplateClient['list']>>);
  await kit.sync.sync();
  expect([kit.statusOf('a'), kit.statusOf('b')]).toEqual(['APPROVED', undefined]);
  expect(kit.sync.state()).toMatchObject({ problem: { kind: 'unreachable' }, isSyncing: false });
});

test('by itself it reads at the start, every six hours, and no more often than its share, whatever Meta tells', async () => {
  kit.sync.start();
  await vi.advanceTimersByTimeAsync(10 * HOUR);
  expect(kit.reads).toHaveLength(2);
  for (let minute = 0; minute < 60; minute += 1) {
    kit.tell('APPROVED');
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
  expect(kit.reads).toHaveLength(2 + 20);
  await kit.sync.sync();
  expect(kit.reads, 'who asks is answered').toHaveLength(2 + 20 + 1);
  // Nothing was forgotten: it is read when there is room.
  const before = kit.reads.length;
  kit.tell('APPROVED');
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(kit.reads.length).toBeGreaterThan(before);
});
