/** What "test connection" found out about a model's server. */
import { z } from 'zod';
import { FAILURE_CLASSES, PROVIDER_PROBLEMS } from './ai-words.ts';

const ms = z.number().int().nonnegative();

export const failureSchema = z.object({
  class: z.enum(FAILURE_CLASSES),
  status: z.number().int().nullable(),
  retryAfterMs: ms.nullable(),
  /** Codes, never the server's own words. */
  detail: z.string().max(300),
});

export const probeResultSchema = z.object({
  /** A draft could be made with these settings. */
  isOk: z.boolean(),
  /** The settings themselves are wrong; nothing was sent. */
  problem: z.enum(PROVIDER_PROBLEMS).nullable(),
  failure: failureSchema.nullable(),
  host: z.string().max(255).nullable(),
  /** Ids of the models it offers; null: it does not list them. */
  models: z.array(z.string().max(200)).max(500).nullable(),
  modelAnswered: z.string().max(200).nullable(),
  /** The rest is null where no answer came. `streams` false: texts come whole. */
  streams: z.boolean().nullable(),
  /** It counts tokens itself; false: they are estimated. */
  tellsUsage: z.boolean().nullable(),
  /** It thinks before it writes: slower, and thinking is paid as output. */
  thinks: z.boolean().nullable(),
  firstTokenMs: ms.nullable(),
  totalMs: ms,
  /** Null: no model for it is set. */
  embeddings: z.object({ dimensions: z.number().int().nonnegative(), failure: failureSchema.nullable() }).nullable(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;
