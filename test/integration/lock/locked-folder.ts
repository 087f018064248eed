/** A small folder with something of everything that the lock guards, and what of it can be read. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DATABASE_FILE, openDatabase, SEALED_DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createSealedSecrets } from '../../../main/engine/lock/sealed-secrets.ts';
import { isLockOn, readLockFile, unwrapKey } from '../../../main/engine/lock/lock-file.ts';
import { openVault } from '../../../main/engine/lock/vault.ts';
import type { Vault } from '../../../main/engine/ports.ts';
import { plainFormat } from '../../../main/engine/media/disk-format.ts';
import { createMediaFiles, type MediaFiles } from '../../../main/engine/media/media-files.ts';
import { createSealedFormat, SEALED_FOLDER } from '../../../main/engine/media/sealed-format.ts';
import { createFileSecrets } from '../../../main/shell/file-secrets.ts';

export const PASSPHRASE = 'caballo correcto bateria grapa';
export const WORD = 'PalabraSecretaEnLaCarpeta';
/** More than one chunk. */
export const FILE = Buffer.concat([Buffer.from(WORD), Buffer.alloc(200_000, WORD)]);
export const SHA256 = createHash('sha256').update(FILE).digest('hex');
const THUMB = Buffer.from(`small ${WORD}`);

const secretsOf = (dataDir: string) => createFileSecrets(dataDir, () => undefined);
async function* whole(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

export async function fillFolder(dataDir: string): Promise<void> {
  const db = openDatabase(path.join(dataDir, DATABASE_FILE));
  createSettingQueries(db).write('requestViews', { typed: WORD });
  db.close();
  await addFile(createMediaFiles(dataDir), FILE);
  await secretsOf(dataDir).set('graph-token', WORD);
}

export async function addFile(files: MediaFiles, bytes: Buffer): Promise<void> {
  await files.append('part', 0, whole(bytes), bytes.length);
  const { sha256 } = await files.inspect('part');
  await files.keep('part', sha256);
  await files.addThumbnail(sha256, THUMB);
}

/** Reads everything there is, through the lock if it is on. @param known the lock's key; else the passphrase opens it. @throws if anything of it is missing or wrong. */
export async function readFolder(dataDir: string, known: Buffer | null = null): Promise<{ isLocked: boolean }> {
  const lockFile = readLockFile(dataDir);
  const key = lockFile && (known ?? (await unwrapKey(lockFile, PASSPHRASE)));
  if (lockFile && !key) throw new Error('the passphrase does not open it');
  const vault: Vault | null = key && (await openVault(key));
  const db = openDatabase(path.join(dataDir, vault ? SEALED_DATABASE_FILE : DATABASE_FILE), true, vault?.openFile);
  const kept = createSettingQueries(db).read('requestViews', z.record(z.string(), z.string()));
  db.close();
  const files = createMediaFiles(dataDir, vault ? createSealedFormat(vault.fileKeys) : plainFormat);
  const bytes = await collect(files.read(SHA256).stream(0, FILE.length));
  const secret = await (vault ? createSealedSecrets(secretsOf(dataDir), vault) : secretsOf(dataDir)).get('graph-token');
  const thumbnails = await files.sizeOfThumbnails();
  if (kept?.['typed'] !== WORD || !bytes.equals(FILE) || secret !== WORD || thumbnails.files !== 1) throw new Error(`not whole: ${JSON.stringify({ kept, bytes: bytes.length, secret, thumbnails })}`);
  return { isLocked: isLockOn(dataDir) };
}

/** Nothing of the set that does not count. */
export const isTidy = (dataDir: string): boolean => {
  const others = isLockOn(dataDir) ? [DATABASE_FILE, `${DATABASE_FILE}-wal`, 'media'] : [SEALED_DATABASE_FILE, `${SEALED_DATABASE_FILE}-wal`, SEALED_FOLDER];
  return others.every((name) => !existsSync(path.join(dataDir, name)));
};

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
