/** What admins set for the whole workspace. One row per key; a key without a row has its default. */
import { z } from 'zod';
import { NAME_MAX } from '../limits.ts';
import { aiSettingsSchema } from '../ai/ai-entities.ts';
import { DEFAULT_AI_SETTINGS } from '../ai/ai-defaults.ts';
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
  ai: aiSettingsSchema,
});
export type WorkspaceSettings = z.infer<typeof workspaceSettingsSchema>;

export const DEFAULT_WORKSPACE_SETTINGS: WorkspaceSettings = {
  name: '',
  assignOnReply: true,
  requestEvents: { vendor_assigned: 'propose', received: 'propose', form_due: 'propose', approved: 'propose', vendor_removed: 'propose' },
  serviceTypes: [],
  routing: { isOn: false, capacity: 20 },
  ai: DEFAULT_AI_SETTINGS,
};

/** One key with its value, as ops carry it. */
export const workspaceSettingSchema = z.discriminatedUnion('key', [
  z.object({ key: z.literal('name'), value: workspaceSettingsSchema.shape.name }),
  z.object({ key: z.literal('assignOnReply'), value: workspaceSettingsSchema.shape.assignOnReply }),
  z.object({ key: z.literal('requestEvents'), value: workspaceSettingsSchema.shape.requestEvents }),
  z.object({ key: z.literal('serviceTypes'), value: workspaceSettingsSchema.shape.serviceTypes }),
  z.object({ key: z.literal('routing'), value: workspaceSettingsSchema.shape.routing }),
  z.object({ key: z.literal('ai'), value: workspaceSettingsSchema.shape.ai }),
]);
export type WorkspaceSetting = z.infer<typeof workspaceSettingSchema>;
