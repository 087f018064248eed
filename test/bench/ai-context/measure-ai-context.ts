/**
 * What a model would be asked for a reply, put together: the newest messages and what is known of the person read, the knowledge base searched, everything masked, cut to its budget and written.
 * Beside it: the bare statements that read the conversation. Nothing is asked of any model.
 */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { openBareStatements } from '../conversation-reads/bare-statements.ts';
import { takeSpread } from '../conversation-reads/read-figures.ts';
import { openBenchEngine, type BenchEngine } from '../data/bench-engine.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { FULL_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { createTalk } from '../data/support-talk.ts';
import { ME } from '../data/support-log.ts';
import { createFigure, type BenchFindings } from '../figure.ts';
import { measureTimes, pickTime, timed, type Effort } from '../rounds.ts';

const ARTICLES = 200;
const QUICK_ARTICLES = 5;
const SENTENCES = 60;
const CALLS = 60;
const QUICK_CALLS = 3;
const INDEXED_WITHIN_MS = 120_000;

export async function measureAiContext({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const size = quick ? QUICK_SIZE : FULL_SIZE;
  const { dataDir, remove } = copyDesktopData(size);
  letLead(dataDir);
  const { engine, client } = openBenchEngine(dataDir);
  const bare = openBareStatements(dataDir);
  try {
    await writeArticles(client, quick ? QUICK_ARTICLES : ARTICLES);
    const conversations = bare.conversations();
    const [biggest] = conversations;
    if (!biggest) throw new Error('no conversations');
    const { body } = await client.ai.preview({ conversationId: biggest.id, instruction: '' });
    const characters = body.length;
    const choices = { 'any conversation': (n: number) => takeSpread(conversations, n), 'the biggest': () => biggest };
    const figures = [];
    for (const [name, choose] of Object.entries(choices)) {
      const samples = await measureTimes(
        {
          engine: timed((n) => client.ai.preview({ conversationId: choose(n).id, instruction: '' })),
          bare: timed((n) => bare.open(choose(n).id, choose(n).contactId)),
        },
        { rounds, warmUps: 1, signal, perRound: quick ? QUICK_CALLS : CALLS },
      );
      for (const part of ['p50', 'p99'] as const)
        figures.push(
          createFigure({ name: `${name}, ${part}`, unit: 'ms', rounds: pickTime(samples.engine, part), ceiling: { name: 'bare statements that read it', rounds: pickTime(samples.bare, part) } }),
        );
    }
    return {
      figures,
      checks: { articles: (await client.knowledge.list({})).length, characters },
      notes: [
        `${size.messages.toLocaleString('en-US')} messages, ${quick ? QUICK_ARTICLES : ARTICLES} articles; what would be asked about the biggest conversation has ${characters.toLocaleString('en-US')} characters`,
      ],
    };
  } finally {
    bare.close();
    await engine.stop();
    remove();
  }
}

/** Articles of an agent wait for a lead's yes, and are not searched before. */
function letLead(dataDir: string): void {
  const db = new Database(path.join(dataDir, DATABASE_FILE));
  db.prepare("UPDATE agent SET role = 'lead' WHERE id = ?").run(ME.agentId);
  db.close();
}

async function writeArticles(client: BenchEngine['client'], count: number): Promise<void> {
  const talk = createTalk(createRandom(1, 'articles'));
  for (let n = 0; n < count; n += 1) {
    const text = Array.from({ length: SENTENCES }, () => talk.agentSays('es')).join('\n\n');
    await client.knowledge.save({ articleId: null, from: null, title: `Guía ${n + 1}`, language: 'es', text });
  }
  for (const end = performance.now() + INDEXED_WITHIN_MS; performance.now() < end; await pause(20)) {
    if ((await client.knowledge.search({ text: 'costo de la visita' })).hits.length > 0) return;
  }
  throw new Error('the articles cannot be found');
}
