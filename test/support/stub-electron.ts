/**
 * A folder that looks like Electron's own for Linux, so that electron-builder packs without a network: a program that is none but carries
 * Electron's wire of fuses (its sentinel, version 1, length and states; @electron/fuses), and the files that go out beside it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPackage } from '@electron/asar';

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron comes: '1' on, '0' off. */
const WIRE = '101100011';

/** @returns the folder, for `electronDist`. */
export async function makeStubElectron(folder: string, version: string): Promise<string> {
  const dist = path.join(folder, 'electron-stub');
  const defaultApp = path.join(folder, 'default-app');
  for (const made of [path.join(dist, 'resources'), path.join(dist, 'locales'), defaultApp]) mkdirSync(made, { recursive: true });
  writeFileSync(path.join(defaultApp, 'package.json'), '{"main":"main.js"}');
  await createPackage(defaultApp, path.join(dist, 'resources/default_app.asar'));
  writeFileSync(path.join(dist, 'electron'), Buffer.concat([Buffer.from('#!/bin/false\n'), Buffer.from(SENTINEL), Buffer.from([1, WIRE.length]), Buffer.from(WIRE)]), { mode: 0o755 });
  for (const name of ['chrome-sandbox', 'chrome_crashpad_handler']) writeFileSync(path.join(dist, name), '', { mode: 0o755 });
  for (const language of ['de', 'en-US', 'es', 'es-419']) writeFileSync(path.join(dist, `locales/${language}.pak`), '');
  writeFileSync(path.join(dist, 'LICENSE'), "Electron's licence");
  writeFileSync(path.join(dist, 'LICENSES.chromium.html'), "Chromium's licences");
  writeFileSync(path.join(dist, 'version'), version);
  return dist;
}
