/** The real engine over prepared data, without relay, Meta and timers: it answers its contract and does nothing else. */
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { EngineRouter } from '../../../main/engine/api/router.ts';
import { createEngine, type Engine } from '../../../main/engine/engine.ts';
import { LOG_END } from './support-log.ts';

export type BenchEngine = { engine: Engine; client: RouterClient<EngineRouter> };

export function openBenchEngine(dataDir: string): BenchEngine {
  let ids = 0;
  const engine = createEngine(
    { dataDir, graphBaseUrl: 'http://127.0.0.1:1', isDemo: false, version: '0.0.0' },
    {
      clock: { now: () => LOG_END },
      ids: { next: () => `id-${(ids += 1)}` },
      random: () => 0.5,
      fetch: () => Promise.reject(new Error('benchmarks call nobody')),
      secrets: { get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() },
      keysKept: 'file',
      log: () => undefined,
      readFile: () => Promise.resolve(null),
      showBadge: () => undefined,
      showNotice: null,
    },
  );
  return { engine, client: createRouterClient(engine.router) };
}
