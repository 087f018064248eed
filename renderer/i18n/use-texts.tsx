/** Texts and formats of the language in use. */
import { createContext, use, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { createFormats, type Formats } from './format.ts';
import type { Language, Translate } from './i18n.ts';

type Texts = { t: Translate; format: Formats; language: Language };

const TextsContext = createContext<Texts | null>(null);

/** Made once for the whole window: setting up the formats costs some milliseconds, and hundreds of components use them. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'es';
  const format = useMemo(() => createFormats(language), [language]);
  const texts = useMemo(() => ({ t, format, language }), [t, format, language]);
  return <TextsContext value={texts}>{children}</TextsContext>;
}

export function useTexts(): Texts {
  const texts = use(TextsContext);
  if (!texts) throw new Error('TextsProvider is missing');
  return texts;
}
