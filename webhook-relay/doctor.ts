/**
 * Looks for what keeps the relay from working, from its settings to Meta. Invariants: nothing is changed but a file of a
 * moment in the data folder; no secret is in a finding, and each leaves only for where it belongs: the app secret for the Graph API.
 */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';
import { errorText } from '../contract/log.ts';
import { SYNC_PATH, WEBHOOK_PATH } from '../contract/wire.ts';
import { readAppSubscription } from './app-subscription.ts';
import { readFreeBytes } from './blob-files.ts';
import { ConfigError, readConfig, type Env, type RelayConfig } from './config.ts';
import { adviseOnKey, readKeyReport } from './key-report.ts';
import type { LogStore } from './log-store/interface.ts';
import { LogMovedError } from './log-store/log-moved.ts';
import { DatabaseFromFutureError } from './log-store/migrations.ts';
import { DATABASE_NAME } from './log-store/sqlite.ts';
import { HEALTH_PATH } from './routes.ts';
import { isSameSecret } from './signature.ts';
import type { RelayPorts } from './system-ports.ts';
import { describeCount, describeTime } from './terminal-text.ts';

/** `failed`: the relay cannot work so. `warning`: it works, but something should be done. `action`: what. */
export type Finding = { check: string; status: 'ok' | 'warning' | 'failed'; detail: string; action?: string };

type Deps = { env: Env; dataDir: string; /** Asks nobody else. */ isOffline: boolean; ports: Pick<RelayPorts, 'now' | 'fetch'>; openStore: (dataDir: string) => Promise<LogStore> };

const ASK_WITHIN_MS = 5_000;
const TOKEN_LENGTH_MIN = 16;
const DISTINCT_CHARACTERS_MIN = 8;
const FREE_BYTES_MIN = 256 * 1024 * 1024;
const FREE_BYTES_GOOD = 2e9;
const SKEW_GOOD_MS = 5_000;
const SKEW_MAX_MS = 60_000;
const CERTIFICATE_DAYS_MIN = 14;
const DAY_MS = 24 * 60 * 60 * 1000;
const SECRET_FILES = ['META_APP_SECRET_FILE', 'META_VERIFY_TOKEN_FILE', 'METRICS_TOKEN_FILE', 'RELAY_DATABASE_URL_FILE'];
/** Of the data folder. */
const PRIVATE_FILES = ['relay.json', DATABASE_NAME, `${DATABASE_NAME}-wal`, 'snapshots', 'blobs'];

const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });
const warning = (check: string, detail: string, action: string): Finding => ({ check, status: 'warning', detail, action });
const failed = (check: string, detail: string, action: string): Finding => ({ check, status: 'failed', detail, action });

export async function runDoctor({ env, dataDir, isOffline, ports, openStore }: Deps): Promise<Finding[]> {
  let config: RelayConfig | undefined;
  const findings: Finding[] = [];
  try {
    config = readConfig(env, dataDir);
    findings.push(ok('settings', `The settings are complete; the data is in ${dataDir}.`));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    findings.push(...error.problems.map((problem) => failed('settings', 'A setting is missing or wrong, so the relay does not start.', problem)));
  }
  if (config) findings.push(...judgeSecrets(config));
  findings.push(...(await judgePermissions(dataDir, env)), ...(await judgeDisk(dataDir)), ...(await judgeDatabase(dataDir, config?.databaseUrl !== undefined, openStore, ports.now())));
  if (isOffline || !config) return findings;
  const asked = await Promise.all([judgeClock(config, ports), judgeAddress(config, ports), judgeApp(config, ports)]);
  return [...findings, ...asked.flat()];
}

function judgeSecrets({ appSecret, verifyToken, metricsToken }: RelayConfig): Finding[] {
  const findings: Finding[] = [];
  if (!/^[0-9a-f]{32}$/.test(appSecret))
    findings.push(
      warning(
        'app secret',
        'The app secret does not look like one of Meta’s (32 digits and letters a to f).',
        'Compare it with App settings → Basic → App secret, and run `init --app-secret -` again.',
      ),
    );
  const weak = (token: string): boolean => token.length < TOKEN_LENGTH_MIN || new Set(token).size < DISTINCT_CHARACTERS_MIN;
  if (weak(verifyToken))
    findings.push(warning('verify token', 'The verify token is easily guessed.', 'Delete it from relay.json or the environment and run `init`, which makes one; then type it in at Meta.'));
  if (isSameSecret(verifyToken, appSecret))
    findings.push(failed('verify token', 'The verify token is the app secret, which must be known to nobody.', 'Use another word, and renew the app secret at Meta: it was typed into a form.'));
  if (metricsToken !== undefined && weak(metricsToken)) findings.push(warning('metrics token', 'The metrics token is easily guessed.', 'Make one with `openssl rand -base64 24`.'));
  return findings.length > 0 ? findings : [ok('secrets', 'The secrets have the right form and are not easily guessed.')];
}

async function judgePermissions(dataDir: string, env: Env): Promise<Finding[]> {
  if (process.getuid === undefined) return [];
  const findings: Finding[] = [];
  const uid = process.getuid();
  if (uid === 0)
    findings.push(
      warning('user', 'This command runs as root.', 'Let serve, and every command, run as a user of its own, as in docs/deploy.md; what root makes in the data folder that user cannot read.'),
    );
  for (const file of [dataDir, ...PRIVATE_FILES.map((name) => path.join(dataDir, name))]) {
    const found = await stat(file).catch(() => null);
    if (!found) continue;
    if ((found.mode & 0o077) !== 0) findings.push(failed('permissions', `Other users of this machine can look into ${file}.`, `chmod ${found.isDirectory() ? '700' : '600'} ${file}`));
    if (found.uid !== uid && uid !== 0) findings.push(failed('permissions', `${file} belongs to another user.`, `Run this command as that user, or: chown -R ${uid} ${dataDir}`));
  }
  for (const name of SECRET_FILES) {
    const file = env[name];
    const found = file ? await stat(file).catch(() => null) : null;
    // Docker mounts its secrets readable inside the container, in which nobody else is.
    if (file && found && (found.mode & 0o007) !== 0 && !file.startsWith('/run/secrets/'))
      findings.push(warning('permissions', `Everybody on this machine can read ${file}, which holds a secret.`, `chmod o= ${file}`));
  }
  return findings.some(({ check }) => check === 'permissions') ? findings : [...findings, ok('permissions', 'Nobody else on this machine can read the data or the secrets.')];
}

async function judgeDisk(dataDir: string): Promise<Finding[]> {
  const probe = path.join(dataDir, `.doctor-${process.pid}`);
  try {
    await writeFile(probe, 'x', { flag: 'wx', mode: 0o600 });
    const isWritten = (await readFile(probe, 'utf8')) === 'x';
    await rm(probe);
    if (!isWritten) return [failed('disk', 'The disk does not give back what was written to it.', 'Look at the disk’s health.')];
    const free = await readFreeBytes(dataDir);
    const detail = `${(free / 1e9).toFixed(1)} GB are free.`;
    if (free < FREE_BYTES_MIN) return [failed('disk', detail, 'Make room: files of messages are refused already, and webhooks follow.')];
    if (free < FREE_BYTES_GOOD) return [warning('disk', detail, 'Make room, lower MEDIA_STORE_GB or set MEDIA_RETENTION_DAYS.')];
    return [ok('disk', detail)];
  } catch (error) {
    return [failed('disk', `${dataDir} cannot be written to (${codeOf(error)}).`, 'Make the folder with `init`, or mount it writable for this user.')];
  }
}

async function judgeDatabase(dataDir: string, isPostgres: boolean, openStore: Deps['openStore'], now: number): Promise<Finding[]> {
  if (!isPostgres && !(await stat(path.join(dataDir, DATABASE_NAME)).catch(() => null))) return [failed('database', 'There is no database yet.', 'Run `init`, and `invite --role admin`.')];
  try {
    const store = await openStore(dataDir);
    try {
      const { head, devices } = await store.readStatus();
      const what = `The log has ${describeCount(head, 'entry', 'entries')}`;
      if (devices === 0) return [warning('database', `${what}, but no desktop may connect.`, await adviseToInvite(store, now)), ...(await judgeKey(store, now))];
      return [ok('database', `${what}, and ${describeCount(devices, 'desktop')} may connect.`), ...(await judgeKey(store, now))];
    } finally {
      await store.close();
    }
  } catch (error) {
    // These say themselves what to do, and the data is whole: a backup put back would lose some of it.
    if (error instanceof DatabaseFromFutureError || error instanceof LogMovedError) return [{ check: 'database', status: 'failed', detail: error.message }];
    return [failed('database', `The database cannot be used: ${errorText(error)}`, isPostgres ? 'Start PostgreSQL, or correct RELAY_DATABASE_URL.' : 'Put the newest backup back: `restore --help`.')];
  }
}

/** An open invite for an admin is as good as a new one, for whoever still has its code. */
async function adviseToInvite(store: LogStore, now: number): Promise<string> {
  const last = (await store.listInvites()).filter(({ role }) => role === 'admin').toSorted((a, b) => b.expiresAt - a.expiresAt)[0];
  if (!last) return 'Make an invite: `invite --role admin`.';
  return `An admin’s invite is open, and expires ${describeTime(last.expiresAt, now)}: join with it. If its code is lost, make another: \`invite --role admin\`.`;
}

const judgeKey = async (store: LogStore, now: number): Promise<Finding[]> => adviseOnKey(await readKeyReport(store), now).map((advice) => ({ check: 'team’s key', ...advice }));

async function judgeClock({ graphBaseUrl }: RelayConfig, { now, fetch }: Deps['ports']): Promise<Finding> {
  try {
    const before = now();
    const response = await fetch(graphBaseUrl, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ASK_WITHIN_MS) });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return warning('clock', 'Meta did not say what time it is.', 'Try again later.');
    // Their header has whole seconds, cut off.
    const skew = Math.round((before + now()) / 2 - (theirs + 500));
    const detail = `This machine’s clock is ${Math.abs(skew / 1000).toFixed(1)} s ${skew < 0 ? 'behind' : 'ahead of'} Meta’s.`;
    const action = 'Switch on time synchronisation (`timedatectl set-ntp true`).';
    if (Math.abs(skew) > SKEW_MAX_MS) return failed('clock', detail, action);
    return Math.abs(skew) > SKEW_GOOD_MS ? warning('clock', detail, action) : ok('clock', detail);
  } catch (error) {
    return warning('clock', `Meta cannot be reached to compare the clock (${codeOf(error)}).`, 'Let this machine reach graph.facebook.com by https, or check the clock by hand.');
  }
}

async function judgeAddress({ publicUrl }: RelayConfig, { now, fetch }: Deps['ports']): Promise<Finding[]> {
  const check = 'public address';
  if (publicUrl === undefined)
    return [warning(check, 'PUBLIC_URL is not set.', 'Set it to the https address at which desktops reach the relay: invites become links, and this command can try the way through.')];
  const elsewhere =
    'Is serve running, does the name lead to this machine, and does the proxy pass everything on? Some routers do not let a machine reach itself by its public name; then try from elsewhere.';
  try {
    const response = await fetch(`${publicUrl}${HEALTH_PATH}`, { redirect: 'manual', signal: AbortSignal.timeout(ASK_WITHIN_MS) });
    const answer = ((await response.json().catch(() => null)) ?? {}) as { ok?: unknown; logId?: unknown };
    if (response.status !== 200 || answer.ok !== true) return [failed(check, `${publicUrl} answers ${response.status}, not as a relay.`, elsewhere)];
    // Only who comes through no proxy is told so much.
    const isBare = answer.logId !== undefined && publicUrl.startsWith('https:');
    const findings = [
      isBare
        ? failed(check, 'The proxy does not set X-Forwarded-For.', 'Let it do so (docs/operate-relay.md): strangers are taken for programs on this machine.')
        : ok(check, `${publicUrl} can be reached from this machine and leads to a relay.`),
    ];
    const upgrade = await tryUpgrade(publicUrl);
    findings.push(
      upgrade === 401
        ? ok('WebSockets', 'Desktops’ connections (WebSockets) pass the proxy.')
        : failed(
            'WebSockets',
            `Desktops’ connections (WebSockets) do not pass: ${upgrade}.`,
            'Let the proxy pass on the headers Upgrade and Connection (docs/operate-relay.md); without them no desktop connects.',
          ),
    );
    if (publicUrl.startsWith('https:')) findings.push(await judgeCertificate(publicUrl, now()));
    return findings;
  } catch (error) {
    return [failed(check, `${publicUrl} cannot be reached (${codeOf(error)}).`, elsewhere)];
  }
}

/** Status of the answer to a desktop without a token. */
function tryUpgrade(publicUrl: string): Promise<number | string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${publicUrl.replace(/^http/, 'ws')}${SYNC_PATH}`, { handshakeTimeout: ASK_WITHIN_MS, followRedirects: false });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve('something else than the relay answers');
      socket.terminate();
    });
    socket.on('error', (error) => resolve(codeOf(error)));
  });
}

function judgeCertificate(publicUrl: string, now: number): Promise<Finding> {
  const { hostname, port } = new URL(publicUrl);
  return new Promise((resolve) => {
    const socket = connectTls({ host: hostname, port: Number(port || 443), servername: hostname, timeout: ASK_WITHIN_MS }, () => {
      const days = Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - now) / DAY_MS);
      resolve(
        days < CERTIFICATE_DAYS_MIN
          ? warning('certificate', `The certificate ends in ${days} days.`, 'See that it is renewed: Meta and desktops refuse an old one.')
          : ok('certificate', `The certificate is good for ${days} days.`),
      );
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy(new Error('no answer')));
    socket.on('error', (error) =>
      resolve(failed('certificate', `The certificate is not trusted (${codeOf(error)}).`, 'Meta and desktops need one that is publicly trusted; Caddy fetches it by itself.')),
    );
  });
}

async function judgeApp({ appId, appSecret, graphBaseUrl, publicUrl }: RelayConfig, { fetch }: Deps['ports']): Promise<Finding> {
  const check = 'Meta’s app';
  if (appId === undefined) return warning(check, 'Meta was not asked what it has on file.', 'Set META_APP_ID: then this command, and Bandeja’s Diagnóstico, can see what Meta has on file.');
  const { error, callbackUrl, fields, isActive } = await readAppSubscription({ appId, appSecret, graphBaseUrl, fetch });
  const configure = 'App Dashboard → WhatsApp → Configuration';
  if (error === 'no answer') return warning(check, 'Meta cannot be reached.', 'Let this machine reach graph.facebook.com by https.');
  if (error !== null) return failed(check, `Meta refuses the question (${error}).`, 'META_APP_ID and the app secret must be of the same app.');
  if (callbackUrl === null) return failed(check, 'The app has no callback URL.', `Set it: ${configure}.`);
  if (publicUrl !== undefined && callbackUrl !== `${publicUrl}${WEBHOOK_PATH}`) return failed(check, `Meta sends to ${callbackUrl}.`, `Set ${publicUrl}${WEBHOOK_PATH}: ${configure}.`);
  if (!isActive) return failed(check, 'The subscription is switched off.', `Verify and save it again: ${configure}.`);
  if (!fields.includes('messages')) return failed(check, 'The app is not subscribed to the field messages.', `Subscribe: ${configure}.`);
  return ok(check, `Meta sends here: ${fields.join(', ')}.`);
}

/** Never the error's whole text: of a request it can hold the address with what was asked. */
function codeOf(error: unknown): string {
  const { cause, code, name } = error as { cause?: { code?: unknown }; code?: unknown; name?: unknown };
  return String(cause?.code ?? code ?? name ?? 'unknown error');
}
