/** What a conversation's case file holds: the messages and notes of a span of days, in reading order. */
import type { Message, Note } from '../../contract/entities.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

/** More would be a book; the rest is said to be missing. */
export const CASE_MESSAGES_MAX = 5_000;
const PAGE = 200;

/** Ms; `to` is no longer part of it. */
export type Span = { from: number; to: number };
export type CaseEntry = { kind: 'message'; at: number; message: Message } | { kind: 'note'; at: number; note: Note };
export type CaseFile = { entries: CaseEntry[]; /** The oldest ones were left out. */ isCut: boolean };

type Client = { messages: Pick<EngineClient['messages'], 'page'>; notes: Pick<EngineClient['notes'], 'list'> };

/** @param span null: all of it. Ends with an error of the engine, or with `signal`. */
export async function readCaseFile(client: Client, conversationId: string, span: Span | null, { hasNotes, signal }: { hasNotes: boolean; signal: AbortSignal }): Promise<CaseFile> {
  const isIn = (at: number): boolean => span === null || (at >= span.from && at < span.to);
  const messages: Message[] = [];
  let before: string | null = null;
  do {
    signal.throwIfAborted();
    const page: Awaited<ReturnType<EngineClient['messages']['page']>> = await client.messages.page({ conversationId, limit: PAGE, ...(before !== null && { before }) });
    messages.unshift(...page.items.filter(({ sentAt }) => isIn(sentAt)));
    const oldest = page.items[0];
    before = span !== null && oldest !== undefined && oldest.sentAt < span.from ? null : page.olderCursor;
  } while (before !== null && messages.length <= CASE_MESSAGES_MAX);
  const notes = hasNotes ? await client.notes.list({ conversationId }) : [];
  const entries: CaseEntry[] = [
    ...messages.slice(-CASE_MESSAGES_MAX).map((message): CaseEntry => ({ kind: 'message', at: message.sentAt, message })),
    ...notes.filter(({ createdAt, deletedBy }) => deletedBy === null && isIn(createdAt)).map((note): CaseEntry => ({ kind: 'note', at: note.createdAt, note })),
  ];
  return { entries: entries.toSorted((a, b) => a.at - b.at), isCut: messages.length > CASE_MESSAGES_MAX };
}
