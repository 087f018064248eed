/**
 * Above the composer: what the AI parts have to say in this conversation. Invariant: nothing here takes the focus by itself or writes into the composer;
 * whoever types on their own sees the draft shrink to one line beside their text.
 */
import { lazy, Suspense, useMemo } from 'react';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { aiOf } from '../store/ai-store.ts';
import type { OpenThread } from '../store/open-thread.ts';
import { keptEditsOf } from '../store/draft-desk-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { cardOf, dismissKeyOf } from './card-state.ts';
import { useDraftKeys } from './use-draft-keys.ts';
import styles from './draft-area.module.css';

const DraftCard = lazy(() => import('./draft-card.tsx').then((module) => ({ default: module.DraftCard })));
const RewriteCard = lazy(() => import('./rewrite-card.tsx').then((module) => ({ default: module.RewriteCard })));
const FieldBar = lazy(() => import('./field-bar.tsx').then((module) => ({ default: module.FieldBar })));
const KeptEdits = lazy(() => import('./kept-edits.tsx').then((module) => ({ default: module.KeptEdits })));
const TakeChoice = lazy(() => import('./take-choice.tsx').then((module) => ({ default: module.TakeChoice })));
const QuestionBar = lazy(() => import('./question-bar.tsx').then((module) => ({ default: module.QuestionBar })));

export function DraftArea({ thread }: { thread: OpenThread }) {
  const { id, status, contact, window } = thread.conversation;
  const ai = useFrom('ai', (state) => aiOf(state, id));
  const running = useFrom('ai', (state) => state.running);
  const rewriting = useFrom('draftDesk', (state) => state.rewriting[id] ?? null);
  const field = useFrom('draftDesk', (state) => (state.field?.conversationId === id ? state.field : null));
  const choosing = useFrom('draftDesk', (state) => (state.choosing?.conversationId === id ? state.choosing : null));
  const dismissed = useFrom('draftDesk', (state) => state.dismissed);
  const { state: windowState } = useServiceWindow(window.closesAt);
  const isWindowClosed = windowState === 'closed' || windowState === 'none';
  const isOver = status === 'closed' || contact.isBlocked;
  const card = useMemo(() => (ai && !isOver ? cardOf(ai, running, isWindowClosed) : null), [ai, running, isWindowClosed, isOver]);
  const key = card && dismissKeyOf(card, running, thread.conversation.lastInboundAt);
  const shown = key !== null && dismissed.has(key) ? null : card;
  const shownId = shown?.kind === 'draft' ? shown.draft.draftId : null;
  const hasKept = useFrom('draftDesk', (state) => ai !== null && keptEditsOf(state, id, shownId).length > 0);
  // A question about a card goes with it.
  const asked = useFrom('draftDesk', ({ asked: { [id]: one } }) => (one && (one.from === 'composer' || one.draftId === shownId) ? one : null));
  useDraftKeys(thread, shown, rewriting);
  return (
    <div className={styles['area']} data-draft-area>
      {/* Each by itself: while one of them is fetched the others, and what is typed in them, stay where they are. */}
      {shown && (
        <Suspense fallback={null}>
          <DraftCard thread={thread} card={shown} dismissKey={key} />
        </Suspense>
      )}
      {hasKept && (
        <Suspense fallback={null}>
          <KeptEdits conversationId={id} shownId={shownId} />
        </Suspense>
      )}
      {choosing && (
        <Suspense fallback={null}>
          <TakeChoice key={choosing.text} choosing={choosing} />
        </Suspense>
      )}
      {asked && (
        <Suspense fallback={null}>
          <QuestionBar thread={thread} asked={asked} />
        </Suspense>
      )}
      {rewriting?.target === 'composer' && (
        <Suspense fallback={null}>
          <RewriteCard thread={thread} rewriting={rewriting} />
        </Suspense>
      )}
      {field && (
        <Suspense fallback={null}>
          <FieldBar field={field} />
        </Suspense>
      )}
    </div>
  );
}
