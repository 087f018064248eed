import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import type { SyncState } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import styles from './sync-button.module.css';

/** The state dot at the foot of the rail; pressing it shows where this desktop stands in the team's log. */
export function SyncButton() {
  const { t } = useTexts();
  const sync = useFrom('session', (state) => state.sync);
  const state = useShownState(sync);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className={styles['button']} aria-label={t('sync.button', { state: t(`sync.${state}`) })} title={t(`sync.${state}`)}>
          <span className={styles['dot']} data-tone={toneOf(state)} />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['details']} side="right" align="end" sideOffset={8} collisionPadding={8} aria-label={t('sync.title')}>
          {sync && <Details sync={sync} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Without the program nothing is known of the team's log: what it said last is no state of now. */
type ShownState = SyncState['state'] | 'engine_away';

function useShownState(sync: SyncState | null): ShownState {
  const isEngineAway = useFrom('link', ({ status }) => status === 'down');
  return isEngineAway ? 'engine_away' : (sync?.state ?? 'connecting');
}

const toneOf = (state: ShownState): 'good' | 'busy' | 'away' => (state === 'live' ? 'good' : state === 'connecting' || state === 'catching_up' ? 'busy' : 'away');

function Details({ sync }: { sync: SyncState }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const state = useShownState(sync);
  return (
    <>
      <h2 className={styles['title']}>
        <span className={styles['dot']} data-tone={toneOf(state)} />
        {t(`sync.${state}`)}
      </h2>
      <dl className={styles['facts']}>
        <Fact name={t('sync.position')}>{t('sync.positionOf', { cursor: format.number(sync.cursor), head: format.number(sync.head) })}</Fact>
        <Fact name={t('sync.pending')}>{format.number(sync.pending)}</Fact>
        <Fact name={t('sync.lastContact')}>{sync.lastContactAt === null ? t('panel.never') : <time title={format.exact(sync.lastContactAt)}>{format.relative(sync.lastContactAt, now)}</time>}</Fact>
        <Fact name={t('sync.whatsapp')}>{t(`sync.whatsappState.${state === 'engine_away' ? 'unknown' : sync.whatsapp}`)}</Fact>
        {sync.logId !== null && <Fact name={t('sync.log')}>{sync.logId.slice(0, 8)}</Fact>}
      </dl>
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="tabular">{children}</dd>
  </>
);
