/**
 * The closed list of errors that cross a program's edge. Every code has a text in each language of the interface
 * (`renderer/i18n`), so a code is never shown raw. Outcomes that a caller handles are return values, not errors.
 */
import type { RefusedContent } from './refused-content.ts';

export const APP_ERRORS = {
  INVALID_INPUT: { status: 400, message: 'The request does not have the expected shape' },
  TEXT_EMPTY: { status: 400, message: 'The message has no text' },
  TEXT_TOO_LONG: { status: 400, message: 'The message is longer than 4096 characters' },
  CONTENT_REFUSED: { status: 400, message: 'WhatsApp would refuse this message' },
  WRONG_ROLE: { status: 409, message: 'By its service request this template belongs to somebody else: send it with `isOverride` if that is meant' },
  OPTED_OUT: { status: 409, message: 'This person wants no advertising' },
  BLOCKED: { status: 409, message: 'This person is blocked: unblock them first' },
  TEMPLATE_UNAVAILABLE: { status: 409, message: 'The account has no such template, or it is not approved' },
  FILE_REFUSED: { status: 400, message: 'WhatsApp takes no file of this type or size' },
  CANNOT_FORWARD: { status: 409, message: 'Messages of this kind cannot be forwarded' },
  FILE_GONE: { status: 409, message: 'The file is no longer on this computer: choose it again' },
  PHONE_INVALID: { status: 400, message: 'This is no phone number: write it with its country code' },
  NUMBER_MISSING: { status: 409, message: 'This desktop has no WhatsApp number yet: an admin gives it one' },
  UNAUTHORIZED: { status: 401, message: 'The access token is missing or wrong' },
  FORBIDDEN: { status: 403, message: 'This is not allowed for your role or from this address' },
  NOT_FOUND: { status: 404, message: 'There is nothing with this id' },
  WINDOW_CLOSED: { status: 409, message: 'The 24-hour service window is closed: only a template can be sent' },
  CONVERSATION_CLOSED: { status: 409, message: 'The conversation is closed: a new message from the customer starts a new one' },
  NOT_ALLOWED_NOW: { status: 409, message: 'The message is not in a state in which this can be done' },
  THREAD_MOVED: { status: 409, message: 'Somebody answered or the customer wrote after what was seen: read it and send again with a newer `seenThrough`' },
  SYNC_ENDED: { status: 409, message: 'This desktop no longer follows its workspace, so nothing can be sent from it; its window says why and what to do' },
  OFFLINE: { status: 503, message: 'This needs the relay, which cannot be reached now' },
  INVITE_UNKNOWN: { status: 400, message: 'The invite is not known to this relay: check that it was copied whole' },
  INVITE_USED: { status: 409, message: 'The invite has been used: ask for a new one' },
  INVITE_EXPIRED: { status: 409, message: 'The invite has expired: ask for a new one' },
  INVITE_WITHDRAWN: { status: 409, message: 'The invite was withdrawn by an admin: ask for a new one' },
  RECOVERY_WRONG: { status: 400, message: 'This is no recovery code: a character is missing or mistyped' },
  RECOVERY_OLD: { status: 409, message: 'This recovery code does not open the workspace: it was printed before the last change of its key, or belongs to another one' },
  KEY_NOT_GIVEN: { status: 409, message: 'No admin has said yes to this desktop yet: an admin compares the code and confirms it in Bandeja' },
  NOT_A_RELAY: { status: 502, message: 'What answers at this address is no relay of this program' },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many attempts: wait a minute and try again' },
  LAST_ADMIN: { status: 409, message: 'The last admin cannot leave or lose the role: make somebody else admin first' },
  CHANGED_MEANWHILE: { status: 409, message: 'Somebody changed this meanwhile: look again' },
  KEY_REUSED: { status: 422, message: 'This Idempotency-Key came with another request before: use a new key for a new request' },
  UPDATE_NEEDED: { status: 409, message: 'Not every desktop of the team is up to date: this comes with the update' },
  DRAFT_STALE: { status: 409, message: 'The conversation went on after this draft was made: read it, and send with `isStaleAccepted` if it still fits' },
  DRAFT_FINDINGS: { status: 409, message: 'The text says something that nothing supports: look at it, and send with `acceptsFindings` if it is right' },
  DRAFT_SENT: { status: 409, message: 'This draft has been sent already: read the thread, and send what is still to be said as a message of its own' },
  FILE_UNREADABLE: { status: 400, message: 'No text could be read from this file' },
  REPORT_PERIOD_INVALID: { status: 400, message: 'The period ends before it begins, is longer than three years, or does not lie between 2000 and 2099' },
  HOURS_INVALID: { status: 400, message: 'The business hours name no known time zone, open twice at the same time, or name a day twice' },
  NOT_ENROLLED: { status: 409, message: 'This desktop has not joined a workspace yet' },
  DISK_FULL: { status: 507, message: 'The disk of this computer is full or cannot be written: make room and try again' },
  INTERNAL: { status: 500, message: 'Something failed inside the program; the log names it' },
} as const;

export type AppErrorCode = keyof typeof APP_ERRORS;

/** Thrown inside the engine for a refusal that the caller should see. `message` is for logs; people see the translated code. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  /** With CONTENT_REFUSED. */
  readonly refused: RefusedContent | undefined;
  constructor(code: AppErrorCode, detail?: string, refused?: RefusedContent) {
    super(detail ?? APP_ERRORS[code].message);
    this.name = 'AppError';
    this.code = code;
    this.refused = refused;
  }
}

/** Makes the compiler point at a branch that a new variant needs. */
export function assertNever(value: never): never {
  throw new Error(`unexpected variant: ${JSON.stringify(value)}`);
}
