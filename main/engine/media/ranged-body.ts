/** A file that comes over HTTP from some byte on (RFC 9110, section 14). */

/** A line that brings no byte for so long is dead. */
const IDLE_MAX_MS = 30_000;

/** `offset`: where the body begins. `total`: bytes of the whole file; null: not told. */
export type RangedBody = { offset: number; total: number | null; body: AsyncIterable<Uint8Array> };

/**
 * @param response 200 or 206.
 * @param abort ends the request; called when nothing comes any more.
 * @returns null for an answer that does not say which bytes it holds.
 */
export function readRangedBody(response: Response, abort: AbortController): RangedBody | null {
  if (!response.body) return null;
  const range = response.status === 206 ? /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(response.headers.get('content-range') ?? '') : null;
  if (response.status === 206 && !range) return null;
  const length = response.headers.get('content-encoding') === null ? response.headers.get('content-length') : null;
  const total = range ? range[2] : length;
  return { offset: Number(range?.[1] ?? 0), total: total === null || total === undefined || total === '*' ? null : Number(total), body: endWhenIdle(response.body, abort) };
}

async function* endWhenIdle(body: AsyncIterable<Uint8Array>, abort: AbortController): AsyncGenerator<Uint8Array> {
  const arm = (): NodeJS.Timeout => setTimeout(() => abort.abort(new Error('nothing comes any more')), IDLE_MAX_MS);
  let timer = arm();
  try {
    for await (const chunk of body) {
      clearTimeout(timer); // while the disk is busy, the line need not be
      yield chunk;
      timer = arm();
    }
  } finally {
    clearTimeout(timer);
  }
}
