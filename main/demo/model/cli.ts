/** `npm run model`: the stand-in for a model's server as a program. Prints one ready line on stdout; logs go to stderr. */
import { parseArgs } from 'node:util';
import { createLog } from '../../../contract/log.ts';
import { explainPort } from '../../shell/port-check.ts';
import { endProcessWith, runProgram, UsageError } from '../../shell/process-lifetime.ts';
import { MODEL_FAULTS } from './faults.ts';
import { createModelStandIn, STAND_IN_MODELS, type ModelStandInOptions } from './stand-in.ts';

const DEFAULT_PIECE_MS = 60;

const OPTIONS = {
  port: { type: 'string', default: '0' },
  key: { type: 'string' },
  'piece-ms': { type: 'string', default: String(DEFAULT_PIECE_MS) },
  help: { type: 'boolean', default: false },
} as const;

const help = (): string => `A stand-in for a model's server (OpenAI-compatible), on 127.0.0.1 only. It understands nothing: it answers with the facts
of the prompt that share words with the question.

npm run model -- [options]

  --port N       0, the default, takes a free port
  --key KEY      refuses calls with another key (or MODEL_KEY; default: any key or none)
  --piece-ms N   pause between two pieces of a text (default ${DEFAULT_PIECE_MS})

In Bandeja, the model's address is the baseUrl of the ready line, and the model ${STAND_IN_MODELS[0]} (for vectors ${STAND_IN_MODELS[1]}).

GET  /_journal   calls in order, with their bodies; of a key only whether one came. DELETE clears
GET  /_model     what is set; POST changes what is named:
  {"reset": true}                    takes everything back
  {"fault": NAME}                    from the next call on; null: none. The names are below
  {"pieceMs": N, "pieceLength": N}   pace and size of the pieces
  {"replies": [{"match": "horario", "text": "Abrimos a las 8. [K1]", "times": 1}]}
                                     answers what matches (a regular expression over the whole prompt) with this text; times: only so often

Faults:
${Object.entries(MODEL_FAULTS)
  .map(([name, meaning]) => `  ${name.padEnd(30)} ${meaning}`)
  .join('\n')}

For example, with the url of the ready line:
  curl -d '{"fault": "stalls"}' URL/_model
  curl URL/_journal
`;

function readWholeNumber(name: string, value: string, max: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > max) throw new UsageError(`--${name} must be a whole number from 0 to ${max}`);
  return number;
}

/** Flags come before the environment. @returns null if only the help was asked for. */
function readOptions(args: string[], env: NodeJS.ProcessEnv): ModelStandInOptions | null {
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  if (values.help) return null;
  return { port: readWholeNumber('port', values.port, 65_535), key: values.key ?? (env['MODEL_KEY']?.trim() || undefined), pieceMs: readWholeNumber('piece-ms', values['piece-ms'], 60_000) };
}

async function main(): Promise<void> {
  const log = createLog(
    (line) => process.stderr.write(`${line}\n`),
    () => Date.now(),
    'model',
  );
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    process.stdout.write(help());
    return;
  }
  const standIn = createModelStandIn({ ...options, log });
  // When the parent is gone, what it read from us may be too; a log line that nobody takes must not keep us from stopping.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  endProcessWith(() => standIn.stop(), log);
  process.channel?.unref(); // listening would keep a stand-in alive that could not start
  await explainPort('--port', options.port ?? 0, () => standIn.start());
  const baseUrl = standIn.baseUrl();
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: new URL(baseUrl).origin, baseUrl })}\n`);
}

await runProgram(main);
