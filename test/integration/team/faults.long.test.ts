/** A few of the faults of `npm run chaos -- faults`, and the page that it keeps. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULT_CASES } from '../../chaos/faults.ts';
import { runFault } from '../../chaos/run-faults.ts';

const SEED = 20_261_123;
/** The others are as long, and tests of their own hold what they are about. */
const FEW = ['desktop killed before it hears the ack', 'relay’s disk full', 'frames change places', 'a second relay on the same SQLite file'];

describe('nothing is lost and nothing doubled', () => {
  it.each(FAULT_CASES.filter(({ name }) => FEW.includes(name)).map((fault) => [fault.name, fault] as const))(`%s (seed ${SEED})`, { timeout: 180_000 }, async (_name, fault) => {
    const { eventsIn, lost, doubled } = await runFault(fault, SEED);
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
    expect(eventsIn).toBeGreaterThan(20);
  });

  it('docs/reliability.md has a row for every fault, and says so of each (else: npm run chaos -- faults --write)', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/reliability.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (.+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(([, name, runs, eventsIn, lost, doubled]) => ({
      name,
      isTried: Number(runs) > 0 && Number(eventsIn) > 0,
      lost,
      doubled,
    }));
    expect(rows.slice(0, -1)).toEqual(FAULT_CASES.map(({ name }) => ({ name, isTried: true, lost: '0', doubled: '0' })));
  });
});
