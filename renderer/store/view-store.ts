/**
 * What is open in the window besides the conversation, and requests to move the focus.
 * Invariant: a request is obeyed once, by whom it names (`takeFocus`), and one for a part of a conversation that
 * was left is forgotten: nothing takes the focus later on, from a text that is being typed elsewhere.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Message } from '../../contract/entities.ts';

/** The parts of an open conversation that take the focus. */
export type Pane = 'composer' | 'thread';
/** The menus of the open conversation's header that a key can open. */
export type HeaderMenu = 'assign' | 'labels' | 'snooze' | 'request';

/** What fills the window beside the rail. */
export type Place = 'inbox' | 'requests' | 'proposals' | 'contacts' | 'board' | 'reports' | 'templates' | 'team' | 'quality' | 'diagnostics' | 'knowledge' | 'settings' | 'setup';
/** Parts of the team page. */
export type TeamPart = 'members' | 'devices' | 'teams' | 'labels' | 'canned' | 'requests' | 'ai' | 'workspace' | 'number';

/** Parts of the settings. */
export type SettingsPart = 'profile' | 'appearance' | 'language' | 'writing' | 'notifications' | 'keys' | 'hours' | 'privacy' | 'lock' | 'localApi' | 'storage' | 'updates' | 'about';

/** Parts of the diagnosis page. */
export type DiagnosticsPart = 'connection' | 'account' | 'events';

/** Parts of the quality page. */
export type QualityPart = 'figures' | 'reviews' | 'audit';

/** The list with the one that is looked at (`key`), or the designer with a draft of `designs-store.ts`. */
export type TemplatesView = { kind: 'list'; key: string | null } | { kind: 'design'; draftId: string };

export type ViewState = {
  place: Place;
  teamPart: TeamPart;
  diagnosticsPart: DiagnosticsPart;
  qualityPart: QualityPart;
  settingsPart: SettingsPart;
  /** The setting that should be seen and take the focus (`setting-index.ts`). */
  wantedSetting: string | null;
  /** The person whose page is shown beside the list. */
  contactId: string | null;
  templatesView: TemplatesView;
  dialog: 'shortcuts' | 'palette' | 'direct' | 'case_file' | null;
  /** The service request whose page is open; null: their table. */
  requestId: string | null;
  /** The message whose story is told. */
  storyOf: string | null;
  /** The open menu in the header of the open conversation. */
  menu: HeaderMenu | null;
  /** What of mine was not applied. */
  isConflictsOpen: boolean;
  /** The side panel over the thread, in a window too narrow to hold it beside. */
  isPanelOverlayOpen: boolean;
  /** The picture or video that fills the window. */
  viewed: Message | null;
  /** The part of a conversation that should take the focus. */
  paneFocus: { pane: Pane; conversationId: string } | null;
  /** Above 0: the search box should take the focus. */
  searchFocus: number;
  /** A request to walk the list; a new object each time. */
  rowStep: { by: number };
  goTo(place: Place): void;
  showTeam(part: TeamPart): void;
  /** Its page; null: the table. */
  showRequest(requestId: string | null): void;
  showDiagnostics(part: DiagnosticsPart): void;
  showQuality(part: QualityPart): void;
  /** `setting`: the one that should take the focus. */
  showSettings(part: SettingsPart, setting?: string): void;
  /** Whether this setting was asked for; with that the request is over. */
  takeSetting(setting: string): boolean;
  /** Null: only the list. */
  showContact(contactId: string | null): void;
  showTemplates(templatesView: TemplatesView): void;
  showStory(messageId: string | null): void;
  showDialog(dialog: ViewState['dialog']): void;
  setMenu(menu: HeaderMenu | null): void;
  showConflicts(isOpen: boolean): void;
  setPanelOverlay(isOpen: boolean): void;
  showPicture(message: Message | null): void;
  focusPane(pane: Pane, conversationId: string): void;
  /** That of the open conversation. */
  focusComposer(): void;
  focusSearch(): void;
  /** Whether the focus was asked for; with that the request is over. Ask again whenever the request changes. */
  takeFocus(target: 'search'): boolean;
  takeFocus(target: Pane, conversationId: string): boolean;
  /** Another conversation is open. */
  onOpened(conversationId: string | null): void;
  stepRow(by: 1 | -1): void;
};

export const createViewStore = (deps: { openId(): string | null }): StoreApi<ViewState> =>
  createStore<ViewState>((set, get) => ({
    place: 'inbox',
    teamPart: 'members',
    diagnosticsPart: 'connection',
    qualityPart: 'figures',
    settingsPart: 'profile',
    wantedSetting: null,
    contactId: null,
    templatesView: { kind: 'list', key: null },
    dialog: null,
    requestId: null,
    storyOf: null,
    menu: null,
    isConflictsOpen: false,
    isPanelOverlayOpen: false,
    viewed: null,
    paneFocus: null,
    searchFocus: 0,
    rowStep: { by: 0 },
    goTo: (place) => set({ place }),
    showTeam: (teamPart) => set({ place: 'team', teamPart, storyOf: null }),
    showRequest: (requestId) => set({ place: 'requests', requestId }),
    showQuality: (qualityPart) => set({ place: 'quality', qualityPart, storyOf: null }),
    showSettings: (settingsPart, setting) => set({ place: 'settings', settingsPart, wantedSetting: setting ?? null, storyOf: null }),
    takeSetting: (setting) => {
      const isWanted = get().wantedSetting === setting;
      if (isWanted) set({ wantedSetting: null });
      return isWanted;
    },
    showDiagnostics: (diagnosticsPart) => set({ place: 'diagnostics', diagnosticsPart, storyOf: null }),
    showContact: (contactId) => set({ place: 'contacts', contactId, storyOf: null }),
    showTemplates: (templatesView) => set({ place: 'templates', templatesView, storyOf: null }),
    showStory: (storyOf) => set({ storyOf }),
    showDialog: (dialog) => set({ dialog }),
    setMenu: (menu) => set({ menu }),
    showConflicts: (isConflictsOpen) => set({ isConflictsOpen }),
    setPanelOverlay: (isPanelOverlayOpen) => set({ isPanelOverlayOpen }),
    showPicture: (viewed) => set({ viewed }),
    focusPane: (pane, conversationId) => set({ paneFocus: { pane, conversationId } }),
    focusComposer: () => {
      const openId = deps.openId();
      if (openId !== null) get().focusPane('composer', openId);
    },
    focusSearch: () => set((state) => ({ searchFocus: state.searchFocus + 1 })),
    takeFocus: (target: 'search' | Pane, conversationId?: string) => {
      const { searchFocus, paneFocus } = get();
      if (target === 'search') {
        if (searchFocus > 0) set({ searchFocus: 0 });
        return searchFocus > 0;
      }
      const isMine = paneFocus !== null && paneFocus.pane === target && paneFocus.conversationId === conversationId;
      if (isMine) set({ paneFocus: null });
      return isMine;
    },
    onOpened: (conversationId) => {
      if (conversationId !== null) set({ place: 'inbox' });
      set({ menu: null, viewed: null, storyOf: null });
      if (get().paneFocus?.conversationId !== conversationId) set({ paneFocus: null });
    },
    stepRow: (by) => set({ rowStep: { by } }),
  }));
