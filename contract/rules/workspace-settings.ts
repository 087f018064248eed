/** What admins set for the whole workspace. One row per key; a key without a row has its default. */
import { z } from 'zod';
import { NAME_MAX } from '../limits.ts';

export const workspaceSettingsSchema = z.object({
  /** Shown to everybody who joins; empty: the number's verified name is shown. */
  name: z.string().trim().max(NAME_MAX),
  /** Whoever answers an unassigned conversation takes it. */
  assignOnReply: z.boolean(),
});
export type WorkspaceSettings = z.infer<typeof workspaceSettingsSchema>;

export const DEFAULT_WORKSPACE_SETTINGS: WorkspaceSettings = { name: '', assignOnReply: true };

/** One key with its value, as ops carry it. */
export const workspaceSettingSchema = z.discriminatedUnion('key', [
  z.object({ key: z.literal('name'), value: workspaceSettingsSchema.shape.name }),
  z.object({ key: z.literal('assignOnReply'), value: workspaceSettingsSchema.shape.assignOnReply }),
]);
export type WorkspaceSetting = z.infer<typeof workspaceSettingSchema>;
