/**
 * What a group of jobs adds to the log, decided in memory from what the database was asked at once. Invariants: the same decisions as `sqlite.ts`
 * makes row by row, job after job; the head row is locked, so what was read stays true until the commit. The unique keys hold even so.
 */
import { assertNever } from '../../contract/app-error.ts';
import { isOpenKey, requireNewestKey } from './key-rules.ts';
import type { AppendJob, AppendResult, PushResult } from './interface.ts';
import type { HeadRow, Param, Queries, WriteTx } from './postgres-session.ts';

type DeviceRow = { id: string; agent_id: string; revoked_at: number | null; wipe: boolean; last_device_seq: number; last_occurred_at: number | null };
type Device = DeviceRow & { isTouched: boolean };
type NewEntry = {
  kind: 'webhook' | 'op';
  dedupe: Buffer | null;
  deviceId: string | null;
  actorId: string | null;
  deviceSeq: number | null;
  opId: string | null;
  v: number | null;
  occurredAt: number | null;
  occurredRaw: number | null;
  body: string;
};
type Consumed = { deviceId: string; deviceSeq: number; opId: string };
/** Keys are hex. `opAt`: opId by device and number, of numbers that came again. */
type Known = { dedupes: Set<string>; opIds: Set<string>; devices: Map<string, Device>; opAt: Map<string, string> };
/** `first`: the seq of the first new entry. */
type Plan = { results: AppendResult[]; first: number; entries: NewEntry[]; consumed: Consumed[] };

type PushJob = Extract<AppendJob, { kind: 'push' }>;
const placeOf = (deviceId: string, deviceSeq: number): string => `${deviceSeq} ${deviceId}`;

/** Appends the group to the log whose head is locked, and moves the head. */
export async function appendGroup(tx: WriteTx, group: AppendJob[], now: number): Promise<AppendResult[]> {
  const known = await readKnown(tx, group);
  tx.head.received_at = Math.max(now, tx.head.received_at);
  const plan = planGroup(tx.head, group, known);
  await insertEntries(tx, plan, tx.head.received_at);
  if (plan.consumed.length > 0) {
    await tx.run('INSERT INTO consumed_number (device_id, device_seq, op_id) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])', [
      plan.consumed.map(({ deviceId }) => deviceId),
      plan.consumed.map(({ deviceSeq }) => deviceSeq),
      plan.consumed.map(({ opId }) => opId),
    ]);
  }
  const moved = [...known.devices.values()].filter(({ isTouched }) => isTouched);
  if (moved.length > 0) {
    await tx.run(
      'UPDATE device SET last_device_seq = m.last_seq, last_occurred_at = m.last_at FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS m (id, last_seq, last_at) WHERE device.id = m.id',
      [moved.map(({ id }) => id), moved.map((device) => device.last_device_seq), moved.map((device) => device.last_occurred_at)],
    );
  }
  return plan.results;
}

async function readKnown(tx: Queries, group: AppendJob[]): Promise<Known> {
  const items = group.flatMap((job) => (job.kind === 'webhook' ? job.items : []));
  const pushes = group.filter((job) => job.kind === 'push');
  const dedupes =
    items.length === 0
      ? []
      : await tx.rows<{ dedupe: Buffer }>('SELECT dedupe FROM entry WHERE dedupe = ANY($1::bytea[]) UNION ALL SELECT dedupe FROM past_dedupe WHERE dedupe = ANY($1::bytea[])', [
          items.map(({ dedupe }) => dedupe),
        ]);
  const devices = pushes.length === 0 ? [] : await readDevices(tx, pushes);
  const opIds = pushes.length === 0 ? [] : await tx.rows<{ op_id: string }>('SELECT op_id FROM entry WHERE op_id = ANY($1::text[])', [pushes.flatMap(({ ops }) => ops.map(({ opId }) => opId))]);
  const byId = new Map(devices.map((device) => [device.id, { ...device, isTouched: false }]));
  return { dedupes: new Set(dedupes.map(({ dedupe }) => dedupe.toString('hex'))), opIds: new Set(opIds.map((row) => row.op_id)), devices: byId, opAt: await readRepeated(tx, pushes, byId) };
}

const readDevices = (tx: Queries, pushes: PushJob[]): Promise<DeviceRow[]> =>
  tx.rows('SELECT id, agent_id, revoked_at, wipe, last_device_seq, last_occurred_at FROM device WHERE id = ANY($1::text[])', [[...new Set(pushes.map(({ deviceId }) => deviceId))]]);

/** After a lost answer ops come again; which ones they are is only then of interest. */
async function readRepeated(tx: Queries, pushes: PushJob[], devices: Map<string, Device>): Promise<Known['opAt']> {
  const repeated = pushes.flatMap(({ deviceId, ops }) => ops.filter(({ deviceSeq }) => deviceSeq <= (devices.get(deviceId)?.last_device_seq ?? 0)).map(({ deviceSeq }) => ({ deviceId, deviceSeq })));
  if (repeated.length === 0) return new Map();
  const rows = await tx.rows<{ device_id: string; device_seq: number; op_id: string }>(
    `SELECT k.device_id, k.device_seq, k.op_id FROM unnest($1::text[], $2::bigint[]) AS r (device_id, device_seq)
     JOIN (SELECT device_id, device_seq, op_id FROM entry WHERE device_id = ANY($1::text[]) UNION ALL SELECT device_id, device_seq, op_id FROM consumed_number WHERE device_id = ANY($1::text[])) k
       ON k.device_id = r.device_id AND k.device_seq = r.device_seq`,
    [repeated.map(({ deviceId }) => deviceId), repeated.map(({ deviceSeq }) => deviceSeq)],
  );
  return new Map(rows.map((row) => [placeOf(row.device_id, row.device_seq), row.op_id]));
}

function planGroup(head: HeadRow, group: AppendJob[], known: Known): Plan {
  const plan: Plan = { results: [], first: head.seq + 1, entries: [], consumed: [] };
  for (const job of group) plan.results.push(planJob(head, job, known, plan));
  return plan;
}

function planJob(head: HeadRow, job: AppendJob, known: Known, plan: Plan): AppendResult {
  switch (job.kind) {
    case 'webhook':
      return planWebhook(head, job.items, known, plan);
    case 'push':
      return planPush(head, job, known, plan);
    default:
      return assertNever(job);
  }
}

const NO_OP = { deviceId: null, actorId: null, deviceSeq: null, opId: null, v: null, occurredAt: null, occurredRaw: null };

function planWebhook(head: HeadRow, items: Extract<AppendJob, { kind: 'webhook' }>['items'], known: Known, plan: Plan): AppendResult {
  let stored = 0;
  requireNewestKey(items, head.epoch);
  for (const { dedupe, body, isUnrecognised } of items) {
    const key = dedupe.toString('hex');
    if (known.dedupes.has(key)) continue;
    known.dedupes.add(key);
    plan.entries.push({ ...NO_OP, kind: 'webhook', dedupe, body });
    head.seq += 1;
    stored += 1;
    if (isUnrecognised) head.unrecognised += 1;
  }
  head.webhooks += stored;
  head.duplicates += items.length - stored;
  return { kind: 'webhook', stored, duplicates: items.length - stored };
}

function planPush(head: HeadRow, { deviceId, ops }: PushJob, known: Known, plan: Plan): PushResult {
  const device = known.devices.get(deviceId);
  if (!device || device.revoked_at !== null) return { kind: 'push', status: 'revoked', wipe: device?.wipe ?? false };
  let status: 'done' | 'gap' | 'forked' | 'wrong_epoch' = 'done';
  for (const { opId, deviceSeq, v, occurredAt, body } of ops) {
    if (deviceSeq <= device.last_device_seq) {
      // As in `sqlite.ts`: of a compacted entry only the number is left, and whoever still has something to say under it is a copy.
      if (known.opAt.get(placeOf(deviceId, deviceSeq)) === opId) continue;
      status = 'forked';
      break;
    }
    if (deviceSeq > device.last_device_seq + 1) {
      status = 'gap';
      break;
    }
    if (!isOpenKey(body, head.epoch)) {
      status = 'wrong_epoch';
      break;
    }
    if (known.opIds.has(opId)) plan.consumed.push({ deviceId, deviceSeq, opId });
    else {
      const clamped = Math.max(device.last_occurred_at ?? -Infinity, Math.min(occurredAt, head.received_at));
      plan.entries.push({ kind: 'op', dedupe: null, deviceId, actorId: device.agent_id, deviceSeq, opId, v, occurredAt: clamped, occurredRaw: occurredAt, body });
      known.opIds.add(opId);
      head.seq += 1;
      head.ops += 1;
      device.last_occurred_at = clamped;
    }
    known.opAt.set(placeOf(deviceId, deviceSeq), opId);
    device.last_device_seq = deviceSeq;
    device.isTouched = true;
  }
  const last = device.last_device_seq;
  return status === 'wrong_epoch' ? { kind: 'push', status, last, epoch: head.epoch } : { kind: 'push', status, last, head: head.seq };
}

async function insertEntries(tx: Queries, { entries, first }: Plan, receivedAt: number): Promise<void> {
  if (entries.length === 0) return;
  const isWithOps = entries.some(({ kind }) => kind === 'op');
  const column = (read: (entry: NewEntry) => string | number | Buffer | null): Param => entries.map(read);
  if (!isWithOps) {
    await tx.run(
      "INSERT INTO entry (seq, kind, received_at, dedupe, body) SELECT $1 + n - 1, 'webhook', $2, dedupe, body FROM unnest($3::bytea[], $4::text[]) WITH ORDINALITY AS e (dedupe, body, n)",
      [first, receivedAt, column(({ dedupe }) => dedupe), column(({ body }) => body)],
    );
    return;
  }
  await tx.run(
    `INSERT INTO entry (seq, received_at, kind, dedupe, device_id, actor_id, device_seq, op_id, v, occurred_at, occurred_raw, body)
     SELECT $1 + n - 1, $2, kind, dedupe, device_id, actor_id, device_seq, op_id, v, occurred_at, occurred_raw, body
     FROM unnest($3::text[], $4::bytea[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[])
       WITH ORDINALITY AS e (kind, dedupe, device_id, actor_id, device_seq, op_id, v, occurred_at, occurred_raw, body, n)`,
    [
      first,
      receivedAt,
      column(({ kind }) => kind),
      column(({ dedupe }) => dedupe),
      column(({ deviceId }) => deviceId),
      column(({ actorId }) => actorId),
      column(({ deviceSeq }) => deviceSeq),
      column(({ opId }) => opId),
      column(({ v }) => v),
      column(({ occurredAt }) => occurredAt),
      column(({ occurredRaw }) => occurredRaw),
      column(({ body }) => body),
    ],
  );
}
