/** `npm run replay`: posts a folder of webhook bodies to a relay and accounts for every one of them. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorText } from '../../contract/log.ts';
import { WEBHOOK_PATH } from '../../contract/wire.ts';
import { openAppliedEntries } from './applied-entries.ts';
import { makeFolder, startOwnEngine, startOwnRelay } from './own-workspace.ts';
import { replayFile, type FileReport, type Target } from './replay-files.ts';

const HELP = `Posts every JSON file of a folder, signed, one after another, and says what became of it.

npm run replay -- DIR [--unique-ids] [--json] [--relay URL --app-secret SECRET [--invite CODE]]

  --unique-ids         gives the messages and statuses of each file ids of their own
  --json               one JSON object for each file, and one with the summary
  --relay URL          an existing relay instead of an own one in a temporary folder, with:
    --app-secret SECRET  its app secret
    --invite CODE        lets an own engine join, to see what is applied; without it only the relay is looked at

Exit code 0: every file was answered 200 and everything in it is accounted for; 1: not; 2: called wrongly.
`;

class UsageError extends Error {}

type Relay = { url: string; appSecret: string; invite: string | null };
type Options = { dir: string; hasUniqueIds: boolean; isJson: boolean; relay: Relay | null };
/** What is to be ended, in this order. */
type CleanUps = (() => Promise<unknown> | void)[];

/** How long the engine may take to apply the items of one file. */
const APPLIED_WITHIN_MS = 15_000;

/** @returns null if only the help was asked for. */
function readOptions(): Options | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'unique-ids': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      relay: { type: 'string' },
      'app-secret': { type: 'string' },
      invite: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const [dir, ...others] = positionals;
  if (dir === undefined || others.length > 0) throw new UsageError('Exactly one folder is needed.');
  const { relay, 'app-secret': appSecret, invite } = values;
  if (relay === undefined && (appSecret !== undefined || invite !== undefined)) throw new UsageError('--app-secret and --invite need --relay');
  if (relay !== undefined && appSecret === undefined) throw new UsageError('--relay needs --app-secret');
  return { dir, hasUniqueIds: values['unique-ids'], isJson: values.json, relay: relay === undefined || appSecret === undefined ? null : { url: relay, appSecret, invite: invite ?? null } };
}

function listJsonFiles(dir: string): string[] {
  const stat = statSync(dir, { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`There is no folder ${path.resolve(dir)}. Give a folder with webhook bodies, one .json file each.`);
  if (!stat.isDirectory()) throw new UsageError(`${path.resolve(dir)} is a file. Give the folder in which it lies; every .json file there is posted.`);
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
  if (files.length === 0) throw new UsageError(`There is no .json file in ${path.resolve(dir)}.`);
  return files;
}

async function replay({ dir, hasUniqueIds, isJson, relay }: Options, files: string[]): Promise<boolean> {
  const { folder, remove } = makeFolder();
  const cleanups: CleanUps = [remove];
  const cleanUp = async (): Promise<void> => {
    for (const run of cleanups.splice(0)) await run();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  try {
    const { url, appSecret, invite } = relay ?? (await startRelay(folder, cleanups));
    const target: Target = { webhookUrl: new URL(WEBHOOK_PATH, url).href, healthUrl: new URL('/healthz', url).href, appSecret, entries: null, appliedWithinMs: APPLIED_WITHIN_MS };
    if (invite !== null) {
      const { program, database } = await startOwnEngine(folder, url, invite);
      cleanups.unshift(() => program.stop());
      const entries = openAppliedEntries(database);
      cleanups.unshift(() => entries.close());
      target.entries = entries;
    }

    const reports: FileReport[] = [];
    for (const file of files) {
      const report = await replayFile(target, dir, file, hasUniqueIds);
      reports.push(report);
      print(isJson ? JSON.stringify(report) : describeReport(report));
    }
    const summary = summarize(reports);
    print(isJson ? JSON.stringify({ summary }) : describeSummary(summary));
    return reports.every((report) => report.isAccounted);
  } finally {
    await cleanUp();
  }
}

async function startRelay(folder: string, cleanups: CleanUps): Promise<Relay> {
  const own = await startOwnRelay(folder);
  cleanups.unshift(() => own.stop());
  return { url: own.url, appSecret: own.appSecret, invite: await own.invite() };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const describeReport = ({ file, status, stored, duplicates, unrecognised, shownAs, lost }: FileReport): string =>
  [
    `${status ?? 'no answer'}`.padEnd(4),
    `${stored} stored`,
    ...(duplicates > 0 ? [`${duplicates} duplicate`] : []),
    ...(unrecognised > 0 ? [`${unrecognised} unrecognised`] : []),
    ...(lost > 0 ? [`${lost} LOST`] : []),
    file,
    ...(shownAs.length > 0 ? [`→ ${shownAs.join('; ')}`] : []),
  ].join('  ');

type Summary = { files: number; answered200: number; accounted: number; stored: number; duplicates: number; unrecognised: number; lost: number; outcomes: Record<string, number> };

function summarize(reports: FileReport[]): Summary {
  const sum = (read: (report: FileReport) => number): number => reports.reduce((total, report) => total + read(report), 0);
  const outcomes: Record<string, number> = {};
  for (const report of reports) for (const [outcome, count] of Object.entries(report.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
  return {
    files: reports.length,
    answered200: reports.filter((report) => report.status === 200).length,
    accounted: reports.filter((report) => report.isAccounted).length,
    stored: sum((report) => report.stored),
    duplicates: sum((report) => report.duplicates),
    unrecognised: sum((report) => report.unrecognised),
    lost: sum((report) => report.lost),
    outcomes,
  };
}

const describeSummary = ({ files, answered200, accounted, stored, duplicates, unrecognised, lost, outcomes }: Summary): string =>
  `${files} files: ${answered200} answered 200, ${accounted} accounted for; ${stored} entries stored (${unrecognised} unrecognised), ${duplicates} duplicates, ${lost} lost` +
  (Object.keys(outcomes).length === 0
    ? ''
    : `; outcomes: ${Object.entries(outcomes)
        .map(([outcome, count]) => `${outcome} ${count}`)
        .join(', ')}`);

try {
  const options = readOptions();
  if (options) {
    const files = listJsonFiles(options.dir);
    process.exitCode = (await replay(options, files)) ? 0 : 1;
  } else {
    process.stdout.write(HELP);
  }
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  process.stderr.write(`${isUsage ? `${error.message}\nTry --help.` : errorText(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
