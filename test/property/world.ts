/**
 * A small team in one process over the real modules: relay log store, replicas, job runner and outbox on real SQLite
 * databases. Only Meta and the network between them are played, with every fault they have. Used by the property tests.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { applyLogEntry } from '../../contract/reduce.ts';
import type { OpBody } from '../../contract/ops/op.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import type { ConversationRow, MessageRow } from '../../contract/state.ts';
import type { LogEntry } from '../../contract/wire.ts';
import { createContactQueries } from '../../main/engine/db/contact-queries.ts';
import { createJobQueries } from '../../main/engine/db/job-queries.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../main/engine/db/sync-queries.ts';
import { createJobRunner, type JobRunner } from '../../main/engine/jobs/job-runner.ts';
import { addOutboxJobs, createMarkReadHandler, createSendHandler } from '../../main/engine/outbox/outbox.ts';
import { createChangeCollector } from '../../main/engine/sync/change-collector.ts';
import { createReplica, type Replica } from '../../main/engine/sync/replica.ts';
import type { GraphClient, GraphResult } from '../../main/engine/whatsapp/graph-client.ts';
import { createWhatsappHealth } from '../../main/engine/whatsapp/health.ts';
import { openSqliteStore } from '../../webhook-relay/log-store/sqlite.ts';
import type { LogStore } from '../../webhook-relay/log-store/interface.ts';

export const START = Date.UTC(2026, 10, 22, 15);
const PHONE_NUMBER_ID = '106540352242922';
export const CUSTOMERS = 3;

export type SendFault = 'none' | 'lost_before' | 'lost_after' | 'crash_after' | 'unreachable' | 'throttled' | 'refused';

/** Meta as the outbox sees it: accepts, refuses, or lets the answer vanish; its statuses wait to be delivered. */
export type Meta = { calls: string[]; accepted: { messageId: string; wamid: string }[]; nextFault: SendFault };

export type Desktop = {
  name: string;
  deviceId: string;
  agentId: string;
  db: Database.Database;
  replica: Replica;
  sync: ReturnType<typeof createSyncQueries>;
  runner: JobRunner;
  /** Ids of every op that this desktop recorded. */
  opIds: string[];
  isOnline: boolean;
  /** Makes the next transaction that receives entries die in the middle. */
  isDoomed: boolean;
};

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld(desktopCount: number) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-world-'));
  let now = START;
  let counter = 0;
  const nextId = (): string => `id-${String((counter += 1)).padStart(6, '0')}`;
  const store: LogStore = openSqliteStore({ dataDir, now: () => now, newId: nextId });
  const meta: Meta = { calls: [], accepted: [], nextFault: 'none' };
  const desktops: Desktop[] = [];
  const totals = { rollbacks: 0, crashes: 0, held: 0, superseded: 0, merged: 0, sends: 0, lost: 0 };

  for (let n = 0; n < desktopCount; n += 1) {
    const codeHash = createHash('sha256').update(`invite ${n}`).digest();
    await store.addInvite({ codeHash, role: 'agent', agentName: null, agentId: null, expiresAt: now + 1e9 });
    const outcome = await store.enroll({
      inviteHash: codeHash,
      tokenHash: createHash('sha256').update(`token ${n}`).digest(),
      deviceId: `device-${n}`,
      deviceName: `desk ${n}`,
      newAgentId: `agent-${n}`,
      agentName: `Agent ${n}`,
    });
    if (outcome.status !== 'enrolled') throw new Error(outcome.status);
    const db = openDatabase(':memory:');
    const sync = createSyncQueries(db);
    sync.enroll('http://127.0.0.1', store.logId, `device-${n}`, `agent-${n}`);
    const desktop: Desktop = { name: `d${n}`, deviceId: `device-${n}`, agentId: `agent-${n}`, db, sync, opIds: [], isOnline: true, isDoomed: false, ...bootDesktop(db) };
    desktops.push(desktop);
  }

  /** Everything of a desktop that lives in memory: made anew after a crash, over the same database. */
  function bootDesktop(db: Database.Database): Pick<Desktop, 'replica' | 'runner'> {
    const sync = createSyncQueries(db);
    const jobs = createJobQueries(db);
    const contacts = createContactQueries(db);
    const changes = createChangeCollector(contacts.listConversations);
    const health = createWhatsappHealth(() => undefined);
    health.setConfigured(true);
    const self = (): Desktop | undefined => desktops.find((desktop) => desktop.db === db);
    const replica = createReplica({
      db,
      queries: sync,
      clock: { now: () => now },
      ids: { next: nextId },
      changes,
      onConfirmed: (confirmed, tx) => addOutboxJobs(confirmed, tx, jobs, 'on_reply', now),
      onReceived: () => {
        jobs.settleUncertain(now);
        const desktop = self();
        if (!desktop?.isDoomed) return;
        desktop.isDoomed = false;
        throw new Error('doomed');
      },
    });
    const deps = { replica, jobs, contacts, graph: createGraph(), health, now: () => now, random: () => 0.5, log: () => undefined };
    const runner = createJobRunner({
      jobs,
      handlers: { 'message.send': createSendHandler(deps), 'message.mark_read': createMarkReadHandler(deps) },
      transact: replica.transact,
      onStateChange: () => undefined,
      clock: { now: () => now },
      random: () => 0.5,
      log: () => undefined,
    });
    return { replica, runner };
  }

  function createGraph(): GraphClient {
    const answer = <T>(value: T): Promise<GraphResult<T>> => Promise.resolve({ status: 'ok', value });
    return {
      sendMessage: (_phoneNumberId, body) => {
        const messageId = String(body['biz_opaque_callback_data']);
        const fault = meta.nextFault;
        meta.nextFault = 'none';
        if (fault === 'unreachable') return Promise.resolve({ status: 'unreachable', detail: 'ECONNREFUSED' });
        meta.calls.push(messageId);
        if (fault === 'throttled') return Promise.resolve({ status: 'refused', error: { code: 131056, title: 'pair rate', detail: null }, retry: 'backoff', waitMs: 6_000, isAccountWide: false });
        if (fault === 'refused') return Promise.resolve({ status: 'refused', error: { code: 131009, title: 'wrong value', detail: null }, retry: 'fix', waitMs: 0, isAccountWide: false });
        if (fault === 'lost_before') {
          totals.lost += 1;
          return Promise.resolve({ status: 'lost', detail: 'ECONNRESET' });
        }
        const wamid = `wamid.${messageId}`;
        meta.accepted.push({ messageId, wamid });
        totals.sends += 1;
        if (fault === 'lost_after') {
          totals.lost += 1;
          return Promise.resolve({ status: 'lost', detail: 'ETIMEDOUT' });
        }
        if (fault === 'crash_after') return new Promise(() => undefined);
        return answer({ wamid });
      },
      markRead: () => answer(undefined),
      readNumber: () => answer({ displayPhoneNumber: null, verifiedName: null }),
    };
  }

  const readLog = async (): Promise<LogEntry[]> => {
    const log: LogEntry[] = [];
    for (;;) {
      const page = await store.readAfter(log.length, { entries: 1_000, bytes: 10_000_000 });
      log.push(...page.entries);
      if (page.entries.length === 0) return log;
    }
  };

  const appendWebhook = async (key: string, body: unknown): Promise<void> => {
    await store.append([{ kind: 'webhook', items: [{ dedupe: createHash('sha256').update(key).digest().subarray(0, 16), body: JSON.stringify(body), isUnrecognised: false }] }]);
  };
  const envelope = { field: 'messages', wabaId: '102290129340398', metadata: { display_phone_number: '50222334455', phone_number_id: PHONE_NUMBER_ID } };

  return {
    desktops,
    meta,
    store,
    totals,
    readLog,
    advanceClock: (ms: number) => {
      now += ms;
    },

    customerWrites: async (customer: number, message: number) => {
      const from = `5025555${String(customer).padStart(4, '0')}`;
      await appendWebhook(`m:${message}`, {
        item: 'message',
        ...envelope,
        contacts: [{ wa_id: from, profile: { name: `Cliente ${customer}` } }],
        payload: { id: `wamid.in.${message}`, from, timestamp: String(Math.floor(now / 1000)), type: 'text', text: { body: `mensaje ${message}` } },
      });
    },

    /** Delivers one of the statuses that Meta owes; `withCallback` as Meta echoes our own id. */
    deliverStatus: async (index: number, status: 'sent' | 'delivered' | 'read' | 'failed', withCallback: boolean) => {
      const target = meta.accepted[index % Math.max(1, meta.accepted.length)];
      if (!target) return;
      await appendWebhook(`s:${target.wamid}/${status}`, {
        item: 'status',
        ...envelope,
        payload: {
          id: target.wamid,
          status,
          timestamp: String(Math.floor(now / 1000)),
          recipient_id: '50255550000',
          ...(withCallback ? { biz_opaque_callback_data: target.messageId } : {}),
          ...(status === 'failed' ? { errors: [{ code: 131026, title: 'undeliverable' }] } : {}),
        },
      });
    },

    act: (desktop: Desktop, op: OpBody): void => {
      desktop.opIds.push(desktop.replica.applyLocal(op).opId);
    },

    push: async (desktop: Desktop, count: number): Promise<void> => {
      const ops = desktop.sync.listPending(0, count);
      if (ops.length === 0) return;
      const [result] = await store.append([{ kind: 'push', deviceId: desktop.deviceId, ops }]);
      if (result?.kind !== 'push' || result.status !== 'done') throw new Error(`push: ${JSON.stringify(result)}`);
    },

    pull: async (desktop: Desktop, count: number, offset: number): Promise<void> => {
      const { cursor } = desktop.sync.readMeta();
      const { entries } = await store.readAfter(Math.max(0, cursor - offset), { entries: count + offset, bytes: 10_000_000 });
      if (desktop.sync.countPending() > 0 && entries.some((entry) => entry.seq > cursor)) totals.rollbacks += 1;
      try {
        desktop.replica.receive(entries);
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'doomed') throw error;
        totals.crashes += 1;
        Object.assign(desktop, bootDesktop(desktop.db));
      }
    },

    /** Lets the outbox work until it has nothing more to do, or until it "crashes" in the middle of a call. */
    runOutbox: async (desktop: Desktop, fault: SendFault): Promise<void> => {
      meta.nextFault = fault;
      desktop.runner.start();
      const jobs = createJobQueries(desktop.db);
      for (let turn = 0; turn < 40; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (jobs.countOpen() === 0) break;
      }
      if (fault === 'crash_after' && jobs.listByState('running').length > 0) {
        totals.crashes += 1;
        Object.assign(desktop, bootDesktop(desktop.db));
        return;
      }
      await desktop.runner.stop();
      Object.assign(desktop, bootDesktop(desktop.db));
    },

    crash: (desktop: Desktop): void => {
      totals.crashes += 1;
      Object.assign(desktop, bootDesktop(desktop.db));
    },

    conversationsOf: (desktop: Desktop) => desktop.db.prepare('SELECT * FROM conversation ORDER BY id').all() as ConversationRow[],
    messagesOf: (desktop: Desktop) => desktop.db.prepare('SELECT * FROM message ORDER BY id').all() as MessageRow[],
    dump: (desktop: Desktop) => [...dumpState(desktop.db)],

    /** Takes the pending ops' writes back, looks, and rolls that back again. */
    dumpWithoutPending: (desktop: Desktop): string[] => {
      let rows: string[] = [];
      try {
        desktop.db.transaction(() => {
          createStateStore(desktop.db, () => undefined).undoPending();
          rows = [...dumpState(desktop.db)];
          throw new Error('roll back');
        })();
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'roll back') throw error;
      }
      return rows;
    },

    close: async () => {
      for (const desktop of desktops) desktop.db.close();
      await store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** The fold of a log from nothing: what every desktop must hold. */
export function foldLog(log: LogEntry[]): string[] {
  const db = openDatabase(':memory:');
  const { confirmed } = createStateStore(db, () => undefined);
  for (const entry of log) applyLogEntry(confirmed, entry);
  const rows = [...dumpState(db)];
  db.close();
  return rows;
}
