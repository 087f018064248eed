/**
 * Lets conversations go that are older than the workspace keeps them: once a day, some at a time, by whichever desktop comes first. Invariant:
 * what may go is judged by the reducer; two desktops that do it at once do it once.
 */
import { errorText, type Log } from '../../../contract/log.ts';
import { z } from 'zod';
import { RETENTION_CONVERSATIONS_MAX } from '../../../contract/limits.ts';
import { monthsBefore, readRetention } from '../../../contract/ops/erase-ops.ts';
import { typeLevel } from '../../../contract/ops/op.ts';
import type { PrivacyQueries } from '../db/privacy-queries.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Replica } from '../sync/replica.ts';
import { dayNumber, dayOf, startOfDay } from '../hours/calendar.ts';
import type { Zone } from '../hours/zone.ts';

const LOOK_EVERY_MS = 10 * 60_000;
/** Messages of one op: what every desktop does at once. A longer conversation goes alone. */
const MESSAGES_AT_ONCE = 2_000;
/** Between two ops, for everybody's own work. */
const PAUSE_MS = 250;
const bookSchema = z.object({ doneFor: z.number() });

type Deps = {
  queries: PrivacyQueries;
  settings: SettingQueries;
  sync: SyncQueries;
  replica: Replica;
  /** The business's, or UTC where this machine does not know it. */
  zone: () => Zone;
  isUpToDate: () => boolean;
  nudge: () => void;
  now: () => number;
  log: Log;
};

export type Retention = { start(): void; look(): void; boundary(months: number): number; stop(): Promise<void> };

export function createRetention({ queries, settings, sync, replica, zone, isUpToDate, nudge, now, log }: Deps): Retention {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let isStopped = false;

  /** What was said last before this moment (relay time, ms) is too old. */
  const boundary = (months: number): number => monthsBefore(startOfDay(dayNumber(dayOf(now(), zone())), zone()), months);

  const apply = async (before: number): Promise<void> => {
    for (;;) {
      if (isStopped || !isUpToDate()) return;
      const past = queries.listPast(before, RETENTION_CONVERSATIONS_MAX);
      if (past.length === 0) break;
      const chosen: string[] = [];
      let messages = 0;
      for (const conversation of past) {
        if (chosen.length > 0 && messages + conversation.messages > MESSAGES_AT_ONCE) break;
        chosen.push(conversation.id);
        messages += conversation.messages;
      }
      const { outcome } = replica.applyLocal({ type: 'retention.apply', args: { before, conversationIds: chosen } });
      nudge();
      if (outcome !== 'applied') break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    settings.write('retention', { doneFor: before });
  };

  const look = (): void => {
    const { writeLevel, syncEnd, deviceId } = sync.readMeta();
    const months = readRetention(replica.state);
    if (isStopped || running || months === null || deviceId === null || syncEnd !== null || writeLevel < typeLevel('retention.apply') || !isUpToDate()) return;
    const before = boundary(months);
    if (settings.read('retention', bookSchema)?.doneFor === before) return;
    running = apply(before)
      .catch((error: unknown) => log('warn', 'privacy.retention_failed', { error: errorText(error) }))
      .finally(() => {
        running = null;
      });
  };

  return {
    start: () => {
      timer = setInterval(look, LOOK_EVERY_MS);
    },
    look,
    boundary,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
