/** A relay and an engine of our own, as real processes over a folder that is thrown away. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startProgram, type Program } from '../support/program.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RELAY = 'webhook-relay/cli.ts';

export type OwnRelay = { url: string; appSecret: string; invite(): Promise<string>; stop(): Promise<void> };

export const makeFolder = (): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-replay-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export async function startOwnRelay(folder: string): Promise<OwnRelay> {
  const appSecret = randomBytes(24).toString('hex');
  const env = { RELAY_HOST: '127.0.0.1', RELAY_PORT: '0', RELAY_DATA_DIR: path.join(folder, 'relay'), META_APP_SECRET: appSecret, META_VERIFY_TOKEN: randomBytes(12).toString('hex') };
  const program = await startProgram(RELAY, ['serve'], env);
  return {
    url: String(program.ready.url),
    appSecret,
    invite: async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, RELAY), 'invite', '--role', 'agent', '--json'], { env: { ...process.env, ...env } });
      return (JSON.parse(stdout) as { invite: string }).invite;
    },
    stop: async () => void (await program.stop()),
  };
}

/** @returns the running engine and its database file. */
export async function startOwnEngine(folder: string, relayUrl: string, invite: string): Promise<{ program: Program; database: string }> {
  const dataDir = path.join(folder, 'engine');
  const program = await startProgram('main/engine/cli.ts', ['--data-dir', dataDir, '--relay', relayUrl, '--invite', invite, '--name', 'Replay'], { GRAPH_TOKEN: '' });
  return { program, database: path.join(dataDir, 'bandeja.db') };
}
