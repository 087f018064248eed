/** The inbox as a whole: rail, list, thread, side panel; how they share the window. */
import { lazy, Suspense, useCallback, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { InboxPane } from '../inbox/inbox-pane.tsx';
import { SidePanel } from '../side-panel/side-panel.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { NavRail } from './nav-rail.tsx';
import { StatusStrips } from './status-strips.tsx';
import { useMedia } from './use-media.ts';
import { useShortcuts } from './use-shortcuts.ts';
import styles from './workspace.module.css';

const SettingsDialog = lazy(() => import('../settings/settings-dialog.tsx').then((module) => ({ default: module.SettingsDialog })));
const ShortcutsDialog = lazy(() => import('../settings/shortcuts-dialog.tsx').then((module) => ({ default: module.ShortcutsDialog })));

export function Workspace() {
  const { preferences, view } = useStores();
  const openId = useFrom('conversation', (state) => state.openId);
  const thread = useFrom('conversation', (state) => state.thread);
  const isPanelWanted = useFrom('preferences', (state) => state.isSidePanelOpen);
  const isOverlayOpen = useFrom('view', (state) => state.isPanelOverlayOpen);
  // Room for the panel beside the thread; room for the list beside the thread.
  const isWide = useMedia('(min-width: 1200px)');
  const isPair = useMedia('(min-width: 820px)');

  const togglePanel = useCallback(() => {
    if (isWide) preferences.getState().set({ isSidePanelOpen: !preferences.getState().isSidePanelOpen });
    else view.getState().setPanelOverlay(!view.getState().isPanelOverlayOpen);
  }, [isWide, preferences, view]);
  useShortcuts({ togglePanel });

  // By `openId`: while another conversation loads, the panel stays and only its contents change.
  const isBeside = isWide && isPanelWanted && openId !== null;
  const isOver = !isWide && isOverlayOpen && thread !== null;
  const conversation = <ConversationPane isPanelOpen={isBeside || isOver} onTogglePanel={togglePanel} isAlone={!isPair} />;

  return (
    <div className={styles['window']}>
      <div className={styles['body']}>
        <NavRail />
        {isPair ? (
          <Panes conversation={conversation} isPanelBeside={isBeside} />
        ) : openId === null ? (
          <div className={styles['single']}>
            <InboxPane />
          </div>
        ) : (
          <div className={styles['single']}>{conversation}</div>
        )}
        {isOver && (
          <div className={styles['overlay']}>
            <SidePanel conversation={thread.conversation} />
          </div>
        )}
      </div>
      <StatusStrips />
      <Dialogs />
      <Toaster />
    </div>
  );
}

function Panes({ conversation, isPanelBeside }: { conversation: ReactNode; isPanelBeside: boolean }) {
  const thread = useFrom('conversation', (state) => state.thread);
  const panelIds = isPanelBeside ? ['list', 'thread', 'panel'] : ['list', 'thread'];
  const layout = useDefaultLayout({ id: 'bandeja.panes', panelIds, storage: localStorage, onlySaveAfterUserInteractions: true });
  return (
    <Group className={styles['panes']} {...layout}>
      <Panel id="list" defaultSize={360} minSize={280} maxSize={520} groupResizeBehavior="preserve-pixel-size">
        <InboxPane />
      </Panel>
      <Separator className={styles['separator']} />
      <Panel id="thread" minSize={380}>
        {conversation}
      </Panel>
      {isPanelBeside && (
        <>
          <Separator className={styles['separator']} />
          <Panel id="panel" className={styles['panel']} defaultSize={304} minSize={240} maxSize={440} groupResizeBehavior="preserve-pixel-size">
            {thread && <SidePanel conversation={thread.conversation} />}
          </Panel>
        </>
      )}
    </Group>
  );
}

function Dialogs() {
  const dialog = useFrom('view', (state) => state.dialog);
  const show = useFrom('view', (state) => state.showDialog);
  const close = () => show(null);
  return (
    <Suspense fallback={null}>
      {dialog === 'settings' && <SettingsDialog onClose={close} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={close} />}
    </Suspense>
  );
}
