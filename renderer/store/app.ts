/** Puts the window's parts together: the line to the engine, the change feed, the stores. Nothing here knows React. */
import { createORPCClient } from '@orpc/client';
import type { StoreApi } from 'zustand/vanilla';
import type { Connect } from '../rpc/connect.ts';
import { createChangeFeed, createPace, type ChangeFeed } from '../rpc/change-feed.ts';
import { createPlaybackStore, type PlaybackState } from '../media/playback-store.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createEngineLink, type LinkState } from '../rpc/engine-link.ts';
import { createAccountStore, type AccountState } from './account-store.ts';
import { createAiStore, type AiStoreState } from './ai-store.ts';
import { createBoardStore, type BoardState } from './board-store.ts';
import { createClockStore, type ClockState } from './clock-store.ts';
import { createCommands, type Commands } from './commands.ts';
import { createContactsStore, type ContactsState } from './contacts-store.ts';
import { createConversationStore, type ConversationState } from './conversation-store.ts';
import { createDesignsStore, type DesignsState } from './designs-store.ts';
import { createDraftDeskStore, type DraftDeskState } from './draft-desk-store.ts';
import { createDraftsStore, type DraftsState, type DraftStorage } from './drafts-store.ts';
import { createEmojiStore, type EmojiState } from './emoji-store.ts';
import { failureCodeOf } from './failure.ts';
import { createFindStore, type FindState } from './find-store.ts';
import { createInboxViewsStore, type InboxViewsState } from './inbox-views-store.ts';
import { createInboxStore, type InboxState } from './inbox-store.ts';
import { createKnowledgeEditsStore, type KnowledgeEditsState } from './knowledge-edits-store.ts';
import { createKnowledgeFilesStore, type KnowledgeFilesState } from './knowledge-files-store.ts';
import { createKnowledgeOpenStore, type KnowledgeOpenState } from './knowledge-open-store.ts';
import { createKnowledgeStore, type KnowledgeState } from './knowledge-store.ts';
import { createLockStore, type LockTools } from './lock-store.ts';
import { createLinksStore, type LinksState } from './links-store.ts';
import { createPickedStore, type PickedState } from './picked-store.ts';
import { createProposalsStore, type ProposalsState } from './proposals-store.ts';
import { createPresenceReporter, type PresenceReporter } from './presence-reporter.ts';
import { createRequestImportStore, type RequestImportState } from './request-import-store.ts';
import { createQualityStore, type QualityState } from './quality-store.ts';
import { createReportsStore, type ReportsState } from './reports-store.ts';
import { createRequestStore, type RequestState } from './request-store.ts';
import { createRequestsStore, type RequestsState } from './requests-store.ts';
import { createCommandDesk, type CommandDesk } from '../commands/command-desk.ts';
import { isInOverlay, isInText } from '../commands/key-targets.ts';
import { createKeymapStore, type KeymapState } from './keymap-store.ts';
import { createPreferencesStore, type PreferencesState } from './preferences-store.ts';
import { rememberOpen, type TabStorage } from './remember-open.ts';
import { readNeighboursAhead } from './read-neighbours.ts';
import { createRecentsStore, type RecentsState } from './recents-store.ts';
import { createRequestNamesStore, type RequestNamesState } from './request-names-store.ts';
import { createSearchStore, type SearchState } from './search-store.ts';
import { createSelectionStore, type SelectionState } from './selection-store.ts';
import { createSessionStore, isWiped, type SessionState } from './session-store.ts';
import { createSetupStore, type SetupStoreState } from './setup-store.ts';
import { createTeamStore, myTeamIds, type TeamState } from './team-store.ts';
import { createTemplateFormsStore, type TemplateFormsState } from './template-forms-store.ts';
import { createTemplatePickerStore, type TemplatePickerState } from './template-picker-store.ts';
import { createTemplatesStore, type TemplatesState } from './templates-store.ts';
import { createTourStore, type TourState } from '../tour/tour-store.ts';
import { createToastStore, type ToastState } from './toast-store.ts';
import { createTrayStore, type TrayState, type TrayTools } from './tray-store.ts';
import { createWindowMemory } from './window-memory.ts';
import { createViewStore, type ViewState } from './view-store.ts';

export type Stores = {
  link: StoreApi<LinkState>;
  session: StoreApi<SessionState>;
  preferences: StoreApi<PreferencesState>;
  keymap: StoreApi<KeymapState>;
  team: StoreApi<TeamState>;
  setup: StoreApi<SetupStoreState>;
  inbox: StoreApi<InboxState>;
  inboxViews: StoreApi<InboxViewsState>;
  selection: StoreApi<SelectionState>;
  conversation: StoreApi<ConversationState>;
  /** For the palette. */
  recents: StoreApi<RecentsState>;
  drafts: StoreApi<DraftsState>;
  tray: StoreApi<TrayState>;
  toasts: StoreApi<ToastState>;
  view: StoreApi<ViewState>;
  /** Of the demo. */
  tour: StoreApi<TourState>;
  clock: StoreApi<ClockState>;
  board: StoreApi<BoardState>;
  playback: StoreApi<PlaybackState>;
  search: StoreApi<SearchState>;
  find: StoreApi<FindState>;
  account: StoreApi<AccountState>;
  contacts: StoreApi<ContactsState>;
  requests: StoreApi<RequestsState>;
  /** The open one. */
  request: StoreApi<RequestState>;
  requestImport: StoreApi<RequestImportState>;
  links: StoreApi<LinksState>;
  /** Of this desktop's folder. */
  lock: StoreApi<LockTools>;
  picked: StoreApi<PickedState>;
  emoji: StoreApi<EmojiState>;
  proposals: StoreApi<ProposalsState>;
  quality: StoreApi<QualityState>;
  reports: StoreApi<ReportsState>;
  templates: StoreApi<TemplatesState>;
  templateForms: StoreApi<TemplateFormsState>;
  templatePicker: StoreApi<TemplatePickerState>;
  requestNames: StoreApi<RequestNamesState>;
  designs: StoreApi<DesignsState>;
  ai: StoreApi<AiStoreState>;
  draftDesk: StoreApi<DraftDeskState>;
  knowledge: StoreApi<KnowledgeState>;
  knowledgeEdits: StoreApi<KnowledgeEditsState>;
  knowledgeFiles: StoreApi<KnowledgeFilesState>;
  knowledgeOpen: StoreApi<KnowledgeOpenState>;
};

export type App = { client: EngineClient; stores: Stores; commands: Commands; desk: CommandDesk; presence: PresenceReporter; start(): void; stop(): void };

/** Numbers are looked at now and then; under a flood of messages nothing is to be counted with each. */
const COUNT_AGAIN_AFTER_MS = 500;

/** `storage` outlives the window; `tabStorage` only a reload of it. */
type Storages<Tab = TabStorage> = { storage: DraftStorage; tabStorage: Tab };

export function createStores(
  deps: { client: EngineClient; changes: ChangeFeed; link: StoreApi<LinkState>; clock: StoreApi<ClockState>; flushStorage?: (() => Promise<void>) | undefined } & Storages,
): {
  stores: Stores;
  commands: Commands;
  presence: PresenceReporter;
} {
  const toasts = createToastStore();
  /** For what the window asks by itself: a lost line is shown by its own strip and repaired by the next refetch. */
  const report = (error: unknown): void => {
    const code = failureCodeOf(error);
    if (code !== 'ENGINE_AWAY') toasts.getState().fail(code);
  };
  /** For what the agent asked for. */
  const reportAction = (error: unknown): void => toasts.getState().fail(failureCodeOf(error));
  const parts = { client: deps.client, changes: deps.changes, report, reportAction };
  const conversation = createConversationStore(parts);
  rememberOpen({ ...parts, conversation, storage: deps.tabStorage });
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, COUNT_AGAIN_AFTER_MS));
  const team = createTeamStore(parts);
  const session = createSessionStore({ ...parts, pause });
  const inbox = createInboxStore({
    ...parts,
    storage: deps.tabStorage,
    clock: deps.clock,
    clockOffset: () => session.getState().session?.clockOffset ?? 0,
    openId: () => conversation.getState().openId,
    myTeamIds: () => myTeamIds(team.getState()),
  });
  const selection = createSelectionStore({ inbox });
  const view = createViewStore({ openId: () => conversation.getState().openId });
  const drafts = createDraftsStore({
    ...parts,
    storage: deps.storage,
    newId: () => crypto.randomUUID(),
    now: () => deps.clock.getState().now + (session.getState().session?.clockOffset ?? 0),
  });
  const loadTools = async (): Promise<TrayTools> => (await import('../attach/tray-tools.ts')).trayTools;
  const links = createLinksStore({ ...parts, conversation, toasts });
  const templateForms = createTemplateFormsStore({ ...parts, newId: () => crypto.randomUUID(), loadTools });
  const request = createRequestStore({ ...parts, team, toasts, storage: deps.tabStorage });
  view.subscribe(({ requestId }, before) => {
    if (requestId !== before.requestId) request.getState().open(requestId);
  });
  const playback = createPlaybackStore({ createPlayer: () => new Audio() });
  conversation.subscribe(({ openId }, before) => {
    if (openId === before.openId) return;
    view.getState().onOpened(openId);
    drafts.getState().flush();
    playback.getState().pause();
    if (openId !== null) drafts.getState().load(openId);
  });
  const ai = createAiStore({ ...parts, conversation, toasts });
  const preferences = createPreferencesStore(parts);
  const stores: Stores = {
    link: deps.link,
    session,
    preferences,
    keymap: createKeymapStore(preferences),
    team,
    setup: createSetupStore(parts),
    inbox,
    inboxViews: createInboxViewsStore({ ...parts, inbox, toasts, newId: () => crypto.randomUUID(), pause }),
    selection,
    conversation,
    recents: createRecentsStore({ conversation }),
    drafts,
    tray: createTrayStore({ ...parts, drafts, newId: () => crypto.randomUUID(), loadTools }),
    toasts,
    view,
    tour: createTourStore(deps),
    clock: deps.clock,
    board: createBoardStore(parts),
    playback,
    search: createSearchStore(parts),
    find: createFindStore({ ...parts, conversation }),
    account: createAccountStore(parts),
    contacts: createContactsStore(parts),
    requests: createRequestsStore({ ...parts, storage: deps.tabStorage, newId: () => crypto.randomUUID() }),
    request,
    requestImport: createRequestImportStore(parts),
    links,
    lock: createLockStore(deps),
    emoji: createEmojiStore({ storage: deps.storage, loadList: async () => (await import('../emoji/emoji-list.ts')).loadEmojiList() }),
    picked: createPickedStore({ conversation, toasts }),
    proposals: createProposalsStore({ ...parts, toasts }),
    quality: createQualityStore({ ...parts, now: () => deps.clock.getState().now + (session.getState().session?.clockOffset ?? 0) }),
    reports: createReportsStore({ ...parts, team, storage: deps.tabStorage, now: () => deps.clock.getState().now + (session.getState().session?.clockOffset ?? 0) }),
    templates: createTemplatesStore(parts),
    templateForms,
    requestNames: createRequestNamesStore(parts),
    templatePicker: createTemplatePickerStore({ ...parts, conversation, view, forms: templateForms }),
    designs: createDesignsStore({ storage: deps.storage, newId: () => crypto.randomUUID(), now: () => deps.clock.getState().now }),
    ai,
    draftDesk: createDraftDeskStore({ ...parts, toasts, ai, conversation, drafts, view, storage: deps.storage, newId: () => crypto.randomUUID() }),
    knowledge: createKnowledgeStore(parts),
    knowledgeEdits: createKnowledgeEditsStore({ storage: deps.storage, newId: () => crypto.randomUUID() }),
    knowledgeFiles: createKnowledgeFilesStore({ client: deps.client, newId: () => crypto.randomUUID() }),
    knowledgeOpen: createKnowledgeOpenStore({ view }),
  };
  return {
    stores,
    commands: createCommands({ now: () => deps.clock.getState().now, client: deps.client, toasts, inbox, selection, session, team, conversation, drafts, desk: stores.draftDesk, links }),
    presence: createPresenceReporter(parts),
  };
}

/** `whenIdle`: @returns the way to call it off. `flushStorage`: where the lock is on. */
type AppDeps = { flushStorage?: () => Promise<void>; connect: Connect; now(): number; nextFrame(callback: () => void): void; whenIdle(callback: () => void): () => void } & Storages<DraftStorage>;

/** Opens the app, and when its desktop is wiped another one in its place: of the former neither a store nor a storage is left. */
export function openApp(deps: AppDeps, show: (app: App) => void): void {
  const kept = createWindowMemory(deps.storage);
  const keptInTab = createWindowMemory(deps.tabStorage);
  const app = createApp({ ...deps, storage: kept.storage, tabStorage: keptInTab.storage });
  app.stores.session.subscribe((state, before) => {
    const hasShownNothing = before.sync === null && kept.isEmpty() && keptInTab.isEmpty();
    if (!isWiped(state) || isWiped(before) || hasShownNothing) return;
    app.stop();
    kept.forget();
    keptInTab.forget();
    openApp(deps, show);
  });
  app.start();
  show(app);
}

function createApp(deps: AppDeps): App {
  const link = createEngineLink({ connect: deps.connect, now: deps.now });
  const client = createORPCClient<EngineClient>(link.link);
  const nextFrame = createPace({ nextFrame: deps.nextFrame, isBehind: () => stores.session.getState().sync?.state === 'catching_up' });
  const changes = createChangeFeed({ client, link, nextFrame });
  const clock = createClockStore(deps.now);
  const { stores, commands, presence } = createStores({ client, changes, link: link.state, clock, storage: deps.storage, tabStorage: deps.tabStorage, flushStorage: deps.flushStorage });
  readNeighboursAhead({ ...stores, whenIdle: deps.whenIdle });
  return {
    client,
    stores,
    commands,
    desk: createCommandDesk({ keymap: () => stores.keymap.getState().keys, isInText, isInOverlay }),
    presence,
    start: () => {
      clock.start();
      changes.start();
      link.start();
    },
    stop: () => {
      link.stop();
      clock.stop();
    },
  };
}
