/** A share of the desktops, as a process. Invariant: the bytes of each entry are the same whenever and to whomever they come. */
import { hash } from 'node:crypto';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { answerAsks } from '../support/ask-process.ts';
import { createSharedFrames } from './shared-frames.ts';
import { createSlimDesktops, readTold, type SlimDesktop, type Tally, type Told } from './slim-desktop.ts';

export type DesktopAsk =
  /** Answered when all of them have what the log held when they came. `name`: of this process, one word. `isBusy`: they push ops and look at conversations. */
  | { do: 'connect'; name: string; url: string; logId: string; after: number; tokens: string[]; isBusy: boolean }
  /** Answered when all that read have the entries up to `seq`, or the time is over. */
  | { do: 'reach'; seq: number; withinMs: number }
  /** The first `count` read no more. */
  | { do: 'stall'; count: number }
  /** The lines of all of them break. */
  | { do: 'leave' }
  | { do: 'wakeUp' }
  /** No more ops and looks; answered when all ops are acknowledged. */
  | { do: 'rest'; withinMs: number }
  | { do: 'tell' };

/**
 * `atMs`: how many deliveries were so many ms (the index) after the relay took the entry, since the last answer. `cursors`: lowest and highest of those that read. `spanMs`: from the first to the last frame
 * with entries, since the last answer.
 * `read`: base64 SHA-256 over what was read, in order, from `after` to the highest cursor; only for `tell`.
 */
export type DesktopAnswer = Pick<Tally, 'connects' | 'cuts' | 'lost' | 'doubled' | 'deliveries' | 'refusals'> & {
  welcome: number;
  cursors: { lowest: number; highest: number };
  differing: number;
  acked: string[];
  atMs: number[];
  spanMs: number;
  bytes: number;
  read: string;
};

/** Two thousand desktops have machines of their own in life: here they take what the relay and whoever asks it leave. */
const NICENESS = 10;
const WAVE = 40;
const LATE_MAX_MS = 20_000;
/** Each desktop looks at another conversation twice a minute, and does something once a minute. */
const LOOK_EVERY_S = 30;
const OP_EVERY_S = 60;
const CONNECT_WITHIN_MS = 180_000;

const desktops: SlimDesktop[] = [];
let stalled: SlimDesktop[] = [];
const tally: Tally = { connects: 0, cuts: 0, lost: 0, doubled: 0, deliveries: 0, acked: [], refusals: [] };
/** Of every entry, by its seq. */
const ids = new Map<number, string>();
let from = 0;
let differing = 0;
let bytes = 0;
let atMs = new Uint32Array(LATE_MAX_MS + 1);
let span = { from: 0, to: 0 };
let working: NodeJS.Timeout | undefined;

const frames = createSharedFrames<Told>((text) =>
  readTold(text, (entry) => {
    const id = hash('sha1', JSON.stringify(entry), 'base64');
    const before = ids.get(entry.seq);
    if (before === undefined) ids.set(entry.seq, id);
    else if (before !== id) differing += 1;
  }),
);

function onEntries({ receivedAt, bytes: its }: Extract<Told, { t: 'entries' }>): void {
  const late = Date.now() - receivedAt;
  const at = Math.min(LATE_MAX_MS, Math.max(0, late));
  atMs[at] = (atMs[at] ?? 0) + 1;
  bytes += its;
  const now = performance.now();
  span = { from: span.from || now, to: now };
}

const reading = (): SlimDesktop[] => (stalled.length === 0 ? desktops : desktops.filter((desktop) => !stalled.includes(desktop)));

async function until(look: () => boolean, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await pause(5)) if (look()) return true;
  return look();
}

async function connectAll({ name, url, logId, after, tokens, isBusy }: Extract<DesktopAsk, { do: 'connect' }>): Promise<void> {
  const make = createSlimDesktops();
  from = after;
  for (let n = 0; n < tokens.length; n += WAVE) {
    const wave = tokens.slice(n, n + WAVE).map((token) => make({ url, token, logId, after, frames, tally, onEntries }));
    desktops.push(...wave);
    for (const desktop of wave) desktop.connect();
    if (!(await until(() => wave.every((desktop) => desktop.isWelcome()), CONNECT_WITHIN_MS))) throw new Error(`desktops were not welcomed: ${tally.refusals.join(', ')}`);
  }
  if (isBusy) work(name);
}

function work(name: string): void {
  let turn = 0;
  const pick = (count: number): SlimDesktop[] => Array.from({ length: Math.min(count, desktops.length) }, (_, n) => desktops[(turn * count + n) % desktops.length]).flatMap((desktop) => desktop ?? []);
  working = setInterval(() => {
    turn += 1;
    for (const desktop of pick(Math.ceil(desktops.length / LOOK_EVERY_S))) desktop.look(`conversation-${turn % 997}`);
    for (const [n, desktop] of pick(Math.ceil(desktops.length / OP_EVERY_S)).entries())
      desktop.push({ opId: `${name}-${turn}-${n}`, v: 1, occurredAt: Date.now(), body: JSON.stringify({ type: 'note', turn }) });
  }, 1_000);
}

/** What has come since the last answer is told once. */
function describe(read = ''): DesktopAnswer {
  const cursors = reading().map((desktop) => desktop.cursor());
  const answer = {
    ...tally,
    acked: tally.acked,
    welcome: desktops.filter((desktop) => desktop.isWelcome()).length,
    cursors: { lowest: Math.min(...cursors), highest: Math.max(...cursors) },
    differing,
    bytes,
    atMs: [...atMs],
    spanMs: span.to - span.from,
    read,
  };
  tally.acked = [];
  atMs = new Uint32Array(LATE_MAX_MS + 1);
  span = { from: 0, to: 0 };
  return answer;
}

async function answer(question: DesktopAsk): Promise<DesktopAnswer> {
  switch (question.do) {
    case 'connect':
      await connectAll(question);
      return describe();
    case 'reach':
      await until(() => reading().every((desktop) => desktop.cursor() >= question.seq), question.withinMs);
      return describe();
    case 'stall':
      stalled = desktops.slice(0, question.count);
      for (const desktop of stalled) desktop.stall();
      return describe();
    case 'leave':
      stalled = desktops;
      for (const desktop of stalled) desktop.leave();
      return describe();
    case 'wakeUp':
      for (const desktop of stalled) desktop.wakeUp();
      stalled = [];
      return describe();
    case 'rest':
      clearInterval(working);
      await until(() => desktops.every((desktop) => !desktop.hasUnacknowledged()), question.withinMs);
      return describe();
    case 'tell': {
      const last = Math.max(...desktops.map((desktop) => desktop.cursor()));
      return describe(hashOf(from, last));
    }
  }
}

function hashOf(after: number, last: number): string {
  const list: string[] = [];
  for (let seq = after + 1; seq <= last; seq += 1) list.push(ids.get(seq) ?? '?');
  return hash('sha256', list.join(' '), 'base64');
}

setPriority(NICENESS);
answerAsks(answer);
