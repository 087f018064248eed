/** From whatever a call throws to a code that has a text in each language. */
import { ORPCError } from '@orpc/client';
import { APP_ERRORS, type AppErrorCode } from '../../contract/app-error.ts';
import type { RefusedContent } from '../../contract/refused-content.ts';
import { EngineAway } from '../rpc/engine-link.ts';

export type FailureCode = AppErrorCode | 'ENGINE_AWAY';

const isAppErrorCode = (code: unknown): code is AppErrorCode => typeof code === 'string' && Object.hasOwn(APP_ERRORS, code);

/** Of a code that an answer names. */
export const toFailureCode = (code: string | null): FailureCode => (isAppErrorCode(code) ? code : 'INTERNAL');

export function failureCodeOf(error: unknown): FailureCode {
  if (error instanceof EngineAway) return 'ENGINE_AWAY';
  if (!(error instanceof ORPCError)) return error instanceof DOMException || isClosedLine(error) ? 'ENGINE_AWAY' : 'INTERNAL';
  if (isAppErrorCode(error.code)) return error.code;
  return error.code === 'BAD_REQUEST' ? 'INVALID_INPUT' : 'INTERNAL';
}

/** Which part of a message the engine refused; null: it said nothing of that. What comes from the engine has its shape. */
export const refusedContentOf = (error: unknown): RefusedContent | null => (error instanceof ORPCError && error.code === 'CONTENT_REFUSED' && error.data ? (error.data as RefusedContent) : null);

/** The peer below oRPC ends calls on a closed line with its own errors. */
const isClosedLine = (error: unknown): boolean => error instanceof Error && /not open|closed|aborted/i.test(error.message);
