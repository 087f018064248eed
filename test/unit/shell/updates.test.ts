/** Updates: only what the release key has signed is fetched, nothing ends by itself, and a server that lies or is away does no harm. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { signRelease } from '../../../main/dev/sign-release.ts';
import { isSignedRelease } from '../../../main/shell/electron/update-signature.ts';
import { createUpdates, findUpdateKey, wordUpdate } from '../../../main/shell/electron/updates.ts';
import { createTestLog } from '../../support/engine.ts';

const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): Record<string, unknown> & { files: { url: string; sha512: string }[] } };
const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-updates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const makeKey = (): { pem: string; publicKey: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
};
const { pem, publicKey } = makeKey();

/** As electron-builder writes it, beside the files of the release. */
function writeRelease(name: string): string {
  const sha512 = (file: string): string => {
    writeFileSync(path.join(folder, file), `bytes of ${file}`);
    return createHash('sha512').update(`bytes of ${file}`).digest('base64');
  };
  const file = path.join(folder, name);
  writeFileSync(
    file,
    `version: 1.2.0\nfiles:\n  - url: Bandeja Setup 1.2.0.exe\n    sha512: ${sha512('Bandeja Setup 1.2.0.exe')}\n    size: 31\n  - url: Bandeja-1.2.0.AppImage\n    sha512: ${sha512('Bandeja-1.2.0.AppImage')}\npath: Bandeja Setup 1.2.0.exe\nreleaseDate: '2026-11-23T05:00:00.000Z'\n`,
  );
  return file;
}
const signed = (staging: number | null = null) => {
  const file = writeRelease('latest.yml');
  signRelease(file, pem, staging);
  return yaml.load(readFileSync(file, 'utf8'));
};

describe('a signed release', () => {
  test('is ours by its key, and by no other', () => {
    expect(isSignedRelease(signed(), publicKey)).toBe(true);
    expect(isSignedRelease(signed(), makeKey().publicKey)).toBe(false);
  });

  test('says which share of desktops is offered it, which may change without a new signature', () => {
    const release = signed(10);
    expect(release['stagingPercentage']).toBe(10);
    expect(isSignedRelease({ ...release, stagingPercentage: 100, releaseNotes: 'x' }, publicKey)).toBe(true);
  });

  const [first, second] = signed().files as [{ url: string; sha512: string }, { url: string; sha512: string }];
  test.each<[string, (release: Record<string, unknown>) => unknown]>([
    ['another version', (release) => ({ ...release, version: '1.3.0' })],
    ['another file under the name', (release) => ({ ...release, files: [{ ...first, sha512: second.sha512 }, second] })],
    [
      'hashes exchanged',
      (release) => ({
        ...release,
        files: [
          { ...first, sha512: second.sha512 },
          { ...second, sha512: first.sha512 },
        ],
      }),
    ],
    ['a file more', (release) => ({ ...release, files: [first, second, { url: 'x.exe', sha512: first.sha512 }] })],
    ['a file less', (release) => ({ ...release, files: [first] })],
    ['no files', (release) => ({ ...release, files: [] })],
    ['files in another place', (release) => ({ ...release, packages: { x64: { path: 'x.7z', sha512: first.sha512 } } })],
    ['no signature', ({ signature: _, ...release }) => release],
    ['nothing', () => null],
  ])('is refused with %s', (_name, change) => {
    expect(isSignedRelease(change(signed()), publicKey)).toBe(false);
  });

  test('is not made of files that are not those it tells of, nor signed twice', () => {
    const file = writeRelease('latest-mac.yml');
    writeFileSync(path.join(folder, 'Bandeja-1.2.0.AppImage'), 'other bytes');
    expect(() => signRelease(file, pem, null)).toThrow('is not the file');
    const again = writeRelease('latest-linux.yml');
    signRelease(again, pem, null);
    expect(() => signRelease(again, pem, null)).toThrow('signed already');
  });
});

describe('looking for updates', () => {
  const makeUpdater = (updateInfo: unknown, isUpdateAvailable = true) => ({
    autoDownload: true,
    autoInstallOnAppQuit: false,
    allowDowngrade: true,
    allowPrerelease: true,
    logger: console as object | null,
    checkForUpdates: vi.fn(async () => ({ isUpdateAvailable, updateInfo })),
    downloadUpdate: vi.fn(async () => []),
  });
  const start = (updater: ReturnType<typeof makeUpdater>) => {
    const onReady = vi.fn();
    const { log, lines } = createTestLog();
    return { updates: createUpdates({ updater: updater as never, key: publicKey, log, onReady }), onReady, lines };
  };

  test('fetches what is signed, says so once, and leaves installing to the end of the program', async () => {
    const updater = makeUpdater(signed());
    const { updates, onReady } = start(updater);
    expect(updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: true, allowDowngrade: false, allowPrerelease: false, logger: null });
    await updates.check();
    await updates.check();
    expect(updater.downloadUpdate).toHaveBeenCalledOnce();
    expect(onReady).toHaveBeenCalledExactlyOnceWith('1.2.0');
  });

  test('fetches nothing that is not signed, and nothing where there is nothing new', async () => {
    for (const updater of [makeUpdater({ ...signed(), version: '9.9.9' }), makeUpdater(signed(), false)]) {
      const { updates, onReady } = start(updater);
      await updates.check();
      expect(updater.downloadUpdate).not.toHaveBeenCalled();
      expect(onReady).not.toHaveBeenCalled();
    }
  });

  test('goes on without a server, and tries again after a download that broke off', async () => {
    const updater = makeUpdater(signed());
    updater.checkForUpdates.mockRejectedValueOnce(new Error('ENOTFOUND'));
    updater.downloadUpdate.mockRejectedValueOnce(new Error('sha512 checksum mismatch'));
    const { updates, onReady } = start(updater);
    await updates.check();
    await updates.check();
    expect(onReady).not.toHaveBeenCalled();
    await updates.check();
    expect(onReady).toHaveBeenCalledOnce();
  });
});

test.each([
  ['win32', true, {}, 'key', 'key'],
  ['darwin', true, {}, 'key', 'key'],
  ['linux', true, { APPIMAGE: '/home/ana/Bandeja.AppImage' }, 'key', 'key'],
  ['linux', true, {}, 'key', null],
  ['win32', true, {}, '', null],
  ['win32', false, {}, 'key', null],
] as const)('on %s, packaged %s, with %j and the key «%s» updates are judged by %s', (platform, isPackaged, env, key, expected) => {
  expect(findUpdateKey({ platform, isPackaged, env }, key)).toBe(expected);
});

test('a build without a key looks for nothing', () => {
  expect(findUpdateKey({ platform: 'win32', isPackaged: true, env: {} })).toBeNull();
});

test('the agent reads of it in the language of the system', () => {
  expect(wordUpdate('1.2.0', 'es-GT').title).toBe('Bandeja 1.2.0 está lista');
  expect(wordUpdate('1.2.0', 'en-US').title).toBe('Bandeja 1.2.0 is ready');
});
