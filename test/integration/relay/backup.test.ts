import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeBackup, restoreBackup, type BackupManifest } from '../../../webhook-relay/backup.ts';
import { hashInviteCode } from '../../../webhook-relay/invite-code.ts';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { connectDesktop, enrollDevice, enrollDeviceInto, makeFolder, makeInvite, openStore, postWebhook, readLog, startRelay, textMessage, wamidOf } from './relay-harness.ts';

const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');
let minute = 0;
const backUp = (dataDir: string, target: string, others: { keep?: number; hasBlobs?: boolean } = {}) =>
  makeBackup({ dataDir, target, keep: undefined, hasBlobs: true, now: () => 1_800_000_000_000 + (minute += 1) * 60_000, openStore, ...others });

async function storeBlob(dataDir: string, bytes: string): Promise<string> {
  const name = sha256(bytes);
  await mkdir(path.join(dataDir, 'blobs', name.slice(0, 2)), { recursive: true });
  await writeFile(path.join(dataDir, 'blobs', name.slice(0, 2), name), bytes);
  return name;
}

/** A finished snapshot of a device; `file`: whether its bytes are there. */
async function storeSnapshot(store: LogStore, dataDir: string, { hasFile = true } = {}): Promise<string> {
  const deviceId = await enrollDeviceInto(store);
  const { head } = await store.readStatus();
  const meta = { seq: head, stateVersion: 1, deviceSeqs: {}, bytes: 5, sha256: sha256('bytes'), digest: '0'.repeat(16) };
  const announced = await store.announceSnapshot({ id: systemPorts.newId(), deviceId, meta });
  if (announced.status !== 'announced') throw new Error(announced.status);
  await mkdir(path.join(dataDir, 'snapshots'), { recursive: true });
  if (hasFile) await writeFile(path.join(dataDir, 'snapshots', announced.id), 'bytes');
  await store.completeSnapshot(announced.id);
  return announced.id;
}

test('a backup taken in the middle of traffic is whole; restored, it is a log of its own that desktops notice', async () => {
  await using relay = await startRelay();
  await using elsewhere = await makeFolder();
  const { token, logId } = await enrollDevice(relay);
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  desktop.end();
  const invite = await makeInvite(relay.store);
  const snapshot = await storeSnapshot(relay.store, relay.dataDir);
  const blob = await storeBlob(relay.dataDir, 'a photo');
  await writeFile(path.join(relay.dataDir, 'relay.json'), '{"verifyToken":"word"}', { mode: 0o600 });
  const before: string[] = [];
  for (let n = 0; n < 20; n += 1) if ((await postWebhook(relay.webhookUrl, textMessage(`before${n}`))) === 200) before.push(`before${n}`);

  let isOver = false;
  const traffic = (async () => {
    let sent = 0;
    for (; !isOver && sent < 100_000; sent += 1) expect(await postWebhook(relay.webhookUrl, textMessage(`meanwhile${sent}`))).toBe(200);
    return sent;
  })();
  const { folder, manifest } = await backUp(relay.dataDir, path.join(elsewhere.path, 'backups'));
  isOver = true;
  expect(await traffic).toBeGreaterThan(0);
  expect(manifest.files.map(({ name }) => name).toSorted()).toEqual([`blobs/${blob.slice(0, 2)}/${blob}`, 'relay.db', 'relay.json', `snapshots/${snapshot}`]);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(folder, 'relay.db'))).mode & 0o777).toBe(0o600);

  const dataDir = path.join(elsewhere.path, 'new-server');
  const restored = await restoreBackup({ from: folder, dataDir, openStore });
  expect(restored).toMatchObject({ head: manifest.head, keptSettings: false, endedAt: expect.any(Number) });
  expect((await readdir(dataDir)).toSorted()).toEqual(['blobs', 'relay.db', 'relay.json', 'snapshots']);
  expect(await readFile(path.join(dataDir, 'blobs', blob.slice(0, 2), blob), 'utf8')).toBe('a photo');
  expect(await readFile(path.join(dataDir, 'snapshots', snapshot), 'utf8')).toBe('bytes');
  const store = await openStore(dataDir);
  expect([store.logId === logId, store.logId]).toEqual([false, restored.logId]);
  expect(await store.readLineage()).toEqual([{ logId, seq: manifest.head }]);
  expect(await store.enroll({ inviteHash: hashInviteCode(invite), tokenHash: Buffer.from('t'), deviceId: 'd', deviceName: 'x', newAgentId: 'a', agentName: 'x' })).toEqual({
    status: 'invite_unknown',
  });
  const wamids = (await readLog(store)).map(wamidOf);
  expect(before.filter((wamid) => !wamids.includes(wamid))).toEqual([]);
  await store.close();

  await using again = await startRelay({ wrap: () => openStore(dataDir) });
  const returning = await connectDesktop(again.url, token);
  returning.hello(1, logId);
  expect((await returning.next('refused')).refusal).toMatchObject({ code: 'wrong_log', logId: restored.logId, lineage: [{ logId, seq: manifest.head }] });
});

test('a damaged backup, one that names other files, and a folder that is none are refused, and nothing is put anywhere', async () => {
  await using folder = await makeFolder();
  const [source, target, dataDir] = ['source', 'backups', 'new'].map((name) => path.join(folder.path, name)) as [string, string, string];
  const store = await openStore(source);
  const blob = await storeBlob(source, 'a photo');
  await store.close();
  const backup = await backUp(source, target);
  const restore = (): Promise<unknown> => restoreBackup({ from: backup.folder, dataDir, openStore });

  await expect(restoreBackup({ from: source, dataDir, openStore })).rejects.toThrow('is no backup');
  const photo = path.join(backup.folder, 'blobs', blob.slice(0, 2), blob);
  await writeFile(`${photo}.new`, 'b photo');
  await rename(`${photo}.new`, photo); // the other name of it, in the source, stays as it is
  await expect(restore()).rejects.toThrow(`This backup is damaged: blobs/${blob.slice(0, 2)}/${blob}`);
  await writeFile(photo, 'a photo');
  const manifest = JSON.parse(await readFile(path.join(backup.folder, 'backup.json'), 'utf8')) as BackupManifest;
  for (const name of ['../relay.json', '/etc/passwd', 'blobs/../../x', 'snapshots/../x', 'other.db']) {
    await writeFile(path.join(backup.folder, 'backup.json'), JSON.stringify({ ...manifest, files: [...manifest.files, { name, bytes: 0, sha256: sha256('') }] }));
    await expect(restore()).rejects.toThrow('backup.json is damaged');
  }
  await writeFile(path.join(backup.folder, 'backup.json'), JSON.stringify({ ...manifest, files: [] }));
  await expect(restore()).rejects.toThrow('This backup is damaged: relay.db');
  expect(await readdir(folder.path)).not.toContain('new');

  await writeFile(path.join(backup.folder, 'backup.json'), JSON.stringify(manifest));
  await mkdir(path.join(dataDir, 'restoring'), { recursive: true }); // an earlier restore was cut off
  await writeFile(path.join(dataDir, 'restoring', 'relay.db'), 'half');
  await writeFile(path.join(dataDir, 'relay.json'), '{"verifyToken":"own"}');
  await writeFile(path.join(dataDir, 'relay.db-wal'), 'of a database that was moved aside without it');
  await expect(restore()).rejects.toThrow('There is a workspace in');
  await rm(path.join(dataDir, 'relay.db-wal'));
  expect(await restore()).toMatchObject({ keptSettings: true });
  expect(await readFile(path.join(dataDir, 'relay.json'), 'utf8')).toBe('{"verifyToken":"own"}');
  await expect(restore()).rejects.toThrow('There is a workspace in');
});

test('only so many backups stay as are asked for, the newest, and nothing of one that was cut off yesterday; what is not a backup stays too', async () => {
  await using folder = await makeFolder();
  const [source, target] = [path.join(folder.path, 'source'), path.join(folder.path, 'backups')];
  await (await openStore(source)).close();
  const others = ['relay-of-old', 'relay-2027-01-15T07-00-00-000Z.incoming', 'mine.incoming'];
  for (const name of [...others, 'relay-2027-01-14T07-00-00-000Z.incoming']) await mkdir(path.join(target, name), { recursive: true });
  const made: string[] = [];
  for (const keep of [2, 2, 2]) made.push(path.basename((await backUp(source, target, { keep })).folder));
  expect((await readdir(target)).toSorted()).toEqual([...made.slice(1), ...others].toSorted());
  await expect(backUp(source, path.join(source, 'backups'))).rejects.toThrow('own folder');
});

test('a backup without the snapshot that its database needs is not made, and leaves nothing behind', async () => {
  await using folder = await makeFolder();
  const [source, target] = [path.join(folder.path, 'source'), path.join(folder.path, 'backups')];
  const store = await openStore(source);
  await storeSnapshot(store, source, { hasFile: false });
  await store.close();
  await expect(backUp(source, target)).rejects.toThrow('Try again');
  expect(await readdir(target)).toEqual([]);
});
