/**
 * Reports: what the team did in a period, counted on this desktop from its own rows, also offline.
 *
 * A *turn* begins with the first message of a customer that nobody has answered, and ends with the next message of the
 * team (a person's, one from the phone, or an automatic one; not one that failed or was held, nor the notice of a service
 * request, which answers nothing). Its response time runs over business hours (`workspace-settings.ts`). It belongs to the
 * day on which it began, and to whoever ended it; one that still runs belongs to whoever has the conversation at present.
 * While a conversation is archived or closed without an answer its turn does not count: nobody waits. Reopened by hand it
 * goes on; a new message of the customer begins another one. The first turn of a conversation that counts gives its first
 * response time, the others the next response time. A *resolution* runs from the message that began a conversation, or
 * reopened it, to its archiving or closing, and belongs to the day on which it ended and to whoever did it; reopening by
 * hand takes it back. Whose a conversation is, its team and its service type count as they are at present.
 * Only what the log has confirmed counts, so every desktop counts the same; what was imported from the phone's past does not.
 */
import { z } from 'zod';
import { base } from './api-base.ts';
import { agentSchema } from './entities.ts';
import { calendarDaySchema } from './rules/business-hours.ts';

const count = z.number().int().nonnegative();
/** Ms. */
const span = z.number().int().nonnegative();

/** Of spans that have ended. Null: there are none. `wall`: with nights and holidays. */
export const spansSchema = z.object({ count, median: span.nullable(), p90: span.nullable(), mean: span.nullable(), wallMedian: span.nullable() });
export type Spans = z.infer<typeof spansSchema>;

/** Turns by the target: answered within it, answered later, and not answered though the target has passed. `share` within it, in per cent; null: none can be judged, or there is no target. */
export const targetSchema = z.object({ within: count, late: count, missed: count, share: z.number().min(0).max(100).nullable() });

export const figuresSchema = z.object({
  conversations: z.object({ opened: count, reopened: count, resolved: count }),
  /** Of customers; of the team, whoever or whatever wrote them; of those the automatic answers, those that a person sent from a draft by AI, and the templates. Reactions do not count. */
  messages: z.object({ in: count, out: count, automatic: count, fromDraft: count, templates: count }),
  firstResponse: spansSchema,
  nextResponse: spansSchema,
  resolution: spansSchema,
  target: targetSchema,
  /** Each day of the period, in order. */
  days: z.array(z.object({ day: calendarDaySchema, in: count, out: count, firstResponse: span.nullable(), target: targetSchema })),
  /** Messages of customers by weekday (Monday first) and hour, on the wall clock of the business: 7 rows of 24. */
  heat: z.array(z.array(count).length(24)).length(7),
  /** Who answered: a person of the team, the automatic mode, or somebody on the phone (`agent` null for both). `turns`: that belong to them. `open`: active conversations of theirs at present. Most turns first. */
  agents: z.array(
    z.object({ by: z.enum(['person', 'automatic', 'phone']), agent: agentSchema.nullable(), messages: count, turns: count, response: spansSchema, target: targetSchema, resolved: count, open: count }),
  ),
  /** By the service type of the request that a conversation was linked to last; null: none. `conversations`: in which something was written. Most turns first. */
  serviceTypes: z.array(z.object({ serviceType: z.string().nullable(), conversations: count, turns: count, response: spansSchema, target: targetSchema })),
  /** By name. `sent`: left, whatever became of them; `answered`: the customer wrote in the same conversation within 24 h of it. Most sent first. */
  templates: z.array(z.object({ name: z.string(), sent: count, delivered: count, read: count, failed: count, answered: count })),
  /** Messages of the team that failed, by Meta's code or one of our own (`OWN_ERROR`); most first. */
  failures: z.array(z.object({ code: z.number().int().nullable(), count })),
  /** Service windows that closed on a customer who had not been answered, by when they closed; and replies that were stopped because theirs had closed. */
  windows: z.object({ lost: count, stopped: count }),
  /** What people did with drafts by AI (`drafts` is the sum; by when they decided), automatic answers, and the share in per cent of the team's messages that AI wrote or drafted (null: none). */
  ai: z.object({ drafts: count, asIs: count, edited: count, discarded: count, automatic: count, share: z.number().min(0).max(100).nullable() }),
});
export type Figures = z.infer<typeof figuresSchema>;

export const reportSchema = z.object({
  /** The days asked for, both included, and the moments (relay time, ms) at which they begin and end in the business's time zone. */
  period: z.object({ from: calendarDaySchema, to: calendarDaySchema, startsAt: z.number().int(), endsAt: z.number().int() }),
  timeZone: z.string(),
  /** Null: the target is off. */
  targetMinutes: z.number().int().nullable(),
  current: figuresSchema,
  /** As many days before it, or the period that was asked for. */
  previous: figuresSchema.nullable(),
  /** How much has been counted so far, 0 to 1; below 1 (first use of a long history) the figures grow. */
  progress: z.number().min(0).max(1),
});
export type Report = z.infer<typeof reportSchema>;

export const reportsContract = {
  reports: {
    /** REPORT_PERIOD_INVALID (400) where `to` is before `from`, there are more than `REPORT_DAYS_MAX` days, or one outside `REPORT_FIRST_DAY` to `REPORT_LAST_DAY`. `compare`: `before`: the days right before; or a period of its own. */
    get: base
      .input(
        z.object({
          from: calendarDaySchema,
          to: calendarDaySchema,
          compare: z.union([z.literal('none'), z.literal('before'), z.object({ from: calendarDaySchema, to: calendarDaySchema })]).default('none'),
          /**
           * Only what is of them: of an agent what they ended, wrote or decided, and of what nobody has ended yet what is in their conversations (a customer's
           * message belongs with its turn); of a team and a service type what is in their conversations.
           */
          agentId: z.string().max(128).optional(),
          teamId: z.string().max(128).optional(),
          serviceType: z.string().max(200).optional(),
        }),
      )
      .output(reportSchema),
  },
};
