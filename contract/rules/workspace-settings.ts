/** What admins set for the whole workspace. One row per key; a key without a row has its default. */
import { z } from 'zod';
import { NAME_MAX, RETENTION_MONTHS_MAX } from '../limits.ts';
import { aiSettingsSchema } from '../ai/ai-entities.ts';
import { DEFAULT_AI_SETTINGS } from '../ai/ai-defaults.ts';
import { businessHoursSchema, DEFAULT_BUSINESS_HOURS } from './business-hours.ts';
import { EVENT_MODES } from '../requests/request-rules.ts';

const eventMode = z.enum(EVENT_MODES);

export const workspaceSettingsSchema = z.object({
  /** Shown to everybody who joins; empty: the number's verified name is shown. */
  name: z.string().trim().max(NAME_MAX),
  /** Whoever answers an unassigned conversation takes it. */
  assignOnReply: z.boolean(),
  /** What an event of a service request does with its template. */
  requestEvents: z.object({ vendor_assigned: eventMode, received: eventMode, form_due: eventMode, approved: eventMode, vendor_removed: eventMode }),
  /** Kinds of service, as forms offer them. */
  serviceTypes: z.array(z.string().trim().min(1).max(NAME_MAX)).max(100),
  /** New conversations that nobody has go to whoever is present, in turn; `capacity`: open conversations a person may have before the turn passes them. */
  routing: z.object({ isOn: z.boolean(), capacity: z.number().int().min(1).max(500) }),
  businessHours: businessHoursSchema,
  /** How soon a customer should hear from us, in minutes of business hours; `warnMinutes` before that the conversation says so. */
  responseTarget: z.object({ isOn: z.boolean(), minutes: z.number().int().min(1).max(10_080), warnMinutes: z.number().int().min(0).max(1_440) }),
  /** Archived and closed conversations go this many months after their last message; null: never. */
  retention: z.object({ months: z.number().int().min(1).max(RETENTION_MONTHS_MAX).nullable() }),
  ai: aiSettingsSchema,
});
export type WorkspaceSettings = z.infer<typeof workspaceSettingsSchema>;

export const DEFAULT_WORKSPACE_SETTINGS: WorkspaceSettings = {
  name: '',
  assignOnReply: true,
  requestEvents: { vendor_assigned: 'propose', received: 'propose', form_due: 'propose', approved: 'propose', vendor_removed: 'propose' },
  serviceTypes: [],
  routing: { isOn: false, capacity: 20 },
  businessHours: DEFAULT_BUSINESS_HOURS,
  responseTarget: { isOn: true, minutes: 60, warnMinutes: 15 },
  retention: { months: null },
  ai: DEFAULT_AI_SETTINGS,
};

/** One key with its value, as ops carry it. */
export const workspaceSettingSchema = z.discriminatedUnion('key', [
  z.object({ key: z.literal('name'), value: workspaceSettingsSchema.shape.name }),
  z.object({ key: z.literal('assignOnReply'), value: workspaceSettingsSchema.shape.assignOnReply }),
  z.object({ key: z.literal('requestEvents'), value: workspaceSettingsSchema.shape.requestEvents }),
  z.object({ key: z.literal('serviceTypes'), value: workspaceSettingsSchema.shape.serviceTypes }),
  z.object({ key: z.literal('routing'), value: workspaceSettingsSchema.shape.routing }),
  z.object({ key: z.literal('businessHours'), value: workspaceSettingsSchema.shape.businessHours }),
  z.object({ key: z.literal('responseTarget'), value: workspaceSettingsSchema.shape.responseTarget }),
  z.object({ key: z.literal('retention'), value: workspaceSettingsSchema.shape.retention }),
  z.object({ key: z.literal('ai'), value: workspaceSettingsSchema.shape.ai }),
]);
export type WorkspaceSetting = z.infer<typeof workspaceSettingSchema>;
