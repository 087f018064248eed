/** `npm run load`: one relay under the load of a large team. Exit codes: 0 everything held, 1 something did not, 2 called wrongly. Times are told, not judged. */
import { parseArgs } from 'node:util';
import { errorText } from '../../contract/log.ts';
import { describeMachine, readMachine } from '../bench/report.ts';
import { BODY_BYTES } from '../bench/webhook-acks/signed-requests.ts';
import { PERFORMANCE_PAGE, rewritePart } from '../support/page-part.ts';
import { whyNoPostgres } from '../support/postgres.ts';
import { describeReports, listFailures, type LoadReport } from './load-report.ts';
import { describeLoad } from './performance-page.ts';
import type { StoreName } from './relay-under-load.ts';
import { runLoad } from './run-load.ts';

const HELP = `One relay, many desktops, and Meta at a rising pace: where its ceiling is, how it answers at 70 % of it, and that nothing is lost, doubled or out of order.

npm run load -- [options]

  --desktops N   that are connected (2000); each needs two open files
  --backlog N    entries of the log before anybody connects, in thousands (200)
  --seconds N    how long 70 % of the ceiling is held (120)
  --rate N       webhooks a second, instead of 70 % of a ceiling that is looked for
  --step N       seconds of each rate on the way to the ceiling (5)
  --slow N       desktops that stop reading for a while (one in a hundred)
  --clients N    processes that the desktops share (2)
  --store NAME   sqlite or postgres (both)
  --write        keeps the table in docs/performance.md, unless something was lost or doubled
`;

class UsageError extends Error {}

const { values } = readArgs();
if (values.help) process.stdout.write(HELP);
else
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof UsageError ? `${error.message}\nTry --help.` : error instanceof Error ? (error.stack ?? error.message) : errorText(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }

function readArgs() {
  try {
    return parseArgs({
      options: {
        desktops: { type: 'string', default: '2000' },
        backlog: { type: 'string', default: '200' },
        seconds: { type: 'string', default: '120' },
        rate: { type: 'string' },
        step: { type: 'string', default: '5' },
        slow: { type: 'string' },
        clients: { type: 'string', default: '2' },
        store: { type: 'string' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`${errorText(error)}\nTry --help.\n`);
    process.exit(2);
  }
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (!(Number.isSafeInteger(number) && number > 0)) throw new UsageError(`--${name} must be a whole number of at least 1`);
  return number;
}

function readStores(): StoreName[] {
  if (values.store === 'sqlite') return ['SQLite'];
  const why = whyNoPostgres();
  if (values.store === 'postgres') {
    if (why !== undefined) throw new UsageError(why);
    return ['PostgreSQL'];
  }
  if (values.store !== undefined) throw new UsageError('--store is sqlite or postgres');
  if (why !== undefined) say(`without PostgreSQL: ${why}`);
  return why === undefined ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
}

async function run(): Promise<boolean> {
  const desktops = readNumber('desktops', values.desktops);
  const slow = values.slow === undefined ? Math.ceil(desktops / 100) : readNumber('slow', values.slow);
  if (slow >= desktops) throw new UsageError('--slow must be fewer than --desktops');
  const options = {
    desktops,
    processes: Math.min(desktops, readNumber('clients', values.clients)),
    backlog: readNumber('backlog', values.backlog) * 1_000,
    perSecond: values.rate === undefined ? null : readNumber('rate', values.rate),
    seconds: readNumber('seconds', values.seconds),
    stepSeconds: readNumber('step', values.step),
    slow,
    bodyBytes: BODY_BYTES,
    slowBodyBytes: BODY_BYTES,
    isBesideBare: true,
  };
  const stores = readStores();
  if (values.write && values.store !== undefined) throw new UsageError('--write keeps a table of both stores: leave --store out');
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort(new Error(signal)));

  const machine = readMachine();
  say(`${describeMachine(machine)}\n`);
  const reports: LoadReport[] = [];
  for (const store of stores) reports.push(await runLoad({ ...options, store, signal: stopping.signal, say: (text) => say(`${new Date().toISOString().slice(11, 19)}  ${text}`) }));
  say(`\n${describeReports(reports)}`);
  const failures = reports.flatMap((report) => listFailures(report).map((failure) => `${report.store}: ${failure}`));
  for (const failure of failures) say(failure);
  if (failures.length > 0) return false;
  if (values.write) rewritePart(PERFORMANCE_PAGE, 'load', () => describeLoad(reports, machine, Date.now() / 86_400_000));
  return true;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
