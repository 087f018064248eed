/** Three of our desktops on files of their own and the relay's log on disk: intents are ops, the log gives them one order, and every desktop applies them with all that belongs to them. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { CATCH_UP_PAGE_BYTES, CATCH_UP_PAGE_ENTRIES } from '../../../contract/limits.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { fillRelayLog } from '../../support/relay-log.ts';
import { applyLog, openDesktopReplica } from '../data/desktop-replica.ts';
import { AGENTS, LOG_END, takeSupportLog, type Agent } from '../data/support-log.ts';
import { REPLICAS, type Replicas } from './replicas.ts';

const ENTRIES_BEFORE = 4_000;
const OPS_PER_PUSH = 100;

export type PreparedTeam = { folder: string; conversations: string[]; head: number };

/** A team that has worked together: its log, and three desktops that have all of it. */
export async function prepareTeam(parent: string): Promise<PreparedTeam> {
  const folder = mkdtempSync(path.join(parent, 'team-'));
  const head = await fillRelayLog(path.join(folder, 'relay'), takeSupportLog(ENTRIES_BEFORE));
  let conversations: string[] = [];
  for (const [n, who] of AGENTS.entries()) {
    const { db, replica, settleJobs } = openDesktopReplica(fileOf(folder, n), who);
    applyLog(replica, takeSupportLog(ENTRIES_BEFORE));
    settleJobs();
    // What it did before stands in the log and was not done by this file, whose numbers go on from there.
    db.exec('UPDATE sync_meta SET next_device_seq = 1 + coalesce((SELECT device_seq FROM device_position WHERE device_id = sync_meta.device_id), 0)');
    conversations = db.prepare("SELECT id FROM conversation WHERE status = 'active' ORDER BY id").pluck().all() as string[];
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  }
  return { folder, conversations, head };
}

const fileOf = (folder: string, replica: number): string => path.join(folder, `desktop-${replica}`, 'bandeja.db');

/** A copy of it, at work. */
export function startDesktops({ folder, conversations, head }: PreparedTeam, parent: string): Replicas {
  const own = mkdtempSync(path.join(parent, 'run-'));
  cpSync(path.join(folder, 'relay'), path.join(own, 'relay'), { recursive: true });
  const relay = openSqliteStore({ dataDir: path.join(own, 'relay'), now: () => LOG_END, newId: randomUUID });
  const desktops = Array.from({ length: REPLICAS }, (_, n) => {
    const file = fileOf(own, n);
    mkdirSync(path.dirname(file));
    copyFileSync(fileOf(folder, n), file);
    const who = AGENTS[n] as Agent;
    return { who, ...openDesktopReplica(file, who) };
  });
  const idOf = (conversation: number): string => conversations[conversation] ?? '';
  return {
    edit: (replica, edits) => {
      const desktop = desktops[replica];
      desktop?.replica.transact(() => {
        for (const { conversation, to } of edits) {
          const conversationId = idOf(conversation);
          desktop.replica.applyLocal({ type: 'conversation.assign', args: { conversationId, from: desktop.replica.state.get('conversation', [conversationId])?.assignee_id ?? null, to } });
        }
      });
    },
    exchange: async () => {
      for (const { who, listPending } of desktops) {
        const ops = listPending();
        for (let n = 0; n < ops.length; n += OPS_PER_PUSH) {
          const [result] = await relay.append([{ kind: 'push', deviceId: who.deviceId, ops: ops.slice(n, n + OPS_PER_PUSH) }]);
          if (result?.kind !== 'push' || result.status !== 'done') throw new Error(`the log refused an op: ${JSON.stringify(result)}`);
        }
      }
      // Each reads the log for itself, and applies it as the engine does when it is far behind.
      for (const { replica } of desktops) {
        const missing: LogEntry[] = [];
        for (let after = head; ; after = missing.at(-1)?.seq ?? after) {
          const { entries } = await relay.readAfter(after, { entries: CATCH_UP_PAGE_ENTRIES, bytes: CATCH_UP_PAGE_BYTES });
          if (entries.length === 0) break;
          missing.push(...entries);
        }
        applyLog(replica, missing);
      }
    },
    read: (replica) => conversations.map((id) => desktops[replica]?.replica.state.get('conversation', [id])?.assignee_id ?? null),
    close: async () => {
      for (const { db } of desktops) db.close();
      await relay.close();
      rmSync(own, { recursive: true, force: true });
    },
  };
}
