/**
 * The device of a token. Invariant: what is no token costs the store nothing, and tokens that were never right have only a part of its connections,
 * however many come at once: whoever guesses stands in nobody's way but that of others whom this relay has not seen yet.
 */
import { hashDeviceToken } from './invite-code.ts';
import type { Device, LogStore } from './log-store/interface.ts';

/** `makeDeviceToken`. */
const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;
/** Half of what a relay keeps open to PostgreSQL. Who waits holds a connection to us, and of those there is a limit. */
const UNKNOWN_AT_ONCE = 4;
/** More than a large team that comes to a relay that was just started. */
const WAITING_MAX = 500;

/** By the header `Authorization`; the device may be revoked. `busy`: too many unknown tokens wait already. @param hasLeft whether who asks has hung up meanwhile: then nobody is looked up. */
export type FindDevice = (authorization: string | undefined, hasLeft?: () => boolean) => Promise<Device | 'busy' | undefined>;

export function createFindDevice(store: Pick<LogStore, 'findDeviceByToken'>): FindDevice {
  /** Hashes of tokens that were right: at most as many as there are devices. */
  const known = new Set<string>();
  const waiting: (() => void)[] = [];
  let free = UNKNOWN_AT_ONCE;

  const inTurn = async <T>(look: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await look();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };

  return async (authorization, hasLeft = () => false) => {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const hash = hashDeviceToken(token);
    const name = hash.toString('base64url');
    if (known.has(name)) return store.findDeviceByToken(hash);
    if (waiting.length >= WAITING_MAX) return 'busy';
    const device = await inTurn(async () => (hasLeft() ? undefined : store.findDeviceByToken(hash)));
    if (device) known.add(name);
    return device;
  };
}
