/**
 * A small team in one process over the real modules: relay log store, replicas, job runner and outbox on real SQLite
 * databases. Only Meta and the network between them are played, with every fault they have. Used by the property tests.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { OpBody } from '../../contract/ops/op.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import { PENDING_SEQ } from '../../contract/state.ts';
import type { LogEntry, Role } from '../../contract/wire.ts';
import { createContactQueries } from '../../main/engine/db/contact-queries.ts';
import { createShownIn } from '../../main/engine/db/shown-in-queries.ts';
import { createJobQueries, type JobQueries, MESSAGE_JOBS } from '../../main/engine/db/job-queries.ts';
import { createUploadQueries } from '../../main/engine/db/upload-queries.ts';
import { createSyncQueries, type SyncQueries } from '../../main/engine/db/sync-queries.ts';
import { createJobRunner, type JobHandler, type JobRunner } from '../../main/engine/jobs/job-runner.ts';
import { addOutboxJobs, createMarkReadHandler, type OutboxDeps } from '../../main/engine/outbox/outbox.ts';
import { createSendHandler } from '../../main/engine/outbox/send-message.ts';
import { createUploadHandler } from '../../main/engine/outbox/upload-media.ts';
import { createChangeCollector, type ChangeCollector } from '../../main/engine/sync/change-collector.ts';
import { createReplica, type Confirmed, type Replica } from '../../main/engine/sync/replica.ts';
import type { GraphResult } from '../../main/engine/whatsapp/graph-call.ts';
import type { GraphClient } from '../../main/engine/whatsapp/graph-client.ts';
import { createWhatsappHealth } from '../../main/engine/whatsapp/health.ts';
import { openSqliteStore } from '../../webhook-relay/log-store/sqlite.ts';
import type { LogStore } from '../../webhook-relay/log-store/interface.ts';
import { openEmptyFile } from './empty-database.ts';
import { createSnapshotExchange } from './snapshot-exchange.ts';

/** Nobody sends files here. */
const NO_FILES: JobHandler = { group: 'media', isRepeatable: true, prepare: () => ({ status: 'done' }), run: async () => ({ status: 'done' }) };

const START = Date.UTC(2026, 10, 22, 15);
const PHONE_NUMBER_ID = '106540352242922';
export const CUSTOMERS = 3;
/** A disk that is memory, where the system has one: the relay's file is synced to it at each commit. */
const TMP_DIR = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

export type SendFault = 'none' | 'lost_before' | 'lost_after' | 'crash_after' | 'unreachable' | 'throttled' | 'refused';

/** A call to Meta. `mayHaveArrived`: after it nobody may call again for this message. `wasConfirmed`: its op had come back from the log. */
type Call = { messageId: string; mayHaveArrived: boolean; wasConfirmed: boolean };
/** Meta as the outbox sees it: accepts, refuses, or lets the answer vanish; its statuses wait to be delivered. */
type Meta = { calls: Call[]; accepted: { messageId: string; wamid: string }[]; nextFault: SendFault };

/** Parts that a test replaces with broken ones, to show that the properties notice. */
export type Parts = {
  store: (store: LogStore) => LogStore;
  /** What the replica keeps its rows in. */
  replicaDb: (db: Database.Database) => Database.Database;
  /** What the outbox hears of a confirmed op. */
  confirmed: (confirmed: Confirmed) => Confirmed;
  /** The rows that the sender looks at. */
  senderState: (state: Replica['state']) => Replica['state'];
  sender: (handler: JobHandler) => JobHandler;
};
export const REAL_PARTS: Parts = { store: (part) => part, replicaDb: (part) => part, confirmed: (part) => part, senderState: (part) => part, sender: (part) => part };

export type Desktop = {
  name: string;
  deviceId: string;
  agentId: string;
  db: Database.Database;
  sync: SyncQueries;
  jobs: JobQueries;
  changes: ChangeCollector;
  replica: Replica;
  runner: JobRunner;
  /** Ends what lives in memory, as the end of the process does. */
  kill: () => void;
  /** Ids of every op that somebody recorded here; the outbox records the results of its sends besides. */
  opIds: string[];
  isOnline: boolean;
  /** Its agent has left: the relay speaks with it no more. */
  isGone: boolean;
  /** Makes the next transaction that receives entries die in the middle. */
  isDoomed: boolean;
  /** What its wall clock shows beside the relay's, ms. */
  clockSkew: number;
};

export type World = Awaited<ReturnType<typeof createWorld>>;
/** What has happened in a world, to show that the histories contain it. */
export const NO_COUNTS = { rollbacks: 0, crashes: 0, sends: 0, lost: 0, resent: 0, gaps: 0, resets: 0, installs: 0, roleChanges: 0, removals: 0, clockJumps: 0, told: 0 };
export const TOLD_KINDS = ['reaction', 'edit', 'revoke', 'image', 'echo', 'echoEdit', 'imported'] as const;

/** @param agents the agent of each desktop, by number: `[0, 1, 0]` are three desktops of two agents. @param roles of the agents. */
export async function createWorld({ agents, roles, parts = REAL_PARTS }: { agents: number[]; roles: Role[]; parts?: Parts }) {
  const dataDir = mkdtempSync(path.join(TMP_DIR, 'bandeja-world-'));
  let now = START;
  let counter = 0;
  const nextId = (): string => `id-${String((counter += 1)).padStart(6, '0')}`;
  const realStore = openSqliteStore({ dataDir, now: () => now, newId: nextId });
  const store = parts.store(realStore);
  const meta: Meta = { calls: [], accepted: [], nextFault: 'none' };
  const desktops: Desktop[] = [];
  const counts = { ...NO_COUNTS };
  const snapshots = createSnapshotExchange(dataDir, () => now);

  for (const [n, agent] of agents.entries()) {
    const isFirst = agents.indexOf(agent) === n;
    const agentId = `agent-${agent}`;
    const codeHash = createHash('sha256').update(`invite ${n}`).digest();
    await store.addInvite({ codeHash, role: roles[agent] ?? 'agent', agentName: null, agentId: isFirst ? null : agentId, expiresAt: now + 1e9 });
    const tokenHash = createHash('sha256').update(`token ${n}`).digest();
    const outcome = await store.enroll({ inviteHash: codeHash, tokenHash, deviceId: `device-${n}`, deviceName: `desk ${n}`, newAgentId: agentId, agentName: `Agent ${agent}` });
    if (outcome.status !== 'enrolled') throw new Error(outcome.status);
    // A file: a snapshot is copied over a connection of its own.
    const db = openEmptyFile(path.join(dataDir, `d${n}.db`));
    createSyncQueries(db).enroll('http://127.0.0.1', store.logId, `device-${n}`, agentId);
    const desktop = { name: `d${n}`, deviceId: `device-${n}`, agentId, db, opIds: [], isOnline: true, isGone: false, isDoomed: false, clockSkew: 0 };
    desktops.push(Object.assign(desktop, bootDesktop(desktop)));
  }

  /** Everything of a desktop that lives in memory: made anew after a crash, over the same database. */
  function bootDesktop(desktop: Pick<Desktop, 'db' | 'isDoomed' | 'clockSkew'>): Pick<Desktop, 'sync' | 'jobs' | 'changes' | 'replica' | 'runner' | 'kill'> {
    const { db } = desktop;
    const sync = createSyncQueries(db);
    const jobs = createJobQueries(db);
    const contacts = createContactQueries(db);
    const changes = createChangeCollector(createShownIn(db));
    const health = createWhatsappHealth(() => undefined);
    health.setConfigured(true);
    const clock = { now: () => now + desktop.clockSkew };
    const relayTime = (): number => clock.now() + sync.readMeta().clockOffset;
    const replica = createReplica({
      db: parts.replicaDb(db),
      queries: sync,
      clock,
      ids: { next: nextId },
      changes,
      onConfirmed: (confirmed, tx) => addOutboxJobs(parts.confirmed(confirmed), tx, jobs, 'on_reply', relayTime()),
      onReceived: () => {
        jobs.settleUncertain(relayTime());
        if (!desktop.isDoomed) return;
        desktop.isDoomed = false;
        throw new Error('doomed');
      },
    });
    const outbox: OutboxDeps = {
      replica: { ...replica, state: parts.senderState(replica.state) },
      jobs,
      contacts,
      uploads: createUploadQueries(db),
      media: { describe: () => undefined, open: () => Promise.resolve(null) },
      pace: { take: () => 0, empty: () => undefined },
      graph: createGraph(db),
      health,
      noteTemplateRefused: () => undefined,
      now: relayTime,
      random: () => 0.5,
      log: () => undefined,
    };
    const sender = createSendHandler(outbox);
    let isDead = false;
    const runner = createJobRunner({
      jobs,
      handlers: {
        'message.send': parts.sender(sender),
        'message.mark_read': createMarkReadHandler(outbox),
        'media.upload': createUploadHandler({ ...outbox, progress: { note: () => undefined, end: () => undefined } }),
        'media.fetch': NO_FILES,
        'media.share': NO_FILES,
      },
      transact: (change) => {
        if (isDead) throw new Error('this process has ended');
        return replica.transact(change);
      },
      onStateChange: () => undefined,
      mayBegin: sync.hasWholeRows,
      clock: { now: relayTime },
      random: () => 0.5,
      log: () => undefined,
    });
    const kill = (): void => {
      isDead = true;
      void runner.stop();
    };
    return { sync, jobs, changes, replica, runner, kill };
  }

  function crash(desktop: Desktop): void {
    counts.crashes += 1;
    desktop.kill();
    Object.assign(desktop, bootDesktop(desktop));
  }

  /** Work on rows that may die in the middle of its transaction. */
  async function orCrash(desktop: Desktop, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('doomed')) throw error;
      crash(desktop);
    }
  }

  function createGraph(db: Database.Database): Pick<GraphClient, 'sendMessage' | 'markRead' | 'uploadMedia'> {
    const answer = <T>(value: T): Promise<GraphResult<T>> => Promise.resolve({ status: 'ok', value });
    const readSeq = db.prepare('SELECT seq FROM message WHERE id = ?').pluck();
    return {
      sendMessage: (_phoneNumberId, body) => {
        const messageId = String(body.biz_opaque_callback_data);
        const fault = meta.nextFault;
        meta.nextFault = 'none';
        if (fault === 'unreachable') return Promise.resolve({ status: 'unreachable', detail: 'ECONNREFUSED' });
        const isRefused = fault === 'throttled' || fault === 'refused';
        meta.calls.push({ messageId, mayHaveArrived: !isRefused, wasConfirmed: (readSeq.get(messageId) as number) < PENDING_SEQ });
        if (fault === 'throttled') return Promise.resolve({ status: 'refused', error: { code: 131056, title: 'pair rate', detail: null }, retry: 'backoff', waitMs: 6_000, isAccountWide: false });
        if (fault === 'refused') return Promise.resolve({ status: 'refused', error: { code: 131009, title: 'wrong value', detail: null }, retry: 'fix', waitMs: 0, isAccountWide: false });
        if (fault === 'lost_before') {
          counts.lost += 1;
          return Promise.resolve({ status: 'lost', detail: 'ECONNRESET' });
        }
        const wamid = `wamid.${messageId}`;
        meta.accepted.push({ messageId, wamid });
        counts.sends += 1;
        if (fault === 'lost_after') {
          counts.lost += 1;
          return Promise.resolve({ status: 'lost', detail: 'ETIMEDOUT' });
        }
        if (fault === 'crash_after') return new Promise(() => undefined);
        return answer({ wamid, waId: undefined, userId: undefined });
      },
      uploadMedia: () => answer({ id: 'upload' }),
      markRead: () => answer(undefined),
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
  const metaTimestamp = (): string => String(Math.floor(now / 1000));

  return {
    desktops,
    agentCount: roles.length,
    meta,
    counts,
    readLog,
    nextId,

    /** The relay's clock; it may jump back. */
    advanceClock: (ms: number): void => {
      now += ms;
    },
    /** A desktop's wall clock is set to a moment; it hears of the relay's time at the next handshake. */
    setClock: (desktop: Desktop, at: number): void => {
      counts.clockJumps += 1;
      desktop.clockSkew = at - now;
    },
    handshake: (desktop: Desktop): void => desktop.sync.setClockOffset(-desktop.clockSkew),
    relayNow: () => now,

    customerWrites: async (customer: number, message: number): Promise<void> => {
      const from = `5025555${String(customer).padStart(4, '0')}`;
      await appendWebhook(`m:${message}`, {
        item: 'message',
        ...envelope,
        contacts: [{ wa_id: from, profile: { name: `Cliente ${customer}` } }],
        payload: { id: `wamid.in.${message}`, from, timestamp: metaTimestamp(), type: 'text', text: { body: `mensaje ${message}` } },
      });
    },

    /** Whatever else Meta tells in a thread: about what was said (`about`), of a colleague on the phone, from the past, or a picture. */
    metaTells: async (customer: number, message: number, kind: (typeof TOLD_KINDS)[number], about: number): Promise<void> => {
      const person = customer === CUSTOMERS ? '5215512345678' : `5025555${String(customer).padStart(4, '0')}`;
      // What they said first, anything that somebody may have said, or a message of ours.
      const said = about % 8 === 2 ? about : 1_000 + customer;
      const target = about % 2 === 0 ? `wamid.in.${said}` : (meta.accepted[about % Math.max(1, meta.accepted.length)]?.wamid ?? `wamid.in.${said}`);
      const isEcho = kind.startsWith('echo');
      const who = isEcho ? { from: envelope.metadata.display_phone_number, to: person } : { from: person };
      const contents = {
        reaction: { type: 'reaction', reaction: { message_id: target, emoji: about % 3 === 0 ? '' : '👍' } },
        edit: { type: 'edit', edit: { original_message_id: target, message: { type: 'text', text: { body: `edición ${message}` } } } },
        revoke: { type: 'revoke', revoke: { original_message_id: target } },
        image: { type: 'image', image: { id: `media-${message}`, mime_type: 'image/jpeg' } },
        echo: { type: 'text', text: { body: `del teléfono ${message}` } },
        echoEdit: { type: 'edit', edit: { original_message_id: target, message: { type: 'text', text: { body: `edición ${message}` } } } },
        imported: { type: 'text', text: { body: `importado ${message}` } },
      };
      counts.told += 1;
      await appendWebhook(`t:${message}`, {
        item: 'message',
        ...envelope,
        field: isEcho ? 'smb_message_echoes' : kind === 'imported' ? 'history' : 'messages',
        ...(kind === 'imported' && { thread: { id: person } }),
        payload: { id: `wamid.told.${message}`, ...who, timestamp: metaTimestamp(), ...contents[kind] },
      });
    },

    /** Delivers one of the statuses that Meta owes; `withCallback` as Meta echoes our own id. */
    deliverStatus: async (index: number, status: 'sent' | 'delivered' | 'read' | 'failed', withCallback: boolean): Promise<void> => {
      const target = meta.accepted[index % Math.max(1, meta.accepted.length)];
      if (!target) return;
      await appendWebhook(`s:${target.wamid}/${status}`, {
        item: 'status',
        ...envelope,
        payload: {
          id: target.wamid,
          status,
          timestamp: metaTimestamp(),
          recipient_id: '50255550000',
          ...(withCallback ? { biz_opaque_callback_data: target.messageId } : {}),
          ...(status === 'failed' ? { errors: [{ code: 131026, title: 'undeliverable' }] } : {}),
        },
      });
    },

    /** An admin changes a member, through the relay; `role` null: the member leaves. */
    changeMember: async (agentId: string, role: Role | null): Promise<void> => {
      const outcome = await store.changeMember({ agentId, by: null, isRemoved: role === null, ...(role !== null && { role }) });
      if (outcome !== 'done') return;
      if (role !== null) counts.roleChanges += 1;
      else counts.removals += 1;
      if (role === null) for (const desktop of desktops) if (desktop.agentId === agentId) desktop.isGone = true;
    },

    act: (desktop: Desktop, op: OpBody): void => {
      desktop.opIds.push(desktop.replica.applyLocal(op).opId);
    },

    push: async (desktop: Desktop, count: number): Promise<void> => {
      const ops = desktop.sync.listPending(0, count);
      if (ops.length === 0) return;
      const before = await store.findDevice(desktop.deviceId);
      counts.resent += ops.filter((op) => op.deviceSeq <= (before?.lastDeviceSeq ?? 0)).length;
      const [result] = await store.append([{ kind: 'push', deviceId: desktop.deviceId, ops }]);
      if (result?.kind !== 'push' || result.status !== 'done') throw new Error(`push: ${JSON.stringify(result)}`);
    },

    /** @param offset how far before the cursor the page begins; below zero it leaves out what comes next. */
    pull: async (desktop: Desktop, count: number, offset: number): Promise<void> => {
      const { cursor } = desktop.sync.readMeta();
      const { entries } = await store.readAfter(Math.max(0, cursor - offset), { entries: Math.max(0, count + offset), bytes: 10_000_000 });
      const isNews = entries.some((entry) => entry.seq > cursor);
      if (isNews && offset >= 0 && desktop.sync.countPending() > 0) counts.rollbacks += 1;
      await orCrash(desktop, async () => {
        const outcome = desktop.replica.receive(entries);
        if (outcome === 'gap') counts.gaps += 1;
        if (outcome === 'stopped') throw new Error(`stopped: ${JSON.stringify(desktop.replica.stopped)}`);
      });
    },

    /** Lets the outbox work until it has nothing more to do, or until it "crashes" in the middle of a call. */
    runOutbox: async (desktop: Desktop, fault: SendFault): Promise<void> => {
      meta.nextFault = fault;
      // Long enough for what was put off, and somebody woke the machine up.
      now += 10_000;
      desktop.runner.resume();
      desktop.runner.start();
      const { jobs } = desktop;
      for (let turn = 0; turn < 20; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (jobs.countOpen(MESSAGE_JOBS) === 0) break;
      }
      if (fault === 'crash_after' && jobs.listByState('running').length > 0) crash(desktop);
      else await desktop.runner.stop();
    },

    /** Desktops whose outbox has something to do. */
    listSenders: (): Desktop[] => desktops.filter(({ jobs }) => jobs.countOpen(MESSAGE_JOBS) > 0),

    crash,

    /** Folds its rows anew from the log; what is pending stays. */
    reset: async (desktop: Desktop): Promise<void> => {
      counts.resets += 1;
      await orCrash(desktop, () => snapshots.rebuild(desktop));
    },

    makeSnapshot: (desktop: Desktop): Promise<void> => snapshots.make(desktop),
    /** Its rows are replaced by the last snapshot, which may be older or newer than they are. */
    installSnapshot: async (desktop: Desktop): Promise<void> => {
      if (!snapshots.hasSnapshot()) return;
      counts.installs += 1;
      await orCrash(desktop, () => snapshots.install(desktop));
    },

    dump: (desktop: Desktop): string[] => [...dumpState(desktop.db)],

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

    close: async (): Promise<void> => {
      for (const desktop of desktops) {
        desktop.kill();
        desktop.db.close();
      }
      await realStore.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
