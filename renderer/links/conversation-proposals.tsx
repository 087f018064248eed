/** Above the composer: what the events of requests propose to tell this person. Quiet, and one line each until it is reviewed. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { useConversationOffer } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isReviewable } from '../store/proposals-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useProposals } from './use-proposals.ts';
import styles from './conversation-proposals.module.css';

/** The form of a template comes when there is something to send. */
const EventCard = lazy(() => import('../requests/event-card.tsx').then((module) => ({ default: module.EventCard })));

export function ConversationProposals({ conversationId }: { conversationId: string }) {
  const { t } = useTexts();
  const { proposals: store, view } = useStores();
  const proposals = useProposals({ kind: 'conversation', id: conversationId });
  const reviewing = useFrom('proposals', (state) => state.reviewing);
  const leaving = useFrom('proposals', (state) => state.leaving);
  const [isWhole, setWhole] = useState(false);
  const first = proposals.find((shown) => isReviewable(shown) && !leaving.has(shown.id));
  const firstId = first?.id ?? null;
  const offered = useMemo((): Offered => ({ reviewProposal: { can: () => firstId !== null, run: () => firstId !== null && store.getState().review(firstId) } }), [store, firstId]);
  useConversationOffer(conversationId, offered);
  useEffect(() => {
    if (proposals.length < 2) setWhole(false);
  }, [proposals.length]);
  const backToWriting = useCallback(() => view.getState().focusPane('composer', conversationId), [view, conversationId]);
  if (proposals.length === 0) return null;
  // The one that is worked on is always in view; of the others the newest.
  const lead = proposals.find(({ id }) => id === reviewing) ?? first ?? proposals[0];
  const shown = isWhole ? proposals : proposals.filter((one) => one === lead);
  return (
    <section className={styles['stack']} aria-label={t('requestLinks.proposals.label')}>
      <Suspense fallback={null}>
        {shown.map((one) => (
          <EventCard key={one.id} shown={one} isNext={one === first} onReviewed={backToWriting} />
        ))}
      </Suspense>
      {proposals.length > 1 && reviewing === null && (
        <Button look="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('requestLinks.proposals.fewer') : t('requestLinks.proposals.more', { count: proposals.length - 1 })}
        </Button>
      )}
    </section>
  );
}
