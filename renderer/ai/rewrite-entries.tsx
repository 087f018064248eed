import { Languages, Scissors, Smile, SpellCheck, UserRoundCheck } from 'lucide-react';
import type { Translate } from '../i18n/i18n.ts';
import type { DraftDeskState, Rewriting } from '../store/draft-desk-store.ts';
import type { MenuEntry } from '../ui/menu.tsx';

type Subject = Pick<Rewriting, 'target' | 'draftId'> & { text: string };

/** By language code; any other by its name. */
const LANGUAGES = ['es', 'en', 'pt', 'fr'] as const;

/** The ways to say the same otherwise. */
export function rewriteEntries(t: Translate, desk: Pick<DraftDeskState, 'rewrite' | 'showField'>, conversationId: string, what: Subject): MenuEntry[] {
  const isDisabled = what.text.trim() === '';
  const run = (rewrite: Rewriting['rewrite'], language: string | null = null) => ({ isDisabled, run: () => desk.rewrite(conversationId, what, rewrite, language) });
  return [
    { label: t('ai.rewrite.shorten'), icon: <Scissors size={15} />, ...run('shorten') },
    { label: t('ai.rewrite.friendlier'), icon: <Smile size={15} />, ...run('friendlier') },
    { label: t('ai.rewrite.formal'), icon: <UserRoundCheck size={15} />, ...run('formal') },
    { label: t('ai.rewrite.fix'), icon: <SpellCheck size={15} />, ...run('fix') },
    ...LANGUAGES.map((language) => ({ label: t(`ai.language.to.${language}`), icon: <Languages size={15} />, ...run('translate', language) })),
    { label: t('ai.language.other'), icon: <Languages size={15} />, isDisabled, run: () => desk.showField({ conversationId, what: 'language', ...what }) },
  ];
}
