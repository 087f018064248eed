/**
 * Keeps the demo and real workspaces apart. Invariants: a demo's desktop speaks to nobody but programs on this computer; a folder of
 * the demo is opened as nothing else, and a real workspace's folder is never taken for a demo's, which could be reset.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { demoDataDirs, readDemoState } from '../demo/demo-folder.ts';
import { DATABASE_FILE, SEALED_DATABASE_FILE } from '../engine/engine.ts';

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;

/** @throws Error with a text for people. */
export function requireApart({
  dataDir,
  isDemo,
  graphBaseUrl,
  relayUrl,
  join,
}: {
  dataDir: string;
  isDemo: boolean;
  graphBaseUrl: string;
  relayUrl: string | null;
  join: { relayUrl: string } | null;
}): void {
  const isOfDemo = isInDemo(dataDir);
  if (!isDemo && isOfDemo) throw new Error(`${dataDir} belongs to the demo workspace: start it with --demo, or choose another folder for a real one.`);
  if (!isDemo) return;
  for (const url of [graphBaseUrl, relayUrl, join?.relayUrl ?? null]) {
    if (url !== null && !LOOPBACK.test(url.replace(/\/$/, ''))) throw new Error('The demo reaches only its own relay and its own stand-in for Meta, on this computer.');
  }
}

/** @param dir where a demo is to be opened, or reset. @throws Error with a text for people. */
export function requireDemoFolder(dir: string): void {
  if ([DATABASE_FILE, SEALED_DATABASE_FILE].some((name) => existsSync(path.join(dir, name))))
    throw new Error(`${dir} is the folder of a real workspace: the demo needs another one. Nothing was changed.`);
}

function isInDemo(dataDir: string): boolean {
  const dir = path.dirname(dataDir);
  return demoDataDirs(dir).includes(dataDir) && readDemoState(dir) !== null;
}
