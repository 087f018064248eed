/** Opens a desktop's folder in a process that has done nothing yet, and reads the first page of the inbox: by the engine, or by one bare statement. */
import { FIRST, openBareStatements } from '../conversation-reads/bare-statements.ts';
import { openBenchEngine } from '../data/bench-engine.ts';
import { answerAsks } from '../../support/ask-process.ts';

export type PageAsk = { how: 'engine' | 'bare'; dataDir: string };
/** Times in ms, from before the folder is opened until there is a page; without loading the program. `rows`: of the page. */
export type PageAnswer = { ms: number; rows: number };

answerAsks(async ({ how, dataDir }: PageAsk): Promise<PageAnswer> => {
  const from = performance.now();
  if (how === 'bare') {
    const bare = openBareStatements(dataDir);
    const rows = bare.list('active', FIRST).length;
    const ms = performance.now() - from;
    bare.close();
    return { ms, rows };
  }
  const { engine, client } = openBenchEngine(dataDir);
  const rows = (await client.conversations.list({})).items.length;
  const ms = performance.now() - from;
  await engine.stop();
  return { ms, rows };
});
