/**
 * Bytes of a file from Meta (Cloud API, "Download media"). Invariant: the token goes to Meta's own hosts only, over TLS, also when an
 * address or a redirect says otherwise; with the stand-in on this computer, to its own origin only.
 */
import { errorText } from '../../../contract/log.ts';
import { readRangedBody, type RangedBody } from '../media/ranged-body.ts';
import { parseGraphBaseUrl } from './graph-call.ts';

/** The download addresses that Meta gives, and where they may lead on to. */
const META_HOSTS = /(^|\.)(fbsbx\.com|fbcdn\.net|facebook\.com|whatsapp\.net|whatsapp\.com)$/;
const REDIRECTS_MAX = 3;
const ANSWER_WITHIN_MS = 30_000;

export type Download =
  | ({ status: 'open' } & RangedBody)
  /** The address has lived its five minutes, or never was one. */
  | { status: 'gone' }
  /** There are not so many bytes. */
  | { status: 'beyond_end' }
  | { status: 'refused'; detail: string }
  | { status: 'unreachable'; detail: string };

/** @param mimeType what Meta says it is: an HTML page is refused as one of its error pages unless it says so. */
export type MediaDownload = (address: { url: string; mimeType: string }, from: number, signal: AbortSignal) => Promise<Download>;

type Deps = { baseUrl: string; fetch: typeof fetch; getToken: () => Promise<string | null>; /** Meta wants one for this call. */ userAgent: string };

export function createMediaDownload({ baseUrl, fetch: fetcher, getToken, userAgent }: Deps): MediaDownload {
  const base = parseGraphBaseUrl(baseUrl);

  return async ({ url, mimeType }, from, signal) => {
    const token = await getToken();
    let address = URL.parse(url);
    const abort = new AbortController();
    for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
      if (token === null || !address || !isMetas(address, base)) return { status: 'refused', detail: token === null ? 'no token' : `not an address of Meta: ${address?.host ?? 'none'}` };
      const timer = setTimeout(() => abort.abort(new Error('no answer')), ANSWER_WITHIN_MS);
      let response: Response;
      try {
        const headers = { authorization: `Bearer ${token}`, 'user-agent': userAgent, ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
        response = await fetcher(address, { headers, redirect: 'manual', signal: AbortSignal.any([signal, abort.signal]) });
      } catch (error) {
        return { status: 'unreachable', detail: errorText(error) };
      } finally {
        clearTimeout(timer);
      }
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return judge(response, mimeType, abort);
      await response.body?.cancel();
      address = URL.parse(location, address.href);
    }
    return { status: 'refused', detail: 'too many redirects' };
  };
}

async function judge(response: Response, mimeType: string, abort: AbortController): Promise<Download> {
  const isPage = /^(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '') && !mimeType.startsWith('text/html');
  const body = response.ok && !isPage ? readRangedBody(response, abort) : null;
  if (body) return { status: 'open', ...body };
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) return { status: 'gone' };
  if (response.status === 416) return { status: 'beyond_end' };
  return { status: 'refused', detail: isPage && response.ok ? 'a page instead of the file' : `http ${response.status}` };
}

function isMetas(url: URL, base: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (base.protocol === 'http:') return url.origin === base.origin;
  return url.origin === base.origin || (url.protocol === 'https:' && url.port === '' && META_HOSTS.test(url.hostname));
}
