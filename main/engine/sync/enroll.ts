import { ENROLL_PATH, enrollErrorSchema, enrollResponseSchema, type EnrollResponse } from '../../../contract/wire.ts';
import { z } from 'zod';
import type { Enrollment } from '../ports.ts';

const TIMEOUT_MS = 15_000;

const REFUSALS: Record<z.infer<typeof enrollErrorSchema>, string> = {
  invite_unknown: 'The relay does not know this invite. Check it for typing errors, or ask for a new one.',
  invite_used: 'This invite has been used already. Every desktop needs its own: ask for a new one.',
  invite_expired: 'This invite has expired. Ask for a new one.',
  bad_request: 'The relay did not understand the invite. Check it for typing errors.',
  too_many_requests: 'Too many attempts. Wait a minute and try again.',
};

/**
 * Turns an invite into a device of the workspace (`POST /api/enroll`).
 * @throws Error with a text for people: relay not reachable, not a relay, or the invite refused.
 */
export async function requestEnrollment(fetcher: typeof fetch, { relayUrl, invite, agentName, deviceName }: Enrollment): Promise<EnrollResponse> {
  const url = new URL(ENROLL_PATH, relayUrl);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) throw new Error(`The relay's address must begin with https:// (got ${url.protocol}//${url.host}).`);
  let response: Response;
  try {
    response = await fetcher(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invite, agentName, deviceName }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Error(`The relay at ${url.origin} cannot be reached. Check the address and the connection.`, { cause: error });
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const refusal = z.object({ error: enrollErrorSchema }).safeParse(body);
    throw new Error(refusal.success ? REFUSALS[refusal.data.error] : `${url.origin} answered ${response.status}: this does not look like a Bandeja relay.`);
  }
  const parsed = enrollResponseSchema.safeParse(body);
  if (!parsed.success) throw new Error(`${url.origin} gave an answer that this version does not understand. Update Bandeja or the relay.`);
  return parsed.data;
}
