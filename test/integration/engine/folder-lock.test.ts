import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEngine } from '../../../main/engine/engine.ts';
import { createNodePorts } from '../../../main/shell/node-ports.ts';

const ENGINE = path.resolve(import.meta.dirname, '../../../main/engine/engine.ts');
const PORTS = path.resolve(import.meta.dirname, '../../../main/shell/node-ports.ts');
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const open = () =>
  createEngine(
    { dataDir, graphBaseUrl: 'http://127.0.0.1:1', isDemo: false, version: '0' },
    createNodePorts(dataDir, () => undefined),
  );

it('refuses a second engine on one folder, which would send messages twice, and opens it after a stop', async () => {
  const first = open();
  expect(open).toThrow(/open in another Bandeja/);
  await first.stop();
  await open().stop();
});

it('is given back by an engine that is killed', async () => {
  const script = `const { createEngine } = await import(${JSON.stringify(ENGINE)}); const { createNodePorts } = await import(${JSON.stringify(PORTS)});
    createEngine({ dataDir: ${JSON.stringify(dataDir)}, graphBaseUrl: 'http://127.0.0.1:1', isDemo: false, version: '0' }, createNodePorts(${JSON.stringify(dataDir)}, () => undefined));
    console.log('open'); setInterval(() => undefined, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  expect(open).toThrow(/open in another Bandeja/);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await open().stop();
});
