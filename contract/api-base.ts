/** What every part of the contract (`api.ts`, `work-api.ts`) is made of. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { APP_ERRORS } from './app-error.ts';
import { refusedContentSchema } from './refused-content.ts';

export const base = oc.errors({ ...APP_ERRORS, CONTENT_REFUSED: { ...APP_ERRORS.CONTENT_REFUSED, data: refusedContentSchema.optional() } });

/**
 * What became of an op, with its id for `ops.undo`. A refusal by the team's rules is an answer, not an error.
 * `reason` of `superseded`: the customer wrote, a newer conversation of theirs is open, it is not active, or somebody else was faster (null).
 */
export const opResult = z.object({
  opId: z.string().min(1).max(128),
  outcome: z.enum(['applied', 'merged', 'partial', 'superseded', 'held', 'duplicate', 'target_missing', 'forbidden']),
  reason: z.enum(['customer_wrote', 'newer_conversation', 'not_active', 'deleted']).nullable(),
});
