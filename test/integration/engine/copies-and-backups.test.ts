/** A desktop whose database was copied, and a relay that was restored from a backup: both go on, and nothing leaves twice. */
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { startFakeTeam, type FakeDesktop, type FakeTeam } from '../../support/fake-team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const SEND_JOBS = "SELECT subject, state FROM job WHERE kind = 'message.send' ORDER BY id";

let team: FakeTeam;
beforeEach(async () => {
  team = await startFakeTeam();
});
afterEach(() => team.stop());

const read = <T>({ dataDir }: { dataDir: string }, look: (db: Database.Database) => T): T => {
  const db = new Database(path.join(dataDir, DATABASE_FILE), nativeBindingOption());
  try {
    return look(db);
  } finally {
    db.close();
  }
};
const rowsOf = (desktop: FakeDesktop): string => read(desktop, (db) => [...dumpState(db)].join('\n'));
const syncOf = ({ client }: FakeDesktop) => client.session.sync({});
const hasAll = (desktop: FakeDesktop) =>
  waitUntil('it has the whole log and nothing waits', async () => {
    const { state, cursor, pending } = await syncOf(desktop);
    return state === 'live' && cursor === team.relay.state.log.length && pending === 0;
  });
const labelsOf = async ({ client }: FakeDesktop): Promise<string[]> => (await client.team.directory({})).labels.map(({ name }) => name).toSorted();
const addLabel = (desktop: FakeDesktop, name: string) => desktop.client.team.addLabel({ name, color: 'red' });
const opsOf = (deviceId: string) => team.relay.state.log.flatMap((entry) => (entry.kind === 'op' && entry.deviceId === deviceId ? [entry] : []));

describe('a copied database', () => {
  const forkOf = async (ana: FakeDesktop, onCopied = (): void => undefined): Promise<FakeDesktop> => {
    await ana.stop();
    const dataDir = path.join(team.folder, 'copy');
    cpSync(ana.dataDir, dataDir, { recursive: true });
    onCopied();
    const original = await team.addDesktop({ dataDir: ana.dataDir });
    await addLabel(original, 'del original');
    await hasAll(original);
    const copy = await team.addDesktop({ dataDir });
    await waitUntil('it is noticed', async () => (await copy.state()) === 'forked');
    return copy;
  };

  it('becomes a device of its own and pushes what was pending, in order, with the same ids', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    await addLabel(ana, 'uno');
    await hasAll(ana);
    team.relay.state.losesPushes = true;
    await addLabel(ana, 'dos');
    await addLabel(ana, 'tres');
    // What is still on its way when the line is whole again would arrive.
    await waitUntil('they are lost', () => team.relay.state.lostPushes > 0);
    await ana.stop();
    const dataDir = path.join(team.folder, 'copy');
    cpSync(ana.dataDir, dataDir, { recursive: true });
    const pendingIds = read({ dataDir }, (db) => db.prepare('SELECT op_id FROM pending_op ORDER BY device_seq').pluck().all());
    // The original threw its pending ops away and wrote others with the same numbers.
    team.relay.state.losesPushes = false;
    read(ana, (db) => db.exec('DELETE FROM pending_op; DELETE FROM undo; DELETE FROM label; UPDATE sync_meta SET next_device_seq = 2, cursor = 0, digest = NULL; DELETE FROM activity'));
    const original = await team.addDesktop({ dataDir: ana.dataDir });
    await hasAll(original);
    await addLabel(original, 'del original');
    await hasAll(original);
    const copy = await team.addDesktop({ dataDir });
    await waitUntil('it is noticed', async () => (await copy.state()) === 'forked');
    await expect(addLabel(copy, 'tarde')).rejects.toMatchObject({ code: 'SYNC_ENDED' });
    await copy.client.enrollment.renew({});
    await hasAll(copy);
    const renewed = [...team.relay.state.devices.keys()].at(-1) ?? '';
    expect(opsOf(renewed).map(({ deviceSeq, opId }) => [deviceSeq, opId])).toEqual(pendingIds.map((opId, n) => [n + 1, opId]));
    await addLabel(copy, 'después');
    await hasAll(copy);
    expect(await labelsOf(copy)).toEqual(['del original', 'después', 'dos', 'tres', 'uno']);
    await hasAll(original);
    await copy.stop();
    await original.stop();
    expect(rowsOf(copy)).toBe(rowsOf(original));
  });

  it('leaves to the other copy what both had pending and the other one pushed', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(1);
    await hasAll(ana);
    const [conversation] = (await ana.client.conversations.list({})).items;
    team.relay.state.losesPushes = true;
    await ana.client.messages.sendText({ conversationId: conversation?.id ?? '', text: 'una vez' });
    await addLabel(ana, 'uno');
    const copy = await forkOf(ana, () => {
      team.relay.state.losesPushes = false;
    });
    await copy.client.enrollment.renew({});
    await hasAll(copy);
    await addLabel(copy, 'después');
    await hasAll(copy);
    expect(await labelsOf(copy)).toEqual(['del original', 'después', 'uno']);
    await copy.stop();
    expect(read(copy, (db) => db.prepare(SEND_JOBS).all())).toEqual([]);
  });

  it('is noticed also when the other copy pushed no more than what both had pending', async () => {
    const ana = await team.addDesktop();
    team.relay.customersWrite(1);
    await hasAll(ana);
    const [conversation] = (await ana.client.conversations.list({})).items;
    team.relay.state.isDown = true;
    team.relay.cutLines();
    await ana.client.messages.sendText({ conversationId: conversation?.id ?? '', text: 'una vez' });
    await ana.stop();
    const dataDir = path.join(team.folder, 'copy');
    cpSync(ana.dataDir, dataDir, { recursive: true });
    team.relay.state.isDown = false;
    const original = await team.addDesktop({ dataDir: ana.dataDir });
    await hasAll(original);
    const copy = await team.addDesktop({ dataDir });
    await waitUntil('it is noticed', async () => (await copy.state()) === 'forked');
    await copy.client.enrollment.renew({});
    await hasAll(copy);
    await copy.stop();
    await original.stop();
    expect(read(original, (db) => db.prepare(SEND_JOBS).all())).toMatchObject([{ state: 'ready' }]);
    expect(read(copy, (db) => db.prepare(SEND_JOBS).all())).toEqual([]);
  });

  it('can be renewed again when the first attempt was cut short after the new key was kept', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    await addLabel(ana, 'uno');
    await hasAll(ana);
    await ana.stop();
    const { token } = team.relay.addDevice(team.relay.state.devices.get(ana.deviceId)!);
    const again = await team.addDesktop({ dataDir: ana.dataDir, setUp: (ports) => ports.secrets.set('device-token', token) });
    await waitUntil('it says so', async () => (await again.state()) === 'forked');
    await again.client.enrollment.renew({});
    await hasAll(again);
    await addLabel(again, 'dos');
    await hasAll(again);
    expect(await labelsOf(again)).toEqual(['dos', 'uno']);
  });

  it('leaves what was ready to be sent to the other copy', async () => {
    const ana = await team.addDesktop();
    team.relay.customersWrite(1);
    await hasAll(ana);
    const [conversation] = (await ana.client.conversations.list({})).items;
    await ana.client.messages.sendText({ conversationId: conversation?.id ?? '', text: 'einmal' });
    await hasAll(ana);
    expect(read(ana, (db) => db.prepare(SEND_JOBS).all())).toMatchObject([{ state: 'ready' }]);
    const copy = await forkOf(ana);
    await copy.client.enrollment.renew({});
    await hasAll(copy);
    await copy.stop();
    expect(read(copy, (db) => db.prepare(SEND_JOBS).all())).toMatchObject([{ state: 'done' }]);
  });

  it('is left alone where nothing is wrong, and says so', async () => {
    const ana = await team.addDesktop();
    await hasAll(ana);
    await expect(ana.client.enrollment.renew({})).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  });
});

describe('a relay that was restored from a backup', () => {
  /** What the relay knew when it had `length` entries; from now on another log. */
  const restore = (length: number): void => {
    const { state } = team.relay;
    state.log = state.log.slice(0, length);
    for (const device of state.devices.values()) device.last = Math.max(0, ...opsOf(device.id).map(({ deviceSeq }) => deviceSeq));
    state.lineage = [{ logId: state.logId, seq: length }, ...state.lineage];
    state.logId = 'log-2';
    team.relay.cutLines();
  };

  it('is followed by a desktop that was not ahead of it, with the rows it has', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    await addLabel(ana, 'uno');
    await hasAll(ana);
    restore(team.relay.state.log.length);
    await addLabel(ana, 'dos');
    ana.engine.wakeUp();
    await waitUntil('it follows', async () => (await syncOf(ana)).logId === 'log-2');
    ana.engine.wakeUp();
    await hasAll(ana);
    expect(await labelsOf(ana)).toEqual(['dos', 'uno']);
    expect(ana.lines.some(({ event, state }) => event === 'sync.state' && state === 'installing')).toBe(false);
  });

  it('gets back the ops it had lost, each once and in order, and no message leaves a second time', async () => {
    const ana = await team.addDesktop({ role: 'lead', name: 'Ana' });
    const bo = await team.addDesktop({ name: 'Bo' });
    team.relay.customersWrite(1);
    await hasAll(ana);
    await addLabel(ana, 'uno');
    await hasAll(ana);
    const backup = team.relay.state.log.length;
    const [conversation] = (await ana.client.conversations.list({})).items;
    const message = await ana.client.messages.sendText({ conversationId: conversation?.id ?? '', text: 'einmal' });
    await addLabel(ana, 'dos');
    await hasAll(ana);
    await hasAll(bo);
    await ana.stop();
    read(ana, (db) => db.exec("UPDATE job SET state = 'done'"));
    const ids = opsOf(ana.deviceId).map(({ opId }) => opId);
    restore(backup);
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await waitUntil('it follows', async () => (await syncOf(again)).logId === 'log-2');
    await hasAll(again);
    expect(opsOf(ana.deviceId).map(({ opId }) => opId)).toEqual(ids);
    expect(opsOf(ana.deviceId).map(({ deviceSeq }) => deviceSeq)).toEqual(ids.map((_, n) => n + 1));
    expect(await labelsOf(again)).toEqual(['dos', 'uno']);
    expect((await again.client.messages.page({ conversationId: conversation?.id ?? '' })).items.map(({ id }) => id)).toContain(message.id);
    bo.engine.wakeUp();
    await waitUntil('Bo follows', async () => (await syncOf(bo)).logId === 'log-2');
    await hasAll(bo);
    await again.stop();
    await bo.stop();
    expect(rowsOf(again)).toBe(rowsOf(bo));
    expect(read(again, (db) => db.prepare(SEND_JOBS).all())).toEqual([{ subject: message.id, state: 'done' }]);
  });

  it('gets no op for what has the number of something that was lost, and no message goes to somebody else', async () => {
    const ana = await team.addDesktop({ name: 'Ana' });
    await hasAll(ana);
    const backup = team.relay.state.log.length;
    team.relay.customersWrite(2);
    await hasAll(ana);
    const conversationId = `c_${backup + 2}`;
    expect((await ana.client.conversations.get({ conversationId })).contact.name).toBe('Cliente 50255550001');
    await ana.client.messages.sendText({ conversationId, text: 'solo para la 0001' });
    await ana.client.drafts.set({ conversationId, text: 'borrador para la 0001' });
    await hasAll(ana);
    await ana.stop();
    restore(backup);
    team.relay.addDevice({ agentId: 'bo', agentName: 'Bo', role: 'agent', publicKey: undefined });
    team.relay.customersWrite(1);
    const again = await team.addDesktop({ dataDir: ana.dataDir });
    await waitUntil('it follows', async () => (await syncOf(again)).logId === 'log-2');
    await hasAll(again);
    expect(await again.client.conversations.get({ conversationId })).toMatchObject({ contact: { name: 'Cliente 50255550000' }, draft: null, messages: [{ direction: 'in' }] });
    expect((await again.client.conflicts.list({})).map(({ type, outcome }) => [type, outcome])).toEqual([
      ['conversation.assign', 'target_missing'],
      ['message.queue', 'target_missing'],
    ]);
    await again.stop();
    expect(read(again, (db) => db.prepare(SEND_JOBS).all())).toEqual([]);
  });

  it('is not taken for one that showed what came later: an author has seen nothing beyond what both logs have', async () => {
    const ana = await team.addDesktop({ name: 'Ana' });
    const bo = await team.addDesktop({ name: 'Bo' });
    team.relay.customersWrite(1);
    await hasAll(ana);
    await hasAll(bo);
    const [conversation] = (await ana.client.conversations.list({})).items;
    const conversationId = conversation?.id ?? '';
    const backup = team.relay.state.log.length;
    team.relay.customersWrite(5);
    await hasAll(ana);
    await ana.client.messages.sendText({ conversationId, text: 'de Ana' });
    await hasAll(ana);
    await ana.stop();
    await bo.stop();
    restore(backup);
    const boAgain = await team.addDesktop({ dataDir: bo.dataDir });
    await waitUntil('Bo follows', async () => (await syncOf(boAgain)).logId === 'log-2');
    await hasAll(boAgain);
    await boAgain.client.messages.sendText({ conversationId, text: 'de Bo' });
    await hasAll(boAgain);
    const anaAgain = await team.addDesktop({ dataDir: ana.dataDir });
    await waitUntil('Ana follows', async () => (await syncOf(anaAgain)).logId === 'log-2');
    await hasAll(anaAgain);
    expect((await anaAgain.client.messages.page({ conversationId })).items.find(({ content }) => wordsOf(content) === 'de Ana')?.delivery).toBe('held');
    await anaAgain.stop();
    expect(read(anaAgain, (db) => db.prepare(SEND_JOBS).all())).toEqual([]);
  });

  it('of another workspace is not followed', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    await hasAll(ana);
    team.relay.state.logId = 'log-of-others';
    team.relay.cutLines();
    ana.engine.wakeUp();
    await waitUntil('it says so', async () => (await ana.state()) === 'wrong_log');
    await expect(addLabel(ana, 'x')).rejects.toMatchObject({ code: 'SYNC_ENDED' });
  });
});

describe('a desktop that is wiped', () => {
  it('forgets everything, on the disk too, and says that it was revoked, also after a restart', async () => {
    const ana = await team.addDesktop({ role: 'lead' });
    team.relay.customersWrite(20);
    await hasAll(ana);
    const [conversation] = (await ana.client.conversations.list({})).items;
    const conversationId = conversation?.id ?? '';
    await ana.client.drafts.set({ conversationId, text: 'borrador secreto' });
    await ana.engine.setNumber({ phoneNumberId: '106540352242922', wabaId: null }, 'EAAG-token');
    const profile = path.join(ana.dataDir, 'window-profile');
    mkdirSync(path.join(profile, 'Default'), { recursive: true });
    writeFileSync(path.join(profile, 'Default', 'storage'), 'borrador secreto');
    const device = team.relay.state.devices.get(ana.deviceId)!;
    device.isRevoked = true;
    device.wipe = true;
    team.relay.cutLines();
    ana.engine.wakeUp();
    await waitUntil('it is done', () => ana.lines.some(({ event }) => event === 'engine.wiped'));
    expect(await ana.state()).toBe('revoked');
    expect(await ana.client.session.get({})).toMatchObject({ me: null, number: null });
    expect((await ana.client.conversations.list({})).items).toEqual([]);
    expect(await ana.client.drafts.get({ conversationId })).toBeNull();
    await expect(ana.client.drafts.set({ conversationId, text: 'borrador secreto' })).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
    await ana.stop();
    expect(existsSync(profile)).toBe(false);
    const bytes = readdirSync(ana.dataDir).map((name) => readFileSync(path.join(ana.dataDir, name), 'latin1'));
    for (const secret of ['mensaje', 'borrador secreto', 'EAAG-token', device.token, 'Cliente', '5025555'])
      expect(
        bytes.some((text) => text.includes(secret)),
        secret,
      ).toBe(false);
    mkdirSync(profile); // by a window that was still open
    const { client } = await reopen(ana);
    await waitUntil('it still says so', async () => (await client.session.sync({})).state === 'revoked');
    expect(existsSync(profile)).toBe(false);
    await client.enrollment.join({ relayUrl: team.relay.url, code: team.relay.invite(), agentName: 'Ana' });
    await waitUntil('it can join anew', async () => (await client.session.sync({})).state === 'live');
  });

  it('keeps what it has when it is only revoked', async () => {
    const ana = await team.addDesktop();
    team.relay.customersWrite(2);
    await hasAll(ana);
    team.relay.say(ana.deviceId, { t: 'refused', refusal: { code: 'revoked', wipe: false } });
    await waitUntil('it knows', async () => (await ana.state()) === 'revoked');
    expect((await ana.client.conversations.list({})).items.length).toBeGreaterThan(0);
    expect(existsSync(path.join(ana.dataDir, 'secrets.json'))).toBe(true);
  });

  const reopen = async ({ dataDir }: FakeDesktop) => team.addDesktop({ dataDir, isNew: false });
});
