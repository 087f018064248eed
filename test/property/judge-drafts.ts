/**
 * I15, watched entry by entry: a conversation has at most one live draft; a message of the customer is answered by itself at most once, and only while
 * it is the newest, nobody has answered, and the switch lets it; a run never changes but for words that are erased; the month's cap is never
 * given out twice; what a person wrote into a draft is never lost. It knows the log and the rows, not how the reducer comes to them.
 */
import { expect } from 'vitest';
import type { AiBudgetRow, AiDraftRow, AiRunRow, MessageRow, Outcome, TableName } from '../../contract/state.ts';
import type { LogEntry } from '../../contract/wire.ts';

type Args = {
  draftId?: string;
  messageId?: string;
  fence?: number | null;
  isStopped?: boolean;
  content?: { text?: string };
  to?: { key?: string; value?: { caps?: { team: number | null } } };
  month?: string;
  isAutomatic?: boolean;
};
const isLive = ({ state }: AiDraftRow): boolean => state === 'ready' || state === 'edited';
/** A late proposal, or summary, is kept with its run. */
const KEPT_WHEN_LATE: Readonly<Record<string, readonly TableName[]>> = { 'draft.propose': ['ai_draft', 'ai_run', 'kb_gap'], 'ai.summary': ['ai_run', 'kb_gap'] };

/** The tables besides `activity` that a refused op of this type may write. */
export const keptWhenLate = (type: string, outcome: Outcome): readonly TableName[] => (outcome === 'superseded' ? (KEPT_WHEN_LATE[type] ?? []) : []);

export function createDraftJudge() {
  const drafts = new Map<string, AiDraftRow>();
  const runs = new Map<string, AiRunRow>();
  const budget = new Map<string, AiBudgetRow>();
  const messages = new Map<string, MessageRow>();
  /** With somebody: whatever still comes about them is to be kept nowhere. */
  const erased = new Set<string>();
  const answeredByItself = new Set<string>();
  /** Messages that told of a request by themselves: they answer nothing, whoever waits for an answer waits on. */
  const notices = new Set<string>();
  let cap: number | null = null;
  let isStopped = false;

  const noteWrite = (table: TableName, after: unknown): void => {
    if (after === null) return;
    if (table === 'erased') erased.add((after as { id: string }).id);
    if (table === 'ai_draft') drafts.set((after as AiDraftRow).id, after as AiDraftRow);
    if (table === 'ai_budget') budget.set(`${(after as AiBudgetRow).month}/${(after as AiBudgetRow).device_id}`, after as AiBudgetRow);
    if (table === 'message') messages.set((after as MessageRow).id, after as MessageRow);
    if (table !== 'ai_run') return;
    const run = after as AiRunRow;
    const known = runs.get(run.id);
    if (known) expect({ ...run, text: known.text }, 'I15: a run never changes').toEqual(known);
    if (known) expect(run.text, 'I15: its words can only be erased').toBeNull();
    runs.set(run.id, run);
  };

  const judgeEntry = (entry: LogEntry, outcome: Outcome | null, detail: string): void => {
    const live = [...drafts.values()].filter(isLive).map(({ conversation_id }) => conversation_id);
    expect(new Set(live).size, 'I15: one live draft for a conversation').toBe(live.length);
    for (const draft of drafts.values()) if (draft.auto_state === 'counting') expect(isLive(draft) && !isStopped, 'I15: only what is live and allowed counts down').toBe(true);
    if (entry.kind !== 'op') return;
    const { type, args = {} } = readOp(entry.body);
    if (type === 'setting.set' && outcome === 'applied' && args.to?.key === 'ai') cap = args.to.value?.caps?.team ?? null;
    if (type === 'ai.stop' && outcome === 'applied') isStopped = args.isStopped === true;
    if (type === 'ai.budget' && outcome === 'applied') {
      const granted = [...budget.values()].filter(({ month }) => month === args.month).reduce((sum, row) => sum + row.granted, 0);
      expect(granted, 'I15: what is given out stays under the cap').toBeLessThanOrEqual(cap ?? 0);
    }
    if (type === 'request.notify' && outcome === 'applied' && args.isAutomatic === true) notices.add(args.messageId ?? '');
    if (type !== 'draft.approve') return;
    if (args.fence === null) judgeWords(args, outcome, detail);
    else if (outcome === 'applied') judgeAutomatic(entry.seq, args);
  };

  const judgeWords = ({ draftId, messageId, content }: Args, outcome: Outcome | null, detail: string): void => {
    if (outcome === 'target_missing' && erased.has(draftId ?? '')) return;
    // Whoever has left gets nothing back, and nobody asks them to.
    if (outcome === 'forbidden' && detail.includes('"left"')) return;
    const words = JSON.stringify(content?.text);
    const isKept = messages.get(messageId ?? '')?.content.includes(words) === true || detail.includes(words);
    expect(isKept, 'I15: what a person wrote into a draft is in a message, or goes back to them').toBe(true);
  };

  const judgeAutomatic = (seq: number, { draftId, messageId }: Args): void => {
    const about = drafts.get(draftId ?? '')?.about_message_id ?? '';
    const question = messages.get(about);
    const others = [...messages.values()].filter((message) => message.conversation_id === question?.conversation_id && message.id !== messageId && message.hold === null && message.seq < seq);
    expect(answeredByItself.has(about), 'I15: one automatic answer for a message').toBe(false);
    answeredByItself.add(about);
    expect(isStopped, 'I15: nothing leaves by itself while the switch is pulled').toBe(false);
    const later = others.filter(
      (message) =>
        message.seq > (question?.seq ?? 0) && message.origin !== 'history' && (message.target_wamid === null || message.inbound_no !== null) && !isAbout(message) && !notices.has(message.id),
    );
    expect(later, 'I15: nothing leaves by itself after a newer message or an answer').toEqual([]);
  };

  return { noteWrite, judgeEntry };
}

const readOp = (body: string): { type: string; args?: Args } => {
  try {
    return JSON.parse(body) as { type: string; args?: Args };
  } catch {
    return { type: '' };
  }
};

/** What is about another message says nothing new itself. */
const isAbout = ({ content }: MessageRow): boolean => ['reaction', 'edit', 'revoke'].includes((JSON.parse(content) as { kind: string }).kind);
