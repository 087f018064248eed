/** What comes with the refusal CONTENT_REFUSED. Apart from `app-error.ts`, so that whoever only needs its codes loads no schemas. */
import { z } from 'zod';
import { SEND_ISSUE_REASONS } from './whatsapp/send-message.ts';

/**
 * Which part of the message is wrong (path in `ComposedContent`, like `interactive.buttons.0.title`) and how.
 * `limit`: characters or elements; null: no question of length.
 */
export const refusedContentSchema = z.object({ field: z.string(), reason: z.enum(SEND_ISSUE_REASONS), limit: z.number().nullable() });
export type RefusedContent = z.infer<typeof refusedContentSchema>;
