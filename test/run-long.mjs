/**
 * `npm run test:long`: the property tests with forty times as many histories (20 000), among them those of a normal run, and 10 000 schedules
 * of automatic answers; then a million wrong inputs (`npm run fuzz`), the three whole shifts in the language that a normal run leaves out, and the
 * relay on PostgreSQL with everything that can fail there. About forty-five minutes on two cores.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installIfNeeded } from '../main/dev/install.mjs';
import { findNode, ROOT } from '../main/dev/need-node.mjs';

installIfNeeded();
const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(findNode(), [vitest, 'run', 'test/property'], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PROPERTY_SCALE: '40' } });
const fuzz = spawnSync(findNode(), [path.join(ROOT, 'test/fuzz/cli.ts')], { cwd: ROOT, stdio: 'inherit' });
console.log('\nThe whole shifts in their other language: npm test runs each of them in one, because two would make every run minutes longer.');
const playwright = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
const shifts = spawnSync(findNode(), [playwright, 'test', 'shift-'], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, SHIFTS_IN_OTHER_LANGUAGE: '1' } });
console.log('\nThe relay on PostgreSQL: all that a store could break, then a primary with two standbys that loses its primary, five times.');
const postgres = spawnSync(findNode(), [vitest, 'run', 'test/integration/relay/on-postgres.long.test.ts', 'test/integration/relay/postgres-failover.test.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, ALL_ON_POSTGRES: '1', FAILOVER_ROUNDS: '5' },
});
const all = [status, fuzz.status, shifts.status, postgres.status];
process.exitCode = all.every((code) => code === 0) ? 0 : 1;
