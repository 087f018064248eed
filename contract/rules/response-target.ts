/** How a customer's waiting stands to the response target; free of schemas, because every row of the list asks with the clock. */

/** `soonAt`: from when on it is said that time runs out; `dueAt`: when they should have heard from us. Relay time, ms. */
export type ResponseTarget = { soonAt: number; dueAt: number };
export type TargetState = 'ok' | 'soon' | 'late';

/** @param now relay time, ms. */
export const judgeTarget = ({ soonAt, dueAt }: ResponseTarget, now: number): TargetState => (now > dueAt ? 'late' : now >= soonAt ? 'soon' : 'ok');
