/** A desk with the quality feature over a log in which drafts are made and decided, an op each. */
import { openZone } from '../../../../main/engine/hours/zone.ts';
import { DEFAULT_AI_SETTINGS } from '../../../../contract/ai/ai-defaults.ts';
import { automaticText } from '../../../../contract/ai/automatic-text.ts';
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';
import type { Message } from '../../../../contract/entities.ts';
import type { Quality } from '../../../../contract/ai/ai-views.ts';
import type { OpBody } from '../../../../contract/ops/op.ts';
import { createQuality } from '../../../../main/engine/ai/quality/quality-feature.ts';
import { createDraftViews } from '../../../../main/engine/ai/drafts/draft-views.ts';
import { createAiQueries } from '../../../../main/engine/db/ai-queries.ts';
import { readAiSettings } from '../../../../contract/ops/ai-settings.ts';
import { createContactQueries } from '../../../../main/engine/db/contact-queries.ts';
import { createMessageQueries } from '../../../../main/engine/db/message-queries.ts';
import { createQualityQueries } from '../../../../main/engine/db/quality-queries.ts';
import { makeProposal, type DraftOptions } from '../../../support/ai-runs.ts';
import { AT, createOffice, HOUR, ROSA, type Desk } from '../desk.ts';

/** The whole of a test's time. */
export const ALL = { from: AT - 1, to: AT + 24 * 60 * 60 * 1000 };

export function createQualityWorld() {
  const office = createOffice();
  const { log } = office;
  const [conversation] = log.db.prepare('SELECT id, contact_id FROM conversation').all() as { id: string; contact_id: string }[];
  const [conversationId, contactId] = [conversation!.id, conversation!.contact_id];
  let last = 0;
  let drafts = 0;
  let prevHash = '';
  const act = (actorId: string, body: OpBody): string => log.op(actorId, body).outcome;

  /** The customer writes, and a draft is made of it. */
  const propose = (options: Partial<DraftOptions> = {}, by = 'bo'): string => {
    last = log.customerWrites({ from: ROSA, text: options.question ?? '¿A qué hora abren?' });
    drafts += 1;
    const draftId = options.draftId ?? `d${String(drafts).padStart(4, '0')}`;
    const args = makeProposal({
      draftId,
      conversationId,
      contactId,
      aboutMessageId: `m_${last}`,
      text: 'Abrimos a las 8:00.',
      startedAt: AT + last * 1_000,
      prevHash,
      lastMessageSeq: last,
      ...options,
    });
    prevHash = args.run.hash;
    const outcome = act(by, { type: 'draft.propose', args });
    if (outcome !== 'applied') throw new Error(`draft.propose: ${outcome}`);
    return draftId;
  };
  const approve = (draftId: string, text = 'Abrimos a las 8:00.', by = 'bo', fence: number | null = null): string =>
    act(by, { type: 'draft.approve', args: { draftId, messageId: `out-${draftId}`, content: { kind: 'text', text }, seenThrough: log.head(), fence } });

  let settings = DEFAULT_AI_SETTINGS;
  const set = (auto: Partial<AiSettings['auto']>, mode: AiSettings['mode'] = settings.mode): void => {
    const to = { ...settings, mode, auto: { ...settings.auto, ...auto } };
    const outcome = act('ana', { type: 'setting.set', args: { from: { key: 'ai', value: settings }, to: { key: 'ai', value: to } } });
    if (outcome !== 'applied') throw new Error(`setting.set: ${outcome}`);
    settings = to;
  };

  return {
    office,
    log,
    conversationId,
    contactId,
    act,
    set,
    propose,
    approve,
    discard: (draftId: string, by = 'bo') => act(by, { type: 'draft.discard', args: { draftId, reason: 'wrong', note: '' } }),
    /** An answer that leaves by itself, of a team whose automatic mode is on (`set({ state: 'on' }, 'auto')`). */
    answerByItself: (by = 'bo', notice?: string): string => {
      last = log.customerWrites({ from: ROSA, text: '¿A qué hora abren?' });
      const about = `m_${last}`;
      const claim = log.op(by, { type: 'draft.claim', args: { conversationId, aboutMessageId: about } });
      const { fence } = claim.detail as { fence: number };
      drafts += 1;
      const draftId = `d${String(drafts).padStart(4, '0')}`;
      const args = makeProposal({
        draftId,
        conversationId,
        contactId,
        aboutMessageId: about,
        text: 'Abrimos a las 8:00.',
        startedAt: AT + last * 1_000,
        prevHash,
        lastMessageSeq: last,
        auto: { fence, at: 1 },
        ...(notice === undefined ? {} : { notice }),
        run: { policy: { maySend: true, isShadow: false, rules: [] } },
      });
      prevHash = args.run.hash;
      act(by, { type: 'draft.propose', args });
      log.wait(DEFAULT_AI_SETTINGS.auto.countdownSeconds * 1_000);
      const outcome = approve(draftId, automaticText(args.body), by, fence);
      if (outcome !== 'applied') throw new Error(`draft.approve: ${outcome}`);
      return draftId;
    },
    personWrites: (text: string, by = 'bo') => act(by, { type: 'message.queue', args: { messageId: `own-${log.head()}`, conversationId, content: { kind: 'text', text }, seenThrough: log.head() } }),
    review: (draftId: string, verdict: 'good' | 'bad', by = 'ana') => act(by, { type: 'ai.review', args: { draftId, verdict, reason: verdict === 'bad' ? 'wrong_fact' : null, note: '' } }),
    /** The desktop of an agent, with the log as it is now. */
    open: (agentId: string) => openQuality(office.openDesk(agentId), agentId),
    close: office.close,
  };
}

function openQuality(desk: Desk, agentId: string) {
  desk.advanceClock(HOUR);
  const queries = createQualityQueries(desk.db);
  const messages = createMessageQueries(desk.db);
  const views = createDraftViews({
    queries: createAiQueries(desk.db),
    state: desk.replica.state,
    messages,
    // How messages are shown is tested elsewhere.
    showMessage: () => ({}) as Message,
    readSettings: () => readAiSettings(desk.replica.state),
    myId: () => agentId,
    deviceId: () => `desk-${agentId}`,
    now: desk.now,
  });
  const quality = createQuality({
    zone: () => openZone('America/Guatemala'),
    queries,
    views,
    messageQueries: messages,
    contacts: createContactQueries(desk.db),
    replica: desk.replica,
    transact: (work) => desk.db.transaction(work).immediate(),
    isOpen: () => desk.db.open,
    myId: () => agentId,
    now: desk.now,
    log: () => undefined,
  });
  return { desk, views, quality };
}

export const sumOf = ({ as_is, light, heavy, discarded }: Quality['total']): number => as_is + light + heavy + discarded;
