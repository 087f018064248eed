/** Opening a desktop's folder in a process that has done nothing yet. */
import path from 'node:path';
import { forkAsked } from '../../support/ask-process.ts';
import type { PageAnswer, PageAsk } from './first-page-process.ts';

/** @param before runs when the process is there and has its modules. @returns milliseconds from before the folder is opened until there is a page. */
export async function timeFirstPage(ask: PageAsk, before: (dataDir: string) => void = () => undefined): Promise<number> {
  const once = forkAsked<PageAsk, PageAnswer>(path.join(import.meta.dirname, 'first-page-process.ts'));
  try {
    before(ask.dataDir);
    const { ms, rows } = await once.ask(ask);
    if (rows < 50) throw new Error(`the first page has ${rows} rows`);
    return ms;
  } finally {
    once.stop();
  }
}
