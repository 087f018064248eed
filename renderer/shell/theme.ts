/**
 * Theme, contrast and density on the document, remembered so that the next start opens in them before the engine has answered.
 * Invariant: `data-contrast` says what holds, chosen here or asked for by the system; the style sheets know only the attribute.
 */
import type { Preferences } from '../../contract/entities.ts';
import { findWindowStorage } from './window-storage.ts';

type Look = Pick<Preferences, 'theme' | 'contrast' | 'density'>;
/** What is on the document where nothing was chosen: the computer's own wishes, and rows with room. */
const DEFAULTS: Look = { theme: 'system', contrast: 'system', density: 'comfortable' };
const CHOICES: { [K in keyof Look]: readonly Look[K][] } = { theme: ['light', 'dark'], contrast: ['more'], density: ['compact'] };
const keyOf = (name: keyof Look): string => `bandeja.${name}`;
/** The system's wish for more contrast. */
export const MORE_CONTRAST = '(prefers-contrast: more)';

/**
 * `data-theme`, `data-contrast` and `data-density` of the document; absent for what nobody asked for.
 * @param look what was chosen; that, and not the system's wish, is remembered.
 */
export function applyLook(look: Look, systemWantsContrast: boolean): void {
  const shown: Look = systemWantsContrast ? { ...look, contrast: 'more' } : look;
  for (const name of Object.keys(DEFAULTS) as (keyof Look)[]) {
    if (shown[name] === DEFAULTS[name]) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = shown[name];
    findWindowStorage().setItem(keyOf(name), look[name]);
  }
}

export function applyRememberedLook(): void {
  const recall = <K extends keyof Look>(name: K): Look[K] => CHOICES[name].find((choice) => choice === findWindowStorage().getItem(keyOf(name))) ?? DEFAULTS[name];
  applyLook({ theme: recall('theme'), contrast: recall('contrast'), density: recall('density') }, matchMedia(MORE_CONTRAST).matches);
}
