/** Somebody is erased on real desktops with the real relay: afterwards no file of any of them holds what they wrote, their name or their number. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { createRing } from '../../../contract/sealing/key-ring.ts';
import { nameFile } from '../../../main/engine/media/file-names.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { readKeys } from '../../support/open-entries.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam({ relayEnv: { SNAPSHOT_EVERY: '1000000' } });
});
afterEach(() => team.stop());

const ROSA = { from: '50255551234', name: 'Rosalinda Zafiro' };
const LUIS = { from: '50255559876', name: 'Luis Topacio' };
/** Whatever is said to her, by her or about her holds one of these. */
const PLANTED = ['esmeralda', 'zafiro', 'Zafiro', 'ZAFIRO', '50255551234', '5555 1234', '5555-1234'];

/** A snapshot on its way takes another name meanwhile, and is read under that. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function holding(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readIfThere(file);
    for (const word of PLANTED) if (bytes.includes(word)) found.push(`${path.relative(folder, file)}: ${word}`);
  }
  return found;
}
const isDone = async ({ client }: Desktop): Promise<boolean> => {
  const { items, left } = await client.privacy.erased({});
  return items.length === 1 && items[0]?.isPending === false && !left.isHere && !left.isAtRelay;
};
const send = (bytes: Buffer, customer: typeof ROSA): string => {
  const { id } = team.meta.addMedia('image/jpeg', bytes);
  team.meta.customerWrites({ ...customer, type: 'image', message: { image: { id, caption: 'foto zafiro' } } });
  return createHash('sha256').update(bytes).digest('hex');
};
const photo = (): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(20_000)]);
const hasFile = ({ dataDir }: Desktop, sha256: string): boolean => existsSync(path.join(dataDir, 'media', sha256.slice(0, 2), sha256));
/** Under the name that Ana's keys give it. */
const relayHas = ({ dataDir }: Desktop, sha256: string): boolean => {
  const name = nameFile(createRing(readKeys(dataDir)), sha256);
  return existsSync(path.join(team.relay.dataDir, 'blobs', name.slice(0, 2), name));
};
const readRelay = (sql: string): number => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare(sql).pluck().get() as number;
  } finally {
    db.close();
  }
};
const conversationWith = ({ client }: Desktop, name: string) =>
  waitUntil(`${name} is in the list`, async () => (await client.conversations.list({})).items.find(({ contact }) => contact.name === name) ?? null);

it('every desktop and the relay lose all of them, and nothing of others; who was away follows, and who writes again is new', { timeout: 120_000 }, async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo' });
  const line = await team.addLine();
  const cy = await team.addDesktop({ name: 'Cy', relayUrl: line.url });
  const shared = photo();
  team.meta.customerWrites({ ...ROSA, type: 'text', message: { text: { body: 'busco un zafiro azul, mi número es 5555 1234' } } });
  const own = send(photo(), ROSA);
  const both = send(shared, ROSA);
  const id = team.meta.addMedia('image/jpeg', shared).id;
  team.meta.customerWrites({ ...LUIS, type: 'image', message: { image: { id, caption: 'un topacio' } } });

  const { id: conversationId, contact } = await conversationWith(ana, ROSA.name);
  await conversationWith(cy, LUIS.name);
  await conversationWith(cy, ROSA.name);
  for (const desktop of [ana, bo, cy]) await waitUntil('the files are here', () => hasFile(desktop, own) && hasFile(desktop, both), 20_000);
  await waitUntil('the relay has them', () => relayHas(ana, own) && relayHas(ana, both));
  await bo.client.messages.sendText({ conversationId, text: 'Con gusto, Rosalinda: su zafiro está listo' });
  await bo.client.notes.add({ conversationId, body: 'Sra. Zafiro paga tarde', mentions: [] });
  await bo.client.drafts.set({ conversationId, text: 'el zafiro que', mode: 'reply' });
  await ana.client.contacts.setAttribute({ contactId: contact.id, key: 'NIT', from: null, to: 'zafiro-77' });
  const request = await bo.client.requests.add({
    fields: {
      externalId: null,
      serviceType: 'Joyería',
      customerId: contact.id,
      customerName: ROSA.name,
      contactPhone: `+${ROSA.from}`,
      contactEmail: '',
      address: 'Calle Zafiro 3',
      requestedDate: null,
      approvedDate: null,
      vendorId: null,
      formUrl: '',
      description: 'anillo de zafiro',
      status: 'new',
    },
  });
  expect(request.outcome).toBe('applied');
  for (const desktop of [ana, bo, cy]) await desktop.engine.waitForIdle(20_000);
  await waitUntil('the index knows her', async () => (await cy.client.search.query({ text: 'zafiro azul' })).hits.length > 0);
  expect(holding(bo.dataDir).length).toBeGreaterThan(0);

  line.cut();
  await waitUntil('Cy is away', async () => (await cy.client.session.sync({})).state !== 'live');
  await cy.client.notes.add({ conversationId, body: 'nota zafiro sin conexión', mentions: [] });

  expect(await ana.client.privacy.personToErase({ contactId: contact.id })).toMatchObject({ name: ROSA.name, conversations: 1, messages: 4, files: 2, notes: 1, requests: 1 });
  await expect(bo.client.privacy.erase({ contactId: contact.id })).resolves.toMatchObject({ outcome: 'forbidden' });
  expect(await ana.client.privacy.erase({ contactId: contact.id })).toMatchObject({ outcome: 'applied' });
  for (const desktop of [ana, bo]) {
    await waitUntil('it is gone there', async () => (await isDone(desktop)) || null, 20_000);
    // A receipt may have come just now.
    await waitUntil(`no file of it holds a word: ${holding(desktop.dataDir).join(', ')}`, () => holding(desktop.dataDir).length === 0);
    expect(hasFile(desktop, own)).toBe(false);
    expect(hasFile(desktop, both), 'what somebody else sent too stays').toBe(true);
    expect((await desktop.client.conversations.list({})).items.map((item) => item.contact.name)).toEqual([LUIS.name]);
  }
  expect(relayHas(ana, own)).toBe(false);
  expect(relayHas(ana, both)).toBe(true);
  expect((await ana.client.privacy.erased({})).items).toMatchObject([{ by: 'Ana', people: 1, conversations: 1, messages: 4, notes: 1, requests: 1 }]);

  line.restore();
  await waitUntil('it is gone there, too', async () => (await isDone(cy)) || null, 30_000);
  await cy.engine.waitForIdle(20_000);
  await waitUntil('its late note is judged and has no words', () => holding(cy.dataDir).length === 0);

  // The relay's log goes as soon as a snapshot of after it is trusted: at the next thousandth entry.
  const messages = Array.from({ length: 1_100 }, (_, n) => ({ id: `wamid.fill${n}`, from: LUIS.from, timestamp: '1700000000', type: 'text', text: { body: `relleno ${n}` } }));
  const head = readRelay('SELECT max(seq) FROM entry');
  expect(readRelay('SELECT min(seq) FROM entry')).toBe(1);
  await team.postWebhook({ messages });
  await waitUntil('the relay has forgotten her', () => readRelay('SELECT min(seq) FROM entry') > head, 40_000);
  await waitUntil(`no file of the relay holds a word: ${holding(team.relay.dataDir).join(', ')}`, () => holding(team.relay.dataDir).length === 0);

  team.meta.customerWrites({ ...ROSA, type: 'text', message: { text: { body: 'soy yo otra vez' } } });
  const again = await conversationWith(bo, ROSA.name);
  expect(again.contact.id).not.toBe(contact.id);
  expect((await bo.client.messages.page({ conversationId: again.id })).items).toHaveLength(1);
});

it('what the workspace does not keep any longer goes by itself from every desktop', { timeout: 60_000 }, async () => {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  const bo = await team.addDesktop({ name: 'Bo' });
  const yearAgo = Math.floor(Date.now() / 1000) - 400 * 24 * 60 * 60;
  team.meta.customerWrites({ ...ROSA, type: 'text', message: { text: { body: 'una esmeralda' } }, timestamp: yearAgo });
  team.meta.customerWrites({ ...LUIS, type: 'text', message: { text: { body: 'un topacio' } } });
  const old = await conversationWith(ana, ROSA.name);
  const young = await conversationWith(ana, LUIS.name);
  for (const { id } of [old, young])
    await ana.client.conversations.setStatus({
      conversationId: id,
      from: 'active',
      to: 'archived',
      seenThrough: (await ana.client.conversations.get({ conversationId: id, messages: 0 })).seenThrough,
    });
  expect(await ana.client.privacy.retentionPreview({ months: 12 })).toMatchObject({ conversations: 1, messages: 1, oldestAt: yearAgo * 1000 + 999 });
  const setting = (months: number | null) => ({ key: 'retention' as const, value: { months } });
  expect(await bo.client.team.setSetting({ from: setting(null), to: setting(12) })).toMatchObject({ outcome: 'forbidden' });
  expect(await ana.client.team.setSetting({ from: setting(null), to: setting(12) })).toMatchObject({ outcome: 'applied' });
  const archived = async ({ client }: Desktop): Promise<string[]> => (await client.conversations.list({ status: 'archived' })).items.map(({ contact }) => contact.name);
  for (const desktop of [ana, bo]) {
    await waitUntil('the old one is gone', async () => (await archived(desktop)).join() === LUIS.name, 20_000);
    await waitUntil('no file of it holds what was said', () => !holding(desktop.dataDir).some((found) => found.endsWith('esmeralda')), 20_000);
    expect((await desktop.client.contacts.list({})).items.map(({ name }) => name)).toContain(ROSA.name);
  }
  expect((await ana.client.privacy.retentionPreview({ months: 12 })).conversations).toBe(0);

  const use = await ana.client.storage.get({});
  expect(use).toMatchObject({ media: { files: 0 }, counts: { conversations: 1, contacts: 2 }, oldMedia: { again: { files: 0 }, gone: { files: 0 } } });
  expect(use.databaseBytes).toBeGreaterThan(use.indexBytes);
  await ana.client.storage.compact({});
  await ana.client.storage.rebuildSearch({});
  await waitUntil('it is found again', async () => (await ana.client.search.query({ text: 'topacio' })).hits.length === 1);
});
