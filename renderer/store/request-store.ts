/**
 * The open service request: what stands, what its agent has typed and not saved (`request-edits.ts`), and the conversations with its
 * customer and its vendor. Invariant: typed text outlives leaving the page, a reload, and a change of somebody else's; it goes only when
 * it stands in the request or its agent drops it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Conflict, Conversation, ConversationSummary, Message } from '../../contract/entities.ts';
import { REQUEST_ROLES, type RequestRole } from '../../contract/requests/request-rules.ts';
import type { ServiceRequest } from '../../contract/work-entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineInputs, EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import type { TabStorage } from './remember-open.ts';
import { changesOf, dropDone, goOnFrom, isTextField, keepMine, lostFields, takeBack, typeInto, without, type Edits, type TextField } from './request-edits.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';
import type { TeamState } from './team-store.ts';
import type { ToastState } from './toast-store.ts';

/** The newest messages of a linked conversation; without a link, the conversations that the person has. */
export type SideThread = { conversation: Conversation; messages: readonly Message[]; /** There are older ones. */ hasMore: boolean };
export type Side = { thread: SideThread | null; candidates: readonly ConversationSummary[] };
export type RequestChanges = EngineInputs['requests']['change']['changes'];
export type ChangeAnswer = EngineOutputs['requests']['change'];

export type RequestState = {
  openId: string | null;
  request: ServiceRequest | null;
  /** Why it cannot be shown. */
  failure: FailureCode | null;
  /** Of the open one. */
  edits: Edits;
  isSaving: boolean;
  /** Another request has the reference that was to be saved. */
  isTaken: boolean;
  sides: Readonly<Record<RequestRole, Side>>;
  open(requestId: string | null): void;
  type(field: TextField, text: string): void;
  /** Of a field that somebody else changed: mine is saved with the next save; or theirs stays. */
  keepMine(field: TextField): void;
  takeTheirs(field: TextField): void;
  dropEdits(): void;
  /** @returns fields that somebody else had changed, which wait for a decision now; null: it failed and was said. */
  save(): Promise<readonly string[] | null>;
  /** A change that no field was typed for: status, vendor, customer. Null: it failed and was said. */
  change(changes: RequestChanges): Promise<ChangeAnswer | null>;
};

const MESSAGES = 30;
const NO_SIDE: Side = { thread: null, candidates: [] };
const STORAGE_KEY = 'bandeja.request-edits';

type Deps = {
  client: EngineClient;
  changes: ChangeFeed;
  team: StoreApi<TeamState>;
  toasts: StoreApi<ToastState>;
  storage: TabStorage;
  report(error: unknown): void;
  reportAction(error: unknown): void;
};

export function createRequestStore({ client, changes, team, toasts, storage, report, reportAction }: Deps): StoreApi<RequestState> {
  const kept = readKept(storage);
  /** Changes that were taken back into the fields once: what their agent has dropped since does not come again. */
  const takenBack = new Set<string>();

  const store = createStore<RequestState>((set, get) => {
    const edit = (change: (request: ServiceRequest, edits: Edits) => Edits): void => {
      const { request, edits } = get();
      if (request) keep(request.id, change(request, edits));
    };
    return {
      openId: null,
      request: null,
      failure: null,
      edits: {},
      isSaving: false,
      isTaken: false,
      sides: { customer: NO_SIDE, vendor: NO_SIDE },
      open: (openId) => {
        if (openId === get().openId) return;
        set({ openId, request: null, failure: null, isTaken: false, edits: openId === null ? {} : (kept.get(openId) ?? {}), sides: { customer: NO_SIDE, vendor: NO_SIDE } });
        if (openId !== null) refresh(reportAction);
      },
      type: (field, text) => {
        if (field === 'externalId') set({ isTaken: false });
        edit((request, edits) => typeInto(request, edits, field, text));
      },
      keepMine: (field) => edit((request, edits) => keepMine(request, edits, field)),
      takeTheirs: (field) => {
        edit((_, edits) => without(edits, [field]));
        settle();
      },
      dropEdits: () => {
        edit(() => ({}));
        settle();
      },
      save: async () => {
        const { request, edits, isSaving } = get();
        const wanted = request ? changesOf(request, edits) : {};
        if (!request || isSaving || Object.keys(wanted).length === 0) return [];
        set({ isSaving: true });
        try {
          const answer = await client.requests.change({ requestId: request.id, changes: wanted as RequestChanges });
          if (answer.outcome === 'target_missing' || (answer.outcome === 'forbidden' && Object.keys(answer.lost).length === 0)) {
            toasts.getState().fail(answer.outcome === 'forbidden' ? 'FORBIDDEN' : 'NOT_FOUND');
            return null;
          }
          const saved = Object.keys(wanted).filter((field) => isTextField(field) && !(field in answer.lost));
          keep(request.id, goOnFrom(kept.get(request.id) ?? {}, edits, saved.filter(isTextField)));
          if (get().openId === request.id) set({ isTaken: answer.lost['externalId']?.reason === 'taken' });
          await refreshInOrder();
          settle();
          return Object.keys(answer.lost);
        } catch (error) {
          reportAction(error);
          return null;
        } finally {
          set({ isSaving: false });
        }
      },
      change: async (wanted) => {
        const { openId } = get();
        if (openId === null) return null;
        try {
          const answer = await client.requests.change({ requestId: openId, changes: wanted });
          await refreshInOrder();
          return answer;
        } catch (error) {
          reportAction(error);
          return null;
        }
      },
    };
  });

  function keep(requestId: string, edits: Edits): void {
    if (Object.keys(edits).length === 0) kept.delete(requestId);
    else kept.set(requestId, edits);
    storage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(kept)));
    if (store.getState().openId === requestId) store.setState({ edits });
  }

  /**
   * What my earlier changes did not come to stands in the fields again, beside what stands in the request.
   * @param conflicts known before `request` was read: until then it shows them as if they had come about.
   */
  function takeBackLost(request: ServiceRequest, conflicts: readonly Conflict[]): void {
    for (const conflict of conflicts) {
      if (takenBack.has(conflict.opId)) continue;
      takenBack.add(conflict.opId);
      keep(request.id, takeBack(request, kept.get(request.id) ?? {}, conflict));
    }
  }
  const conflictsOf = (requestId: string) => team.getState().conflicts.filter(({ type, detail }) => type === 'request.change' && detail['requestId'] === requestId);

  /** A change of mine of which nothing is left to decide needs no mention under "while you were offline". */
  function settle(): void {
    const { request } = store.getState();
    if (!request) return;
    const waiting = new Set(Object.values(kept.get(request.id) ?? {}).map(({ opId }) => opId));
    const opIds = conflictsOf(request.id)
      .filter((conflict) => takenBack.has(conflict.opId) && !waiting.has(conflict.opId) && lostFields(conflict).isOnlyText)
      .map(({ opId }) => opId);
    if (opIds.length > 0) void client.conflicts.dismiss({ opIds }).catch(report);
  }

  async function readSide(request: ServiceRequest, role: RequestRole): Promise<Side> {
    const link = request.links.find((one) => one.role === role);
    if (link) {
      const { messages, messagesCursor, ...conversation } = await client.conversations.get({ conversationId: link.conversationId, messages: MESSAGES });
      return { thread: { conversation, messages, hasMore: messagesCursor !== null }, candidates: [] };
    }
    const contact = role === 'customer' ? request.customer : request.vendor;
    return { thread: null, candidates: contact === null ? [] : await client.contacts.conversations({ contactId: contact.id }) };
  }

  const refreshInOrder = createCoalesced(async () => {
    const { openId } = store.getState();
    if (openId === null) return;
    const isOpen = (): boolean => store.getState().openId === openId;
    const conflicts = conflictsOf(openId);
    try {
      const request = await client.requests.get({ requestId: openId });
      if (!isOpen()) return;
      store.setState((state) => ({ request: reuse(state.request, request), failure: null }));
      keep(openId, dropDone(request, kept.get(openId) ?? {}));
      takeBackLost(request, conflicts);
      settle();
      const sides = await Promise.all(REQUEST_ROLES.map((role) => readSide(request, role)));
      if (isOpen()) store.setState((state) => ({ sides: { customer: reuse(state.sides.customer, sides[0]!), vendor: reuse(state.sides.vendor, sides[1]!) } }));
    } catch (error) {
      if (isOpen() && failureCodeOf(error) === 'NOT_FOUND') return store.setState({ failure: 'NOT_FOUND' });
      throw error;
    }
  });
  const refresh = (tell = report): void => void refreshInOrder().catch(tell);

  changes.subscribe((change) => {
    if (store.getState().openId === null) return;
    const { sides } = store.getState();
    const shown = REQUEST_ROLES.map((role) => sides[role].thread?.conversation.id);
    const isShown = change.conversations === 'all' || change.conversations.some((id) => shown.includes(id) || shown.includes(undefined));
    if (change.requests || change.contacts || isShown) refresh();
  });
  team.subscribe((state, before) => {
    if (state.conflicts !== before.conflicts) refresh();
  });
  return store;
}

/** Anything else that may stand there counts as nothing typed. */
function readKept(storage: TabStorage): Map<string, Edits> {
  try {
    const all = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}') as Record<string, Record<string, unknown>>;
    return new Map(Object.entries(all).map(([id, edits]) => [id, Object.fromEntries(Object.entries(edits).filter(([field, edit]) => isTextField(field) && isEdit(edit))) as Edits]));
  } catch {
    return new Map();
  }
}
const isEdit = (value: unknown): boolean => typeof value === 'object' && value !== null && 'from' in value && 'to' in value && typeof value.from === 'string' && typeof value.to === 'string';
