/**
 * When a program of ours ends: at SIGTERM, SIGINT, SIGHUP, and when the process that started it with an IPC channel is
 * gone. Invariant: it ends by itself, with code 0 after a clean stop, and never hangs on a connection that stays open.
 */
import { errorText, type Log } from '../../contract/log.ts';

const STOP_WITHIN_MS = 8_000;

/** Calls `stop` once, at the first reason to end. Further signals (Ctrl+C reaches a whole process group) change nothing. Returns a way to end for a reason of the program's own. */
export function endProcessWith(stop: () => Promise<void>, log: Log): (reason: string) => void {
  let isStopping = false;
  const end = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    log('info', 'process.stopping', { reason });
    setTimeout(() => {
      log('error', 'process.stop_timed_out', { afterMs: STOP_WITHIN_MS });
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log('error', 'process.stop_failed', { error: errorText(error) });
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', () => end('parent gone'));
  return end;
}

/** Customers' messages: what this process writes is for the folder's owner only. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}

/** A mistake in how a program was called: shown without a stack, exit code 2. */
export class UsageError extends Error {}

/** Runs a program's body; a failure becomes one readable line and an exit code (2 for a wrong command, 1 otherwise). */
export async function runProgram(body: () => Promise<void>): Promise<void> {
  keepFilesPrivate();
  try {
    await body();
  } catch (error) {
    process.stderr.write(`${error instanceof UsageError || isParseArgsError(error) ? `${error.message}\nTry --help.` : describe(error)}\n`);
    process.exit(error instanceof UsageError || isParseArgsError(error) ? 2 : 1);
  }
}

const isParseArgsError = (error: unknown): error is Error => error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** Texts for people are thrown as plain `Error`; anything else is a bug, for which the stack is wanted. */
const describe = (error: unknown): string => (error instanceof Error ? (error.constructor === Error ? error.message : (error.stack ?? error.message)) : String(error));
