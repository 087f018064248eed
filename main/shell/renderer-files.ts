/**
 * Gives out the window's files: to the browser shell's server and to Electron's `app://` protocol. Invariants: nothing
 * outside the folder is ever read, whatever the path looks like, and every answer carries the same strict headers.
 */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
};
const PAGE = 'index.html';

export type RendererAnswer = { status: 200 | 400 | 404; headers: Record<string, string>; body: Buffer };

/**
 * @param pathname as it stands in the URL, still percent-encoded. Paths without an extension are the page's own routes.
 * @param connectTo what the page may connect to beside its own origin, in CSP syntax (`ws://127.0.0.1:4000`).
 */
export async function readRendererFile(root: string, pathname: string, connectTo = ''): Promise<RendererAnswer> {
  const answer = (status: RendererAnswer['status'], type: string, body: Buffer, cache = 'no-cache'): RendererAnswer => ({
    status,
    headers: {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(connectTo),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': PERMISSIONS_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': cache,
    },
    body,
  });
  const refuse = (status: 400 | 404): RendererAnswer => answer(status, 'text/plain; charset=utf-8', Buffer.from(status === 400 ? 'Bad request' : 'Not found'));

  const name = decodePath(pathname);
  if (name === null) return refuse(400);
  const isRoute = path.posix.extname(name) === '';
  const file = path.join(root, isRoute ? PAGE : name);
  if (!isInside(root, file)) return refuse(400);
  try {
    // A link inside the folder must not lead out of it either.
    if (!isInside(await realpath(root), await realpath(file))) return refuse(404);
    // The build puts a hash into the names under assets/: such a file never changes.
    const cache = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return answer(200, CONTENT_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream', await readFile(file), cache);
  } catch {
    return refuse(404);
  }
}

/** Null for what cannot be a file of ours: broken encoding, NUL, backslashes (a separator on Windows) and `..`. */
function decodePath(pathname: string): string | null {
  try {
    const decoded = decodeURIComponent(pathname);
    return /[\0\\:]/.test(decoded) || decoded.split('/').includes('..') ? null : decoded;
  } catch {
    return null;
  }
}

const isInside = (root: string, file: string): boolean => file.startsWith(path.resolve(root) + path.sep);

/** Voice notes need a microphone, copying the clipboard; nothing else of the computer is for a page. */
const PERMISSIONS_POLICY = ['microphone=(self)', ...['camera', 'geolocation', 'display-capture', 'usb', 'serial', 'hid', 'bluetooth', 'midi', 'payment'].map((name) => `${name}=()`)].join(', ');

/**
 * Scripts and styles only from our own files: nothing that a message says can become either. Trusted Types (W3C) without any policy: a
 * string cannot become markup or a script's address anywhere in the page, not even by a mistake in our code or in a package.
 */
function contentSecurityPolicy(connectTo: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${connectTo}`.trim(),
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
