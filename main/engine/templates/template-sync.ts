/**
 * Keeps the copy of the account's templates: read whole on demand, at the start, on a schedule, and some time after Meta told of a change;
 * what its webhook says is shown at once. Invariants: a copy is replaced whole or not at all; what was told while it was being read is
 * applied on top; what happens by itself stays within this desktop's share of the account's 200 calls an hour.
 */
import { z } from 'zod';
import { objectOf, parseJson, textOf } from '../../../contract/json.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { templateSchema, type Template } from '../../../contract/whatsapp/template-definition.ts';
import { templateKey } from '../../../contract/whatsapp/template-words.ts';
import type { TemplateList } from '../../../contract/work-entities.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { TemplateEventRow, TemplateQueries } from '../db/template-queries.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { TemplateClient } from '../whatsapp/template-client.ts';

const HOUR_MS = 60 * 60_000;
/** Jitter keeps the desktops of a team apart. */
const EVERY_MS = 6 * HOUR_MS;
const AGAIN_AFTER_TROUBLE_MS = 5 * 60_000;
/** After a webhook: others of the same change follow, and every desktop hears of it. */
const AFTER_EVENT_MS = 2_000;
const AFTER_EVENT_JITTER_MS = 20_000;
/** Pages read by themselves; a team has several desktops. */
const OWN_CALLS_PER_HOUR = 20;
/** An account has 6,000 templates at most. */
const PAGES_MAX = 100;
/** Clocks of Meta and the relay differ. */
const CLOCKS_MS = 60_000;

const storedSchema = z.object({ wabaId: z.string(), syncedAt: z.number().nullable(), seenSeq: z.number() });
type Stored = z.infer<typeof storedSchema>;

export type TemplateSyncState = Pick<TemplateList, 'syncedAt' | 'isSyncing' | 'problem'>;
type Deps = {
  client: Pick<TemplateClient, 'list'>;
  queries: TemplateQueries;
  settings: SettingQueries;
  /** One transaction, after which screens hear of what it noted. */
  transact: <T>(change: () => T) => T;
  changes: Pick<ChangeCollector, 'noteTemplates' | 'publish'>;
  /** The account that can be read here; null: no WABA id or no token. */
  readAccount: () => Promise<string | null>;
  readWabaId: () => string | null;
  isOpen: () => boolean;
  /** Relay time, ms. */
  now: () => number;
  /** In [0, 1), for jitter. */
  random: () => number;
  log: Log;
};

export type TemplateSync = ReturnType<typeof createTemplateSync>;

export function createTemplateSync({ client, queries, settings, transact, changes, readAccount, readWabaId, isOpen, now, random, log }: Deps) {
  const abort = new AbortController();
  let running: Promise<void> | null = null;
  /** Something changed while the list was being read. */
  let isStale = false;
  let problem: TemplateList['problem'] = null;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let isStarted = false;
  const ownCalls: number[] = [];

  const readStored = (): Stored => {
    const wabaId = readWabaId() ?? '';
    const stored = settings.read('templates', storedSchema);
    return stored?.wabaId === wabaId ? stored : { wabaId, syncedAt: null, seenSeq: queries.lastEventSeq() };
  };
  const tell = (): void => {
    changes.noteTemplates();
    changes.publish();
  };
  const stopped = (found: NonNullable<TemplateList['problem']>): void => {
    problem = found;
  };

  const readAll = async (): Promise<void> => {
    const wabaId = await readAccount();
    if (wabaId === null) return stopped({ kind: 'no_account', code: null, detail: null });
    const before = queries.lastEventSeq();
    const found = new Map<string, Template>();
    let cursor: string | null = null;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      ownCalls.push(now());
      const result = await client.list(wabaId, cursor, abort.signal);
      if (result.status === 'refused') return stopped({ kind: 'refused', code: result.error.code, detail: result.words?.text ?? result.error.detail ?? result.error.title });
      if (result.status !== 'ok') return stopped({ kind: 'unreachable', code: null, detail: result.detail });
      for (const template of result.value.templates) found.set(templateKey(template), template);
      if (result.value.next === null || result.value.next === cursor) break;
      cursor = result.value.next;
    }
    if (!isOpen() || readWabaId() !== wabaId) return;
    transact(() => {
      for (const key of queries.listKeys()) if (!found.has(key)) queries.remove(key);
      for (const [key, template] of found) queries.put(key, wabaId, JSON.stringify(template));
      settings.write('templates', { wabaId, syncedAt: now(), seenSeq: Math.max(before, readStored().seenSeq) } satisfies Stored);
      applyEvents(queries.listEventsAfter(before), wabaId);
      changes.noteTemplates();
    });
    problem = null;
    log('info', 'templates.synced', { count: found.size });
  };

  /** Reads the account now; joins a reading that is under way. Never rejects: what went wrong is in `state`. */
  const sync = async (): Promise<void> => {
    if (running) {
      isStale = true;
      return running;
    }
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    isStale = false;
    running = readAll().catch((error: unknown) => {
      log('error', 'templates.sync_failed', { error: errorText(error) });
      stopped({ kind: 'unreachable', code: null, detail: null });
    });
    tell();
    await running;
    running = null;
    if (!isOpen() || abort.signal.aborted) return;
    tell();
    if (isStale) lookSoon();
    else plan(problem === null ? EVERY_MS : problem.kind === 'unreachable' ? AGAIN_AFTER_TROUBLE_MS : HOUR_MS);
  };

  /** The earlier of what is planned already and this. */
  const plan = (afterMs: number): void => {
    if (!isStarted || abort.signal.aborted) return;
    const at = now() + Math.round(afterMs * (1 + random() / 4));
    if (at >= dueAt && dueAt > now()) return;
    dueAt = at;
    clearTimeout(timer);
    timer = setTimeout(() => void runOwn(), Math.max(0, at - now()));
  };
  const runOwn = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY;
    const hourAgo = now() - HOUR_MS;
    while ((ownCalls[0] ?? Number.POSITIVE_INFINITY) < hourAgo) ownCalls.shift();
    if (ownCalls.length >= OWN_CALLS_PER_HOUR) return plan((ownCalls[0] ?? now()) + HOUR_MS - now());
    await sync();
  };
  const lookSoon = (): void => {
    if (running) isStale = true;
    else plan(AFTER_EVENT_MS + random() * AFTER_EVENT_JITTER_MS);
  };

  const applyEvents = (events: readonly TemplateEventRow[], wabaId: string): void => {
    for (const event of events) {
      const row = queries.find(event.subject, wabaId);
      const known = row && templateSchema.safeParse(parseJson(row.body));
      if (!known?.success) continue;
      const next = applyEvent(known.data, event);
      if (next === null) queries.remove(event.subject);
      else queries.put(event.subject, wabaId, JSON.stringify(next));
    }
  };

  return {
    sync,
    lookSoon,
    state: (): TemplateSyncState => ({ syncedAt: readStored().syncedAt, isSyncing: running !== null, problem }),

    /** Meta may have told something of templates. Call after the commit. */
    noteEvents: (): void => {
      const stored = readStored();
      // A log that was made anew counts from the beginning.
      const events = queries.listEventsAfter(Math.min(stored.seenSeq, queries.lastEventSeq()));
      const seenSeq = events.at(-1)?.seq;
      if (seenSeq === undefined) return;
      transact(() => {
        settings.write('templates', { ...stored, seenSeq } satisfies Stored);
        // What is older than the copy is in it.
        applyEvents(
          events.filter(({ at }) => stored.syncedAt === null || at > stored.syncedAt - CLOCKS_MS),
          stored.wabaId,
        );
        changes.noteTemplates();
      });
      lookSoon();
    },

    start: (): void => {
      isStarted = true;
      const { syncedAt } = readStored();
      const age = syncedAt === null ? null : now() - syncedAt;
      if (age === null || age < 0) plan(0);
      else plan(age > HOUR_MS ? AFTER_EVENT_JITTER_MS * random() : EVERY_MS - age);
    },
    /** Another number or token, or the line is back. */
    noteReachable: (): void => {
      if (isStarted && (problem !== null || readStored().syncedAt === null)) plan(0);
    },
    stop: async (): Promise<void> => {
      clearTimeout(timer);
      abort.abort();
      await running;
    },
  };
}

/** Null: it is gone. `FLAGGED` and what is not known here are left for the next reading. */
function applyEvent(template: Template, { field, event, detail }: TemplateEventRow): Template | null {
  const value = objectOf(parseJson(detail)) ?? {};
  switch (field) {
    case 'message_template_status_update': {
      if (event === 'DELETED') return null;
      const status = STATUS_OF_EVENT[event];
      const reason = textOf(value['reason']);
      return status === undefined ? template : { ...template, status, rejectedReason: status === 'REJECTED' && reason !== 'NONE' ? reason : null };
    }
    case 'message_template_quality_update':
      return { ...template, quality: textOf(value['new_quality_score']) ?? template.quality };
    case 'template_category_update':
      // In the early notice it is the one that still holds.
      return { ...template, category: textOf(value['new_category'])?.toUpperCase() ?? template.category };
    default:
      return template;
  }
}

const STATUS_OF_EVENT: Partial<Record<string, string>> = {
  APPROVED: 'APPROVED',
  REINSTATED: 'APPROVED',
  UNPAUSED: 'APPROVED',
  PENDING: 'PENDING',
  REJECTED: 'REJECTED',
  PAUSED: 'PAUSED',
  DISABLED: 'DISABLED',
  IN_APPEAL: 'IN_APPEAL',
  PENDING_DELETION: 'PENDING_DELETION',
  ARCHIVED: 'ARCHIVED',
  LIMIT_EXCEEDED: 'LIMIT_EXCEEDED',
};
