/** What an admin has confirmed automatic answers for: another model, address or prompt is something else. */
import { createHash } from 'node:crypto';
import type { AiSettings } from '../../../contract/ai/ai-entities.ts';
import { PROMPT_VERSION } from './prompt/system-text.ts';

/** Hex, the same for the same settings on every desktop with this program. */
export function autoConfirmationOf({ provider: { profile, baseUrl, model, api } }: Pick<AiSettings, 'provider'>): string {
  return createHash('sha256')
    .update(JSON.stringify([profile, baseUrl, model, api, PROMPT_VERSION]))
    .digest('hex')
    .slice(0, 32);
}

/** Settings as they may be saved: answers leave by themselves only for what was confirmed, anything else takes them back to shadow. */
export function withConfirmedAuto(settings: AiSettings): AiSettings {
  return settings.auto.state === 'on' && settings.auto.confirmedFor !== autoConfirmationOf(settings) ? { ...settings, auto: { ...settings.auto, state: 'shadow' } } : settings;
}
