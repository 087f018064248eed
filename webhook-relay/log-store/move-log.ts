/**
 * Moves a log with its members, devices, invites and snapshots' rows from one store to another. Invariants: the copy is read back and compared before it
 * counts; at no moment may both be written to, so the copy is marked as moved until the source is; whatever ends it in the middle, calling it again
 * finishes it. Files stay where they are.
 */
import { createLogDigest, digestOf, TABLES, type OpenLog } from './log-tables.ts';

/** `digest`: of both, SHA-256 in hex. */
export type Moved = { status: 'moved'; digest: string };
/** `occupied`: the target keeps another log. `moved_before`: the source's log is elsewhere already. `differs`: what was read back is not what was written. */
export type MoveOutcome = Moved | { status: 'occupied' | 'moved_before' | 'differs' };

export async function moveLog(source: OpenLog, target: OpenLog): Promise<MoveOutcome> {
  if (await source.isMoved()) return finishMove(source, target);
  const isFree = (await target.isEmpty()) || (await target.isMoved());
  if (!isFree) return { status: 'occupied' };
  const digest = await copyLog(source, target);
  if (digest !== (await digestOf(target))) return { status: 'differs' };
  // If we end before the source is marked, the source goes on and the next call copies anew.
  await target.markMoved(source.kind);
  await target.commit();
  await source.markMoved(target.kind);
  await source.commit();
  await target.goOn();
  return { status: 'moved', digest };
}

/** If we ended just before the target went on, both are marked and the same. */
async function finishMove(source: OpenLog, target: OpenLog): Promise<MoveOutcome> {
  if (!(await target.isMoved())) return { status: 'moved_before' };
  const digest = await digestOf(source);
  if (digest !== (await digestOf(target))) return { status: 'moved_before' };
  await target.commit();
  await target.goOn();
  return { status: 'moved', digest };
}

/** @returns the digest of what was read. */
async function copyLog(source: OpenLog, target: OpenLog): Promise<string> {
  const digest = createLogDigest();
  await target.clear();
  const head = await source.readHead();
  digest.addHead(head);
  for (const table of TABLES) {
    digest.addTable(table);
    for await (const rows of source.readRows(table)) {
      digest.addRows(rows);
      await target.insertRows(table, rows);
    }
  }
  await target.writeHead(head);
  return digest.read();
}
