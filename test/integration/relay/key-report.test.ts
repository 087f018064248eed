/** What whoever runs the relay reads about the team's key: in tables, in sentences, and after a restore. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SEALING_LEVEL, type Role } from '../../../contract/wire.ts';
import { BackupError, makeBackup, readTeamOf, restoreBackup } from '../../../webhook-relay/backup.ts';
import { hashInviteCode } from '../../../webhook-relay/invite-code.ts';
import { adviseOnKey, readKeyReport } from '../../../webhook-relay/key-report.ts';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { describeDevices, describeInvite, describeKeyToCome, describeMembers, describeMoved, describeRestored, describeStatus, findUndone } from '../../../webhook-relay/operator-report.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { makeFolder, makeInvite, openStore } from './relay-harness.ts';

const START = Date.UTC(2027, 0, 31, 12);
const [HOUR, DAY] = [3_600_000, 86_400_000];

/** A workspace by a clock of its own. */
async function openTeam() {
  const folder = await makeFolder();
  const clock = { now: START };
  const store = await openStore(folder.path, () => clock.now);
  const join = async (id: string, agentName: string, role: Role, opLevel = SEALING_LEVEL): Promise<void> => {
    const invite = await makeInvite(store, { role, expiresAt: Number.MAX_SAFE_INTEGER });
    await store.enroll({ inviteHash: hashInviteCode(invite), tokenHash: systemPorts.randomBytes(32), deviceId: id, deviceName: `${id}-pc`, newAgentId: `agent-${id}`, agentName });
    await store.noteHello(id, opLevel);
  };
  return { folder, dataDir: folder.path, store, clock, join, [Symbol.asyncDispose]: async () => (await store.close(), folder[Symbol.asyncDispose]()) };
}
/** By whoever is first among those who get it. */
async function announce(store: LogStore, epoch: number, deviceIds: string[]): Promise<void> {
  const copies = deviceIds.map((deviceId) => ({ deviceId, sealed: 'sealed', voucher: 'vouched' }));
  expect(await store.announceKey({ epoch, publicKey: `key-${epoch}`, previous: null, deviceId: deviceIds[0] ?? '', agentId: `agent-${deviceIds[0]}` }, copies)).toBe('announced');
}
const advice = async (store: LogStore, now: number) => adviseOnKey(await readKeyReport(store), now);

test('before there is a key it is said what it waits for: somebody, an admin, an update, or an admin’s desktop to be opened', async () => {
  await using team = await openTeam();
  const { store, clock, join } = team;
  expect(await advice(store, clock.now)).toMatchObject([{ status: 'ok', detail: expect.stringMatching(/no key yet.*first admin makes it when it joins/) }]);
  await join('bo', 'Bo', 'agent', 6);
  expect(await advice(store, clock.now)).toMatchObject([
    { status: 'warning', detail: expect.stringMatching(/plain words, and there is no admin’s desktop/), action: expect.stringMatching(/invite --role admin/) },
  ]);
  await join('ana', 'Ana', 'admin');
  expect(await advice(store, clock.now)).toMatchObject([
    { status: 'warning', detail: expect.stringMatching(/Bo \(bo-pc\), last here just now, .* has an older one/), action: expect.stringMatching(/Update Bandeja there/) },
  ]);
  clock.now += 31 * DAY;
  // Nobody waits for a desktop that has not been here for a month.
  expect(await advice(store, clock.now)).toMatchObject([{ status: 'warning', action: 'Open Bandeja on Ana (ana-pc) and let it connect.' }]);
});

test('who has the key, who waits for it, who was shut out, and who can hand it out stand in the table and in sentences below it', async () => {
  await using team = await openTeam();
  const { store, clock, join } = team;
  await join('ana', 'Ana', 'admin');
  await join('bo', 'Bo', 'agent');
  await join('eva', 'Eva', 'agent');
  await announce(store, 1, ['ana', 'bo', 'eva']);
  clock.now += 2 * DAY;
  expect(describeKeyToCome(await readKeyReport(store))).toEqual([]);
  await store.revokeDevice('eva', { wipe: true, by: null });
  expect(describeKeyToCome(await readKeyReport(store)).join('\n')).toMatch(/key changes with it, when an admin’s desktop[^]*recovery sheet that was printed before is void/);
  expect((await advice(store, clock.now)).map(({ status }) => status)).toEqual(['ok', 'ok', 'warning']);
  expect((await advice(store, clock.now)).at(-1)).toMatchObject({
    detail: expect.stringMatching(/shut out since key 1 was made, and the next key is not there yet/),
    action: expect.stringMatching(/Open Bandeja on Ana \(ana-pc\)/),
  });
  await announce(store, 2, ['ana', 'bo']);
  expect(describeKeyToCome(await readKeyReport(store)), 'it has changed by now').toEqual([]);
  await join('cyn', 'Cyntia', 'lead');
  clock.now += 3 * HOUR;

  const report = await readKeyReport(store);
  const lines = describeDevices(report, clock.now);
  const text = lines.join('\n');
  expect(text).toMatch(/^Ana +admin +ana-pc +has key 2 +2 days ago, 2027-01-31 12:00 UTC +2 days ago, 2027-01-31 12:00 UTC +ana$/m);
  expect(text).toMatch(/^Eva +agent +eva-pc +shut out 3 hours ago, 2027-02-02 12:00 UTC, to be wiped /m);
  expect(text).toMatch(/^Cyntia +lead +cyn-pc +waits for key 2 /m);
  expect(new Set(lines.slice(0, 5).map((line, n) => line.lastIndexOf(['DEVICE_ID', ' ana', ' bo', ' eva', ' cyn'][n] ?? '') + (n === 0 ? 0 : 1))).size, 'the columns begin below each other').toBe(1);
  expect(text).toMatch(/sealed with key 2, made 3 hours ago, 2027-02-02 12:00 UTC, by Ana \(ana-pc\)\. 2 of 3 desktops have it\./);
  expect(text).toMatch(/handed out by Ana \(ana-pc\), last here 2 days ago/);
  expect(text).toMatch(/1 desktop waits for the key: Cyntia \(cyn-pc\)[^]*What to do: On Ana \(ana-pc\): Equipo → Computadoras/);

  const status = describeStatus({ ...(await store.readStatus()), blobs: 3, blobBytes: 2_000_000 }, report, clock.now).join('\n');
  expect(status).toMatch(/^Entries +5, from 1 to 5$/m);
  expect(status).toMatch(/^Desktops +3 may connect, 1 is shut out$/m);
  expect(status).toMatch(/^Files +3 of messages, 2\.0 MB$/m);
  expect(status).toMatch(/sealed with key 2/);
  expect(describeMembers(await store.listMembers(), report).join('\n')).toMatch(/^Eva +agent +none +agent-eva$/m);
  expect(describeMoved('postgres', 'abc', report).join('\n')).toMatch(/and key 2 as the relay knows it[^]*Next:[^]*npm run relay -- serve$/);
});

test('an invite says what comes next: who hands over the key, and what to do when no admin can', async () => {
  await using team = await openTeam();
  const { store, clock, join } = team;
  const say = async (isAdmin: boolean, isLink = true): Promise<string> =>
    describeInvite({ expiresAt: clock.now + 7 * DAY, isLink, isAdmin, report: await readKeyReport(store), now: clock.now }).join('\n');
  expect(await say(true, false)).toMatch(/expires in 7 days, 2027-02-07 12:00 UTC[^]*type the relay’s address and this code[^]*makes the team’s key\. Print the recovery code/);
  await join('ana', 'Ana', 'admin');
  await join('bo', 'Bo', 'agent');
  await announce(store, 1, ['ana', 'bo']);
  expect(await say(false)).toMatch(/paste the link[^]*must be on to hand it over: Ana \(ana-pc\), last here just now[^]*compare the code[^]*Where no admin can: choose “Nadie puede confirmarla”/);
  expect(await say(true)).toMatch(/the desktop is lost, the passphrase forgotten[^]*14 groups of the recovery sheet[^]*revoke DEVICE_ID/);
  await store.revokeDevice('ana');
  expect(await say(true)).toMatch(/No admin’s desktop has the key[^]*recovery sheet[^]*Without the sheet: Bo \(bo-pc\) has the key; make that person an admin/);
  expect(await advice(store, clock.now)).toMatchObject([{ status: 'ok' }, { status: 'warning', action: expect.stringMatching(/member AGENT_ID --role admin/) }, { status: 'warning' }]);
  await store.revokeDevice('bo');
  expect(await say(true)).toMatch(/Without the sheet, and without a desktop that has the key, nobody can read/);
  expect(await advice(store, clock.now)).toMatchObject([
    { status: 'ok' },
    { status: 'warning', detail: expect.stringMatching(/^No desktop has the key/), action: expect.stringMatching(/^invite --role admin/) },
    { status: 'warning' },
  ]);
});

test('after a restore it is said who was shut out since, who joined and needs an invite, whose desktop should begin, and what comes next', async () => {
  await using team = await openTeam();
  await using elsewhere = await makeFolder();
  const { store, clock, join, dataDir } = team;
  await join('ana', 'Ana', 'admin');
  await join('eva', 'Eva', 'admin');
  await join('bo', 'Bo', 'agent');
  await announce(store, 1, ['ana', 'eva', 'bo']);
  clock.now += HOUR;
  await store.noteSeen(['eva']);
  const { folder } = await makeBackup({ dataDir, target: path.join(elsewhere.path, 'backups'), keep: undefined, hasBlobs: true, now: () => clock.now, openStore });
  clock.now += DAY;
  await store.revokeDevice('bo', { wipe: true, by: null });
  await store.changeMember({ agentId: 'agent-bo', by: null, role: 'lead', isRemoved: false });
  await store.noteSeen(['ana']);
  await join('dan', 'Dan', 'lead');
  const further = async (id: string, agentId: string, agentName: string): Promise<void> => {
    const invite = await makeInvite(store, { agentId, expiresAt: Number.MAX_SAFE_INTEGER });
    await store.enroll({ inviteHash: hashInviteCode(invite), tokenHash: systemPorts.randomBytes(32), deviceId: id, deviceName: `${id}-pc`, newAgentId: 'nobody', agentName });
  };
  await further('dan-2', 'agent-dan', 'Dan');
  await further('ana-2', 'agent-ana', 'Ana');
  await join('flo', 'Flo', 'agent');
  await store.revokeDevice('flo');
  clock.now += HOUR;

  const target = path.join(elsewhere.path, 'new');
  const old = await readTeamOf(dataDir);
  expect((await store.readStatus()).devices, 'the old folder is only read').toBe(5);
  const restored = await restoreBackup({ from: folder, dataDir: target, openStore });
  const after = await openStore(target, () => clock.now);
  const now = { devices: await after.listDevices(), members: await after.listMembers() };
  const report = await readKeyReport(after);
  await after.close();

  const known = describeRestored({ ...restored, report, undone: findUndone(old, now), now: clock.now }).join('\n');
  expect(known).toMatch(/npm run relay -- revoke bo --wipe +# Bo \(bo-pc\), shut out 1 hour ago/);
  expect(known).toMatch(/npm run relay -- member agent-bo --role lead +# Bo/);
  expect(known).toMatch(/joined since and are unknown now; each needs a new invite:\n/);
  const invites = known.split('\n').filter((line) => line.includes('-- invite '));
  expect(
    invites
      .map((line) =>
        line
          .trim()
          .replace(/ +#/, ' #')
          .replace(/^npm run relay -- /, ''),
      )
      .toSorted(),
  ).toEqual([
    expect.stringMatching(/^invite --agent AGENT_ID # Dan \(dan-2-pc\), joined 1 hour ago/),
    expect.stringMatching(/^invite --agent agent-ana # Ana \(ana-2-pc\), joined 1 hour ago/),
    expect.stringMatching(/^invite --role lead # Dan \(dan-pc\), joined 1 hour ago/),
  ]);
  expect(known).toMatch(/Let the admin whose desktop was used last begin: by the old folder Ana \(ana-pc\), last here 1 hour ago, .* and Eva \(eva-pc\), last here 1 day ago/);
  expect(known).toMatch(/Next:[^]*1\. npm run relay -- devices[^]*2\. npm run relay -- serve[^]*3\. Let that admin begin[^]*4\. Tell the admins/);
  const same = describeRestored({ ...restored, report, undone: findUndone(now, now), now: clock.now }).join('\n');
  expect(same).toMatch(/no desktop was shut out since/);
  expect(same).not.toMatch(/joined since and are unknown/);
  const unknown = describeRestored({ ...restored, report, undone: null, now: clock.now }).join('\n');
  expect(unknown).toMatch(/by the backup Eva \(eva-pc\), last here 1 day ago, .* and Ana .* ask them who used theirs last since/);
  expect(unknown).toMatch(/these desktops may connect[^]*Eva \(eva-pc\) +admin[^]*Bo \(bo-pc\) +agent +last here .* bo$/m);

  await expect(readTeamOf(path.join(elsewhere.path, 'nowhere'))).rejects.toThrow(BackupError);
  const broken = path.join(elsewhere.path, 'broken');
  await mkdir(broken);
  await writeFile(path.join(broken, 'relay.db'), 'no database at all, but long enough to be looked at');
  await expect(readTeamOf(broken)).rejects.toThrow(/cannot be read .* Leave --old out/);
});
