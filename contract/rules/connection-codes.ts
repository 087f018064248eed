/**
 * What the connection doctor can find, by check: the closed list behind `ConnectionCheck.code`. Every one of them has its words in
 * `renderer/i18n/areas/connection.ts`. The state that goes with a code is the engine's to decide.
 */
import type { CONNECTION_CHECKS } from '../entities.ts';

/** Codes of any check that could not be made: no answer from the relay, none from Meta, no number on this desktop. */
export const COMMON_CODES = ['no_relay', 'no_meta', 'no_number', 'refused'] as const;

export const CONNECTION_CODES = {
  relay_reachable: ['reachable', 'unreachable', 'no_access', 'not_a_relay', 'not_enrolled', 'old_relay'],
  relay_https: ['https', 'same_machine', 'plain_http', 'not_enrolled'],
  webhook_verified: ['verified', 'works', 'wrong_token', 'wrong_token_since', 'never'],
  webhook_signature: ['right', 'wrong_secret', 'never'],
  webhook_callback: ['ours', 'elsewhere', 'unreachable', 'plain_http', 'inactive', 'not_readable', 'no_app_id'],
  webhook_fields: ['all', 'no_messages', 'missing', 'not_readable', 'no_app_id'],
  last_event: ['fresh', 'late', 'silent', 'never'],
  backlog: ['none', 'behind', 'pending', 'slow_relay'],
  app_subscribed: ['subscribed', 'none', 'other_app', 'no_account'],
  meta_reachable: ['reachable', 'unreachable', 'outage'],
  token_valid: ['valid', 'expired', 'invalid', 'missing'],
  token_expiry: ['never', 'later', 'soon', 'expired'],
  token_permissions: ['all', 'missing'],
  number_health: ['healthy', 'limited', 'blocked', 'not_connected', 'unknown_number'],
  number_quality: ['green', 'yellow', 'red', 'unrated'],
  number_limits: ['free', 'reached'],
  account_events: ['none', 'warning', 'error'],
  clock_skew: ['right', 'this_computer', 'relay', 'meta', 'not_compared'],
  keys_kept: ['system', 'file', 'obscured'],
  outbox: ['calm', 'sending', 'stuck', 'uncertain', 'waiting', 'failures', 'blocked'],
} as const satisfies Record<(typeof CONNECTION_CHECKS)[number], readonly string[]>;

export type CheckId = keyof typeof CONNECTION_CODES;
export type CodeOf<Id extends CheckId> = (typeof CONNECTION_CODES)[Id][number] | (typeof COMMON_CODES)[number];
