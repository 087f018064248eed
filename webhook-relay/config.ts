/**
 * Where the relay's settings come from: the environment, then `relay.json` in the data folder. Invariants: the program
 * starts only with a complete configuration; every problem says in plain words what to do; the file is readable by its
 * owner only; no secret is ever part of a problem's text.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { isLoopback } from './client-address.ts';

export type RelayConfig = {
  host: string;
  port: number;
  dataDir: string;
  /** `postgres://…` of the database that keeps the log; without it the log is in SQLite in `dataDir`. Holds a password. */
  databaseUrl?: string | undefined;
  appSecret: string;
  verifyToken: string;
  /** Entries after which a desktop is asked for another snapshot. */
  snapshotEvery: number;
  logRetentionDays: number;
  /** Files of messages: room for all of them, GB (10^9 bytes), and how many days one is kept; 0: for ever. */
  mediaStoreGb: number;
  mediaRetentionDays: number;
  /** Where desktops reach the relay, without a slash at its end. */ publicUrl?: string | undefined;
  /** The app at Meta whose webhook this is; without it the relay cannot ask what Meta has on file. */ appId?: string | undefined;
  /** Proxies in front of the relay whose `X-Forwarded-For` is believed; undefined: those on this machine. */ trustedProxyHops?: number | undefined;
  /** Where `/metrics` is offered; undefined: nowhere. */ metricsPort?: number | undefined;
  metricsHost: string;
  metricsToken?: string | undefined;
  graphBaseUrl: string;
};
export type ConfigFile = z.infer<typeof fileSchema>;
export type Env = Record<string, string | undefined>;

const DEFAULT_SNAPSHOT_EVERY = 10_000;
const DEFAULT_RETENTION_DAYS = 90;
const DEFAULT_MEDIA_STORE_GB = 20;
const KEEP_FOR_EVER = 0;
const LOOPBACK = '127.0.0.1';
const DEFAULT_GRAPH_BASE_URL = 'https://graph.facebook.com';
const FILE_NAME = 'relay.json';
const APP_SECRET_HELP = 'Set META_APP_SECRET, or META_APP_SECRET_FILE, or run `init --app-secret …` once. It is in the Meta App Dashboard under App settings → Basic → App secret.';
const VERIFY_TOKEN_HELP =
  'Set META_VERIFY_TOKEN, or META_VERIFY_TOKEN_FILE, or run `init` once, which makes one. It is the word you also type into the Meta App Dashboard under WhatsApp → Configuration → Verify token.';
const PORT_HELP = 'RELAY_PORT must be a whole number from 0 to 65535 (0 takes a free port), for example 8484.';

const RETENTION_HELP = 'LOG_RETENTION_DAYS must be a whole number of days from 1 to 3650, for example 90.';
const PUBLIC_URL_HELP = 'PUBLIC_URL must be the https address at which desktops reach the relay, without path, for example https://relay.example.com.';

const MEDIA_STORE_HELP = 'MEDIA_STORE_GB must be a number of gigabytes from 0.001 to 1000000, for example 20.';
const MEDIA_RETENTION_HELP = 'MEDIA_RETENTION_DAYS must be a whole number of days from 1 to 36500, or 0 to keep files for ever.';

const APP_ID_HELP = 'META_APP_ID must be the number that the Meta App Dashboard shows as App ID, at its top.';
const GRAPH_BASE_URL_HELP = 'GRAPH_BASE_URL must begin with https:// (http:// only on this machine); leave it out for Meta itself.';
const SNAPSHOT_EVERY_HELP = 'SNAPSHOT_EVERY must be a whole number of log entries from 1 to 1000000000, for example 10000.';

const METRICS_PORT_HELP = 'METRICS_PORT must be a whole number from 0 to 65535 (0 takes a free port), for example 9484. Leave it out if nobody reads the metrics.';
const METRICS_TOKEN_HELP = 'METRICS_HOST is not this machine itself, so the metrics need a token of at least 16 characters: set METRICS_TOKEN or METRICS_TOKEN_FILE, and give it to Prometheus.';
const METRICS_TOKEN_MIN = 16;

const TRUSTED_PROXY_HOPS_HELP = 'TRUSTED_PROXY_HOPS must be a whole number from 0 to 10: how many proxies stand in front of the relay. Leave it out if they all run on this machine.';

const DATABASE_URL_HELP =
  'RELAY_DATABASE_URL must be the address of a PostgreSQL database, for example postgres://bandeja:PASSWORD@db.example.com/bandeja?sslmode=verify-full. Leave it out to keep the log in the data folder.';

const secret = z.string().trim().min(1);
const fileSchema = z.strictObject({
  appSecret: secret.optional(),
  verifyToken: secret.optional(),
  databaseUrl: secret.optional(),
  publicUrl: z.string().optional(),
  logRetentionDays: z.number().optional(),
  mediaStoreGb: z.number().optional(),
  mediaRetentionDays: z.number().optional(),
  appId: z.string().optional(),
  trustedProxyHops: z.number().optional(),
});
const logRetentionDaysSchema = z.coerce.number(RETENTION_HELP).int(RETENTION_HELP).min(1, RETENTION_HELP).max(3650, RETENTION_HELP);
const snapshotEverySchema = z.coerce.number(SNAPSHOT_EVERY_HELP).int(SNAPSHOT_EVERY_HELP).min(1, SNAPSHOT_EVERY_HELP).max(1e9, SNAPSHOT_EVERY_HELP);
const mediaStoreGbSchema = z.coerce.number(MEDIA_STORE_HELP).min(0.001, MEDIA_STORE_HELP).max(1e6, MEDIA_STORE_HELP);
const mediaRetentionDaysSchema = z.coerce.number(MEDIA_RETENTION_HELP).int(MEDIA_RETENTION_HELP).min(0, MEDIA_RETENTION_HELP).max(36_500, MEDIA_RETENTION_HELP);
const trustedProxyHopsSchema = z.coerce.number(TRUSTED_PROXY_HOPS_HELP).int(TRUSTED_PROXY_HOPS_HELP).min(0, TRUSTED_PROXY_HOPS_HELP).max(10, TRUSTED_PROXY_HOPS_HELP);
const publicUrlSchema = z
  .string()
  .refine(isPublicUrl, PUBLIC_URL_HELP)
  .transform((text) => new URL(text).origin);
const databaseUrlSchema = z.string().refine(isDatabaseUrl, DATABASE_URL_HELP);

const portSchema = (help: string) =>
  z
    .string()
    .regex(/^\d{1,5}$/, help)
    .transform(Number)
    .refine((port) => port <= 65_535, help);

const configSchema = z.object({
  host: z.string().min(1, 'RELAY_HOST is empty. Remove it, or set the address to listen on, for example 127.0.0.1.'),
  port: portSchema(PORT_HELP),
  dataDir: z.string(),
  databaseUrl: databaseUrlSchema.optional(),
  appSecret: z.string(`The app secret is missing. ${APP_SECRET_HELP}`),
  verifyToken: z.string(`The verify token is missing. ${VERIFY_TOKEN_HELP}`),
  logRetentionDays: logRetentionDaysSchema,
  snapshotEvery: snapshotEverySchema,
  mediaStoreGb: mediaStoreGbSchema,
  mediaRetentionDays: mediaRetentionDaysSchema,
  publicUrl: publicUrlSchema.optional(),
  appId: z
    .string()
    .trim()
    .regex(/^\d{5,32}$/, APP_ID_HELP)
    .optional(),
  trustedProxyHops: trustedProxyHopsSchema.optional(),
  metricsPort: portSchema(METRICS_PORT_HELP).optional(),
  metricsHost: z.string(),
  metricsToken: z.string().optional(),
  graphBaseUrl: z.string().refine(isSafeUrl, GRAPH_BASE_URL_HELP),
});

/** The settings cannot be used; `problems` are sentences for the person who starts the relay. */
export class ConfigError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The folder of the database and of `relay.json`: `--data-dir`, RELAY_DATA_DIR, or one in the home folder. */
export const resolveDataDir = (env: Env, option?: string): string => path.resolve(option || env['RELAY_DATA_DIR'] || path.join(homedir(), '.bandeja-relay'));

/** @throws ConfigError with every problem found, not only the first. */
export function readConfig(env: Env, dataDir: string): RelayConfig {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const file = attempt(() => readConfigFile(dataDir)) ?? {};
  const secrets = {
    appSecret: attempt(() => readSecret(env, 'META_APP_SECRET')) ?? file.appSecret,
    verifyToken: attempt(() => readSecret(env, 'META_VERIFY_TOKEN')) ?? file.verifyToken,
  };
  const metrics = { metricsPort: env['METRICS_PORT'] || undefined, metricsHost: env['METRICS_HOST'] || LOOPBACK, metricsToken: attempt(() => readSecret(env, 'METRICS_TOKEN')) };
  if (metrics.metricsPort !== undefined && !isLoopback(metrics.metricsHost) && (metrics.metricsToken?.length ?? 0) < METRICS_TOKEN_MIN) problems.push(METRICS_TOKEN_HELP);
  const parsed = configSchema.safeParse({
    host: env['RELAY_HOST'] ?? LOOPBACK,
    port: env['RELAY_PORT'] ?? '8484',
    dataDir,
    ...secrets,
    databaseUrl: attempt(() => readSecret(env, 'RELAY_DATABASE_URL')) ?? file.databaseUrl,
    ...readOptions(env, file),
    snapshotEvery: env['SNAPSHOT_EVERY'] || DEFAULT_SNAPSHOT_EVERY,
    mediaStoreGb: env['MEDIA_STORE_GB'] || (file.mediaStoreGb ?? DEFAULT_MEDIA_STORE_GB),
    mediaRetentionDays: env['MEDIA_RETENTION_DAYS'] || (file.mediaRetentionDays ?? KEEP_FOR_EVER),
    appId: env['META_APP_ID'] || file.appId,
    trustedProxyHops: env['TRUSTED_PROXY_HOPS'] || file.trustedProxyHops,
    ...metrics,
    graphBaseUrl: env['GRAPH_BASE_URL'] || DEFAULT_GRAPH_BASE_URL,
  });
  if (problems.length === 0 && parsed.success) return parsed.data;
  throw new ConfigError([...problems, ...(parsed.error?.issues.map(({ message }) => message) ?? [])]);
}

/** As given; checked by the schemas. */
const readOptions = (env: Env, file: ConfigFile): { logRetentionDays: unknown; publicUrl: unknown } => ({
  logRetentionDays: env['LOG_RETENTION_DAYS'] || (file.logRetentionDays ?? DEFAULT_RETENTION_DAYS),
  publicUrl: env['PUBLIC_URL'] || file.publicUrl,
});

/** What the commands need that work without the secrets of Meta. @throws ConfigError */
export function readCommandConfig(env: Env, dataDir: string): Pick<RelayConfig, 'logRetentionDays' | 'publicUrl' | 'databaseUrl'> {
  const file = readConfigFile(dataDir);
  const databaseUrl = readSecret(env, 'RELAY_DATABASE_URL') ?? file.databaseUrl;
  const parsed = configSchema.pick({ logRetentionDays: true, publicUrl: true, databaseUrl: true }).safeParse({ ...readOptions(env, file), databaseUrl });
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ message }) => message));
}

/** Settings of `relay.json`; none if there is no such file. @throws ConfigError */
export function readConfigFile(dataDir: string): ConfigFile {
  const file = path.join(dataDir, FILE_NAME);
  const text = readText(file);
  if (text === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigError([`${file} is not valid JSON. Correct it, or delete it and run \`init\` again.`]);
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${file}: ${issue.path.join('.') || 'the whole file'}: ${issue.message}. Correct it, or delete the file and run \`init\` again.`));
}

/** Replaces `relay.json` in one step. @returns its path. */
export function writeConfigFile(dataDir: string, settings: ConfigFile): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, FILE_NAME);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
  return file;
}

/** A secret from `NAME`, or from the file that `NAME_FILE` names, without the space around it; what is empty is missing. @throws ConfigError */
export function readSecret(env: Env, name: 'META_APP_SECRET' | 'META_VERIFY_TOKEN' | 'METRICS_TOKEN' | 'RELAY_DATABASE_URL'): string | undefined {
  const given = env[name]?.trim();
  const file = env[`${name}_FILE`];
  if (given) return given;
  if (!file) return undefined;
  const text = readText(file)?.trim();
  if (!text) throw new ConfigError([`${name}_FILE names ${file}, but ${text === undefined ? 'there is no such file' : 'that file is empty'}. Correct the path, or set ${name} instead.`]);
  return text;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ConfigError([`${file} cannot be read (${code ?? 'unknown error'}). Check who may read it.`]);
  }
}

/** Desktops speak plain http only to their own machine. */
function isPublicUrl(text: string): boolean {
  const url = URL.parse(text.trim());
  return url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '' && isSafeUrl(text);
}

/** The driver takes more forms; one is enough, and its parts are told apart here so that nothing of it has to be shown. */
function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'postgres:' || url.protocol === 'postgresql:') && url.hostname !== '' && url.pathname.length > 1;
}

/** https, or http to this machine itself. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text.trim());
  if (url === null) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname));
}
