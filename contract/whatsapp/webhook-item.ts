/**
 * The body of a webhook entry: one item of one of Meta's batches with the envelope it came in. The relay makes it
 * (splitting is all it knows), the reducer reads it. Everything inside is Meta's and stays untouched, so a later version
 * can re-project what an earlier one did not understand. Integers beyond 2^53 arrive as strings of their digits.
 */
import { z } from 'zod';

const anything = z.record(z.string(), z.unknown());

export const webhookItemSchema = z.discriminatedUnion('item', [
  /** An element of `value.messages`, `value.message_echoes`, or of a thread in `value.history`; then `thread` is the rest of that thread. */
  z.object({
    item: z.literal('message'),
    field: z.string(),
    wabaId: z.string(),
    metadata: anything.optional(),
    contacts: z.array(anything).optional(),
    thread: anything.optional(),
    payload: anything,
  }),
  z.object({ item: z.literal('status'), field: z.string(), wabaId: z.string(), metadata: anything.optional(), contacts: z.array(anything).optional(), payload: anything }),
  /** An element of `value.errors`: something went wrong that belongs to no message. */
  z.object({ item: z.literal('error'), field: z.string(), wabaId: z.string(), metadata: anything.optional(), contacts: z.array(anything).optional(), payload: anything }),
  /** Any other change, whole: `payload` is the change's `value` (or `{value}` where that is no object). */
  z.object({ item: z.literal('change'), field: z.string(), wabaId: z.string(), time: z.number().optional(), payload: anything }),
  /** Correctly signed, but not a webhook we can take apart. */
  z.object({ item: z.literal('unrecognised'), text: z.string().optional(), base64: z.string().optional() }),
]);
export type WebhookItem = z.infer<typeof webhookItemSchema>;

/** Entry id, number and message id that the "Test" button of Meta's dashboard sends: acknowledged and kept, never a customer. */
export const isDashboardTest = (wabaId: string, phoneNumberId: string | undefined): boolean => wabaId === '0' || phoneNumberId === '123456123';
