/** Snapshots between a desktop with a lock and one without: the rows are the same, and of the locked one nothing lies in plain on the way. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deriveEpochKeys, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { openPlainFile, type OpenFile } from '../../../contract/sqlite/open-file.ts';
import { checkSnapshot, copySnapshot, replaceRows } from '../../../contract/sqlite/snapshot-file.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { openVault } from '../../../main/engine/lock/vault.ts';
import { createScratchDisk } from '../../../main/engine/sync/scratch-disk.ts';
import { openSnapshot, sealSnapshot } from '../../../main/engine/sync/snapshot-seal.ts';
import { compressFile, decompressFile } from '../../../main/engine/sync/snapshot-transfer.ts';
import { findPlainInFolder } from '../../support/find-plain.ts';

const WORD = 'PalabraEnLasFilas';
const NAME = { logId: 'log-1', seq: 7, stateVersion: 1 };
const keys = deriveEpochKeys(1, makeSecret());
const pause = (): Promise<void> => Promise.resolve();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-lock-snapshot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readRows = (db: Database.Database): unknown[] => [
  db.prepare('SELECT * FROM contact ORDER BY id').safeIntegers().all(),
  db.prepare('SELECT id, content, sort_at FROM message ORDER BY id').safeIntegers().all(),
  db.prepare('SELECT * FROM counter').safeIntegers().all(),
];

it.each([
  ['with a lock', 'without one', true, false],
  ['without a lock', 'one with it', false, true],
])('one made %s is installed by %s', async (_maker, _taker, isMakerLocked, isTakerLocked) => {
  const { openFile } = await openVault(randomBytes(32));
  const openOf = (isLocked: boolean): OpenFile => (isLocked ? openFile : openPlainFile);
  const [makers, takers] = [path.join(folder, 'maker'), path.join(folder, 'taker')];
  const source = openDatabase(path.join(makers, 'rows.db'), true, openOf(isMakerLocked));
  source.transaction(() => {
    const contact = source.prepare('INSERT INTO contact (id, profile_name, created_seq) VALUES (?, ?, ?)');
    const message = source.prepare("INSERT INTO message (id, conversation_id, contact_id, direction, seq, sort_at, sent_at, received_at, content) VALUES (?, 'c', 'p', 'in', 1, ?, 1, 1, ?)");
    for (let n = 0; n < 2_000; n += 1) {
      contact.run(`p_${n}`, `${WORD} ${n} ñandú`, n);
      message.run(`m_${n}`, n, JSON.stringify({ text: `${WORD} ${n}` }));
    }
    source.prepare('INSERT INTO counter (name, value) VALUES (?, ?)').run('largest', 9_007_199_254_740_993n);
  })();

  const from = createScratchDisk(isMakerLocked ? openFile : null);
  const made = (name: string): string => path.join(makers, name);
  const { digest } = await copySnapshot(source.name, made('rows'), pause, from.openFile);
  await compressFile(from, made('rows'), made('rows.zst'));
  await sealSnapshot(from, made('rows.zst'), made('sealed'), keys, NAME);
  // To the relay and from it.
  const sent: Buffer[] = [];
  const uploaded = await from.open(made('sealed'), 'r');
  for (let at = 0; ;) {
    const piece = Buffer.alloc(10_000);
    const { bytesRead } = await uploaded.read(piece, 0, piece.length, at);
    if (bytesRead === 0) break;
    sent.push(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  await uploaded.close();

  const to = createScratchDisk(isTakerLocked ? openFile : null);
  const target = openDatabase(path.join(takers, 'rows.db'), true, openOf(isTakerLocked));
  const got = (name: string): string => path.join(takers, name);
  const downloaded = await to.open(got('sealed'), 'w');
  await downloaded.write(Buffer.concat(sent), 0, Buffer.concat(sent).length, 0);
  await downloaded.close();
  await openSnapshot(to, got('sealed'), got('rows.zst'), keys, NAME);
  await decompressFile(to, got('rows.zst'), (bytes) => to.takeSnapshot(got('rows'), bytes, (rows) => checkSnapshot(rows, digest, pause)));
  target.prepare('ATTACH ? AS snapshot').run(got('rows'));
  target.transaction(() => replaceRows(target, 'snapshot'))();
  target.exec('DETACH snapshot');

  expect(readRows(target)).toEqual(readRows(source));
  const lockedFolder = isMakerLocked ? makers : takers;
  expect(findPlainInFolder(lockedFolder, [WORD])).toEqual([]);
  expect(findPlainInFolder(isMakerLocked ? takers : makers, [WORD])).not.toEqual([]);
  // Zstandard, as a snapshot is packed.
  expect(readFileSync(path.join(lockedFolder, 'rows.zst')).subarray(0, 4).toString('hex')).not.toBe('28b52ffd');
  source.close();
  target.close();
});
