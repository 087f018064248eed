/** In the demo: what this is, the tour, and beginning anew. The tour is offered once. */
import { ChevronUp, Info, Map as MapIcon, RotateCcw } from 'lucide-react';
import { lazy, Suspense, useEffect, useId, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import styles from './demo-badge.module.css';

const Tour = lazy(() => import('./tour.tsx').then((module) => ({ default: module.Tour })));

export function DemoBadge() {
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  return isDemo ? <Badge /> : null;
}

/** What takes longer has failed, and the window says then what there is to do. */
const BEGINNING_MAX_MS = 120_000;

/** Ends the time of beginning anew when the program is back. */
function useBeginning(): boolean {
  const { tour } = useStores();
  const isBeginning = useFrom('tour', (state) => state.isBeginning);
  const isDown = useFrom('link', ({ status }) => status === 'down');
  useEffect(() => {
    if (!isBeginning) return;
    const timer = setTimeout(tour.getState().begun, BEGINNING_MAX_MS);
    return () => clearTimeout(timer);
  }, [tour, isBeginning]);
  useEffect(() => {
    if (!isBeginning || !isDown) return;
    return () => tour.getState().begun();
  }, [tour, isBeginning, isDown]);
  return isBeginning;
}

function Badge() {
  const { t } = useTexts();
  const { tour } = useStores();
  const [dialog, setDialog] = useState<'about' | 'over' | null>(null);
  const isOn = useFrom('tour', ({ step }) => step !== null);
  const isBegun = useFrom('tour', ({ reached }) => reached > 0);
  const isKnown = useFrom('tour', (state) => state.isKnown);
  const isBeginning = useBeginning();
  const entries: MenuEntry[] = [
    ...(isBegun ? [{ label: t('tour.resume'), icon: <MapIcon size={15} />, run: () => tour.getState().resume() }] : []),
    { label: t('tour.start'), icon: <MapIcon size={15} />, run: () => tour.getState().start() },
    { label: t('demo.about.entry'), icon: <Info size={15} />, run: () => setDialog('about') },
    { label: t('demo.over.entry'), icon: <RotateCcw size={15} />, run: () => setDialog('over') },
  ];
  return (
    <>
      <span className={styles['anchor']}>
        <Menu
          align="start"
          trigger={
            <button type="button" className={styles['badge']} aria-label={t('demo.menu')} title={t('settings.demo')}>
              {t('demo.badge')}
              <ChevronUp size={10} />
            </button>
          }
          entries={entries}
        />
      </span>
      {!isKnown && !isOn && !isBeginning && <Offer />}
      <Suspense fallback={null}>{isOn && <Tour />}</Suspense>
      {dialog === 'about' && (
        <Dialog title={t('demo.about.title')} onClose={() => setDialog(null)}>
          <div className={styles['about']}>
            <p>{t('demo.about.people')}</p>
            <p>{t('demo.about.real')}</p>
            <p>{t('demo.about.apart')}</p>
          </div>
        </Dialog>
      )}
      {dialog === 'over' && <StartOver onClose={() => setDialog(null)} />}
    </>
  );
}

/** Takes no focus and stays until it is answered: whoever has begun to work goes on. */
function Offer() {
  const { t } = useTexts();
  const { tour } = useStores();
  const title = useId();
  const later = (): void => tour.getState().leave();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') later();
  };
  return (
    <section className={styles['offer']} role="dialog" aria-labelledby={title} onKeyDown={onKeyDown}>
      <p id={title} className={styles['title']}>
        {t('tour.offer.title')}
      </p>
      <p>{t('tour.offer.text')}</p>
      <div className={styles['foot']}>
        <Button onClick={later}>{t('tour.offer.later')}</Button>
        <Button look="primary" onClick={() => tour.getState().start()}>
          {t('tour.start')}
        </Button>
      </div>
    </section>
  );
}

function StartOver({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { tour } = useStores();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const startOver = (): void => {
    setBusy(true);
    client.session.startOver().then(
      () => {
        tour.getState().forget();
        onClose();
      },
      (error: unknown) => {
        setFailure(failureCodeOf(error));
        setBusy(false);
      },
    );
  };
  return (
    <Confirm title={t('demo.over.title')} confirm={t('demo.over.confirm')} isBusy={isBusy} failure={failure} onConfirm={startOver} onClose={onClose}>
      <p>{t('demo.over.text')}</p>
      <p>{t('demo.over.colleagues')}</p>
    </Confirm>
  );
}
