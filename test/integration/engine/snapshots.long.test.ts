/** Snapshots between real engines and a relay that keeps, offers or spoils them. */
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSecret } from '../../../contract/sealing/key-ring.ts';
import { countDigest, STATE_VERSION } from '../../../contract/sqlite/state-digest.ts';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import type { SnapshotMeta } from '../../../contract/wire-http.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { startFakeTeam, type FakeDesktop, type FakeTeam } from '../../support/fake-team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: FakeTeam;
beforeEach(async () => {
  team = await startFakeTeam();
});
afterEach(() => team.stop());

const openFile = (file: string): Database.Database => new Database(file, nativeBindingOption());
const withDatabase = <T>({ dataDir }: { dataDir: string }, look: (db: Database.Database) => T): T => {
  const db = openFile(path.join(dataDir, DATABASE_FILE));
  try {
    return look(db);
  } finally {
    db.close();
  }
};
const rowsOf = (desktop: FakeDesktop): string => withDatabase(desktop, (db) => [...dumpState(db)].join('\n'));
const cursorOf = async ({ client }: FakeDesktop): Promise<number> => (await client.session.sync({})).cursor;
const hasAll = (desktop: FakeDesktop) => waitUntil('it has the whole log', async () => (await cursorOf(desktop)) === team.relay.state.log.length && (await desktop.state()) === 'live');
const eventsOf = (desktop: FakeDesktop): string[] => desktop.lines.map(({ event }) => event);
const SEND_JOBS = "SELECT state FROM job WHERE kind = 'message.send'";
/** A relay with one snapshot at the last multiple of 1,000 below `entries`, and its maker. */
const makeSnapshot = async (entries = 6_500): Promise<{ ana: FakeDesktop; meta: SnapshotMeta }> => {
  const ana = await team.addDesktop({ role: 'lead', name: 'Ana' });
  team.relay.customersWrite(entries - 600 - (entries % 1_000));
  await hasAll(ana);
  await ana.client.team.addLabel({ name: 'Urgente', color: 'red' });
  team.relay.say(ana.deviceId, { t: 'snapshot_wanted' });
  await ana.engine.waitForIdle(5_000);
  team.relay.customersWrite(entries - team.relay.state.log.length);
  const { meta } = await waitUntil('a snapshot is there', () => team.relay.state.snapshots[0]);
  await hasAll(ana);
  return { ana, meta };
};
/** Offers another file instead, announced correctly except for what `change` says. */
const offerInstead = (make: (file: string) => Buffer, change: (meta: SnapshotMeta) => Partial<SnapshotMeta> = () => ({})): void => {
  const [snapshot] = team.relay.state.snapshots;
  if (!snapshot) throw new Error('no snapshot');
  const file = path.join(team.folder, 'spoiled.db');
  writeFileSync(file, zstdDecompressSync(snapshot.bytes));
  const bytes = make(file);
  rmSync(file);
  const meta = { ...snapshot.meta, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  team.relay.state.snapshots = [{ bytes, meta: { ...meta, ...change(meta) } }];
};
const edit =
  (sql: string) =>
  (file: string): Buffer => {
    const db = openFile(file);
    db.exec(sql);
    db.close();
    return zstdCompressSync(readFile(file));
  };
const readFile = (file: string): Buffer => {
  const db = openFile(file);
  const bytes = db.serialize();
  db.close();
  return bytes;
};

describe('a desktop that is asked for a snapshot', () => {
  it('makes one of the confirmed rows at the next multiple of 1,000, and brings it although parts fail', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(1_500);
    await hasAll(ana);
    await ana.client.team.addLabel({ name: 'Urgente', color: 'red' });
    await ana.engine.waitForIdle(5_000);
    team.relay.state.losesPushes = true;
    await ana.client.team.addLabel({ name: 'Solo aquí', color: 'blue' });
    team.relay.state.failParts = 2;
    team.relay.say(ana.deviceId, { t: 'snapshot_wanted' });
    team.relay.customersWrite(900);
    const { meta, bytes } = await waitUntil('it is there', () => team.relay.state.snapshots[0]);
    expect(meta).toMatchObject({ logId: 'log-1', seq: 2_000, stateVersion: STATE_VERSION, deviceSeqs: { [ana.deviceId]: 1 } });
    expect(team.relay.state.digests.find(({ seq }) => seq === 2_000)?.digest).toBe(meta.digest);
    const file = path.join(team.folder, 'got.db');
    writeFileSync(file, zstdDecompressSync(bytes));
    const db = openFile(file);
    expect(countDigest(db)).toBe(meta.digest);
    expect(db.prepare('SELECT name FROM label').pluck().all()).toEqual(['Urgente']);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('draft', 'setting', 'pending_op', 'undo', 'job', 'log_entry')").all()).toEqual([]);
    db.close();
    expect(await ana.client.team.directory({})).toMatchObject({ labels: [{ name: 'Solo aquí' }, { name: 'Urgente' }] });
    await waitUntil('no file is left over', () => readdirSync(ana.dataDir).every((name) => !name.startsWith('snapshot.')));
  });
});

describe('a new desktop', () => {
  it('begins with the snapshot and reads only what came after it', async () => {
    const { ana, meta } = await makeSnapshot();
    const bo = await team.addDesktop({ name: 'Bo' });
    await hasAll(bo);
    expect(eventsOf(bo)).toContain('snapshot.installed');
    expect(team.relay.state.hellos.findLast(({ deviceId }) => deviceId === bo.deviceId)?.after).toBe(meta.seq);
    await hasAll(ana);
    await ana.stop();
    await bo.stop();
    expect(rowsOf(bo)).toBe(rowsOf(ana));
    expect(withDatabase(bo, countDigest)).toBe(withDatabase(bo, (db) => db.prepare('SELECT digest FROM sync_meta').pluck().get()));
  });

  it.each([
    ['other bytes than announced', edit('UPDATE label SET name = name'), () => ({ sha256: '0'.repeat(64) })],
    ['other rows than announced', edit("UPDATE label SET name = 'gefälscht'"), () => ({})],
    ['a trigger', edit("CREATE TRIGGER t AFTER INSERT ON label BEGIN SELECT load_extension('x'); END"), () => ({})],
    ['a view in place of a table', edit('DROP TABLE label; CREATE VIEW label AS SELECT 1 AS id, 2 AS name, 3 AS color, 0 AS is_deleted'), () => ({})],
    ['a table too many', edit('CREATE TABLE setting (key TEXT, value TEXT)'), () => ({})],
    ['no database', () => zstdCompressSync(Buffer.from('hello')), () => ({})],
    ['nothing compressed', () => Buffer.from('hello'), () => ({})],
    ['a file that grows without end', () => zstdCompressSync(Buffer.alloc(200 * 1024 ** 2)), () => ({})],
    ['another log', edit('UPDATE label SET name = name'), () => ({ logId: 'log-9' })],
    ['more bytes than there are', edit('UPDATE label SET name = name'), (meta: SnapshotMeta) => ({ bytes: meta.bytes + 5 })],
  ])('refuses one with %s and reads the log instead', async (_what, make, change) => {
    const { ana } = await makeSnapshot();
    offerInstead(make, change);
    const bo = await team.addDesktop({ name: 'Bo' });
    await waitUntil('it refuses', () => eventsOf(bo).includes('snapshot.not_installed'));
    await hasAll(bo);
    expect(eventsOf(bo)).not.toContain('snapshot.installed');
    expect(readdirSync(bo.dataDir).filter((name) => name.startsWith('snapshot.'))).toEqual([]);
    await hasAll(ana);
    await ana.stop();
    await bo.stop();
    expect(rowsOf(bo)).toBe(rowsOf(ana));
  });
});

describe('a desktop that was away longer than the log goes back', () => {
  it('installs the snapshot, keeps drafts and what is pending, and causes the effects of what was confirmed meanwhile', async () => {
    const bo = await team.addDesktop({ name: 'Bo' });
    team.relay.customersWrite(3, 1);
    await hasAll(bo);
    const [conversation] = (await bo.client.conversations.list({})).items;
    const conversationId = conversation?.id ?? '';
    team.relay.state.losesPushes = true;
    const sent = await bo.client.messages.sendText({ conversationId, text: 'llegó al relevo' });
    const kept = await bo.client.messages.sendText({ conversationId, text: 'todavía no' });
    await bo.client.drafts.set({ conversationId, text: 'a medias' });
    await waitUntil('they were pushed', () => team.relay.state.lostPushes > 0);
    await bo.stop();
    team.relay.state.losesPushes = false;
    // The relay got the first one; its answer was lost.
    const op = withDatabase(bo, (db) => db.prepare('SELECT op_id AS opId, device_seq AS deviceSeq, v, occurred_at AS occurredAt, body FROM pending_op ORDER BY device_seq LIMIT 1').get()) as {
      opId: string;
      deviceSeq: number;
      v: number;
      occurredAt: number;
      body: string;
    };
    const device = team.relay.state.devices.get(bo.deviceId)!;
    device.last = op.deviceSeq;
    team.relay.append([{ kind: 'op', seq: team.relay.state.log.length + 1, receivedAt: Date.now(), deviceId: device.id, actorId: device.agentId, ...op }]);
    const { ana, meta } = await makeSnapshot();
    expect(meta.deviceSeqs[bo.deviceId]).toBe(op.deviceSeq);
    team.relay.state.horizon = meta.seq;
    const again = await team.addDesktop({ dataDir: bo.dataDir });
    await hasAll(again);
    expect(eventsOf(again)).toContain('snapshot.installed');
    expect(await again.client.drafts.get({ conversationId })).toMatchObject({ text: 'a medias' });
    await waitUntil('nothing is pending', async () => (await again.client.session.sync({})).pending === 0);
    await again.stop();
    const jobs = withDatabase(again, (db) => db.prepare("SELECT subject FROM job WHERE kind = 'message.send' ORDER BY id").pluck().all());
    expect(jobs).toEqual([sent.id, kept.id]);
    await hasAll(ana);
    await ana.stop();
    expect(rowsOf(again)).toBe(rowsOf(ana));
  });

  it('keeps what it had pending where a copy of it used the number for something else, and says that it is a copy', async () => {
    const bo = await team.addDesktop({ name: 'Bo' });
    team.relay.customersWrite(3, 1);
    await hasAll(bo);
    const [conversation] = (await bo.client.conversations.list({})).items;
    team.relay.state.losesPushes = true;
    await bo.client.messages.sendText({ conversationId: conversation?.id ?? '', text: 'no se pierde' });
    await waitUntil('it was pushed', () => team.relay.state.lostPushes > 0);
    await bo.stop();
    team.relay.state.losesPushes = false;
    const device = team.relay.state.devices.get(bo.deviceId)!;
    for (const deviceSeq of [1, 2]) {
      const body = JSON.stringify({ type: 'conversation.assign', args: { conversationId: conversation?.id, from: null, to: device.agentId } });
      team.relay.append([
        { kind: 'op', seq: team.relay.state.log.length + 1, receivedAt: Date.now(), opId: `copy-${deviceSeq}`, deviceId: device.id, actorId: device.agentId, deviceSeq, v: 1, occurredAt: 0, body },
      ]);
    }
    device.last = 2;
    const { meta } = await makeSnapshot();
    team.relay.state.horizon = meta.seq;
    const again = await team.addDesktop({ dataDir: bo.dataDir });
    await waitUntil('it says so', async () => (await again.state()) === 'forked');
    expect(eventsOf(again)).toContain('snapshot.installed');
    await again.client.enrollment.renew({});
    await hasAll(again);
    expect((await again.client.messages.page({ conversationId: conversation?.id ?? '', limit: 200 })).items.some(({ content }) => wordsOf(content) === 'no se pierde')).toBe(true);
  });

  it('says that it needs an update where there is no snapshot for it', async () => {
    const bo = await team.addDesktop({ name: 'Bo' });
    await hasAll(bo);
    await bo.stop();
    team.relay.customersWrite(50);
    team.relay.state.horizon = 40;
    const again = await team.addDesktop({ dataDir: bo.dataDir });
    await waitUntil('it says so', async () => (await again.state()) === 'update_needed');
  });
});

describe('rows that differ from the team’s', () => {
  const spoil = async (desktop: FakeDesktop): Promise<FakeDesktop> => {
    await desktop.stop();
    withDatabase(desktop, (db) => db.exec("UPDATE contact SET profile_name = 'cambiado'"));
    return team.addDesktop({ dataDir: desktop.dataDir });
  };

  it('are made anew from the snapshot when the relay says so, once', async () => {
    const { ana, meta } = await makeSnapshot();
    const bo = await team.addDesktop({ name: 'Bo' });
    await hasAll(bo);
    const again = await spoil(bo);
    await hasAll(again);
    team.relay.say(bo.deviceId, { t: 'digest_differs', seq: meta.seq });
    await waitUntil('it is made anew', () => eventsOf(again).includes('snapshot.installed'));
    await hasAll(again);
    team.relay.say(bo.deviceId, { t: 'digest_differs', seq: meta.seq });
    await waitUntil('it hears it again', () => eventsOf(again).filter((event) => event === 'sync.digest_differs').length === 2);
    await again.engine.waitForIdle(5_000);
    expect(eventsOf(again).filter((event) => event === 'snapshot.installed')).toHaveLength(1);
    await hasAll(ana);
    await ana.stop();
    await again.stop();
    expect(rowsOf(again)).toBe(rowsOf(ana));
  });

  it('stay where the snapshot is in plain words and this desktop has read sealed ones', async () => {
    const { meta } = await makeSnapshot();
    const bo = await team.addDesktop({ name: 'Bo' });
    await hasAll(bo);
    await bo.stop();
    withDatabase(bo, (db) =>
      db.prepare('INSERT INTO setting (key, value) VALUES (?, ?)').run('sealed', JSON.stringify({ logId: 'log-1', since: 10, epochs: [{ epoch: 1, seq: 10 }], snapshot: null })),
    );
    const again = await team.addDesktop({ dataDir: bo.dataDir, setUp: ({ secrets }) => secrets.set('workspace-keys', JSON.stringify([makeSecret()])) });
    await hasAll(again);
    team.relay.say(bo.deviceId, { t: 'digest_differs', seq: meta.seq });
    await waitUntil('it refuses', () => again.lines.some(({ event, error }) => event === 'snapshot.not_installed' && String(error).includes('it is not sealed')));
    await hasAll(again);
    expect(eventsOf(again)).not.toContain('snapshot.installed');
  });

  it('are made anew from the log where there is no snapshot, and drafts stay', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(1_200);
    await hasAll(ana);
    const [conversation] = (await ana.client.conversations.list({})).items;
    await ana.client.drafts.set({ conversationId: conversation?.id ?? '', text: 'a medias' });
    await ana.client.team.addLabel({ name: 'Urgente', color: 'red' });
    await ana.engine.waitForIdle(5_000);
    await ana.stop();
    const right = rowsOf(ana);
    const again = await spoil(ana);
    await hasAll(again);
    await again.client.enrollment.rebuild({});
    await hasAll(again);
    expect(await again.client.drafts.get({ conversationId: conversation?.id ?? '' })).toMatchObject({ text: 'a medias' });
    await again.stop();
    expect(rowsOf(again)).toBe(right);
  });

  it('stay where no others can be had', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(10);
    await hasAll(ana);
    await team.relay.stop();
    await expect(ana.client.enrollment.rebuild({})).rejects.toMatchObject({ code: 'OFFLINE' });
    expect((await ana.client.conversations.list({})).items.length).toBeGreaterThan(0);
  });
});

describe('an interrupted run', () => {
  it('leaves files that the next one deletes', async () => {
    const ana = await team.addDesktop();
    await ana.stop();
    writeFileSync(path.join(ana.dataDir, 'snapshot.got.zst'), 'half');
    await team.addDesktop({ dataDir: ana.dataDir });
    expect(readdirSync(ana.dataDir)).not.toContain('snapshot.got.zst');
  });
});

describe('rows that are made anew from the log', () => {
  it('let nothing leave until they are whole again, and nothing that was to leave is forgotten', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(1);
    await hasAll(ana);
    const [conversation] = (await ana.client.conversations.list({})).items;
    await ana.client.messages.sendText({ conversationId: conversation?.id ?? '', text: 'va' });
    await waitUntil('it is confirmed', async () => (await ana.client.session.sync({})).pending === 0);
    team.relay.state.holdsBack = true;
    await ana.client.enrollment.rebuild({});
    await waitUntil('the rows are gone', async () => (await cursorOf(ana)) === 0 && (await ana.state()) === 'catching_up');
    // The outbox looks: it must not take a message that is not there for one that need not be sent.
    ana.engine.wakeUp();
    await waitUntil('it is connected again', async () => (await ana.state()) === 'catching_up');
    expect(withDatabase(ana, (db) => db.prepare(SEND_JOBS).all())).toEqual([{ state: 'ready' }]);
    team.relay.state.holdsBack = false;
    ana.engine.wakeUp();
    await hasAll(ana);
    await ana.stop();
    expect(withDatabase(ana, (db) => db.prepare(SEND_JOBS).all())).toEqual([{ state: 'ready' }]);
  });

  it('are not dropped where the log is cut and no snapshot is for this version', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(30);
    await hasAll(ana);
    await ana.stop();
    const rows = rowsOf(ana);
    withDatabase(ana, (db) => db.exec('UPDATE sync_meta SET state_version = NULL'));
    const meta = { logId: 'log-1', seq: 20, stateVersion: 1, deviceSeqs: {}, bytes: 1, sha256: '0'.repeat(64), digest: '0'.repeat(16) };
    team.relay.state.snapshots = [{ meta, bytes: Buffer.alloc(1) }];
    team.relay.state.horizon = 20;
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await hasAll(again);
    await expect(again.client.enrollment.rebuild({})).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    team.relay.say(again.deviceId, { t: 'digest_differs', seq: 10 });
    await waitUntil('it has heard of it', () => eventsOf(again).includes('sync.digest_differs'));
    await hasAll(again);
    await again.stop();
    expect(rowsOf(again)).toBe(rows);
  });

  it('replace those that another version of the program made', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(30);
    await hasAll(ana);
    await ana.stop();
    const rows = rowsOf(ana);
    withDatabase(ana, (db) => db.exec('UPDATE message SET sort_at = sort_at - 1; UPDATE sync_meta SET digest = NULL, state_version = NULL'));
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await waitUntil('they are made', () => eventsOf(again).includes('sync.rows_of_other_version'));
    await hasAll(again);
    await again.stop();
    expect(rowsOf(again)).toBe(rows);
    const third = await team.addDesktop({ dataDir: ana.dataDir });
    await hasAll(third);
    expect(eventsOf(third)).not.toContain('sync.rows_of_other_version');
  });
});
