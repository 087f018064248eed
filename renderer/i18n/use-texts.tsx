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
  const language: Language = i18n.language;
  const format = useMemo(() => createFormats(language), [language]);
  const texts = useMemo(() => ({ t: remember(t), format, language }), [t, format, language]);
  return <TextsContext value={texts}>{children}</TextsContext>;
}

/** A text without values is resolved once: a switch of the conversation asks for hundreds, and i18next takes each key apart anew. */
function remember(translate: Translate): Translate {
  const known = new Map<unknown, unknown>();
  return new Proxy(translate, {
    apply: (resolve, self, asked: unknown[]): unknown => {
      const [key, ...values] = asked;
      if (values.length > 0) return Reflect.apply(resolve, self, asked);
      const text = known.get(key) ?? Reflect.apply(resolve, self, asked);
      known.set(key, text);
      return text;
    },
  });
}

export function useTexts(): Texts {
  const texts = use(TextsContext);
  if (!texts) throw new Error('TextsProvider is missing');
  return texts;
}
