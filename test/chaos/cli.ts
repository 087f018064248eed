/** `npm run chaos`: the long forms of `test/integration/team`. Exit codes: 0 everything held, 1 something did not, 2 called wrongly. */
import { parseArgs } from 'node:util';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { FAULT_CASES } from './faults.ts';
import { writeReliabilityPage } from './reliability-page.ts';
import { runChaos } from './run-chaos.ts';
import { runFaults } from './run-faults.ts';
import { runLongLog } from './long-log.ts';

const HELP = `Desktops, a relay and Meta as real processes, on the worst days there are; then everything must be in its place.

npm run chaos -- [day] [options]      three desktops: cut off, killed, 8 hours offline, all back at once
  --ops N        things that each desktop does in 8 hours without a line (2000)
  --seed N       chooses what people do and where it breaks (a new one each time; printed)

npm run chaos -- faults [options]     one fault after the other into a team at work; what is lost and what is doubled, as a table
  --runs N       of each fault (3)
  --only TEXT    those whose name has it
  --write        keeps the table in docs/reliability.md, unless something was lost or doubled

npm run chaos -- long-log [options]   snapshot, joining, compaction, and a desktop from before it
  --entries N    of the log, in thousands (1000)
`;

const readNumber = (name: string, value: string): number => {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number of at least 1\n`);
  process.exit(2);
};
const readSeed = (): number => (values.seed === undefined ? Date.now() % 1_000_000_000 : readNumber('seed', values.seed));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (report: object): void => say(JSON.stringify(report, null, 2));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ops: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean' },
    entries: { type: 'string', default: '1000' },
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(HELP);
else if (positionals[0] === 'long-log') tell(await runLongLog({ entries: readNumber('entries', values.entries) * 1_000 - 50, withinMs: 1_800_000, say }));
else if (positionals[0] === 'faults') await tryFaults();
else if (positionals[0] === undefined || positionals[0] === 'day') {
  const seed = readSeed();
  say(`seed ${seed}`);
  tell(await runChaos({ seed, offlineOps: readNumber('ops', values.ops), troubledOps: 300, customers: 60, restWithinMs: 300_000, say }));
} else {
  process.stderr.write(`there is no ${positionals[0]}; see --help\n`);
  process.exitCode = 2;
}

async function tryFaults(): Promise<void> {
  const seed = readSeed();
  say(`seed ${seed}\n\n| injected | runs | events in | lost | doubled |\n| --- | ---: | ---: | ---: | ---: |`);
  const faults = FAULT_CASES.filter(({ name }) => name.includes(values.only));
  const rows = await runFaults(faults, { runs: readNumber('runs', values.runs), seed, say });
  const isSound = rows.length > 0 && rows.every(({ problems }) => problems.length === 0);
  if (!isSound) process.exitCode = 1;
  else if (values.write && values.only === '')
    writeFileSync(path.resolve(import.meta.dirname, '../../docs/reliability.md'), writeReliabilityPage(rows, faults, { seed, days: Date.now() / 86_400_000 }));
}
