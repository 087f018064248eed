/** Statements for the automatic mode: what was written in a conversation, what left by itself, and what still waits for somebody. */
import type Database from 'better-sqlite3';
import type { AiMode } from '../../../contract/ai/ai-words.ts';
import { PENDING_SEQ, type AiDraftRow } from '../../../contract/state.ts';

/** `content`: JSON of `MessageContent`; `at`: relay time, ms. */
export type SaidView = { messageId: string; content: string; at: number };
/** A conversation whose customer waits and that nobody was handed, with what there is about their newest message. */
export type WaitingView = {
  conversationId: string;
  phoneNumberId: string;
  mode: AiMode | null;
  messageId: string;
  content: string;
  /** Relay time, ms. */
  receivedAt: number;
  claimAbout: string | null;
  claimUntil: number;
};
/** An answer that left by itself according to the log and of which nobody knows whether it reached Meta. */
export type UnsentView = { conversationId: string; aboutMessageId: string; draftId: string; deviceId: string; at: number };

export function createAutoQueries(db: Database.Database) {
  const burst = db.prepare(
    `SELECT m.id AS messageId, m.content, m.received_at AS at FROM conversation c JOIN message m ON m.contact_id = c.contact_id AND m.conversation_id = c.id
     WHERE c.id = @conversationId AND m.direction = 'in' AND m.inbound_no IS NOT NULL AND m.seq > c.last_outbound_seq ORDER BY m.seq`,
  );
  const inboundSince = db.prepare(
    `SELECT m.id AS messageId, m.content, m.received_at AS at FROM conversation c JOIN message m ON m.contact_id = c.contact_id AND m.conversation_id = c.id
     WHERE c.id = ? AND m.direction = 'in' AND m.inbound_no IS NOT NULL AND m.received_at > ? ORDER BY m.seq`,
  );
  // Neither what left by itself nor notices of requests; what is held was written by a person as well.
  const lastHuman = db
    .prepare(
      `SELECT max(m.received_at) FROM conversation c JOIN message m ON m.contact_id = c.contact_id AND m.conversation_id = c.id WHERE c.id = ? AND m.direction = 'out' AND m.origin IS NOT 'history' AND m.target_wamid IS NULL
       AND NOT EXISTS (SELECT 1 FROM ai_draft d WHERE d.message_id = m.id AND d.auto_state = 'sent') AND NOT EXISTS (SELECT 1 FROM request_event e WHERE e.message_id = m.id)`,
    )
    .pluck();
  const sent = db
    .prepare(
      `SELECT m.content FROM conversation c JOIN message m ON m.contact_id = c.contact_id AND m.conversation_id = c.id
       WHERE c.id = ? AND m.direction = 'out' AND m.hold IS NULL ORDER BY m.sort_at DESC LIMIT +?`,
    )
    .pluck();
  const automatic = db.prepare("SELECT coalesce(decided_at, auto_at) FROM ai_draft WHERE conversation_id = ? AND auto_state = 'sent' ORDER BY seq").pluck();
  // Those that count down are on their way as well.
  const ofNumber = db
    .prepare(
      `SELECT coalesce(d.decided_at, d.auto_at) FROM ai_draft d JOIN conversation c ON c.id = d.conversation_id
       WHERE d.at > @since AND d.auto_state IN ('sent', 'counting') AND d.id <> @except AND +c.phone_number_id = @phoneNumberId`,
    )
    .pluck();
  const counting = db.prepare("SELECT * FROM ai_draft WHERE auto_state = 'counting' AND state = 'ready' ORDER BY auto_at");
  const waiting = db.prepare(
    `SELECT c.id AS conversationId, c.phone_number_id AS phoneNumberId, a.mode, m.id AS messageId, m.content, m.received_at AS receivedAt, a.claim_about AS claimAbout, coalesce(a.claim_until, 0) AS claimUntil
     FROM conversation c INDEXED BY conversation_unanswered JOIN message m ON m.id = 'm_' || c.last_inbound_seq LEFT JOIN conversation_ai a ON a.conversation_id = c.id
     WHERE c.status = 'active' AND c.last_inbound_seq > c.last_outbound_seq AND c.last_inbound_at > @since AND a.handoff_reason IS NULL
     ORDER BY c.last_inbound_at DESC LIMIT +@limit`,
  );
  const draftAbout = db.prepare(
    "SELECT * FROM ai_draft WHERE conversation_id = @conversationId AND (about_message_id = @messageId OR state IN ('ready', 'edited')) ORDER BY state IN ('ready', 'edited') DESC, seq DESC LIMIT 1",
  );
  const unsent = db.prepare(
    `SELECT d.conversation_id AS conversationId, d.about_message_id AS aboutMessageId, d.id AS draftId, d.device_id AS deviceId, m.received_at AS at
     FROM message m INDEXED BY message_unsent CROSS JOIN ai_draft d ON d.message_id = m.id JOIN conversation c ON c.id = m.conversation_id LEFT JOIN conversation_ai a ON a.conversation_id = c.id
     WHERE m.status = 'queued' AND m.hold IS NULL AND m.seq < ${PENDING_SEQ} AND d.auto_state = 'sent' AND c.status = 'active' AND c.last_outbound_seq = m.seq AND a.handoff_reason IS NULL AND m.received_at > ?`,
  );

  return {
    /** The customer's messages that nobody has answered, oldest first. */
    listBurst: (conversationId: string) => burst.all({ conversationId }) as SaidView[],
    /** @param since relay time, ms. */
    listInboundSince: (conversationId: string, since: number) => inboundSince.all(conversationId, since) as SaidView[],
    /** Relay time at which a person of the team wrote last, ms. */
    findLastHuman: (conversationId: string) => lastHuman.get(conversationId) as number | null,
    /** JSON of contents, newest first. */
    listSent: (conversationId: string, limit: number) => sent.all(conversationId, limit) as string[],
    /** When answers left by themselves, oldest first. */
    listAutomatic: (conversationId: string) => automatic.all(conversationId) as number[],
    /** The same over all conversations of a number since then, with those that count down, without one. */
    listAutomaticOfNumber: (phoneNumberId: string, since: number, exceptDraftId: string) => ofNumber.all({ phoneNumberId, since, except: exceptDraftId }) as number[],
    listCounting: () => counting.all() as AiDraftRow[],
    /** The newest first. @param since Meta's time of the customer's message, ms. */
    listWaiting: (since: number, limit: number) => waiting.all({ since, limit }) as WaitingView[],
    /** What stands in the conversation, or else what was made last about this message. */
    findDraftAbout: (conversationId: string, messageId: string) => draftAbout.get({ conversationId, messageId }) as AiDraftRow | undefined,
    /** @param since relay time, ms. */
    listUnsent: (since: number) => unsent.all(since) as UnsentView[],
  };
}
export type AutoQueries = ReturnType<typeof createAutoQueries>;
