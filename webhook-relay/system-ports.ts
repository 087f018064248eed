/** What the relay takes from its surroundings: the one place with the wall clock and randomness. */
import { randomBytes, randomUUID } from 'node:crypto';

export type RelayPorts = {
  /** Milliseconds since the epoch. */
  now: () => number;
  newId: () => string;
  randomBytes: (count: number) => Buffer;
  fetch: typeof fetch;
};

export const systemPorts: RelayPorts = { now: () => Date.now(), newId: () => randomUUID(), randomBytes: (count) => randomBytes(count), fetch: (...request) => fetch(...request) };
