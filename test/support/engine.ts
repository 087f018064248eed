/** The real engine in this process, on a folder of its own and without a workspace: for tests of what surrounds it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '../../contract/log.ts';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import { createNodePorts } from '../../main/shell/node-ports.ts';

export type LogLine = { level: string; event: string } & Record<string, unknown>;

/** A log that keeps its lines. */
export function createTestLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { lines, log: (level, event, fields) => void lines.push({ ...fields, level, event }) };
}

export async function startEmptyEngine(log: Log): Promise<Engine & { remove(): Promise<void> }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-engine-'));
  const engine = createEngine({ dataDir, graphBaseUrl: 'http://127.0.0.1:9', isDemo: false, version: '0.0.0' }, createNodePorts(dataDir, log));
  await engine.start();
  return {
    ...engine,
    remove: async () => {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
