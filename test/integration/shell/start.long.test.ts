/** `npm start` as a person or a script uses it: from the command to a window's address, and to the end without leftovers. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { startProgram, type Program } from '../../support/program.ts';
import { DEMO_CASES } from '../../../main/demo/demo-team.ts';
import { DEMO_CUSTOMERS } from '../../../main/demo/meta/scripted-customers.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-start-'));
const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  await expect.poll(leftovers, { timeout: 15_000 }).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

/** Processes of this test: the folder is part of the command line or the environment of each. */
function leftovers(): string[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n');
  return lines.filter((line) => line.includes(folder)).map((line) => line.slice(0, 120));
}

type Ready = { url: string; meta: string; api: { url: string; token: string } };
async function start(command: string, args: string[]): Promise<{ child: ChildProcess; ready: Ready; stderr: () => string }> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"event":"ready"')) resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}\n${stderr}`)));
  });
  return { child, ready, stderr: () => stderr };
}

/** The list leaves out what is snoozed. */
const LISTED = DEMO_CUSTOMERS.length - DEMO_CASES.filter(({ snoozeHours }) => snoozeHours !== undefined).length;
const demoArgs = (name: string): string[] => ['--demo', '--no-past', '--no-open', '--data-dir', path.join(folder, name)];

async function listConversations({ api }: Ready): Promise<{ id: string; contact: { name: string } }[]> {
  const response = await fetch(`${api.url}/api/whatsapp/conversations`, { headers: { authorization: `Bearer ${api.token}` } });
  return ((await response.json()) as { items: { id: string; contact: { name: string } }[] }).items;
}

const REGISTER = pathToFileURL(path.join(ROOT, 'test/electron/register.mjs')).href;
/** Through the stand-in, which does not end the process of a unit test. */
const startElectron = (args: string[]): Promise<Program> => startProgram('main/shell/electron/app.ts', args, { NODE_OPTIONS: `--import ${REGISTER}`, VITEST: undefined });
const isLive = (program: Program): boolean => /"event":"sync.state".*"state":"live"|"state":"live".*"event":"sync.state"/.test(program.stderr());

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  const [code] = await exited;
  running.delete(child);
  return code;
}

describe.skipIf(process.platform === 'win32')('npm start', () => {
  test('serves the demo, says which window it is and why, and is the same workspace at the next start', async () => {
    const first = await start(process.execPath, ['main/dev/start.mjs', ...demoArgs('kept')]);
    expect(first.stderr()).toMatch(/^Opened in the browser shell: no window is wanted \(--no-open\)\.$/m);
    expect(first.ready.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#k=[\w-]{43}$/);
    const page = await fetch(first.ready.url);
    expect(await page.text()).toContain('<div id="root">');
    await expect.poll(async () => (await listConversations(first.ready)).length, { timeout: 15_000 }).toBe(LISTED);
    const before = await listConversations(first.ready);
    expect(first.stderr()).toContain(first.ready.meta);
    const written = await fetch(`${first.ready.meta}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255501234', name: 'Rosa', text: 'Hola' }) });
    expect(written.status).toBe(200);
    await expect.poll(async () => (await listConversations(first.ready)).map(({ contact }) => contact.name)).toContain('Rosa');
    before.push(...(await listConversations(first.ready)).filter(({ contact }) => contact.name === 'Rosa'));
    const { appSecret, verifyToken, graphToken } = JSON.parse(readFileSync(path.join(folder, 'kept/demo.json'), 'utf8')) as Record<string, string>;
    const commandLines = execFileSync('ps', ['axww', '-o', 'command='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    for (const secret of [appSecret, verifyToken, graphToken]) expect(commandLines, 'everyone on this computer reads command lines').not.toContain(secret!);
    expect(await stop(first.child, 'SIGTERM')).toBe(0);
    await expect.poll(leftovers).toEqual([]);

    const second = await start(process.execPath, ['main/dev/start.mjs', ...demoArgs('kept')]);
    expect(second.ready.url).not.toBe(first.ready.url);
    const after = await listConversations(second.ready);
    expect(after.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
    expect(await stop(second.child, 'SIGINT')).toBe(0);
  }, 60_000);

  test('SIGTERM to npm itself leaves nothing running', async () => {
    const { child } = await start('npm', ['start', '--', ...demoArgs('npm')]);
    expect(leftovers().length).toBeGreaterThanOrEqual(5);
    await stop(child, 'SIGTERM');
    await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
  }, 60_000);

  test('SIGKILL to npm, which then passes on nothing, leaves nothing running', async () => {
    const { child } = await start('npm', ['start', '--', ...demoArgs('npm-killed')]);
    expect(leftovers().length).toBeGreaterThanOrEqual(5);
    await stop(child, 'SIGKILL');
    await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
  }, 60_000);

  test('a port that is asked for chooses the browser shell, with or without Electron', async () => {
    const refused = await startProgram('main/dev/start.mjs', ['--port', 'x']).catch(String);
    // Electron would not know the flag. And the error stands alone: no window was opened that a note could be about.
    expect(refused).toMatch(/ended with code 2[^]*\n--port must be a whole number[^\n]*\nTry --help\.\n$/);
    expect(refused).not.toContain('Opened in');
  });

  test('a killed launcher takes window, relay and stand-in with it', async () => {
    const { child } = await start(process.execPath, ['main/dev/start.mjs', ...demoArgs('killed')]);
    expect(leftovers().length).toBeGreaterThanOrEqual(4);
    await stop(child, 'SIGKILL');
    await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
  }, 60_000);

  test('the demo opens in both shells, is not reset while it runs, needs its old port not, and starts over where its desktop is gone', async () => {
    const dir = path.join(folder, 'both');
    const desktop = path.join(dir, 'demo-desktop');
    const inElectron = await startElectron(['--demo', '--no-past', '--data-dir', dir]);
    await expect(startProgram('main/shell/browser/cli.ts', [...demoArgs('both'), '--reset'])).rejects.toThrow(/ended with code 1[^]*open in another Bandeja/);
    await expect(startProgram('main/shell/browser/cli.ts', demoArgs('both'))).rejects.toThrow(/ended with code 1[^]*open in another Bandeja/);
    // Asked twice, as Ctrl+C and an impatient person do: the engine still ends in order.
    inElectron.process.kill('SIGTERM');
    expect(await inElectron.stop()).toBe(0);
    expect(inElectron.stderr()).toContain('engine.stopped');
    expect(existsSync(path.join(desktop, 'secrets.enc.json'))).toBe(false);

    const inBrowser = await startProgram('main/shell/browser/cli.ts', demoArgs('both'));
    await expect.poll(() => isLive(inBrowser), { timeout: 15_000 }).toBe(true);
    expect(await inBrowser.stop()).toBe(0);

    renameSync(path.join(desktop, 'secrets.json'), path.join(desktop, 'secrets.enc.json'));
    await expect(startProgram('main/shell/browser/cli.ts', demoArgs('both'))).rejects.toThrow(/ended with code 1[^]*in the system's key store: start the demo with --reset/);
    await expect(startProgram('main/engine/cli.ts', ['--data-dir', desktop])).rejects.toThrow(/ended with code 1[^]*belongs to the demo workspace: start it with --demo/);

    rmSync(desktop, { recursive: true });
    const again = await startProgram('main/shell/browser/cli.ts', demoArgs('both'));
    await expect.poll(() => isLive(again), { timeout: 15_000 }).toBe(true);
    expect(await again.stop()).toBe(0);
  }, 90_000);

  test("a colleague's desktop opens beside the demo, once, and ends with it", async () => {
    const asBo = [...demoArgs('two').filter((arg) => arg !== '--demo'), '--as', 'bo'];
    const notRunning = await startProgram('main/dev/start.mjs', ['--demo', ...asBo]).catch(String);
    expect(notRunning).toMatch(/ended with code 1[^]*\nThe demo is not running here\. Start it first with npm start[^\n]*\n$/);

    const demo = await start(process.execPath, ['main/dev/start.mjs', ...demoArgs('two')]);
    const bo = await start(process.execPath, ['main/dev/start.mjs', '--demo', ...asBo]);
    const idsOf = async ({ ready }: { ready: Ready }): Promise<string[]> => (await listConversations(ready)).map(({ id }) => id).toSorted();
    await expect.poll(() => idsOf(bo), { timeout: 15_000 }).toEqual(await idsOf(demo));
    expect(bo.ready.url).not.toBe(demo.ready.url);
    expect(bo.ready.meta).toBe(demo.ready.meta);

    const refused = (args: string[]): Promise<string> => startProgram('main/shell/browser/cli.ts', args).then(() => 'started', String);
    expect(await refused(['--demo', ...asBo])).toMatch(/ended with code 1[^]*demo-desktop-bo is open in another Bandeja on this computer/);
    expect(await refused([...demoArgs('two'), '--reset'])).toMatch(/ended with code 1[^]*open in another Bandeja/);
    expect(await refused(['--demo', '--as', 'zoe'])).toMatch(/ended with code 2[^]*--as must name one of the demo's colleagues: bo \(Bo Ramírez, lead\), cyntia/);

    const ended = once(bo.child, 'exit');
    await stop(demo.child, 'SIGKILL');
    expect(await ended, 'it ended itself, in order').toEqual([0, null]);
    running.delete(bo.child);
    expect(existsSync(path.join(folder, 'two/demo-desktop-bo'))).toBe(true);
    await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
  }, 60_000);

  test('a colleague can be opened in Electron', async () => {
    const demo = await start(process.execPath, ['main/dev/start.mjs', ...demoArgs('electron')]);
    const bo = await startElectron(['--demo', '--as', 'bo', '--data-dir', path.join(folder, 'electron')]);
    expect(bo.ready['dataDir']).toBe(path.join(folder, 'electron/demo-desktop-bo'));
    await expect.poll(() => isLive(bo), { timeout: 15_000 }).toBe(true);
    const ended = once(bo.process, 'exit');
    await stop(demo.child, 'SIGTERM');
    expect(await ended).toEqual([0, null]);
  }, 60_000);

  test.each([
    [['--as', 'bo', '--data-dir', 'x'], 2, /--as is for the demo/],
    [['--demo', '--reset', '--as', 'bo'], 2, /--reset would take the demo away/],
    [['--data-dir'], 2, /--data-dir/],
    [['--data-dir', 'x', '--no-such-flag'], 2, /no-such-flag/],
    [['--reset', '--data-dir', 'x'], 2, /--reset is for the demo/],
  ])('%j ends with code %i and a reason', async (args, code, reason) => {
    await expect(startProgram('main/shell/browser/cli.ts', args)).rejects.toThrow(new RegExp(`ended with code ${code}[^]*${reason.source}`));
  });
});

test('SIGTERM while the engine joins ends it in order', async () => {
  // A relay that takes its time and then refuses.
  const asked = Promise.withResolvers<void>();
  const silent = createServer((_request, response) => {
    asked.resolve();
    setTimeout(() => response.writeHead(503).end(), 500);
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const relay = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, ['main/engine/cli.ts', '--data-dir', path.join(folder, 'joining'), '--relay', relay, '--invite', 'x'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await asked.promise;
  // Code, not signal: the program ended itself, after it had closed what was open.
  expect(await stop(child, 'SIGTERM')).toBe(1);
  expect(stderr).toContain('process.stopping');
  // SQLite leaves one file only when it was closed.
  expect(readdirSync(path.join(folder, 'joining')).filter((name) => name.startsWith('bandeja.db'))).toEqual(['bandeja.db']);
  silent.close();
});

test('the engine without a window says what is missing', async () => {
  await expect(startProgram('main/engine/cli.ts', [])).rejects.toThrow(/ended with code 2[^]*--data-dir is missing/);
  await expect(startProgram('main/engine/cli.ts', ['--data-dir', path.join(folder, 'none')])).rejects.toThrow(/ended with code 1 before it was ready\n[^\n]*has not joined a workspace yet[^\n]*\n$/);
  const file = path.join(ROOT, 'package.json');
  await expect(startProgram('main/engine/cli.ts', ['--data-dir', file])).rejects.toThrow(/ended with code 1/);
  expect(readFileSync(file, 'utf8')).toContain('bandeja');
});
