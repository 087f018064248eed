/**
 * What takes a new desktop in: `https://RELAY/join#CODE` (the code stands after `#`, so that browsers never send it),
 * `bandeja://join?relay=…&code=…`, or the bare code. An invite that was made in a window has a second part, `CODE.SECRET`, that opens the
 * team's key, which the inviting desktop left at the relay. Invariant: that part is for the desktops alone; what goes to a relay goes through
 * `splitInvite` and leaves it behind.
 */
import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const INVITE = /^([0-9A-Za-z](?:[ -]?[0-9A-Za-z]){7,199})(?:\.([A-Za-z0-9_-]{43}))?$/;

export const makeInviteSecret = (): Buffer => randomBytes(SECRET_BYTES);
export const joinInvite = (code: string, secret: Uint8Array): string => `${code}.${Buffer.from(secret).toString('base64url')}`;

/** `secret` null: made on the relay's command line, it brings no key. What is no invite is all code: the relay says that it knows none. */
export function splitInvite(invite: string): { code: string; secret: Buffer | null } {
  const [, code, secret] = INVITE.exec(invite.trim()) ?? [];
  if (code === undefined) return { code: invite.trim().split('.')[0] ?? '', secret: null };
  return { code, secret: secret === undefined ? null : Buffer.from(secret, 'base64url') };
}

export function makeInviteLink(relayUrl: string, code: string): string {
  const url = new URL('/join', relayUrl);
  url.hash = code;
  return url.href;
}

/** Null: this is no invite. `relayUrl` null: a bare code, the address has to be given. */
export function readInviteLink(text: string): { relayUrl: string | null; code: string } | null {
  const link = text.trim();
  if (INVITE.test(link)) return { relayUrl: null, code: link };
  const url = URL.parse(link);
  if (!url) return null;
  if (url.protocol === 'bandeja:') {
    const relay = URL.parse(url.searchParams.get('relay') ?? '');
    return url.hostname === 'join' && relay ? readParts(relay, url.searchParams.get('code') ?? '') : null;
  }
  return url.pathname === '/join' ? readParts(url, decode(url.hash.slice(1))) : null;
}

function readParts(relay: URL, typed: string): { relayUrl: string; code: string } | null {
  const code = typed.trim();
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(relay.hostname);
  const isSafe = relay.protocol === 'https:' || (relay.protocol === 'http:' && isLoopback);
  return isSafe && INVITE.test(code) ? { relayUrl: relay.origin, code } : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
