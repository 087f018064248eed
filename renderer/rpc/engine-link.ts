/**
 * Keeps one line to the engine: reconnects with growing pauses and tells its state.
 * Invariant: at most one connection at a time, and a call made while there is none fails at once with `EngineAway`
 * instead of waiting, so that nothing the agent pressed is carried out later by surprise.
 */
import type { ClientLink } from '@orpc/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ConnectionRefused, type Connect, type Connection } from './connect.ts';

export type LinkState =
  | { status: 'connecting' }
  | { status: 'up' }
  /** `isLasting`: it did not come back by itself, as it does from a restart. */
  | { status: 'down'; retryAt: number; isLasting: boolean }
  /** There is a server, but it does not accept our secret. */
  | { status: 'refused' };

export class EngineAway extends Error {
  constructor() {
    super('the engine is not connected');
    this.name = 'EngineAway';
  }
}

export type EngineLink = {
  state: StoreApi<LinkState>;
  link: ClientLink<Record<never, never>>;
  start(): void;
  stop(): void;
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Attempts in a row that found nobody, about eight seconds of them. Counted, not timed: a computer that slept has tried only once. */
const LASTING_AFTER_ATTEMPTS = 6;

export function createEngineLink(deps: { connect: Connect; now(): number }): EngineLink {
  const state = createStore<LinkState>(() => ({ status: 'connecting' }));
  let current: Connection | null = null;
  let isStopped = true;
  let pause = FIRST_PAUSE_MS;
  let failedAttempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    try {
      current = await deps.connect();
      if (isStopped) return current.close();
      pause = FIRST_PAUSE_MS;
      failedAttempts = 0;
      state.setState({ status: 'up' }, true);
      await current.closed;
      scheduleRetry('down');
    } catch (error) {
      failedAttempts += 1;
      scheduleRetry(error instanceof ConnectionRefused ? 'refused' : 'down');
    }
  }

  function scheduleRetry(status: 'down' | 'refused'): void {
    current = null;
    if (isStopped) return;
    state.setState(status === 'refused' ? { status } : { status, retryAt: deps.now() + pause, isLasting: failedAttempts >= LASTING_AFTER_ATTEMPTS }, true);
    timer = setTimeout(() => void run(), pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }

  return {
    state,
    link: { call: (path, input, options) => (current ? current.link.call(path, input, options) : Promise.reject(new EngineAway())) },
    start: () => {
      isStopped = false;
      void run();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      current?.close();
      // Whoever asks again and again while the line is up has nobody to ask.
      state.setState({ status: 'connecting' }, true);
    },
  };
}
