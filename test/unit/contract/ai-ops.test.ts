import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_AI_SETTINGS } from '../../../contract/ai/ai-defaults.ts';
import type { AiRun } from '../../../contract/ai/ai-entities.ts';
import { fitProposal, fitRun, fitSummary } from '../../../contract/ai/fit-proposal.ts';
import { hashRun, isIntact, joinRun, splitRun, type RunRecord, type RunWords } from '../../../contract/ai/run-record.ts';
import { AI_MAX, OP_BODY_MAX } from '../../../contract/limits.ts';
import { mayWriteAi, opBodySchema, opLevel, opVersion, type OpArgs, type OpBody } from '../../../contract/ops/op.ts';
import { applyOp } from '../../../contract/reduce.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import { PENDING_SEQ } from '../../../contract/state.ts';
import { AUTO_ON, bodyOf, proposeOp, runOf, settingsOp } from './ai-samples.ts';
import { createTeamLog, ROSA, type Judged } from './log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
let conversationId: string;
let about: string;
beforeEach(() => {
  log = createTeamLog();
  ({ conversationId } = log);
  about = `m_${log.head()}`;
});
afterEach(() => log.close());

const record = (run: AiRun, who = 'bo') => log.op(who, { type: 'ai.run', args: { run } });
const run = (id: string, more: Partial<AiRun> = {}) => runOf(id, conversationId, log.head(), more);
const runRow = (id: string) => log.tx.get('ai_run', [id])!;

describe('a run', () => {
  it('is recorded once and never changes', () => {
    const first = run('r');
    expect(record(first)).toMatchObject({ outcome: 'applied', conversationId: null, changed: ['ai_run'] });
    expect(record(run('r', { costMicros: 1 }))).toMatchObject({ outcome: 'duplicate', changed: [] });
    expect(record(run('s'), 'gil').outcome).toBe('forbidden');
    expect(runRow('r')).toMatchObject({ purpose: 'reply', outcome: 'ok', cost_micros: 120, hash: first.hash });
  });

  it('belongs to the customer of its conversation, whatever it says', () => {
    record(run('r', { contactId: 'somebody else' }));
    expect(runRow('r').contact_id).toBe(log.tx.get('conversation', [conversationId])?.contact_id);
  });

  it('that found no answer is a gap, if something was asked', () => {
    expect(record(run('r', { isGap: true })).changed).toEqual(['ai_run', 'kb_gap']);
    expect(log.tx.get('kb_gap', ['r'])).toMatchObject({ question: '¿A qué hora abren?', state: 'open' });
    expect(record(run('s', { isGap: true, text: { question: '  ', raw: '', final: '', instruction: '' } })).changed).toEqual(['ai_run']);
    const close = (runId: string, who = 'bo') => log.op(who, { type: 'gap.close', args: { runId, articleId: null } });
    expect(close('r')).toMatchObject({ outcome: 'applied', conversationId: null });
    expect(close('r').outcome).toBe('merged');
    expect(close('s').outcome).toBe('target_missing');
    expect(close('r', 'gil').outcome).toBe('forbidden');
    expect(log.tx.get('kb_gap', ['r'])).toMatchObject({ state: 'closed', closed_by: 'bo' });
  });

  it('is its record and its words; the record holds no word of the customer, and its hash can be checked without them', () => {
    const told = run('r', {
      findings: [{ start: 0, end: 3, kind: 'number', severity: 'high', detail: '5555 1234' }],
      policy: { maySend: false, isShadow: true, rules: [{ rule: 'intent', holds: false, detail: 'la pierna rota' }] },
    });
    const { record: kept, words } = splitRun(told);
    expect(JSON.stringify(kept)).not.toMatch(/5555|pierna|abren|Abrimos/);
    expect(joinRun(kept, words)).toEqual(told);
    expect(isIntact(kept, words)).toBe(true);
    expect(isIntact(kept, null)).toBe(true);
    expect(isIntact({ ...kept, costMicros: 1 }, null)).toBe(false);
    expect(isIntact(kept, { ...words, final: 'otra cosa' })).toBe(false);
    expect(joinRun(kept, null).text).toBeNull();
    // As another program would write it.
    const reversed = Object.fromEntries(Object.entries(told).toReversed()) as AiRun;
    expect(hashRun(reversed)).toBe(told.hash);
  });
});

describe('erasing a person', () => {
  const erase = (contactId: string, who = 'leo') => log.op(who, { type: 'ai.erase', args: { contactId } });
  it('takes every word, also of who was merged with them, and leaves figures, hashes and other people', () => {
    const rosa = log.tx.get('conversation', [conversationId])!.contact_id;
    const otherConversation = `c_${log.customerWrites({ from: '50255559999', text: 'otra' })}`;
    const other = log.tx.get('conversation', [otherConversation])!.contact_id;
    log.op('bo', proposeOp('d', conversationId, about, { seen: log.head(), run: { isGap: true } }));
    log.op('bo', { type: 'ai.review', args: { draftId: 'd', verdict: 'bad', reason: 'tone', note: 'a Rosa no' } });
    log.op('bo', { type: 'draft.discard', args: { draftId: 'd', reason: 'tone', note: 'Rosa se enfada' } });
    log.op('bo', proposeOp('e', conversationId, about, { seen: log.head() }));
    const summary = (): OpBody => ({ type: 'ai.summary', args: { conversationId, throughMessageId: about, text: 'Rosa pregunta', sentences: [], facts: [], run: run('r') } });
    log.op('bo', summary());
    log.op('bo', { type: 'ai.run', args: { run: runOf('other', otherConversation, 0) } });
    log.op('leo', { type: 'contact.merge', args: { contactId: rosa, from: null, to: other } });
    const third = log.customerWrites({ from: '50255558888' });
    log.op('bo', { type: 'ai.run', args: { run: runOf('third', `c_${third}`, 0) } });

    expect(erase(rosa, 'bo')).toMatchObject({ outcome: 'forbidden', changed: [] });
    expect(erase('nobody').outcome).toBe('target_missing');
    expect(erase(rosa)).toMatchObject({ outcome: 'applied', detail: { runs: 4 } });
    for (const id of ['run-d', 'run-e', 'r', 'other']) {
      expect(runRow(id)).toMatchObject({ text: null, cost_micros: 120 });
      expect(isIntact(JSON.parse(runRow(id).record) as RunRecord, null)).toBe(true);
    }
    expect(runRow('third').text).not.toBeNull();
    for (const id of ['d', 'e']) expect(log.tx.get('ai_draft', [id])).toMatchObject({ body: '', note: '', state: 'discarded' });
    expect(log.tx.get('ai_review', ['d'])).toMatchObject({ verdict: 'bad', note: '' });
    expect(log.tx.get('kb_gap', ['run-d'])).toMatchObject({ question: '', state: 'closed' });
    expect(log.tx.get('conversation_summary', [conversationId])).toBeUndefined();
    expect(JSON.stringify(log.db.prepare('SELECT detail FROM activity').all()), 'what people noted stands nowhere else').not.toContain('Rosa');
    expect(erase(other)).toMatchObject({ detail: { runs: 0 }, changed: [] });
  });
});

describe('the switch', () => {
  const stop = (who: string, isStopped: boolean) => log.op(who, { type: 'ai.stop', args: { isStopped } });
  it('anybody pulls, leads let go', () => {
    expect(stop('bo', false).outcome).toBe('forbidden');
    expect(stop('leo', false)).toMatchObject({ outcome: 'merged', changed: [] });
    expect(stop('bo', true)).toMatchObject({ outcome: 'applied', conversationId: null });
    expect(stop('cy', true).outcome).toBe('merged');
    expect(stop('cy', false)).toMatchObject({ outcome: 'forbidden', changed: [] });
    expect(stop('leo', false).outcome).toBe('applied');
    expect(stop('gil', true).outcome).toBe('forbidden');
  });
  it('is none of the settings that admins change', () => {
    expect(opBodySchema.safeParse({ type: 'setting.set', args: { from: { key: 'aiStopped', value: true }, to: { key: 'aiStopped', value: false } } }).success).toBe(false);
  });
});

describe('the budget', () => {
  const take = (who: string, amount: number, month = '2026-11') => log.op(who, { type: 'ai.budget', args: { month, amount } });
  const granted = (who: string, month = '2026-11') => log.tx.get('ai_budget', [month, `desk-${who}`])?.granted ?? 0;
  const setCap = (from: number | null, to: number | null): Judged =>
    log.op('ana', settingsOp({ ...AUTO_ON, caps: { ...AUTO_ON.caps, team: from } }, { ...AUTO_ON, caps: { ...AUTO_ON.caps, team: to } }));

  it('is given out in the order of the log, by month, and never above the cap', () => {
    expect(take('bo', 1)).toMatchObject({ outcome: 'superseded', detail: { left: null } });
    setCap(null, 100);
    expect(take('bo', 60)).toMatchObject({ outcome: 'applied', conversationId: null, changed: ['ai_budget'] });
    expect(take('cy', 50)).toMatchObject({ outcome: 'superseded', detail: { left: 40 }, changed: [] });
    expect(take('cy', 40).outcome).toBe('applied');
    expect(take('bo', 1)).toMatchObject({ outcome: 'superseded', detail: { left: 0 } });
    expect([granted('bo'), granted('cy')]).toEqual([60, 40]);
    expect(take('bo', 100, '2026-12').outcome).toBe('applied');
    setCap(100, 50);
    expect(take('bo', 1)).toMatchObject({ outcome: 'superseded', detail: { left: 0 } });
    expect(take('gil', 1).outcome).toBe('forbidden');
  });

  it('a pending slice may not be spent', () => {
    setCap(null, 100);
    const store = createStateStore(log.db, () => undefined);
    applyOp(
      store.pending,
      { seq: PENDING_SEQ, receivedAt: 1, opId: 'p', actorId: 'bo', deviceId: 'desk-bo', deviceSeq: 9, occurredAt: 1, v: 1 },
      JSON.stringify({ type: 'ai.budget', args: { month: '2026-11', amount: 10 } }),
    );
    expect(store.state.get('ai_budget', ['2026-11', 'desk-bo'])).toBeUndefined();
  });
});

describe('a summary', () => {
  const summarise = (throughMessageId: string, id: string, who = 'bo', more: Partial<OpArgs<'ai.summary'>> = {}) =>
    log.op(who, { type: 'ai.summary', args: { conversationId, throughMessageId, text: id, sentences: [], facts: [], run: run(id), ...more } });
  it('is the newest that was read, and its run counts all the same', () => {
    const later = `m_${log.customerWrites()}`;
    expect(summarise(later, 'a')).toMatchObject({ outcome: 'applied', conversationId: null });
    expect(summarise(about, 'b')).toMatchObject({ outcome: 'superseded', changed: ['ai_run'] });
    expect(summarise(later, 'c').outcome).toBe('applied');
    expect(log.tx.get('conversation_summary', [conversationId])).toMatchObject({ text: 'c', run_id: 'c' });
    expect(summarise('m_99999', 'x').outcome).toBe('target_missing');
    const other = log.customerWrites({ from: '50255559999' });
    expect(summarise(`m_${other}`, 'x').outcome).toBe('target_missing');
    expect(summarise(later, 'x', 'bo', { run: runOf('x', `c_${other}`, 0) }).outcome).toBe('forbidden');
    expect(summarise(later, 'x', 'gil').outcome).toBe('forbidden');
  });
});

describe('a handoff', () => {
  const handOff = (aboutMessageId = about, who = 'bo') => log.op(who, { type: 'ai.handoff', args: { conversationId, aboutMessageId, reason: 'policy', detail: 'intent', runId: null } });
  const reply = (who = 'cy') => log.op(who, { type: 'message.queue', args: { messageId: `out-${log.head()}`, conversationId, seenThrough: log.head(), content: { kind: 'text', text: 'va' } } });
  const handed = () => log.tx.get('conversation_ai', [conversationId])?.handoff_reason ?? null;

  it('is told once, until a person answers', () => {
    expect(handOff()).toMatchObject({ outcome: 'applied', conversationId, changed: ['conversation_ai'] });
    expect(handOff(about, 'cy')).toMatchObject({ outcome: 'merged', conversationId: null, changed: [] });
    const next = `m_${log.customerWrites()}`;
    expect(handOff(next)).toMatchObject({ outcome: 'merged', changed: [] });
    expect(handed()).toBe('policy');
    reply();
    expect(handed()).toBeNull();
    expect(handOff(next)).toMatchObject({ outcome: 'superseded', conversationId: null });
    expect(handOff('m_99999').outcome).toBe('target_missing');
    expect(handOff(next, 'gil').outcome).toBe('forbidden');
  });

  it('ends with the conversation, and with an answer from the phone, but not with the notice of a request that went by itself', () => {
    log.op('bo', {
      type: 'request.add',
      args: {
        requestId: 'r',
        fields: {
          externalId: null,
          status: 'new',
          serviceType: '',
          customerId: log.tx.get('conversation', [conversationId])!.contact_id,
          customerName: 'Rosa',
          contactPhone: `+${ROSA}`,
          contactEmail: '',
          address: '',
          requestedDate: null,
          approvedDate: null,
          vendorId: log.tx.get('conversation', [conversationId])!.contact_id,
          formUrl: '',
          description: '',
        },
        customer: null,
        source: 'manual',
      },
    });
    const events = log.tx.list('request_event_by_request', ['r']);
    handOff();
    const content = {
      kind: 'template' as const,
      name: 'nueva_solicitud_de_servicio',
      language: 'es',
      category: 'UTILITY',
      header: null,
      body: 'va',
      footer: null,
      buttons: [],
      parameters: [],
      request: null,
    };
    const event = events.find(({ kind }) => kind === 'vendor_assigned');
    const told = log.op('bo', {
      type: 'request.notify',
      args: { eventId: event!.id, messageId: 'told', conversationId: 'none', contactId: event!.contact_id!, phoneNumberId: '2', content, isOverride: false, isAutomatic: true },
    });
    expect(told.outcome).toBe('applied');
    expect(handed()).toBe('policy');
    log.webhook({ field: 'smb_message_echoes', payload: { id: 'w', from: '50222334455', to: ROSA, timestamp: '1', type: 'text', text: { body: 'yo' } } });
    expect(handed()).toBeNull();
    const next = `m_${log.customerWrites()}`;
    handOff(next);
    log.op('cy', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough: log.head() } });
    expect(handed()).toBeNull();
  });
});

it('a review is the newest word on a draft; null takes it back', () => {
  log.op('bo', proposeOp('d', conversationId, about, { seen: log.head() }));
  const review = (verdict: 'good' | 'bad' | null, who = 'bo', draftId = 'd') => log.op(who, { type: 'ai.review', args: { draftId, verdict, reason: null, note: '' } });
  expect(review(null)).toMatchObject({ outcome: 'merged', changed: [] });
  expect(review('good').outcome).toBe('applied');
  expect(review('bad', 'cy').outcome).toBe('applied');
  expect(log.tx.get('ai_review', ['d'])).toMatchObject({ verdict: 'bad', reviewer_id: 'cy' });
  expect(review(null).outcome).toBe('applied');
  expect(log.tx.get('ai_review', ['d'])).toBeUndefined();
  expect(review('good', 'bo', 'none').outcome).toBe('target_missing');
  expect(review('good', 'gil').outcome).toBe('forbidden');
});

describe('what older desktops do not know', () => {
  it('is written by nobody while there are some: every op of AI, and the AI settings', () => {
    const ops: OpBody[] = [proposeOp('d', conversationId, about), { type: 'draft.claim', args: { conversationId, aboutMessageId: about } }, settingsOp(DEFAULT_AI_SETTINGS, AUTO_ON)];
    expect(ops.map(opLevel)).toEqual([5, 5, 6]);
    expect(ops.map(opVersion)).toEqual([1, 1, 3]);
    expect([mayWriteAi(4), mayWriteAi(5)]).toEqual([false, true]);
    const name: OpBody = { type: 'setting.set', args: { from: { key: 'name', value: '' }, to: { key: 'name', value: 'x' } } };
    expect([opLevel(name), opVersion(name)]).toEqual([2, 1]);
  });
});

describe('what is too long for an op', () => {
  /** Characters that JSON writes with six. */
  const worst = (length: number): string => '\u0001'.repeat(length);
  const fat: OpArgs<'draft.propose'> = {
    ...(proposeOp('d', 'c', 'm') as Extract<OpBody, { type: 'draft.propose' }>).args,
    template: { key: 't', texts: { '1': worst(4_000), '2': worst(4_000) } },
    body: bodyOf({
      text: worst(4_096),
      facts: Array.from({ length: 40 }, (_, n) => ({
        id: `K${n}`,
        kind: 'knowledge',
        label: worst(300),
        text: worst(AI_MAX.factText),
        ref: { kind: 'knowledge', articleId: 'a'.repeat(128), revisionId: 'r'.repeat(128), passageId: 'p'.repeat(128), mayAutoAnswer: true },
      })),
      sentences: Array.from({ length: 200 }, () => ({ start: 1, end: 2, factIds: Array.from({ length: 20 }, (_, n) => `K${n}`) })),
      findings: Array.from({ length: 60 }, () => ({ start: 4_000, end: 4_001, kind: 'language', severity: 'high', detail: worst(200) })),
    }),
    run: runOf('r', 'c', 0, {
      text: { question: worst(AI_MAX.question), raw: worst(AI_MAX.output), final: worst(4_096), instruction: worst(AI_MAX.instruction) },
      facts: Array.from({ length: 60 }, (_, n) => ({ id: `K${n}`, hash: 'h'.repeat(64), isUsed: true })),
      retrieved: Array.from({ length: 20 }, () => ({ passageId: 'p'.repeat(128), articleId: 'a'.repeat(128), score: 0.123456789, rank: 1, isCited: true })),
      findings: Array.from({ length: 60 }, () => ({ start: 4_000, end: 4_001, kind: 'language', severity: 'high', detail: worst(200) })),
      policy: { maySend: false, isShadow: false, rules: Array.from({ length: 40 }, () => ({ rule: 'conversation_cap', holds: false, detail: worst(200) })) },
    }),
  };
  const sizeOf = (op: OpBody): number => JSON.stringify(op).length;

  it.each<[string, OpBody, OpBody]>([
    ['proposal', { type: 'draft.propose', args: fat }, { type: 'draft.propose', args: fitProposal(fat) }],
    ['run', { type: 'ai.run', args: { run: fat.run } }, { type: 'ai.run', args: { run: fitRun(fat.run) } }],
    [
      'summary',
      { type: 'ai.summary', args: { conversationId: 'c', throughMessageId: 'm', text: worst(AI_MAX.summary), sentences: [], facts: fat.body.facts, run: fat.run } },
      { type: 'ai.summary', args: fitSummary({ conversationId: 'c', throughMessageId: 'm', text: worst(AI_MAX.summary), sentences: [], facts: fat.body.facts, run: fat.run }) },
    ],
  ])('is cut until it fits, however long: %s', (_, before, after) => {
    expect(opBodySchema.safeParse(before).error).toBeUndefined();
    expect(sizeOf(before)).toBeGreaterThan(OP_BODY_MAX);
    expect(opBodySchema.safeParse(after).error).toBeUndefined();
    expect(sizeOf(after)).toBeLessThanOrEqual(OP_BODY_MAX);
  });

  it('keeps the text, and the hash of what is left; the same gives the same', () => {
    const fitted = fitProposal(fat);
    expect(fitted.body.text).toBe(fat.body.text);
    expect(hashRun(fitted.run)).toBe(fitted.run.hash);
    const { record: kept, words } = splitRun(fitted.run);
    expect(isIntact(kept, words satisfies RunWords)).toBe(true);
    expect(fitProposal(fat)).toEqual(fitted);
  });

  it('facts go before anything else, and what fits stays as it is', () => {
    const long = {
      ...fat,
      template: null,
      body: bodyOf({ facts: fat.body.facts.map((fact) => ({ ...fact, label: 'l', text: 'x'.repeat(3_000) })) }),
      run: runOf('r', 'c', 0, { text: { question: 'q', raw: 'r'.repeat(5_000), final: 'f', instruction: '' } }),
    };
    const fitted = fitProposal(long);
    expect(fitted.body.facts.map(({ text }) => text.length)).toEqual(Array.from({ length: 40 }, () => 800));
    expect(fitted.run.text).toEqual(long.run.text);
    const small = (proposeOp('d', 'c', 'm') as Extract<OpBody, { type: 'draft.propose' }>).args;
    expect(fitProposal(small)).toEqual(small);
  });
});
