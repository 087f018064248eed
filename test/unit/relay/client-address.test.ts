import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createAttemptLimit } from '../../../webhook-relay/attempt-limit.ts';
import { createAddressOf } from '../../../webhook-relay/client-address.ts';

const ask = (hops: number | undefined, remoteAddress: string, forwarded?: string): string | null =>
  createAddressOf(hops)({ socket: { remoteAddress }, headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) } } as unknown as IncomingMessage);

test.each<[string, number | undefined, string, string | undefined, string | null]>([
  ['a program on this machine', undefined, '127.0.0.1', undefined, null],
  ['a stranger without proxy', undefined, '203.0.113.7', undefined, '203.0.113.7'],
  ['a stranger who names somebody else', undefined, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['through the proxy on this machine', undefined, '::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['who wrote something before the proxy did', undefined, '::1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['no proxy is trusted', 0, '127.0.0.1', '198.51.100.1', '127.0.0.1'],
  ['one proxy elsewhere', 1, '10.0.0.2', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['two proxies', 2, '10.0.0.2', '198.51.100.1, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
  ['fewer hops than trusted', 3, '10.0.0.2', '203.0.113.7', '203.0.113.7'],
  ['a proxy that forgets its header', 1, '10.0.0.2', undefined, '10.0.0.2'],
  ['a proxy that writes the port, too', 1, '10.0.0.2', '203.0.113.7:49152', '203.0.113.7'],
  ['the same with IPv6', 1, '10.0.0.2', '[2001:db8:1:2::9]:49152', '2001:db8:1:2::/64'],
  ['all of a customer with IPv6', undefined, '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
  ['the same, written shorter', undefined, '2001:0DB8:1:2::9', undefined, '2001:db8:1:2::/64'],
  ['an IPv6 of few groups', undefined, '2001:db8::1', undefined, '2001:db8:0:0::/64'],
])('%s', (_name, hops, peer, forwarded, address) => {
  expect(ask(hops, peer, forwarded)).toBe(address);
});

test('whoever knocks from ten thousand addresses pushes out the oldest window and no other', () => {
  const limit = createAttemptLimit({ max: 1, windowMs: 1_000, now: () => 0 });
  expect([limit.take('oldest'), limit.take('young'), limit.take('young')]).toEqual([true, true, false]);
  for (let n = 0; n < 9_999; n += 1) limit.take(`n${n}`);
  expect([limit.take('young'), limit.take('oldest')]).toEqual([false, true]);
});
