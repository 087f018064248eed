/** Desktops (real engines in this process) around `fake-relay.ts`, in one temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { Role } from '../../contract/wire.ts';
import type { EngineRouter } from '../../main/engine/api/router.ts';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import type { EnginePorts } from '../../main/engine/ports.ts';
import { createNodePorts } from '../../main/shell/node-ports.ts';
import { createTestLog, type LogLine } from './engine.ts';
import { startFakeRelay, type FakeRelay } from './fake-relay.ts';

export type FakeDesktop = { engine: Engine; client: RouterClient<EngineRouter>; dataDir: string; deviceId: string; lines: LogLine[]; stop(): Promise<void>; state(): Promise<string> };
export type FakeTeam = {
  relay: FakeRelay;
  folder: string;
  /** An enrolled desktop; `dataDir` of one that is stopped opens it again. */
  addDesktop(options?: {
    role?: Role;
    name?: string;
    dataDir?: string;
    /** False: it is not enrolled here. */ isNew?: boolean;
    ports?: Partial<EnginePorts>;
    /** Before the engine is made. */ setUp?: (ports: EnginePorts) => Promise<void>;
  }): Promise<FakeDesktop>;
  stop(): Promise<void>;
};

export async function startFakeTeam(): Promise<FakeTeam> {
  const relay = await startFakeRelay();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-fake-team-'));
  const running = new Set<Engine>();
  let count = 0;
  return {
    relay,
    folder,
    addDesktop: async ({ role = 'agent', name = 'Ana', isNew = true, dataDir = path.join(folder, `desktop-${(count += 1)}`), ports = {}, setUp } = {}) => {
      const { log, lines } = createTestLog();
      const allPorts = { ...createNodePorts(dataDir, log), ...ports };
      await setUp?.(allPorts);
      const engine = createEngine({ dataDir, graphBaseUrl: 'http://127.0.0.1:9', isDemo: false, version: '0.0.0' }, allPorts);
      running.add(engine);
      if (isNew && !engine.isEnrolled()) await engine.enroll({ relayUrl: relay.url, invite: relay.invite(role), agentName: name, deviceName: 'desk' });
      const deviceId = [...relay.state.devices.keys()].at(-1) ?? '';
      await engine.start();
      const client = createRouterClient(engine.router);
      return {
        engine,
        client,
        dataDir,
        deviceId,
        lines,
        state: async () => (await client.session.sync({})).state,
        stop: async () => {
          if (running.delete(engine)) await engine.stop();
        },
      };
    },
    stop: async () => {
      for (const engine of running) await engine.stop();
      await relay.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
