/** The theme on the document, remembered so that the next start opens in it before the engine has answered. */
import type { Preferences } from '../../contract/entities.ts';

type Theme = Preferences['theme'];
const STORAGE_KEY = 'bandeja.theme';

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(STORAGE_KEY, theme);
}

export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(STORAGE_KEY);
  if (theme === 'light' || theme === 'dark') applyTheme(theme);
}
