/**
 * One relay, many desktops: how fast entries that are in the log reach all of them, how soon one that just came does, and what a connection costs in memory; beside `ws` that sends frames
 * made once, and `ws` with one send for each entry and desktop. Relay, ceilings and desktops are processes of their own. Invariant: a run in which a desktop misses an entry is no result.
 */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CATCH_UP_PAGE_ENTRIES } from '../../../contract/limits.ts';
import { forkAsked, type AskedProcess } from '../../support/ask-process.ts';
import type { DesktopAnswer, DesktopAsk } from '../../load/desktop-process.ts';
import { timesOfCounts } from '../../load/load-report.ts';
import { startRelayUnderLoad, type RelayUnderLoad } from '../../load/relay-under-load.ts';
import type { WebhookAnswer, WebhookAsk } from '../../load/webhook-process.ts';
import { takeSupportLog } from '../data/support-log.ts';
import { createFigure, ratioAtLeast, valueAtMost, type BenchFindings, type Figure } from '../figure.ts';
import { readMemoryMb } from '../peak-memory.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { percentile } from '../statistics.ts';
import type { BareAnswer, BareAsk } from './bare-server.ts';

const SOCKETS = [50, 500, 2_000];
const QUICK_SOCKETS = [20];
const ENTRIES = 2_000;
const QUICK_ENTRIES = 100;
/** Of those that are sent one by one, which would take long. */
const EACH_ENTRIES = 50;
/** Where the time of a single entry is measured, and at which part of what one send for each allows. */
const PACED_AT = 500;
const PACED_PART = 0.3;
const PACED_SECONDS = 5;
const PACED_BYTES = 1_400;
const WITHIN_MS = 120_000;
/** Until a process that has taken connections is at rest. */
const SETTLE_MS = 1_500;
const QUICK_SETTLE_MS = 150;
const KIB_PER_MIB = 1024;
const CONNECTION_KIB = 20;
const P99_MS = 10;
const FASTER_THAN_EACH = 15;

/** What came since it was asked last. */
const LOOK = { do: 'reach', seq: 0, withinMs: 0 } as const;

type Desktops = AskedProcess<DesktopAsk, DesktopAnswer>;
type Bare = AskedProcess<BareAsk, BareAnswer>;
type Meta = AskedProcess<WebhookAsk, WebhookAnswer>;
type Team = { relay: RelayUnderLoad; bare: Bare; bareUrl: string; ofRelay: Desktops; ofBare: Desktops; connectionKib: { relay: number; bare: number } | null; relayMb: number; stop(): Promise<void> };
type Paced = { p50: number; p99: number };

export async function measureFanOut({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const bodies = takeBodies(quick ? QUICK_ENTRIES : ENTRIES);
  const figures: Figure[] = [];
  const checks: Record<string, number> = {};
  const memory: string[] = [];
  const settleMs = quick ? QUICK_SETTLE_MS : SETTLE_MS;
  for (const count of quick ? QUICK_SOCKETS : SOCKETS) {
    signal.throwIfAborted();
    const team = await startTeam(count, settleMs);
    try {
      const rates = await measureRounds(
        { relay: () => sendByRelay(team, bodies, count), once: () => sendBare(team, bodies, CATCH_UP_PAGE_ENTRIES, count), each: () => sendBare(team, bodies.slice(0, EACH_ENTRIES), null, count) },
        { rounds, warmUps: quick ? 0 : 1, signal },
      );
      const desktops = `${count.toLocaleString('en-US')} desktops`;
      const once = { name: 'ws, a frame made once', rounds: rates.once };
      const each = { name: 'ws, one send each', rounds: rates.each };
      figures.push(
        createFigure({ name: `entries brought to ${desktops}`, unit: 'deliveries/s', rounds: rates.relay, ceiling: once }),
        createFigure({ name: `entries brought to ${desktops}`, unit: 'deliveries/s', rounds: rates.relay, ceiling: each, ...(count === SOCKETS.at(-1) && { goal: ratioAtLeast(FASTER_THAN_EACH) }) }),
      );
      if (quick || count === PACED_AT) {
        const perSecond = Math.max(1, Math.round((percentile(rates.each, 0.5) / count) * PACED_PART));
        figures.push(...(await measurePaced(team, { count, perSecond: quick ? 20 : perSecond, seconds: quick ? 0.5 : PACED_SECONDS, settleMs, rounds, signal })));
      }
      if (team.connectionKib && count >= PACED_AT) {
        const { relay, bare } = team.connectionKib;
        figures.push(createFigure({ name: `memory per idle connection, ${desktops}`, unit: 'KiB', rounds: [relay], ceiling: { name: 'bare ws', rounds: [bare] }, goal: valueAtMost(CONNECTION_KIB) }));
      }
      const { rssMb } = await team.relay.readHealth();
      memory.push(`${desktops}: ${Math.round(team.relayMb)} MB when all were connected, ${Math.round(rssMb)} MB at the end`);
      checks[`deliveries to ${count}`] = await requireWhole(team, count);
    } finally {
      await team.stop();
    }
  }
  return {
    figures,
    checks,
    notes: [
      `${bodies.length.toLocaleString('en-US')} webhook entries of ${Math.round(bodies.join('').length / bodies.length).toLocaleString('en-US')} bytes on average are put into the log at once; from the first frame that a desktop has to the last one`,
      'the relay leaves webhooks as much time between two frames as it took for one; bare ws does nothing else',
      `memory of the relay with ${memory.join('; with ')}`,
    ],
  };
}

/** Relay and bare server, each new, with so many desktops that have been welcomed. */
async function startTeam(count: number, settleMs: number): Promise<Team> {
  const relay = await startRelayUnderLoad({ store: 'SQLite', desktops: count, backlog: 0 });
  const bare: Bare = forkAsked(path.join(import.meta.dirname, 'bare-server.ts'));
  const fork = (): Desktops => forkAsked(path.resolve(import.meta.dirname, '../../load/desktop-process.ts'));
  const [ofRelay, ofBare] = [fork(), fork()];
  const stop = async (): Promise<void> => {
    for (const one of [ofRelay, ofBare, bare]) one.stop();
    await relay.stop();
  };
  try {
    const { url, pid } = await bare.ask({ do: 'listen' });
    const readRelay = async (): Promise<number> => (await relay.readHealth()).rssMb;
    await readRelay(); // what answering the first time loads
    await pause(settleMs);
    const before = { relay: await readRelay(), bare: readMemoryMb(pid) };
    const connect = { do: 'connect', name: 'bench', logId: relay.logId, isBusy: false } as const;
    await ofRelay.ask({ ...connect, url: relay.url, after: await relay.readHead(), tokens: relay.tokens });
    await ofBare.ask({ ...connect, url, after: 0, tokens: relay.tokens });
    await pause(settleMs);
    const after = { relay: await readRelay(), bare: readMemoryMb(pid) };
    const kib = (from: number, to: number): number => ((to - from) * KIB_PER_MIB) / count;
    const connectionKib = before.bare === null || after.bare === null ? null : { relay: kib(before.relay, after.relay), bare: kib(before.bare, after.bare) };
    return { relay, bare, bareUrl: url, ofRelay, ofBare, connectionKib, relayMb: after.relay, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns deliveries a second. */
async function sendByRelay({ relay, ofRelay }: Team, bodies: readonly string[], count: number): Promise<number> {
  await ofRelay.ask(LOOK);
  return rateOf(await ofRelay.ask({ do: 'reach', seq: await relay.addWebhooks(bodies), withinMs: WITHIN_MS }), bodies.length * count);
}

async function sendBare({ bare, ofBare }: Team, bodies: readonly string[], perFrame: number | null, count: number): Promise<number> {
  await ofBare.ask(LOOK);
  const { head } = await bare.ask({ do: 'send', bodies: [...bodies], perFrame });
  return rateOf(await ofBare.ask({ do: 'reach', seq: head, withinMs: WITHIN_MS }), bodies.length * count);
}

const rateOf = ({ spanMs }: DesktopAnswer, deliveries: number): number => (deliveries / Math.max(spanMs, 1)) * 1000;

const forkMeta = (): Meta => forkAsked(path.resolve(import.meta.dirname, '../../load/webhook-process.ts'));

/** Single webhooks, from when the server has them (the relay: in its log) until each desktop has read them. */
async function measurePaced(
  team: Team,
  { count, perSecond, seconds, settleMs, rounds, signal }: { count: number; perSecond: number; seconds: number; settleMs: number; rounds: number; signal: AbortSignal },
): Promise<Figure[]> {
  // One for each: it keeps its connections.
  const [toRelay, toBare] = [forkMeta(), forkMeta()];
  let turn = 0;
  const post = (meta: Meta, url: string, desktops: Desktops) => async (): Promise<Paced> => {
    turn += 1;
    await desktops.ask(LOOK);
    const { posted } = await meta.ask({ url, appSecret: team.relay.appSecret, tag: `fan${String(turn).padStart(5, '0')}`, bodyBytes: PACED_BYTES, perSecond, seconds });
    await pause(settleMs);
    const { atMs } = await desktops.ask(LOOK);
    const times = timesOfCounts([atMs]);
    if (posted === 0 || atMs.every((many) => many === 0)) throw new Error('nothing arrived');
    return times;
  };
  try {
    const samples = await measureRounds({ relay: post(toRelay, team.relay.url, team.ofRelay), bare: post(toBare, team.bareUrl, team.ofBare) }, { rounds, warmUps: 1, signal });
    const figure = (part: keyof Paced, goal = {}): Figure =>
      createFigure({
        name: `a webhook at ${count} desktops, ${perSecond} a second, ${part}`,
        unit: 'ms',
        rounds: samples.relay.map((times) => times[part]),
        // Times are whole milliseconds, and none is a ratio's divisor.
        ceiling: { name: 'bare ws', rounds: samples.bare.map((times) => Math.max(1, times[part])) },
        ...goal,
      });
    return [figure('p50'), figure('p99', { goal: valueAtMost(P99_MS) })];
  } finally {
    for (const meta of [toRelay, toBare]) meta.stop();
  }
}

/** @returns how many entries desktops were given. @throws unless every desktop has every entry once. */
async function requireWhole({ relay, ofRelay }: Team, count: number): Promise<number> {
  const head = await relay.readHead();
  const { cursors, lost, doubled, deliveries, differing, welcome } = await ofRelay.ask({ do: 'reach', seq: head, withinMs: WITHIN_MS });
  if (cursors.lowest < head || lost + doubled + differing > 0 || welcome !== count)
    throw new Error(`of ${count} desktops ${welcome} are here; lost ${lost}, doubled ${doubled}, differing ${differing}`);
  return deliveries;
}

function takeBodies(count: number): string[] {
  const bodies: string[] = [];
  for (const entry of takeSupportLog(count * 3)) if (entry.kind === 'webhook' && bodies.push(entry.body) === count) return bodies;
  throw new Error('the log has too few webhooks');
}
