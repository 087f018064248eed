/** The document describes the API truly: a client made from it compiles, and can do everything. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_TEMPLATES } from '../../../main/demo/meta/templates/demo-templates.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { startTeam, type Team } from '../../support/team.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const CLIENT = path.join(ROOT, 'test/generated-client');
const run = promisify(execFile);
type Sent = { type?: string; text?: { body: string } };
type Driver = {
  driveEverything(surroundings: { url: string; token: string; write(from: string, name: string, text: string): void; sent(): Sent[] }): Promise<void>;
  repeatAfterRestart(where: { url: string; token: string }): Promise<void>;
};

let team: Team;
let engine: Program;
let dataDir: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-client-'));
  team = await startTeam();
  team.meta.setTemplates({ seed: DEMO_TEMPLATES.map(({ body, seed }) => ({ body, ...seed })) });
  dataDir = team.makeDataDir();
  engine = await startProgram('main/engine/cli.ts', await team.engineArgs(dataDir), team.engineEnv);
});
afterAll(async () => {
  await engine.stop();
  await team.stop();
  rmSync(folder, { recursive: true, force: true });
});

const where = (): { url: string; token: string } => ({ url: String(engine.ready.url), token: team.engineEnv['API_TOKEN'] ?? '' });

test('a client generated from the OpenAPI document compiles, drives every endpoint, and is understood after a restart', async () => {
  const document = path.join(folder, 'openapi.json');
  writeFileSync(document, await (await fetch(`${where().url}/api/openapi.json`)).text());
  await run(process.execPath, [path.join(ROOT, 'node_modules/oazapfts/dist/cli.js'), document, path.join(CLIENT, 'client.ts')]);
  const compiled = await run(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', CLIENT]).catch((error: { stdout: string }) => error);
  expect(compiled.stdout).toBe('');

  const driver = (await import(pathToFileURL(path.join(CLIENT, 'drive.ts')).href)) as Driver;
  await driver.driveEverything({
    ...where(),
    write: (from, name, text) => void team.meta.customerWrites({ from, name, text }),
    sent: () =>
      team.meta
        .journal()
        .filter(({ accepted, messageId }) => accepted && messageId !== undefined)
        .map(({ body }) => body as Sent),
  });

  await engine.stop();
  engine = await startProgram('main/engine/cli.ts', ['--data-dir', dataDir, '--api-port', '0'], team.engineEnv);
  await driver.repeatAfterRestart(where());
}, 60_000);
