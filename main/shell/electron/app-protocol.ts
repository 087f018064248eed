/** `app://bandeja/`: the window's own origin, answered from the built files and the files of messages only. */
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import type { StoredFiles } from '../../engine/stored-files.ts';
import { readMediaFile, readMediaPath } from '../media-files.ts';
import { readRendererFile } from '../renderer-files.ts';

const SCHEME = 'app';
const HOST = 'bandeja';
export const APP_URL = `${SCHEME}://${HOST}/`;

export const isAppUrl = (url: string): boolean => url === APP_URL || url.startsWith(APP_URL);

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }]);
}

export function serveAppProtocol(rendererDir: string, files: () => StoredFiles | null): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname, search } = new URL(request.url);
    if (host !== HOST || (request.method !== 'GET' && request.method !== 'HEAD')) return new Response('Not found', { status: 404 });
    // Nobody but our own page reaches this protocol, so the token in the address says nothing here.
    if (readMediaPath(pathname)) {
      const { status, headers, body } = await readMediaFile(files(), { pathname, search, range: request.headers.get('range') });
      if (request.method === 'HEAD') body?.destroy();
      return new Response(body && request.method === 'GET' ? (Readable.toWeb(body) as ReadableStream) : null, { status, headers });
    }
    const { status, headers, body } = await readRendererFile(rendererDir, pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}
