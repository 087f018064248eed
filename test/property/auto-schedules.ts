/**
 * Schedules of a team whose desktops answer by themselves: the real reducers and the outbox's real last look, over a played relay, network and Meta.
 * One seed is one schedule; between any two steps a desktop may crash, lose its line or be switched off for good, webhooks come twice and in any
 * order, people write, take over and pull the switch. Invariants: no message of a customer gets two automatic answers; none is sent after what the
 * log put before it (an answer, a newer message, the switch); in the end every message is answered, drafted or handed to people.
 *
 * For whoever builds the executor of the engine: it goes in here as `AutoExecutor`, in the place of `createModelExecutor`, which shows the least
 * that one must do. What a desktop decides must be a function of `AutoView` and of what this process remembers: rows as the log gave them, never
 * a pending claim. `next` is called again and again, also with nothing new; it must bear that the same op was refused before.
 */
import type Database from 'better-sqlite3';
import { AUTO_LATE_MAX_MS, CLAIM_LEASE_MS } from '../../contract/limits.ts';
import { isAiStopped } from '../../contract/ops/ai-settings.ts';
import { findLiveDraft, readConversationAi } from '../../contract/ops/draft-events.ts';
import { isAutomatic } from '../../contract/ops/draft-ops.ts';
import { opVersion, type OpBody } from '../../contract/ops/op.ts';
import { applyLogEntry } from '../../contract/reduce.ts';
import { createStateStore, type StateStore } from '../../contract/sqlite/state-tx.ts';
import type { ConversationRow, MessageRow, StateTx } from '../../contract/state.ts';
import type { LogEntry } from '../../contract/wire.ts';
import { judgeAutomatic } from '../../main/engine/outbox/judge-automatic.ts';
import { DEFAULT_AI_SETTINGS } from '../../contract/ai/ai-defaults.ts';
import { ANSWER, bodyOf, runOf, settingsOp } from '../unit/contract/ai-samples.ts';
import { openEmptyDatabase } from './empty-database.ts';
import { AUTO_SETTINGS } from './history-ai.ts';

/** What came of a call of the model for a message. `unsure`: the policy would not send it. */
export type Generated = { aboutMessageId: string; outcome: 'solid' | 'unsure' | 'failed'; seenThrough: number };
/** What a desktop knows of a conversation when it decides. `now`: relay time as its clock has it. `hasPending`: own ops have not come back yet. */
export type AutoView = {
  state: Pick<StateTx, 'get' | 'list'>;
  conversation: ConversationRow;
  deviceId: string;
  now: number;
  cursor: number;
  isOnline: boolean;
  hasPending: boolean;
  generated: Generated | null;
  newId: () => string;
};
/** `generate`: the model is called, its result is in a later view, unless the process ends before. */
export type AutoStep = { do: 'nothing' } | { do: 'op'; op: OpBody } | { do: 'generate'; aboutMessageId: string };
/** Made anew whenever its process begins: it remembers nothing of the one before. */
export type AutoExecutor = { next(view: AutoView): AutoStep };

const NOTHING: AutoStep = { do: 'nothing' };
const RENEW_BEFORE_MS = 30_000;

/** The least that an executor does. */
export function createModelExecutor(): AutoExecutor {
  return {
    next: ({ state, conversation, deviceId, now, cursor, isOnline, hasPending, generated, newId }) => {
      const { id: conversationId, last_inbound_seq: lastInbound } = conversation;
      const about = state.get('message', [`m_${lastInbound}`]);
      const row = readConversationAi(state, conversationId);
      // No relay, no automatic answer; and nothing is decided while it is open what became of the last decision.
      if (!isOnline || hasPending || !about || conversation.status !== 'active' || row.handoff_reason !== null) return NOTHING;
      const handOff = (reason: 'policy' | 'failed'): AutoStep => ({ do: 'op', op: { type: 'ai.handoff', args: { conversationId, aboutMessageId: about.id, reason, detail: '', runId: null } } });
      if (conversation.last_outbound_seq > lastInbound) return isStuck(state, conversation, about, now) ? handOff('failed') : NOTHING;
      const live = findLiveDraft(state, conversationId);
      const claim: AutoStep = { do: 'op', op: { type: 'draft.claim', args: { conversationId, aboutMessageId: about.id } } };
      const isMine = row.claim_about === about.id && row.claim_device === deviceId && now < row.claim_until;
      if (live) {
        if (live.auto_state !== 'counting' || live.device_id !== deviceId || live.auto_at === null || live.auto_fence === null || !isMine || now > live.auto_at + AUTO_LATE_MAX_MS) return NOTHING;
        if (now >= live.auto_at) {
          const args = { draftId: live.id, messageId: newId(), content: { kind: 'text' as const, text: ANSWER }, seenThrough: cursor, fence: live.auto_fence };
          return { do: 'op', op: { type: 'draft.approve', args } };
        }
        return row.claim_until - now < RENEW_BEFORE_MS ? claim : NOTHING;
      }
      if (!isMine) return row.claim_about === about.id && now < row.claim_until ? NOTHING : claim;
      if (generated?.aboutMessageId !== about.id) return { do: 'generate', aboutMessageId: about.id };
      if (generated.outcome === 'failed') return handOff('failed');
      const maySend = generated.outcome === 'solid' && isAutomatic(state, conversation) && !isAiStopped(state);
      const policy = { maySend, isShadow: false, rules: [] };
      const args = {
        draftId: newId(),
        conversationId,
        aboutMessageId: about.id,
        replaces: null,
        body: bodyOf(maySend ? {} : { confidence: 'check' }),
        template: null,
        isRequested: false,
        auto: maySend ? { fence: row.claim_fence, at: now + 20_000 } : null,
        run: runOf(newId(), conversationId, generated.seenThrough, { policy }),
      };
      return { do: 'op', op: { type: 'draft.propose', args } };
    },
  };
}

/** The answer was decided, and its desktop has not sent it in time. */
function isStuck(state: AutoView['state'], conversation: ConversationRow, about: MessageRow, now: number): boolean {
  const draft = state.list('draft_by_conversation', [conversation.id]).find((one) => one.about_message_id === about.id && one.auto_state === 'sent');
  const answer = draft && state.get('message', [draft.message_id ?? '']);
  return answer?.status === 'queued' && answer.seq === conversation.last_outbound_seq && now > answer.received_at + AUTO_LATE_MAX_MS + CLAIM_LEASE_MS;
}

/** What happened in schedules, to show that they contain it. */
export const NO_SCHEDULE_COUNTS = {
  inbound: 0,
  sent: 0,
  drafted: 0,
  answered: 0,
  handedOff: 0,
  ended: 0,
  switchedBack: 0,
  crashes: 0,
  switchedOff: 0,
  lostCalls: 0,
  doubleWebhooks: 0,
  refusedApprovals: 0,
  refusedClaims: 0,
  refusedAtTheDoor: 0,
  stops: 0,
  takenOver: 0,
};
export type ScheduleCounts = typeof NO_SCHEDULE_COUNTS;

const START = Date.UTC(2026, 10, 22, 12);
const ENGINES = 3;
const CUSTOMERS = 2;
const STEPS = 70;

type Job = { messageId: string; state: 'ready' | 'running' | 'uncertain' | 'done' };
/** `store`: used by one schedule after another; everything a schedule wrote is rolled back. */
type Engine = {
  deviceId: string;
  agentId: string;
  store: StateStore;
  listConversations: Database.Statement;
  cursor: number;
  /** On disk: ops that have not been pushed or have not come back, and what is to be sent. */
  pending: { opId: string; body: OpBody }[];
  pushed: number;
  jobs: Job[];
  /** In memory. */
  executor: AutoExecutor;
  generated: Map<string, Generated>;
  isOnline: boolean;
  isDead: boolean;
  skew: number;
};

type Slot = { db: Database.Database; store: StateStore; listConversations: Database.Statement };

/** @param makeExecutor of each desktop. @returns runs the schedule of a seed, throws where an invariant is broken. */
export function createScheduleRunner(makeExecutor: () => AutoExecutor): { run: (seed: number) => ScheduleCounts; close: () => void } {
  const slots = Array.from({ length: ENGINES }, (): Slot => {
    const db = openEmptyDatabase();
    return { db, store: createStateStore(db, () => undefined), listConversations: db.prepare('SELECT * FROM conversation ORDER BY id') };
  });
  return {
    run: (seed) => {
      for (const { db } of slots) db.exec('BEGIN');
      try {
        return runSchedule(seed, slots, makeExecutor);
      } finally {
        for (const { db, store } of slots) {
          db.exec('ROLLBACK');
          store.forget();
        }
      }
    },
    close: () => {
      for (const { db } of slots) db.close();
    },
  };
}

function runSchedule(seed: number, slots: Slot[], makeExecutor: () => AutoExecutor): ScheduleCounts {
  const random = createRandom(seed);
  const chance = (share: number): boolean => random() < share;
  const below = (count: number): number => Math.floor(random() * count);
  const counts = { ...NO_SCHEDULE_COUNTS };
  const log: LogEntry[] = [];
  let now = START;
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  /** Meta: what it took, and the webhooks that it has not brought yet. */
  const taken: { messageId: string; about: string }[] = [];
  const webhooks: unknown[] = [];
  const fail = (what: string): never => {
    throw new Error(`seed ${seed}: ${what}`);
  };

  const append = (entry: Omit<Extract<LogEntry, { kind: 'webhook' | 'relay' }>, 'seq' | 'receivedAt'>): void => void log.push({ ...entry, seq: log.length + 1, receivedAt: now });
  const appendOp = ({ deviceId, agentId }: Pick<Engine, 'deviceId' | 'agentId'>, opId: string, body: OpBody): void =>
    void log.push({ kind: 'op', seq: log.length + 1, receivedAt: now, opId, deviceId, actorId: agentId, deviceSeq: log.length + 1, v: opVersion(body), occurredAt: now, body: JSON.stringify(body) });

  const engines = slots.map(({ listConversations, store }, n): Engine => {
    const engine = {
      deviceId: `device-${n}`,
      agentId: `agent-${n}`,
      store,
      listConversations,
      cursor: 0,
      pending: [],
      pushed: 0,
      jobs: [],
      executor: makeExecutor(),
      generated: new Map<string, Generated>(),
      isOnline: true,
      isDead: false,
      skew: below(20_001) - 10_000,
    };
    append({ kind: 'relay', body: JSON.stringify({ type: 'device.enrolled', deviceId: engine.deviceId, agentId: engine.agentId, agentName: engine.agentId, role: n === 0 ? 'admin' : 'lead' }) });
    return engine;
  });
  const [admin] = engines;
  if (admin) appendOp(admin, newId(), settingsOp(DEFAULT_AI_SETTINGS, AUTO_SETTINGS));

  const metadata = { phone_number_id: '2', display_phone_number: '50222334455' };
  const customerWrites = (): void => {
    counts.inbound += 1;
    const payload = { id: `wamid.${newId()}`, from: `5025555000${below(CUSTOMERS)}`, timestamp: String(Math.floor(now / 1_000)), type: 'text', text: { body: 'hola' } };
    webhooks.push({ item: 'message', field: 'messages', wabaId: '1', metadata, payload });
  };
  /** In any order, some twice. */
  const bringWebhook = (): void => {
    const index = below(webhooks.length);
    const item = webhooks[index];
    if (item === undefined) return;
    if (chance(0.2)) counts.doubleWebhooks += 1;
    else webhooks.splice(index, 1);
    append({ kind: 'webhook', body: JSON.stringify(item) });
  };

  const conversationsOf = ({ listConversations }: Engine): ConversationRow[] => listConversations.all() as ConversationRow[];

  const pull = (engine: Engine, most: number): void => {
    for (const entry of log.slice(engine.cursor, engine.cursor + most)) {
      const result = applyLogEntry(engine.store.confirmed, entry);
      engine.cursor = entry.seq;
      if (entry.kind !== 'op' || result.kind !== 'op' || entry.deviceId !== engine.deviceId) continue;
      const index = engine.pending.findIndex(({ opId }) => opId === entry.opId);
      if (index === -1) continue;
      engine.pending.splice(index, 1);
      engine.pushed = Math.max(0, engine.pushed - 1);
      const { op, outcome } = result;
      if (op?.type === 'draft.claim' && outcome === 'superseded') counts.refusedClaims += 1;
      if (op?.type === 'draft.approve' && op.args.fence !== null && outcome !== 'applied') counts.refusedApprovals += 1;
      if ((op?.type === 'draft.approve' || op?.type === 'message.queue') && outcome === 'applied') engine.jobs.push({ messageId: op.args.messageId, state: 'ready' });
    }
    // What `confirmed` remembers for the digest is not asked for here, and other code reads the rows beside it.
    engine.store.forget();
  };
  const push = (engine: Engine): void => {
    const next = engine.pending[engine.pushed];
    if (!next) return;
    engine.pushed += 1;
    appendOp(engine, next.opId, next.body);
  };
  const write = (engine: Engine, body: OpBody): void => void engine.pending.push({ opId: newId(), body });

  const think = (engine: Engine): boolean => {
    const conversations = conversationsOf(engine);
    const conversation = conversations[below(conversations.length)];
    if (!conversation) return false;
    const view = {
      state: engine.store.state,
      conversation,
      deviceId: engine.deviceId,
      now: now + engine.skew,
      cursor: engine.cursor,
      isOnline: engine.isOnline,
      hasPending: engine.pending.length > 0,
      generated: engine.generated.get(conversation.id) ?? null,
      newId,
    };
    const step = engine.executor.next(view);
    if (step.do === 'op') write(engine, step.op);
    if (step.do === 'generate')
      engine.generated.set(conversation.id, { aboutMessageId: step.aboutMessageId, outcome: chance(0.75) ? 'solid' : chance(0.5) ? 'unsure' : 'failed', seenThrough: engine.cursor });
    return step.do !== 'nothing';
  };

  /** One step of the outbox; between each two of them the desktop may end. */
  const send = (engine: Engine): boolean => {
    const job = engine.jobs.find(({ state }) => state === 'ready' || state === 'running');
    const message = job && engine.store.state.get('message', [job.messageId]);
    const conversation = message && engine.store.state.get('conversation', [message.conversation_id]);
    if (!job || !message || !conversation) return false;
    if (job.state === 'ready') {
      if (message.status !== 'queued' || message.hold !== null) job.state = 'done';
      else {
        const obstacle = judgeAutomatic(engine.store.state, message, conversation, now + engine.skew);
        if (obstacle) {
          counts.refusedAtTheDoor += 1;
          write(engine, { type: 'message.result', args: { messageId: message.id, error: obstacle } });
        }
        job.state = obstacle ? 'done' : 'running';
      }
      return true;
    }
    const [draft] = engine.store.state.list('draft_by_message', [message.id]);
    const arrives = chance(0.85);
    if (arrives) {
      if (draft?.auto_state === 'sent') taken.push({ messageId: message.id, about: draft.about_message_id ?? '' });
      webhooks.push({
        item: 'status',
        field: 'messages',
        wabaId: '1',
        metadata,
        payload: { id: `wamid.${message.id}`, status: 'sent', timestamp: String(Math.floor(now / 1_000)), recipient_id: '50255550000', biz_opaque_callback_data: message.id },
      });
    }
    if (arrives && chance(0.8)) {
      job.state = 'done';
      write(engine, { type: 'message.result', args: { messageId: message.id, wamid: `wamid.${message.id}` } });
    } else {
      counts.lostCalls += 1;
      job.state = 'uncertain';
    }
    return true;
  };

  const crash = (engine: Engine): void => {
    counts.crashes += 1;
    engine.executor = makeExecutor();
    engine.generated.clear();
    engine.pushed = engine.pending.filter(({ opId }) => log.some((entry) => entry.kind === 'op' && entry.opId === opId)).length;
    // What was being sent may have left: it is never sent again.
    for (const job of engine.jobs) if (job.state === 'running') job.state = 'uncertain';
  };

  const personActs = (engine: Engine): void => {
    const conversations = conversationsOf(engine);
    const conversation = conversations[below(conversations.length)];
    if (!conversation) return;
    const { id: conversationId } = conversation;
    const live = findLiveDraft(engine.store.state, conversationId);
    const isStopped = isAiStopped(engine.store.state);
    const seenThrough = engine.cursor;
    counts.takenOver += 1;
    const reply: OpBody = { type: 'message.queue', args: { messageId: newId(), conversationId, seenThrough, content: { kind: 'text', text: 'yo' } } };
    const ops: (OpBody | null)[] = [
      reply,
      reply,
      { type: 'ai.stop', args: { isStopped: !isStopped } },
      { type: 'conversation.assign', args: { conversationId, from: conversation.assignee_id, to: engine.agentId } },
      { type: 'conversation.ai', args: { conversationId, from: readConversationAi(engine.store.state, conversationId).mode, to: chance(0.5) ? 'draft' : 'auto' } },
      { type: 'conversation.status', args: { conversationId, from: conversation.status, to: conversation.status === 'active' ? 'archived' : 'active', seenThrough } },
      live ? { type: 'draft.edit', args: { draftId: live.id } } : null,
      live ? { type: 'draft.stop_auto', args: { draftId: live.id } } : null,
      live ? { type: 'draft.approve', args: { draftId: live.id, messageId: newId(), content: { kind: 'text', text: 'editado' }, seenThrough, fence: null } } : null,
    ];
    const op = ops[below(ops.length)];
    if (op?.type === 'ai.stop') counts.stops += 1;
    if (op) write(engine, op);
  };

  const isUp = (engine: Engine): boolean => !engine.isDead;
  customerWrites();
  bringWebhook();
  for (let step = 0; step < STEPS; step += 1) {
    const engine = engines.filter(isUp)[below(engines.filter(isUp).length)];
    if (!engine) break;
    now += below(3_000);
    const dice = random();
    if (dice < 0.05) customerWrites();
    else if (dice < 0.12) bringWebhook();
    else if (dice < 0.15) personActs(engine);
    else if (dice < 0.18) crash(engine);
    else if (dice < 0.21) engine.isOnline = !engine.isOnline;
    else if (dice < 0.22 && engines.filter(isUp).length > 1) {
      counts.switchedOff += 1;
      engine.isDead = true;
    } else if (dice < 0.28) now += below(25_000);
    else {
      // What a desktop does by itself, one thing after another, until something else has its turn.
      for (let turn = below(8); turn >= 0; turn -= 1) {
        const work = below(5);
        if (work === 0 && engine.isOnline) pull(engine, 1 + below(10));
        else if (work === 1 && engine.isOnline) push(engine);
        else if (work === 2) send(engine);
        else think(engine);
      }
    }
  }

  // The line is back, everything arrives, and time passes until nobody has anything to do.
  const alive = engines.filter(isUp);
  for (const engine of alive) engine.isOnline = true;
  for (let round = 0, quiet = 0; quiet < 40; round += 1) {
    if (round > 1_000) fail('the team does not come to rest');
    const before = log.length;
    while (webhooks.length > 0) bringWebhook();
    for (const engine of alive) {
      for (let turn = 0; turn < 3; turn += 1) {
        pull(engine, log.length);
        think(engine);
        send(engine);
        while (engine.pushed < engine.pending.length) push(engine);
      }
      pull(engine, log.length);
      settleUncertain(engine);
    }
    now += 5_000;
    quiet = log.length === before ? quiet + 1 : 0;
  }

  /** After a while its author is asked, and says that it did not arrive. */
  function settleUncertain(engine: Engine): void {
    for (const job of engine.jobs) {
      const message = job.state === 'uncertain' ? engine.store.state.get('message', [job.messageId]) : undefined;
      if (!message || now - message.received_at < 10 * 60_000) continue;
      job.state = 'done';
      if (message.status === 'queued') write(engine, { type: 'message.result', args: { messageId: message.id, error: { code: -3, title: 'settled', detail: null } } });
    }
  }

  const abouts = taken.map(({ about }) => about);
  if (new Set(abouts).size !== abouts.length) fail('a message has two automatic answers');
  if (new Set(taken.map(({ messageId }) => messageId)).size !== taken.length) fail('a message was sent twice');
  const [witness] = alive;
  if (!witness) return counts;
  for (const conversation of conversationsOf(witness)) counts[endOf(witness.store.state, conversation) ?? fail(`nothing became of ${conversation.id}`)] += 1;
  return counts;
}

/** What became of a conversation's newest message; null: nothing, it was forgotten. */
function endOf(state: Pick<StateTx, 'get' | 'list'>, conversation: ConversationRow): 'sent' | 'drafted' | 'answered' | 'handedOff' | 'ended' | 'switchedBack' | null {
  if (conversation.status !== 'active') return 'ended';
  if (readConversationAi(state, conversation.id).handoff_reason !== null) return 'handedOff';
  if (findLiveDraft(state, conversation.id)) return 'drafted';
  // Where nothing answers by itself, people see who waits as ever.
  if (conversation.last_outbound_seq <= conversation.last_inbound_seq) return isAutomatic(state, conversation) && !isAiStopped(state) ? null : 'switchedBack';
  const answer = state
    .list('draft_by_conversation', [conversation.id])
    .map(({ auto_state: auto, message_id: id }) => (auto === 'sent' && id !== null ? state.get('message', [id]) : undefined))
    .find((message) => message?.seq === conversation.last_outbound_seq);
  if (!answer) return 'answered';
  return answer.status === 'queued' || answer.status === 'failed' ? null : 'sent';
}

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
