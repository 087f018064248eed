import { describe, expect, it } from 'vitest';
import { ERROR_CODES, findErrorCode, judgeRetry } from '../../../contract/whatsapp/error-codes.ts';

describe("Meta's error table", () => {
  it('would lose a row if two rows had one code, or be hard to read if not in order', () => {
    const codes = ERROR_CODES.map((row) => row.code);
    expect(codes).toEqual([...new Set(codes)].toSorted((a, b) => a - b));
  });

  it('knows every code the reference lists', () => {
    expect(ERROR_CODES).toHaveLength(154);
    for (const code of [0, 1, 2, 4, 100, 190, 368, 130429, 130472, 131000, 131026, 131047, 131049, 131053, 131056, 132001, 133010, 2388299]) expect(findErrorCode(code)?.code).toBe(code);
  });

  it('would repeat at once if a repeatable code had no pause, or suggest waiting where waiting does not help', () => {
    for (const row of ERROR_CODES) expect(row.minWaitS > 0, `code ${row.code}`).toBe(row.retry === 'backoff' || row.retry === 'wait');
  });

  it('says in words what each code means and what to do', () => {
    for (const { code, meaning, action } of ERROR_CODES) {
      expect(meaning.length, `code ${code}`).toBeGreaterThan(5);
      expect(action.length, `code ${code}`).toBeGreaterThan(5);
      expect(`${meaning} ${action}`).not.toContain('See meaning');
    }
  });

  it('reads the whole family of permission refusals from one row, and nothing beyond it', () => {
    for (const code of [200, 210, 299]) expect(findErrorCode(code)?.retry).toBe('fix');
    for (const code of [199, 300, 77, -1]) expect(findErrorCode(code)).toBeNull();
  });
});

describe('judging a repeat', () => {
  it('would loop on a closed window or an opted-out person if the table did not decide', () => {
    expect(judgeRetry({ code: 131047, httpStatus: 400 })).toEqual({ retry: 'fix', waitMs: 0 });
    expect(judgeRetry({ code: 131050, httpStatus: null })).toEqual({ retry: 'never', waitMs: 0 });
    expect(judgeRetry({ code: 190, httpStatus: 500, isTransient: true })).toEqual({ retry: 'fix', waitMs: 0 });
  });

  it('would give up on throttling if it went by the HTTP status', () => {
    expect(judgeRetry({ code: 131056, httpStatus: 400 })).toEqual({ retry: 'backoff', waitMs: 6_000 });
    expect(judgeRetry({ code: 130429, httpStatus: 400 })).toEqual({ retry: 'backoff', waitMs: 1_000 });
    expect(judgeRetry({ code: 131048, httpStatus: 400 })).toEqual({ retry: 'wait', waitMs: 86_400_000 });
  });

  it('repeats what it does not know only when it looks temporary', () => {
    expect(judgeRetry({ code: 999999, httpStatus: 503 }).retry).toBe('backoff');
    expect(judgeRetry({ code: null, httpStatus: 502 }).retry).toBe('backoff');
    expect(judgeRetry({ code: null, httpStatus: 429 }).retry).toBe('backoff');
    expect(judgeRetry({ code: 999999, httpStatus: 400, isTransient: true }).retry).toBe('backoff');
    expect(judgeRetry({ code: 999999, httpStatus: 400 })).toEqual({ retry: 'fix', waitMs: 0 });
    expect(judgeRetry({ code: null, httpStatus: 403 }).retry).toBe('fix');
  });
});
