/**
 * A desktop in a process of its own that joins and reads everything: `joining-desktop.ts RELAY_URL INVITE DATA_DIR`. The
 * ready line tells how long that took, and the most memory the process had until then. Runs on until SIGTERM.
 */
import { createEngine } from '../../../main/engine/engine.ts';
import { createNodePorts } from '../../../main/shell/node-ports.ts';
import { readPeakMb } from '../peak-memory.ts';
import { createTestLog } from '../../support/engine.ts';

const GIVE_UP_AFTER_MS = 3_600_000;
const [relayUrl = '', invite = '', dataDir = ''] = process.argv.slice(2);
const { log, lines } = createTestLog();
const engine = createEngine({ dataDir, graphBaseUrl: 'http://127.0.0.1:9', isDemo: false, version: '0.0.0' }, createNodePorts(dataDir, log));
process.once('SIGTERM', () => void engine.stop().then(() => process.exit(0)));

const from = performance.now();
await engine.enroll({ relayUrl, invite, agentName: 'Ana', deviceName: 'desk' });
await engine.start();
await engine.waitForIdle(GIVE_UP_AFTER_MS);
const ms = performance.now() - from;
process.stdout.write(
  `${JSON.stringify({ event: 'ready', ms, peakMb: readPeakMb() ?? process.resourceUsage().maxRSS / 1024, hasInstalled: lines.some(({ event }) => event === 'snapshot.installed') })}\n`,
);
