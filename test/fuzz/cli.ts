/** `npm run fuzz`: a million wrong inputs. Each target runs in a process of its own, which is ended when it makes no progress. Exit codes: 0 no fault, 1 faults, 2 called wrongly. */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { PARSER_TARGETS } from './parser-targets.ts';
import { PROGRAM_TARGETS } from './program-targets.ts';
import { SEALED_PROGRAM_TARGETS } from './sealed-program-targets.ts';
import { SEALED_TARGETS } from './sealed-targets.ts';
import { runTarget, type TargetReport } from './run-target.ts';

const TARGETS = [...PARSER_TARGETS, ...SEALED_TARGETS, ...PROGRAM_TARGETS, ...SEALED_PROGRAM_TARGETS];
const HELP = `Wrong input for everything that reads what comes from outside.

npm run fuzz -- [options] [target…]    a target by (a part of) its name; none: all of them
  --inputs N   for each target (as many as its campaign has)
  --share N    percent of each campaign (100)
  --seed N     draws the inputs (a new one each time; printed)
  --from N     begins with this input: a fault tells its number

targets: ${TARGETS.map(({ name, inputs }) => `${name} (${inputs.toLocaleString('en')})`).join(', ')}
`;
const SILENT_MAX_MS = 180_000;

/** Told to the process that a target runs in. */
const WORKER = 'worker';

type Job = { name: string; seed: number; inputs: number; from: number };

async function work({ name, ...job }: Job): Promise<void> {
  const target = TARGETS.find((one) => one.name === name)!;
  const report = await runTarget(target, { ...job, onProgress: (done) => void process.send?.({ done }) });
  process.send?.({ report }, () => process.exit(0));
}

/** In a process of its own. One that hangs or dies is a fault of the input it was at. */
function runApart(job: Job): Promise<TargetReport> {
  return new Promise((resolve) => {
    const child = fork(import.meta.filename, [WORKER], { execArgv: [...process.execArgv, '--expose-gc'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let done = 0;
    let errors = '';
    const startedAt = performance.now();
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve({
        name: job.name,
        inputs: done,
        seconds: (performance.now() - startedAt) / 1000,
        slowestMs: 0,
        heapMb: null,
        faults: [{ input: job.from + done, what: `${what}\n${errors.slice(-2_000)}`, last: '(in the next inputs after this number)' }],
      });
    };
    const arm = (): NodeJS.Timeout => setTimeout(() => fail('it hangs'), SILENT_MAX_MS);
    let timer = arm();
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('message', (message: { done?: number; report?: TargetReport }) => {
      clearTimeout(timer);
      if (message.report) return resolve(message.report);
      done = message.done ?? done;
      timer = arm();
    });
    child.once('exit', (code, signal) => fail(`it ended with ${code ?? signal}`));
    child.send(job);
  });
}

async function lead(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { inputs: { type: 'string' }, share: { type: 'string', default: '100' }, seed: { type: 'string' }, from: { type: 'string', default: '0' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const chosen = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.toLowerCase().includes(part.toLowerCase())));
  if (chosen.length === 0) {
    process.stderr.write(`there is no such target; see --help\n`);
    process.exit(2);
  }
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  process.stdout.write(`seed ${seed}\n\n| target | inputs | a second | slowest, ms | heap, MB | faults |\n| --- | ---: | ---: | ---: | ---: | ---: |\n`);
  const reports: TargetReport[] = [];
  for (const { name, inputs } of chosen) {
    const report = await runApart({ name, seed, from: Number(values.from), inputs: values.inputs === undefined ? Math.ceil((inputs * Number(values.share)) / 100) : Number(values.inputs) });
    reports.push(report);
    const { seconds, slowestMs, heapMb, faults } = report;
    const heap = heapMb ? `${heapMb[0].toFixed(0)} → ${heapMb[1].toFixed(0)}` : '';
    process.stdout.write(`| ${name} | ${report.inputs.toLocaleString('en')} | ${Math.round(report.inputs / seconds).toLocaleString('en')} | ${slowestMs.toFixed(0)} | ${heap} | ${faults.length} |\n`);
  }
  const total = reports.reduce((sum, { inputs }) => sum + inputs, 0);
  const faults = reports.flatMap((report) => report.faults.map((fault) => ({ name: report.name, ...fault })));
  process.stdout.write(`\n${total.toLocaleString('en')} inputs, ${faults.length} faults\n`);
  for (const { name, input, what, last } of faults)
    process.stdout.write(`\n${name}, input ${input}: ${what}\n  input: ${last}\n  again: npm run fuzz -- '${name}' --seed ${seed} --from ${input} --inputs 1\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[2] === WORKER) {
  process.once('disconnect', () => process.exit(1));
  process.once('message', (job: Job) => void work(job));
} else await lead();
