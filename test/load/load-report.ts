/** What a run of the load found, and what of it has to hold. */
import { formatTable } from '../bench/report.ts';
import type { StoreName } from './relay-under-load.ts';

export type Times = { p50: number; p95: number; p99: number };

/** Rates by second, times in ms. */
export type LoadReport = {
  store: StoreName;
  desktops: number;
  /** Highest rate at which answers and desktops kept pace; null: not looked for. `broken`: the lowest at which they did not. */
  ceiling: { perSecond: number; brokenAt: number | null } | null;
  /** Held. `answers`: of webhooks. `arrivals`: from the relay's clock at the commit to each desktop. `bareAnswers`: of a server that only stores, in the same seconds. `cores`: that the relay used. */
  held: { perSecond: number; seconds: number; cores: number; answers: Times; bareAnswers: Times | null; arrivals: Times; deliveriesPerSecond: number; megabytesPerSecond: number };
  memory: { beginMb: number; endMb: number; mbPerMinute: number };
  slow: { desktops: number; cut: number; cameBack: number; rssBeforeMb: number; rssMostMb: number };
  /** All desktops lose their lines for `awaySeconds`, then come back within two seconds; `seconds` until each has what it missed, while `perSecond` webhooks keep coming. */
  storm: { perSecond: number; awaySeconds: number; seconds: number; rssBeforeMb: number; rssMostMb: number; answers: Times };
  /** A new desktop reads the whole log, while webhooks come at the same rate. */
  replay: { entries: number; seconds: number; megabytes: number; answers: Times };
  counts: {
    webhooks: number;
    again: number;
    ops: number;
    entries: number;
    deliveries: number;
    cutWhileReading: number;
    refused: number;
    lost: number;
    doubled: number;
    differing: number;
  };
  errors: string[];
};

export const ANSWER_P99_MAX_MS = 250;
/** End ÷ begin; what a JavaScript heap moves by itself. */
export const MEMORY_RATIO_MAX = 1.2;

/** What must not be, as sentences; none: all held. Times are told and not judged. */
export function listFailures({ counts, slow, replay, errors }: LoadReport): string[] {
  const failures: string[] = [];
  for (const what of ['lost', 'doubled', 'differing', 'refused'] as const) if (counts[what] > 0) failures.push(`${counts[what]} ${what}`);
  if (slow.cut < slow.desktops) failures.push(`only ${slow.cut} of ${slow.desktops} desktops that did not read were cut`);
  if (slow.cameBack < slow.desktops) failures.push(`only ${slow.cameBack} of ${slow.desktops} desktops that were cut have everything again`);
  if (replay.entries === 0) failures.push('the new desktop has not read the log');
  return [...failures, ...errors.map((line) => `the relay says: ${line}`)];
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const oneDigit = (value: number): string => (value >= 100 ? count(value) : value.toFixed(1));
const times = ({ p50, p95, p99 }: Times): string => `${oneDigit(p50)} / ${oneDigit(p95)} / ${oneDigit(p99)} ms`;
const verdict = (isMet: boolean): string => (isMet ? '' : ' **(missed)**');

/** One line for each figure, one column for each report. */
export function listFigures(reports: readonly LoadReport[]): string[][] {
  const row = (name: string, of: (report: LoadReport) => string): string[] => [name, ...reports.map(of)];
  return [
    row('desktops connected', ({ desktops }) => count(desktops)),
    row('ceiling: webhooks a second that answers and desktops keep pace with', ({ ceiling }) => (ceiling ? count(ceiling.perSecond) : '–')),
    row('held, at 70 % of it', ({ held }) => `${count(held.perSecond)}/s for ${count(held.seconds)} s`),
    row('webhook answered, p50 / p95 / p99 (goal: p99 < 250 ms)', ({ held }) => `${times(held.answers)}${verdict(held.answers.p99 < ANSWER_P99_MAX_MS)}`),
    row('a bare server that only stores, in the same seconds', ({ held }) => (held.bareAnswers ? times(held.bareAnswers) : '–')),
    row('from the commit to a desktop, p50 / p95 / p99', ({ held }) => times(held.arrivals)),
    row('entries brought to desktops', ({ held }) => `${count(held.deliveriesPerSecond)}/s, ${count(held.megabytesPerSecond)} MB/s`),
    row('processor of the relay', ({ held }) => `${held.cores.toFixed(2)} cores`),
    row('memory of the relay (RSS), begin → end of that time', ({ memory }) => {
      const ratio = memory.endMb / memory.beginMb;
      return `${count(memory.beginMb)} → ${count(memory.endMb)} MB (×${ratio.toFixed(2)}; ${memory.mbPerMinute >= 0 ? '+' : '−'}${Math.abs(memory.mbPerMinute).toFixed(1)} MB a minute)${verdict(ratio <= MEMORY_RATIO_MAX)}`;
    }),
    row('desktops that stop reading: cut, and have everything again once they come back', ({ slow }) => `${slow.cut} of ${slow.desktops}, ${slow.cameBack}`),
    row('memory meanwhile: before, at most', ({ slow }) => `${count(slow.rssBeforeMb)}, ${count(slow.rssMostMb)} MB`),
    row(
      'all desktops away for a while and back at once, webhooks meanwhile: until each has what it missed; memory before, at most',
      ({ storm }) => `${storm.awaySeconds} s, ${count(storm.perSecond)}/s; ${oneDigit(storm.seconds)} s; ${count(storm.rssBeforeMb)}, ${count(storm.rssMostMb)} MB`,
    ),
    row('webhook answered meanwhile, p50 / p95 / p99', ({ storm }) => times(storm.answers)),
    row('a new desktop reads the whole log', ({ replay }) => `${count(replay.entries)} entries, ${count(replay.megabytes)} MB in ${oneDigit(replay.seconds)} s`),
    row('webhook answered meanwhile, p50 / p95 / p99', ({ replay }) => times(replay.answers)),
    row('webhooks in, of which brought twice', ({ counts }) => `${count(counts.webhooks)}, ${count(counts.again)}`),
    row('ops pushed by desktops', ({ counts }) => count(counts.ops)),
    row('entries received by all desktops together', ({ counts }) => count(counts.deliveries)),
    row('desktops cut although they read', ({ counts }) => count(counts.cutWhileReading)),
    row('**lost, doubled, in another order or with other bytes**', ({ counts }) => `**${counts.lost}, ${counts.doubled}, ${counts.differing}**`),
  ];
}

export const describeReports = (reports: readonly LoadReport[]): string =>
  formatTable([['', ...reports.map(({ store }) => store)], ...listFigures(reports).map((cells) => cells.map((cell) => cell.replaceAll('**', '')))]).join('\n');

/** Of counts by whole milliseconds: how many took so many (the index). */
export function timesOfCounts(counts: readonly number[][]): Times {
  const all = (counts[0] ?? []).map((_, ms) => counts.reduce((sum, their) => sum + (their[ms] ?? 0), 0));
  const total = all.reduce((sum, many) => sum + many, 0);
  const at = (part: number): number => {
    let seen = 0;
    return Math.max(
      0,
      all.findIndex((many) => (seen += many) >= part * total && many > 0),
    );
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
