import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DRAFT_STATES, isLiveDraft, mayDraftBecome, type DraftState } from '../../../contract/ai/ai-words.ts';
import { DEFAULT_AI_SETTINGS } from '../../../contract/ai/ai-defaults.ts';
import { AUTO_LATE_MAX_MS, CLAIM_LEASE_MS } from '../../../contract/limits.ts';
import type { OpArgs } from '../../../contract/ops/op.ts';
import { applyOp } from '../../../contract/reduce.ts';
import { EVENT_TEMPLATES } from '../../../contract/requests/request-rules.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import { PENDING_SEQ } from '../../../contract/state.ts';
import { ANSWER, AUTO_ON, bodyOf, proposeOp, settingsOp } from './ai-samples.ts';
import { createTeamLog, ROSA, type Judged } from './log-writer.ts';

const COUNTDOWN_MS = DEFAULT_AI_SETTINGS.auto.countdownSeconds * 1_000;
const REQUEST = {
  externalId: null,
  status: 'received' as const,
  serviceType: '',
  customerName: 'Rosa',
  contactPhone: `+${ROSA}`,
  contactEmail: '',
  address: '',
  requestedDate: null,
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
};
const RECEIVED = {
  kind: 'template' as const,
  name: EVENT_TEMPLATES.received.template,
  language: 'es',
  category: 'UTILITY',
  header: null,
  body: 'va',
  footer: null,
  buttons: [],
  parameters: [],
  request: null,
};
let log: ReturnType<typeof createTeamLog>;
let conversationId: string;
let about: string;
beforeEach(() => {
  log = createTeamLog();
  ({ conversationId } = log);
  about = `m_${log.head()}`;
});
afterEach(() => log.close());

type More = Parameters<typeof proposeOp>[3];
const claim = (who = 'bo', aboutMessageId = about): Judged => log.op(who, { type: 'draft.claim', args: { conversationId, aboutMessageId } });
const fenceOf = ({ detail }: Judged): number => (detail as { fence: number }).fence;
const reasonOf = ({ detail }: Judged): unknown => (detail as { reason?: unknown }).reason;
const propose = (draftId = 'd', more: More = {}, who = 'bo', aboutMessageId: string | null = about): Judged =>
  log.op(who, proposeOp(draftId, conversationId, aboutMessageId, { seen: log.head(), ...more }));
const draft = (id = 'd') => log.tx.get('ai_draft', [id])!;
const ai = () => log.tx.get('conversation_ai', [conversationId])!;
let messages = 0;
const approve = (more: Partial<OpArgs<'draft.approve'>> = {}, who = 'cy', deviceId?: string): Judged & { messageId: string } => {
  const messageId = `out-${(messages += 1)}`;
  const args = { draftId: 'd', messageId, content: { kind: 'text' as const, text: ANSWER }, seenThrough: log.head(), fence: null, ...more };
  return { ...log.op(who, { type: 'draft.approve', args }, deviceId), messageId };
};
const send = (who: string, text = 'ya voy', seenThrough = log.head()): string => {
  const messageId = `out-${(messages += 1)}`;
  log.op(who, { type: 'message.queue', args: { messageId, conversationId, seenThrough, content: { kind: 'text', text } } });
  return messageId;
};
const automaticMessages = (): number => log.db.prepare("SELECT count(*) FROM ai_draft WHERE auto_state = 'sent'").pluck().get() as number;

describe('a claim', () => {
  it('is the first one in the log; another one is refused until its lease ends by the relay’s time', () => {
    expect(claim('bo')).toMatchObject({ outcome: 'applied', changed: ['conversation_ai'], conversationId: null });
    const second = claim('cy');
    expect(second).toMatchObject({ outcome: 'superseded', detail: { reason: 'claimed', by: 'desk-bo' }, changed: [] });
    log.wait(CLAIM_LEASE_MS - 3_000);
    expect(claim('cy').outcome).toBe('superseded');
    log.wait(1_000);
    const third = claim('cy');
    expect(third.outcome).toBe('applied');
    expect(ai()).toMatchObject({ claim_device: 'desk-cy', claim_fence: fenceOf(third) });
  });

  it('is renewed by its own desktop under the same fence, and after its end under a higher one', () => {
    const first = claim();
    log.wait(CLAIM_LEASE_MS - 2_000);
    const until = ai().claim_until;
    expect(fenceOf(claim())).toBe(fenceOf(first));
    expect(ai().claim_until).toBeGreaterThan(until);
    log.wait(CLAIM_LEASE_MS);
    expect(fenceOf(claim())).toBeGreaterThan(fenceOf(first));
  });

  it('counts for a desktop, not for its agent', () => {
    claim('bo');
    expect(log.op('bo', { type: 'draft.claim', args: { conversationId, aboutMessageId: about } }, 'laptop-bo')).toMatchObject({ outcome: 'superseded', detail: { reason: 'claimed' } });
  });

  it('is only for the newest message that nobody answered, in a conversation that is going on', () => {
    const second = `m_${log.customerWrites({ text: 'otra cosa' })}`;
    expect(reasonOf(claim('bo', about))).toBe('not_newest');
    expect(claim('bo', second).outcome).toBe('applied');
    send('cy');
    expect(reasonOf(claim('bo', second))).toBe('not_newest');
    expect(reasonOf(claim('bo', 'm_99999'))).toBe('not_newest');
    expect(log.op('bo', { type: 'draft.claim', args: { conversationId: 'nowhere', aboutMessageId: about } }).outcome).toBe('target_missing');
    const third = `m_${log.customerWrites()}`;
    log.op('bo', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough: log.head() } });
    expect(reasonOf(claim('bo', third))).toBe('not_newest');
    expect(claim('gil', third).outcome).toBe('forbidden');
  });

  it('of a message that Meta delivers twice or late is for what came last in the log', () => {
    const payload = { id: 'wamid.same' };
    const newest = `m_${log.customerWrites({ payload })}`;
    log.customerWrites({ payload });
    expect(claim('bo', newest).outcome).toBe('applied');
    // Written before, told after.
    const late = `m_${log.customerWrites({ sentAt: 1, text: 'lo de antes' })}`;
    expect(reasonOf(claim('cy', newest))).toBe('not_newest');
    expect(claim('cy', late).outcome).toBe('applied');
  });

  it('is not for what is drafted already, nor where somebody works on a draft', () => {
    propose();
    expect(claim()).toMatchObject({ outcome: 'superseded', detail: { reason: 'drafted', draftId: 'd' } });
    log.op('cy', { type: 'draft.edit', args: { draftId: 'd' } });
    const next = `m_${log.customerWrites()}`;
    expect(claim('bo', next)).toMatchObject({ outcome: 'superseded', detail: { reason: 'drafted' } });
  });
});

describe('a proposal', () => {
  it('is the draft of its conversation, with its run', () => {
    expect(propose()).toMatchObject({ outcome: 'applied', conversationId: null, changed: ['ai_draft', 'ai_run'] });
    expect(draft()).toMatchObject({ state: 'ready', about_message_id: about, auto_state: null, reason: null, decided_at: null });
    expect(JSON.parse(draft().body)).toEqual(bodyOf());
    expect(log.tx.get('ai_run', ['run-d'])).toMatchObject({ cost_micros: 120, actor_id: 'bo', device_id: 'desk-bo', contact_id: draft().contact_id });
  });

  it.each<[string, () => void, More, string]>([
    ['the customer wrote again', () => void log.customerWrites(), {}, 'newer_inbound'],
    ['somebody answered what it had not read', () => void send('cy'), { seen: 1 }, 'other_agent'],
    ['its own agent answered meanwhile, and nobody asked for it', () => void send('bo'), { seen: 1 }, 'other_agent'],
    ['there is one already', () => void propose('first', {}, 'cy'), {}, 'redrafted'],
    ['the conversation is over', () => void log.op('cy', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'closed', seenThrough: log.head() } }), {}, 'closed'],
    [
      'somebody works on the one it would replace',
      () => {
        propose('first');
        log.op('cy', { type: 'draft.edit', args: { draftId: 'first' } });
      },
      { replaces: 'first', isRequested: true },
      'other_agent',
    ],
  ])('comes too late when %s; the run counts all the same', (_, happens, more, reason) => {
    happens();
    expect(propose('d', more)).toMatchObject({ outcome: 'superseded', detail: { reason } });
    expect(draft()).toMatchObject({ state: 'superseded', reason });
    expect(log.tx.get('ai_run', ['run-d'])).toBeDefined();
    expect(log.tx.list('live_draft_by_conversation', [conversationId]).length).toBeLessThanOrEqual(1);
  });

  it('that its own agent asked for after an answer of theirs stands', () => {
    send('bo');
    expect(propose('d', { seen: 1, isRequested: true }).outcome).toBe('applied');
  });

  it('replaces the live one it names, also one that its own agent works on if they asked for it', () => {
    propose('first');
    expect(propose('d', { replaces: 'first' }).outcome).toBe('applied');
    expect(draft('first')).toMatchObject({ state: 'superseded', reason: 'redrafted' });
    log.op('bo', { type: 'draft.edit', args: { draftId: 'd' } });
    expect(reasonOf(propose('e', { replaces: 'd' }))).toBe('redrafted');
    expect(propose('f', { replaces: 'd', isRequested: true }).outcome).toBe('applied');
  });

  it('says nothing new twice, nothing of another conversation, and nothing about a message that is not there', () => {
    propose();
    expect(propose()).toMatchObject({ outcome: 'duplicate', changed: [] });
    expect(propose('e', {}, 'bo', 'm_99999').outcome).toBe('target_missing');
    const other = `m_${log.customerWrites({ from: '50255559999' })}`;
    expect(propose('e', {}, 'bo', other)).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(propose('e', { run: { conversationId: 'c_1' } })).toMatchObject({ outcome: 'forbidden', changed: [] });
    expect(propose('e', {}, 'gil').outcome).toBe('forbidden');
  });

  it('whose basis is a pending message says nothing of what was read', () => {
    send('cy');
    expect(reasonOf(propose('d', { seen: PENDING_SEQ }))).toBe('other_agent');
  });
});

describe('by itself', () => {
  beforeEach(() => {
    log.op('ana', settingsOp(DEFAULT_AI_SETTINGS, AUTO_ON));
  });
  const auto = (fence: number, more: More = {}): Judged => propose('d', { auto: { fence, at: 1 }, ...more });
  const count = (more: More = {}): number => {
    const fence = fenceOf(claim());
    auto(fence, more);
    return fence;
  };
  const approveBy = (fence: number, more: Partial<OpArgs<'draft.approve'>> = {}, device?: string) => approve({ fence, ...more }, 'bo', device);
  /** To the end of the countdown, with the claim renewed. */
  const countDown = (): void => {
    log.wait(COUNTDOWN_MS - 2_000);
    claim();
  };

  it('leaves once, after the whole countdown, under its claim, as it counted down', () => {
    const fence = count();
    expect(draft()).toMatchObject({ auto_state: 'counting', auto_fence: fence, auto_at: draft().at + COUNTDOWN_MS });
    expect(approveBy(fence)).toMatchObject({ outcome: 'superseded', conversationId: null, detail: { reason: 'early', isAutomatic: true }, changed: [] });
    countDown();
    expect(approveBy(fence, { content: { kind: 'text', text: 'otra' } })).toMatchObject({ detail: { reason: 'other_words' }, changed: [] });
    expect(approveBy(fence, {}, 'laptop-bo')).toMatchObject({ detail: { reason: 'claim' }, changed: [] });
    const sent = approveBy(fence);
    expect(sent).toMatchObject({ outcome: 'applied', conversationId: null });
    expect(draft()).toMatchObject({ state: 'approved', auto_state: 'sent', message_id: sent.messageId });
    expect(log.tx.get('message', [sent.messageId])).toMatchObject({ hold: null, status: 'queued', device_id: 'desk-bo' });
    expect(approveBy(fence)).toMatchObject({ outcome: 'superseded', detail: { reason: 'not_counting' }, changed: [] });
    expect(automaticMessages()).toBe(1);
  });

  it('a reply that its own agent was writing meanwhile is held, as nobody has seen the automatic one', () => {
    const fence = count();
    countDown();
    const seen = log.head();
    approveBy(fence);
    const mine = send('bo', 'mía', seen);
    expect(log.tx.get('message', [mine])?.hold).toBe('held');
  });

  it('an old fence never counts again, also not for its own desktop', () => {
    const fence = count();
    log.wait(CLAIM_LEASE_MS);
    expect(reasonOf(approveBy(fence))).toBe('lease');
    expect(claim('cy').outcome).toBe('superseded');
    const next = fenceOf(claim('bo'));
    expect(next).toBeGreaterThan(fence);
    expect(draft().auto_state).toBe('stopped');
    expect(reasonOf(approveBy(fence))).toBe('not_counting');
    expect(propose('e', { auto: { fence, at: 1 }, replaces: 'd' }).outcome).toBe('applied');
    expect(draft('e').auto_state).toBeNull();
    expect(propose('f', { auto: { fence: next, at: 1 }, replaces: 'e' }).outcome).toBe('applied');
    expect(draft('f').auto_state).toBe('counting');
  });

  it('not long after its time, however often the lease is renewed', () => {
    const fence = count();
    for (let waited = 0; waited < COUNTDOWN_MS + AUTO_LATE_MAX_MS; waited += 30_000) {
      log.wait(30_000);
      claim();
    }
    expect(reasonOf(approveBy(fence))).toBe('late');
  });

  it.each<[string, More]>([
    ['a finding', { body: { findings: [{ start: 0, end: 1, kind: 'number', severity: 'low', detail: '8' }] } }],
    ['half a text', { body: { isCutOff: true } }],
    ['what looks like an order to the model', { body: { hasInjection: true } }],
    ['doubt', { body: { confidence: 'check' } }],
    ['a person who asked for it', { isRequested: true }],
    ['a suggested template', { template: { key: 't', texts: {} } }],
    ['a policy that would not', { run: { policy: { maySend: false, isShadow: false, rules: [] } } }],
    ['a policy that only looks on', { run: { policy: { maySend: true, isShadow: true, rules: [] } } }],
    ['no policy', { run: { policy: null } }],
    ['a run that failed', { run: { outcome: 'truncated' } }],
  ])('never with %s: it waits for people', (_, more) => {
    count(more);
    expect(draft()).toMatchObject({ state: 'ready', auto_state: null, auto_at: null });
  });

  it('never without a claim of that desktop', () => {
    claim('cy');
    auto(fenceOf(claim('cy')));
    expect(draft().auto_state).toBeNull();
  });

  it('never under a claim from before the conversation was archived and opened again', () => {
    const fence = fenceOf(claim());
    const to = (from: 'active' | 'archived', next: 'active' | 'archived'): Judged => log.op('cy', { type: 'conversation.status', args: { conversationId, from, to: next, seenThrough: log.head() } });
    to('active', 'archived');
    expect(to('archived', 'active').outcome).toBe('applied');
    auto(fence);
    expect(draft()).toMatchObject({ state: 'ready', auto_state: null });
    expect(claim('cy', about)).toMatchObject({ outcome: 'superseded', detail: { reason: 'drafted' } });
  });

  const edit = { payload: { edit: { original_message_id: 'wamid.7', message: { type: 'text', text: { body: 'ya no' } } } } };
  const happenings: [string, () => void][] = [
    ['the customer wrote', () => void log.customerWrites()],
    ['the customer changed what they had said', () => void log.customerWrites({ type: 'edit', ...edit })],
    ['the customer took it back', () => void log.customerWrites({ type: 'revoke', payload: { revoke: { original_message_id: 'wamid.7' } } })],
    ['a colleague answered', () => void send('cy')],
    ['a colleague’s answer is held', () => void (send('leo'), send('cy', 'yo', 1))],
    ['a colleague took the conversation', () => void log.op('cy', { type: 'conversation.assign', args: { conversationId, from: null, to: 'cy' } })],
    ['a colleague stopped it', () => void log.op('cy', { type: 'draft.stop_auto', args: { draftId: 'd' } })],
    ['a colleague works on it', () => void log.op('cy', { type: 'draft.edit', args: { draftId: 'd' } })],
    ['a colleague discarded it', () => void log.op('cy', { type: 'draft.discard', args: { draftId: 'd', reason: 'wrong', note: '' } })],
    ['a colleague sent it', () => void approve()],
    ['a colleague archived the conversation', () => void log.op('cy', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough: log.head() } })],
    ['the conversation is not automatic any more', () => void log.op('cy', { type: 'conversation.ai', args: { conversationId, from: null, to: 'draft' } })],
    ['the workspace is not', () => void log.op('ana', settingsOp(AUTO_ON, { ...AUTO_ON, mode: 'draft' }))],
    ['its number is not', () => void log.op('ana', settingsOp(AUTO_ON, { ...AUTO_ON, numberModes: { 2: 'draft' } }))],
    ['only shadows are cast', () => void log.op('ana', settingsOp(AUTO_ON, DEFAULT_AI_SETTINGS))],
    ['somebody pulled the switch', () => void log.op('cy', { type: 'ai.stop', args: { isStopped: true } })],
    ['it was handed to people', () => void log.op('cy', { type: 'ai.handoff', args: { conversationId, aboutMessageId: about, reason: 'asked_for_person', detail: '', runId: null } })],
    ['its agent left', () => log.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', isRemoved: true })],
  ];
  it.each(happenings)('not when %s during the countdown, and nothing but the refusal is written', (what, happens) => {
    const fence = count();
    happens();
    countDown();
    const refused = approveBy(fence);
    expect(refused.outcome).toMatch(/superseded|forbidden/);
    expect(refused.changed).toEqual([]);
    expect(automaticMessages()).toBe(0);
    if (what !== 'its agent left') expect(draft().auto_state, 'every screen shows that it will not').toBe('stopped');
  });

  const beforehand = happenings.filter(([what]) => !/stopped it|works on it|discarded it|sent it|left/.test(what));
  it.each(beforehand)('nor when %s between claim and draft', (_, happens) => {
    const fence = fenceOf(claim());
    const seen = log.head();
    happens();
    auto(fence, { seen });
    expect(draft().auto_state).toBeNull();
  });

  const tellOfRequest = (isAutomatic: boolean): Judged => {
    const customerId = log.tx.get('conversation', [conversationId])!.contact_id;
    log.op('cy', { type: 'request.add', args: { requestId: 'r', fields: { ...REQUEST, customerId }, customer: null, source: 'manual' } });
    const [event] = log.tx.list('request_event_by_request', ['r']);
    const args = { eventId: event!.id, messageId: 'told', conversationId: 'none', contactId: customerId, phoneNumberId: '2', content: RECEIVED, isOverride: false, isAutomatic };
    return log.op('cy', { type: 'request.notify', args });
  };
  it.each([
    ['goes on when a request tells of itself during the countdown: that answers nothing', true, 'applied', 'sent'],
    ['not when a person tells of a request during the countdown', false, 'superseded', 'stopped'],
  ])('%s', (_, isAutomatic, outcome, state) => {
    const fence = count();
    expect(tellOfRequest(isAutomatic)).toMatchObject({ outcome: 'applied', conversationId });
    countDown();
    expect(approveBy(fence).outcome).toBe(outcome);
    expect(draft().auto_state).toBe(state);
  });

  it('what the switch stopped does not go on when it is let go', () => {
    const fence = count();
    log.op('cy', { type: 'ai.stop', args: { isStopped: true } });
    log.op('leo', { type: 'ai.stop', args: { isStopped: false } });
    countDown();
    expect(reasonOf(approveBy(fence))).toBe('not_counting');
  });

  it('what did not reach them is for people: handed off, and the customer waits again', () => {
    const fence = count();
    countDown();
    const { messageId } = approveBy(fence);
    expect(log.tx.get('conversation', [conversationId])?.waiting_since).toBeNull();
    log.op('bo', { type: 'message.result', args: { messageId, error: { code: -10, title: 'late', detail: null } } });
    expect(ai()).toMatchObject({ handoff_reason: 'failed', handoff_about: about });
    expect(log.tx.get('conversation', [conversationId])?.waiting_since).toBe(log.tx.get('message', [about])?.sent_at);
    send('cy');
    expect(ai().handoff_reason).toBeNull();
  });

  it('stopping or discarding what has left is told to whoever wanted it', () => {
    const fence = count();
    countDown();
    approveBy(fence);
    expect(log.op('cy', { type: 'draft.stop_auto', args: { draftId: 'd' } })).toMatchObject({ outcome: 'superseded', conversationId, detail: { reason: 'left_by_itself' }, changed: [] });
    const discarded = log.op('cy', { type: 'draft.discard', args: { draftId: 'd', reason: 'wrong', note: '' } });
    expect(discarded).toMatchObject({ outcome: 'superseded', conversationId, detail: { reason: 'left_by_itself' }, changed: [] });
  });

  it('stopping it twice is agreement', () => {
    count();
    expect(log.op('cy', { type: 'draft.stop_auto', args: { draftId: 'd' } })).toMatchObject({ outcome: 'applied', conversationId });
    expect(log.op('leo', { type: 'draft.stop_auto', args: { draftId: 'd' } })).toMatchObject({ outcome: 'merged', conversationId: null });
    expect(log.op('leo', { type: 'draft.stop_auto', args: { draftId: 'none' } }).outcome).toBe('target_missing');
  });
});

describe('a person', () => {
  it('sends a draft as it is or changed: decided and written at once', () => {
    propose();
    const sent = approve({ content: { kind: 'text', text: 'Con gusto.' } });
    expect(sent).toMatchObject({ outcome: 'applied', conversationId: null });
    expect(draft()).toMatchObject({ state: 'approved', decided_by: 'cy', message_id: sent.messageId, auto_state: null });
    expect(log.tx.get('message', [sent.messageId])).toMatchObject({ hold: null, actor_id: 'cy' });
  });

  it.each<[string, () => void, string]>([
    ['twice', () => void approve({}, 'leo'), 'answered_by_other'],
    ['after a colleague answered', () => void send('leo'), 'answered_by_other'],
    ['after they answered themselves from another desktop', () => void send('cy'), 'draft_gone'],
    ['after a colleague discarded it', () => void log.op('leo', { type: 'draft.discard', args: { draftId: 'd', reason: 'wrong', note: '' } }), 'draft_gone'],
    ['after another one took its place', () => void propose('e', { replaces: 'd' }), 'draft_gone'],
    ['after the customer wrote', () => void log.customerWrites(), 'customer_wrote'],
    ['in a closed conversation', () => void log.op('leo', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'closed', seenThrough: log.head() } }), 'conversation_closed'],
    ['in an archived conversation', () => void log.op('leo', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough: log.head() } }), 'draft_gone'],
  ])('%s: the message is held with their words, and they send it all the same or give it up', (what, happens, reason) => {
    propose();
    const seenThrough = log.head();
    happens();
    const state = draft().state;
    const late = approve({ content: { kind: 'text', text: 'mis palabras' }, seenThrough });
    expect(late).toMatchObject({ outcome: 'held', conversationId, detail: { reason, messageId: late.messageId } });
    expect(log.tx.get('message', [late.messageId])).toMatchObject({ hold: 'held', content: expect.stringContaining('mis palabras') as string });
    expect(draft().state).toBe(state);
    const confirmed = log.op('cy', { type: 'message.confirm', args: { messageId: late.messageId, seenThrough: log.head() } });
    expect(confirmed.outcome).toBe(what === 'in a closed conversation' ? 'held' : 'applied');
  });

  it('whose draft is edited sends it also after the customer wrote, as any words of their own', () => {
    propose();
    log.op('cy', { type: 'draft.edit', args: { draftId: 'd' } });
    log.customerWrites();
    expect(draft().state).toBe('edited');
    expect(approve().outcome).toBe('applied');
  });

  it('gets their words back where no message can hold them', () => {
    expect(approve({ draftId: 'none', content: { kind: 'text', text: 'mías' } })).toMatchObject({ outcome: 'target_missing', detail: { text: 'mías', isAutomatic: false } });
    propose();
    const place = { kind: 'location' as const, latitude: 1, longitude: 1, name: 'aquí', address: null, url: null };
    expect(approve({ content: place })).toMatchObject({ outcome: 'forbidden', conversationId, changed: [] });
    const { messageId } = approve();
    expect(approve({ messageId })).toMatchObject({ outcome: 'duplicate', changed: [] });
  });

  it('who is the first to change it has it; others are told nothing by it', () => {
    propose();
    expect(log.op('cy', { type: 'draft.edit', args: { draftId: 'd' } })).toMatchObject({ outcome: 'applied', conversationId: null });
    expect(log.op('cy', { type: 'draft.edit', args: { draftId: 'd' } }).outcome).toBe('merged');
    expect(log.op('leo', { type: 'draft.edit', args: { draftId: 'd' } })).toMatchObject({ outcome: 'superseded', detail: { by: 'cy' }, conversationId: null });
    expect(log.op('leo', { type: 'draft.edit', args: { draftId: 'none' } }).outcome).toBe('target_missing');
    approve();
    expect(log.op('leo', { type: 'draft.edit', args: { draftId: 'd' } })).toMatchObject({ outcome: 'superseded', detail: { was: 'approved' } });
  });

  it('discards it with a reason; that it is gone already is what they wanted', () => {
    propose();
    const discard = (who: string, draftId = 'd') => log.op(who, { type: 'draft.discard', args: { draftId, reason: 'tone', note: 'seco' } });
    expect(discard('cy').outcome).toBe('applied');
    expect(draft()).toMatchObject({ state: 'discarded', reason: 'tone', note: 'seco', decided_by: 'cy' });
    expect(discard('leo').outcome).toBe('merged');
    propose('e');
    log.customerWrites();
    expect(discard('leo', 'e')).toMatchObject({ outcome: 'merged', changed: [] });
    expect(discard('leo', 'none').outcome).toBe('target_missing');
  });

  it.each<[string, () => void, object]>([
    ['the customer writes', () => void log.customerWrites(), { state: 'superseded', reason: 'newer_inbound', decided_by: null }],
    ['a colleague answers', () => void send('leo'), { state: 'superseded', reason: 'other_agent', decided_by: 'leo' }],
    ['whoever asked for it answers in own words', () => void send('bo'), { state: 'discarded', reason: 'own_reply', decided_by: 'bo' }],
    [
      'the phone answers',
      () => void log.webhook({ field: 'smb_message_echoes', payload: { id: 'w', from: '50222334455', to: '50255551234', timestamp: '1', type: 'text', text: { body: 'yo' } } }),
      { state: 'superseded', reason: 'other_agent', decided_by: null },
    ],
    [
      'the conversation ends',
      () => void log.op('leo', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'closed', seenThrough: log.head() } }),
      { state: 'discarded', reason: 'closed', decided_by: 'leo' },
    ],
  ])('a draft is over when %s', (_, happens, row) => {
    propose('d', { isRequested: true });
    happens();
    expect(draft()).toMatchObject(row);
  });

  it('a draft stays when the customer only reacts', () => {
    propose();
    log.customerWrites({ type: 'reaction', payload: { reaction: { message_id: 'wamid.7', emoji: '👍' } } });
    expect(draft().state).toBe('ready');
  });
});

describe('the mode of a conversation', () => {
  const set = (who: string, from: 'off' | 'draft' | 'auto' | null, to: 'off' | 'draft' | 'auto' | null) => log.op(who, { type: 'conversation.ai', args: { conversationId, from, to } });
  it('is guarded, automatic only by leads, and shown in the conversation', () => {
    expect(set('bo', null, 'auto')).toMatchObject({ outcome: 'forbidden', conversationId, changed: [] });
    expect(set('leo', null, 'auto')).toMatchObject({ outcome: 'applied', conversationId });
    expect(set('bo', null, 'off')).toMatchObject({ outcome: 'superseded', detail: { was: 'auto' }, changed: [] });
    expect(set('bo', 'auto', 'off').outcome).toBe('applied');
    expect(set('cy', 'auto', 'off').outcome).toBe('merged');
    expect(set('gil', 'off', null).outcome).toBe('forbidden');
    expect(log.op('bo', { type: 'conversation.ai', args: { conversationId: 'none', from: null, to: 'off' } }).outcome).toBe('target_missing');
  });
});

it('a pending claim, draft and approval look as they will, and leave nothing behind', () => {
  const store = createStateStore(log.db, () => undefined);
  const pend = (opId: string, body: object) =>
    applyOp(store.pending, { seq: PENDING_SEQ, receivedAt: 1, opId, actorId: 'bo', deviceId: 'desk-bo', deviceSeq: 9, occurredAt: 1, v: 1 }, JSON.stringify(body)).outcome;
  expect(pend('p1', { type: 'draft.claim', args: { conversationId, aboutMessageId: about } })).toBe('applied');
  expect(pend('p2', proposeOp('d', conversationId, about, { seen: log.head() }))).toBe('applied');
  expect(pend('p3', { type: 'draft.approve', args: { draftId: 'd', messageId: 'x', content: { kind: 'text', text: 'va' }, seenThrough: 0, fence: null } })).toBe('applied');
  expect(store.state.get('ai_draft', ['d'])?.state).toBe('approved');
  store.undoPending();
  expect([store.state.get('ai_draft', ['d']), store.state.get('conversation_ai', [conversationId]), store.state.get('ai_run', ['run-d'])]).toEqual([undefined, undefined, undefined]);
});

/** The whole life of a draft, pair by pair. */
const ALLOWED: Record<DraftState, string> = {
  requested: 'preparing discarded superseded failed blocked',
  preparing: 'streaming ready discarded superseded failed blocked',
  streaming: 'ready discarded superseded failed blocked',
  ready: 'edited approved discarded superseded failed blocked',
  edited: 'approved discarded superseded failed blocked',
  approved: 'sending failed superseded',
  sending: 'sent send_unknown failed',
  send_unknown: 'sent failed',
  sent: '',
  failed: '',
  discarded: '',
  superseded: '',
  blocked: 'discarded superseded',
};
it.each(DRAFT_STATES)('a draft that is %s becomes what it may and nothing else', (from) => {
  expect(DRAFT_STATES.filter((to) => mayDraftBecome(from, to)).toSorted()).toEqual(ALLOWED[from].split(' ').filter(Boolean).toSorted());
});
it('what has ended is not live, and nothing live is an end', () => {
  for (const state of DRAFT_STATES) {
    const isEnd = !DRAFT_STATES.some((to) => mayDraftBecome(state, to));
    if (isEnd) expect(isLiveDraft(state), state).toBe(false);
    if (isLiveDraft(state)) expect(isEnd, state).toBe(false);
  }
});
