/** What the relay's own witness, and what Meta has on file for the app, say about the way from Meta to the relay. Pure. */
import type { ConnectionCheck } from '../../../contract/entities.ts';
import { ADVISED_FIELDS, NEEDED_FIELD } from '../../../contract/whatsapp/webhook-fields.ts';
import type { RelayDiagnostics } from '../../../contract/wire-http.ts';
import { found } from './judge.ts';

/** Meta counts an acknowledgement above this as slow (Cloud API, Webhooks, "Throughput": less than 1 % over a second). */
const SLOW_ACK_MS = 1_000;

export type RelayReading =
  | { status: 'ok'; value: RelayDiagnostics; tookMs: number; /** By this machine, in the middle of the call, ms. */ at: number }
  | { status: 'unreachable' | 'no_access' | 'not_a_relay' | 'old_relay' | 'plain_http' | 'not_enrolled' };

/** @param isOld it has said so when it greeted this desktop. */
export function judgeRelay(reading: RelayReading, isOld: boolean): ConnectionCheck {
  if (reading.status === 'ok' && isOld) return found('relay_reachable', 'warning', 'old_relay');
  if (reading.status === 'ok') return found('relay_reachable', 'ok', 'reachable', { tookMs: reading.tookMs });
  if (reading.status === 'not_enrolled') return found('relay_reachable', 'unknown', 'not_enrolled');
  if (reading.status === 'plain_http') return found('relay_reachable', 'failed', 'unreachable');
  return found('relay_reachable', reading.status === 'old_relay' ? 'warning' : 'failed', reading.status);
}

/** @param isDemo one computer is all there is, so its own address is as it should be. */
export function judgeRelayAddress(relayUrl: string | null, isDemo: boolean): ConnectionCheck {
  const url = relayUrl === null ? null : URL.parse(relayUrl);
  if (!url) return found('relay_https', 'unknown', 'not_enrolled');
  if (url.protocol === 'https:') return found('relay_https', 'ok', 'https', { relay: url.origin });
  const isSameMachine = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (isSameMachine) return found('relay_https', isDemo ? 'ok' : 'warning', 'same_machine', { relay: url.origin });
  return found('relay_https', 'failed', 'plain_http', { relay: url.origin });
}

const WEBHOOK_CHECKS = ['webhook_verified', 'webhook_signature', 'webhook_callback', 'webhook_fields'] as const;

export function judgeWebhook(reading: RelayReading): ConnectionCheck[] {
  if (reading.status !== 'ok') return WEBHOOK_CHECKS.map((id) => found(id, 'unknown', 'no_relay'));
  const { value } = reading;
  return [judgeVerification(value), judgeSignature(value), judgeCallback(value), judgeFields(value)];
}

function judgeVerification({ verify, webhook, startedAt }: RelayDiagnostics): ConnectionCheck {
  const works = webhook.acceptedAt !== null && webhook.acceptedAt > (verify.at ?? 0);
  if (verify.wasRight === true) return found('webhook_verified', 'ok', 'verified', { at: verify.at });
  // Messages arrive all the same: the address that Meta uses was verified before.
  if (verify.wasRight === false) return works ? found('webhook_verified', 'warning', 'wrong_token_since', { at: verify.at }) : found('webhook_verified', 'failed', 'wrong_token', { at: verify.at });
  return works ? found('webhook_verified', 'ok', 'works', { at: webhook.acceptedAt }) : found('webhook_verified', 'unknown', 'never', { since: startedAt });
}

function judgeSignature({ webhook, startedAt }: RelayDiagnostics): ConnectionCheck {
  if (webhook.refusals > 0) return found('webhook_signature', 'failed', 'wrong_secret', { at: webhook.refusedAt, count: webhook.refusals, acceptedAt: webhook.acceptedAt });
  if (webhook.acceptedAt !== null) return found('webhook_signature', 'ok', 'right', { at: webhook.acceptedAt });
  return found('webhook_signature', 'unknown', 'never', { since: startedAt });
}

function judgeCallback({ subscription, callback, webhook }: RelayDiagnostics): ConnectionCheck {
  if (subscription === null) return found('webhook_callback', 'unknown', 'no_app_id');
  if (subscription.error !== null) return found('webhook_callback', 'unknown', 'not_readable', { reason: subscription.error });
  const { callbackUrl: url, isActive } = subscription;
  if (url === null || !isActive) return found('webhook_callback', 'failed', 'inactive', { url });
  if (callback === null) return found('webhook_callback', 'unknown', 'not_readable', { url });
  if (callback.isOurs) return found('webhook_callback', 'ok', 'ours', { url });
  if (callback.detail === 'not https') return found('webhook_callback', 'failed', 'plain_http', { url });
  // Some networks do not let a server reach its own outside address; what arrives proves more than that.
  if (callback.detail === 'unreachable') return found('webhook_callback', webhook.acceptedAt === null ? 'failed' : 'warning', 'unreachable', { url });
  return found('webhook_callback', 'failed', 'elsewhere', { url, answer: callback.detail });
}

function judgeFields({ subscription }: RelayDiagnostics): ConnectionCheck {
  if (subscription === null) return found('webhook_fields', 'unknown', 'no_app_id');
  if (subscription.error !== null) return found('webhook_fields', 'unknown', 'not_readable', { reason: subscription.error });
  const missing = ADVISED_FIELDS.filter((field) => !subscription.fields.includes(field)).join(', ');
  if (!subscription.fields.includes(NEEDED_FIELD)) return found('webhook_fields', 'failed', 'no_messages', { missing: [NEEDED_FIELD, missing].filter((part) => part !== '').join(', ') });
  return missing === '' ? found('webhook_fields', 'ok', 'all', { count: subscription.fields.length }) : found('webhook_fields', 'warning', 'missing', { missing });
}

/** @param local how far this desktop is: log position, and ops that the relay has not confirmed in the time that this takes (`ON_ITS_WAY_MS`). */
export function judgeBacklog(reading: RelayReading, local: { cursor: number; head: number; pending: number }): ConnectionCheck {
  const head = Math.max(local.head, reading.status === 'ok' ? reading.value.head : 0);
  const behind = Math.max(0, head - local.cursor);
  const slowestAckMs = reading.status === 'ok' ? reading.value.slowestAckMs : null;
  const facts = { behind, pending: local.pending, slowestAckMs, relayBytes: reading.status === 'ok' ? reading.value.backlogBytes : null };
  if (reading.status !== 'ok' && behind === 0 && local.pending === 0) return found('backlog', 'unknown', 'no_relay', facts);
  if (behind > 0) return found('backlog', 'warning', 'behind', facts);
  if (local.pending > 0) return found('backlog', 'warning', 'pending', facts);
  if (slowestAckMs !== null && slowestAckMs > SLOW_ACK_MS) return found('backlog', 'warning', 'slow_relay', facts);
  return found('backlog', 'ok', 'none', facts);
}
