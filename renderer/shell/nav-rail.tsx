import { Archive, BookOpenText, BookUser, ChartNoAxesColumn, ClipboardList, Inbox, Keyboard, LayoutList, LayoutTemplate, Lock, Settings, Stethoscope, Users } from 'lucide-react';
import { mayLead } from '../../contract/rules/rights.ts';
import type { ConversationStatus } from '../../contract/state.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Place } from '../store/view-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { SyncButton } from './sync-button.tsx';
import styles from './nav-rail.module.css';

const VIEWS: readonly { status: ConversationStatus; Icon: typeof Inbox }[] = [
  { status: 'active', Icon: Inbox },
  { status: 'archived', Icon: Archive },
  { status: 'closed', Icon: Lock },
];

export function NavRail() {
  const { t } = useTexts();
  const { inbox, view } = useStores();
  const place = useFrom('view', (state) => state.place);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const current = useFrom('inbox', (state) => state.filter.status);
  const needsMe = useFrom('session', ({ counts }) => counts?.needsMe ?? 0);
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  return (
    <nav className={styles['rail']} aria-label={t('nav.label')}>
      <div className={styles['logo']}>
        <Logo size={30} />
      </div>
      {VIEWS.map(({ status, Icon }) => (
        <Tooltip key={status} side="right" content={t(`nav.${status}Hint`)}>
          <button
            type="button"
            className={styles['view']}
            aria-current={place === 'inbox' && current === status ? 'page' : undefined}
            onClick={() => {
              inbox.getState().setFilter({ status });
              view.getState().goTo('inbox');
            }}
          >
            <span className={styles['icon']}>
              <Icon size={19} strokeWidth={1.75} />
              {status === 'active' && needsMe > 0 && (
                <span className={styles['badge']} aria-label={t('nav.needsMe', { count: needsMe })}>
                  {needsMe > 99 ? '99+' : needsMe}
                </span>
              )}
            </span>
            {t(`nav.${status}`)}
          </button>
        </Tooltip>
      ))}
      <hr className={styles['line']} />
      <div className={styles['place']}>
        <PlaceButton place="requests" Icon={ClipboardList} />
        <OpenEvents />
      </div>
      <PlaceButton place="contacts" Icon={BookUser} />
      {isLead && <PlaceButton place="board" Icon={LayoutList} />}
      <hr className={styles['line']} />
      <PlaceButton place="templates" Icon={LayoutTemplate} />
      <PlaceButton place="knowledge" Icon={BookOpenText} />
      <PlaceButton place="quality" Icon={ChartNoAxesColumn} />
      <PlaceButton place="team" Icon={Users} />
      <PlaceButton place="diagnostics" Icon={Stethoscope} />
      <div className={styles['gap']} />
      {isDemo && (
        <Tooltip side="right" content={t('settings.demo')}>
          <span className={styles['demo']}>{t('demo.badge')}</span>
        </Tooltip>
      )}
      <SyncButton />
      <IconButton label={t('action.shortcuts')} keys="?" side="right" onClick={() => view.getState().showDialog('shortcuts')}>
        <Keyboard size={18} strokeWidth={1.75} />
      </IconButton>
      <IconButton label={t('action.settings')} side="right" onClick={() => view.getState().showDialog('settings')}>
        <Settings size={18} strokeWidth={1.75} />
      </IconButton>
    </nav>
  );
}

function PlaceButton({ place, Icon }: { place: Exclude<Place, 'inbox' | 'proposals'>; Icon: typeof Inbox }) {
  const { t } = useTexts();
  const isHere = useFrom('view', (state) => state.place === place || (place === 'requests' && state.place === 'proposals'));
  const { view } = useStores();
  const go = (): void => {
    // From the page of one request to all of them.
    if (isHere && place === 'requests') view.getState().showRequest(null);
    else view.getState().goTo(place);
  };
  return (
    <Tooltip side="right" content={t(`nav.${place}Hint`)}>
      <button type="button" className={styles['view']} aria-current={isHere ? 'page' : undefined} onClick={go}>
        <span className={styles['icon']}>
          <Icon size={19} strokeWidth={1.75} />
        </span>
        {t(`nav.${place}`)}
      </button>
    </Tooltip>
  );
}

/** How much waits to be told to the people of requests, and the way there. */
function OpenEvents() {
  const { t } = useTexts();
  const { view } = useStores();
  const count = useFrom('proposals', ({ openEvents }) => openEvents ?? 0);
  if (count === 0) return null;
  const label = t('requestLinks.proposals.nav', { count });
  return (
    <Tooltip side="right" content={label} keys="G P">
      <button type="button" className={styles['events']} aria-label={label} onClick={() => view.getState().goTo('proposals')}>
        {count > 99 ? '99+' : count}
      </button>
    </Tooltip>
  );
}
