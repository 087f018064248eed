/**
 * Payment and policy blocks that Meta tells only afterwards: the message was taken, and its status says that the account is to blame
 * (Cloud API, "Error codes": 131042, 131031, 368). Every other message would go the same way, so the outbox holds, and tries one later.
 */
import { parseJson } from '../../../contract/json.ts';
import type { ApplyResult } from '../../../contract/reduce.ts';
import type { StateTx } from '../../../contract/state.ts';
import { isAccountWide } from '../../../contract/whatsapp/error-codes.ts';
import { messageErrorSchema } from '../../../contract/whatsapp/message-content.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import type { WhatsappHealth } from '../whatsapp/health.ts';

const HOLD_MS = 10 * 60_000;

type Deps = { state: Pick<StateTx, 'get'>; runner: Pick<JobRunner, 'hold'>; health: Pick<WhatsappHealth, 'noteBlocked'>; deviceId: () => string | null; /** Relay time, ms. */ now: () => number };

/** Of every entry of the log, after it was applied. What is older than the hold tells nothing of now. */
export function createLateBlocks({ state, runner, health, deviceId, now }: Deps): (entry: LogEntry, result: ApplyResult) => void {
  return (entry, result) => {
    if (result.kind !== 'webhook' || result.messageId === null || entry.receivedAt < now() - HOLD_MS) return;
    const message = state.get('message', [result.messageId]);
    if (message?.direction !== 'out' || message.status !== 'failed' || message.error === null || message.device_id !== deviceId()) return;
    const error = messageErrorSchema.safeParse(parseJson(message.error));
    if (!error.success || !isAccountWide(error.data.code)) return;
    // Whoever hears of it reads rows, which are not committed yet.
    queueMicrotask(() => {
      runner.hold(['messages', 'uploads'], HOLD_MS);
      health.noteBlocked(error.data);
    });
  };
}
