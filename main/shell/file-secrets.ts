/**
 * Secrets in a file of the data folder, for hosts without the operating system's own store. Readable by its owner only
 * and replaced in one step, so that a crash leaves the old ones; not encrypted, and says so.
 */
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Log } from '../../contract/log.ts';
import { SECRETS_FILE, type KeptSecretName, type KeptSecrets } from '../engine/ports.ts';

/** Where the desktop program keeps them instead, encrypted by the operating system. */
export const OS_SECRETS_FILE = 'secrets.enc.json';
const fileSchema = z.record(z.string(), z.string());

/** Whether the desktop program keeps this secret for the folder: then only the desktop program can read it. */
export async function isKeptByOs(dataDir: string, name: KeptSecretName): Promise<boolean> {
  const text = await readFile(path.join(dataDir, OS_SECRETS_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return Object.hasOwn(fileSchema.parse(JSON.parse(text)), name);
}

export function createFileSecrets(dataDir: string, log: Log): KeptSecrets {
  const file = path.join(dataDir, SECRETS_FILE);
  let lastChange: Promise<void> = Promise.resolve();
  let hasWarned = false;

  const readAll = async (): Promise<Record<string, string>> => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    return fileSchema.parse(JSON.parse(text));
  };

  const writeAll = async (secrets: Record<string, string>): Promise<void> => {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const temporary = `${file}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(secrets));
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A file left over from an interrupted run keeps its old mode.
    await chmod(temporary, 0o600);
    await rename(temporary, file);
  };

  /** One after the other: each change reads what the one before it wrote. */
  const change = (edit: (secrets: Record<string, string>) => Record<string, string>): Promise<void> => {
    const changed = lastChange.then(async () => writeAll(edit(await readAll())));
    lastChange = changed.catch(() => undefined);
    return changed;
  };

  return {
    get: async (name) => {
      await lastChange;
      return (await readAll())[name] ?? null;
    },
    set: async (name, value) => {
      await change((secrets) => ({ ...secrets, [name]: value }));
      if (!hasWarned) log('warn', 'secrets.kept_in_file', { file, note: 'not encrypted; only the file mode protects it' });
      hasWarned = true;
    },
    delete: (name) => change(({ [name]: _, ...others }) => others),
  };
}
