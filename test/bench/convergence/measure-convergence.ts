/**
 * 9,999 assignments made apart on three replicas, a hundred together, then exchanged: our desktops with the relay's log, on disk, beside Yjs and Automerge in memory. Invariant: a run after
 * which the replicas of a team do not agree is no result.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { AGENTS } from '../data/support-log.ts';
import { createFigure, ratioAtLeast, type BenchFindings } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';
import { startAutomerge } from './automerge.ts';
import { prepareTeam, startDesktops } from './desktops.ts';
import { REPLICAS, type Edit, type Replicas } from './replicas.ts';
import { startYjs } from './yjs.ts';

const EDITS = 9_999;
const QUICK_EDITS = 300;
const TOGETHER = 100;

export async function measureConvergence({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-convergence-'));
  const edits = quick ? QUICK_EDITS : EDITS;
  try {
    const team = await prepareTeam(folder);
    const conversations = team.conversations.length;
    const run = (start: () => Replicas) => async (): Promise<number> => (edits / (await timeEdits(start(), planEdits(edits, conversations)))) * 1000;
    const samples = await measureRounds(
      { desktops: run(() => startDesktops(team, folder)), yjs: run(() => startYjs(conversations)), automerge: run(() => startAutomerge(conversations)) },
      { rounds, warmUps: quick ? 0 : 1, signal },
    );
    const figure = { name: `${edits.toLocaleString('en-US')} assignments on ${REPLICAS} replicas`, unit: 'edits/s', rounds: samples.desktops } as const;
    return {
      figures: [
        createFigure({ ...figure, ceiling: { name: 'Yjs, in memory', rounds: samples.yjs }, goal: ratioAtLeast(0.5) }),
        createFigure({ ...figure, ceiling: { name: 'Automerge, in memory', rounds: samples.automerge }, goal: ratioAtLeast(5) }),
      ],
      checks: { edits, conversations },
      notes: [
        `${conversations} conversations, ${TOGETHER} edits together; from the first edit until every replica has all of them`,
        'ours lie on disk when the time ends, in three desktops’ files and the log, with rights, guards, the record of who did what, and who is told that a colleague was faster. The others still owe a write and know none of that',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For each replica its batches. */
function planEdits(count: number, conversations: number): Edit[][][] {
  const random = createRandom(1, 'assignments');
  const choices = [null, ...AGENTS.map(({ agentId }) => agentId)];
  return Array.from({ length: REPLICAS }, () => {
    const edits = Array.from({ length: Math.ceil(count / REPLICAS) }, (): Edit => ({ conversation: random.int(0, conversations - 1), to: choices[random.int(0, choices.length - 1)] ?? null }));
    return Array.from({ length: Math.ceil(edits.length / TOGETHER) }, (_, n) => edits.slice(n * TOGETHER, (n + 1) * TOGETHER));
  });
}

/** @returns ms. */
async function timeEdits(replicas: Replicas, plan: Edit[][][]): Promise<number> {
  try {
    const from = performance.now();
    for (const [replica, batches] of plan.entries()) for (const batch of batches) replicas.edit(replica, batch);
    await replicas.exchange();
    const ms = performance.now() - from;
    const [first, ...others] = plan.map((_, replica) => replicas.read(replica).join());
    if (others.some((other) => other !== first)) throw new Error('the replicas do not agree');
    if (first?.replaceAll(',', '') === '') throw new Error('nothing was edited');
    return ms;
  } finally {
    await replicas.close();
  }
}
