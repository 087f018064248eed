/** Timers that all end with their owner, so that nothing happens after `stop`. */
export type Timers = {
  after(ms: number, run: () => void): void;
  stop(): void;
};

/** @param pace 1: as they are told; 0: everything at once, in its order. */
export function createTimers(pace = 1): Timers {
  const running = new Set<NodeJS.Timeout>();
  let isStopped = false;
  return {
    after: (ms, run) => {
      if (isStopped) return;
      const timer = setTimeout(() => {
        running.delete(timer);
        run();
      }, ms * pace);
      running.add(timer);
    },
    stop: () => {
      isStopped = true;
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
