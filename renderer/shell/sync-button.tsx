import { Popover } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import type { SyncState } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { isSyncEnd } from '../../contract/rules/sync-end.ts';
import { ConflictsButton } from '../conflicts/conflicts-panel.tsx';
import { isTriageOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { PretendOffline } from './pretend-offline.tsx';
import { SyncRemedy } from './sync-remedy.tsx';
import styles from './sync-button.module.css';

/** The state dot at the foot of the rail, under what of mine was not applied; pressing it shows where this desktop stands in the team's log. */
export function SyncButton() {
  return (
    <>
      <ConflictsButton />
      <Dot />
    </>
  );
}

function Dot() {
  const { t } = useTexts();
  const state = useShownState();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <button type="button" className={styles['button']} data-tour="sync" aria-label={t('sync.button', { state: t(`sync.${state}`) })} title={t(`sync.${state}`)}>
          <span className={styles['dot']} data-tone={toneOf(state)} />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['details']} side="right" align="end" sideOffset={26} collisionPadding={8} aria-label={t('sync.title')}>
          <Details onLeave={() => setIsOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Without the program nothing is known of the team's log: what it said last is no state of now. */
type ShownState = SyncState['state'] | 'engine_away';

function useShownState(): ShownState {
  const isEngineAway = useFrom('link', ({ status }) => status === 'down');
  const state = useFrom('session', ({ sync }) => sync?.state ?? 'connecting');
  return isEngineAway ? 'engine_away' : state;
}

const toneOf = (state: ShownState): 'good' | 'busy' | 'away' => (state === 'live' ? 'good' : state === 'connecting' || state === 'catching_up' || state === 'installing' ? 'busy' : 'away');

function Details({ onLeave }: { onLeave(): void }) {
  const { t, format } = useTexts();
  const { view } = useStores();
  const sync = useFrom('session', (session) => session.sync);
  const name = useFrom('session', ({ session }) => session?.deviceName ?? '');
  const isLevelLow = useFrom('session', (session) => !isTriageOn(session));
  const now = useFrom('clock', toMinute);
  const state = useShownState();
  if (!sync) return null;
  return (
    <>
      <h2 className={styles['title']}>
        <span className={styles['dot']} data-tone={toneOf(state)} />
        {t(`sync.${state}`)}
      </h2>
      {state === 'installing' && (
        <div className={styles['remedy']}>
          <p>{t('remedy.installing')}</p>
          <progress className={styles['progress']} {...(sync.cursor > 0 && { value: sync.cursor })} max={Math.max(sync.head, 1)} aria-label={t('sync.installing')} />
        </div>
      )}
      {state !== 'engine_away' && isSyncEnd(state) && (
        <>
          <p className={styles['remedy']}>{t(`strip.${state}`, { name })}</p>
          <SyncRemedy state={state} />
        </>
      )}
      <dl className={styles['facts']}>
        <Fact name={t('sync.position')}>{t('sync.positionOf', { cursor: format.number(sync.cursor), head: format.number(sync.head) })}</Fact>
        <Fact name={t('sync.pending')}>{format.number(sync.pending)}</Fact>
        {sync.conflicts > 0 && (
          <Fact name={t('remedy.conflicts')}>
            <Button
              look="quiet"
              aria-label={t('conflict.button', { count: sync.conflicts })}
              onClick={() => {
                onLeave();
                view.getState().showConflicts(true);
              }}
            >
              {format.number(sync.conflicts)} · {t('conflict.show')}
            </Button>
          </Fact>
        )}
        <Fact name={t('sync.lastContact')}>{sync.lastContactAt === null ? t('panel.never') : <time title={format.exact(sync.lastContactAt)}>{format.relative(sync.lastContactAt, now)}</time>}</Fact>
        <Fact name={t('sync.whatsapp')}>{t(`sync.whatsappState.${state === 'engine_away' ? 'unknown' : sync.whatsapp}`)}</Fact>
        {sync.logId !== null && <Fact name={t('sync.log')}>{sync.logId.slice(0, 8)}</Fact>}
      </dl>
      {isLevelLow && <p className={styles['note']}>{t('remedy.level')}</p>}
      <PretendOffline sync={sync} />
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="tabular">{children}</dd>
  </>
);
