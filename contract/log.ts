/**
 * Structured log lines (one JSON object a line) for every program. Invariant: no message text, phone number, name or
 * token is ever passed in; ids go through `shortId`.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Record<string, string | number | boolean | null | undefined>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** @param write takes one finished line without its line break. @param now milliseconds since the epoch. */
export function createLog(write: (line: string) => void, now: () => number, program: string): Log {
  return (level, event, fields) => write(JSON.stringify({ at: new Date(now()).toISOString(), level, program, event, ...fields }));
}

/** The last 6 characters: enough to follow one thing through a log, not enough to name a person. */
export const shortId = (id: string): string => (id.length <= 8 ? id : `…${id.slice(-6)}`);

/** Name and message of an error, without stack; for log fields. */
export const errorText = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
