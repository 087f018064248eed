import { ENROLL_PATH, enrollResponseSchema, type EnrollRequest, type EnrollResponse } from '../../../contract/wire-http.ts';
import { askRelay, readAnswer, requireSafeRelay } from './relay-http.ts';

const TIMEOUT_MS = 15_000;

/**
 * Turns an invite into a device of the workspace (`POST /api/enroll`).
 * @throws AppError with a text for people: relay not reachable, not a relay, or the invite refused.
 */
export async function requestEnrollment(fetcher: typeof fetch, relayUrl: string, request: EnrollRequest): Promise<EnrollResponse> {
  const response = await askRelay(fetcher, new URL(ENROLL_PATH, requireSafeRelay(relayUrl)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return readAnswer(response, enrollResponseSchema);
}
