/** A desktop with a day of work that nobody has seen yet: what colleagues and customers did meanwhile comes in, and its own is replayed on top. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { OpBody } from '../../../contract/ops/op.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { applyLog, openDesktopReplica } from '../data/desktop-replica.ts';
import { generateSupportLog, ME } from '../data/support-log.ts';
import { createFigure, ratioAtLeast, type BenchFindings } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';

const FULL = { known: 40_000, remote: 10_000, pending: 2_000 };
const QUICK = { known: 1_000, remote: 1_000, pending: 200 };
/** As the engine takes entries when it is far behind, and while it keeps up. */
const FAR_BEHIND = 2_000;
const KEEPING_UP = 200;

export async function measureReplay({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const size = quick ? QUICK : FULL;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-replay-'));
  const { known, remote } = takeLog(size);
  const [idle, busy] = [path.join(folder, 'idle.db'), path.join(folder, 'busy.db')];
  const checks: Record<string, number> = {};
  let files = 0;

  /** @returns remote entries per second. */
  const receive = (from: string, chunk: number) => (): number => {
    const file = path.join(folder, `${(files += 1)}`, 'bandeja.db');
    mkdirSync(path.dirname(file));
    copyFileSync(from, file);
    const { db, replica } = openDesktopReplica(file);
    const start = performance.now();
    applyLog(replica, remote, chunk);
    const spent = performance.now() - start;
    const count = (table: string): number => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    if (from === busy) Object.assign(checks, { entries: remote.length, pending: count('pending_op'), journaled: count('undo'), outcomes: count('activity') });
    db.close();
    rmSync(path.dirname(file), { recursive: true });
    return (remote.length / spent) * 1000;
  };

  try {
    makeDesktop(idle, known, 0);
    makeDesktop(busy, known, size.pending);
    const samples = await measureRounds(
      { busyFar: receive(busy, FAR_BEHIND), idleFar: receive(idle, FAR_BEHIND), busyNear: receive(busy, KEEPING_UP), idleNear: receive(idle, KEEPING_UP) },
      { rounds, warmUps: quick ? 0 : 1, signal },
    );
    const name = (chunk: number): string => `under ${size.pending.toLocaleString('en-US')} pending, ${chunk.toLocaleString('en-US')} a transaction`;
    return {
      figures: [
        createFigure({ name: name(FAR_BEHIND), unit: 'entries/s', rounds: samples.busyFar, ceiling: { name: 'the same with nothing pending', rounds: samples.idleFar }, goal: ratioAtLeast(0.3) }),
        createFigure({ name: name(KEEPING_UP), unit: 'entries/s', rounds: samples.busyNear, ceiling: { name: 'the same with nothing pending', rounds: samples.idleNear } }),
      ],
      checks,
      notes: [`${remote.length.toLocaleString('en-US')} entries after ${known.length.toLocaleString('en-US')} known ones; pending: assignments, snoozes, statuses, notes, replies, reads`],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A desktop's file that holds these entries and so many ops on top. */
function makeDesktop(file: string, known: LogEntry[], pending: number): void {
  const { db, replica } = openDesktopReplica(file);
  applyLog(replica, known);
  const random = createRandom(1, 'pending');
  const rows = db
    .prepare("SELECT id, assignee_id AS assignee, snoozed_until AS snoozed, 'm_' || last_inbound_seq AS lastInbound FROM conversation WHERE status = 'active' ORDER BY id")
    .all() as Target[];
  replica.transact(() => {
    for (let n = 0; n < pending; n += 1) replica.applyLocal(makeOp(n, rows[random.int(0, rows.length - 1)] as Target, known.length));
  });
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

type Target = { id: string; assignee: string | null; snoozed: number | null; lastInbound: string };
function makeOp(n: number, { id: conversationId, assignee, snoozed, lastInbound }: Target, seenThrough: number): OpBody {
  switch (n % 6) {
    case 0:
      return { type: 'conversation.assign', args: { conversationId, from: assignee, to: assignee === ME.agentId ? null : ME.agentId } };
    case 1:
      return { type: 'conversation.snooze', args: { conversationId, from: snoozed, to: 2_000_000_000_000 + n, seenThrough } };
    case 2:
      return { type: 'note.add', args: { noteId: `note-${n}`, conversationId, body: `Llamar mañana (${n})`, mentions: [] } };
    case 3:
      return { type: 'message.queue', args: { messageId: `pending-${n}`, conversationId, seenThrough, content: { kind: 'text', text: `Con gusto, lo vemos (${n})` } } };
    case 4:
      return { type: 'read.advance', args: { conversationId, throughMessageId: lastInbound } };
    default:
      return { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough } };
  }
}

function takeLog({ known, remote }: typeof FULL): { known: LogEntry[]; remote: LogEntry[] } {
  const entries: LogEntry[] = [];
  for (const entry of generateSupportLog({ messages: (known + remote) / 2, conversations: 1_500, biggest: 1_000 })) {
    if (entries.push(entry) === known + remote) return { known: entries.slice(0, known), remote: entries.slice(known) };
  }
  throw new Error(`the log has only ${entries.length} entries`);
}
