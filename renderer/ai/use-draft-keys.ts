/**
 * The keys of a draft, anywhere in its conversation: Ctrl (Cmd) J takes it into the composer, or asks for one where there is none; B goes to it; Esc
 * stops one that is being made. On the capture phase for Esc: with nothing to stop it means what it always does.
 */
import { useEffect, useMemo } from 'react';
import { useConversationKeys } from '../conversation/use-conversation-keys.ts';
import { isInOverlay } from '../shell/key-targets.ts';
import type { OpenThread } from '../store/conversation-store.ts';
import type { Rewriting } from '../store/draft-desk-store.ts';
import { useStores } from '../ui/app-context.tsx';
import type { CardState } from './card-state.ts';

const isBeingMade = (card: CardState | null): boolean => card?.kind === 'waiting' || card?.kind === 'preparing' || card?.kind === 'streaming';

export function useDraftKeys(thread: OpenThread, card: CardState | null, rewriting: Rewriting | null): void {
  const { ai, draftDesk } = useStores();
  const { id } = thread.conversation;
  const letters = useMemo(() => ({ b: () => document.querySelector<HTMLElement>('[data-draft-card]')?.focus() }), []);
  useConversationKeys(id, letters);

  useEffect(() => {
    function takeOrAsk(): void {
      if (rewriting?.target === 'composer' && rewriting.state === 'done') draftDesk.getState().takeRewritten(id);
      else if (card?.kind === 'draft') {
        const { draftId } = card.draft;
        draftDesk.getState().take(id, draftDesk.getState().edits[draftId]?.text ?? card.body.text, draftId);
      } else if (!isBeingMade(card) && card?.kind !== 'template') ai.getState().request(id);
    }
    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing || event.defaultPrevented || event.repeat || event.altKey || event.shiftKey || isInOverlay(event.target)) return;
      if (event.key.toLowerCase() === 'j' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        takeOrAsk();
      }
    }
    function onEscape(event: KeyboardEvent): void {
      if (event.key !== 'Escape' || event.isComposing || isInOverlay(event.target) || !isOfConversation(event.target)) return;
      const isRewriting = rewriting?.state === 'streaming';
      if (!isRewriting && !isBeingMade(card)) return;
      event.preventDefault();
      event.stopPropagation();
      if (isRewriting) draftDesk.getState().endRewrite(id);
      else ai.getState().cancel(id);
    }
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keydown', onEscape, true);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keydown', onEscape, true);
    };
  }, [ai, draftDesk, id, card, rewriting]);
}

/** Nothing that Esc closes first: a list of suggestions under the text, a question, a search, the choice of a template, a note that is edited, a field of the draft's own. */
function isOfConversation(target: EventTarget | null): boolean {
  if (target === document.body) return true;
  if (!(target instanceof HTMLElement) || !target.closest('main')) return false;
  return !target.hasAttribute('aria-activedescendant') && target.closest('[role="search"], [role="alertdialog"], [role="log"] textarea, [data-takes-letters], [data-takes-escape]') === null;
}
