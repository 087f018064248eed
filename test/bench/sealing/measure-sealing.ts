/**
 * What sealing costs: for each entry at the relay (webhooks) and at a desktop (opening them, sealing and opening ops), and of the whole way: a commit of sealed webhooks beside plain ones,
 * and a desktop that opens and applies a sealed log beside one that applies the plain one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRing, derivePublicKey, makeSecret, type EpochKeys, type KeyRing } from '../../../contract/sealing/key-ring.ts';
import { createWebhookOpener, createWebhookSealer, openOp, sealOp } from '../../../contract/sealing/sealed-body.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { createDedupeKey } from '../../../webhook-relay/dedupe-key.ts';
import type { AppendJob } from '../../../webhook-relay/log-store/interface.ts';
import { openSqliteStore } from '../../../webhook-relay/log-store/sqlite.ts';
import { createSealedAppend } from '../../../webhook-relay/seal-webhooks.ts';
import { applyLog, openDesktopReplica } from '../data/desktop-replica.ts';
import { takeSupportLog } from '../data/support-log.ts';
import { createFigure, type BenchFindings, type Figure } from '../figure.ts';
import { measureRounds, type Effort } from '../rounds.ts';

const ENTRIES = 20_000;
const QUICK_ENTRIES = 1_000;
/** As many as come together while many webhooks are on their way. */
const GROUP = 64;
/** As a desktop takes them when it is far behind. */
const PAGE = 2_000;

type Keys = { ring: KeyRing; keys: EpochKeys; publicKey: string };

export async function measureSealing({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-bench-sealing-'));
  const plain = [...takeSupportLog(quick ? QUICK_ENTRIES : ENTRIES)];
  const ring = createRing([makeSecret()]);
  const keys = ring.find(1);
  if (!keys) throw new Error('a ring without its key');
  const all: Keys = { ring, keys, publicKey: await derivePublicKey(keys) };
  const effort = { rounds, warmUps: quick ? 0 : 1, signal };
  try {
    const sealed = await sealLog(plain, all);
    const webhooks = plain.filter(({ kind }) => kind === 'webhook').map(({ body }) => body);
    return {
      figures: [...(await measureEach(plain, sealed, webhooks, all, effort)), await measureCommits(folder, webhooks, all, effort), await measureDesktop(folder, plain, sealed, all, effort)],
      checks: { entries: plain.length, webhooks: webhooks.length, ops: plain.filter(({ kind }) => kind === 'op').length },
      notes: [`${plain.length.toLocaleString('en-US')} entries; a webhook's key is made once a second, an op's belongs to the epoch; commits of ${GROUP} webhooks, on disk`],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sealLog(entries: readonly LogEntry[], { keys, publicKey }: Keys): Promise<LogEntry[]> {
  const sealer = createWebhookSealer(Date.now);
  const sealed: LogEntry[] = [];
  for (const entry of entries) {
    if (entry.kind === 'webhook') sealed.push({ ...entry, body: (await sealer.seal({ epoch: 1, publicKey }, [entry.body]))[0] ?? '' });
    else sealed.push(entry.kind === 'op' ? { ...entry, body: sealOp(keys, entry, entry.body) } : entry);
  }
  return sealed;
}

type Rounds = Parameters<typeof measureRounds>[1];

/** µs for each entry, one after the other; the ceiling is a hash of the same words. */
async function measureEach(plain: readonly LogEntry[], sealed: readonly LogEntry[], webhooks: readonly string[], { ring, keys, publicKey }: Keys, effort: Rounds): Promise<Figure[]> {
  const plainOps = plain.filter((entry) => entry.kind === 'op');
  const sealedOps = sealed.filter((entry) => entry.kind === 'op');
  const sealedWebhooks = sealed.filter(({ kind }) => kind === 'webhook').map(({ body }) => body);
  const each = (count: number, work: () => unknown) => async (): Promise<number> => {
    const from = performance.now();
    const answer = work();
    if (answer instanceof Promise) await answer;
    return ((performance.now() - from) * 1000) / count;
  };
  const sealer = createWebhookSealer(Date.now);
  const samples = await measureRounds(
    {
      seal: each(webhooks.length, async () => {
        for (let n = 0; n < webhooks.length; n += GROUP) await sealer.seal({ epoch: 1, publicKey }, webhooks.slice(n, n + GROUP));
      }),
      open: each(webhooks.length, async () => {
        const opener = createWebhookOpener(ring);
        for (const body of sealedWebhooks) if ((await opener.open(body)) === null) throw new Error('a webhook does not open');
      }),
      sealOps: each(plainOps.length, () => plainOps.forEach((op) => sealOp(keys, op, op.body))),
      openOps: each(plainOps.length, () => {
        for (const op of sealedOps) if (openOp(keys, op, op.body) === null) throw new Error('an op does not open');
      }),
      hash: each(webhooks.length, () => webhooks.forEach((body) => createHash('sha256').update(body).digest())),
      hashOps: each(plainOps.length, () => plainOps.forEach(({ body }) => createHash('sha256').update(body).digest())),
    },
    effort,
  );
  const figure = (name: string, times: number[], hashes: number[]): Figure => createFigure({ name, unit: 'µs', rounds: times, ceiling: { name: 'SHA-256 of the same words', rounds: hashes } });
  return [
    figure('a webhook sealed, at the relay', samples.seal, samples.hash),
    figure('a webhook opened, at a desktop', samples.open, samples.hash),
    figure('an op sealed, at a desktop', samples.sealOps, samples.hashOps),
    figure('an op opened, at a desktop', samples.openOps, samples.hashOps),
  ];
}

async function measureCommits(folder: string, webhooks: readonly string[], { publicKey }: Keys, effort: Rounds): Promise<Figure> {
  const dedupeKey = createDedupeKey('app-secret-of-the-benchmarks');
  let logs = 0;
  const commit = (isSealed: boolean) => async (): Promise<number> => {
    const dataDir = path.join(folder, `log-${(logs += 1)}`);
    const store = openSqliteStore({ dataDir, now: Date.now, newId: randomUUID });
    if (isSealed) await store.announceKey({ epoch: 1, publicKey, previous: null, deviceId: 'device-ana', agentId: 'agent-ana' }, []);
    const append = createSealedAppend({ store, dedupeKey, now: Date.now });
    const jobs = webhooks.map((body): AppendJob => ({ kind: 'webhook', items: [{ dedupe: createHash('sha256').update(body).digest().subarray(0, 16), body, isUnrecognised: false }] }));
    const from = performance.now();
    for (let n = 0; n < jobs.length; n += GROUP) await append(jobs.slice(n, n + GROUP));
    const spent = performance.now() - from;
    const { webhooks: stored } = await store.readStatus();
    await store.close();
    rmSync(dataDir, { recursive: true });
    if (stored === 0) throw new Error('nothing was stored');
    return (jobs.length / spent) * 1000;
  };
  const samples = await measureRounds({ sealed: commit(true), plain: commit(false) }, effort);
  return createFigure({ name: `sealed webhooks committed, ${GROUP} together`, unit: 'entries/s', rounds: samples.sealed, ceiling: { name: 'plain ones', rounds: samples.plain } });
}

async function measureDesktop(folder: string, plain: readonly LogEntry[], sealed: readonly LogEntry[], { ring, keys }: Keys, effort: Rounds): Promise<Figure> {
  let files = 0;
  const apply = (entries: readonly LogEntry[], isSealed: boolean) => async (): Promise<number> => {
    const dir = path.join(folder, `desktop-${(files += 1)}`);
    mkdirSync(dir);
    const { db, replica } = openDesktopReplica(path.join(dir, 'bandeja.db'));
    const opener = createWebhookOpener(ring);
    const open = async (entry: LogEntry): Promise<LogEntry> => {
      if (entry.kind === 'relay') return entry;
      const body = entry.kind === 'op' ? openOp(keys, entry, entry.body) : await opener.open(entry.body);
      if (body === null) throw new Error('an entry does not open');
      return { ...entry, body };
    };
    const from = performance.now();
    for (let n = 0; n < entries.length; n += PAGE) {
      const page = entries.slice(n, n + PAGE);
      applyLog(replica, isSealed ? await Promise.all(page.map(open)) : page, PAGE);
    }
    const spent = performance.now() - from;
    db.close();
    rmSync(dir, { recursive: true });
    return (entries.length / spent) * 1000;
  };
  const samples = await measureRounds({ sealed: apply(sealed, true), plain: apply(plain, false) }, effort);
  return createFigure({ name: 'a sealed log opened and applied by a desktop', unit: 'entries/s', rounds: samples.sealed, ceiling: { name: 'a plain one applied', rounds: samples.plain } });
}
