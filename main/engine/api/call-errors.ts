/**
 * How refusals and failures leave the engine, the same on every transport. Invariant: only the closed codes of
 * `contract/app-error.ts` cross; anything else is logged here and becomes INTERNAL without its text.
 */
import { ValidationError } from '@orpc/contract';
import { ORPCError, type Router } from '@orpc/server';
import type { Contract } from '../../../contract/api.ts';
import { APP_ERRORS, type AppErrorCode } from '../../../contract/app-error.ts';
import { refusedContentSchema, type RefusedContent } from '../../../contract/refused-content.ts';
import { errorText, type Log } from '../../../contract/log.ts';

/** What the transports serve: `EngineRouter`, any other router that implements the contract, or the lock's part of it. */
export type ServedRouter = Router<Contract, CallContext> | Router<Pick<Contract, 'lock'>, CallContext>;
/** What a call brings beside its input. `idempotencyKey`: of the REST API's header; calls of the window have none. */
export type CallContext = { idempotencyKey?: string | null };
export type CallError = ORPCError<AppErrorCode, RefusedContent | undefined>;

/** Options for every oRPC handler of ours. */
export function errorHandling(log: Log) {
  return {
    interceptors: [
      async <T>({ next }: { next: () => Promise<T> }): Promise<T> => {
        try {
          return await next();
        } catch (error) {
          throw toCallError(error, log);
        }
      },
    ],
  };
}

function toCallError(error: unknown, log: Log): CallError {
  if (error instanceof ORPCError) {
    if (isAppErrorCode(error.code)) return createCallError(error.code, error.message, refusedContentSchema.safeParse(error.data).data);
    if (error.code === 'BAD_REQUEST') return createCallError('INVALID_INPUT', describeIssues(error.cause));
  }
  const cause = error instanceof ORPCError ? (error.cause ?? error) : error;
  log('error', 'api.call_failed', { error: errorText(cause) });
  return createCallError(isUnwritable(cause) ? 'DISK_FULL' : 'INTERNAL');
}

/** Nothing is wrong with the program: the file cannot be written. (SQLite result codes; better-sqlite3 gives the extended ones.) */
const isUnwritable = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(error.code);

export function createCallError(code: AppErrorCode, message: string = APP_ERRORS[code].message, data?: RefusedContent): CallError {
  return new ORPCError(code, { defined: true, status: APP_ERRORS[code].status, message, data });
}

/** `limit: Too big: expected number to be <=200`, one for each field that is wrong. */
function describeIssues(cause: unknown): string {
  if (!(cause instanceof ValidationError)) return APP_ERRORS.INVALID_INPUT.message;
  return cause.issues
    .flatMap((issue) => {
      const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
      // zod puts what it does not know beside the path.
      if ('keys' in issue && Array.isArray(issue.keys)) return issue.keys.map((key) => `${[...path, String(key)].join('.')}: there is no such field`);
      return [`${path.join('.') || 'input'}: ${issue.message}`];
    })
    .join('; ');
}

const isAppErrorCode = (code: string): code is AppErrorCode => Object.hasOwn(APP_ERRORS, code);
