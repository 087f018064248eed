/**
 * The only way out to a model's server. Invariants: nothing goes to another origin or path than the base URL's, by redirect neither; the key is
 * put in here and is in no object of the library; headers that nobody here has meant (the library reads some from the environment) stay
 * behind; with `isLocalOnly` the host's addresses are looked up before each call and all must be this machine's. Between that look and the
 * connection a name could change: http is allowed for names of this machine only, and on https the certificate would have to be right too.
 */
import { isLoopbackAddress, type Profile } from './profiles.ts';

const HEADERS = new Set(['accept', 'content-type', 'user-agent', 'idempotency-key']);
/** Of one answer: many times what the longest text takes with all that surrounds it. */
const ANSWER_MAX_BYTES = 32 * 1024 * 1024;

/** `code` says why: nothing was sent. */
export class RefusedHereError extends Error {
  readonly code: 'not_local' | 'other_origin';
  constructor(code: RefusedHereError['code']) {
    super(code);
    this.code = code;
  }
}

export type GuardDeps = {
  base: URL;
  key: string | null;
  keyHeader: Profile['keyHeader'];
  isLocalOnly: boolean;
  fetch: typeof fetch;
  /** All addresses of a host name. */
  resolveHost: (host: string) => Promise<string[]>;
};

export function createGuardedFetch({ base, key, keyHeader, isLocalOnly, fetch: fetcher, resolveHost }: GuardDeps): typeof fetch {
  const requireLocal = async (): Promise<void> => {
    const host = base.hostname.replace(/^\[|\]$/g, '');
    const addresses = isLoopbackAddress(host) ? [host] : await resolveHost(host);
    if (addresses.length === 0 || !addresses.every(isLoopbackAddress)) throw new RefusedHereError('not_local');
  };
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) throw new RefusedHereError('other_origin');
    if (isLocalOnly) await requireLocal();
    const headers = new Headers([...new Headers(init?.headers)].filter(([name]) => HEADERS.has(name)));
    if (key !== null) headers.set(keyHeader, keyHeader === 'authorization' ? `Bearer ${key}` : key);
    const response = await fetcher(url, { ...init, headers, redirect: 'error' });
    return response.body === null ? response : new Response(response.body.pipeThrough(limitBytes()), { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}

function limitBytes(): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      size += chunk.byteLength;
      if (size > ANSWER_MAX_BYTES) controller.error(new SyntaxError('answer too large'));
      else controller.enqueue(chunk);
    },
  });
}
