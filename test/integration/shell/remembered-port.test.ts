import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { implement } from '@orpc/server';
import { contract } from '../../../contract/api.ts';
import { createBrowserShell } from '../../../main/shell/browser/serve.ts';
import { rememberPort, startOnRememberedPort } from '../../../main/shell/browser/remembered-port.ts';
import type { ServedRouter } from '../../../main/engine/api/call-errors.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-port-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const createShell = (port: number) => createBrowserShell({ router: () => implement(contract) as unknown as ServedRouter, rendererDir: dataDir, files: () => null, port, log: () => undefined });
const portOf = (shell: { url: string }): string => new URL(shell.url).port;

it('serves the window where it was last time, so that the page finds its unfinished texts', async () => {
  const first = await startOnRememberedPort(dataDir, createShell);
  const port = portOf(first);
  await first.stop();
  const second = await startOnRememberedPort(dataDir, createShell);
  expect(portOf(second)).toBe(port);
  const third = await startOnRememberedPort(dataDir, createShell);
  expect(portOf(third), 'a taken port is no reason not to start').not.toBe(port);
  await Promise.all([second.stop(), third.stop()]);
});

it('takes a free port where the note is damaged', async () => {
  writeFileSync(path.join(dataDir, 'window-port'), 'no port');
  const shell = await startOnRememberedPort(dataDir, createShell);
  expect(Number(portOf(shell))).toBeGreaterThan(1023);
  await shell.stop();
});

it('comes back to a port that was asked for, without being asked again', async () => {
  const asked = createShell(0);
  await asked.start();
  rememberPort(dataDir, asked);
  const port = portOf(asked);
  await asked.stop();
  const again = await startOnRememberedPort(dataDir, createShell);
  expect(portOf(again)).toBe(port);
  await again.stop();
});
