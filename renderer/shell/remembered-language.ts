/** The preferred language, remembered so that the next start opens in it before the engine has answered. */
import type { Preferences } from '../../contract/entities.ts';
import { findWindowStorage } from './window-storage.ts';

const STORAGE_KEY = 'bandeja.language';

export const rememberLanguage = (language: Preferences['language']): void => findWindowStorage().setItem(STORAGE_KEY, language);
export const readRememberedLanguage = (): Preferences['language'] => findWindowStorage().getItem(STORAGE_KEY) ?? 'system';
