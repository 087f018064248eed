/** What the first steps of a workspace and the settings ask of the engine, besides what other screens ask too. */
import { z } from 'zod';
import { base } from './api-base.ts';
import { messageContentSchema } from './whatsapp/message-content.ts';
import { businessHoursSchema } from './rules/business-hours.ts';
import { verifyTokenSchema } from './wire-http.ts';

const count = z.number().int().nonnegative();

/** How far the workspace is: read from what is there, so that nothing has to be ticked off. */
export const setupStateSchema = z.object({
  /** Base address of what answers in the place of Meta's Graph API; null: Meta itself. */
  standIn: z.string().nullable(),
  relayUrl: z.string().nullable(),
  /** The newest message of a customer, in any conversation. `at`: Meta's timestamp, ms. */
  newestMessage: z.object({ id: z.string(), conversationId: z.string(), name: z.string(), content: messageContentSchema, at: z.number().int() }).nullable(),
  /** Of the built-in templates: how many can be sent, of how many. */
  templates: z.object({ ready: count, total: count }),
  /** An admin has said when the business is open; until then the default counts. */
  hasHours: z.boolean(),
  /** `model`: one is set up, with its key; `knowledge`: articles that drafts quote word for word. */
  ai: z.object({ hasModel: z.boolean(), articles: count }),
});
export type SetupState = z.infer<typeof setupStateSchema>;

/** Versions of what the program runs on; `electron` null: in the browser shell. */
export const aboutSchema = z.object({ version: z.string(), node: z.string(), sqlite: z.string(), electron: z.string().nullable(), chromium: z.string().nullable(), system: z.string() });
export type About = z.infer<typeof aboutSchema>;

export const setupContract = {
  state: base.output(setupStateSchema),
  /** The address that Meta is told. By admins (FORBIDDEN); the relay knows it (OFFLINE; NOT_FOUND: it is of an older version). `isPublic`: Meta can reach it, as far as the address tells. */
  webhook: base.output(z.object({ callbackUrl: z.string(), isPublic: z.boolean() })),
  /** The word that Meta is told with it; asked for each time, kept nowhere. Refusals as above. */
  verifyToken: base.output(z.object({ verifyToken: verifyTokenSchema })),
  /**
   * Tells the WhatsApp account to deliver to our app, which the App Dashboard does not do by itself; again where it does already. By
   * admins. `no_account`: this desktop does not know the account's id. `refused`: in Meta's words.
   */
  subscribeApp: base.output(z.object({ status: z.enum(['done', 'no_account', 'refused', 'unreachable']), detail: z.string().nullable() })),
  /** Whether hours that need not be saved mean open now, and when that changes, ms; null: never, as far as can be told. Unusable hours (`hours-problems.ts`): INVALID_INPUT. */
  openNow: base.input(z.object({ hours: businessHoursSchema })).output(z.object({ isOpen: z.boolean(), changesAt: z.number().int().nullable() })),
  about: base.output(aboutSchema),
};
