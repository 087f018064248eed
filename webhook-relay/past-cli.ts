/**
 * The relay of a demo's past: the same relay, by a clock that its parent turns (8 bytes in the file CLOCK_FILE, ms, big
 * endian). A program of its own, so that no relay of a real team can be told the time. Invariant: it serves loopback only.
 */
import { openSync, readSync } from 'node:fs';
import { openSqliteStore } from './log-store/sqlite.ts';
import { ConfigError, readConfig, resolveDataDir } from './config.ts';
import { serve } from './serve.ts';
import { systemPorts } from './system-ports.ts';

function readClock(file: string): () => number {
  const handle = openSync(file, 'r');
  const bytes = Buffer.alloc(8);
  return () => {
    readSync(handle, bytes, 0, 8, 0);
    return Number(bytes.readBigInt64BE());
  };
}

const config = readConfig(process.env, resolveDataDir(process.env));
if (config.host !== '127.0.0.1' || config.publicUrl !== undefined) throw new ConfigError(['The relay of a past serves 127.0.0.1 only.']);
const now = readClock(process.env['CLOCK_FILE'] ?? '');
// What is cut off is made anew from an empty folder.
await serve(config, { ports: { ...systemPorts, now }, openStore: () => openSqliteStore({ dataDir: config.dataDir, now, newId: systemPorts.newId, isDurable: false }) });
