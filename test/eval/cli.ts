/**
 * `npm run eval`: what the AI parts are worth, each figure beside its bar. Exit codes: 0 all bars reached, 1 a figure is below its bar
 * or a part failed, 2 called wrongly.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorText } from '../../contract/log.ts';
import { describeFigure, hasReached, type EvalPart } from './part.ts';
import { PARTS } from './parts.ts';

const NAMES = Object.keys(PARTS);
const HELP = `Measures the AI parts, each figure beside its bar.

npm run eval                             everything, on our own fixtures
npm run eval -- NAME… [--data PATH]

${Object.entries(PARTS)
  .map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}`)
  .join('\n')}

  --data PATH  a folder with public data sets: xquad.es.json, xquad.en.json, banking77_test.csv
`;

class UsageError extends Error {}

function readOptions(): { names: string[]; dataDir: string | null } | null {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' }, help: { type: 'boolean', default: false } } });
  if (values.help) return null;
  const unknown = positionals.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no part ${unknown}`);
  if (values.data !== undefined && !existsSync(values.data)) throw new UsageError(`there is nothing at ${values.data}`);
  return { names: positionals.length === 0 ? NAMES : positionals, dataDir: values.data === undefined ? null : path.resolve(values.data) };
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** @returns whether every figure reached its bar. */
async function runParts({ names, dataDir }: { names: string[]; dataDir: string | null }): Promise<boolean> {
  let missed = 0;
  for (const name of names) {
    print(name);
    try {
      const figures = await (PARTS[name] as EvalPart).measure({ dataDir });
      for (const figure of figures) print(describeFigure(figure));
      missed += figures.filter((figure) => !hasReached(figure)).length;
    } catch (error) {
      missed += 1;
      process.stderr.write(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : errorText(error)}\n`);
    }
  }
  print(missed === 0 ? 'Every bar is reached.' : `${missed} below the bar.`);
  return missed === 0;
}

try {
  const options = readOptions();
  if (options) process.exitCode = (await runParts(options)) ? 0 : 1;
  else process.stdout.write(HELP);
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  process.stderr.write(`${isUsage ? `${error.message}\nTry --help.` : errorText(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
