/** Reports of any period over a million messages, beside SQLite counting the messages of the same period one by one. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { MILLION_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { openBenchEngine } from '../data/bench-engine.ts';
import { LOG_END } from '../data/support-log.ts';
import { createFigure, valueAtMost, type BenchFindings, type Figure } from '../figure.ts';
import { measureTimes, pickTime, timed, type Effort } from '../rounds.ts';

const DAY = 86_400_000;
const GOAL_MS = 1_000;
const CALLS = 5;

const dayBefore = (days: number): string => new Date(LOG_END - days * DAY).toISOString().slice(0, 10);

export async function measureReports({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const size = quick ? QUICK_SIZE : MILLION_SIZE;
  const { dataDir, remove } = copyDesktopData(size);
  forgetRecords(dataDir);
  const { engine, client } = openBenchEngine(dataDir);
  const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true });
  try {
    const today = dayBefore(-1);
    const ask = (days: number, compare: 'none' | 'before', agentId?: string) => client.reports.get({ from: dayBefore(days), to: today, compare, ...(agentId !== undefined && { agentId }) });
    const began = performance.now();
    let longest = 0;
    for (let progress = 0; progress < 1;) {
      const asked = performance.now();
      ({ progress } = await ask(7, 'none'));
      longest = Math.max(longest, performance.now() - asked);
    }
    const firstUse = Math.round((performance.now() - began) / 1000);
    const count = db.prepare("SELECT direction, count(*) FROM message WHERE sort_at >= ? AND json_extract(content, '$.kind') <> 'reaction' GROUP BY direction");
    const all = await ask(1_000, 'none');
    const someone = all.current.agents.find(({ agent }) => agent !== null)?.agent?.id;
    const cases = [
      { name: 'everything', days: 1_000, engine: () => ask(1_000, 'none') },
      { name: 'half of it beside the other half', days: 1_000, engine: () => ask(45, 'before') },
      { name: 'a month beside the one before', days: 60, engine: () => ask(30, 'before') },
      { name: 'everything of one agent', days: 1_000, engine: () => ask(1_000, 'none', someone) },
    ];
    const figures: Figure[] = [];
    for (const { name, days, engine: report } of cases) {
      const since = LOG_END - days * DAY;
      const samples = await measureTimes({ engine: timed(report), bare: timed(() => count.all(since)) }, { rounds, warmUps: 1, signal, perRound: quick ? 2 : CALLS });
      const ceiling = { name: 'bare count of the messages', rounds: pickTime(samples.bare, 'p50') };
      figures.push(createFigure({ name: `${name}, p50`, unit: 'ms', rounds: pickTime(samples.engine, 'p50'), ceiling, goal: valueAtMost(GOAL_MS) }));
    }
    const { messages, firstResponse, nextResponse } = all.current;
    if (messages.in + messages.out < size.messages * 0.9) throw new Error(`the report counts ${messages.in + messages.out} of ${size.messages} messages`);
    return {
      figures,
      checks: { in: messages.in, out: messages.out, turns: firstResponse.count + nextResponse.count },
      notes: [
        `${size.messages.toLocaleString('en-US')} messages, ${size.conversations.toLocaleString('en-US')} conversations; in-process calls`,
        `first use: all records made in ${firstUse} s of steps, the longest question meanwhile ${Math.round(longest)} ms`,
      ],
    };
  } finally {
    db.close();
    await engine.stop();
    remove();
  }
}

/** The prepared data was written past the engine, which would have noted what has no records yet. */
function forgetRecords(dataDir: string): void {
  const db = new Database(path.join(dataDir, DATABASE_FILE));
  db.exec('INSERT OR IGNORE INTO report_todo SELECT id FROM conversation');
  db.close();
}
