/** The raw log of a desktop: found again, shown to those who may see it, and run through the reducer without leaving a trace. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let lead: Desktop;
let agent: Desktop;
let conversationId: string;
beforeAll(async () => {
  team = await startTeam();
  lead = await team.addDesktop({ name: 'Lea', role: 'lead' });
  agent = await team.addDesktop({ name: 'Ana', role: 'agent' });
  team.meta.customerWrites({ from: '+50255551234', name: 'María Xicay', text: 'Dijo "sí" y 100% de acuerdo' });
  for (let n = 0; n < 5; n += 1) team.meta.customerWrites({ from: '+50255550000', name: 'Óscar', text: `mensaje ${n}` });
  conversationId = await waitUntil('they arrive', async () => {
    const { items } = await agent.client.conversations.list({});
    return items.length === 2 && items.some(({ unread }) => unread === 5) ? items.find(({ contact }) => contact.name === 'María Xicay')!.id : null;
  });
  await waitUntil('the lead has them too', async () => (await lead.client.diagnostics.events({})).items.length >= 6);
});
afterAll(() => team.stop());

const dump = ({ dataDir }: Desktop): string[] => {
  const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true, ...nativeBindingOption() });
  try {
    return [...dumpState(db)];
  } finally {
    db.close();
  }
};

test('pages go back to the first one, each event once, newest first', async () => {
  await lead.engine.waitForIdle(10_000);
  const seqs: number[] = [];
  for (let before: number | null | undefined; before !== null;) {
    const page: { items: { seq: number }[]; nextBefore: number | null } = await lead.client.diagnostics.events({ limit: 2, ...(before === undefined ? {} : { before }) });
    seqs.push(...page.items.map(({ seq }) => seq));
    before = page.nextBefore;
  }
  expect(seqs.length).toBeGreaterThanOrEqual(6);
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => b - a));
});

test.each([
  ['a quotation mark, as it was written', 'dijo "SÍ"', 0],
  ['case does not count, for letters without accents', 'DIJO "sí"', 1],
  ['% and _ are what they are', '100%', 1],
  ['nothing but %', '%%', 0],
  ['a number', '50255550000', 5],
])('search: %s', async (_name, search, count) => {
  const { items, nextBefore } = await lead.client.diagnostics.events({ search });
  expect([items.length, nextBefore]).toEqual([count, null]);
});

test('by outcome', async () => {
  const { items } = await lead.client.diagnostics.events({ outcome: 'applied', search: 'mensaje' });
  expect(items.map(({ type, field, about, outcome }) => ({ type, field, about, outcome }))).toEqual(
    Array.from({ length: 5 }, () => ({ type: 'text', field: 'messages', about: 'Óscar', outcome: 'applied' })),
  );
  expect((await lead.client.diagnostics.events({ outcome: 'unrecognised' })).items).toEqual([]);
});

test('one of them is shown with its JSON, by its place and by the message it became', async () => {
  const { items } = await lead.client.diagnostics.events({ search: '100%' });
  const bySeq = await lead.client.diagnostics.event({ seq: items[0]!.seq });
  expect(JSON.parse(bySeq.body)).toMatchObject({ item: 'message', payload: { type: 'text' } });
  const [message] = (await agent.client.messages.page({ conversationId })).items;
  expect(await agent.client.diagnostics.event({ messageId: message!.id })).toEqual(bySeq);
  expect(bySeq).toMatchObject({ messageId: message!.id, conversationId });
});

test('an agent may see the raw event of a message, but not browse them', async () => {
  const forbidden = { code: 'FORBIDDEN' };
  await expect(agent.client.diagnostics.events({})).rejects.toMatchObject(forbidden);
  await expect(agent.client.diagnostics.event({ seq: 1 })).rejects.toMatchObject(forbidden);
  await expect(agent.client.diagnostics.replay({ seq: 1 })).rejects.toMatchObject(forbidden);
  await expect(lead.client.diagnostics.event({ seq: 1_000_000 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a replay says what the entry would do now, and leaves every row as it was', async () => {
  await lead.engine.waitForIdle(10_000);
  const before = dump(lead);
  const { items } = await lead.client.diagnostics.events({ search: '100%' });
  // Known already: nothing would change.
  expect(await lead.client.diagnostics.replay({ seq: items[0]!.seq })).toEqual({ outcome: 'duplicate', changes: [] });
  expect(dump(lead)).toEqual(before);
});

test('a status of a message that another tool sent is found among the parked ones', async () => {
  await team.postWebhook({ statuses: [{ id: 'wamid.of.another.tool', status: 'delivered', timestamp: String(Math.floor(Date.now() / 1000)), recipient_id: '50255551234' }] });
  const parked = await waitUntil('it is parked', async () => (await lead.client.diagnostics.events({ outcome: 'parked' })).items[0]);
  expect(parked).toMatchObject({ type: 'delivered', about: '50255551234', messageId: null });
});

test('the story of a message: what Meta said of it, by which desktop, at which attempt', async () => {
  const { id } = await agent.client.messages.sendText({ conversationId, text: 'Con historia' });
  await waitUntil('it is read', async () => (await agent.client.messages.page({ conversationId })).items.find((message) => message.id === id)?.delivery === 'read');
  const story = await agent.client.diagnostics.message({ messageId: id });
  expect(story).toMatchObject({ deviceName: 'desk', attempts: 1, nextAttemptAt: null, wamid: expect.stringMatching(/^wamid\./) });
  expect(story.events.map(({ type }) => type).toSorted()).toEqual(['delivered', 'read', 'sent']);
  expect(story.message.timeline.map(({ status }) => status)).toEqual(expect.arrayContaining(['sent', 'delivered', 'read']));
});

test('statuses that came before the answer to the send belong to the story too', async () => {
  team.meta.setFaults({ earlyStatuses: true });
  const { id } = await agent.client.messages.sendText({ conversationId, text: 'Antes de tiempo' });
  await waitUntil('it is read', async () => (await agent.client.messages.page({ conversationId })).items.find((message) => message.id === id)?.delivery === 'read');
  const { events } = await agent.client.diagnostics.message({ messageId: id });
  expect(events.map(({ type }) => type).toSorted()).toEqual(['delivered', 'read', 'sent']);
});
