/** Statements over drafts and runs as screens need them, and over what this desktop alone knows of its calls: what left, what it cost, what was learnt. */
import type Database from 'better-sqlite3';
import type { AiMode } from '../../../contract/ai/ai-words.ts';
import { AI_STOPPED_KEY } from '../../../contract/ops/ai-settings.ts';
import type { AiDraftRow, AiRunRow } from '../../../contract/state.ts';

/** A conversation whose customer waits, with no draft about their newest message and no try that came to an end. */
export type UnansweredView = {
  conversationId: string;
  phoneNumberId: string;
  assigneeId: string | null;
  messageId: string;
  /** Relay time, ms. */
  receivedAt: number;
  /** JSON of `MessageContent`. */
  content: string;
  mode: AiMode | null;
  claimAbout: string | null;
  claimDevice: string | null;
  claimFence: number;
  claimUntil: number;
};
export type RunView = AiRunRow & { actorName: string | null; deviceName: string | null };
/** A call that a crash interrupted. `record`: JSON of the run so far. */
export type OpenCall = { runId: string; micros: number; record: string };

export function createAiQueries(db: Database.Database) {
  const unanswered = db.prepare(
    `SELECT c.id AS conversationId, c.phone_number_id AS phoneNumberId, c.assignee_id AS assigneeId, m.id AS messageId, m.received_at AS receivedAt, m.content,
       a.mode, a.claim_about AS claimAbout, a.claim_device AS claimDevice, coalesce(a.claim_fence, 0) AS claimFence, coalesce(a.claim_until, 0) AS claimUntil
     FROM conversation c
     JOIN message m ON m.id = 'm_' || c.last_inbound_seq
     LEFT JOIN conversation_ai a ON a.conversation_id = c.id
     WHERE c.status = 'active' AND c.last_inbound_seq > c.last_outbound_seq AND c.last_inbound_at > @since
       AND NOT EXISTS (SELECT 1 FROM ai_draft d WHERE d.conversation_id = c.id AND (d.about_message_id = m.id OR d.state IN ('ready', 'edited')))
       AND NOT EXISTS (SELECT 1 FROM ai_run r WHERE r.conversation_id = c.id AND r.purpose = 'reply' AND r.outcome <> 'superseded' AND json_extract(r.record, '$.basis.lastInboundId') = m.id)
     ORDER BY c.last_inbound_at DESC LIMIT +@limit`,
  );
  const lastDraft = db.prepare('SELECT * FROM ai_draft WHERE conversation_id = ? ORDER BY seq DESC, id DESC LIMIT 1');
  const lastReply = db.prepare("SELECT * FROM ai_run WHERE conversation_id = ? AND purpose = 'reply' ORDER BY at DESC, id DESC LIMIT 1");
  const endedRun = db
    .prepare(
      "SELECT 1 FROM ai_run WHERE conversation_id = ? AND device_id = ? AND seq > ? AND purpose = 'reply' AND outcome NOT IN ('ok', 'superseded') AND json_extract(record, '$.basis.lastInboundId') = ? LIMIT 1",
    )
    .pluck();
  const draftOfRun = db.prepare('SELECT * FROM ai_draft WHERE conversation_id = ? AND run_id = ?');
  const run = db.prepare('SELECT r.*, g.name AS actorName, d.name AS deviceName FROM ai_run r LEFT JOIN agent g ON g.id = r.actor_id LEFT JOIN device d ON d.id = r.device_id WHERE r.id = ?');
  const runHash = db.prepare('SELECT 1 FROM ai_run WHERE device_id = ? AND hash = ? LIMIT 1').pluck();
  const counting = db.prepare("SELECT count(*) FROM ai_draft WHERE auto_state = 'counting' AND state IN ('ready', 'edited')").pluck();
  const teamSpent = db.prepare('SELECT coalesce(sum(cost_micros), 0) FROM ai_run WHERE at >= ?').pluck();
  const conversationSpent = db.prepare('SELECT coalesce(sum(cost_micros), 0) FROM ai_run WHERE conversation_id = ? AND at >= ?').pluck();

  const addSent = db.prepare('INSERT INTO ai_sent (run_id, at, host, body) VALUES (?, ?, ?, ?)');
  const sent = db.prepare('SELECT body FROM ai_sent WHERE run_id = ? ORDER BY n').pluck();
  const forgetSent = db.prepare('DELETE FROM ai_sent WHERE at < ?');
  const forgetSentOf = db.prepare('DELETE FROM ai_sent WHERE run_id = ?');
  const eraseSent = db.prepare('DELETE FROM ai_sent WHERE EXISTS (SELECT 1 FROM ai_run r WHERE r.id = ai_sent.run_id AND r.text IS NULL)');

  const begin = db.prepare(
    'INSERT INTO ai_call (run_id, conversation_id, day, micros, record) VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET micros = micros + excluded.micros, record = excluded.record',
  );
  const settle = db.prepare('UPDATE ai_call SET micros = ?, record = NULL WHERE run_id = ?');
  const open = db.prepare('SELECT run_id AS runId, micros, record FROM ai_call WHERE record IS NOT NULL ORDER BY run_id');
  const ownSpent = db.prepare('SELECT coalesce(sum(micros), 0) FROM ai_call WHERE day >= ? AND day <= ?').pluck();
  const openIn = db.prepare('SELECT coalesce(sum(micros), 0) FROM ai_call WHERE conversation_id = ? AND record IS NOT NULL').pluck();
  const forgetCalls = db.prepare('DELETE FROM ai_call WHERE record IS NULL AND day < ?');

  const readLearned = db.prepare('SELECT value FROM ai_learned WHERE key = ?').pluck();
  const writeLearned = db.prepare('INSERT INTO ai_learned (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  const settingRows = db.prepare('SELECT key, value FROM workspace_setting WHERE key IN (?, ?)');

  return {
    /** The newest first. @param since Meta's time of the customer's message, ms. */
    listUnanswered: (since: number, limit: number) => unanswered.all({ since, limit }) as UnansweredView[],
    findLastDraft: (conversationId: string) => lastDraft.get(conversationId) as AiDraftRow | undefined,
    findLastReply: (conversationId: string) => lastReply.get(conversationId) as AiRunRow | undefined,
    /** Whether that desktop tried to answer the message since, and gave up. @param since place in the log. */
    hasGivenUp: ({ conversationId, deviceId, messageId, since }: { conversationId: string; deviceId: string; messageId: string; since: number }) =>
      endedRun.get(conversationId, deviceId, since, messageId) !== undefined,
    findDraftOfRun: (conversationId: string, runId: string) => draftOfRun.get(conversationId, runId) as AiDraftRow | undefined,
    findRun: (runId: string) => run.get(runId) as RunView | undefined,
    hasRunWithHash: (deviceId: string, hash: string) => runHash.get(deviceId, hash) !== undefined,
    countCounting: () => counting.get() as number,
    /** Known costs of all desktops since then, ms. */
    sumTeam: (since: number) => teamSpent.get(since) as number,
    sumConversation: (conversationId: string, since: number) => conversationSpent.get(conversationId, since) as number,

    addSent: (row: { runId: string; at: number; host: string; body: string }) => void addSent.run(row.runId, row.at, row.host, row.body),
    /** What left for a run, each call as it went over the line. */
    listSent: (runId: string) => sent.all(runId) as string[],
    forgetSentBefore: (at: number) => void forgetSent.run(at),
    forgetSentOf: (runId: string) => void forgetSentOf.run(runId),
    /** Of runs whose words were erased. */
    eraseSent: () => void eraseSent.run(),

    beginCall: (call: { runId: string; conversationId: string; day: string; micros: number; record: string }) => void begin.run(call.runId, call.conversationId, call.day, call.micros, call.record),
    settleCall: (runId: string, micros: number) => void settle.run(micros, runId),
    listOpenCalls: () => open.all() as OpenCall[],
    /** This desktop's, of days `YYYY-MM-DD`, also what is reserved. */
    sumOwn: (fromDay: string, throughDay: string) => ownSpent.get(fromDay, throughDay) as number,
    sumOpenIn: (conversationId: string) => openIn.get(conversationId) as number,
    forgetCallsBefore: (day: string) => void forgetCalls.run(day),

    readLearned: (key: string) => (readLearned.get(key) as string | undefined) ?? null,
    writeLearned: (key: string, value: string) => void writeLearned.run(key, value),
    /** Another text whenever settings or the stop switch change. */
    readSettingsText: () => JSON.stringify(settingRows.all('ai', AI_STOPPED_KEY)),
  };
}
export type AiQueries = ReturnType<typeof createAiQueries>;
