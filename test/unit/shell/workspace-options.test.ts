import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWorkspaceOptions } from '../../../main/shell/workspace-options.ts';

const read = (flags: Parameters<typeof readWorkspaceOptions>[0], env: NodeJS.ProcessEnv = {}) => readWorkspaceOptions({ 'data-dir': '/data', ...flags }, env);

test('a folder alone is enough for a workspace that was joined before', () => {
  expect(read({})).toEqual({ dataDir: '/data', join: null, number: null, replacementToken: null, api: null, passphrase: null, graphBaseUrl: 'https://graph.facebook.com' });
});

test('secrets may come from the environment, and flags come first', () => {
  const env = { GRAPH_TOKEN: 'from env', API_TOKEN: 'api env' };
  expect(read({ 'phone-number-id': '1098765', 'api-port': '0' }, env)).toMatchObject({ number: { graphToken: 'from env', wabaId: null }, api: { port: 0, token: 'api env' } });
  expect(read({ 'phone-number-id': '1098765', 'graph-token': 'flag', 'api-port': '7', 'api-token': 'flag' }, env)).toMatchObject({ number: { graphToken: 'flag' }, api: { port: 7, token: 'flag' } });
  expect(read({}, env)).toMatchObject({ number: null, replacementToken: 'from env', api: null });
  expect(read({ 'graph-token': 'flag' }, env)).toMatchObject({ number: null, replacementToken: 'flag' });
  expect(read({}, { GRAPH_TOKEN: ' ' })).toMatchObject({ replacementToken: null });
});

test.each([
  [{ 'data-dir': '' }, {}, '--data-dir is missing'],
  [{ invite: 'CODE' }, {}, 'belong together'],
  [{ name: 'Ana' }, {}, 'belong together'],
  [{ relay: 'http://relay.example', invite: 'CODE', name: 'Ana' }, {}, '--relay must be an https:// address'],
  [{ relay: 'relay.example', invite: 'CODE', name: 'Ana' }, {}, '--relay must be'],
  [{ 'phone-number-id': '1098765' }, {}, 'needs a token'],
  [{ 'phone-number-id': '+502 5555 1234', 'graph-token': 'T' }, {}, 'not the phone number itself'],
  [{ 'waba-id': '1' }, {}, 'needs --phone-number-id'],
  [{ 'graph-token': '' }, { GRAPH_TOKEN: 'old' }, '--graph-token is empty'],
  [{ 'api-port': '70000' }, {}, '--api-port must be'],
  [{ 'api-port': '' }, {}, '--api-port must be'],
  [{}, { GRAPH_BASE_URL: 'http://graph.example' }, 'GRAPH_BASE_URL must be'],
])('%j with %j is refused with a reason', (flags, env, reason) => {
  expect(() => read(flags, env)).toThrow(reason);
});

test('loopback needs no TLS', () => {
  expect(read({ relay: 'http://127.0.0.1:8484', invite: 'CODE', name: 'Ana' }, { GRAPH_BASE_URL: 'http://localhost:1' })).toMatchObject({
    join: { relayUrl: 'http://127.0.0.1:8484' },
    graphBaseUrl: 'http://localhost:1',
  });
});

test('the passphrase of a locked folder comes from a file, without its last line break, or from the environment', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-passphrase-'));
  const file = path.join(folder, 'passphrase');
  writeFileSync(file, ' lluvia tejado \r\n', { mode: 0o600 });
  expect(readWorkspaceOptions({ 'data-dir': '/data', 'passphrase-file': file }, { BANDEJA_PASSPHRASE: 'other' }).passphrase).toBe(' lluvia tejado ');
  const env = { BANDEJA_PASSPHRASE: 'lluvia tejado' };
  expect(readWorkspaceOptions({ 'data-dir': '/data' }, env).passphrase).toBe('lluvia tejado');
  expect(env, 'programs started from here do not inherit it').toEqual({});
  rmSync(folder, { recursive: true });
  expect(() => readWorkspaceOptions({ 'data-dir': '/data', 'passphrase-file': file }, {})).toThrow('--passphrase-file cannot be read');
});

test.skipIf(process.platform === 'win32')('a passphrase that others on this computer can read is refused, with the way to mend it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-passphrase-'));
  const file = path.join(folder, 'passphrase');
  writeFileSync(file, 'lluvia tejado');
  for (const mode of [0o644, 0o640, 0o604]) {
    chmodSync(file, mode);
    expect(() => read({ 'passphrase-file': file }), mode.toString(8)).toThrow(`(mode ${mode.toString(8)}): chmod 600 it`);
  }
  chmodSync(file, 0o400);
  expect(read({ 'passphrase-file': file }).passphrase).toBe('lluvia tejado');
  rmSync(folder, { recursive: true });
});
