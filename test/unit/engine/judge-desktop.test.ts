import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../contract/entities.ts';
import { judgeAccount } from '../../../main/engine/diagnostics/judge-desktop.ts';
import { findAccountProblem } from '../../../renderer/store/account-store.ts';

const event = (part: Partial<AccountEvent>): AccountEvent => ({ id: 'e_1', at: 1, field: 'errors', event: '131000', subject: '109876500000001', severity: 'error', detail: {}, ...part });

describe('an error that belongs to no message', () => {
  it('is worth a look, and troubles nobody, while the account can send', () => {
    const events = [event({}), event({ id: 'e_2', field: 'account_update', event: 'ACCOUNT_VIOLATION', severity: 'warning' })];
    expect(judgeAccount(events)).toMatchObject({ state: 'warning', facts: { event: '131000', count: 2 } });
    expect(findAccountProblem({ events })).toBeNull();
  });

  it('is a problem of everybody when it says that the account may not send', () => {
    const events = [event({}), event({ id: 'e_2', event: '131042' })];
    expect(judgeAccount(events)).toMatchObject({ state: 'failed', facts: { event: '131042', count: 1 } });
    expect(findAccountProblem({ events })?.id).toBe('e_2');
  });

  it('does not stand before what Meta says of the account', () => {
    const events = [event({}), event({ id: 'e_2', field: 'account_update', event: 'DISABLED_UPDATE' })];
    expect(judgeAccount(events)).toMatchObject({ state: 'failed', facts: { event: 'DISABLED_UPDATE', count: 1 } });
    expect(findAccountProblem({ events })?.id).toBe('e_2');
  });
});
