/** How a desktop comes to the team's key, and who does not: real relay, real engines. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { sealRing } from '../../../main/engine/sync/device-key.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { addDesk } from '../../support/desk.ts';
import { readKeys } from '../../support/open-entries.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

// Desktops are processes here.
vi.setConfig({ testTimeout: 90_000 });

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const WITHIN_MS = 20_000;
const syncOf = ({ client }: Desktop) => client.session.sync({});
const is = (desktop: Desktop, state: string) => waitUntil(`it is ${state}`, async () => (await syncOf(desktop)).state === state, WITHIN_MS);
const hears = (desktop: Desktop, name: string) =>
  waitUntil(`${name} is there`, async () => (await desktop.client.conversations.list({})).items.find(({ contact }) => contact.name === name), WITHIN_MS);
const keysOf = ({ dataDir }: Pick<Desktop, 'dataDir'>): string[] => readKeys(dataDir);
const waitsFor = (desktop: Desktop, agentName: string) =>
  waitUntil(`${agentName} waits`, async () => (await desktop.client.members.devices({})).find((device) => device.agentName === agentName && device.keyCode !== null), WITHIN_MS);
const codeOf = (desktop: Desktop) => waitUntil('it shows its code', async () => (await syncOf(desktop)).keyCode, WITHIN_MS);
/** An admin who confirms nobody by themselves, with the first key, and a customer who has written. */
async function addAdmin(): Promise<Desktop> {
  const ana = await team.addDesktop({ name: 'Ana', role: 'admin', confirms: false });
  await waitUntil('there is a key', () => keysOf(ana).length === 1, WITHIN_MS);
  team.meta.customerWrites({ from: '50255550001', name: 'Marta', text: 'hola' });
  await hears(ana, 'Marta');
  return ana;
}
/** In this process it would be given the number by its start. */
async function joinWith(invite: string, name: string) {
  const desk = await addDesk(team, { name, role: 'agent', invite, hasNumber: false });
  return { desk, sync: () => desk.client().session.sync({}), number: async () => (await desk.client().session.get({})).number };
}
const relayFiles = (folder = team.relay.dataDir): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [readFileSync(path.join(entry.parentPath, entry.name))] : []));
const changeRelay = (work: (db: Database.Database) => void): void => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), nativeBindingOption());
  work(db);
  db.close();
};

describe('an invite from the window', () => {
  it('brings the key, so that its desktop reads, is handed the number and is confirmed by nobody; the relay never sees what opens it', async () => {
    const ana = await addAdmin();
    const { link, code } = await ana.client.members.invite({ role: 'agent', agentName: 'Bo' });
    const secret = /\.([\w-]{43})$/.exec(link)?.[1] ?? '';
    expect(secret).not.toBe('');
    const bo = await joinWith(code, 'Bo');
    await waitUntil('it reads', async () => (await bo.desk.client().conversations.list({})).items.some(({ contact }) => contact.name === 'Marta'), WITHIN_MS);
    await waitUntil('it has the number', bo.number, WITHIN_MS);
    expect(keysOf(bo.desk)).toEqual(keysOf(ana));
    expect((await syncOf(ana)).keyRequests).toBe(0);
    const raw = Buffer.from(secret, 'base64url');
    for (const bytes of relayFiles())
      for (const needle of [secret, raw, raw.toString('hex'), keysOf(ana)[0] ?? '', Buffer.from(keysOf(ana)[0] ?? '', 'base64url')]) expect(bytes.includes(needle)).toBe(false);
  });

  it('whose key has been replaced since brings nothing more: its desktop has to be confirmed', async () => {
    const ana = await addAdmin();
    const { code } = await ana.client.members.invite({ role: 'agent', agentName: 'Cy' });
    const { code: forBo } = await ana.client.members.invite({ role: 'agent', agentName: 'Bo' });
    await joinWith(forBo, 'Bo');
    const bo = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo');
    await ana.client.members.revokeDevice({ deviceId: bo?.id ?? '', wipe: false });
    await waitUntil('there is another key', () => keysOf(ana).length === 2, WITHIN_MS);
    const cy = await joinWith(code, 'Cy');
    await waitUntil('it waits', async () => (await cy.sync()).state === 'waiting_for_key', WITHIN_MS);
    const device = await waitsFor(ana, 'Cy');
    await ana.client.members.giveKey({ deviceId: device.id, code: device.keyCode ?? '' });
    await waitUntil('it follows', async () => (await cy.sync()).state === 'live', WITHIN_MS);
    expect(keysOf(cy.desk)).toEqual(keysOf(ana));
  });
});

describe('an invite from the command line', () => {
  it('brings no key: its desktop shows the code that the admin sees, and has neither words nor number until they confirm', async () => {
    const ana = await addAdmin();
    const bo = await joinWith(await team.invite(), 'Bo');
    await waitUntil('it waits', async () => (await bo.sync()).state === 'waiting_for_key', WITHIN_MS);
    const device = await waitsFor(ana, 'Bo');
    expect(device.keyCode).toMatch(/^\d{4}( \d{4}){7}$/);
    expect(await waitUntil('it shows its code', async () => (await bo.sync()).keyCode, WITHIN_MS)).toBe(device.keyCode);
    expect((await syncOf(ana)).keyRequests).toBe(1);
    expect(device.hasNumber).toBe(false);
    await expect(ana.client.members.giveKey({ deviceId: device.id, code: '0000 0000 0000 0000 0000 0000 0000 0000' })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
    await ana.engine.waitForIdle(WITHIN_MS);
    expect(await bo.number()).toBeNull();
    expect(keysOf(bo.desk)).toEqual([]);

    await ana.client.members.giveKey({ deviceId: device.id, code: device.keyCode ?? '' });
    await waitUntil('it reads', async () => (await bo.desk.client().conversations.list({})).items.some(({ contact }) => contact.name === 'Marta'), WITHIN_MS);
    await waitUntil('it has the number', bo.number, WITHIN_MS);
    expect((await syncOf(ana)).keyRequests).toBe(0);
  });

  it('is for admins to confirm', async () => {
    await addAdmin();
    const lead = await team.addDesktop({ name: 'Bo', role: 'lead' });
    await is(lead, 'waiting_for_key');
    for (const refused of [lead.client.members.giveKey({ deviceId: 'x', code: 'y' }), lead.client.members.recoveryCode({})]) await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the relay is not believed', () => {
  it('that a device was given the key: nobody hands it the number or the next key', async () => {
    const ana = await addAdmin();
    const [eve, bo] = [await joinWith(await team.invite(), 'Eve'), await joinWith((await ana.client.members.invite({ role: 'agent' })).code, 'Bo')];
    const device = await waitsFor(ana, 'Eve');
    await waitUntil('Bo has the number', bo.number, WITHIN_MS);
    changeRelay(
      (db) =>
        void db.prepare('INSERT OR REPLACE INTO key_copy (device_id, epoch, sealed, voucher) SELECT ?, epoch, sealed, voucher FROM key_copy WHERE device_id <> ? LIMIT 1').run(device.id, device.id),
    );
    const { id } = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo') ?? { id: '' };
    await ana.client.members.revokeDevice({ deviceId: id, wipe: false });
    await waitUntil('there is another key', () => keysOf(ana).length === 2, WITHIN_MS);
    expect((await waitsFor(ana, 'Eve')).hasNumber).toBe(false);
    expect((await eve.sync()).state).toBe('waiting_for_key');
    expect(keysOf(eve.desk)).toEqual([]);
  });

  it('that a device has another public key: what the admin sees is not what stands on its screen', async () => {
    const ana = await addAdmin();
    await ana.stop();
    const bo = await joinWith(await team.invite(), 'Bo');
    await waitUntil('it waits', async () => (await bo.sync()).state === 'waiting_for_key', WITHIN_MS);
    const shown = await waitUntil('it shows its code', async () => (await bo.sync()).keyCode, WITHIN_MS);
    changeRelay((db) => {
      const { seq, body } = db.prepare("SELECT seq, body FROM entry WHERE kind = 'relay' ORDER BY seq DESC LIMIT 1").get() as { seq: number; body: string };
      db.prepare('UPDATE entry SET body = ? WHERE seq = ?').run(JSON.stringify({ ...(JSON.parse(body) as object), publicKey: randomBytes(32).toString('base64url') }), seq);
    });
    const again = await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: ana.dataDir, confirms: false });
    expect((await waitsFor(again, 'Bo')).keyCode).not.toBe(shown);
  });

  it('what the workspace’s keys are: a desktop takes only those that its code was made with', async () => {
    await addAdmin();
    const bo = await joinWith(await team.invite(), 'Bo');
    await waitUntil('it shows its code', async () => (await bo.sync()).keyCode, WITHIN_MS);
    // Another workspace's ring, sealed to Bo as only its own admin could have: taken from a second team.
    const other = await startTeam();
    try {
      const eva = await other.addDesktop({ name: 'Eva', role: 'admin' });
      await waitUntil('there is a key', () => keysOf(eva).length === 1, WITHIN_MS);
      const [device] = deviceRows('Bo');
      const sealed = await sealRing(keysOf(eva), device?.publicKey ?? '', { logId: (await bo.sync()).logId ?? '', deviceId: device?.id ?? '' });
      changeRelay((db) => void db.prepare("INSERT INTO key_copy (device_id, epoch, sealed, voucher) VALUES (?, 1, ?, '')").run(device?.id, sealed));
      await waitUntil('it has looked', () => bo.desk.stderr().includes('sealing.key_refused'), WITHIN_MS);
      expect(keysOf(bo.desk)).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
const deviceRows = (agentName: string): { id: string; publicKey: string }[] => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare('SELECT d.id, d.public_key AS publicKey FROM device d JOIN agent a ON a.id = d.agent_id WHERE a.name = ?').all(agentName) as { id: string; publicKey: string }[];
  } finally {
    db.close();
  }
};

describe('a recovery code', () => {
  it('that is on paper is known to every admin and to nobody else, and that it is void after a revocation, until anybody of them prints another one', async () => {
    const ana = await addAdmin();
    const eva = await joinWith((await ana.client.members.invite({ role: 'admin', agentName: 'Eva' })).code, 'Eva');
    const lea = await joinWith((await ana.client.members.invite({ role: 'lead', agentName: 'Lea' })).code, 'Lea');
    const bo = await joinWith((await ana.client.members.invite({ role: 'agent', agentName: 'Bo' })).code, 'Bo');
    await Promise.all([eva, lea, bo].map(({ number }) => waitUntil('it has the number', number, WITHIN_MS)));
    expect([(await syncOf(ana)).sheet, (await eva.sync()).sheet]).toEqual([null, null]);
    await ana.client.members.recoveryCode({});
    expect((await syncOf(ana)).sheet).toBeNull();
    await ana.client.members.noteSheet({ epoch: 1 });
    await ana.client.members.noteSheet({ epoch: 1 });
    const sheet = await waitUntil('Eva knows', async () => (await eva.sync()).sheet, WITHIN_MS);
    expect(sheet).toEqual({ epoch: 1, at: expect.any(Number), byName: 'Ana', isVoid: false, isPutOff: false });

    const device = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo');
    await ana.client.members.revokeDevice({ deviceId: device?.id ?? '', wipe: false });
    const isVoid = (sync: () => Promise<{ sheet: { isVoid: boolean } | null }>) => async () => (await sync()).sheet?.isVoid === true;
    await waitUntil('both are told that it is void', async () => (await isVoid(() => syncOf(ana))()) && (await isVoid(eva.sync)()), WITHIN_MS);
    await ana.client.members.putOffKeyNotice({ notice: 'sheet' });
    expect([(await syncOf(ana)).sheet, (await eva.sync()).sheet]).toEqual([
      { ...sheet, isVoid: true, isPutOff: true },
      { ...sheet, isVoid: true },
    ]);
    await expect(eva.desk.client().members.noteSheet({ epoch: 1 })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
    await expect(lea.desk.client().members.noteSheet({ epoch: 2 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await eva.desk.client().members.noteSheet({ epoch: 2 });
    const news = await waitUntil('Ana knows', async () => ((await syncOf(ana)).sheet?.isVoid === false ? (await syncOf(ana)).sheet : null), WITHIN_MS);
    expect(news).toMatchObject({ epoch: 2, byName: 'Eva', isVoid: false });
    expect((await lea.sync()).sheet).toBeNull();
  });

  it('opens all that was ever sealed, on a desktop that nobody could confirm; one from before the last change does not', async () => {
    const ana = await addAdmin();
    const first = await ana.client.members.recoveryCode({});
    expect(first.epoch).toBe(1);
    await joinWith((await ana.client.members.invite({ role: 'agent', agentName: 'Bo' })).code, 'Bo');
    const device = (await ana.client.members.devices({})).find(({ agentName }) => agentName === 'Bo');
    await ana.client.members.revokeDevice({ deviceId: device?.id ?? '', wipe: false });
    await waitUntil('there is another key', () => keysOf(ana).length === 2, WITHIN_MS);
    await ana.engine.waitForIdle(WITHIN_MS);
    // It is on disk a moment before it counts.
    const second = await waitUntil(
      'the next one is shown',
      async () => {
        const shown = await ana.client.members.recoveryCode({});
        return shown.epoch === 2 ? shown : null;
      },
      WITHIN_MS,
    );
    const keys = keysOf(ana);
    await ana.stop();

    const eva = await team.addDesktop({ name: 'Eva', role: 'admin' });
    await codeOf(eva);
    await expect(eva.client.enrollment.recover({ code: second.code.replace(/^./, (char) => (char === '7' ? '8' : '7')) })).rejects.toMatchObject({ code: 'RECOVERY_WRONG' });
    await expect(eva.client.enrollment.recover({ code: first.code })).rejects.toMatchObject({ code: 'RECOVERY_OLD' });
    await eva.client.enrollment.recover({ code: second.code.toLowerCase() });
    await hears(eva, 'Marta');
    await is(eva, 'live');
    expect(keysOf(eva)).toEqual(keys);
    // Every other admin is told, until they have taken note of it.
    const again = await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: ana.dataDir, confirms: false });
    const { recovered } = await waitUntil('Ana is told', async () => ((await syncOf(again)).recovered ? syncOf(again) : null), WITHIN_MS);
    expect(recovered).toEqual({ seq: expect.any(Number), desktops: [{ deviceId: expect.any(String), deviceName: expect.any(String), agentName: 'Eva', at: expect.any(Number) }] });
    expect((await syncOf(eva)).recovered).toBeNull();
    const listed = (await again.client.members.devices({})).map(({ agentName, recoveredAt }) => [agentName, recoveredAt]);
    expect(listed).toContainEqual(['Eva', recovered?.desktops[0]?.at]);
    expect(listed).toContainEqual(['Ana', null]);
    await again.client.members.putOffKeyNotice({ notice: 'recovered', seq: recovered?.seq ?? 0 });
    expect((await syncOf(again)).recovered).toBeNull();
    // It is one of the team like any other: what comes next is for it, too.
    const cy = await joinWith((await eva.client.members.invite({ role: 'agent', agentName: 'Cy' })).code, 'Cy');
    await waitUntil('it reads', async () => (await cy.desk.client().conversations.list({})).items.some(({ contact }) => contact.name === 'Marta'), WITHIN_MS);
  });
});

describe('a desktop that takes the key from paper', () => {
  it('is known to every admin also where the line is cut before the relay has its copy', async () => {
    const ana = await addAdmin();
    const { code } = await ana.client.members.recoveryCode({});
    const eva = await team.addDesktop({ name: 'Eva', role: 'agent', confirms: false });
    await codeOf(eva);
    changeRelay((db) => db.exec("CREATE TRIGGER cut BEFORE INSERT ON key_copy BEGIN SELECT RAISE(ABORT, 'cut'); END"));
    await expect(eva.client.enrollment.recover({ code })).rejects.toThrow();
    changeRelay((db) => db.exec('DROP TRIGGER cut'));
    await is(eva, 'live');
    const told = await waitUntil('Ana is told', async () => (await syncOf(ana)).recovered, WITHIN_MS);
    expect(told.desktops.map(({ agentName }) => agentName)).toEqual(['Eva']);
  });
});

describe('a file', () => {
  const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(400_000)]);
  const sha256 = createHash('sha256').update(photo).digest('hex');
  /** Those that are stored whole. */
  const blobs = (): string[] => {
    const folder = path.join(team.relay.dataDir, 'blobs');
    return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name)) : [];
  };
  const fileOf = ({ dataDir }: { dataDir: string }): string => path.join(dataDir, 'media', sha256.slice(0, 2), sha256);
  const photoOf = async ({ client }: Awaited<ReturnType<typeof joinWith>>['desk']): Promise<string> => {
    const [conversation] = (await client().conversations.list({})).items;
    return (await client().media.gallery({ conversationId: conversation?.id ?? '', kind: 'pictures' })).items[0]?.id ?? '';
  };
  const sendPhoto = (): void => {
    const { id } = team.meta.addMedia('image/jpeg', photo);
    team.meta.customerWrites({ from: '50255550001', name: 'Marta', type: 'image', message: { image: { id } } });
  };

  /** A bit of the relay's file turns while nobody looks. */
  const spoilStored = async (): Promise<{ stored: string; good: Buffer }> => {
    await team.relay.kill();
    const stored = path.join(team.relay.dataDir, 'blobs', blobs()[0] ?? '');
    const good = readFileSync(stored);
    const bad = Buffer.from(good);
    bad[70_000] = (bad[70_000] ?? 0) ^ 1;
    writeFileSync(stored, bad);
    await team.relay.restart();
    return { stored, good };
  };

  it('lies sealed on the relay under a name of the team’s, and reaches a desktop that cannot ask Meta', async () => {
    const ana = await addAdmin();
    sendPhoto();
    await waitUntil('the relay has it', () => blobs().length === 1, WITHIN_MS);
    expect(blobs()[0]).not.toContain(sha256);
    for (const bytes of relayFiles()) expect(bytes.includes(photo.subarray(1_000, 1_064))).toBe(false);
    team.meta.setFaults({ mediaExpired: true });
    const bo = await joinWith((await ana.client.members.invite({ role: 'agent' })).code, 'Bo');
    await waitUntil('the file is here', () => existsSync(fileOf(bo.desk)), WITHIN_MS);
    expect(readFileSync(fileOf(bo.desk)).equals(photo)).toBe(true);
  });

  it('that is not what its name says is dropped from the relay, fetched from Meta and brought again', async () => {
    const ana = await addAdmin();
    sendPhoto();
    await waitUntil('the relay has it', () => blobs().length === 1, WITHIN_MS);
    await ana.engine.waitForIdle(WITHIN_MS);
    // Ana's claim to fetch it, a minute long, ends with the process.
    const { stored, good } = await spoilStored();
    await is(ana, 'live');
    const bo = await joinWith((await ana.client.members.invite({ role: 'agent' })).code, 'Bo');
    await waitUntil('the file is here', () => existsSync(fileOf(bo.desk)), WITHIN_MS);
    expect(readFileSync(fileOf(bo.desk)).equals(photo)).toBe(true);
    await waitUntil('the relay has the right one', () => existsSync(stored) && readFileSync(stored).equals(good), WITHIN_MS);
  });

  it('that is wrong on the relay, and nowhere to be had but on a colleague’s desktop, comes again from there', async () => {
    const ana = await addAdmin();
    sendPhoto();
    await waitUntil('the relay has it', () => blobs().length === 1, WITHIN_MS);
    await ana.engine.waitForIdle(WITHIN_MS);
    const { stored, good } = await spoilStored();
    team.meta.setFaults({ mediaExpired: true });
    await is(ana, 'live');
    const { code } = await ana.client.members.invite({ role: 'agent' });
    await ana.stop();
    const bo = await joinWith(code, 'Bo');
    await waitUntil('it was dropped', () => !existsSync(stored), WITHIN_MS);
    expect(existsSync(fileOf(bo.desk))).toBe(false);
    // She was not there when it was missed.
    await team.addDesktop({ name: 'Ana', role: 'admin', dataDir: ana.dataDir });
    await waitUntil('the relay has the right one', () => existsSync(stored) && readFileSync(stored).equals(good), WITHIN_MS);
    await bo.desk.client().media.fetch({ messageId: await photoOf(bo.desk) });
    await waitUntil('the file is here', () => existsSync(fileOf(bo.desk)), WITHIN_MS);
    expect(readFileSync(fileOf(bo.desk)).equals(photo)).toBe(true);
  });
});
