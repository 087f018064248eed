/** `app://bandeja/`: the window's own origin, answered from the built files only. */
import { protocol } from 'electron';
import { readRendererFile } from '../renderer-files.ts';

const SCHEME = 'app';
const HOST = 'bandeja';
export const APP_URL = `${SCHEME}://${HOST}/`;

export const isAppUrl = (url: string): boolean => url === APP_URL || url.startsWith(APP_URL);

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }]);
}

export function serveAppProtocol(rendererDir: string): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== HOST || (request.method !== 'GET' && request.method !== 'HEAD')) return new Response('Not found', { status: 404 });
    const { status, headers, body } = await readRendererFile(rendererDir, pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}
