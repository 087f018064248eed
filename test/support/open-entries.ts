/** Reads a sealed log as a desktop of the team does: with the keys in its folder. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRing, ringSchema } from '../../contract/sealing/key-ring.ts';
import { createWebhookOpener, isSealed, openOp, readEpoch } from '../../contract/sealing/sealed-body.ts';
import type { LogEntry } from '../../contract/wire.ts';
import { SECRETS_FILE } from '../../main/engine/ports.ts';

/** The secrets of all epochs that a desktop has; none: it has no key. */
export function readKeys(dataDir: string): string[] {
  const file = path.join(dataDir, SECRETS_FILE);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)['workspace-keys'] : undefined;
  return kept === undefined ? [] : ringSchema.parse(JSON.parse(kept));
}

/** @param dataDirs of desktops of the team; the newest keys count. */
export async function openEntries(entries: readonly LogEntry[], dataDirs: readonly string[]): Promise<LogEntry[]> {
  const ring = createRing(
    dataDirs
      .map(readKeys)
      .toSorted((a, b) => a.length - b.length)
      .at(-1) ?? [],
  );
  const webhooks = createWebhookOpener(ring);
  const open = async (entry: LogEntry): Promise<LogEntry> => {
    if (entry.kind === 'relay' || !isSealed(entry.body)) return entry;
    if (entry.kind === 'webhook') return { ...entry, body: (await webhooks.open(entry.body)) ?? entry.body };
    const keys = ring.find(readEpoch(entry.body) ?? 0);
    return { ...entry, body: (keys && openOp(keys, entry, entry.body)) ?? '' };
  };
  return Promise.all(entries.map(open));
}
