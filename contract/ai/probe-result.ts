/** What "test connection" found out about a model's server. */
import { z } from 'zod';
import { aiFailureSchema } from './ai-views.ts';
import { PROVIDER_PROBLEMS } from './ai-words.ts';

const ms = z.number().int().nonnegative();

export const probeResultSchema = z.object({
  /** A draft could be made with these settings. */
  isOk: z.boolean(),
  /** The settings themselves are wrong; no draft was asked for. */
  problem: z.enum(PROVIDER_PROBLEMS).nullable(),
  failure: aiFailureSchema.nullable(),
  /** Null: nothing would leave the machine. */
  host: z.string().max(255).nullable(),
  /** Null: the server does not tell. */
  models: z.array(z.string().max(200)).max(500).nullable(),
  modelAnswered: z.string().max(200).nullable(),
  /** The rest is false or null where no answer came. `streams` false: texts come whole. */
  streams: z.boolean(),
  /** It counts tokens itself; false: they are estimated. */
  tellsUsage: z.boolean(),
  /** It thinks before it writes: slower, and thinking is paid as output. */
  thinks: z.boolean(),
  embeds: z.boolean(),
  firstTokenMs: ms.nullable(),
  totalMs: ms,
});
export type ProbeResult = z.infer<typeof probeResultSchema>;
