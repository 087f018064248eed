/**
 * The package as electron-builder makes it, with a stub for Electron's own files: what is in it and what is not, its fuses, and that the
 * program runs from what was packed, with the stand-in for the module `electron`. Needs a build (`npm run build`).
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProgram } from '../../support/program.ts';
import { makeStubElectron } from '../../support/stub-electron.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-package-'));
const unpacked = path.join(folder, 'dist/linux-unpacked');
const resources = path.join(unpacked, 'resources');
const ELECTRON = (JSON.parse(readFileSync(path.join(ROOT, 'node_modules/electron/package.json'), 'utf8')) as { version: string }).version;

const isHere = process.platform === 'linux' && process.arch === 'x64';

describe.runIf(isHere)('the package for Linux', () => {
  let files: string[];
  beforeAll(async () => {
    const stub = await makeStubElectron(folder, ELECTRON);
    const builder = path.join(ROOT, 'node_modules/electron-builder/cli.js');
    const settings = [`-c.electronDist=${stub}`, `-c.electronVersion=${ELECTRON}`, `-c.directories.output=${path.join(folder, 'dist')}`];
    const env = { ...process.env, ELECTRON_BUILDER_7ZIP_PATH: path.join(ROOT, 'test/support/seven-zip.mjs') };
    await promisify(execFile)(process.execPath, [builder, '--linux', 'dir', 'tar.gz', '--x64', ...settings], { cwd: ROOT, env });
    files = listPackage(path.join(resources, 'app.asar'), { isPack: false });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds what was built and nothing else: no sources, tests, maps, packages or settings of ours', () => {
    const folders = new Set(files.map((file) => file.split('/').slice(1, 3).join('/')));
    expect([...folders].toSorted()).toEqual(['out', 'out/main', 'out/native', 'out/preload', 'out/relay', 'out/renderer', 'package.json']);
    expect(files.filter((file) => /\.(ts|tsx|map|mjs|md|yml)$|node_modules|\.npmrc|licen[cs]es?\.txt/i.test(file))).toEqual([]);
    for (const file of ['/out/main/electron.js', '/out/main/engine-host.js', '/out/preload/preload.cjs', '/out/relay/relay.js', '/out/renderer/index.html']) expect(files).toContain(file);
  });

  test('holds one binding of SQLite, that of its platform, outside of the archive, where it can be loaded', () => {
    expect(files.filter((file) => file.endsWith('.node'))).toEqual(['/out/native/cipher-linux-x64.node', '/out/native/linux-x64.node']);
    expect(readdirSync(path.join(resources, 'app.asar.unpacked'), { recursive: true })).toEqual(['out', 'out/native', 'out/native/cipher-linux-x64.node', 'out/native/linux-x64.node']);
  });

  test('holds the licences of all that is in it', () => {
    expect(readdirSync(unpacked)).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']));
    expect(files).toContain('/out/renderer/licences.json');
  });

  test('has its fuses set: no Node instead of the program, nothing read from the environment or run from outside the archive', async () => {
    // '1' on, '0' off, as in the binary.
    const wire = (await getCurrentFuseWire(path.join(unpacked, 'bandeja'))) as unknown as Record<FuseV1Options, number>;
    const isOn = (fuse: FuseV1Options): boolean => String.fromCodePoint(wire[fuse]) === '1';
    const states = Object.fromEntries(
      Object.keys(FuseV1Options)
        .filter((name) => Number.isNaN(Number(name)))
        .map((name) => [name, isOn(FuseV1Options[name as keyof typeof FuseV1Options])]),
    );
    expect(states).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
    });
  });

  test('is also a tar.gz', () => {
    const archive = readdirSync(path.join(folder, 'dist')).find((name) => name.endsWith('.tar.gz'))!;
    const bytes = readFileSync(path.join(folder, 'dist', archive));
    expect([bytes[0], bytes[1]]).toEqual([0x1f, 0x8b]);
    expect(statSync(path.join(folder, 'dist', archive)).size).toBeGreaterThan(1_000_000);
  });

  test('runs from what was packed: window, preload script, engine, relay and database', async () => {
    const app = path.join(folder, 'app');
    // As Electron sees the archive, with what lies beside it.
    extractAll(path.join(resources, 'app.asar'), app);
    expect(existsSync(path.join(app, 'node_modules'))).toBe(false);
    const { main } = JSON.parse(readFileSync(path.join(app, 'package.json'), 'utf8')) as { main: string };
    const register = pathToFileURL(path.join(ROOT, 'test/electron/register.mjs')).href;
    // Within Vitest the stand-in would not end its process.
    const env = { NODE_OPTIONS: `--import ${register}`, VITEST: undefined };
    const shell = await startProgram(path.relative(ROOT, path.join(app, main)), ['--demo', '--no-past', '--data-dir', path.join(folder, 'data')], env, 60_000);
    try {
      expect(shell.ready).toMatchObject({ url: 'app://bandeja/' });
      const page = await (await fetch(/stand-in window (\S+)/.exec(shell.stderr())![1]!)).text();
      expect(page).toContain('<div id="root">');
    } finally {
      expect(await shell.stop()).toBe(0);
    }
  }, 90_000);
});
