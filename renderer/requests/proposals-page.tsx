/** Everything that events of service requests propose to send, of the whole team, newest first. */
import { BellRing } from 'lucide-react';
import { useEffect } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useProposals } from '../links/use-proposals.ts';
import { createGoKeys } from '../shell/go-keys.ts';
import { isInOverlay, isInText } from '../shell/key-targets.ts';
import { isReviewable } from '../store/proposals-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { EventCard } from './event-card.tsx';
import styles from './proposals-page.module.css';

const ALL = { kind: 'all' } as const;

export function ProposalsPage() {
  const { t } = useTexts();
  const stores = useStores();
  const { proposals: store, view } = stores;
  const proposals = useProposals(ALL);
  const isKnown = useFrom('proposals', ({ lists }) => lists['all'] !== undefined);
  const leaving = useFrom('proposals', (state) => state.leaving);
  const first = proposals.find((shown) => isReviewable(shown) && !leaving.has(shown.id));

  useEffect(() => {
    const { goCommandOf } = createGoKeys(stores);
    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      if (isInOverlay(event.target) || isInText(event.target)) return;
      const letter = event.key.toLowerCase();
      const own =
        letter === 'p' && first
          ? () => store.getState().review(first.id)
          : letter === '?'
            ? () => view.getState().showDialog('shortcuts')
            : letter === 'escape'
              ? () => view.getState().showRequest(null)
              : null;
      const run = goCommandOf(event) ?? own;
      if (!run) return;
      event.preventDefault();
      run();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [stores, store, view, first]);

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
              <EventCard shown={one} reviewKey={one === first ? 'P' : null} />
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
