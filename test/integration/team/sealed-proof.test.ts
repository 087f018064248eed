/**
 * The proof: what a team writes and hears stands nowhere on the relay so that it could be read there, in no file, database, log or backup. The same search
 * finds all of it where there is no key, so it can fail.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { findPlain, findPlainInFolder } from '../../support/find-plain.ts';
import { readKeys } from '../../support/open-entries.ts';
import { makeCluster, startServer, whyNoPostgres, type Server } from '../../support/postgres.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const ROSA = { from: '50255512347', name: 'Rosalía Xitumul' };
const PEDRO = { from: '50255598761', name: 'Pedro Ixcayá' };
/** What nobody may find: each stands in another kind of entry. */
const PLANTED = {
  rosa: ROSA.name,
  number: ROSA.from,
  message: 'las jacarandas llegaron quebradas',
  reply: 'van otras jacarandas en camino',
  note: 'reembolso ya prometido por teléfono',
  label: 'Flores delicadas',
  canned: 'con gusto le repondremos el ramo',
  address: 'Calle de los Duraznos 17',
  description: 'ramo de jacarandas azules',
  attribute: 'NIT-7741236-K',
  pedro: PEDRO.name,
  file: 'factura del vivero por tres mil quetzales',
  filename: 'Vivero Xelajú.txt',
  later: 'escribo cuando alguien ya se fue',
};
const TEXTS = Object.values(PLANTED);

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Finished ones. */
const listFiles = (team: Team, folder: 'blobs' | 'snapshots'): string[] => {
  const place = path.join(team.relay.dataDir, folder);
  return existsSync(place) ? readdirSync(place, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() && !entry.name.includes('.') ? [entry.name] : [])) : [];
};
const hears = (desktop: Desktop, name: string) => waitUntil(`${name} is there`, async () => (await desktop.client.conversations.list({})).items.find(({ contact }) => contact.name === name), 20_000);
const hasKeys = ({ dataDir }: Desktop, count: number) => waitUntil(`there are ${count} keys`, () => readKeys(dataDir).length === count, 20_000);

/** Everything that is planted is said, by two desktops, and arrives at both. */
async function live(team: Team, ana: Desktop, bo: Desktop): Promise<void> {
  team.meta.customerWrites({ ...ROSA, text: PLANTED.message });
  const { id: conversationId, contact } = await hears(bo, ROSA.name);
  await bo.client.messages.sendText({ conversationId, text: PLANTED.reply });
  await bo.client.notes.add({ conversationId, body: PLANTED.note, mentions: [] });
  await bo.client.contacts.setAttribute({ contactId: contact.id, key: 'NIT', from: null, to: PLANTED.attribute });
  await bo.client.team.addCanned({ isPersonal: true, shortcut: 'ramo', body: PLANTED.canned });
  await ana.client.team.addLabel({ name: PLANTED.label, color: 'red' });
  await bo.client.requests.add({
    fields: {
      externalId: null,
      serviceType: 'Flores',
      customerId: contact.id,
      customerName: ROSA.name,
      contactPhone: `+${ROSA.from}`,
      contactEmail: '',
      address: PLANTED.address,
      requestedDate: null,
      approvedDate: null,
      vendorId: null,
      formUrl: '',
      description: PLANTED.description,
      status: 'new',
    },
  });
  const { id } = team.meta.addMedia('text/plain', Buffer.from(PLANTED.file.repeat(3)));
  team.meta.customerWrites({ ...ROSA, type: 'document', message: { document: { id, filename: PLANTED.filename } } });
  await waitUntil('the relay has the file', () => listFiles(team, 'blobs').length > 0, 20_000);
  await waitUntil('the note is there', async () => (await ana.client.notes.list({ conversationId })).some(({ body }) => body === PLANTED.note), 20_000);
  await bo.engine.waitForIdle(20_000);
}

/** One desktop is shut out, and then somebody writes. */
async function shutOut(team: Team, ana: Desktop, hasKey: boolean): Promise<void> {
  const { devices } = JSON.parse(await team.relay.cli('devices', '--json')) as { devices: { id: string; agentName: string }[] };
  await team.relay.cli('revoke', devices.find(({ agentName }) => agentName === 'Bo')?.id ?? '');
  if (hasKey) await hasKeys(ana, 2);
  team.meta.customerWrites({ ...PEDRO, text: PLANTED.later });
  await hears(ana, PEDRO.name);
  await ana.engine.waitForIdle(20_000);
}

/** Until there is a snapshot: the relay asks for one, and it is made at the next thousandth entry. */
async function growOld(team: Team, ana: Desktop): Promise<void> {
  const text = (id: string) => ({ id, from: PEDRO.from, timestamp: '1700000000', type: 'text', text: { body: `relleno ${id}` } });
  for (let batch = 0; batch < 8 && listFiles(team, 'snapshots').length === 0; batch += 1) {
    await team.postWebhook({ messages: Array.from({ length: 400 }, (_, n) => text(`wamid.fill${batch}.${n}`)) });
    await ana.engine.waitForIdle(20_000);
  }
  await waitUntil('the relay has a snapshot', () => listFiles(team, 'snapshots').length > 0, 20_000);
}

async function begin(relayEnv: Record<string, string> = {}): Promise<Team> {
  const team = await startTeam({ relayEnv: { SNAPSHOT_EVERY: '500', ...relayEnv } });
  ends.push(() => team.stop());
  return team;
}

async function beginPostgres(): Promise<Server> {
  const server = await startServer(makeCluster());
  ends.push(async () => {
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true });
  });
  return server;
}

/** All rows of all tables, as text. */
async function dump(url: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'");
    expect(tables.length).toBeGreaterThan(8);
    const rows: string[] = [];
    for (const { name } of tables) rows.push(...(await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).rows.map(({ row }) => row));
    return Buffer.from(rows.join('\n'));
  } finally {
    await client.end();
  }
}

const searchRelay = (team: Team): string[] => [...findPlainInFolder(team.relay.dataDir, TEXTS), ...findPlain(Buffer.from(team.relay.program().stderr()), TEXTS)];
/** Which of the planted texts are among what was found. */
const textsIn = (found: string[]): string[] => TEXTS.filter((text) => found.some((what) => what.includes(text)));

async function liveWithKey(team: Team): Promise<void> {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  await hasKeys(ana, 1);
  const bo = await team.addDesktop({ name: 'Bo' });
  await live(team, ana, bo);
  await shutOut(team, ana, true);
  await growOld(team, ana);
}

describe('with a key', () => {
  it('nothing of it stands in the relay’s folder, its log and a backup', { timeout: 120_000 }, async () => {
    const team = await begin();
    await liveWithKey(team);
    expect(searchRelay(team)).toEqual([]);
    const backups = path.join(team.makeDataDir(), 'backups');
    await team.relay.cli('backup', '--to', backups);
    expect(findPlainInFolder(backups, TEXTS)).toEqual([]);
  });

  it.skipIf(whyNoPostgres() !== undefined || Boolean(process.env['DATABASE_URL']))(`nor in PostgreSQL, its files and its log`, { timeout: 120_000 }, async () => {
    const server = await beginPostgres();
    const team = await begin({ RELAY_DATABASE_URL: server.url });
    await liveWithKey(team);
    expect(findPlain(await dump(server.url), TEXTS)).toEqual([]);
    expect(searchRelay(team)).toEqual([]);
    expect(findPlainInFolder(server.folder, TEXTS)).toEqual([]);
  });
});

describe('without a key', () => {
  it('the same search finds all of it, in the folder and in a backup', { timeout: 120_000 }, async () => {
    const team = await begin();
    // Nobody here makes keys.
    const ana = await team.addDesktop({ name: 'Ana', role: 'lead' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await live(team, ana, bo);
    await shutOut(team, ana, false);
    await growOld(team, ana);
    const inSnapshot = textsIn(findPlainInFolder(path.join(team.relay.dataDir, 'snapshots'), TEXTS));
    expect(inSnapshot).toEqual(TEXTS.filter((text) => text !== PLANTED.file));
    expect(textsIn(findPlainInFolder(path.join(team.relay.dataDir, 'blobs'), TEXTS))).toEqual([PLANTED.file]);
    expect(textsIn(searchRelay(team))).toEqual(TEXTS);
    const backups = path.join(team.makeDataDir(), 'backups');
    await team.relay.cli('backup', '--to', backups);
    expect(textsIn(findPlainInFolder(backups, TEXTS))).toEqual(TEXTS);
  });
});
