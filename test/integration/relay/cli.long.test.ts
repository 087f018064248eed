import { execFile, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { enrollResponseSchema } from '../../../contract/wire-http.ts';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { startProgram } from '../../support/program.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { hashInviteCode } from '../../../webhook-relay/invite-code.ts';
import { startUnderParent } from './under-parent.ts';
import { APP_SECRET, connectDesktop, makeFolder, makeInvite, openStore, postEnroll, postWebhook, textMessage, VERIFY_TOKEN } from './relay-harness.ts';

const CLI = 'webhook-relay/cli.ts';
const ROOT = path.resolve(import.meta.dirname, '../../..');
const SECRETS = { META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN };

/** Runs one command to its end, in an environment without any of the relay's settings but those given. */
function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(RELAY|META)_/.test(name)));
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(ROOT, CLI), ...args], { cwd: ROOT, env: { ...clean, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const serve = (dataDir: string, env: NodeJS.ProcessEnv = {}) => startProgram(CLI, ['serve', '--data-dir', dataDir], { ...SECRETS, RELAY_PORT: '0', ...env });

test('from init to a joined desktop and back out, all while serve runs in its own process', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  const init = await run(['init', ...at, '--app-secret', APP_SECRET, '--json']);
  expect(init).toMatchObject({ code: 0, stderr: '' });
  const { verifyToken, logId } = JSON.parse(init.stdout) as { verifyToken: string; logId: string };
  expect((await stat(path.join(folder.path, 'relay.json'))).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(path.join(folder.path, 'relay.json'), 'utf8'))).toEqual({ appSecret: APP_SECRET, verifyToken });

  const relay = await startProgram(CLI, ['serve'], { RELAY_DATA_DIR: folder.path, RELAY_PORT: '0' });
  expect(relay.ready).toEqual({ event: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), webhook: `${relay.ready.url}/api/whatsapp/webhook` });
  const url = relay.ready.url ?? '';
  const webhookUrl = relay.ready['webhook'] as string;
  expect(await (await fetch(`${webhookUrl}?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=7`)).text()).toBe('7');

  const invited = await run(['invite', '--role', 'lead', '--name', 'Ana', ...at, '--json']);
  expect(invited.stdout).toMatch(/^\{"invite":"[0-9A-Z-]+"\}\n$/);
  const { json } = await postEnroll(url, { invite: (JSON.parse(invited.stdout) as { invite: string }).invite, agentName: 'Somebody', deviceName: 'laptop' });
  const device = enrollResponseSchema.parse(json);
  expect(device).toMatchObject({ role: 'lead', agentName: 'Ana', logId });
  const desktop = await connectDesktop(url, device.token);
  desktop.hello();
  await desktop.next('welcome');

  expect([await postWebhook(webhookUrl, textMessage('a')), await postWebhook(webhookUrl, textMessage('a')), await postWebhook(webhookUrl, 'what')]).toEqual([200, 200, 200]);
  expect(JSON.parse((await run(['status', ...at, '--json'])).stdout)).toEqual({
    logId,
    head: 3,
    webhooks: 2,
    ops: 0,
    duplicates: 1,
    unrecognised: 1,
    devices: 1,
    horizon: 0,
    epoch: 0,
    publicKey: null,
    keyHolders: 0,
    blobs: 0,
    blobBytes: 0,
  });
  expect((await run(['devices', ...at])).stdout).toMatch(new RegExp(`^Ana +lead +laptop +no key yet +just now, .* ${device.deviceId}$`, 'm'));

  expect(await run(['revoke', device.deviceId, ...at]), 'of a key that is not there nothing is said').toMatchObject({ code: 0, stdout: `Device ${device.deviceId} is shut out.\n` });
  expect((await desktop.next('refused')).refusal.code).toBe('revoked');
  expect(await desktop.closed).toBe(1008);
  const { devices } = JSON.parse((await run(['devices', ...at, '--json'])).stdout) as { devices: object[] };
  expect(devices, 'what scripts read stays as it is').toEqual([
    {
      id: device.deviceId,
      name: 'laptop',
      agentId: device.agentId,
      agentName: 'Ana',
      role: 'lead',
      enrolledAt: expect.any(Number),
      revokedAt: expect.any(Number),
      wipe: false,
      lastDeviceSeq: 0,
      lastSeenAt: expect.any(Number),
      opLevel: 1,
    },
  ]);
  expect(JSON.parse((await run(['status', ...at, '--json'])).stdout)).toMatchObject({ head: 4, devices: 0 });
  expect(await relay.stop()).toBe(0);
  for (const line of relay.stderr().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ program: 'relay' });
});

test('an empty folder and the two secrets in the environment are a working workspace', async () => {
  await using folder = await makeFolder();
  const dataDir = path.join(folder.path, 'new', 'workspace');
  const relay = await serve(dataDir);
  expect((await fetch(`${relay.ready.url}/healthz`)).status).toBe(200);
  expect((await run(['invite', '--role', 'admin', '--data-dir', dataDir, '--json'])).code).toBe(0);
  expect(await relay.stop()).toBe(0);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends serve with code 0, also with desktops and idle connections open', async (signal) => {
  await using folder = await makeFolder();
  const relay = await serve(folder.path);
  const { stdout } = await run(['invite', '--role', 'agent', '--data-dir', folder.path, '--json']);
  const { json } = await postEnroll(relay.ready.url ?? '', { ...JSON.parse(stdout), agentName: 'Ana', deviceName: 'laptop' });
  const desktop = await connectDesktop(relay.ready.url ?? '', enrollResponseSchema.parse(json).token);
  desktop.hello();
  await desktop.next('welcome');
  const exited = new Promise((resolve) => relay.process.once('exit', (code, by) => resolve([code, by])));
  relay.process.kill(signal);
  expect(await exited).toEqual([0, null]);
  expect(await desktop.closed).toBe(1001);
});

test('serve ends cleanly when the process that started it is killed', async () => {
  await using folder = await makeFolder();
  const { url, killParent } = await startUnderParent(CLI, ['serve', '--data-dir', folder.path], { ...SECRETS, RELAY_PORT: '0' });
  expect(await postWebhook(`${url}/api/whatsapp/webhook`, textMessage('a'))).toBe(200);
  expect(existsSync(path.join(folder.path, 'relay.db-wal'))).toBe(true);
  await killParent();
  // The database leaves one file only when it was closed.
  await waitUntil('the database is closed', () => !existsSync(path.join(folder.path, 'relay.db-wal')));
  await waitUntil('nobody answers', () =>
    fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    ),
  );
});

test('a serve that cannot start does not wait for the process that started it', async () => {
  await using folder = await makeFolder();
  const child = fork(path.join(ROOT, CLI), ['serve', '--data-dir', folder.path], {
    env: { ...process.env, ...SECRETS, RELAY_HOST: '203.0.113.1', RELAY_PORT: '0' },
    stdio: 'ignore',
    serialization: 'json',
  });
  expect(await once(child, 'exit')).toEqual([1, null]);
});

test('init takes the app secret from stdin, where no shell keeps it', async () => {
  await using folder = await makeFolder();
  const at = ['init', '--app-secret', '-', '--json', '--data-dir', folder.path];
  const withInput = (input: string): { status: number | null; stderr: string } => spawnSync(process.execPath, [path.join(ROOT, CLI), ...at], { input, encoding: 'utf8' });
  expect(withInput(' from-stdin \n')).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(await readFile(path.join(folder.path, 'relay.json'), 'utf8'))).toMatchObject({ appSecret: 'from-stdin' });
  expect(withInput('')).toMatchObject({ status: 2, stderr: expect.stringMatching(/stdin/) });
  expect((await run(['init', '--help'])).stdout).toMatch(/stdin/);

  // At a terminal nobody closes stdin.
  const child = spawn(process.execPath, [path.join(ROOT, CLI), ...at], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write('typed\n');
  expect(await once(child, 'exit')).toEqual([0, null]);
  child.stdin.destroy();
});

test('with the public address set, an invite is a link, whose page tells what to do and holds no code', async () => {
  await using folder = await makeFolder();
  const relay = await serve(folder.path);
  const env = { PUBLIC_URL: 'https://relay.example.com/' };
  const invited = await run(['invite', '--role', 'agent', '--data-dir', folder.path], env);
  const [link, code] = invited.stdout.split('\n');
  expect(link).toBe(`https://relay.example.com/join#${code}`);
  expect(JSON.parse((await run(['invite', '--role', 'agent', '--data-dir', folder.path, '--json'], env)).stdout)).toEqual({ invite: expect.any(String), link: expect.stringContaining('/join#') });
  expect(await run(['invite', '--role', 'agent', '--data-dir', folder.path], { PUBLIC_URL: 'relay' })).toMatchObject({ code: 1, stderr: expect.stringMatching(/PUBLIC_URL must be/) });

  const page = await fetch(`${relay.ready.url}/join`);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'/);
  expect([page.headers.get('referrer-policy'), page.headers.get('x-content-type-options'), page.headers.get('content-type')]).toEqual(['no-referrer', 'nosniff', 'text/html; charset=utf-8']);
  expect(html).toMatch(/Abre Bandeja[^]*Open Bandeja/);
  expect(html).not.toMatch(/https?:|\son\w+=|\ssrc=|fetch|innerHTML/);
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(await relay.stop()).toBe(0);
});

test('members are managed while serve runs: role, name, a further device, wiping, leaving', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  const relay = await serve(folder.path);
  const url = relay.ready.url ?? '';
  const enroll = async (...invite: string[]) => {
    const { invite: code } = JSON.parse((await run(['invite', ...invite, ...at, '--json'])).stdout) as { invite: string };
    return enrollResponseSchema.parse((await postEnroll(url, { invite: code, agentName: 'Ana', deviceName: 'laptop' })).json);
  };
  const ana = await enroll('--role', 'admin');
  const bo = await enroll('--role', 'agent', '--name', 'Bo');
  expect(await run(['member', ana.agentId, '--remove', ...at])).toMatchObject({ code: 1, stderr: expect.stringMatching(/last admin/) });
  expect(await run(['member', bo.agentId, '--role', 'admin', '--name', 'Bobby', ...at])).toMatchObject({ code: 0 });
  const second = await enroll('--agent', bo.agentId);
  expect(second).toMatchObject({ agentId: bo.agentId, agentName: 'Bobby', role: 'admin' });
  const desktop = await connectDesktop(url, second.token);
  desktop.hello();
  await desktop.next('welcome');
  expect(await run(['revoke', second.deviceId, '--wipe', ...at])).toMatchObject({ code: 0, stdout: expect.stringMatching(/deletes/) });
  expect((await desktop.next('refused')).refusal).toEqual({ code: 'revoked', wipe: true });

  expect(await run(['member', ana.agentId, '--remove', ...at])).toMatchObject({ code: 0 });
  const listed = (await run(['members', ...at])).stdout;
  expect(listed).toMatch(new RegExp(`^Ana +admin +has left +${ana.agentId}$`, 'm'));
  expect(listed).toMatch(new RegExp(`^Bobby +admin +1 desktop +${bo.agentId}$`, 'm'));
  expect(JSON.parse((await run(['members', ...at, '--json'])).stdout)).toMatchObject({ members: expect.arrayContaining([{ id: ana.agentId, name: 'Ana', role: 'admin', isRemoved: true }]) });
  for (const args of [
    ['member', ana.agentId, '--name', 'x'],
    ['member', 'nobody', '--remove'],
    ['invite', '--agent', 'nobody'],
    ['revoke', 'nobody'],
  ]) {
    expect(await run([...args, ...at])).toMatchObject({ code: 1, stderr: expect.stringMatching(/There is no/) });
  }
  expect(await relay.stop()).toBe(0);
});

test('whoever shuts a desktop out reads that the team’s key changes and that printed sheets are void then', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  await run(['init', ...at]);
  const store = await openStore(folder.path);
  for (const [id, role] of [
    ['ana', 'admin'],
    ['bo', 'agent'],
    ['eva', 'agent'],
  ] as const) {
    const inviteHash = hashInviteCode(await makeInvite(store, { role }));
    await store.enroll({ inviteHash, tokenHash: Buffer.from(id), deviceId: id, deviceName: 'laptop', newAgentId: `agent-${id}`, agentName: id });
  }
  const copies = ['ana', 'bo', 'eva'].map((deviceId) => ({ deviceId, sealed: 's', voucher: 'v' }));
  expect(await store.announceKey({ epoch: 1, publicKey: 'p', previous: null, deviceId: 'ana', agentId: 'agent-ana' }, copies)).toBe('announced');
  await store.close();
  const changes = 'The team’s key changes with it, when an admin’s desktop that has the key is next on.\nA recovery sheet that was printed before is void then';
  expect((await run(['member', 'agent-bo', '--role', 'lead', ...at])).stdout).toBe('agent-bo is changed.\n');
  for (const args of [
    ['revoke', 'bo'],
    ['member', 'agent-eva', '--remove'],
  ])
    expect(await run([...args, ...at])).toMatchObject({ code: 0, stdout: expect.stringContaining(`shut out.\n${changes}`) });
});

test('open invites are listed and withdrawn while serve runs; a withdrawn code says so to whoever joins with it', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  const relay = await serve(folder.path);
  expect((await run(['invites', ...at])).stdout).toBe('No invite is open. Make one: npm run relay -- invite --role agent\n');
  const { invite: code } = JSON.parse((await run(['invite', '--role', 'lead', '--name', 'Bo \u001B]0;x', ...at, '--json'])).stdout) as { invite: string };
  const { stdout } = await run(['invites', ...at]);
  const id = /^Bo �\]0;x {2,}lead {2,}the command line {2,}.* ([0-9a-f]{16})$/m.exec(stdout)?.[1] ?? 'not listed';
  expect(JSON.parse((await run(['invites', ...at, '--json'])).stdout)).toMatchObject({ invites: [{ id, role: 'lead' }] });
  expect(await run(['invites', '--withdraw', id, ...at])).toMatchObject({ code: 0, stdout: `Invite ${id} is withdrawn.\n` });
  expect(await run(['invites', '--withdraw', id, ...at])).toMatchObject({ code: 1, stderr: `There is no open invite ${id}. See: invites\n` });
  expect(await postEnroll(relay.ready.url ?? '', { invite: code, agentName: 'Bo', deviceName: 'laptop' })).toEqual({ status: 410, json: { error: 'invite_withdrawn' } });
  await relay.stop();
});

test('a name cannot write to the terminal of whoever lists the team', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  await run(['init', ...at]);
  const store = await openStore(folder.path);
  const code = await makeInvite(store);
  const agentName = 'Eve\u001B[2K\u202E\nnobody (admin)';
  await store.enroll({ inviteHash: hashInviteCode(code), tokenHash: Buffer.from('t'), deviceId: 'd1', deviceName: '\u001B]0;x\u0007', newAgentId: 'a1', agentName });
  await store.close();
  for (const command of ['devices', 'members']) {
    const { stdout } = await run([command, ...at]);
    expect(stdout).toContain('Eve\u{FFFD}[2K\u{FFFD}\u{FFFD}nobody (admin)');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  }
});

test('compact says what is left, restored gives the log another identity', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  const { logId } = JSON.parse((await run(['init', ...at, '--json'])).stdout) as { logId: string };
  const store = await openStore(folder.path);
  await store.append([{ kind: 'webhook', items: [{ dedupe: Buffer.from('a'), body: '{}', isUnrecognised: false }] }]);
  await store.close();
  expect(await run(['compact', ...at])).toMatchObject({ code: 0, stdout: '0 entries removed. The log holds 1 entries, from 1 to 1.\n' });
  expect(await run(['compact', ...at], { LOG_RETENTION_DAYS: 'x' })).toMatchObject({ code: 1, stderr: expect.stringMatching(/LOG_RETENTION_DAYS must be/) });
  const said = await run(['restored', ...at]);
  expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/after entry 1 \(just now, \d{4}-\d\d-\d\d \d\d:\d\d UTC\)/) });
  for (const lost of [/what customers wrote/, /desktops are unknown and need an invite/, /shut out, removed or given another role: all of that is undone/, /invites are void/])
    expect(said.stdout).toMatch(lost);
  const restored = await openStore(folder.path);
  expect(await restored.readLineage()).toEqual([{ logId, seq: 1 }]);
  await restored.close();
});

test('init again changes what is given and keeps the rest', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path, '--json'];
  const first = JSON.parse((await run(['init', '--verify-token', 'word', ...at])).stdout) as object;
  expect(first).toMatchObject({ verifyToken: 'word', hasAppSecret: false });
  await writeFile(path.join(folder.path, 'relay.json'), JSON.stringify({ verifyToken: 'word', publicUrl: 'https://relay.example.com' }));
  const second = JSON.parse((await run(['init', '--app-secret', 'new', ...at])).stdout) as object;
  expect(second).toEqual({ ...first, hasAppSecret: true });
  expect(JSON.parse(await readFile(path.join(folder.path, 'relay.json'), 'utf8'))).toEqual({ appSecret: 'new', verifyToken: 'word', publicUrl: 'https://relay.example.com' });
});

/** Runs first in a process that takes itself for one on another Node. */
const asNode = (version: string): string =>
  `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}});Object.defineProperty(process,'version',{value:'v${version}'})`)}`;

test('on a Node that is too old every command says so in one sentence, before it writes anything', async () => {
  await using folder = await makeFolder();
  const dataDir = path.join(folder.path, 'new');
  const commands = (await run(['--help'])).stdout.match(/^ {2}[a-z]+(?= )/gm)?.map((name) => name.trim()) ?? [];
  expect(commands).toEqual(expect.arrayContaining(['init', 'serve', 'doctor', 'backup', 'restore']));
  for (const command of commands) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', asNode('20.11.0'), path.join(ROOT, CLI), command, '--data-dir', dataDir], {
      env: { ...process.env, ...SECRETS },
      encoding: 'utf8',
    });
    expect({ command, status, stdout, stderr }).toEqual({ command, status: 1, stdout: '', stderr: 'Bandeja needs Node.js 24; this is v20.11.0.\n' });
  }
  expect(existsSync(dataDir)).toBe(false);
});

test('a command whose reader has gone (`| head`) ends quietly, with the code of what it did', async () => {
  await using folder = await makeFolder();
  await run(['init', '--app-secret', '0123456789abcdef0123456789abcdef', '--data-dir', folder.path]);
  // `true` is gone long before the command has anything to say.
  const piped = (...args: string[]) => spawnSync('sh', ['-c', '{ "$0" "$@"; echo "code $?" >&2; } | true', process.execPath, path.join(ROOT, CLI), ...args], { encoding: 'utf8', timeout: 60_000 });
  expect(piped('doctor', '--offline', '--data-dir', folder.path)).toMatchObject({ status: 0, stderr: 'code 0\n' });
  expect(piped('doctor', '--offline', '--data-dir', path.join(folder.path, 'nowhere'))).toMatchObject({ status: 0, stderr: 'code 1\n' });
  expect(piped('--help')).toMatchObject({ status: 0, stderr: 'code 0\n' });
});

test('what cannot start says why in sentences, without a stack', async () => {
  await using folder = await makeFolder();
  const at = ['--data-dir', folder.path];
  const missing = await run(['serve', ...at], { RELAY_PORT: 'x' });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/app secret is missing\. Set META_APP_SECRET/);
  expect(missing.stderr).toMatch(/verify token is missing\. Set META_VERIFY_TOKEN/);
  expect(missing.stderr).toMatch(/RELAY_PORT must be a whole number/);

  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const busy = await run(['serve', ...at], { ...SECRETS, RELAY_PORT: String(port) });
  taken.close();
  expect([busy.code, busy.stderr]).toEqual([1, expect.stringContaining(`Port ${port} is taken`)]);

  const db = new Database(path.join(folder.path, 'relay.db'));
  db.pragma('user_version = 99');
  db.close();
  const future = await run(['serve', ...at], SECRETS);
  expect([future.code, future.stderr]).toEqual([1, expect.stringMatching(/newer version of the relay/)]);

  await writeFile(path.join(folder.path, 'file'), '');
  const file = await run(['serve', '--data-dir', path.join(folder.path, 'file')], SECRETS);
  expect([file.code, file.stderr]).toEqual([1, expect.stringMatching(/cannot be used/)]);
  for (const { stderr, stdout } of [missing, busy, future, file]) expect([stderr.includes('    at '), stdout]).toEqual([false, '']);
});

test.each([
  [['nope'], /There is no command nope/],
  [['serve', '--prot', '1'], /Unknown option '--prot'\nUsage/],
  [['status', 'extra'], /status takes no extra/],
  [['revoke'], /needs exactly one DEVICE_ID/],
  [['invite'], /needs --role/],
  [['invite', '--role', 'boss'], /needs --role/],
  [['invite', '--role', 'agent', '--expires-days', 'soon'], /--expires-days/],
  [['invite', '--role', 'agent', '--agent', 'x'], /--agent goes without/],
  [['invites', '--withdraw', ' '], /needs the ID of an invite/],
  [['member', 'x'], /needs --role, --name or --remove/],
  [['member', 'x', '--role', 'boss'], /admin, lead and agent/],
  [['member', 'x', '--name', 'x'.repeat(81)], /at most 80/],
])('a command written wrongly (%j) ends with code 2 and a hint', async (args, hint) => {
  await using folder = await makeFolder();
  expect(await run(args, { RELAY_DATA_DIR: folder.path })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(hint) });
});

test('commands on a folder without a workspace make none', async () => {
  await using folder = await makeFolder();
  for (const args of [['status'], ['devices'], ['members'], ['invites'], ['compact'], ['restored'], ['member', 'x', '--remove'], ['revoke', 'x'], ['invite', '--role', 'admin']]) {
    expect(await run(args, { RELAY_DATA_DIR: path.join(folder.path, 'typo') })).toMatchObject({ code: 1, stdout: '' });
  }
  await expect(stat(path.join(folder.path, 'typo'))).rejects.toThrow('ENOENT');
});

test('help explains every command and every setting', async () => {
  const all = (await run(['--help'])).stdout;
  for (const command of ['init', 'serve', 'invite', 'invites', 'devices', 'revoke', 'members', 'member', 'compact', 'restored', 'status']) {
    expect(all).toContain(command);
    expect(await run([command, '--help'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(command) });
  }
});

test('from backup to a new server, and what the doctor says there', async () => {
  await using folder = await makeFolder();
  const [old, target, dataDir] = ['old', 'backups', 'new'].map((name) => path.join(folder.path, name)) as [string, string, string];
  const { logId } = JSON.parse((await run(['init', '--app-secret', '0123456789abcdef0123456789abcdef', '--data-dir', old, '--json'])).stdout) as { logId: string };
  expect(await run(['backup', '--to', target, '--data-dir', dataDir])).toMatchObject({ code: 1, stderr: expect.stringMatching(/There is no workspace/) });
  expect(await run(['backup', '--to', target, '--keep', '0', '--data-dir', old])).toMatchObject({ code: 2, stderr: expect.stringMatching(/--keep/) });
  const made = JSON.parse((await run(['backup', '--to', target, '--keep', '7', '--data-dir', old, '--json'])).stdout) as { folder: string };
  expect(made).toEqual({ folder: expect.stringContaining(target), logId, head: 0, files: 2, bytes: expect.any(Number), removed: [] });
  expect(await run(['restore', '--from', made.folder, '--old', target, '--data-dir', dataDir]), 'before anything is put there').toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no relay\.db in/),
  });
  // As a relay of an older version has left it.
  const older = new Database(path.join(old, 'relay.db'), nativeBindingOption());
  older.exec('ALTER TABLE invite DROP COLUMN withdrawn_at');
  older.close();
  const restored = await run(['restore', '--from', made.folder, '--old', old, '--data-dir', dataDir]);
  expect(restored).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/Restored into [^]*The log is now [^]*what customers wrote[^]*no desktop was shut out since[^]*npm run relay -- serve/),
  });
  expect(await run(['restore', '--from', made.folder, '--data-dir', dataDir])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is a workspace in/) });

  const doctor = await run(['doctor', '--offline', '--data-dir', dataDir]);
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok {7}settings [^]*WARNING {2}database [^]*What to do: Make an invite/), stderr: '' });
  const invited = await run(['invite', '--role', 'admin', '--data-dir', dataDir, '--json']);
  const again = await run(['doctor', '--offline', '--data-dir', dataDir]);
  expect(again.stdout).toMatch(/What to do: An admin’s invite is open, and expires in 7 days, /);
  expect(again.stdout).not.toContain((JSON.parse(invited.stdout) as { invite: string }).invite);
  expect(await run(['doctor', '--offline', '--data-dir', folder.path, '--json'])).toMatchObject({ code: 1, stdout: expect.stringMatching(/"check":"settings","status":"failed"/) });
});
