/** Everything that events of service requests propose to send, of the whole team, newest first. */
import { BellRing } from 'lucide-react';
import { useMemo } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { useOffer } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useProposals } from '../links/use-proposals.ts';
import { isReviewable } from '../store/proposals-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { EventCard } from './event-card.tsx';
import styles from './proposals-page.module.css';

const ALL = { kind: 'all' } as const;

export function ProposalsPage() {
  const { t } = useTexts();
  const { proposals: store, view } = useStores();
  const proposals = useProposals(ALL);
  const isKnown = useFrom('proposals', ({ lists }) => lists['all'] !== undefined);
  const leaving = useFrom('proposals', (state) => state.leaving);
  const first = proposals.find((shown) => isReviewable(shown) && !leaving.has(shown.id));

  const firstId = first?.id ?? null;
  const offered = useMemo(
    (): Offered => ({
      reviewProposal: { can: () => firstId !== null, run: () => firstId !== null && store.getState().review(firstId) },
      back: () => view.getState().showRequest(null),
    }),
    [store, view, firstId],
  );
  useOffer(offered);

  return (
    <main className={styles['page']} aria-label={t('requestLinks.proposals.title')}>
      <header className={styles['header']}>
        <h1>{t('requestLinks.proposals.title')}</h1>
        <p>{t('requestLinks.proposals.hint')}</p>
        <Button onClick={() => view.getState().showRequest(null)}>{t('requestLinks.proposals.toRequests')}</Button>
      </header>
      <div className={styles['body']} tabIndex={-1}>
        {isKnown && proposals.length === 0 && (
          <div className={styles['empty']} role="status">
            <BellRing size={22} strokeWidth={1.5} aria-hidden="true" />
            <p>{t('requestLinks.proposals.none')}</p>
            <p>{t('requestLinks.proposals.noneHint')}</p>
          </div>
        )}
        <ul className={styles['list']}>
          {proposals.map((one) => (
            <li key={one.id}>
              <EventCard shown={one} isNext={one === first} />
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
