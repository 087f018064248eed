/**
 * Posts webhooks the way Meta does: signed over the exact bytes, several at a time, repeated with a growing pause until
 * the answer is 200, without any promise of order. The queue is in memory and ends with the process. Pauses are much
 * shorter than Meta's (which go on for 7 days), so that a demo recovers in seconds.
 */
import { shortId, type Log } from '../../../contract/log.ts';
import type { FaultBox } from './faults.ts';
import type { Random } from './random.ts';
import type { Timers } from './timers.ts';
import { signBody, toMetaJson } from './wire-json.ts';

const CONCURRENCY = 4;
const ANSWER_WITHIN_MS = 10_000;
const RETRY_MAX_MS = 5_000;
/** How long an update waits for others when `batches` is on. */
const BATCH_WAIT_MS = 100;

/** One change of an envelope: `value` holds one message, one status, or whatever the field has. */
export type WebhookUpdate = { field: string; value: Record<string, unknown> };

export type WebhookCounts = {
  /** Webhooks that have not been answered 200 yet, those that wait for their time included. */
  pending: number;
  delivered: number;
  attempts: number;
  /** Attempts that were not answered 200. */
  refused: number;
  /** HTTP status of the latest answer; null before the first and after a broken connection. */
  lastStatus: number | null;
};

export type WebhookSender = {
  /** Resolves when the webhook was answered 200 for the first time, or the sender stopped. */
  post(update: WebhookUpdate): Promise<void>;
  counts(): WebhookCounts;
  /** Looks again what may leave, after a change of faults. */
  wake(): void;
  /** While the app is not subscribed to the account, updates are lost; what is on its way already still arrives. */
  subscribe(isSubscribed: boolean): void;
  isSubscribed(): boolean;
  stop(): void;
};

type Queued = { update: WebhookUpdate; done: () => void };
type Delivery = { body: string; attempt: number; done: () => void };

export function createWebhookSender(deps: {
  url: string | null;
  appSecret: string;
  wabaId: string;
  retryBaseMs: number;
  fetch: typeof fetch;
  now: () => number;
  random: Random;
  timers: Timers;
  faults: FaultBox;
  log: Log;
}): WebhookSender {
  const { url, appSecret, wabaId, random, timers, faults, log } = deps;
  const counts: WebhookCounts = { pending: 0, delivered: 0, attempts: 0, refused: 0, lastStatus: null };
  const batch: Queued[] = [];
  const ready: Delivery[] = [];
  const unresolved = new Set<() => void>();
  const aborter = new AbortController();
  let active = 0;
  let isSubscribed = true;

  const send = async (delivery: Delivery): Promise<void> => {
    counts.attempts += 1;
    const status = await deps
      .fetch(url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'facebookexternalua', accept: '*/*', 'x-hub-signature-256': signBody(delivery.body, appSecret) },
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.any([aborter.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      })
      .then(async (response) => {
        await response.body?.cancel();
        return response.status;
      })
      .catch(() => null);
    if (aborter.signal.aborted) return;
    counts.lastStatus = status;
    if (status === 200) {
      counts.pending -= 1;
      counts.delivered += 1;
      delivery.done();
      return;
    }
    counts.refused += 1;
    const pause = Math.min(RETRY_MAX_MS, deps.retryBaseMs * 2 ** delivery.attempt) * (0.75 + random.next() / 2);
    if (delivery.attempt === 0) log('warn', 'webhook.refused', { status, pauseMs: Math.round(pause) });
    timers.after(pause, () => {
      ready.push({ ...delivery, attempt: delivery.attempt + 1 });
      pump();
    });
  };

  const pump = (): void => {
    while (active < CONCURRENCY && ready.length > 0 && !faults.current().holdWebhooks && !aborter.signal.aborted) {
      const [delivery] = ready.splice(faults.current().disorder ? random.int(0, ready.length - 1) : 0, 1);
      if (!delivery) return;
      active += 1;
      void send(delivery).finally(() => {
        active -= 1;
        pump();
      });
    }
  };

  const flush = (): void => {
    const taken = batch.splice(0, faults.current().batches);
    if (taken.length === 0) return;
    const body = toMetaJson({
      object: 'whatsapp_business_account',
      entry: [
        toEntry(
          wabaId,
          taken.map(({ update }) => update),
          deps.now(),
        ),
      ],
    });
    const copies = 1 + countOf(faults.current().duplicates, random);
    const done = (): void => taken.forEach((queued) => queued.done());
    counts.pending += copies - taken.length; // from here on webhooks are counted, not updates
    for (let copy = 0; copy < copies; copy += 1) ready.push({ body, attempt: 0, done });
    log('debug', 'webhook.queued', { updates: taken.length, copies, body: shortId(signBody(body, appSecret)) });
    pump();
  };

  return {
    post: async (update) => {
      if (url === null || !isSubscribed || faults.current().noSubscribedApp) return;
      counts.pending += 1;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          unresolved.delete(done);
          resolve();
        };
        unresolved.add(done);
        timers.after(faults.current().lateMs, () => {
          batch.push({ update, done });
          if (batch.length >= faults.current().batches) flush();
          else timers.after(BATCH_WAIT_MS, flush);
        });
      });
    },
    counts: () => ({ ...counts }),
    wake: pump,
    subscribe: (given) => {
      isSubscribed = given;
    },
    isSubscribed: () => isSubscribed,
    stop: () => {
      aborter.abort();
      for (const done of unresolved) done();
    },
  };
}

/** 0.3: three times in ten 1; 2: always 2; 1.5: 1 or 2. */
const countOf = (amount: number, random: Random): number => Math.floor(amount) + (random.next() < amount % 1 ? 1 : 0);

/** Joins neighbours of the same number and kind into one change, as Meta's batches do; the rest stay changes of their own. */
function toEntry(wabaId: string, updates: WebhookUpdate[], now: number): Record<string, unknown> {
  const changes: WebhookUpdate[] = [];
  for (const { field, value } of updates) {
    const last = changes.at(-1);
    const list = ['messages', 'statuses', 'message_echoes'].find((key) => Array.isArray(value[key]));
    if (last?.field !== field || list === undefined || !Array.isArray(last.value[list]) || !hasSameNumber(last.value, value)) {
      changes.push({ value: { ...value }, field });
      continue;
    }
    for (const key of ['contacts', list]) {
      if (Array.isArray(value[key])) last.value[key] = [...((last.value[key] as unknown[] | undefined) ?? []), ...(value[key] as unknown[])];
    }
  }
  const isMessages = changes.every((change) => change.field === 'messages');
  return isMessages ? { id: wabaId, changes } : { id: wabaId, time: Math.floor(now / 1000), changes };
}

const hasSameNumber = (a: Record<string, unknown>, b: Record<string, unknown>): boolean => JSON.stringify(a['metadata']) === JSON.stringify(b['metadata']);
