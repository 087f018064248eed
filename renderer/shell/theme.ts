/** The theme on the document, remembered so that the next start opens in it before the engine has answered. */
import type { Preferences } from '../../contract/entities.ts';
import { findWindowStorage } from './window-storage.ts';

type Theme = Preferences['theme'];
const STORAGE_KEY = 'bandeja.theme';

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  findWindowStorage().setItem(STORAGE_KEY, theme);
}

export function applyRememberedTheme(): void {
  const theme = findWindowStorage().getItem(STORAGE_KEY);
  if (theme === 'light' || theme === 'dark') applyTheme(theme);
}
