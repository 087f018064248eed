/**
 * Whether a person may be written to at all. Asked when a message is written and again when it leaves: what they or the team decide in
 * between counts. What was said of a person counts for every identity that was merged into them.
 */
import { AppError } from '../../../contract/app-error.ts';
import type { OutboundContent } from '../../../contract/ops/op.ts';
import type { ContactRow, StateTx } from '../../../contract/state.ts';

/** `BLOCKED`: the team wants nothing sent. `OPTED_OUT`: they want no advertising, and this is some. */
export type ContactObjection = 'BLOCKED' | 'OPTED_OUT';

export function findObjection(state: Pick<StateTx, 'get'>, contactId: string, content: OutboundContent): ContactObjection | null {
  const rows = lineOf(state, contactId);
  if (rows.some(({ is_blocked }) => is_blocked === 1)) return 'BLOCKED';
  return content.kind === 'template' && content.category.toUpperCase() === 'MARKETING' && hasOptedOut(rows) ? 'OPTED_OUT' : null;
}

/** @throws AppError BLOCKED, OPTED_OUT. */
export function requireMayContact(state: Pick<StateTx, 'get'>, contactId: string, content: OutboundContent): void {
  const objection = findObjection(state, contactId, content);
  if (objection) throw new AppError(objection);
}

export const wantsNoAdvertising = (state: Pick<StateTx, 'get'>, contactId: string): boolean => hasOptedOut(lineOf(state, contactId));

/** What was said last counts; of the same moment the refusal. */
function hasOptedOut(rows: readonly ContactRow[]): boolean {
  const last = Math.max(...rows.map(({ marketing, marketing_at: at }) => (marketing === null ? -1 : (at ?? 0))));
  return rows.some(({ marketing, marketing_at: at }) => marketing === 'stop' && (at ?? 0) === last);
}

/** The contact, and those that stand for it after merges. */
function lineOf(state: Pick<StateTx, 'get'>, contactId: string): ContactRow[] {
  const rows: ContactRow[] = [];
  for (let id: string | null = contactId; id !== null;) {
    const row: ContactRow | undefined = state.get('contact', [id]);
    if (!row) break;
    rows.push(row);
    id = row.merged_into;
  }
  return rows;
}
