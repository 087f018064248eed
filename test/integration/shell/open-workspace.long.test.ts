/** Opening a real workspace from the command line: what may go wrong before the invite is used up, and a token that is replaced. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, type Program } from '../../support/program.ts';
import { startTeam, type Team } from '../../support/team.ts';

const NUMBER = ['--phone-number-id', '109876500000001'];
let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterAll(() => team.stop());

const startEngine = (args: string[], graphToken = ''): Promise<Program> => startProgram('main/engine/cli.ts', args, { GRAPH_BASE_URL: team.meta.url(), GRAPH_TOKEN: graphToken });
const readToken = (dataDir: string): unknown => (JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>)['graph-token'];
function readNumber(dataDir: string): unknown {
  const db = new Database(path.join(dataDir, 'bandeja.db'), { readonly: true });
  try {
    return JSON.parse(db.prepare<[], { value: string }>(`SELECT value FROM setting WHERE key = 'number'`).get()!.value);
  } finally {
    db.close();
  }
}

test('a start that fails for a port or a token does not use up the invite, and its reason stands alone', { timeout: 60_000 }, async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const dataDir = team.makeDataDir();
  const joining = ['--data-dir', dataDir, '--relay', team.relay.url, '--invite', await team.invite()];
  const browser = (...args: string[]): Promise<Program> => startProgram('main/shell/browser/cli.ts', [...joining, '--no-open', ...args], { GRAPH_TOKEN: '' });
  const alone = (code: number, text: string): RegExp => new RegExp(`ended with code ${code} before it was ready\\n${text}[^\\n]*\\n(Try --help\\.\\n)?$`);

  await expect(browser('--port', String(port))).rejects.toThrow(alone(1, `--port ${port}: this port is taken`));
  await expect(browser('--port', '0', '--api-port', String(port))).rejects.toThrow(alone(1, `--api-port ${port}: this port is taken`));
  await expect(browser('--port', String(port), '--api-port', String(port))).rejects.toThrow(alone(2, '--port and --api-port need two different ports'));
  await expect(startEngine([...joining, '--api-port', String(port)])).rejects.toThrow(alone(1, `--api-port ${port}: this port is taken`));
  await expect(startEngine(joining, 'token')).rejects.toThrow(alone(1, `${dataDir} has no WhatsApp number yet`));
  taken.close();
  const program = await startEngine([...joining, '--api-port', String(port)]);
  expect(program.ready).toMatchObject({ api: { url: `http://127.0.0.1:${port}` } });
  expect(await program.stop()).toBe(0);
  await expect(startEngine(['--data-dir', dataDir], 'token')).rejects.toThrow(alone(1, `${dataDir} has no WhatsApp number yet`));
});

test('a token alone replaces the one of the folder, from the environment and as a flag; without one it stays', async () => {
  const dataDir = team.makeDataDir();
  const run = async (args: string[], graphToken?: string): Promise<unknown> => {
    expect(await (await startEngine(['--data-dir', dataDir, ...args], graphToken)).stop()).toBe(0);
    return readToken(dataDir);
  };
  expect(await run(['--relay', team.relay.url, '--invite', await team.invite(), ...NUMBER, '--waba-id', '208765400000001'], 'expired')).toBe('expired');
  expect(await run([], 'from env')).toBe('from env');
  expect(await run(['--graph-token', 'from flag'])).toBe('from flag');
  expect(await run([])).toBe('from flag');
  expect(await run(NUMBER, 'with number')).toBe('with number');
  expect(readNumber(dataDir), 'what was not given again is kept').toMatchObject({ phoneNumberId: NUMBER[1], wabaId: '208765400000001' });
});
