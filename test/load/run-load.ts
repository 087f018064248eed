/**
 * One relay under the load of a large team: rising rates of webhooks until answers or desktops fall behind; then desktops that do not read, 70 % of
 * that rate held, everybody coming back at once, and a new desktop on a log of seven days, while webhooks keep coming. Invariant: at the end what
 * every desktop read is compared, byte for byte and in its order, with the log in the store, and the log with what was acknowledged to Meta and the
 * desktops.
 */
import { hash } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../bench/statistics.ts';
import { forkAsked, type AskedProcess } from '../support/ask-process.ts';
import { startBareServer, type BareServer } from './bare-server.ts';
import type { DesktopAnswer, DesktopAsk } from './desktop-process.ts';
import { timesOfCounts, type LoadReport, type Times } from './load-report.ts';
import { startRelayUnderLoad, type RelayUnderLoad, type StoreName } from './relay-under-load.ts';
import type { WebhookAnswer, WebhookAsk } from './webhook-process.ts';

export type LoadOptions = {
  store: StoreName;
  desktops: number;
  /** Among which the desktops are shared. */
  processes: number;
  /** Entries of the log before anybody connects. */
  backlog: number;
  /** Webhooks a second; null: 70 % of the ceiling, which is looked for first. */
  perSecond: number | null;
  seconds: number;
  stepSeconds: number;
  /** Desktops that stop reading for a while. */
  slow: number;
  bodyBytes: number;
  /** While some do not read: the larger, the sooner 8 MB wait for each of them. */
  slowBodyBytes: number;
  /** Whether a bare server is asked at the same time. */
  isBesideBare: boolean;
  signal: AbortSignal;
  say: (text: string) => void;
};

const HELD_PART = 0.7;
/** Of the rate held, what keeps coming while everybody comes back: bringing each webhook to everybody is most of what the machine can do already. */
const STORM_PART = 0.1;
const STEP_UP = 1.5;
const HALVINGS = 2;
const RATE_MAX = 50_000;
/** Of a step's webhooks, how many have to be answered by its end; and how soon after it every desktop has to have them. */
const IN_TIME_PART = 0.98;
const DESKTOPS_WITHIN_MS = 2_000;
/** What came while everybody came back has to be brought to everybody, too. */
const REST_WITHIN_MS = 600_000;
const SLICE_SECONDS = 5;
const SLOW_SECONDS_MAX = 240;
const REPLAY_SECONDS_MAX = 300;
const SAMPLE_EVERY_MS = 500;

type Desktops = AskedProcess<DesktopAsk, DesktopAnswer>;
/** What the processes with desktops say together; `arrivals` since they were asked last. */
type Told = Pick<DesktopAnswer, 'welcome' | 'cuts' | 'lost' | 'doubled' | 'deliveries' | 'bytes' | 'acked' | 'cursors'> & { arrivals: Times };

export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { store, desktops, processes, backlog, seconds, slow, signal, say } = options;
  say(`${store}: a log of ${backlog} entries, ${desktops} desktops`);
  const relay = await startRelayUnderLoad({ store, desktops: desktops + 1, backlog });
  const meta = forkAsked<WebhookAsk, WebhookAnswer>(path.join(import.meta.dirname, 'webhook-process.ts'));
  const fork = (): Desktops => forkAsked(path.join(import.meta.dirname, 'desktop-process.ts'));
  const groups = Array.from({ length: processes }, fork);
  const newcomer = fork();
  let bare: BareServer | undefined;
  try {
    const load = createLoad(relay, meta, options);
    const askEach = async (questionOf: (group: number) => DesktopAsk): Promise<Told> => {
      signal.throwIfAborted();
      const told = addUp(await Promise.all(groups.map((group, n) => group.ask(questionOf(n)))));
      load.acked.push(...told.acked);
      return told;
    };
    const reach = async (seq: number, withinMs: number): Promise<{ isReached: boolean; welcome: number }> => {
      const { cursors, welcome } = await askEach(() => ({ do: 'reach', seq, withinMs }));
      return { isReached: cursors.lowest >= seq, welcome };
    };
    const look = (): Promise<Told> => askEach(() => ({ do: 'reach', seq: 0, withinMs: 0 }));
    /** Until all desktops have what the log holds. */
    const rest = async (): Promise<void> => {
      if (!(await reach(await relay.readHead(), REST_WITHIN_MS)).isReached) throw new Error(`desktops do not catch up within ${REST_WITHIN_MS / 1000} s`);
    };

    const [newest = '', ...tokens] = relay.tokens;
    const after = await relay.readHead();
    const connecting = performance.now();
    const share = Math.ceil(tokens.length / processes);
    const { logId, url } = relay;
    await askEach((n) => ({ do: 'connect', name: `desk${n}`, url, logId, after, tokens: tokens.slice(n * share, (n + 1) * share), isBusy: true }));
    await rest();
    say(`connected in ${((performance.now() - connecting) / 1000).toFixed(1)} s`);

    /** Seconds, where nobody knows how many of them there will be. */
    const briefly = Math.min(1, options.stepSeconds);

    /** Whether answers and desktops keep pace with it. */
    const holds = async (perSecond: number): Promise<boolean> => {
      const { posted, inTime, times } = await load.post(perSecond, options.stepSeconds);
      const { isReached, welcome } = await reach(await relay.readHead(), DESKTOPS_WITHIN_MS);
      const isHeld = inTime >= posted * IN_TIME_PART && isReached && welcome === desktops;
      say(
        `${perSecond}/s: ${isHeld ? 'held' : 'not held'} (${((100 * inTime) / posted).toFixed(1)} % answered in time, p99 ${percentile(times, 0.99).toFixed(0)} ms, ${isReached ? 'desktops with it' : 'desktops behind'})`,
      );
      if (!isHeld) await rest();
      return isHeld;
    };
    const ceiling = options.perSecond === null ? await findCeiling(Math.max(10, Math.round(100_000 / desktops)), holds) : null;
    const perSecond = options.perSecond ?? Math.max(1, Math.round((ceiling?.perSecond ?? 0) * HELD_PART));

    // Those who do not read; it warms up what comes next, too.
    await rest();
    const rssBeforeMb = (await relay.readHealth()).rssMb;
    let rssMostMb = rssBeforeMb;
    const perGroup = (n: number): number => Math.floor(slow / processes) + (n < slow % processes ? 1 : 0);
    const cutBefore = relay.countCut();
    const cut = (): number => Math.min(slow, relay.countCut() - cutBefore);
    await askEach((n) => ({ do: 'stall', count: perGroup(n) }));
    for (let spent = 0; spent < SLOW_SECONDS_MAX && cut() < slow; spent += options.stepSeconds) {
      signal.throwIfAborted();
      const [, health] = await Promise.all([load.post(perSecond, options.stepSeconds, options.slowBodyBytes), relay.readHealth()]);
      rssMostMb = Math.max(rssMostMb, health.rssMb);
    }
    const cutCount = cut();
    rssMostMb = Math.max(rssMostMb, (await relay.readHealth()).rssMb);
    await askEach(() => ({ do: 'wakeUp' }));
    const back = await reach(await relay.readHead(), REST_WITHIN_MS);
    say(`${cutCount} of ${slow} desktops that do not read were cut; ${back.isReached ? 'all are back' : 'not all are back'}`);

    // The rate held. What a desktop was told before belongs to what came before.
    if (options.isBesideBare) bare = await startBareServer(options.bodyBytes);
    const bareAnswers: number[] = [];
    const atBegin = await look();
    const { processorSeconds } = await relay.readHealth();
    const memory = watchMemory(relay);
    const answers: number[] = [];
    const begunAt = performance.now();
    for (let spent = 0; spent < seconds; spent += SLICE_SECONDS) {
      signal.throwIfAborted();
      const slice = Math.min(SLICE_SECONDS, seconds - spent);
      const [{ times }, bareTimes] = await Promise.all([load.post(perSecond, slice), bare?.post(slice) ?? []]);
      answers.push(...times);
      bareAnswers.push(...bareTimes);
    }
    const heldSeconds = (performance.now() - begunAt) / 1000;
    const cores = ((await relay.readHealth()).processorSeconds - processorSeconds) / heldSeconds;
    const memoryFound = await memory.end();
    const atEnd = await look();
    say(`held ${perSecond}/s for ${heldSeconds.toFixed(0)} s, answers p99 ${percentile(answers, 0.99).toFixed(0)} ms`);

    // Everybody at once.
    await rest();
    const calmMb = (await relay.readHealth()).rssMb;
    await askEach(() => ({ do: 'leave' }));
    await load.post(perSecond, options.stepSeconds);
    const missed = await relay.readHead();
    const backAt = performance.now();
    let areBack = false;
    let backSeconds = 0;
    await askEach(() => ({ do: 'wakeUp' }));
    const coming = reach(missed, REST_WITHIN_MS).then(({ isReached }) => {
      areBack = true;
      backSeconds = (performance.now() - backAt) / 1000;
      if (!isReached) throw new Error('not everybody came back');
    });
    coming.catch(() => undefined);
    const stormAnswers: number[] = [];
    const stormMemory = watchMemory(relay);
    const stormPerSecond = Math.max(1, Math.round(perSecond * STORM_PART));
    while (!areBack) stormAnswers.push(...(await load.post(stormPerSecond, briefly)).times);
    await coming;
    const storm = {
      perSecond: stormPerSecond,
      awaySeconds: options.stepSeconds,
      seconds: backSeconds,
      rssBeforeMb: calmMb,
      rssMostMb: (await stormMemory.end()).mostMb,
      answers: timesOf(stormAnswers),
    };
    say(`all desktops came back at once in ${backSeconds.toFixed(1)} s`);

    // A new desktop.
    await rest();
    const head = await relay.readHead();
    const joinedAt = performance.now();
    let isThere = false;
    const joining = newcomer
      .ask({ do: 'connect', name: 'new', url, logId, after: 0, tokens: [newest], isBusy: false })
      .then(() => newcomer.ask({ do: 'reach', seq: head, withinMs: REPLAY_SECONDS_MAX * 1000 }))
      .then((answer) => {
        isThere = true;
        return { answer, seconds: (performance.now() - joinedAt) / 1000 };
      });
    joining.catch(() => undefined);
    const answersMeanwhile: number[] = [];
    for (let spent = 0; !isThere && spent < REPLAY_SECONDS_MAX; spent += briefly) answersMeanwhile.push(...(await load.post(perSecond, briefly)).times);
    const joined = await joining;
    const entriesRead = joined.answer.cursors.lowest >= head ? head : 0;
    say(`a new desktop has read ${entriesRead} entries in ${joined.seconds.toFixed(1)} s`);

    // At rest: what is there?
    await askEach(() => ({ do: 'rest', withinMs: REST_WITHIN_MS }));
    await rest();
    const last = await relay.readHead();
    const newcomerEnd = await newcomer.ask({ do: 'reach', seq: last, withinMs: REST_WITHIN_MS });
    const told = await Promise.all([...groups, newcomer].map((group) => group.ask({ do: 'tell' })));
    for (const answer of told) load.acked.push(...answer.acked);
    const errors = relay.listErrors();
    const truth = await readTruth(relay, load);
    const differing = told.filter(({ read }, n) => read !== truth.hashAfter(n === processes ? 0 : after, last)).length + sum(told, ({ differing: their }) => their);
    const total = addUp(told);
    return {
      store,
      desktops,
      ceiling,
      held: {
        perSecond,
        seconds: heldSeconds,
        cores,
        answers: timesOf(answers),
        bareAnswers: bareAnswers.length === 0 ? null : timesOf(bareAnswers),
        arrivals: atEnd.arrivals,
        deliveriesPerSecond: (atEnd.deliveries - atBegin.deliveries) / heldSeconds,
        megabytesPerSecond: (atEnd.bytes - atBegin.bytes) / heldSeconds / 1e6,
      },
      memory: memoryFound,
      storm,
      slow: { desktops: slow, cut: cutCount, cameBack: back.isReached ? slow : 0, rssBeforeMb, rssMostMb },
      replay: { entries: entriesRead, seconds: joined.seconds, megabytes: newcomerEnd.bytes / 1e6, answers: timesOf(answersMeanwhile) },
      counts: {
        webhooks: load.posted.made,
        again: load.posted.posted - load.posted.made,
        ops: load.acked.length,
        entries: last,
        deliveries: total.deliveries,
        cutWhileReading: total.cuts,
        refused: load.posted.refused,
        lost: total.lost + truth.lost,
        doubled: total.doubled + truth.doubled,
        differing,
      },
      errors,
    };
  } finally {
    for (const process of [meta, newcomer, ...groups]) process.stop();
    await bare?.stop();
    await relay.stop();
  }
}

function createLoad({ url, appSecret }: RelayUnderLoad, meta: AskedProcess<WebhookAsk, WebhookAnswer>, { bodyBytes: usualBytes, signal }: LoadOptions) {
  const posted = { made: 0, posted: 0, refused: 0 };
  /** How many of each tag. */
  const tags = new Map<string, number>();
  const acked: string[] = [];
  return {
    posted,
    tags,
    acked,
    post: async (perSecond: number, seconds: number, bodyBytes = usualBytes): Promise<WebhookAnswer> => {
      signal.throwIfAborted();
      const tag = `load${String(tags.size).padStart(4, '0')}`;
      const answer = await meta.ask({ url, appSecret, tag, bodyBytes, perSecond, seconds });
      tags.set(tag, answer.made);
      for (const name of ['made', 'posted', 'refused'] as const) posted[name] += answer[name];
      return answer;
    },
  };
}

/** Steps up until a rate is not held, then looks between. */
async function findCeiling(from: number, holds: (perSecond: number) => Promise<boolean>): Promise<{ perSecond: number; brokenAt: number | null }> {
  let held = 0;
  let broken: number | null = null;
  for (let rate = from; rate <= RATE_MAX && broken === null; rate = Math.round(rate * STEP_UP)) {
    if (await holds(rate)) held = rate;
    else broken = rate;
  }
  for (let n = 0; n < HALVINGS && broken !== null && broken > held + 1; n += 1) {
    const rate = Math.round((held + broken) / 2);
    if (await holds(rate)) held = rate;
    else broken = rate;
  }
  if (held === 0) throw new Error(`not even ${broken ?? from} webhooks a second are held`);
  return { perSecond: held, brokenAt: broken };
}

/** Looks at the relay's memory until it is told to end. */
function watchMemory(relay: RelayUnderLoad): { end: () => Promise<LoadReport['memory'] & { mostMb: number }> } {
  const samples: { minute: number; mb: number }[] = [];
  const begunAt = performance.now();
  const ended = new AbortController();
  const watching = (async () => {
    while (!ended.signal.aborted) {
      samples.push({ minute: (performance.now() - begunAt) / 60_000, mb: (await relay.readHealth()).rssMb });
      await pause(SAMPLE_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return {
    end: async () => {
      ended.abort();
      await watching;
      const part = Math.ceil(samples.length / 5);
      const middle = (some: typeof samples): number =>
        percentile(
          some.map(({ mb }) => mb),
          0.5,
        );
      return { beginMb: middle(samples.slice(0, part)), endMb: middle(samples.slice(-part)), mbPerMinute: slopeOf(samples), mostMb: Math.max(...samples.map(({ mb }) => mb)) };
    },
  };
}

/** Theil–Sen: the median of the slopes between all pairs, which a few collections of garbage do not move. */
function slopeOf(samples: readonly { minute: number; mb: number }[]): number {
  const slopes = samples.flatMap((from, n) => samples.slice(n + 1).map((to) => (to.mb - from.mb) / (to.minute - from.minute)));
  return slopes.length === 0 ? 0 : percentile(slopes, 0.5);
}

/** The log in the store beside what was acknowledged. */
async function readTruth(relay: RelayUnderLoad, { tags, acked }: ReturnType<typeof createLoad>): Promise<{ lost: number; doubled: number; hashAfter: (after: number, last: number) => string }> {
  const ids: string[] = [];
  const stored = new Map<string, number>();
  await relay.readLog((entry) => {
    if (entry.seq !== ids.length + 1) throw new Error(`the log has a gap before ${entry.seq}`);
    ids.push(hash('sha1', JSON.stringify(entry), 'base64'));
    const id = entry.kind === 'op' ? entry.opId : /"id":"(wamid\.load\d+)"/.exec(entry.body)?.[1];
    if (id !== undefined) stored.set(id, (stored.get(id) ?? 0) + 1);
  });
  const expected = [...acked, ...[...tags].flatMap(([tag, made]) => Array.from({ length: made }, (_, n) => `wamid.${tag}${String(n + 1).padStart(12, '0')}`))];
  return {
    lost: expected.filter((id) => !stored.has(id)).length,
    doubled: [...stored.values()].reduce((extra, times) => extra + times - 1, 0),
    hashAfter: (after, last) => hash('sha256', ids.slice(after, last).join(' '), 'base64'),
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

const timesOf = (times: readonly number[]): Times => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) });

function addUp(answers: readonly DesktopAnswer[]): Told {
  return {
    welcome: sum(answers, ({ welcome }) => welcome),
    cuts: sum(answers, ({ cuts }) => cuts),
    lost: sum(answers, ({ lost }) => lost),
    doubled: sum(answers, ({ doubled }) => doubled),
    deliveries: sum(answers, ({ deliveries }) => deliveries),
    bytes: sum(answers, ({ bytes }) => bytes),
    acked: answers.flatMap(({ acked }) => acked),
    cursors: { lowest: Math.min(...answers.map(({ cursors }) => cursors.lowest)), highest: Math.max(...answers.map(({ cursors }) => cursors.highest)) },
    arrivals: timesOfCounts(answers.map(({ atMs }) => atMs)),
  };
}
