/** A Node process of its own that answers one question at a time. Invariant: it ends with the process that started it, however that ends. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export type AskedProcess<Ask, Answer> = { /** Rejects if the process ends before it has answered. */ ask(question: Ask): Promise<Answer>; stop(signal?: NodeJS.Signals): void };

/** @param file calls `answerAsks`. @param env added to ours. */
export function forkAsked<Ask extends object, Answer>(file: string, env: NodeJS.ProcessEnv = {}): AskedProcess<Ask, Answer> {
  const child = fork(file, { env: { ...process.env, ...env } });
  return {
    ask: async (question) => {
      const settled = new AbortController();
      const { signal } = settled;
      child.send(question);
      try {
        const answered = once(child, 'message', { signal }).then(([answer]) => answer as Answer);
        const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${file} ended before its time`)));
        ended.catch(() => undefined);
        return await Promise.race([answered, ended]);
      } finally {
        settled.abort();
      }
    },
    stop: (signal) => void child.kill(signal),
  };
}

/** The other side: called once by the file that `forkAsked` starts. A question that fails ends the process. */
export function answerAsks(answer: (question: never) => Promise<unknown>): void {
  process.on('message', (question) => {
    answer(question as never).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
  // Whoever started it is gone.
  process.on('disconnect', () => process.exit(0));
}
