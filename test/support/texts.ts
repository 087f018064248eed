/** The window's texts, loaded as the window loads them. */
import { createI18n } from '../../renderer/i18n/i18n.ts';

export const TEXTS = { es: await createI18n('es'), en: await createI18n('en') };
