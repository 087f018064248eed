import {
  Archive,
  BookOpenText,
  BookUser,
  ChartLine,
  ChartNoAxesColumn,
  ClipboardList,
  Inbox,
  Keyboard,
  LayoutList,
  LayoutTemplate,
  ListChecks,
  Lock,
  Settings,
  Stethoscope,
  Users,
} from 'lucide-react';
import { mayLead } from '../../contract/rules/rights.ts';
import type { ConversationStatus } from '../../contract/state.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Place } from '../store/view-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { useOpenSetup } from '../setup/use-open-setup.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { DemoBadge } from '../tour/demo-badge.tsx';
import { SyncButton } from './sync-button.tsx';
import type { CommandId } from '../commands/catalogue.ts';
import styles from './nav-rail.module.css';

const VIEWS: readonly { status: ConversationStatus; Icon: typeof Inbox; command: CommandId }[] = [
  { status: 'active', Icon: Inbox, command: 'goAll' },
  { status: 'archived', Icon: Archive, command: 'goArchived' },
  { status: 'closed', Icon: Lock, command: 'goClosed' },
];

const GO = {
  requests: 'goRequests',
  contacts: 'goContacts',
  board: 'goBoard',
  templates: 'goTemplates',
  knowledge: 'goKnowledge',
  reports: 'goReports',
  quality: 'goQuality',
  team: 'goTeam',
  diagnostics: 'goDiagnostics',
} as const satisfies Record<Exclude<Place, 'inbox' | 'proposals' | 'settings' | 'setup'>, CommandId>;

export function NavRail() {
  const { t } = useTexts();
  const { inbox, view } = useStores();
  const place = useFrom('view', (state) => state.place);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const current = useFrom('inbox', (state) => state.filter.status);
  return (
    <nav className={styles['rail']} aria-label={t('nav.label')}>
      <div className={styles['logo']}>
        <Logo size={30} />
      </div>
      {VIEWS.map(({ status, Icon, command }) => (
        <Tooltip key={status} side="right" content={t(`nav.${status}Hint`)} command={command}>
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
              {status === 'active' && <NeedsMe />}
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
      <PlaceButton place="reports" Icon={ChartLine} />
      <hr className={styles['line']} />
      <PlaceButton place="templates" Icon={LayoutTemplate} />
      <PlaceButton place="knowledge" Icon={BookOpenText} />
      <PlaceButton place="quality" Icon={ChartNoAxesColumn} />
      <PlaceButton place="team" Icon={Users} />
      <PlaceButton place="diagnostics" Icon={Stethoscope} />
      <div className={styles['foot']}>
        <SetupButton />
        <DemoBadge />
        <SyncButton />
        <IconButton label={t('action.shortcuts')} command="sheet" side="right" data-tour="keys" onClick={() => view.getState().showDialog('shortcuts')}>
          <Keyboard size={18} strokeWidth={1.75} />
        </IconButton>
        <IconButton label={t('action.settings')} command="goSettings" side="right" aria-current={place === 'settings' ? 'page' : undefined} onClick={() => view.getState().goTo('settings')}>
          <Settings size={18} strokeWidth={1.75} />
        </IconButton>
      </div>
    </nav>
  );
}

/** By itself: it is counted anew with each message that comes, and the rail is not. */
function NeedsMe() {
  const { t } = useTexts();
  const count = useFrom('session', ({ counts }) => counts?.needsMe ?? 0);
  if (count === 0) return null;
  return (
    <span className={styles['badge']} aria-label={t('nav.needsMe', { count })}>
      {count > 99 ? '99+' : count}
    </span>
  );
}

function PlaceButton({ place, Icon }: { place: Exclude<Place, 'inbox' | 'proposals' | 'settings' | 'setup'>; Icon: typeof Inbox }) {
  const { t } = useTexts();
  const isHere = useFrom('view', (state) => state.place === place || (place === 'requests' && state.place === 'proposals'));
  const { view } = useStores();
  const go = (): void => {
    // From the page of one request to all of them.
    if (isHere && place === 'requests') view.getState().showRequest(null);
    else view.getState().goTo(place);
  };
  return (
    <Tooltip side="right" content={t(`nav.${place}Hint`)} command={GO[place]}>
      <button type="button" className={styles['view']} data-tour={place} aria-current={isHere ? 'page' : undefined} onClick={go}>
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
    <Tooltip side="right" content={label} command="goProposals">
      <button type="button" className={styles['events']} aria-label={label} onClick={() => view.getState().goTo('proposals')}>
        {count > 99 ? '99+' : count}
      </button>
    </Tooltip>
  );
}

/** The first steps of a new workspace, until they are done or an admin wants to see them no more. */
function SetupButton() {
  const { t } = useTexts();
  const { view } = useStores();
  const isHere = useFrom('view', (state) => state.place === 'setup');
  const left = useOpenSetup();
  if (left === 0) return null;
  return (
    <Tooltip side="right" content={t('setup.left', { count: left })}>
      <button type="button" className={styles['view']} aria-current={isHere ? 'page' : undefined} onClick={() => view.getState().goTo('setup')}>
        <span className={styles['icon']}>
          <ListChecks size={19} strokeWidth={1.75} />
          <span className={styles['badge']} aria-label={t('setup.left', { count: left })}>
            {left}
          </span>
        </span>
        {t('nav.setupShort')}
      </button>
    </Tooltip>
  );
}
