import { expect, test, vi } from 'vitest';
import type { LockState } from '../../../contract/lock-api.ts';
import { createGate } from '../../../renderer/lock/lock-gate.ts';
import type { Connection } from '../../../renderer/rpc/connect.ts';

const OFF: LockState = { isOffered: true, isOn: false, isLocked: false, busy: null, failure: null, idleMinutes: 0, since: null, waitMs: 0, folder: '/data', startCommand: null };
const OPEN: LockState = { ...OFF, isOn: true };
const LOCKED: LockState = { ...OPEN, isLocked: true };

function start(...states: LockState[]) {
  return startWith(false, states);
}
function startWith(isKept: boolean, states: LockState[]) {
  const [open, reload] = [vi.fn(), vi.fn()];
  const connection = { link: { call: async () => states.shift() }, closed: new Promise(() => undefined), close: () => undefined } as unknown as Connection;
  const connect = createGate({ connect: async () => connection, open, takeBack: async () => isKept, reload });
  /** Whether the line is given to the page. */
  const isGiven = async (): Promise<boolean> => Promise.race([connect().then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 20, false))]);
  return { open, reload, isGiven };
}

test('a desktop without a lock opens as usual, and goes on after a broken line', async () => {
  const { open, reload, isGiven } = start(OFF, OFF);
  expect([await isGiven(), await isGiven()]).toEqual([true, true]);
  expect([open.mock.calls, reload.mock.calls]).toEqual([[], []]);
});

test('one that is locked gets no line, but the page that asks for the passphrase', async () => {
  const { open, isGiven } = start(LOCKED);
  expect(await isGiven()).toBe(false);
  expect(open).toHaveBeenCalledExactlyOnceWith('locked', expect.objectContaining({ state: LOCKED }));
});

test('one with its lock open is opened for it, and the page begins anew when it is locked', async () => {
  const { open, reload, isGiven } = start(OPEN, OPEN, LOCKED);
  expect(await isGiven()).toBe(false);
  expect(open).toHaveBeenCalledExactlyOnceWith('sealed', expect.objectContaining({ state: OPEN }));
  expect(await isGiven()).toBe(true);
  expect(await isGiven()).toBe(false);
  expect(reload).toHaveBeenCalledOnce();
});

test('a page of a desktop without a lock begins anew when one is turned on', async () => {
  const { reload, isGiven } = start(OFF, { ...OFF, isLocked: true, busy: 'sealing' });
  expect([await isGiven(), await isGiven()]).toEqual([true, false]);
  expect(reload).toHaveBeenCalledOnce();
});

test('a page without a lock begins anew with what the engine kept in the time of one', async () => {
  const { reload, isGiven } = startWith(true, [OFF]);
  expect(await isGiven()).toBe(false);
  expect(reload).toHaveBeenCalledOnce();
});
