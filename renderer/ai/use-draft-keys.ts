/**
 * The commands of a draft, anywhere in its conversation: taking it into the composer, or asking for one where there is none; going to it and
 * through its sources; Esc stops one that is being made. On the capture phase for Esc: with nothing to stop it means what it always does.
 */
import { useEffect, useMemo } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { isInOverlay } from '../commands/key-targets.ts';
import { useConversationOffer, useOffer } from '../commands/use-commands.ts';
import type { OpenThread } from '../store/open-thread.ts';
import type { Rewriting } from '../store/draft-desk-store.ts';
import { useStores } from '../ui/app-context.tsx';
import type { CardState } from './card-state.ts';

const isBeingMade = (card: CardState | null): boolean => card?.kind === 'waiting' || card?.kind === 'preparing' || card?.kind === 'streaming';

export function useDraftKeys(thread: OpenThread, card: CardState | null, rewriting: Rewriting | null): void {
  const { ai, draftDesk } = useStores();
  const { id } = thread.conversation;
  const isAsking = isBeingMade(card) || card?.kind === 'template';
  const ofOpen = useMemo(
    (): Offered => ({
      goDraft: { can: () => document.querySelector('[data-draft-card]') !== null, run: () => document.querySelector<HTMLElement>('[data-draft-card]')?.focus() },
      previousSource: { can: () => findSources().length > 0, run: () => stepSource(-1) },
      nextSource: { can: () => findSources().length > 0, run: () => stepSource(1) },
    }),
    [],
  );
  useConversationOffer(id, ofOpen);
  const anywhere = useMemo((): Offered => {
    function takeOrAsk(): void {
      if (rewriting?.target === 'composer' && rewriting.state === 'done') draftDesk.getState().takeRewritten(id);
      else if (card?.kind === 'draft') {
        const { draftId } = card.draft;
        draftDesk.getState().take(id, draftDesk.getState().edits[draftId]?.text ?? card.body.text, draftId);
      } else if (!isAsking) ai.getState().request(id);
    }
    return { takeDraft: takeOrAsk };
  }, [ai, draftDesk, id, card, rewriting, isAsking]);
  useOffer(anywhere);

  useEffect(() => {
    function onEscape(event: KeyboardEvent): void {
      if (event.key !== 'Escape' || event.isComposing || isInOverlay(event.target) || !isOfConversation(event.target)) return;
      const isRewriting = rewriting?.state === 'streaming';
      if (!isRewriting && !isBeingMade(card)) return;
      event.preventDefault();
      event.stopPropagation();
      if (isRewriting) draftDesk.getState().endRewrite(id);
      else ai.getState().cancel(id);
    }
    window.addEventListener('keydown', onEscape, true);
    return () => window.removeEventListener('keydown', onEscape, true);
  }, [ai, draftDesk, id, card, rewriting]);
}

const findSources = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-draft-card] [data-source]')];
/** To the source after the one that has the focus, from the last on to the first. */
function stepSource(by: 1 | -1): void {
  const sources = findSources();
  const at = sources.indexOf(document.activeElement as HTMLElement);
  sources.at(at === -1 ? (by === 1 ? 0 : -1) : (at + by) % sources.length)?.focus();
}

/** Nothing that Esc closes first: a list of suggestions under the text, a question, a search, the choice of a template, a note that is edited, a field of the draft's own. */
function isOfConversation(target: EventTarget | null): boolean {
  if (target === document.body) return true;
  if (!(target instanceof HTMLElement) || !target.closest('main')) return false;
  return !target.hasAttribute('aria-activedescendant') && target.closest('[role="search"], [role="alertdialog"], [role="log"] textarea, [data-takes-letters], [data-takes-escape]') === null;
}
