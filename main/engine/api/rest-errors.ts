/**
 * Refusals of the local REST API in the shape of Meta's Graph API (`{error: {message, type, code, …}}`), so that a program that reads the
 * one can read the other. `code` is our closed code (`contract/app-error.ts`), which is what to decide by, where Meta has a number; the
 * number that Meta uses for the nearest thing is `error_subcode`. `type` is the kind of refusal, as coarse as Meta's.
 */
import { APP_ERRORS, type AppErrorCode } from '../../../contract/app-error.ts';

/** Graph API, "Handle errors"; Cloud API, "Error codes". */
const META_CODES: Record<AppErrorCode, number> = {
  INVALID_INPUT: 100,
  TEXT_EMPTY: 100,
  TEXT_TOO_LONG: 100,
  CONTENT_REFUSED: 131009,
  WRONG_ROLE: 131000,
  OPTED_OUT: 131050,
  BLOCKED: 131000,
  TEMPLATE_UNAVAILABLE: 132001,
  FILE_REFUSED: 131053,
  CANNOT_FORWARD: 131000,
  FILE_GONE: 131053,
  PHONE_INVALID: 131009,
  NUMBER_MISSING: 133010,
  UNAUTHORIZED: 190,
  FORBIDDEN: 10,
  NOT_FOUND: 100,
  WINDOW_CLOSED: 131047,
  CONVERSATION_CLOSED: 131000,
  NOT_ALLOWED_NOW: 131000,
  THREAD_MOVED: 131000,
  SYNC_ENDED: 131000,
  OFFLINE: 2,
  INVITE_UNKNOWN: 100,
  INVITE_USED: 100,
  INVITE_EXPIRED: 100,
  INVITE_WITHDRAWN: 100,
  RECOVERY_WRONG: 2,
  RECOVERY_OLD: 2,
  KEY_NOT_GIVEN: 2,
  NOT_A_RELAY: 2,
  TOO_MANY_REQUESTS: 4,
  LAST_ADMIN: 10,
  CHANGED_MEANWHILE: 131000,
  KEY_REUSED: 100,
  UPDATE_NEEDED: 131000,
  DRAFT_STALE: 131000,
  DRAFT_FINDINGS: 131000,
  DRAFT_SENT: 131000,
  FILE_UNREADABLE: 131053,
  REPORT_PERIOD_INVALID: 100,
  HOURS_INVALID: 100,
  NOT_ENROLLED: 10,
  DISK_FULL: 1,
  INTERNAL: 1,
};
const TRANSIENT: ReadonlySet<AppErrorCode> = new Set(['OFFLINE', 'TOO_MANY_REQUESTS']);
/** The paths of what is wrong stand at the beginning of a detail, one for each problem: `limit: too big; status: unknown`. */
const FIELD = /^([\w[\].$-]+(?: [\w-]+)?): /;

export const REST_ERROR_TYPES = ['RequestException', 'AuthException', 'StateException', 'RateException', 'ServiceException'] as const;
const typeOf = (status: number): (typeof REST_ERROR_TYPES)[number] =>
  status === 401 || status === 403 ? 'AuthException' : status === 409 ? 'StateException' : status === 429 ? 'RateException' : status >= 500 ? 'ServiceException' : 'RequestException';

export type RestErrorBody = {
  error: {
    message: string;
    type: (typeof REST_ERROR_TYPES)[number];
    code: AppErrorCode;
    error_subcode: number;
    is_transient?: true;
    error_data?: { details: string; field?: string };
    fbtrace_id: string;
  };
};

/** @param detail what exactly is wrong, if it is more than the code says. @param traceId stands in the log, too. */
export function toRestError(code: AppErrorCode, detail: string, traceId: string): RestErrorBody {
  const field = FIELD.exec(detail)?.[1];
  return {
    error: {
      message: detail,
      type: typeOf(APP_ERRORS[code].status),
      code,
      error_subcode: META_CODES[code],
      ...(TRANSIENT.has(code) && { is_transient: true }),
      ...(detail !== APP_ERRORS[code].message && { error_data: { details: detail, ...(field !== undefined && { field }) } }),
      fbtrace_id: traceId,
    },
  };
}

/** The same as a schema for the document. */
export const REST_ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'code', 'error_subcode', 'fbtrace_id'],
      properties: {
        message: { type: 'string', description: 'What is wrong, for logs and for programmers.' },
        type: { type: 'string', enum: REST_ERROR_TYPES, description: 'The kind of refusal.' },
        code: { type: 'string', enum: Object.keys(APP_ERRORS), description: 'What happened. Decide by this one.' },
        error_subcode: { type: 'integer', description: 'The number that Meta uses for the nearest thing.' },
        is_transient: { type: 'boolean', description: 'The same call may succeed later.' },
        error_data: {
          type: 'object',
          required: ['details'],
          properties: { details: { type: 'string', description: 'What exactly is wrong.' }, field: { type: 'string', description: 'Path of the first value that is wrong.' } },
        },
        fbtrace_id: { type: 'string', description: 'Names this answer in the log of this desktop.' },
      },
    },
  },
} as const;
