/** `npm run meta`: the stand-in for Meta as a program. Prints one ready line on stdout; logs go to stderr. */
import { parseArgs } from 'node:util';
import { createLog } from '../../../contract/log.ts';
import { explainPort } from '../../shell/port-check.ts';
import { endProcessWith, runProgram, UsageError } from '../../shell/process-lifetime.ts';
import { describeFaults } from './fault-descriptions.ts';
import { MESSAGE_KINDS } from './sample-messages.ts';
import { createMetaStandIn, DEFAULT_PHONE_NUMBER_ID, DEFAULT_STATUS_DELAY_MS, DEFAULT_WABA_ID, toStatusDelays, type MetaStandInOptions } from './stand-in.ts';

const OPTIONS = {
  port: { type: 'string', default: '0' },
  webhook: { type: 'string' },
  'app-secret': { type: 'string' },
  'verify-token': { type: 'string' },
  token: { type: 'string' },
  'phone-number-id': { type: 'string' },
  'waba-id': { type: 'string' },
  script: { type: 'string' },
  'script-pace': { type: 'string', default: '1' },
  memory: { type: 'string' },
  templates: { type: 'string' },
  'review-ms': { type: 'string', default: '1500' },
  seed: { type: 'string' },
  'status-delay-ms': { type: 'string', default: String(DEFAULT_STATUS_DELAY_MS) },
  'no-read': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const help = (): string => `A stand-in for Meta's WhatsApp Cloud API, on 127.0.0.1 only.

npm run meta -- --webhook URL --app-secret SECRET [options]

  --port N               0, the default, takes a free port
  --webhook URL          where webhooks are posted; without it none are
  --app-secret SECRET    signs the webhooks (or META_APP_SECRET)
  --verify-token TOKEN   verifies the webhook address at the start (or META_VERIFY_TOKEN)
  --token TOKEN          refuses Graph calls with another bearer token (or GRAPH_TOKEN; default: any token)
  --phone-number-id ID   default ${DEFAULT_PHONE_NUMBER_ID}
  --waba-id ID           default ${DEFAULT_WABA_ID}
  --script demo          customers who wrote, write and answer
  --script-pace X        1 is lifelike, 0.1 ten times faster
  --memory FILE          keeps customers, message ids and templates over a restart
  --templates demo       the account begins with templates of every kind
  --review-ms N          a new or edited template is reviewed after N (default 1500); 0: only by POST /_templates
  --seed N               the same ids and choices in every run
  --status-delay-ms N    sent after N, delivered after 2 N, read after 5 N (default ${DEFAULT_STATUS_DELAY_MS})
  --no-read              customers never show that they have read

GET  /_state      webhooks waiting and delivered
GET  /_journal    Graph calls in order; DELETE clears
POST /_customer   {"from": "50255501234", "name": "…", "text": "…"}, or {"type": "location", "message": {"location": {…}}};
                  also userId, username, timestamp (seconds), quotes (a message id), times, isStandby.
                  Instead of text: "kind", a sample of ${MESSAGE_KINDS.join(', ')};
                  "reactsTo": ID with "emoji" (empty: takes it away), "edits": ID with "text", "revokes": ID,
                  "changesNumberTo": "502…", "changesUserIdTo": "GT.…",
                  "marketing": "stop" or "resume": they want no more advertising, or want it again
POST /_phone      a colleague writes on the phone that has the same number: {"to": "50255501234", "text": "…"}; also kind, quotes,
                  reactsTo, edits, revokes, timestamp
GET  /_templates  the account's templates; POST:
                  {"change": {"name": "…", "status": "REJECTED", "reason": "PROMOTIONAL"}} with its webhook; also language, quality
                  (GREEN, YELLOW, RED, UNKNOWN), category, correctCategory (announced for tomorrow), and the statuses
                  APPROVED, PENDING, PAUSED, DISABLED, IN_APPEAL, ARCHIVED, LIMIT_EXCEEDED;
                  {"seed": [{"body": {as POST message_templates takes it}, "status": "PAUSED"}]} puts templates there;
                  {"reviewMs": 0} as --review-ms, from now on
POST /_webhook    any change: {"field": "account_update", "value": {"event": "ACCOUNT_VIOLATION", …}}
POST /_verify     verifies the webhook address again
GET  /_faults     what is wrong now; POST changes the named knobs, {"reset": true} takes all back:
${describeFaults()
  .map(({ name, meaning, shape, default: off, example }) => `  ${name}: ${shape} [${JSON.stringify(off)}]\n      ${meaning}\n      ${JSON.stringify({ [name]: example })}`)
  .join('\n')}

In [ ] stands what it is without a fault. For example, with the url of the ready line:
  curl -d '{"from": "50255501234", "name": "Rosa", "text": "Hola"}' URL/_customer
  curl -d '{"sendErrors": [{"code": 131047}], "duplicates": 1}' URL/_faults
  curl -d '{"reset": true}' URL/_faults
`;

function readWholeNumber(name: string, value: string, max: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > max) throw new UsageError(`--${name} must be a whole number from 0 to ${max}`);
  return number;
}

const textOf = (value: string | undefined): string | undefined => value?.trim() || undefined;

/** Flags come before the environment. @returns null if only the help was asked for. */
function readOptions(args: string[], env: NodeJS.ProcessEnv): MetaStandInOptions | null {
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  if (values.help) return null;
  const appSecret = values['app-secret'] ?? textOf(env['META_APP_SECRET']);
  if (values.webhook !== undefined && !/^https?:\/\//.test(values.webhook)) throw new UsageError('--webhook must be an http(s) URL');
  if (values.webhook !== undefined && appSecret === undefined) throw new UsageError('--webhook needs --app-secret or META_APP_SECRET');
  if (values.script !== undefined && values.script !== 'demo') throw new UsageError('--script knows only demo');
  if (values.templates !== undefined && values.templates !== 'demo') throw new UsageError('--templates knows only demo');
  const pace = Number(values['script-pace']);
  if (!(pace > 0 && pace <= 100)) throw new UsageError('--script-pace must be a number above 0');
  return {
    webhookUrl: values.webhook ?? null,
    appSecret: appSecret ?? '',
    verifyToken: values['verify-token'] ?? textOf(env['META_VERIFY_TOKEN']),
    token: values.token ?? textOf(env['GRAPH_TOKEN']),
    port: readWholeNumber('port', values.port, 65_535),
    phoneNumberId: values['phone-number-id'],
    wabaId: values['waba-id'],
    statusDelays: toStatusDelays(readWholeNumber('status-delay-ms', values['status-delay-ms'], 3_600_000)),
    hasReadReceipts: !values['no-read'],
    memoryFile: values.memory,
    templates: values.templates,
    templateReviewMs: readWholeNumber('review-ms', values['review-ms'], 86_400_000),
    seed: values.seed === undefined ? undefined : readWholeNumber('seed', values.seed, 2 ** 32 - 1),
    script: values.script,
    scriptPace: pace,
  };
}

async function main(): Promise<void> {
  const log = createLog(
    (line) => process.stderr.write(`${line}\n`),
    () => Date.now(),
    'meta',
  );
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    process.stdout.write(help());
    return;
  }
  const standIn = createMetaStandIn({ ...options, log });
  // When the parent is gone, what it read from us may be too; a log line that nobody takes must not keep us from stopping.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  endProcessWith(() => standIn.stop(), log);
  process.channel?.unref(); // listening would keep a stand-in alive that could not start
  await explainPort('--port', options.port ?? 0, () => standIn.start());
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: standIn.url(), phoneNumberId: options.phoneNumberId ?? DEFAULT_PHONE_NUMBER_ID, wabaId: options.wabaId ?? DEFAULT_WABA_ID })}\n`);
}

await runProgram(main);
