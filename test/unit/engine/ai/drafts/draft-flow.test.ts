/** Whatever happens in whatever order, a conversation has one draft in the making, its states follow each other as they may, and every call is recorded once. */
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DRAFT_STATES, LIVE_DRAFT_STATES, mayDraftBecome } from '../../../../../contract/ai/ai-words.ts';
import type { OpBody } from '../../../../../contract/ops/op.ts';
import type { AiDraftRow, ConversationRow } from '../../../../../contract/state.ts';
import { createAttempts } from '../../../../../main/engine/ai/drafts/attempt.ts';
import { createDraftFlow, type AutoDecision, type ReadyDraft } from '../../../../../main/engine/ai/drafts/draft-flow.ts';
import type { Call, Called } from '../../../../../main/engine/ai/drafts/model-calls.ts';
import { createRunBook, type RunEntry } from '../../../../../main/engine/ai/drafts/run-book.ts';
import { modelPrompt } from '../../../../support/model-provider.ts';

const SEED = 20_261_122;
const CONVERSATION = 'c_1';
const ME = 'ana';
const WISH = { conversationId: CONVERSATION, isRequested: true, instruction: '', fence: null };

const entryOf = (runId: string): RunEntry => ({
  runId,
  purpose: 'reply',
  rewrite: null,
  conversationId: CONVERSATION,
  contactId: 'k',
  basis: modelPrompt().basis,
  provider: { profile: 'custom', host: '127.0.0.1', modelAsked: 'm', modelAnswered: null, fingerprint: null, requestId: null },
  promptHash: '',
  sections: {},
  facts: [],
  retrieved: [],
  masked: {},
  text: { question: '', raw: '', final: '', instruction: '' },
  findings: [],
  confidence: null,
  confidenceReasons: [],
  hasInjection: false,
  intent: null,
  policy: null,
  usage: null,
  costMicros: 0,
  priceTable: null,
  firstTokenMs: null,
  totalMs: 0,
  retries: 0,
  outcome: 'ok',
  isGap: false,
  startedAt: 1,
});
const FACTS = { modelAnswered: null, fingerprint: null, requestId: null, usage: null, firstTokenMs: null, totalMs: 0, retries: 0 };

/** A flow whose model does what the test says, over rows that the test changes. */
function openFlow({ decideAuto = () => ({ auto: null, policy: null }) }: { decideAuto?: (ready: ReadyDraft) => AutoDecision } = {}) {
  const row = {
    id: CONVERSATION,
    contact_id: 'k',
    phone_number_id: 'p',
    status: 'active',
    last_inbound_seq: 1,
    last_inbound_at: 1,
    last_outbound_seq: 0,
    last_outbound_actor_id: null,
    assignee_id: null,
  } as ConversationRow;
  const rows = { conversation: row, live: [] as AiDraftRow[] };
  const calls: { call: Call; end: (result: 'ok' | 'fail' | 'offline') => void; isOver: boolean }[] = [];
  const ops: OpBody[] = [];
  const forgotten: string[] = [];
  let ids = 0;
  const run = (call: Call): Promise<Called> =>
    new Promise((resolve) => {
      const over = (status: 'ok' | 'cancelled' | 'failed', failureClass: 'auth' | 'offline' = 'auth'): void => {
        if (made.isOver) return;
        made.isOver = true;
        const failure = { class: failureClass, retryAt: null, detail: '', partial: '' };
        const outcome: Called['outcome'] =
          status === 'ok'
            ? { ...FACTS, status, text: 'Sí.' }
            : status === 'cancelled'
              ? { ...FACTS, status, partial: '' }
              : { ...FACTS, status, partial: '', failure: { class: failureClass, status: null, retryAfterMs: null, detail: '' } };
        resolve({
          outcome,
          answer: { text: status === 'ok' ? 'Sí.' : '', sentences: [], unknownMarkers: [] },
          entry: { ...entryOf(call.runId), text: { question: '¿Abren?', raw: 'Sí.', final: 'Sí.', instruction: '' }, outcome: status === 'failed' ? failureClass : status },
          failure: status === 'failed' ? failure : null,
          prompt: modelPrompt(),
          retrieved: [],
        });
      };
      const made = { call, end: (result: 'ok' | 'fail' | 'offline') => over(result === 'ok' ? 'ok' : 'failed', result === 'offline' ? 'offline' : 'auth'), isOver: false };
      call.signal.addEventListener('abort', () => over('cancelled'), { once: true });
      calls.push(made);
    });
  const learned = new Map<string, string>();
  const provider = { profile: 'custom' as const, host: '127.0.0.1', model: 'm', complete: () => Promise.reject(new Error('not asked')), embed: null };
  const flow = createDraftFlow({
    calls: { run },
    models: { open: async () => ({ provider, problem: null }), builtin: () => ({ ...provider, profile: 'builtin' }) },
    readReply: () => Promise.reject(new Error('not asked')),
    judge: () => ({ findings: [], confidence: 'solid', confidenceReasons: ['well_sourced'], hasInjection: false, intent: null }),
    decideAuto,
    suggestTemplate: () => null,
    book: createRunBook({ queries: { readLearned: (key) => learned.get(key) ?? null, writeLearned: (key, value) => void learned.set(key, value), settleCall: () => undefined } }),
    forgetSent: (runId) => void forgotten.push(runId),
    replica: {
      state: { get: ((table: string) => (table === 'conversation' ? rows.conversation : undefined)) as never, list: () => rows.live as never },
      applyLocal: (op) => {
        ops.push(op);
        return { opId: '', outcome: 'applied' };
      },
      transact: (change) => change(),
    },
    myId: () => ME,
    ids: { next: () => `id-${(ids += 1)}` },
    nudge: () => undefined,
    noteChange: () => undefined,
    now: () => 1_000,
    log: () => undefined,
  });
  return { flow, rows, calls, ops, forgotten, recorded: () => ops.map(({ args }) => (args as { run: { runId: string } }).run.runId) };
}

const EVENTS = ['start', 'start_by_itself', 'delta', 'ok', 'fail', 'offline', 'inbound', 'own_reply', 'other_reply', 'take_over', 'take', 'close', 'open', 'cancel', 'look'] as const;

describe('the flow', () => {
  it(`keeps its invariants in any order of events (seed ${SEED})`, async () => {
    let made = 0;
    let proposed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 1, arbitrary: fc.constant('turn' as const) }, { weight: 2, arbitrary: fc.constantFrom(...EVENTS) }), { minLength: 10, maxLength: 60 }),
        async (events) => {
          const { flow, rows, calls, ops, recorded } = openFlow();
          const { conversation } = rows;
          let silentSince: string | null = null;
          for (const event of events) {
            const open = calls.filter(({ isOver }) => !isOver);
            if (event === 'start' || event === 'start_by_itself') {
              flow.start({ ...WISH, isRequested: event === 'start', fence: event === 'start' ? null : 7 });
              silentSince = null;
            } else if (event === 'delta') for (const { call } of calls) call.onText('Sí');
            else if (event === 'ok' || event === 'fail' || event === 'offline') open.at(-1)?.end(event);
            else if (event === 'inbound') conversation.last_inbound_seq += 10;
            else if (event === 'own_reply' || event === 'other_reply')
              Object.assign(conversation, { last_outbound_seq: conversation.last_outbound_seq + 3, last_outbound_actor_id: event === 'own_reply' ? ME : 'bo' });
            else if (event === 'take_over' || event === 'take') conversation.assignee_id = event === 'take' ? ME : 'bo';
            else if (event === 'close' || event === 'open') conversation.status = event === 'close' ? 'closed' : 'active';
            else if (event === 'cancel') {
              flow.cancel(CONVERSATION);
              silentSince = JSON.stringify(flow.view(CONVERSATION));
            } else if (event === 'look') {
              const before = flow.attempts.findLive(CONVERSATION);
              flow.look();
              if (before && !flow.attempts.findLive(CONVERSATION)) expect(before.controller.signal.aborted, 'what is over has its socket closed').toBe(true);
            } else await turn();
            expect(flow.attempts.listLive().length).toBeLessThanOrEqual(1);
            if (silentSince !== null) expect(JSON.stringify(flow.view(CONVERSATION)), 'nothing is told after a cancel').toBe(silentSince);
          }
          await flow.stop();
          made += calls.length;
          proposed += ops.filter(({ type }) => type === 'draft.propose').length;
          expect(recorded().toSorted(), 'every call is recorded once').toEqual(calls.map(({ call }) => call.runId).toSorted());
          const drafts = ops.flatMap((op) => (op.type === 'draft.propose' ? [op.args.draftId] : []));
          expect(new Set(drafts).size).toBe(drafts.length);
          expect(flow.attempts.listLive()).toEqual([]);
        },
      ),
      { seed: SEED, numRuns: 2_000 },
    );
    expect(made).toBeGreaterThan(2_000);
    expect(proposed).toBeGreaterThan(100);
  });

  it('asks the automatic mode with the claim it was made under, and proposes what it says', async () => {
    const asked: ReadyDraft[] = [];
    const { flow, calls, ops } = openFlow({
      decideAuto: (ready) => {
        asked.push(ready);
        return { auto: { fence: ready.fence ?? 0, at: 9_000 }, policy: { maySend: true, isShadow: false, rules: [] } };
      },
    });
    flow.start({ ...WISH, isRequested: false, fence: 7 });
    await turn();
    calls[0]?.end('ok');
    await turn();
    expect(asked).toMatchObject([{ conversationId: CONVERSATION, fence: 7, aboutMessageId: 'm1', body: { text: 'Sí.' } }]);
    expect(ops).toMatchObject([{ type: 'draft.propose', args: { auto: { fence: 7, at: 9_000 }, isRequested: false, run: { policy: { maySend: true } } } }]);
  });

  it('a customer who is erased meanwhile gets no draft, and the record of the call holds none of their words', async () => {
    const { flow, calls, ops, forgotten } = openFlow();
    flow.start(WISH);
    await turn();
    flow.forgetWords((contactId) => contactId === 'other');
    expect(flow.attempts.findLive(CONVERSATION)).toBeDefined();
    flow.forgetWords((contactId) => contactId === 'k');
    expect(calls[0]?.call.signal.aborted).toBe(true);
    await turn();
    expect(ops).toMatchObject([{ type: 'ai.run', args: { run: { outcome: 'superseded', text: { question: '', raw: '', final: '', instruction: '' } } } }]);
    expect(forgotten).toEqual([calls[0]?.call.runId]);
  });

  it('what a person asked for and the customer overtook is told, to be made again', async () => {
    const { flow, rows } = openFlow();
    flow.start({ ...WISH, instruction: 'corto' });
    await turn();
    rows.conversation.last_inbound_seq = 5;
    expect(flow.look()).toEqual([{ ...WISH, instruction: 'corto' }]);
    expect(flow.look()).toEqual([]);
  });
});

it('who looks on anew hears what happens, however late the one before them goes', async () => {
  const { flow } = openFlow();
  const gone = new AbortController();
  const first = flow.watch(CONVERSATION, gone.signal);
  expect((await first.next()).value).toMatchObject({ state: 'idle' });
  gone.abort();
  const second = flow.watch(CONVERSATION, undefined);
  expect((await second.next()).value).toMatchObject({ state: 'idle' });
  await first.return(undefined);
  const news = second.next();
  flow.start(WISH);
  expect((await news).value).toMatchObject({ state: 'preparing' });
  await second.return(undefined);
});

it('an attempt takes every step that there is and refuses every other', () => {
  const steps = ['preparing', 'streaming', 'ready', 'failed', 'discarded', 'superseded'] as const;
  const FAILURE = { class: 'auth', retryAt: null, detail: '', partial: '' } as const;
  const paths = [[], ['preparing'], ['preparing', 'streaming']] as const;
  for (const path of paths)
    for (const to of steps) {
      const attempts = createAttempts({ onChange: () => undefined });
      const attempt = attempts.begin(WISH, { draftId: 'd', startedAt: 1 });
      for (const step of path) attempts.move(attempt, step);
      const from = path.at(-1) ?? 'requested';
      const move = (): void => attempts.move(attempt, to, to === 'failed' ? { failure: FAILURE } : {});
      if (mayDraftBecome(from, to)) {
        move();
        expect(attempts.findLive(CONVERSATION) !== undefined).toBe(['preparing', 'streaming'].includes(to));
      } else expect(move).toThrow('does not become');
      if (!(LIVE_DRAFT_STATES as readonly string[]).includes(to) || to === 'ready') expect(() => attempts.setText(attempt, 'x')).toThrow();
    }
  expect(DRAFT_STATES.filter((state) => steps.some((to) => mayDraftBecome('sent', to) || mayDraftBecome(state, 'requested')))).toEqual([]);
});
