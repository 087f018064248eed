/** The window of a desktop that belongs to a workspace, and how list, thread and side panel share it. */
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { mayLead } from '../../contract/rules/rights.ts';
import { useStrayDrops } from '../attach/drop-zone.tsx';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { InboxPane } from '../inbox/inbox-pane.tsx';
import { SearchPane } from '../search/search-pane.tsx';
import { SidePanel } from '../side-panel/side-panel.tsx';
import type { Place } from '../store/view-store.ts';
import { focusPlace } from '../ui/return-focus.ts';
import { useFrom, usePresenceReporter, useStores } from '../ui/app-context.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { NavRail } from './nav-rail.tsx';
import { choosePaneSizes, readPaneSizes, writePaneSizes, type PaneSizes } from './pane-sizes.ts';
import { StatusStrips } from './status-strips.tsx';
import { useInboxCommands } from './use-inbox-commands.ts';
import { useMedia } from './use-media.ts';
import { useWindowCommands } from './use-window-commands.ts';
import { findWindowStorage } from './window-storage.ts';
import styles from './workspace.module.css';

const ContactsPage = lazy(() => import('../contacts/contacts-page.tsx').then((module) => ({ default: module.ContactsPage })));
const TeamPage = lazy(() => import('../team/team-page.tsx').then((module) => ({ default: module.TeamPage })));
const BoardPage = lazy(() => import('../team/board-page.tsx').then((module) => ({ default: module.BoardPage })));
const ReportsPage = lazy(() => import('../reports/reports-page.tsx').then((module) => ({ default: module.ReportsPage })));
const TemplatesPage = lazy(() => import('../templates/templates-page.tsx').then((module) => ({ default: module.TemplatesPage })));
const KnowledgePage = lazy(() => import('../knowledge/knowledge-page.tsx').then((module) => ({ default: module.KnowledgePage })));
const SaveFromDraft = lazy(() => import('../knowledge/save-from-draft.tsx').then((module) => ({ default: module.SaveFromDraft })));
const RequestsPlace = lazy(() => import('../requests/requests-place.tsx').then((module) => ({ default: module.RequestsPlace })));
const ProposalsPage = lazy(() => import('../requests/proposals-page.tsx').then((module) => ({ default: module.ProposalsPage })));
const QualityPage = lazy(() => import('../quality/quality-page.tsx').then((module) => ({ default: module.QualityPage })));
const DiagnosticsPage = lazy(() => import('../diagnostics/diagnostics-page.tsx').then((module) => ({ default: module.DiagnosticsPage })));
const StoryDialog = lazy(() => import('../diagnostics/story-dialog.tsx').then((module) => ({ default: module.StoryDialog })));
const SettingsPage = lazy(() => import('../settings/settings-page.tsx').then((module) => ({ default: module.SettingsPage })));
const SetupPage = lazy(() => import('../setup/setup-page.tsx').then((module) => ({ default: module.SetupPage })));
const DirectDialog = lazy(() => import('../attach/direct-dialog.tsx').then((module) => ({ default: module.DirectDialog })));
const CaseFileDialog = lazy(() => import('../case-file/case-file-dialog.tsx').then((module) => ({ default: module.CaseFileDialog })));
const Viewer = lazy(() => import('../media/viewer.tsx').then((module) => ({ default: module.Viewer })));
const Palette = lazy(() => import('../palette/palette.tsx').then((module) => ({ default: module.Palette })));
const ShortcutsDialog = lazy(() => import('../settings/shortcuts-dialog.tsx').then((module) => ({ default: module.ShortcutsDialog })));

const PAGES: Record<Exclude<Place, 'inbox'>, ComponentType> = {
  requests: RequestsPlace,
  proposals: ProposalsPage,
  contacts: ContactsPage,
  board: BoardPage,
  reports: ReportsPage,
  templates: TemplatesPage,
  knowledge: KnowledgePage,
  team: TeamPage,
  quality: QualityPage,
  diagnostics: DiagnosticsPage,
  settings: SettingsPage,
  setup: SetupPage,
};

/** The rail, and beside it the place where the agent is. */
export function Workspace() {
  const wanted = useFrom('view', (view) => view.place);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  // The board of somebody who has just ceased to be lead is not theirs to see.
  const place = wanted === 'board' && !isLead ? 'inbox' : wanted;
  const Page = place === 'inbox' ? null : PAGES[place];
  // A page of its own within the place: one request, a template being written.
  const within = useFrom('view', (view) => (place === 'requests' ? view.requestId : place === 'templates' ? view.templatesView.kind : null));
  const where = `${place} ${within}`;
  const lastWhere = useRef(where);
  const arrive = useCallback((there: string): boolean => {
    const isElsewhere = lastWhere.current !== there;
    lastWhere.current = there;
    return isElsewhere;
  }, []);
  const presence = usePresenceReporter();
  useStrayDrops();
  useWindowCommands();
  // Elsewhere the open conversation is not before the agent's eyes: colleagues and notices should know.
  useEffect(() => {
    if (place !== 'inbox') presence.look(null, document.hasFocus());
  }, [place, presence]);
  return (
    <div className={styles['window']}>
      <div className={styles['body']}>
        <NavRail />
        {Page === null ? (
          <>
            <Inbox />
            <Start where={where} arrive={arrive} />
          </>
        ) : (
          <Suspense fallback={null}>
            <Page />
            <Start where={where} arrive={arrive} />
          </Suspense>
        )}
      </div>
      <StatusStrips />
      <Dialogs />
      <Toaster />
    </div>
  );
}

/** In a place that a key led to, what had the focus is gone with the place before: the keyboard goes on at its start. `arrive`: whether the agent was elsewhere before. */
function Start({ where, arrive }: { where: string; arrive(where: string): boolean }): null {
  useEffect(() => {
    if (!arrive(where)) return;
    // A frame later: a page may have something of its own that takes the focus.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusPlace();
    });
    return () => cancelAnimationFrame(frame);
  }, [where, arrive]);
  return null;
}

function Inbox() {
  const { preferences, view } = useStores();
  const openId = useFrom('conversation', (state) => state.openId);
  const isPanelWanted = useFrom('preferences', (state) => state.isSidePanelOpen);
  const isOverlayOpen = useFrom('view', (state) => state.isPanelOverlayOpen);
  // Room for the panel beside the thread; room for the list beside the thread.
  const isWide = useMedia('(min-width: 1200px)');
  const isPair = useMedia('(min-width: 820px)');

  const togglePanel = useCallback(() => {
    if (isWide) preferences.getState().set({ isSidePanelOpen: !preferences.getState().isSidePanelOpen });
    else view.getState().setPanelOverlay(!view.getState().isPanelOverlayOpen);
  }, [isWide, preferences, view]);
  // Over the thread it was asked for with one customer in mind.
  useEffect(() => view.getState().setPanelOverlay(false), [openId, view]);

  useInboxCommands({ togglePanel });

  // By `openId`: while another conversation loads, the panel stays and only its contents change.
  const isBeside = isWide && isPanelWanted && openId !== null;
  const isOver = !isWide && isOverlayOpen && openId !== null;
  const conversation = <ConversationPane isPanelOpen={isBeside || isOver} onTogglePanel={togglePanel} isAlone={!isPair} />;

  return (
    <>
      {isPair ? (
        <Panes conversation={conversation} isPanelBeside={isBeside} />
      ) : openId === null ? (
        <div className={styles['single']}>
          <ListOrSearch />
        </div>
      ) : (
        <div className={styles['single']}>{conversation}</div>
      )}
      {isOver && (
        <div className={styles['overlay']}>
          <SidePanel />
        </div>
      )}
    </>
  );
}

/** A search stands in the place of the list, beside the conversation that it leads to. */
const ListOrSearch = () => (useFrom('search', ({ isOpen }) => isOpen) ? <SearchPane /> : <InboxPane />);

function Panes({ conversation, isPanelBeside }: { conversation: ReactNode; isPanelBeside: boolean }) {
  const [sizes, setSizes] = useState(() => readPaneSizes(findWindowStorage()));
  const chosen = useRef(sizes);
  const list = usePanelRef();
  const panel = usePanelRef();

  const group = useRef<HTMLDivElement>(null);
  const measure = (): PaneSizes => ({ list: list.current?.getSize().inPixels ?? sizes.list, panel: panel.current?.getSize().inPixels ?? sizes.panel });
  /** As they were when a hand came to a separator. */
  const before = useRef<PaneSizes | null>(null);
  const noteBefore = (): void => {
    before.current = measure();
  };

  const remember = (_layout: unknown, { isUserInteraction }: { isUserInteraction: boolean }): void => {
    if (!isUserInteraction || !before.current) return;
    chosen.current = choosePaneSizes(sizes, before.current, measure());
    setSizes(chosen.current);
    writePaneSizes(findWindowStorage(), chosen.current);
  };

  // The library shares the width out anew when the window or the number of panes changes, and so keeps what a narrow
  // window has squeezed; here each has the width that its agent gave it, as far as there is room.
  useEffect(() => {
    let frame = 0;
    const settle = (): void => {
      panel.current?.resize(chosen.current.panel);
      list.current?.resize(chosen.current.list);
    };
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(settle);
    });
    list.current?.resize(chosen.current.list);
    // Tells of the present size, too: by then a panel that has just come is known to the library.
    if (group.current) observer.observe(group.current);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [isPanelBeside, list, panel]);

  return (
    <Group className={styles['panes']} elementRef={group} onPointerDownCapture={noteBefore} onKeyDownCapture={noteBefore} onLayoutChanged={remember}>
      <Panel id="list" panelRef={list} defaultSize={sizes.list} minSize={280} maxSize={520} groupResizeBehavior="preserve-pixel-size">
        <ListOrSearch />
      </Panel>
      <Separator className={styles['separator']} />
      <Panel id="thread" minSize={380}>
        {conversation}
      </Panel>
      {isPanelBeside && (
        <>
          <Separator className={styles['separator']} />
          <Panel id="panel" panelRef={panel} className={styles['panel']} defaultSize={sizes.panel} minSize={240} maxSize={440} groupResizeBehavior="preserve-pixel-size">
            <SidePanel />
          </Panel>
        </>
      )}
    </Group>
  );
}

function Dialogs() {
  const dialog = useFrom('view', (state) => state.dialog);
  const show = useFrom('view', (state) => state.showDialog);
  const storyOf = useFrom('view', (state) => state.storyOf);
  const showStory = useFrom('view', (state) => state.showStory);
  const close = () => show(null);
  const openId = useFrom('conversation', (state) => state.openId);
  const learned = useFrom('knowledgeOpen', (state) => state.learned);
  const isViewing = useFrom('view', (view) => view.viewed !== null);
  return (
    <Suspense fallback={null}>
      {isViewing && <Viewer />}
      {storyOf !== null && <StoryDialog key={storyOf} messageId={storyOf} onClose={() => showStory(null)} />}
      {learned !== null && <SaveFromDraft learned={learned} />}
      {dialog === 'palette' && <Palette onClose={close} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={close} />}
      {dialog === 'direct' && <DirectDialog onClose={close} />}
      {dialog === 'case_file' && openId !== null && <CaseFileDialog key={openId} conversationId={openId} onClose={close} />}
    </Suspense>
  );
}
