/** What has to hold when a team has come to rest, judged from the files of relay and desktops and from Meta's journal. */
import assert from 'node:assert/strict';
import path from 'node:path';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { isSealed } from '../../contract/sealing/sealed-body.ts';
import { countDigest } from '../../contract/sqlite/state-digest.ts';
import { dumpState } from '../../contract/sqlite/state-tx.ts';
import type { Outcome } from '../../contract/state.ts';
import type { LogEntry } from '../../contract/wire.ts';
import { DATABASE_NAME, openSqliteStore } from '../../webhook-relay/log-store/sqlite.ts';
import { applyLog, openDesktopReplica } from '../bench/data/desktop-replica.ts';
import type { Desk } from '../support/desk.ts';
import { openEntries, readKeys } from '../support/open-entries.ts';
import type { Team } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Outcomes that an author has to hear of. */
const TOLD_OUTCOMES: readonly Outcome[] = ['superseded', 'held', 'forbidden', 'target_missing', 'partial'];
/** Reading loses to nobody, what Meta answered is not a wish, and the number is handed over by the program; nobody needs to hear that a desktop they let in was shut out meanwhile. */
const SILENT_TYPES = new Set(['read.advance', 'message.result', 'device.grant', 'key.admit']);

export const readHead = (team: Team): number => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return db.prepare('SELECT coalesce(max(seq), 0) FROM entry').pluck().get() as number;
  } finally {
    db.close();
  }
};
export const countPending = (desk: Desk): number => desk.look((db) => db.prepare('SELECT count(*) FROM pending_op').pluck().get() as number);

/** Of the log: how many keys it has had, and whether somebody was shut out since the newest one. */
export function readRelayKeys(team: Team): { newest: number; isOutdated: boolean } {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    const newest = db.prepare('SELECT coalesce(max(epoch), 0) FROM key_epoch').pluck().get() as number;
    const isOutdated = db.prepare('SELECT count(*) > (SELECT revoked FROM key_epoch WHERE epoch = ?) FROM device WHERE revoked_at IS NOT NULL').pluck().get(newest) === 1;
    return { newest, isOutdated };
  } finally {
    db.close();
  }
}

/** Until nothing is pending, unapplied or about to be sent anywhere, and everybody has the newest key, seen twice. */
export async function waitForRest(team: Team, desks: readonly Desk[], withinMs: number): Promise<void> {
  let restedAt = -1;
  await waitUntil(
    'everybody is at rest',
    () => {
      const head = readHead(team);
      const { newest, isOutdated } = readRelayKeys(team);
      const isRest =
        !isOutdated &&
        desks.every(({ dataDir }) => readKeys(dataDir).length === newest) &&
        team.meta.state().webhooks.pending === 0 &&
        desks.every((desk) =>
          desk.look((db) => {
            const cursor = db.prepare('SELECT cursor FROM sync_meta').pluck().get();
            const open = db.prepare("SELECT (SELECT count(*) FROM pending_op) + (SELECT count(*) FROM job WHERE state IN ('ready', 'running'))").pluck().get();
            return cursor === head && open === 0;
          }),
        );
      const isRestAgain = isRest && restedAt === head;
      restedAt = isRest ? head : -1;
      return isRestAgain;
    },
    withinMs,
  ).catch((error: unknown) => {
    const states = desks.map(
      (desk) =>
        `${desk.name}: keys ${readKeys(desk.dataDir).length} ${JSON.stringify(desk.look((db) => ({ ...(db.prepare('SELECT cursor, sync_end, next_device_seq FROM sync_meta').get() as object), jobs: db.prepare('SELECT state, count(*) AS n FROM job GROUP BY state').all() })))} ${desk.stderr().slice(-1_500)}`,
    );
    throw new Error(`head ${readHead(team)}, keys ${JSON.stringify(readRelayKeys(team))}, webhooks ${JSON.stringify(team.meta.state().webhooks)}\n${states.join('\n')}`, { cause: error });
  });
}

/** From the first sealed entry on the relay keeps nothing in plain words. @returns how many are sealed. */
export function assertSealed(stored: readonly LogEntry[]): number {
  const bodies = stored.filter(({ kind }) => kind !== 'relay').map(({ body }) => body);
  const first = bodies.findIndex(isSealed);
  const sealed = first < 0 ? [] : bodies.slice(first);
  assert.deepEqual(
    sealed.filter((body) => !isSealed(body)),
    [],
    'nothing is stored in plain words',
  );
  return sealed.length;
}

/** The relay's log from its first entry, as the team's desktops read it. */
export async function readLog(dataDir: string, desks: readonly Pick<Desk, 'dataDir'>[]): Promise<LogEntry[]> {
  return openEntries(
    await readStored(dataDir),
    desks.map((desk) => desk.dataDir),
  );
}

/** As it lies there. */
export async function readStored(dataDir: string): Promise<LogEntry[]> {
  const store = openSqliteStore({ dataDir, now: () => Date.now(), newId: () => 'never' });
  const log: LogEntry[] = [];
  try {
    for (;;) {
      const { entries } = await store.readAfter(log.at(-1)?.seq ?? 0, { entries: 5_000, bytes: 50_000_000 });
      if (entries.length === 0) break;
      log.push(...entries);
    }
  } finally {
    await store.close();
  }
  return log;
}

export type Truth = { log: LogEntry[]; rows: string[]; digest: string; db: Database.Database };
/** The log folded by nobody's desktop: what all of them must have arrived at. @param file a new one. */
export function foldLog(log: LogEntry[], file: string): Truth {
  const { db, replica } = openDesktopReplica(file);
  applyLog(replica, log);
  return { log, rows: [...dumpState(db)], digest: countDigest(db), db };
}

/** Byte for byte, and by the digest that each desktop keeps. */
export function assertSameRows(truth: Truth, desk: Desk): void {
  const [rows, kept, counted] = desk.look((db) => [[...dumpState(db)], db.prepare('SELECT digest FROM sync_meta').pluck().get(), countDigest(db)] as const);
  const differing = rows.findIndex((row, n) => row !== truth.rows[n]);
  assert.equal(differing === -1 ? undefined : rows[differing], differing === -1 ? undefined : truth.rows[differing], `${desk.name} has another row than the log gives`);
  assert.equal(rows.length, truth.rows.length, `${desk.name} has as many rows as the log gives`);
  assert.equal(kept, truth.digest, `the digest that ${desk.name} kept`);
  assert.equal(counted, truth.digest, `the digest of ${desk.name}'s rows`);
}

export const deviceOf = (desk: Desk): string => desk.look((db) => db.prepare('SELECT device_id FROM sync_meta').pluck().get() as string);

/** Every number that the desktop gave out is in the log once, in order; so is every op it told its agent of. */
export function assertNothingLost({ log, db }: Truth, desk: Desk, authored: { opIds: string[]; messageIds: string[]; noteIds: string[] }): number {
  const deviceId = deviceOf(desk);
  const ops = log.filter((entry) => entry.kind === 'op' && entry.deviceId === deviceId) as Extract<LogEntry, { kind: 'op' }>[];
  const next = desk.look((own) => own.prepare('SELECT next_device_seq FROM sync_meta').pluck().get() as number);
  assert.deepEqual(
    ops.map(({ deviceSeq }) => deviceSeq),
    Array.from({ length: next - 1 }, (_, n) => n + 1),
    `${desk.name}'s ops stand in the log in order, without a gap`,
  );
  const opIds = new Set(ops.map(({ opId }) => opId));
  assert.equal(opIds.size, ops.length, `no op of ${desk.name} is in the log twice`);
  assert.deepEqual(
    authored.opIds.filter((opId) => !opIds.has(opId)),
    [],
    `ops of ${desk.name} that got lost`,
  );
  const has = (table: string, id: string): boolean => db.prepare(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) !== undefined;
  assert.deepEqual(
    authored.messageIds.filter((id) => !has('message', id)),
    [],
    `messages of ${desk.name} that got lost`,
  );
  assert.deepEqual(
    authored.noteIds.filter((id) => !has('note', id)),
    [],
    `notes of ${desk.name} that got lost`,
  );
  return ops.length;
}

/** What the log decided otherwise than this desktop's agent had meant, and they have not decided about yet. */
export function listLost({ db }: Truth, deviceId: string): string[] {
  const rows = db.prepare('SELECT op_id, type, outcome, detail FROM activity WHERE device_id = ?').all(deviceId) as { op_id: string; type: string; outcome: Outcome; detail: string }[];
  const isHeld = (detail: string): boolean => db.prepare("SELECT 1 FROM message WHERE id = ? AND hold = 'held'").get((JSON.parse(detail) as { messageId: string }).messageId) !== undefined;
  return (
    rows
      .filter(({ type, outcome }) => TOLD_OUTCOMES.includes(outcome) && !SILENT_TYPES.has(type))
      // To take a conversation by answering it is nobody's wish either.
      .filter(({ detail }) => !('isByReply' in (JSON.parse(detail) as object)))
      .filter(({ type, outcome, detail }) => outcome !== 'held' || (type === 'message.queue' && isHeld(detail)))
      .map(({ op_id: opId }) => opId)
  );
}

/** The whole list, as somebody sees it who lets one page after the other be. */
export async function readConflicts(desk: Desk): Promise<string[]> {
  const seen: string[] = [];
  for (let page = 0; page < 1_000; page += 1) {
    const opIds = (await desk.client().conflicts.list({})).map(({ opId }) => opId);
    if (opIds.length === 0) return seen;
    seen.push(...opIds);
    await desk.client().conflicts.dismiss({ opIds });
  }
  throw new Error(`${desk.name}'s list of conflicts has no end`);
}

/** At most one call a message, none for what is held or given up, and what these devices count as sent is what Meta has. Returns how many left. */
export function assertSentOnce({ db }: Pick<Truth, 'db'>, team: Team, deviceIds: readonly string[]): number {
  type Send = { type?: string; biz_opaque_callback_data?: string };
  const sends = team.meta.journal().filter(({ accepted, method, body }) => accepted && method === 'POST' && (body as Send | null)?.type === 'text');
  const ids = sends.map(({ body }) => (body as Send).biz_opaque_callback_data ?? '');
  assert.deepEqual(
    ids.filter((id, n) => ids.indexOf(id) !== n),
    [],
    'messages that Meta got twice',
  );
  const rows = new Map(
    (
      db.prepare("SELECT id, hold, wamid, device_id AS deviceId FROM message WHERE direction = 'out'").all() as { id: string; hold: string | null; wamid: string | null; deviceId: string | null }[]
    ).map((row) => [row.id, row]),
  );
  assert.deepEqual(
    ids.filter((id) => rows.get(id)?.hold !== null),
    [],
    'messages that left although they were held, given up or are not in the log',
  );
  const sent = [...rows.values()].filter(({ wamid, deviceId }) => wamid !== null && deviceIds.includes(deviceId ?? '')).map(({ id }) => id);
  assert.deepEqual(sent.toSorted(), ids.toSorted(), 'what counts as sent is what Meta has');
  return ids.length;
}
