/**
 * A log written by hand and folded as it is written: the people of a small team, one entry at a time. For tests of the
 * reducer. `ana` is admin, `leo` lead, `bo` and `cy` agents, `gil` has left; each has a desktop of their own.
 */
import type Database from 'better-sqlite3';
import { opVersion, type OpBody } from '../../../contract/ops/op.ts';
import { applyLogEntry } from '../../../contract/reduce.ts';
import { createStateStore, dumpState } from '../../../contract/sqlite/state-tx.ts';
import type { ActivityRow, Outcome, StateTx, TableName } from '../../../contract/state.ts';
import type { LogEntry, PushedOp, RelayEvent, Role } from '../../../contract/wire.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';

/** Relay time of the first entry; each further one comes a second later. */
export const AT = Date.UTC(2026, 10, 22, 12);
export const ROSA = '50255551234';
const ROLES: Record<string, Role> = { ana: 'admin', leo: 'lead', bo: 'agent', cy: 'agent', gil: 'agent' };

/** What became of an op; `changed`: the tables whose rows differ because of it, besides `activity`. */
export type Judged = { outcome: Outcome; detail: unknown; conversationId: string | null; changed: TableName[] };

export type LogWriter = {
  db: Database.Database;
  tx: StateTx;
  log: LogEntry[];
  /** Relay time passes before the next entry. */
  wait(ms: number): void;
  /** Seq of the last entry. */
  head(): number;
  relay(event: RelayEvent): void;
  /** @param deviceId a further desktop of theirs. */
  op(actorId: string, body: OpBody, deviceId?: string): Judged;
  /** Takes ops as a desktop pushes them. */
  push(actorId: string, ops: PushedOp[]): void;
  /** @param sentAt Meta's timestamp, ms; the relay's time if left out. `payload`: the rest of the message. Returns the seq of the entry. */
  customerWrites(options?: { from?: string; name?: string; sentAt?: number; type?: string; text?: string; payload?: Record<string, unknown> }): number;
  /** Any item of a webhook, of the number that customers write to unless it says otherwise. Returns the seq of the entry. */
  webhook(item: WebhookPart): number;
  /** What Meta says of a message of ours; `code`: why it failed. */
  status(update: { wamid: string; status: string; code?: number }): void;
  close(): void;
};
type WebhookPart = {
  item?: 'message' | 'status' | 'error' | 'change';
  field?: string;
  payload: Record<string, unknown>;
  contacts?: Record<string, unknown>[];
  thread?: Record<string, unknown>;
  time?: number;
};
/** The business's own number, as webhooks name it. */
export const BUSINESS = { phone_number_id: '2', display_phone_number: '50223344550' };

/** An empty log. */
export function createLogWriter(): LogWriter {
  const db = openDatabase(':memory:');
  const tx = createStateStore(db, () => undefined).confirmed;
  const log: LogEntry[] = [];
  let waited = 0;
  const stamp = (): { seq: number; receivedAt: number } => ({ seq: log.length + 1, receivedAt: AT + waited + log.length * 1_000 });
  const append = (entry: LogEntry): void => {
    log.push(entry);
    applyLogEntry(tx, entry);
  };
  const rowsByTable = (): Map<string, string> => {
    const tables = new Map<string, string>();
    for (const line of dumpState(db)) {
      const table = line.slice(0, line.indexOf(' '));
      if (table !== 'activity') tables.set(table, `${tables.get(table) ?? ''}\n${line}`);
    }
    return tables;
  };

  return {
    db,
    tx,
    log,
    wait: (ms) => {
      waited += ms;
    },
    head: () => log.length,
    relay: (event) => append({ kind: 'relay', ...stamp(), body: JSON.stringify(event) }),
    op: (actorId, body, deviceId = `desk-${actorId}`) => {
      const before = rowsByTable();
      const opId = `op-${log.length + 1}`;
      const { seq, receivedAt } = stamp();
      append({ kind: 'op', seq, receivedAt, opId, deviceId, actorId, deviceSeq: seq, v: opVersion(body), occurredAt: receivedAt, body: JSON.stringify(body) });
      const after = rowsByTable();
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter((table) => before.get(table) !== after.get(table)) as TableName[];
      const activity = tx.get('activity', [opId]) as ActivityRow;
      return { outcome: activity.outcome, detail: JSON.parse(activity.detail), conversationId: activity.conversation_id, changed: changed.toSorted() };
    },
    push: (actorId, ops) => {
      for (const op of ops) append({ kind: 'op', ...stamp(), deviceId: `desk-${actorId}`, actorId, ...op });
    },
    customerWrites: ({ from = ROSA, name, sentAt, type = 'text', text = 'hola', payload: rest = {} } = {}) => {
      const { seq, receivedAt } = stamp();
      const payload = { id: `wamid.${seq}`, from, timestamp: String(Math.floor((sentAt ?? receivedAt) / 1000)), type, ...(type === 'text' ? { text: { body: text } } : {}), ...rest };
      append({
        kind: 'webhook',
        seq,
        receivedAt,
        body: JSON.stringify({
          item: 'message',
          field: 'messages',
          wabaId: '1',
          metadata: { phone_number_id: '2' },
          ...(name !== undefined && { contacts: [{ profile: { name }, wa_id: from }] }),
          payload,
        }),
      });
      return seq;
    },
    webhook: (part) => {
      const { seq, receivedAt } = stamp();
      const item = part.item ?? 'message';
      append({ kind: 'webhook', seq, receivedAt, body: JSON.stringify({ item, field: 'messages', wabaId: '1', ...(item === 'change' ? {} : { metadata: BUSINESS }), ...part }) });
      return seq;
    },
    status: ({ wamid, status, code }) => {
      const { seq, receivedAt } = stamp();
      const payload = { id: wamid, status, timestamp: String(Math.floor(receivedAt / 1000)), recipient_id: ROSA, ...(code === undefined ? {} : { errors: [{ code, title: 'failed' }] }) };
      append({ kind: 'webhook', seq, receivedAt, body: JSON.stringify({ item: 'status', field: 'messages', wabaId: '1', metadata: { phone_number_id: '2' }, payload }) });
    },
    close: () => void db.close(),
  };
}

/** A log in which the team has joined, `gil` has left and Rosa has written once: her conversation is `conversationId`. */
export function createTeamLog(): LogWriter & { conversationId: string } {
  const writer = createLogWriter();
  for (const [agentId, role] of Object.entries(ROLES)) writer.relay({ type: 'device.enrolled', deviceId: `desk-${agentId}`, agentId, agentName: agentId, role });
  writer.relay({ type: 'member.changed', agentId: 'gil', by: 'ana', isRemoved: true });
  return { ...writer, conversationId: `c_${writer.customerWrites()}` };
}
