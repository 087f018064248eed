/**
 * Posts webhook files to a relay, signed, one after another, and accounts for everything in them. A file is accounted for
 * when it was answered 200 and every item it holds is in the engine's log, from this file or from before.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { webhookItemSchema } from '../../contract/whatsapp/webhook-item.ts';
import { signBody } from '../../main/demo/meta/wire-json.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { AppliedEntries, AppliedEntry } from './applied-entries.ts';
import { listElements, makeIdsUnique } from './unique-ids.ts';

const ANSWER_WITHIN_MS = 30_000;

export type FileReport = {
  file: string;
  /** HTTP status; null if there was no answer. */
  status: number | null;
  stored: number;
  duplicates: number;
  unrecognised: number;
  /** How often each outcome of the reducer came. Empty without an engine. */
  outcomes: Record<string, number>;
  shownAs: string[];
  /** Items that are nowhere. */
  lost: number;
  isAccounted: boolean;
};

export type Target = {
  webhookUrl: string;
  appSecret: string;
  /** Where the relay tells its head. */
  healthUrl: string;
  /** Null: only the relay is looked at. */
  entries: AppliedEntries | null;
  /** How long the engine may take to apply the items of one file. */
  appliedWithinMs: number;
};

export async function replayFile(target: Target, dir: string, file: string, hasUniqueIds: boolean): Promise<FileReport> {
  const original = readFileSync(path.join(dir, file));
  const raw = hasUniqueIds ? makeIdsUnique(original, createHash('sha256').update(file).digest('hex').slice(0, 8)) : original;
  const items = splitWebhook(raw).map((item) => webhookItemSchema.parse(JSON.parse(item.body)));
  const missed = Math.max(0, countElements(raw) - items.length);

  const before = await readHead(target.healthUrl);
  const status = await post(target, raw);
  if (status !== 200) return { file, status, stored: 0, duplicates: 0, unrecognised: 0, outcomes: {}, shownAs: [], lost: items.length + missed, isAccounted: false };
  if (!target.entries) {
    const stored = Math.min(items.length, (await readHead(target.healthUrl)) - before);
    return { file, status, stored, duplicates: items.length - stored, unrecognised: 0, outcomes: {}, shownAs: [], lost: missed, isAccounted: missed === 0 };
  }

  const { entries, appliedWithinMs } = target;
  const findAll = (): (AppliedEntry | undefined)[] => {
    entries.refresh();
    return items.map((item) => entries.find(item));
  };
  const isComplete = await waitUntil('every item is applied', () => findAll().every((entry) => entry !== undefined), appliedWithinMs).catch(() => false);
  const found = findAll().filter((entry) => entry !== undefined);
  const lost = items.length - found.length + missed;
  const fresh = new Map(found.filter((entry) => entry.seq > before).map((entry) => [entry.seq, entry]));
  return {
    file,
    status,
    stored: fresh.size,
    duplicates: found.length - fresh.size,
    unrecognised: [...fresh.values()].filter((entry) => entry.outcome === 'unrecognised').length,
    outcomes: countEach(found.map((entry) => entry.outcome)),
    shownAs: Object.entries(countEach(found.map((entry) => entry.shownAs))).map(([text, count]) => (count === 1 ? text : `${text} ×${count}`)),
    lost,
    isAccounted: isComplete && lost === 0,
  };
}

/** @returns the HTTP status; null if there was no answer. */
export async function post({ webhookUrl, appSecret }: Pick<Target, 'webhookUrl' | 'appSecret'>, raw: Buffer): Promise<number | null> {
  try {
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signBody(raw, appSecret) };
    const response = await fetch(webhookUrl, { method: 'POST', headers, body: new Uint8Array(raw), signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** Last seq of the relay's log. */
export async function readHead(healthUrl: string): Promise<number> {
  const response = await fetch(healthUrl, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const body: unknown = await response.json();
  const head = typeof body === 'object' && body !== null && 'head' in body ? Number(body.head) : Number.NaN;
  if (!Number.isInteger(head)) throw new Error(`${healthUrl} does not tell the head of the log`);
  return head;
}

/** Counted without the relay's own splitting, so that a fault there shows. */
function countElements(raw: Buffer): number {
  try {
    return listElements(JSON.parse(raw.toString('utf8')), ['messages', 'message_echoes', 'statuses', 'errors', 'user_preferences']).length;
  } catch {
    return 1;
  }
}

function countEach(words: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
