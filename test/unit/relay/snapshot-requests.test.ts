import { expect, it } from 'vitest';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { createSnapshotRequests } from '../../../webhook-relay/snapshot-requests.ts';

it('a snapshot of after an erasure that came to nothing is asked for again, and one that waits to be trusted is not', async () => {
  let seqs = { newest: 50, trusted: 50, erased: 0 };
  let [now, asked] = [0, 0];
  const store = { readSnapshotSeqs: async () => seqs, readStatus: async () => ({ head: 120 }) } as unknown as LogStore;
  const requests = createSnapshotRequests({ store, every: 10_000, now: () => now });
  const look = async (): Promise<number> => {
    now += 60 * 60 * 1000;
    await requests.consider([{ deviceId: 'ana', isOpen: () => true, cursor: () => 120, askForSnapshot: () => void (asked += 1) }]);
    return asked;
  };
  expect(await look(), 'nobody was erased').toBe(0);
  seqs = { ...seqs, erased: 100 };
  requests.noteErasure();
  expect(await look()).toBe(1);
  seqs = { ...seqs, newest: 110 };
  expect(await look(), 'it is on its way').toBe(1);
  seqs = { ...seqs, newest: 50 };
  expect(await look(), 'it was given up').toBe(2);
  seqs = { newest: 115, trusted: 115, erased: 100 };
  expect(await look()).toBe(2);
});
