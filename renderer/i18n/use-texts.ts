/** Texts and formats of the language in use. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { createFormats, type Formats } from './format.ts';
import type { Language, Translate } from './i18n.ts';

export function useTexts(): { t: Translate; format: Formats; language: Language } {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'es';
  const format = useMemo(() => createFormats(language), [language]);
  return { t, format, language };
}
