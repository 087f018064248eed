/** `npm run chaos`: the long form of the team's worst day (`run-chaos.ts`). Exit codes: 0 everything held, 1 something did not, 2 called wrongly. */
import { parseArgs } from 'node:util';
import { runChaos } from './run-chaos.ts';

const HELP = `Three desktops, a relay and Meta as real processes, on the worst day there is; then everything must be in its place.

npm run chaos [-- options]

  --ops N        things that each desktop does in 8 hours without a line (2000)
  --seed N       chooses what people do and where it breaks (a new one each time; printed)
`;

const readNumber = (name: string, value: string): number => {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number of at least 1\n`);
  process.exit(2);
};

const { values } = parseArgs({ options: { ops: { type: 'string', default: '2000' }, seed: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help) process.stdout.write(HELP);
else {
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : readNumber('seed', values.seed);
  process.stdout.write(`seed ${seed}\n`);
  const report = await runChaos({ seed, offlineOps: readNumber('ops', values.ops), troubledOps: 300, customers: 60, restWithinMs: 300_000, say: (text) => void process.stdout.write(`${text}\n`) });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
