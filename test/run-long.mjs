/** `npm run test:long`: the property tests with forty times as many histories (20 000), among them those of a normal run, and 10 000 schedules of automatic answers. About twenty minutes on two cores. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installIfNeeded } from '../main/dev/install.mjs';
import { findNode, ROOT } from '../main/dev/need-node.mjs';

installIfNeeded();
const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(findNode(), [vitest, 'run', 'test/property'], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PROPERTY_SCALE: '40' } });
process.exitCode = status ?? 1;
