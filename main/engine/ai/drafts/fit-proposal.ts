/** A finished draft as large as an op may be. */
import { OP_BODY_MAX } from '../../../../contract/limits.ts';
import type { OpArgs } from '../../../../contract/ops/op.ts';

/** Room for the op's own frame. */
const FRAME = 200;
/** What each passage keeps at most, tried in turn: it can be opened where it stands. */
const LENGTHS = [3_000, 1_500, 700, 300];

/** The text of the draft is never touched; passages are cut, then what the model wrote beside the final text goes. */
export function fitProposal(args: OpArgs<'draft.propose'>): OpArgs<'draft.propose'> {
  const isFitting = (candidate: OpArgs<'draft.propose'>): boolean => JSON.stringify(candidate).length <= OP_BODY_MAX - FRAME;
  let fitting = args;
  for (const length of LENGTHS) {
    if (isFitting(fitting)) return fitting;
    fitting = { ...args, body: { ...args.body, facts: args.body.facts.map((fact) => ({ ...fact, text: fact.text.slice(0, length) })) } };
  }
  return fitting;
}
