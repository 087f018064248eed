/** Which mode counts in a conversation, and who said so: the conversation itself, its number, or the workspace. */
import type { AiSettings } from './ai-entities.ts';
import type { AiMode } from './ai-words.ts';

export type EffectiveMode = { mode: AiMode; from: 'conversation' | 'number' | 'workspace' };

/** `off` for the workspace is off everywhere; a number that is off is off for its conversations. */
export function effectiveMode(settings: Pick<AiSettings, 'mode' | 'numberModes'>, phoneNumberId: string, own: AiMode | null): EffectiveMode {
  const number = Object.hasOwn(settings.numberModes, phoneNumberId) ? settings.numberModes[phoneNumberId] : undefined;
  if (settings.mode === 'off') return { mode: 'off', from: 'workspace' };
  if (number === 'off') return { mode: 'off', from: 'number' };
  if (own !== null) return { mode: own, from: 'conversation' };
  return number === undefined ? { mode: settings.mode, from: 'workspace' } : { mode: number, from: 'number' };
}
