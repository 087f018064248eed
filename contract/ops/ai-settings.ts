/** The AI settings and the stop switch, as rows say them at a point of the log. */
import { aiSettingsSchema, type AiSettings } from '../ai/ai-entities.ts';
import { DEFAULT_AI_SETTINGS } from '../ai/ai-defaults.ts';
import { parseJson } from '../json.ts';
import type { StateTx } from '../state.ts';

/** Key of the stop switch among the workspace settings; it is not one that admins set. */
export const AI_STOPPED_KEY = 'aiStopped';

export function readAiSettings(tx: Pick<StateTx, 'get'>): AiSettings {
  const settings = aiSettingsSchema.safeParse(parseJson(tx.get('workspace_setting', ['ai'])?.value ?? 'null'));
  return settings.success ? settings.data : DEFAULT_AI_SETTINGS;
}

export const isAiStopped = (tx: Pick<StateTx, 'get'>): boolean => tx.get('workspace_setting', [AI_STOPPED_KEY])?.value === 'true';
