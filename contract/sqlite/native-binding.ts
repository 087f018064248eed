/**
 * Where SQLite's native part lies. From the sources better-sqlite3 finds its own; a built program (`out/main`,
 * `out/relay`) has it bundled without node_modules and takes the file that the build put into `out/native`.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const OS_NAMES: Partial<Record<NodeJS.Platform, string>> = { darwin: 'mac', win32: 'win' };

/** Older ones end in a crash without a message when a database is opened. */
const NODE_MAJOR_MIN = 22;

/** Its text is a sentence for whoever started the program. */
export class NodeTooOldError extends Error {}

/** For programs to call before they write anything. @throws NodeTooOldError */
export function requireNode(): void {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) throw new NodeTooOldError(`Bandeja needs Node.js 24; this is ${process.version}.`);
}

/** Spread into better-sqlite3's options: `new Database(file, { ...nativeBindingOption() })`. @throws NodeTooOldError */
export function nativeBindingOption(): { nativeBinding?: string } {
  requireNode();
  return findBinding('');
}

/** The same for better-sqlite3-multiple-ciphers. */
export const cipherBindingOption = (): { nativeBinding?: string } => findBinding('cipher-');

function findBinding(prefix: string): { nativeBinding?: string } {
  const os = OS_NAMES[process.platform] ?? process.platform;
  const file = path.resolve(import.meta.dirname, '../native', `${prefix}${os}-${process.arch}.node`);
  // The types know only paths; better-sqlite3 also takes the loaded addon, and loading it here works in a bundle and inside an asar.
  return existsSync(file) ? { nativeBinding: createRequire(import.meta.url)(file) as string } : {};
}
