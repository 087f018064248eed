/** `docs/authorisation.md`, written from the lines that the tests hold against the programs. */
import { CALLERS, listLocalRoutes, PROCEDURE_LINES, type Caller, type ProcedureLine } from './engine.ts';
import { OP_LINES, WRITERS, type Writer } from './ops.ts';
import { FRAME_LINES, ROUTE_LINES, type Answered } from './relay.ts';

const NOBODIES = ['nobody', 'other workspace', 'revoked device'];
const YES = 'yes';
const NO = '–';
const mark = (isYes: boolean): string => (isYes ? YES : NO);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [row(head), row(head.map((_, n) => (n === 0 ? '---' : ':-:'))), ...rows.map(row)].join('\n');

const answersTo = (answers: Answered): string[] => {
  if (answers === 'anybody') return [...NOBODIES, ...CALLERS].map(() => YES);
  if (answers === 'secret') return [...NOBODIES, ...CALLERS].map(() => '*');
  return [...NOBODIES.map(() => NO), ...CALLERS.map((caller: Caller) => mark(answers.includes(caller)))];
};
const named = (name: string, what: string | undefined): string => `\`${name}\`${what === undefined ? '' : ` ${what}`}`;

function writeProcedures(): string {
  const lines = Object.entries(PROCEDURE_LINES) as [string, ProcedureLine][];
  const isOpen = ({ may, what }: ProcedureLine): boolean => may.length === CALLERS.length && what === undefined;
  const limited = lines.filter(([, line]) => !isOpen(line));
  const open = lines.filter(([, line]) => isOpen(line)).map(([path]) => `\`${path}\``);
  return [
    table(
      ['procedure', ...CALLERS],
      limited.map(([path, { may, what }]) => [named(path, what), ...CALLERS.map((caller) => mark(may.includes(caller)))]),
    ),
    '',
    `Every member: ${open.join(', ')}.`,
  ].join('\n');
}

export const writeDocument = (): string => `# Who may do what

This page is made by \`npm run authorisation -- --write\` from the lines in \`test/authorisation\`. The tests in \`test/integration/authorisation\` hold
each line against a real relay and real engines, find every route, frame, procedure and op that the program has, and fail where one of them has no line.

Three programs decide, each about what it alone can keep:

- **The relay** decides who is a member and a device at all, and about membership. A device's token is looked up at every request and every push, so
  that a device that is shut out is nobody from that moment on: its open connection ends, its requests get 401, what it pushes is not appended.
- **The log** decides what an op comes to. The relay stamps who wrote it; every desktop judges it alike, with the role its author had at that place of the log.
- **The engine** of a desktop refuses early what the log would refuse, and keeps for leads and admins what is not in the log: earlier texts, raw events, the audit.
  An agent's desktop holds the team's rows (it has to work without a line), so this keeps people to their task; it is no wall against the owner of the machine.

A role never comes from a request. What was captured is good for nothing: an op that is in the log already is acknowledged and not appended, also
when another device sends it (it stays its author's), an invite works once, a webhook that came before is answered 200 and not stored again, and its signature opens no other bytes.

## The relay over HTTP

\`*\`: it needs no token but the secret that is named; without it the answer is 4xx and nothing is stored. A wrong token is like none.

${table(
  ['request', ...NOBODIES, ...CALLERS],
  Object.entries(ROUTE_LINES).map(([route, { answers, what }]) => [named(route, what), ...answersTo(answers)]),
)}

## The relay's WebSocket

Without a device's token there is no socket (401). A revoked device's is told \`revoked\`, and ends. Before the \`hello\` nothing else is taken.

${table(
  ['frame', ...NOBODIES, ...CALLERS],
  Object.entries(FRAME_LINES).map(([type, { answers, what }]) => [named(type, what), ...answersTo(answers)]),
)}

## Ops in the log

\`owner\`: the agent whose thing it is. Whoever has left may write nothing: what they pushed before counts, what comes after is \`forbidden\`.

${table(
  ['op', ...WRITERS],
  Object.entries(OP_LINES).flatMap(([type, deeds]) => deeds.map(({ what, may }) => [named(type, what), ...WRITERS.map((writer: Writer) => mark((may as readonly string[]).includes(writer)))])),
)}

## The engine's procedures

By the agent of the desktop. Nobody else reaches them: the window's port belongs to the program, the local API to its token.

${writeProcedures()}

## The local API

On this machine only, with its token, never from a web page; with the rights of the desktop's agent, as above.

${table(
  ['request', 'no token', 'wrong or former token', 'a web page', 'the token'],
  listLocalRoutes().map(({ method, at, path }) => [`\`${method} /api${at}\` (\`${path}\`)`, NO, NO, NO, YES]),
)}
`;
