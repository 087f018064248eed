/** The command-line flags of every host of the engine: which data folder, how to join, which number, which local API. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from './process-lifetime.ts';

export const WORKSPACE_FLAGS = {
  'data-dir': { type: 'string' },
  relay: { type: 'string' },
  invite: { type: 'string' },
  name: { type: 'string' },
  'phone-number-id': { type: 'string' },
  'waba-id': { type: 'string' },
  'graph-token': { type: 'string' },
  'api-port': { type: 'string' },
  'api-token': { type: 'string' },
  'passphrase-file': { type: 'string' },
} as const;

export const WORKSPACE_HELP = `  --data-dir DIR         the workspace's folder on this computer; made if missing
  --relay URL            the relay to join, with:
    --invite CODE          from the relay's "invite" command; each works once
    --name NAME            yours, as colleagues will see it (default: your account's name on this computer)
  --phone-number-id ID   the WhatsApp number to send from, with:
    --graph-token TOKEN    Meta's access token; better as GRAPH_TOKEN in the environment.
                           Alone, on a folder that has its number: replaces the stored token
    --waba-id ID           its WhatsApp Business Account
  --api-port N           serves the local REST API there (0 takes a free port), whatever the settings say
    --api-token TOKEN      better as API_TOKEN in the environment; without it the token of the settings holds, and is printed
  --passphrase-file FILE opens a folder that is locked (chmod 600); or BANDEJA_PASSPHRASE in the environment
Environment: GRAPH_BASE_URL (https://graph.facebook.com), GRAPH_TOKEN, API_TOKEN, BANDEJA_PASSPHRASE`;

export type WorkspaceOptions = {
  dataDir: string;
  /** How to join a workspace; null when the folder should belong to one already. */
  join: { relayUrl: string; invite: string; agentName: string; deviceName: string } | null;
  number: { phoneNumberId: string; wabaId: string | null; graphToken: string } | null;
  /** A token given without its number: it replaces the one of the folder's number. */
  replacementToken: string | null;
  /** Null: the REST API as the settings say; `off`: none in this run. `token` null: the one of the settings. */
  api: { port: number; token: string | null } | 'off' | null;
  graphBaseUrl: string;
  /** Of a folder that is locked. */
  passphrase?: string | null;
};

type Flags = { [Name in keyof typeof WORKSPACE_FLAGS]?: string | undefined };

/** @throws UsageError for values that are wrong or do not go together. */
export function readWorkspaceOptions(flags: Flags, env: NodeJS.ProcessEnv): WorkspaceOptions {
  if (!flags['data-dir']) throw new UsageError('--data-dir is missing: the folder of the workspace on this computer');
  return {
    dataDir: path.resolve(flags['data-dir']),
    join: readJoin(flags),
    ...readNumber(flags, env),
    api: flags['api-port'] === undefined ? null : { port: readPort('--api-port', flags['api-port']), token: flags['api-token'] || env['API_TOKEN'] || null },
    graphBaseUrl: requireSafeUrl('GRAPH_BASE_URL', env['GRAPH_BASE_URL'] || 'https://graph.facebook.com'),
    passphrase: readPassphrase(flags['passphrase-file'], env),
  };
}

/** The last line break of a file is an editor's, not the passphrase's. What others on this computer can read is no secret: refused, as ssh does. */
function readPassphrase(file: string | undefined, env: NodeJS.ProcessEnv): string | null {
  const given = env['BANDEJA_PASSPHRASE'];
  // Programs that this one starts have no use for it.
  delete env['BANDEJA_PASSPHRASE'];
  if (file === undefined) return given || null;
  try {
    const opened = openSync(file, 'r');
    try {
      const stat = fstatSync(opened);
      // A pipe is nobody else's. The mode of what a container mounts there is its host's business, and often cannot be another. Windows has no such mode.
      if (process.platform !== 'win32' && stat.isFile() && !path.resolve(file).startsWith('/run/secrets/') && (stat.mode & 0o077) !== 0)
        throw new UsageError(`--passphrase-file ${file} can be read by others on this computer (mode ${(stat.mode & 0o777).toString(8)}): chmod 600 it, or give the passphrase as BANDEJA_PASSPHRASE.`);
      return readFileSync(opened, 'utf8').replace(/\r?\n$/, '') || null;
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--passphrase-file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readJoin({ relay, invite, name }: Flags): WorkspaceOptions['join'] {
  if (relay === undefined && invite === undefined && name === undefined) return null;
  if (!relay || !invite) throw new UsageError('--relay and --invite belong together: both, or none when this folder has joined already');
  return { relayUrl: requireSafeUrl('--relay', relay), invite, agentName: name?.trim() || os.userInfo().username, deviceName: os.hostname().slice(0, 80) || 'desktop' };
}

function readNumber(flags: Flags, env: NodeJS.ProcessEnv): Pick<WorkspaceOptions, 'number' | 'replacementToken'> {
  const phoneNumberId = flags['phone-number-id'];
  if (flags['graph-token']?.trim() === '') throw new UsageError('--graph-token is empty: give the token, or leave the flag out to keep the stored one');
  const graphToken = (flags['graph-token'] ?? env['GRAPH_TOKEN'])?.trim() || null;
  if (!phoneNumberId) {
    if (flags['waba-id'] !== undefined) throw new UsageError('--waba-id needs --phone-number-id');
    return { number: null, replacementToken: graphToken };
  }
  if (!/^\d{5,20}$/.test(phoneNumberId)) throw new UsageError("--phone-number-id must be Meta's id of the number (digits only), not the phone number itself");
  if (!graphToken) throw new UsageError('--phone-number-id needs a token: --graph-token, or GRAPH_TOKEN in the environment');
  return { number: { phoneNumberId, wabaId: flags['waba-id'] ?? null, graphToken }, replacementToken: null };
}

/** Tokens travel to these addresses, so only loopback may do without TLS. */
function requireSafeUrl(name: string, value: string): string {
  const url = URL.parse(value);
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) throw new UsageError(`${name} must be an https:// address (http:// only on this computer itself)`);
  return value;
}

export function readPort(name: string, value: string): number {
  const port = Number(value);
  if (value === '' || !Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`${name} must be a whole number from 0 to 65535`);
  return port;
}
