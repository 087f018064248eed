/**
 * What takes a new desktop in: `https://RELAY/join#CODE` (the code stands after `#`, so that browsers never send it),
 * `bandeja://join?relay=…&code=…`, or the bare code.
 */

const CODE = /^[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){7,199}$/;

export function makeInviteLink(relayUrl: string, code: string): string {
  const url = new URL('/join', relayUrl);
  url.hash = code;
  return url.href;
}

/** Null: this is no invite. `relayUrl` null: a bare code, the address has to be given. */
export function readInviteLink(text: string): { relayUrl: string | null; code: string } | null {
  const link = text.trim();
  if (CODE.test(link)) return { relayUrl: null, code: link };
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
  return isSafe && CODE.test(code) ? { relayUrl: relay.origin, code } : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
