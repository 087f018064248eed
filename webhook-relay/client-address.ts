/**
 * Where a request comes from, for limits. Invariants: of `X-Forwarded-For` only what a trusted proxy has written counts, so
 * nobody can use up another's window by naming their address; an IPv6 customer, who has 2^64 addresses, is one.
 */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** @returns an address, or `<four groups>::/64`; null: a program on this machine, not through a proxy. */
export type AddressOf = (request: IncomingMessage) => string | null;

/** @param trustedHops proxies between strangers and us, each of which appends to `X-Forwarded-For`; undefined: any number of them, all on this machine. */
export function createAddressOf(trustedHops: number | undefined): AddressOf {
  return ({ socket, headers }) => {
    const peer = socket.remoteAddress ?? '';
    if (isLoopback(peer) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined) return null;
    // Node joins repeated headers with a comma.
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    const chain = [
      peer,
      ...forwarded
        .map((part) => withoutPort(part.trim()))
        .filter((part) => part !== '')
        .toReversed(),
    ];
    const first = chain.findIndex((address, hop) => (trustedHops === undefined ? !isLoopback(address) : hop >= trustedHops));
    return shorten(chain.at(first) ?? '');
  };
}

export const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);

/** Some proxies (Azure's) write the port, too, which is another one with each connection. */
const withoutPort = (address: string): string => /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;

function shorten(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.slice(0, 64);
  const [left = '', right] = address.split('::');
  const start = left === '' ? [] : left.split(':');
  const end = right === undefined || right === '' ? [] : right.split(':');
  const groups = right === undefined ? start : [...start, ...Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => '0'), ...end];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}
