/** The team's worst day in its short form; `npm run chaos` has the long one. */
import { expect, it } from 'vitest';
import { runChaos } from '../../chaos/run-chaos.ts';

const SEED = 20_261_122;

it(`three desktops with clocks two days wrong, killed, cut off for 8 hours, agree byte for byte and tell every author who lost (seed ${SEED})`, async () => {
  const report = await runChaos({ seed: SEED, offlineOps: 300, troubledOps: 90, customers: 30, restWithinMs: 60_000, say: () => undefined });
  console.log(JSON.stringify(report));
  // It counts for nothing if nothing broke.
  for (const name of ['lostAcks', 'cutConnections', 'enginesKilled', 'relaysKilled', 'webhooksWhileOffline', 'told', 'sent', 'held'] as const) expect(report[name], name).toBeGreaterThan(0);
  for (const outcome of ['applied', 'merged', 'superseded', 'held', 'forbidden'] as const) expect(report.outcomes[outcome] ?? 0, outcome).toBeGreaterThan(0);
}, 120_000);
