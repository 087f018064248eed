/** Addresses under which the window shows, plays and saves files of messages, the same in both shells. */
import { MEDIA_PATH, MEDIA_TOKEN_PURPOSE, NO_MEDIA_TOKEN } from '../../contract/media-path.ts';

/** `thumbnail`: the small picture, 404 where there is none. `downloadAs`: the browser saves it under this name. */
export type MediaUrlOptions = { thumbnail?: boolean; downloadAs?: string };

/** For `src` and `href`. @param sha256 of `media.sha256`; there is something only while `file.state` is `here`. */
export function mediaUrl(sha256: string, { thumbnail = false, downloadAs }: MediaUrlOptions = {}): string {
  const token = globalThis.document?.documentElement.dataset['mediaToken'] ?? NO_MEDIA_TOKEN;
  const query = thumbnail ? '?thumbnail' : downloadAs === undefined ? '' : `?download=${encodeURIComponent(downloadAs)}`;
  // Relative, like everything the page loads: it may stand under an address of its own.
  return `.${MEDIA_PATH}${token}/${sha256}${query}`;
}

/** Before anything is shown, in the browser shell: what `mediaUrl` puts into addresses. It opens files only, never the line to the engine. */
export async function prepareMediaUrls(secret: string, page: Document): Promise<void> {
  const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey('raw', encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const token = new Uint8Array(await crypto.subtle.sign('HMAC', key, encode(MEDIA_TOKEN_PURPOSE)));
  page.documentElement.dataset['mediaToken'] = btoa(String.fromCharCode(...token))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
