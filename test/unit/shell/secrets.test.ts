import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Secrets } from '../../../main/engine/ports.ts';
import { createFileSecrets } from '../../../main/shell/file-secrets.ts';
import { createTestLog } from '../../support/engine.ts';

vi.mock('electron', () => import('../../electron/electron.ts'));
const { standIn } = await import('../../electron/electron.ts');
const { createOsSecrets, findKeysKept } = await import('../../../main/shell/electron/os-secrets.ts');

const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(folder, 'data-'));
});

describe.each<[string, string, (dir: string) => Secrets]>([
  ['file', 'secrets.json', (dir) => createFileSecrets(dir, createTestLog().log)],
  ['operating system', 'secrets.enc.json', (dir) => createOsSecrets(dir, createTestLog().log, () => undefined)],
])('secrets kept by the %s', (_name, fileName, create) => {
  test('are there after a restart, readable by their owner only', async () => {
    const secrets = create(dataDir);
    expect(await secrets.get('device-token')).toBeNull();
    await secrets.set('device-token', 'one');
    await secrets.set('graph-token', 'two');
    await secrets.set('device-token', 'three');
    expect(statSync(path.join(dataDir, fileName)).mode & 0o777).toBe(0o600);
    const restarted = create(dataDir);
    expect(await restarted.get('device-token')).toBe('three');
    await restarted.delete('device-token');
    expect(await restarted.get('device-token')).toBeNull();
    expect(await restarted.get('graph-token')).toBe('two');
  });

  test('a damaged file is an error, not an empty store that would be written over', async () => {
    writeFileSync(path.join(dataDir, fileName), '{"device-token":');
    await expect(create(dataDir).get('device-token')).rejects.toThrow();
    await expect(create(dataDir).set('graph-token', 'x')).rejects.toThrow();
    expect(readFileSync(path.join(dataDir, fileName), 'utf8')).toBe('{"device-token":');
  });
});

test('changes at the same time do not lose each other', async () => {
  const secrets = createFileSecrets(dataDir, createTestLog().log);
  await Promise.all([secrets.set('device-token', 'a'), secrets.set('graph-token', 'b')]);
  expect([await secrets.get('device-token'), await secrets.get('graph-token')]).toEqual(['a', 'b']);
});

test("the operating system's store takes over what another shell kept in the plain file", async () => {
  const plain = createFileSecrets(dataDir, createTestLog().log);
  await plain.set('device-token', 'one');
  await plain.set('graph-token', 'old');
  const secrets = createOsSecrets(dataDir, createTestLog().log, () => undefined);
  expect(await secrets.get('device-token')).toBe('one');
  await secrets.set('graph-token', 'new');
  expect(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')).toBe('{}');
  expect([await secrets.get('device-token'), await secrets.get('graph-token')]).toEqual(['one', 'new']);
  await plain.set('graph-token', 'again');
  await secrets.delete('graph-token');
  expect([await secrets.get('graph-token'), await plain.get('graph-token')]).toEqual([null, null]);
});

test('where nothing encrypts, a secret in the plain file stays there and is used', async () => {
  const plain = createFileSecrets(dataDir, createTestLog().log);
  await plain.set('device-token', 'one');
  standIn.isEncryptionAvailable = false;
  try {
    expect(await createOsSecrets(dataDir, createTestLog().log, () => undefined).get('device-token')).toBe('one');
  } finally {
    standIn.isEncryptionAvailable = true;
  }
  expect(await plain.get('device-token')).toBe('one');
});

test('a file store says that it does not encrypt, and logs no secret', async () => {
  const { log, lines } = createTestLog();
  await createFileSecrets(dataDir, log).set('graph-token', 'very-secret');
  expect(lines).toMatchObject([{ level: 'warn', event: 'secrets.kept_in_file' }]);
  expect(JSON.stringify(lines)).not.toContain('very-secret');
});

test('the operating system stores ciphertext; without a keyring on Linux the user is warned once; without encryption it refuses', async () => {
  standIn.storageBackend = 'basic_text';
  const warn = vi.fn();
  const secrets = createOsSecrets(dataDir, createTestLog().log, warn);
  await secrets.set('graph-token', 'very-secret');
  await secrets.set('graph-token', 'very-secret');
  expect(readFileSync(path.join(dataDir, 'secrets.enc.json'), 'utf8')).not.toContain('very-secret');
  expect(warn).toHaveBeenCalledTimes(process.platform === 'linux' ? 1 : 0);
  expect([findKeysKept('linux'), findKeysKept('win32')]).toEqual(['obscured', 'system']);
  standIn.storageBackend = 'kwallet6';
  expect(findKeysKept('linux')).toBe('system');
  standIn.isEncryptionAvailable = false;
  await expect(secrets.set('graph-token', 'x')).rejects.toThrow('no place to keep secrets');
});
