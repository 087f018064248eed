import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, readCommandConfig, readConfig, readConfigFile, resolveDataDir, writeConfigFile, type Env } from '../../../webhook-relay/config.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'relay-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const SECRETS: Env = { META_APP_SECRET: 'env-secret', META_VERIFY_TOKEN: 'env-token' };

function problemsOf(env: Env): string[] {
  try {
    readConfig(env, dir);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('an empty folder and the two secrets are enough', () => {
  expect(readConfig(SECRETS, dir)).toEqual({
    host: '127.0.0.1',
    port: 8484,
    dataDir: dir,
    appSecret: 'env-secret',
    verifyToken: 'env-token',
    logRetentionDays: 90,
    snapshotEvery: 10_000,
    mediaStoreGb: 20,
    mediaRetentionDays: 0,
    metricsHost: '127.0.0.1',
    graphBaseUrl: 'https://graph.facebook.com',
  });
});

test('the environment comes before the file, setting by setting', () => {
  writeConfigFile(dir, { appSecret: 'file-secret', verifyToken: 'file-token' });
  expect(readConfig({}, dir)).toMatchObject({ appSecret: 'file-secret', verifyToken: 'file-token' });
  expect(readConfig({ META_APP_SECRET: 'env-secret', RELAY_PORT: '0', RELAY_HOST: '0.0.0.0' }, dir)).toMatchObject({ appSecret: 'env-secret', verifyToken: 'file-token', port: 0, host: '0.0.0.0' });
});

test('secrets may come from files, without the line break at their end', () => {
  const file = path.join(dir, 'secret');
  writeFileSync(file, 'from-file\n');
  expect(readConfig({ META_APP_SECRET_FILE: file, META_VERIFY_TOKEN_FILE: file }, dir)).toMatchObject({ appSecret: 'from-file', verifyToken: 'from-file' });
  expect(readConfig({ ...SECRETS, META_APP_SECRET_FILE: file }, dir)).toMatchObject({ appSecret: 'env-secret' });
});

test('the address of the database comes from the environment, a file or relay.json, also for commands', () => {
  const [url, other] = ['postgres://bandeja:pass%20word@db.example.com:5433/bandeja?sslmode=verify-full', 'postgresql://localhost/b'];
  const file = path.join(dir, 'database-url');
  writeFileSync(file, `${url}\n`);
  expect(readConfig(SECRETS, dir).databaseUrl).toBeUndefined();
  expect(readConfig({ ...SECRETS, RELAY_DATABASE_URL_FILE: file }, dir).databaseUrl).toBe(url);
  writeConfigFile(dir, { databaseUrl: other });
  expect(readCommandConfig({}, dir).databaseUrl).toBe(other);
  expect(readCommandConfig({ RELAY_DATABASE_URL: url }, dir).databaseUrl).toBe(url);
});

test.each(['mysql://u:hunter2@h/d', 'u:hunter2@h/d', 'postgres://u:hunter2@h', 'postgres:///hunter2', 'postgres://u:hunter2@h:port/d'])(
  '%s is no address of a database, and is not repeated',
  (url) => {
    const problems = problemsOf({ ...SECRETS, RELAY_DATABASE_URL: url });
    expect(problems).toEqual([expect.stringMatching(/^RELAY_DATABASE_URL must be the address of a PostgreSQL database/)]);
    expect(problems.join()).not.toContain('hunter2');
  },
);

test('every problem is named at once, with its setting and what to do', () => {
  const problems = problemsOf({ RELAY_PORT: '80a', RELAY_HOST: '', META_APP_SECRET_FILE: path.join(dir, 'nowhere') });
  expect(problems.join('\n')).toMatch(/META_APP_SECRET_FILE.*no such file/);
  expect(problems.join('\n')).toMatch(/RELAY_PORT must be a whole number/);
  expect(problems.join('\n')).toMatch(/RELAY_HOST is empty/);
  expect(problems.join('\n')).toMatch(/verify token is missing\. Set META_VERIFY_TOKEN/);
});

test.each(['65536', '-1', '1.5', ' ', 'x', '123456'])('port %s is refused', (RELAY_PORT) => {
  expect(problemsOf({ ...SECRETS, RELAY_PORT })).toEqual([expect.stringMatching(/^RELAY_PORT/)]);
});

test.each(['', ' ', '\n\t'])('an empty secret (%j) does not become a key that everybody has: it is missing', (META_APP_SECRET) => {
  expect(problemsOf({ ...SECRETS, META_APP_SECRET })).toEqual([expect.stringMatching(/app secret is missing/)]);
  writeConfigFile(dir, { appSecret: 'file-secret' });
  expect(readConfig({ ...SECRETS, META_APP_SECRET }, dir)).toMatchObject({ appSecret: 'file-secret' });
  writeFileSync(path.join(dir, 'relay.json'), JSON.stringify({ appSecret: META_APP_SECRET }));
  expect(problemsOf({ META_VERIFY_TOKEN: 'x' })[0]).toMatch(/relay\.json: appSecret/);
});

test('the line break that a shell leaves at the end of a secret is no part of it', () => {
  expect(readConfig({ META_APP_SECRET: 'env-secret\n', META_VERIFY_TOKEN: ' env-token ' }, dir)).toMatchObject({ appSecret: 'env-secret', verifyToken: 'env-token' });
});

test('a damaged file is named, and its content is not shown', () => {
  writeFileSync(path.join(dir, 'relay.json'), '{"appSecret":"sesame"');
  expect(problemsOf({})[0]).toMatch(/relay\.json is not valid JSON/);
  writeFileSync(path.join(dir, 'relay.json'), '{"appSecret":"sesame","verifyTokn":"x"}');
  const problems = problemsOf(SECRETS).join('\n');
  expect(problems).toMatch(/verifyTokn/);
  expect(problems).not.toMatch(/sesame/);
});

test('the file is for its owner only, also after a rewrite of one that was open to all', () => {
  const file = writeConfigFile(dir, { verifyToken: 'a' });
  chmodSync(file, 0o644);
  writeConfigFile(dir, { verifyToken: 'b' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readConfigFile(dir)).toEqual({ verifyToken: 'b' });
});

test('the address for invites is kept without its slash; one that desktops would refuse is named', () => {
  expect(readConfig({ ...SECRETS, PUBLIC_URL: ' https://Relay.example.com/ ' }, dir)).toMatchObject({ publicUrl: 'https://relay.example.com' });
  expect(readConfig({ ...SECRETS, PUBLIC_URL: 'http://127.0.0.1:8484', LOG_RETENTION_DAYS: '30' }, dir)).toMatchObject({ publicUrl: 'http://127.0.0.1:8484', logRetentionDays: 30 });
  for (const PUBLIC_URL of ['relay.example.com', 'http://relay.example.com', 'https://a/b', 'https://a/?x', 'https://u:p@a', 'javascript:alert(1)']) {
    expect(problemsOf({ ...SECRETS, PUBLIC_URL })).toEqual([expect.stringMatching(/^PUBLIC_URL must be/)]);
  }
  for (const LOG_RETENTION_DAYS of ['0', '-1', '1.5', 'ninety', '99999']) expect(problemsOf({ ...SECRETS, LOG_RETENTION_DAYS })).toEqual([expect.stringMatching(/^LOG_RETENTION_DAYS/)]);
  for (const MEDIA_STORE_GB of ['0', 'x', '-1']) expect(problemsOf({ ...SECRETS, MEDIA_STORE_GB })).toEqual([expect.stringMatching(/^MEDIA_STORE_GB/)]);
  for (const MEDIA_RETENTION_DAYS of ['-1', 'x', '1.5']) expect(problemsOf({ ...SECRETS, MEDIA_RETENTION_DAYS })).toEqual([expect.stringMatching(/^MEDIA_RETENTION_DAYS/)]);
  for (const SNAPSHOT_EVERY of ['0', 'x', '1.5']) expect(problemsOf({ ...SECRETS, SNAPSHOT_EVERY })).toEqual([expect.stringMatching(/^SNAPSHOT_EVERY/)]);
  expect(readConfig({ ...SECRETS, SNAPSHOT_EVERY: '200' }, dir)).toMatchObject({ snapshotEvery: 200 });
  writeConfigFile(dir, { publicUrl: 'https://relay.example.com', logRetentionDays: 7 });
  expect(readCommandConfig({}, dir)).toEqual({ publicUrl: 'https://relay.example.com', logRetentionDays: 7 });
});

test('the app of the webhook is a number, and the Graph API is spoken to over TLS', () => {
  expect(readConfig({ ...SECRETS, META_APP_ID: ' 900000000000001 ' }, dir)).toMatchObject({ appId: '900000000000001' });
  for (const META_APP_ID of ['Bandeja', '12', '9000/..']) expect(problemsOf({ ...SECRETS, META_APP_ID })).toEqual([expect.stringMatching(/^META_APP_ID/)]);
  for (const GRAPH_BASE_URL of ['http://graph.example.com', 'graph.facebook.com']) expect(problemsOf({ ...SECRETS, GRAPH_BASE_URL })).toEqual([expect.stringMatching(/^GRAPH_BASE_URL/)]);
  writeConfigFile(dir, { appId: '123456' });
  expect(readConfig(SECRETS, dir)).toMatchObject({ appId: '123456' });
});

test('the folder does not depend on where a command is run', () => {
  expect(path.isAbsolute(resolveDataDir({}))).toBe(true);
  expect(resolveDataDir({ RELAY_DATA_DIR: '/a' })).toBe('/a');
  expect(resolveDataDir({ RELAY_DATA_DIR: '/a' }, '/b')).toBe('/b');
});

test('metrics are off unless a port is set, and beyond this machine they need a token', () => {
  expect(readConfig({ ...SECRETS, METRICS_PORT: '9484' }, dir)).toMatchObject({ metricsPort: 9484, metricsHost: '127.0.0.1' });
  expect(problemsOf({ ...SECRETS, METRICS_PORT: 'x' })).toEqual([expect.stringMatching(/^METRICS_PORT/)]);
  for (const METRICS_TOKEN of [undefined, 'short']) expect(problemsOf({ ...SECRETS, METRICS_PORT: '9484', METRICS_HOST: '0.0.0.0', METRICS_TOKEN })).toEqual([expect.stringMatching(/METRICS_TOKEN/)]);
  const file = path.join(dir, 'token');
  writeFileSync(file, 'a-token-from-a-file\n');
  expect(readConfig({ ...SECRETS, METRICS_PORT: '9484', METRICS_HOST: '0.0.0.0', METRICS_TOKEN_FILE: file }, dir)).toMatchObject({ metricsToken: 'a-token-from-a-file' });
});

test.each([
  ['0', 0],
  ['2', 2],
  ['', undefined],
])('TRUSTED_PROXY_HOPS %j is %j', (TRUSTED_PROXY_HOPS, hops) => {
  expect(readConfig({ ...SECRETS, TRUSTED_PROXY_HOPS }, dir).trustedProxyHops).toBe(hops);
});

test.each(['-1', '1.5', '11', 'all'])('TRUSTED_PROXY_HOPS %j is refused', (TRUSTED_PROXY_HOPS) => {
  expect(problemsOf({ ...SECRETS, TRUSTED_PROXY_HOPS })).toEqual([expect.stringMatching(/^TRUSTED_PROXY_HOPS/)]);
});
