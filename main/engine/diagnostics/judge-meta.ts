/** What Meta's answers say about token, number and account. Pure. Source: `account-reader.ts`. */
import type { ConnectionCheck } from '../../../contract/entities.ts';
import type { CheckId } from '../../../contract/rules/connection-codes.ts';
import { NEEDED_PERMISSIONS } from '../../../contract/whatsapp/webhook-fields.ts';
import type { NumberFacts, Reading, SubscribedApp, TokenFacts } from '../whatsapp/account-reader.ts';
import { found } from './judge.ts';

/** A token that ends within this time has to be replaced now: it takes a person who may be away. */
const EXPIRES_SOON_MS = 14 * 24 * 60 * 60 * 1000;
/** Clocks differ by more than this: Meta's timestamps would not be believed any more (`TIMESTAMP_AHEAD_MAX_MS`). */
const SKEW_MAX_MS = 60_000;
/** Meta: the token is one no longer, because its time is over (Graph API, "Handle errors", error_subcode). */
const EXPIRED_SUBCODE = 463;
/** There is no such object, or not for this token; code 100 alone also says that a field is not one any more. */
const NO_OBJECT_SUBCODE = 33;
/** Codes of health_status that say how many people were written to, not what was done wrong. */
const LIMIT_CODES = new Set([4, 80007, 130429, 131048, 131064]);

type Refused = Extract<Reading<unknown>, { status: 'refused' }>;
const isTokenRefused = (reading: Reading<unknown>): reading is Refused => reading.status === 'refused' && (reading.error.code === 190 || reading.error.code === 0);

/** Why a reading says nothing; null: it says something. */
function cannotTell(id: CheckId, reading: Reading<unknown>): ConnectionCheck | null {
  switch (reading.status) {
    case 'ok':
      return null;
    case 'no_token':
      return found<CheckId>(id, 'unknown', 'no_number');
    case 'unreachable':
      return found<CheckId>(id, 'unknown', 'no_meta');
    case 'refused':
      return found<CheckId>(id, 'unknown', 'refused', { code: reading.error.code, detail: reading.error.detail ?? reading.error.title });
  }
}

export function judgeMeta(reading: Reading<unknown>): ConnectionCheck {
  switch (reading.status) {
    case 'ok':
      return found('meta_reachable', 'ok', 'reachable', { tookMs: reading.tookMs });
    case 'refused':
      return found('meta_reachable', 'ok', 'reachable', {});
    case 'no_token':
      return found('meta_reachable', 'unknown', 'no_number');
    case 'unreachable':
      return found('meta_reachable', 'failed', reading.isOutage ? 'outage' : 'unreachable', { reason: reading.detail });
  }
}

/** @param number of the same token: what it is refused there counts too. */
export function judgeToken(token: Reading<TokenFacts>, number: Reading<unknown>, now: number): ConnectionCheck[] {
  const refusal = [token, number].find(isTokenRefused);
  if (token.status === 'no_token') {
    return [found('token_valid', 'failed', 'missing'), found('token_expiry', 'unknown', 'no_number'), found('token_permissions', 'unknown', 'no_number')];
  }
  if (refusal) {
    const isExpired = refusal.subcode === EXPIRED_SUBCODE;
    const facts = { code: refusal.error.code, detail: refusal.error.detail ?? refusal.error.title };
    return [
      found('token_valid', 'failed', isExpired ? 'expired' : 'invalid', facts),
      isExpired ? found('token_expiry', 'failed', 'expired') : found('token_expiry', 'unknown', 'refused', facts),
      found('token_permissions', 'unknown', 'refused', facts),
    ];
  }
  if (token.status !== 'ok') {
    const isUsed = number.status === 'ok';
    return [
      isUsed ? found('token_valid', 'ok', 'valid') : (cannotTell('token_valid', token) ?? found('token_valid', 'unknown', 'no_meta')),
      cannotTell('token_expiry', token) ?? found('token_expiry', 'unknown', 'no_meta'),
      cannotTell('token_permissions', token) ?? found('token_permissions', 'unknown', 'no_meta'),
    ];
  }
  const { isValid, expiresAt, scopes } = token.value;
  const isOver = expiresAt !== null && expiresAt <= now;
  const missing = NEEDED_PERMISSIONS.filter((permission) => !scopes.includes(permission)).join(', ');
  return [
    isOver ? found('token_valid', 'failed', 'expired') : found('token_valid', isValid ? 'ok' : 'failed', isValid ? 'valid' : 'invalid'),
    expiresAt === null
      ? found('token_expiry', 'ok', 'never')
      : isOver
        ? found('token_expiry', 'failed', 'expired', { at: expiresAt })
        : expiresAt - now < EXPIRES_SOON_MS
          ? found('token_expiry', 'warning', 'soon', { at: expiresAt })
          : found('token_expiry', 'ok', 'later', { at: expiresAt }),
    missing === '' ? found('token_permissions', 'ok', 'all') : found('token_permissions', 'failed', 'missing', { missing }),
  ];
}

/** @param wabaId null: not set on this desktop. @param appId the app of the token, if it is known. */
export function judgeApps(apps: Reading<SubscribedApp[]> | null, appId: string | null): ConnectionCheck {
  if (apps === null) return found('app_subscribed', 'unknown', 'no_account');
  if (apps.status !== 'ok') return cannotTell('app_subscribed', apps)!;
  if (apps.value.length === 0) return found('app_subscribed', 'failed', 'none');
  const names = apps.value.map(({ name, id }) => name ?? id ?? '?').join(', ');
  const isOther = appId !== null && apps.value.every(({ id }) => id !== null && id !== appId);
  return isOther ? found('app_subscribed', 'warning', 'other_app', { apps: names }) : found('app_subscribed', 'ok', 'subscribed', { apps: names });
}

export function judgeNumber(number: Reading<NumberFacts>): ConnectionCheck[] {
  const ids = ['number_health', 'number_quality', 'number_limits'] as const;
  if (number.status === 'refused' && (number.error.code === 33 || (number.error.code === 100 && number.subcode === NO_OBJECT_SUBCODE))) {
    const facts = { code: number.error.code, detail: number.error.detail ?? number.error.title };
    return [found('number_health', 'failed', 'unknown_number', facts), found('number_quality', 'unknown', 'refused', facts), found('number_limits', 'unknown', 'refused', facts)];
  }
  if (number.status !== 'ok') return ids.map((id) => cannotTell(id, number)!);
  const { status, quality, limit, throughput, canSend, problems } = number.value;
  const limits = problems.filter(({ code }) => code !== null && LIMIT_CODES.has(code));
  const others = problems.filter((problem) => !limits.includes(problem));
  const worst = others[0] ?? problems[0];
  const facts = { status, entity: worst?.entity ?? null, code: worst?.code ?? null, description: worst?.description ?? null, solution: worst?.solution ?? null };
  return [
    canSend === 'BLOCKED'
      ? found('number_health', 'failed', 'blocked', facts)
      : status !== null && status !== 'CONNECTED'
        ? found('number_health', 'failed', 'not_connected', facts)
        : canSend === 'LIMITED' && others.length > 0
          ? found('number_health', 'warning', 'limited', facts)
          : found('number_health', 'ok', 'healthy', { status }),
    judgeQuality(quality),
    limits.length > 0
      ? found('number_limits', 'failed', 'reached', { limit, throughput, code: limits[0]?.code ?? null, description: limits[0]?.description ?? null })
      : found('number_limits', 'ok', 'free', { limit, throughput }),
  ];
}

function judgeQuality(quality: string | null): ConnectionCheck {
  switch (quality) {
    case 'GREEN':
      return found('number_quality', 'ok', 'green');
    case 'YELLOW':
      return found('number_quality', 'warning', 'yellow');
    case 'RED':
      return found('number_quality', 'failed', 'red');
    default:
      return found('number_quality', 'ok', 'unrated');
  }
}

/**
 * Whose clock is wrong: the one that differs from the other two. Differences in ms against this machine; null: not heard.
 * The desktop counts with the relay's time, so its own clock costs little; the relay's decides about windows.
 */
export function judgeClocks({ relay, meta }: { relay: number | null; meta: number | null }): ConnectionCheck {
  if (relay === null && meta === null) return found('clock_skew', 'unknown', 'not_compared');
  const facts = { relayMs: relay, metaMs: meta };
  const isOff = (ms: number | null): boolean => ms !== null && Math.abs(ms) > SKEW_MAX_MS;
  const areTheyOne = relay !== null && meta !== null && Math.abs(relay - meta) <= SKEW_MAX_MS;
  if (!isOff(relay) && !isOff(meta)) return found('clock_skew', 'ok', 'right', facts);
  if (areTheyOne || relay === null || meta === null) return found('clock_skew', 'warning', 'this_computer', facts);
  return isOff(relay) ? found('clock_skew', 'failed', 'relay', facts) : found('clock_skew', 'warning', 'meta', facts);
}
