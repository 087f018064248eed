/** Files that customers send, from Meta to a desktop: webhook, fetch, check of the hash, safe on disk. The stand-in and the engine run in this process, the relay in its own. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createFigure, ratioAtLeast, type BenchFindings } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';

const FILES = 60;
const QUICK_FILES = 6;
const FILE_BYTES = 1_000_000;
const WITHIN_MS = 300_000;
const CUSTOMER = '50255550001';
const JPEG_MAGIC = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

export async function measureMediaThroughput({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const count = quick ? QUICK_FILES : FILES;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-media-'));
  const team = await startTeam();
  let fetched = 0;
  try {
    const desktop = await team.addDesktop();
    const perSecond = async (work: () => Promise<void>): Promise<number> => {
      const from = performance.now();
      await work();
      return (count * FILE_BYTES) / 1_000_000 / ((performance.now() - from) / 1000);
    };
    const samples = await measureRounds(
      {
        engine: () => {
          const ids = addFiles(team, count);
          return perSecond(async () => {
            for (const id of ids) team.meta.customerWrites({ from: CUSTOMER, name: 'Rosa', type: 'image', message: { image: { id } } });
            await waitUntil('every file is here', async () => (await countHere(desktop)) >= fetched + count, WITHIN_MS);
            fetched += count;
          });
        },
        bare: () => {
          const ids = addFiles(team, count);
          return perSecond(() => fetchBare(team, ids, folder));
        },
      },
      { rounds, warmUps: quick ? 0 : 1, signal },
    );
    const ceiling = { name: 'plain fetch, hash and fsync of the same bytes', rounds: samples.bare };
    return {
      figures: [createFigure({ name: `files of ${FILE_BYTES / 1_000_000} MB, from webhook to disk`, unit: 'MB/s', rounds: samples.engine, ceiling, goal: ratioAtLeast(0.3) })],
      checks: { files: fetched, megabytes: (fetched * FILE_BYTES) / 1_000_000 },
      notes: [`${count} files a round over loopback, eight at a time either way; the engine also hands each to the relay meanwhile`],
    };
  } finally {
    await team.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const addFiles = (team: Team, count: number): string[] =>
  Array.from({ length: count }, () => team.meta.addMedia('image/jpeg', Buffer.concat([JPEG_MAGIC, randomBytes(FILE_BYTES - JPEG_MAGIC.length)])).id);

async function countHere({ client }: Desktop): Promise<number> {
  const conversation = (await client.conversations.list({})).items[0];
  if (!conversation) return 0;
  let here = 0;
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: { items: { file: { state: string } | null }[]; nextCursor: string | null } = await client.media.gallery({
      conversationId: conversation.id,
      kind: 'pictures',
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    here += page.items.filter(({ file }) => file?.state === 'here').length;
    cursor = page.nextCursor;
  }
  return here;
}

/** What the network, the hash and the disk allow: the same two calls for each file, eight files side by side. */
async function fetchBare(team: Team, ids: readonly string[], folder: string): Promise<void> {
  const waiting = [...ids];
  const headers = { authorization: 'Bearer graph-token' };
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const { url, sha256 } = (await (await fetch(`${team.meta.url()}/v25.0/${id}`, { headers })).json()) as { url: string; sha256: string };
      const bytes = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('other bytes than announced');
      const file = await open(path.join(folder, sha256), 'w');
      await file.writeFile(bytes);
      await file.sync();
      await file.close();
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
}
