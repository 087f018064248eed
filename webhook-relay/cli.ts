/**
 * The relay's command line. Every command but `serve` is short-lived and works on the same database while `serve` runs.
 * Exit codes: 0 done, 1 it could not be done, 2 the command was written wrongly.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { NAME_MAX } from '../contract/limits.ts';
import { errorText } from '../contract/log.ts';
import { NodeTooOldError, requireNode } from '../contract/sqlite/native-binding.ts';
import { roleSchema } from '../contract/wire.ts';
import { BackupError, makeBackup, readTeamOf, restoreBackup } from './backup.ts';
import { createBlobFiles } from './blob-files.ts';
import { ConfigError, readCommandConfig, readConfig, readConfigFile, readSecret, resolveDataDir, writeConfigFile } from './config.ts';
import { hashInviteCode, makeInviteCode } from './invite-code.ts';
import { runDoctor } from './doctor.ts';
import { makeJoinLink } from './join-page.ts';
import { readKeyReport } from './key-report.ts';
import type { LogStore } from './log-store/interface.ts';
import { DatabaseFromFutureError } from './log-store/migrations.ts';
import { moveLog, type MoveOutcome } from './log-store/move-log.ts';
import { openLogStore } from './log-store/open-log-store.ts';
import { openSqliteLog } from './log-store/sqlite-tables.ts';
import { DATABASE_NAME, openSqliteStore } from './log-store/sqlite.ts';
import { describeDevices, describeInvite, describeInvites, describeKeyToCome, describeMembers, describeMoved, describeRestored, describeStatus, findUndone, RUN } from './operator-report.ts';
import { acquireServeLock } from './serve-lock.ts';
import { serve } from './serve.ts';
import { createSnapshotFiles } from './snapshot-files.ts';
import { systemPorts } from './system-ports.ts';
import { keepUp } from './upkeep.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const EXPIRES_DAYS_MAX = 365;

/** A mistake of the person who typed the command, or a state they have to change; shown without a stack. */
class CommandError extends Error {
  readonly exitCode: 1 | 2;
  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

type Values = Record<string, string | boolean | undefined>;
type Command = { summary: string; usage: string; options: ParseArgsOptionsConfig; argument?: string; run: (values: Values, dataDir: string, argument: string) => Promise<void> };

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const printLines = (lines: readonly string[]): void => print(lines.join('\n'));
const printJson = (value: unknown): void => print(JSON.stringify(value));
const textOf = (value: string | boolean | undefined): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

const COMMANDS: Record<string, Command> = {
  init: {
    summary: 'make a workspace, or change its secrets',
    usage: `init [--app-secret S] [--verify-token T] [--json]
  --app-secret S    Meta App Dashboard → App settings → Basic → App secret (or META_APP_SECRET);
                    - reads it from stdin, so that it does not stand in the shell's history
  --verify-token T  the word Meta sends when you set the webhook (or META_VERIFY_TOKEN); one is made if you give none`,
    options: { 'app-secret': { type: 'string' }, 'verify-token': { type: 'string' }, json: { type: 'boolean' } },
    run: async (values, dataDir) => {
      const before = readConfigFile(dataDir);
      const given = textOf(values['app-secret']);
      const appSecret = (given === '-' ? await readSecretLine() : given) ?? readSecret(process.env, 'META_APP_SECRET') ?? before.appSecret;
      const verifyToken = textOf(values['verify-token']) ?? readSecret(process.env, 'META_VERIFY_TOKEN') ?? before.verifyToken ?? systemPorts.randomBytes(18).toString('hex');
      const config = writeConfigFile(dataDir, { ...before, ...(appSecret && { appSecret }), verifyToken });
      const logId = await withStore(dataDir, async (store) => store.logId);
      if (values['json']) return printJson({ dataDir, config, logId, verifyToken, hasAppSecret: Boolean(appSecret) });
      print(`Workspace in ${dataDir} (settings in ${config}).`);
      print(`Verify token for Meta's dashboard: ${verifyToken}`);
      print(
        appSecret ? `Next: ${RUN} serve, then in another terminal ${RUN} invite --role admin` : `The app secret is still missing: ${RUN} init --app-secret -, or set META_APP_SECRET before serve.`,
      );
    },
  },
  serve: {
    summary: 'take webhooks and serve desktops until SIGTERM',
    usage: `serve
  Environment: RELAY_HOST (127.0.0.1), RELAY_PORT (8484; 0 takes a free one), RELAY_DATA_DIR,
  META_APP_SECRET or META_APP_SECRET_FILE, META_VERIFY_TOKEN or META_VERIFY_TOKEN_FILE.
  RELAY_DATABASE_URL or RELAY_DATABASE_URL_FILE   postgres://… of a database that keeps the log, for several relays at once
  PUBLIC_URL        https address at which desktops reach the relay; invites become links
  META_APP_ID       App ID of the Meta App Dashboard: lets Bandeja's diagnosis ask Meta for the callback URL and the fields
  SNAPSHOT_EVERY (10000)   entries after which a desktop is asked for a snapshot
  LOG_RETENTION_DAYS (90)  how long entries stay that a snapshot of the team's data contains
  MEDIA_STORE_GB (20)      room for the files of messages
  MEDIA_RETENTION_DAYS (0) how long they are kept; 0: for ever
  TRUSTED_PROXY_HOPS       proxies in front of the relay, if they are not on this machine; 0: none
  METRICS_PORT             where Prometheus reads /metrics; off if not set
  METRICS_HOST (127.0.0.1) elsewhere it needs METRICS_TOKEN or METRICS_TOKEN_FILE
  The environment comes before relay.json in the data folder.`,
    options: {},
    run: async (_values, dataDir) => {
      const config = readConfig(process.env, dataDir);
      // On PostgreSQL several relays are one, and share the folder for its files.
      await (config.databaseUrl === undefined ? alone(dataDir, () => serve(config)) : serve(config));
    },
  },
  invite: {
    summary: 'make a code with which one desktop can join',
    usage: `invite --role admin|lead|agent [--name N] [--expires-days 7] [--json]
       invite --agent AGENT_ID [--expires-days 7] [--json]
  --name N           the agent's name; without it the agent types one
  --agent AGENT_ID   another device for a member (see members); role and name stay theirs
  With PUBLIC_URL set the invite is a link to paste into Bandeja. It brings no key: an admin's desktop has to hand that over
  (or the recovery code), and what is printed says which one can. --json prints the invite alone.`,
    options: { role: { type: 'string' }, name: { type: 'string' }, agent: { type: 'string' }, 'expires-days': { type: 'string' }, json: { type: 'boolean' } },
    run: runInvite,
  },
  invites: {
    summary: 'list the invites that nobody has used yet, or withdraw one',
    usage: `invites [--json]
       invites --withdraw ID
  --withdraw ID      nobody joins with it any more; the ID is that of the list, codes are not kept`,
    options: { withdraw: { type: 'string' }, json: { type: 'boolean' } },
    run: runInvites,
  },
  devices: {
    summary: 'list the desktops that have joined, and which of them have the team’s key',
    usage: `devices [--json]
  With who can hand out the key, who waits for it, and what to do. --json has the devices alone, times in ms.`,
    options: { json: { type: 'boolean' } },
    run: async (values, dataDir) => {
      if (values['json']) return printJson({ devices: await withExistingStore(dataDir, (store) => store.listDevices()) });
      printLines(describeDevices(await withExistingStore(dataDir, readKeyReport), systemPorts.now()));
    },
  },
  revoke: {
    summary: 'shut a device out',
    usage: `revoke DEVICE_ID [--wipe]
  --wipe             it also deletes what it holds, as soon as it connects; may be given later too`,
    options: { wipe: { type: 'boolean' } },
    argument: 'DEVICE_ID',
    run: async (values, dataDir, deviceId) => {
      const wipe = values['wipe'] === true;
      const [outcome, report] = await withExistingStore(dataDir, async (store) => [await store.revokeDevice(deviceId, { wipe, by: null }), await readKeyReport(store)] as const);
      if (outcome === 'unknown') throw new CommandError(1, `There is no device ${deviceId}. See: devices`);
      print(`Device ${deviceId} ${outcome === 'revoked' ? 'is shut out' : 'was shut out already'}${wipe ? ' and deletes what it holds when it connects' : ''}.`);
      for (const line of describeKeyToCome(report)) print(line);
    },
  },
  members: {
    summary: 'list the agents of the workspace',
    usage: 'members [--json]',
    options: { json: { type: 'boolean' } },
    run: async (values, dataDir) => {
      const [members, report] = await withExistingStore(dataDir, async (store) => [await store.listMembers(), await readKeyReport(store)] as const);
      if (values['json']) return printJson({ members });
      printLines(describeMembers(members, report));
    },
  },
  member: {
    summary: "change a member's role or name, or remove them",
    usage: `member AGENT_ID [--role admin|lead|agent] [--name N] [--remove]
  --remove           they leave: all their devices are shut out, what was assigned to them is free again`,
    options: { role: { type: 'string' }, name: { type: 'string' }, remove: { type: 'boolean' } },
    argument: 'AGENT_ID',
    run: runMember,
  },
  compact: {
    summary: 'remove old entries that a snapshot contains',
    usage: `compact
  Entries older than LOG_RETENTION_DAYS (90) go once a snapshot that a second desktop has confirmed contains them.
  The relay does this by itself while it serves.`,
    options: {},
    run: async (_values, dataDir) => {
      const { logRetentionDays } = readCommandConfig(process.env, dataDir);
      const files = createSnapshotFiles(dataDir);
      const [removed, { head, horizon }] = await withExistingStore(dataDir, async (store) => [
        await keepUp({ store, files, now: systemPorts.now, retentionMs: logRetentionDays * DAY_MS }),
        await store.readStatus(),
      ]);
      print(`${removed} entries removed. The log holds ${head - horizon} entries, from ${horizon + 1} to ${head}.`);
    },
  },
  backup: {
    summary: 'copy everything that a new server would need',
    usage: `backup --to DIR [--keep N] [--without-files] [--json]
  Makes a folder relay-DATE in DIR, also while serve runs: the database, snapshots, relay.json and the files of messages,
  with the hash of each. It is confidential, as the relay's own folder is. What was set in the environment is not in it.
  --keep N           removes the oldest backups in DIR, so that N stay
  --without-files    leaves out the files of messages: desktops that join later do not get older photos and documents`,
    options: { to: { type: 'string' }, keep: { type: 'string' }, 'without-files': { type: 'boolean' }, json: { type: 'boolean' } },
    run: runBackup,
  },
  restore: {
    summary: 'put a backup back, as a log of its own',
    usage: `restore --from DIR [--old DIR] [--json]
  DIR is a folder that backup has made. Its files are checked, and put into a folder without a workspace: stop the relay and
  move the old folder aside first. What was appended after the backup is missing in it, so the log gets an identity of its
  own; desktops notice, fetch the team's data again and send their own changes once more.
  It says what is lost all the same, and what to do next.
  --old DIR          the folder that you moved aside, if its database can still be read: names who was shut out since, and who joined`,
    options: { from: { type: 'string' }, old: { type: 'string' }, json: { type: 'boolean' } },
    run: async (values, dataDir) => {
      const from = textOf(values['from']);
      if (from === undefined) throw new CommandError(2, 'restore needs --from DIR');
      requireLogInFolder(dataDir);
      const oldDir = textOf(values['old']);
      // Before anything is put anywhere: it may be a typing error.
      const old = oldDir === undefined ? null : await readTeamOf(oldDir);
      const { logId, head, endedAt, keptSettings } = await alone(dataDir, () => restoreBackup({ from, dataDir, openStore: openFolderStore }));
      if (values['json']) return printJson({ dataDir, logId, head });
      print(
        `Restored into ${dataDir}.${keptSettings ? ' Its relay.json was left as it was.' : ''}${old === null ? ' (With --old DIR, the folder that you moved aside, this tells who was shut out since, and who joined.)' : ''}`,
      );
      const [report, team] = await withStore(dataDir, async (store) => [await readKeyReport(store), { devices: await store.listDevices(), members: await store.listMembers() }] as const);
      printLines(describeRestored({ logId, head, endedAt, report, undone: old && findUndone(old, team), now: systemPorts.now() }));
    },
  },
  restored: {
    summary: 'after a database was put back by hand: make it a log of its own',
    usage: `restored
  Run it once, before serve, when relay.db was put back without restore (which does the same). What was appended after the
  backup is missing in it, so it gets an identity of its own; desktops notice, fetch the team's data again and send their
  own changes once more.
  It says what is lost all the same, and what to do next.`,
    options: {},
    run: async (_values, dataDir) => {
      const [logId, { head }, endedAt, report] = await withExistingStore(dataDir, async (store) => {
        const status = await store.readStatus();
        const last = (await store.readAfter(status.head - 1, { entries: 1, bytes: 1 })).entries[0];
        return [await store.startNewLog(), status, last?.receivedAt, await readKeyReport(store)] as const;
      });
      printLines(describeRestored({ logId, head, endedAt, report, undone: null, now: systemPorts.now() }));
    },
  },
  doctor: {
    summary: 'look for what is wrong, from the settings to Meta',
    usage: `doctor [--offline] [--json]
  Settings, secrets, permissions, disk, database, the team's key; and, unless --offline, the clock, the public address, its
  certificate and what Meta has on file for the app. Call it with the environment that serve has.
  Exit code 1 if something has to be done before the relay can work.`,
    options: { offline: { type: 'boolean' }, json: { type: 'boolean' } },
    run: async (values, dataDir) => {
      const findings = await runDoctor({ env: process.env, dataDir, isOffline: values['offline'] === true, ports: systemPorts, openStore });
      if (values['json']) printJson({ findings });
      else
        for (const { check, status, detail, action } of findings)
          print(`${DOCTOR_MARKS[status]}  ${check.padEnd(16)}${detail}${action === undefined ? '' : `\n${' '.repeat(25)}What to do: ${action}`}`);
      if (findings.some(({ status }) => status === 'failed')) process.exitCode = 1;
    },
  },
  migrate: {
    summary: 'move the log from SQLite to PostgreSQL, or back',
    usage: `migrate --from sqlite --to postgres
       migrate --from postgres --to sqlite
  PostgreSQL is the one of RELAY_DATABASE_URL (or databaseUrl in relay.json), SQLite the data folder's.
  Stop the relays first. The copy is compared with the log before it counts; what is left behind takes no more entries.
  Files (snapshots, blobs) stay in the data folder. If it was interrupted, call it again.`,
    options: { from: { type: 'string' }, to: { type: 'string' } },
    run: runMigrate,
  },
  status: {
    summary: 'what is in the log, how it stands with the team’s key, and how many files of messages there are',
    usage: `status [--json]
  --json has numbers under names that stay as they are.`,
    options: { json: { type: 'boolean' } },
    run: async (values, dataDir) => {
      const [log, report] = await withExistingStore(dataDir, async (store) => [await store.readStatus(), await readKeyReport(store)] as const);
      const { files: blobs, bytes: blobBytes } = await createBlobFiles({ dataDir, totalMax: 0, now: systemPorts.now }).count();
      const status = { ...log, blobs, blobBytes };
      if (values['json']) return printJson(status);
      printLines(describeStatus(status, report, systemPorts.now()));
    },
  },
};

const MOVE_FAILURES = {
  moved_before: 'That log was moved before and goes on elsewhere.',
  occupied: 'The target keeps another log already. Choose an empty database or folder.',
  differs: 'What was read back from the target is not what was written, so nothing was changed. Please report this.',
} as const;

async function runMigrate(values: Values, dataDir: string): Promise<void> {
  const [from, to] = [values['from'], values['to']];
  if (!((from === 'sqlite' && to === 'postgres') || (from === 'postgres' && to === 'sqlite'))) throw new CommandError(2, 'migrate needs --from sqlite --to postgres, or the other way round');
  const { databaseUrl } = readCommandConfig(process.env, dataDir);
  if (databaseUrl === undefined) throw new CommandError(1, 'migrate needs the address of the PostgreSQL database: set RELAY_DATABASE_URL, or databaseUrl in relay.json.');
  if (from === 'sqlite' && !existsSync(path.join(dataDir, DATABASE_NAME))) throw new CommandError(1, `There is no workspace in ${dataDir}. Choose another folder with --data-dir or RELAY_DATA_DIR.`);
  const outcome = await alone(dataDir, () => moveBetween(from, databaseUrl, dataDir));
  if (outcome.status !== 'moved') throw new CommandError(1, MOVE_FAILURES[outcome.status]);
  const report = await useStore(to === 'postgres' ? await openStore(dataDir) : openFolderStore(dataDir), readKeyReport);
  printLines(describeMoved(to === 'postgres' ? 'postgres' : 'sqlite', outcome.digest, report));
}

async function moveBetween(from: 'sqlite' | 'postgres', databaseUrl: string, dataDir: string): Promise<MoveOutcome> {
  const { openPostgresLog } = await import('./log-store/postgres-tables.ts');
  const postgres = await openPostgresLog({ url: databaseUrl, newId: systemPorts.newId });
  try {
    const sqlite = openSqliteLog({ dataDir, newId: systemPorts.newId });
    try {
      return await (from === 'sqlite' ? moveLog(sqlite, postgres) : moveLog(postgres, sqlite));
    } finally {
      await sqlite.close();
    }
  } finally {
    await postgres.close();
  }
}

const DOCTOR_MARKS = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' };

async function runBackup(values: Values, dataDir: string): Promise<void> {
  const target = textOf(values['to']);
  if (target === undefined) throw new CommandError(2, 'backup needs --to DIR');
  const keep = textOf(values['keep']);
  if (keep !== undefined && !/^[1-9]\d{0,4}$/.test(keep)) throw new CommandError(2, '--keep must be a whole number from 1');
  requireLogInFolder(dataDir);
  requireWorkspace(dataDir);
  const { folder, manifest, removed } = await makeBackup({
    dataDir,
    target,
    keep: keep === undefined ? undefined : Number(keep),
    hasBlobs: values['without-files'] !== true,
    now: systemPorts.now,
    openStore: openFolderStore,
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  if (values['json']) return printJson({ folder, logId: manifest.logId, head: manifest.head, files: manifest.files.length, bytes, removed });
  print(`${folder}: ${manifest.files.length} files, ${bytes} bytes, the log up to entry ${manifest.head}.`);
  for (const name of removed) print(`Removed ${name}.`);
}

async function runInvite(values: Values, dataDir: string): Promise<void> {
  const role = roleSchema.safeParse(values['role']);
  const agentId = textOf(values['agent']);
  if (!role.success && agentId === undefined) throw new CommandError(2, 'invite needs --role admin, --role lead or --role agent');
  if (agentId !== undefined && (values['role'] ?? values['name']) !== undefined) throw new CommandError(2, '--agent goes without --role and --name: they stay as they are. See: member');
  const name = readName(values);
  const days = Number(textOf(values['expires-days']) ?? 7);
  if (!(days > 0 && days <= EXPIRES_DAYS_MAX)) throw new CommandError(2, `--expires-days must be a number of days, at most ${EXPIRES_DAYS_MAX}`);
  if (!hasDatabase(dataDir)) readConfig(process.env, dataDir); // a workspace is made only where its secrets are known

  const { publicUrl } = readCommandConfig(process.env, dataDir);
  const code = makeInviteCode(systemPorts);
  const expiresAt = systemPorts.now() + days * DAY_MS;
  const [report, members] = await withStore(dataDir, async (store) => {
    const outcome = await store.addInvite({
      codeHash: hashInviteCode(code),
      role: role.data ?? 'agent',
      agentName: name ?? null,
      agentId: agentId ?? null,
      expiresAt: Math.trunc(expiresAt),
    });
    if (outcome === 'agent_unknown') throw new CommandError(1, `There is no member ${agentId}. See: members`);
    return [await readKeyReport(store), await store.listMembers()] as const;
  });
  const link = publicUrl && makeJoinLink(publicUrl, code);
  if (values['json']) return printJson({ invite: code, ...(link && { link }) });
  if (link) print(link);
  print(code);
  const isAdmin = (role.data ?? members.find(({ id }) => id === agentId)?.role) === 'admin';
  printLines(describeInvite({ expiresAt, isLink: link !== undefined, isAdmin, report, now: systemPorts.now() }));
}

async function runInvites(values: Values, dataDir: string): Promise<void> {
  const id = textOf(values['withdraw']);
  if (values['withdraw'] !== undefined && id === undefined) throw new CommandError(2, '--withdraw needs the ID of an invite. See: invites');
  if (id !== undefined) {
    const outcome = await withExistingStore(dataDir, (store) => store.withdrawInvite(id));
    if (outcome === 'not_found') throw new CommandError(1, `There is no open invite ${id}. See: invites`);
    return print(`Invite ${id} is withdrawn.`);
  }
  const invites = await withExistingStore(dataDir, (store) => store.listInvites());
  if (values['json']) return printJson({ invites });
  printLines(describeInvites(invites, systemPorts.now()));
}

async function runMember(values: Values, dataDir: string, agentId: string): Promise<void> {
  const role = values['role'] === undefined ? undefined : roleSchema.safeParse(values['role']);
  if (role?.success === false) throw new CommandError(2, 'There are the roles admin, lead and agent');
  const name = readName(values);
  const isRemoved = values['remove'] === true;
  if (!role && name === undefined && !isRemoved) throw new CommandError(2, 'member needs --role, --name or --remove');
  const [outcome, report] = await withExistingStore(
    dataDir,
    async (store) => [await store.changeMember({ agentId, by: null, role: role?.data, name, isRemoved }), await readKeyReport(store)] as const,
  );
  if (outcome === 'last_admin') throw new CommandError(1, 'This is the last admin. Make somebody else admin first: member AGENT_ID --role admin');
  if (outcome !== 'done') throw new CommandError(1, `There is no member ${agentId}. See: members`);
  print(isRemoved ? `${agentId} has left; all their devices are shut out.` : `${agentId} is changed.`);
  if (isRemoved) for (const line of describeKeyToCome(report)) print(line);
}

function readName(values: Values): string | undefined {
  const name = textOf(values['name']);
  if (name !== undefined && name.length > NAME_MAX) throw new CommandError(2, `--name may have at most ${NAME_MAX} characters`);
  return name;
}

/** The first line of stdin. @throws CommandError if it is empty. */
async function readSecretLine(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('App secret: ');
  const lines = createInterface({ input: process.stdin });
  const first = await new Promise<string>((resolve) => lines.once('line', resolve).once('close', () => resolve('')));
  lines.close();
  process.stdin.destroy(); // an input that stays open would keep us alive
  if (first.trim() !== '') return first.trim();
  throw new CommandError(2, '--app-secret - needs the secret as the first line of stdin');
}

const hasDatabase = (dataDir: string): boolean => readCommandConfig(process.env, dataDir).databaseUrl !== undefined || existsSync(path.join(dataDir, DATABASE_NAME));

/** The one in the folder, wherever the log is kept now. */
const openFolderStore = (dataDir: string): LogStore => openSqliteStore({ dataDir, now: systemPorts.now, newId: systemPorts.newId });

/** The one that the settings name. */
const openStore = (dataDir: string): Promise<LogStore> =>
  openLogStore({ dataDir, databaseUrl: readCommandConfig(process.env, dataDir).databaseUrl }, { now: systemPorts.now, newId: systemPorts.newId, log: () => {} });

/** `backup` and `restore` copy the folder's database. */
function requireLogInFolder(dataDir: string): void {
  if (readCommandConfig(process.env, dataDir).databaseUrl === undefined) return;
  throw new CommandError(
    1,
    'The log is in PostgreSQL (RELAY_DATABASE_URL): back it up and restore it with PostgreSQL’s own tools, and the folders snapshots and blobs after it. See docs/operate-relay.md.',
  );
}

function requireWorkspace(dataDir: string): void {
  if (!hasDatabase(dataDir)) throw new CommandError(1, `There is no workspace in ${dataDir}. Run init, or choose another folder with --data-dir or RELAY_DATA_DIR.`);
}

/** While no relay serves the folder. */
async function alone<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = acquireServeLock(dataDir);
  if (!lock) throw new CommandError(1, `Another relay serves ${dataDir} already. End that one first, or give this one a folder of its own with --data-dir.`);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

const withStore = async <T>(dataDir: string, use: (store: LogStore) => Promise<T>): Promise<T> => useStore(await openStore(dataDir), use);

async function useStore<T>(store: LogStore, use: (store: LogStore) => Promise<T>): Promise<T> {
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function withExistingStore<T>(dataDir: string, use: (store: LogStore) => Promise<T>): Promise<T> {
  requireWorkspace(dataDir);
  return withStore(dataDir, use);
}

const HELP = `The relay keeps the team's log: it takes Meta's webhooks and brings them to every desktop.

Usage: npm run relay -- COMMAND [--data-dir DIR]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`)
  .join('\n')}

COMMAND --help says more. DIR is RELAY_DATA_DIR if not given, else .bandeja-relay in your home folder.`;

async function runCommand(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return print(HELP);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new CommandError(2, `There is no command ${name}.\n\n${HELP}`);

  const { values, positionals } = parseCommand(command, rest);
  if (values['help']) return print(`Usage: npm run relay -- ${command.usage}\n  --data-dir DIR     the workspace's folder`);
  if (positionals.length !== (command.argument ? 1 : 0)) {
    throw new CommandError(2, command.argument ? `${name} needs exactly one ${command.argument}` : `${name} takes no ${positionals[0]}`);
  }
  await command.run(values, resolveDataDir(process.env, textOf(values['data-dir'])), positionals[0] ?? '');
}

function parseCommand({ options, usage }: Command, args: string[]): { values: Values; positionals: string[] } {
  try {
    const parsed = parseArgs({ args, options: { ...options, 'data-dir': { type: 'string' }, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('. '); // the rest is advice for programmers
    throw new CommandError(2, `${problem}\nUsage: npm run relay -- ${usage}`);
  }
}

/** A sentence for the person at the terminal; a stack only for what is a bug. */
function describeFailure(error: unknown): string {
  if ([CommandError, BackupError, DatabaseFromFutureError, NodeTooOldError].some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof ConfigError) return `The relay cannot start:\n${error.problems.map((problem) => `  - ${problem}`).join('\n')}`;
  if (error instanceof Error && ['PostgresError', 'LogMovedError'].includes(error.name)) return error.message;
  const { code, syscall, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program, or the relay runs already. End that one, or choose another port with RELAY_PORT (0 takes a free one).`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'RELAY_HOST is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of its addresses.';
  if (syscall !== undefined || String(code).startsWith('SQLITE_')) return `The workspace's folder or database cannot be used: ${message}`;
  return error instanceof Error && error.stack ? error.stack : errorText(error);
}

if (import.meta.main) {
  process.umask(0o077); // customers' messages are for the owner of the folder only
  // Who reads us may have read enough (`| head`); the command goes on to its end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`The output cannot be written: ${error.message}\n`);
    process.exitCode = 1;
  });
  process.stderr.on('error', () => {});
  try {
    requireNode();
    await runCommand(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
}
