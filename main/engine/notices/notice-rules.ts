/**
 * What is worth a notice, and for whom. Pure: entries of the log and rows go in, decisions come out.
 * Invariant: nothing is told that the agent did themselves, or that is older than an hour.
 */
import { NOTICE_SUBJECTS, type Notice, type NoticeEvent, type Preferences } from '../../../contract/entities.ts';
import type { OpBody } from '../../../contract/ops/op.ts';
import type { ApplyResult } from '../../../contract/reduce.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import type { MessageContent } from '../../../contract/whatsapp/message-content.ts';

/** By Meta's timestamp for messages, by the relay's for the rest. */
export const NEWS_MAX_AGE_MS = 60 * 60_000;
/** Of several messages in a row only the first one makes a sound. */
export const BURST_MS = 10_000;
/** Before the service window of a conversation closes. */
export const WINDOW_LEADS_MS = [60 * 60_000, 15 * 60_000] as const;
const TEXT_MAX = 200;

/** Something in the log that may be news to this agent; rows decide after the commit. */
export type Candidate =
  | { kind: 'message'; seq: number; messageId: string }
  | { kind: 'assigned'; seq: number; conversationId: string; /** Null: in turn. */ by: string | null }
  | { kind: 'mention'; seq: number; conversationId: string; by: string; text: string }
  /** The agent did something there, on whichever desktop. */
  | { kind: 'acted'; seq: number; conversationId: string };

/** @param now relay time, ms. */
export function readCandidate(entry: LogEntry, result: ApplyResult, me: string, now: number): Candidate | null {
  if (now - entry.receivedAt > NEWS_MAX_AGE_MS) return null;
  const { seq } = entry;
  if (result.kind === 'webhook') return result.outcome === 'applied' && result.messageId !== null ? { kind: 'message', seq, messageId: result.messageId } : null;
  if (entry.kind !== 'op' || result.kind !== 'op' || result.op === null) return null;
  const { op } = result;
  if (op.type === 'message.result') return 'error' in op.args ? { kind: 'message', seq, messageId: op.args.messageId } : null;
  // Whose turn it is was no choice of whose desktop said it first.
  if (op.type === 'conversation.route') return result.outcome === 'applied' && op.args.to === me ? { kind: 'assigned', seq, conversationId: op.args.conversationId, by: null } : null;
  if (entry.actorId === me) {
    const conversationId = conversationOf(op);
    return conversationId === null ? null : { kind: 'acted', seq, conversationId };
  }
  if (result.outcome !== 'applied') return null;
  if (op.type === 'conversation.assign' && op.args.to === me) return { kind: 'assigned', seq, conversationId: op.args.conversationId, by: entry.actorId };
  if (op.type === 'note.add' && op.args.mentions.includes(me)) {
    const { conversationId, body } = op.args;
    return { kind: 'mention', seq, conversationId, by: entry.actorId, text: shorten(body) };
  }
  return null;
}

const conversationOf = ({ args }: OpBody): string | null => ('conversationId' in args ? args.conversationId : null);

/** The assignee; without one the team, without a team everybody. A team without members is nobody, so then too it is everybody's. */
export const concerns = (me: string, { assigneeId, teamMemberIds }: { assigneeId: string | null; teamMemberIds: readonly string[] | null }): boolean =>
  assigneeId === null ? teamMemberIds === null || teamMemberIds.length === 0 || teamMemberIds.includes(me) : assigneeId === me;

/** What WhatsApp says about an account, and what is about another message, is shown in the thread and calls nobody. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['system', 'reaction', 'edit', 'revoke']);
export const isSpeech = (content: MessageContent): boolean => !SAYS_NOTHING.has(content.kind);

/** Empty for a message without words. */
export const noticeText = (content: MessageContent): string => shorten(wordsOf(content) ?? '');

type Subject = (typeof NOTICE_SUBJECTS)[number];
const isSubject = (kind: string): kind is Subject => (NOTICE_SUBJECTS as readonly string[]).includes(kind);
/** Undefined for what is said in words alone. */
export function noticeSubject(content: MessageContent): Subject | undefined {
  if (content.kind === 'audio' && content.isVoice) return 'voice';
  return isSubject(content.kind) ? content.kind : undefined;
}

const shorten = (text: string): string => Array.from(text.replaceAll(/\s+/g, ' ').trim()).slice(0, TEXT_MAX).join('');

export const isDisturbable = ({ isOn, quietUntil }: Preferences['notifications'], now: number): boolean => isOn && (quietUntil === null || quietUntil <= now);

/** The same conversation's notice with another one on top: messages are counted, anything else replaces what was shown. */
export const joinNotices = (shown: Notice | null, next: Notice): Notice => (shown?.kind === 'message' && next.kind === 'message' ? { ...next, count: shown.count + next.count } : next);

/** Of two events about one conversation that nobody has taken yet, what is left to tell. */
export const joinEvents = (waiting: NoticeEvent, next: NoticeEvent): NoticeEvent => (waiting.t === 'show' && next.t === 'show' ? { ...next, isSilent: waiting.isSilent && next.isSilent } : next);
