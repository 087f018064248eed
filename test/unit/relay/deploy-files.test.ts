/** What a stranger copies from `webhook-relay/deploy` and `docs/deploy.md` has to fit the program. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BLOB_PART_BYTES, SNAPSHOT_PART_BYTES } from '../../../contract/wire-http.ts';
import { readConfig, resolveDataDir, type RelayConfig } from '../../../webhook-relay/config.ts';
import { KEY_BYTES_MAX } from '../../../webhook-relay/keys-api.ts';
import { HEALTH_PATH } from '../../../webhook-relay/routes.ts';

const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const ROOT = path.resolve(import.meta.dirname, '../../..');
const DEPLOY = path.join(ROOT, 'webhook-relay/deploy');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');
const texts = [...readdirSync(DEPLOY).map((name) => read('webhook-relay/deploy', name)), read('docs/deploy.md'), read('docs/operate-relay.md')].join('\n');

test('every setting that is named there is one that the relay reads', () => {
  const known = `${read('webhook-relay/config.ts')}\n${read('webhook-relay/cli.ts')}`;
  const named = new Set(texts.match(/\b(?:RELAY|META|METRICS|TRUSTED|PUBLIC|LOG_RETENTION|MEDIA|SNAPSHOT|GRAPH)_[A-Z_]+\b/g));
  named.delete('RELAY_DOMAIN'); // Caddy's
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !known.includes(name.replace(/_FILE$/, '')))).toEqual([]);
});

test('every command that is named there exists', () => {
  const cli = read('webhook-relay/cli.ts');
  const named = new Set([...texts.matchAll(/(?:relay\/relay\.js|^relay|`relay|run --rm relay) ([a-z]+)/gm)].map(([, name]) => name));
  expect(named.size).toBeGreaterThan(6);
  expect([...named].filter((name) => !new RegExp(`^  ${name}: \\{$`, 'm').test(cli))).toEqual([]);
});

test('the image does not run as root, and holds what the build makes and no more', () => {
  const dockerfile = read('webhook-relay/deploy/Dockerfile');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  expect(last).toMatch(/^USER 10001:10001$/m);
  expect(last.match(/^COPY .*$/gm)).toEqual(['COPY --from=build /app /app']);
  expect(read('vite.config.ts')).toContain("nodePrograms('out/relay', { relay: fromRoot('webhook-relay/cli.ts')");
});

const PROXIES = ['Caddyfile', 'Caddyfile.cluster'];

test.each(PROXIES)('%s lets through the largest body there is', (name) => {
  const megabytes = Number(/max_size (\d+)MB/.exec(read('webhook-relay/deploy', name))?.[1]);
  expect(megabytes * 1e6).toBeGreaterThan(Math.max(SNAPSHOT_PART_BYTES, BLOB_PART_BYTES, KEY_BYTES_MAX));
});

type Service = {
  image: string;
  user?: string;
  environment?: Record<string, string>;
  secrets?: string[];
  volumes?: string[];
  networks?: string[];
  expose?: string[];
  ports?: string[];
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
  restart: string;
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
};
type Compose = { services: Record<string, Service>; secrets: Record<string, { file: string }>; volumes: Record<string, null>; networks?: Record<string, { internal?: boolean } | null> };

const readCompose = (name: string): Compose => yaml.load(read('webhook-relay/deploy', name)) as Compose;
const COMPOSES = ['compose.yaml', 'compose.cluster.yaml'];
const relaysOf = (compose: Compose): [string, Service][] => Object.entries(compose.services).filter(([, { image }]) => image === 'bandeja-relay');

/** As Compose fills in what comes from `.env` (Compose, "Interpolation"), and as the container sees its secrets. @returns what the relay makes of it. */
function readAsRelay({ environment = {}, secrets = [] }: Service): RelayConfig {
  const folder = mkdtempSync(path.join(tmpdir(), 'deploy-files-'));
  try {
    const image = Object.fromEntries(
      [...(/^ENV (.*)$/m.exec(read('webhook-relay/deploy/Dockerfile').split('\nFROM ').at(-1) ?? '')?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
    );
    for (const secret of secrets) writeFileSync(path.join(folder, secret), secret === 'database_url' ? 'postgres://relay:word@pg1/bandeja' : `word-of-the-${secret}`);
    const fill = (text: string): string =>
      text
        .replaceAll(/\$\{RELAY_DOMAIN:\?[^}]*\}/g, 'relay.example.com')
        .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
        .replace('/run/secrets', folder);
    const env = { ...image, ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, fill(value)])) };
    return { ...readConfig(env, folder), dataDir: resolveDataDir(env) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(COMPOSES)('%s gives the relay settings that it takes, and reaches it where it listens', (name) => {
  const compose = readCompose(name);
  const relays = relaysOf(compose);
  expect(relays.length).toBe(name === 'compose.yaml' ? 1 : 3);
  const proxy = read('webhook-relay/deploy', PROXIES[COMPOSES.indexOf(name)] ?? '');
  for (const [relay, service] of relays) {
    const config = readAsRelay(service);
    expect(config).toMatchObject({ host: '0.0.0.0', publicUrl: 'https://relay.example.com', appSecret: 'word-of-the-app_secret', trustedProxyHops: 1, metricsToken: 'word-of-the-metrics_token' });
    expect(service.expose).toEqual([String(config.port), String(config.metricsPort)]);
    expect(proxy).toMatch(new RegExp(`reverse_proxy .*\\b${relay}:${config.port}\\b`));
    expect(service.volumes?.some((volume) => volume.endsWith(`:${config.dataDir}`))).toBe(true);
    expect(config.databaseUrl === undefined).toBe(name === 'compose.yaml');
    // `serve` ends by itself within 8 s.
    expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(8);
  }
  expect(proxy.match(/:8484\b/g)).toHaveLength(relays.length);
});

test.each(COMPOSES)('%s lets its parts do no more than they need, and names nothing that is not there', (name) => {
  const { services, secrets, volumes, networks = {} } = readCompose(name);
  for (const [own, service] of Object.entries(services)) {
    expect(service, own).toMatchObject({ restart: 'unless-stopped', read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(Object.keys(secrets), own).toEqual(expect.arrayContaining(service.secrets ?? []));
    expect(Object.keys(networks), own).toEqual(expect.arrayContaining(service.networks ?? []));
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':');
      if (!from.startsWith('./')) expect(Object.keys(volumes), own).toContain(from);
      else if (from !== './backups') expect(readdirSync(DEPLOY), own).toContain(path.basename(from));
    }
    // Passwords stand in files, not in the environment.
    for (const [key, value] of Object.entries(service.environment ?? {})) if (/SECRET|TOKEN|PASSWORD|DATABASE_URL/.test(key)) expect(value, `${own} ${key}`).toMatch(/^\/run\/secrets\//);
    expect(service.ports === undefined, `${own} is published`).toBe(own !== 'caddy');
  }
});

test('in a cluster all relays are alike, a proxy looks after them, and an acknowledgement means two disks whoever is the primary', () => {
  const compose = readCompose('compose.cluster.yaml');
  const [first, ...others] = relaysOf(compose).map(([, service]) => service);
  for (const other of others) expect(other).toEqual(first);
  expect(first?.healthcheck?.test.join(' ')).toContain(HEALTH_PATH);
  expect(read('webhook-relay/deploy/Caddyfile.cluster')).toContain(`health_uri ${HEALTH_PATH}\n`);

  const nodes = Object.entries(compose.services).filter(([, { image }]) => image.startsWith('postgres:'));
  expect(nodes.map(([name, { environment }]) => environment?.['NODE'] === name)).toEqual([true, true, true]);
  const names = nodes.map(([name]) => name);
  const init = read('webhook-relay/deploy/postgres-init.sh');
  expect(init).toContain(`synchronous_standby_names = 'ANY 1 (${names.join(', ')})'`);
  expect(init).toMatch(/^synchronous_commit = on$/m);
  expect(init).not.toMatch(/fsync|full_page_writes/);
  for (const [name, { user, networks, volumes }] of nodes) {
    expect(user).toMatch(/^[1-9]\d*:/);
    expect(networks).toEqual(['database']);
    expect(volumes?.[0]).toMatch(new RegExp(`^${name}:`));
  }
  expect(compose.networks?.['database']).toEqual({ internal: true });
});
