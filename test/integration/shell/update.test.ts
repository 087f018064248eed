/** An update from a server to the file that is replaced, by the real electron-updater: what is signed comes, what is not never even leaves the server. */
import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signRelease } from '../../../main/dev/sign-release.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const isHere = process.platform === 'linux' && process.arch === 'x64';
const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-update-'));
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const NEW = '#!/bin/true new program';
const served = new Map<string, string>();
let asked: string[] = [];
const server = createServer((request, response) => {
  const name = path.basename(new URL(request.url!, 'http://x').pathname);
  asked.push(name);
  const body = served.get(name);
  response.writeHead(body === undefined ? 404 : 200, { 'content-length': Buffer.byteLength(body ?? '') }).end(body);
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns what the program logged, and what stands where it lay. */
async function update(name: string, release: string): Promise<{ events: string[]; program: string }> {
  const resources = path.join(folder, name);
  mkdirSync(path.join(resources, 'cache'), { recursive: true });
  writeFileSync(path.join(resources, 'app-update.yml'), `provider: generic\nurl: http://127.0.0.1:${(server.address() as AddressInfo).port}/\nupdaterCacheDirName: bandeja-updater\n`);
  const program = path.join(resources, 'Bandeja.AppImage');
  writeFileSync(program, 'old program');
  chmodSync(program, 0o755);
  served.set('latest-linux.yml', release);
  asked = [];
  const register = pathToFileURL(path.join(ROOT, 'test/electron/register.mjs')).href;
  const env = { ...process.env, APPIMAGE: program, XDG_CACHE_HOME: path.join(resources, 'cache') };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', register, path.join(ROOT, 'test/electron/update-once.ts'), resources, key], { env });
  return { events: JSON.parse(stdout) as string[], program: readFileSync(program, 'utf8') };
}

/** As packaged and signed. */
function makeRelease(staging: number | null = null): string {
  writeFileSync(path.join(folder, 'Bandeja-0.2.0.AppImage'), NEW);
  served.set('Bandeja-0.2.0.AppImage', NEW);
  const file = path.join(folder, 'latest-linux.yml');
  writeFileSync(
    file,
    `version: 0.2.0\nfiles:\n  - url: Bandeja-0.2.0.AppImage\n    sha512: ${createHash('sha512').update(NEW).digest('base64')}\n    size: ${NEW.length}\nreleaseDate: '2026-11-23T05:00:00.000Z'\n`,
  );
  signRelease(file, pem, staging);
  return readFileSync(file, 'utf8');
}

test.runIf(isHere)('a signed release replaces the program when it ends', async () => {
  expect(await update('signed', makeRelease())).toEqual({ events: ['update.ready', 'ready 0.2.0'], program: NEW });
});

test.runIf(isHere)('a release that somebody else made stays on the server', async () => {
  const release = makeRelease().replaceAll('0.2.0', '0.3.0');
  served.set('Bandeja-0.3.0.AppImage', NEW);
  expect(await update('forged', release)).toEqual({ events: ['update.refused'], program: 'old program' });
  expect(asked).toEqual(['latest-linux.yml']);
});

test.runIf(isHere)('another file under the signed name is not installed', async () => {
  const release = makeRelease();
  served.set('Bandeja-0.2.0.AppImage', NEW.replace('new', 'bad'));
  const { events, program } = await update('exchanged', release);
  expect(events).toEqual([expect.stringContaining('sha512 checksum mismatch')]);
  expect(program).toBe('old program');
});

test.runIf(isHere)('a release for no one yet is offered to no one, and an older one never', async () => {
  expect(await update('staged', makeRelease(0))).toEqual({ events: [], program: 'old program' });
  expect(await update('older', makeRelease().replaceAll('0.2.0', '0.0.9'))).toEqual({ events: [], program: 'old program' });
});
