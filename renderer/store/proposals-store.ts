/**
 * Templates that events of service requests propose: of one person, of one request, of all. Invariants: an event is sent or dismissed once,
 * by the engine's word, so two presses of a key send nothing twice; one that somebody else has decided while it was looked at stays to
 * say so; what was dismissed can be taken back until its time is over, and only then is it told to the team.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Agent, Contact } from '../../contract/entities.ts';
import type { RefusedContent } from '../../contract/refused-content.ts';
import type { TemplateInput } from '../../contract/work-api.ts';
import type { EventProposal } from '../../contract/work-entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, refusedContentOf, type FailureCode } from './failure.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';
import type { ToastState } from './toast-store.ts';

/** What is said after sending. */
export type ProposalText = 'requestLinks.toast.sent';
/** Whose: `all`, or those of a conversation's person, or of a request. */
export type ProposalScope = { kind: 'all' } | { kind: 'conversation' | 'request'; id: string };
/** `decided` null: it is open. `by` null: nobody, the request itself has changed. */
export type ShownProposal = { id: string; proposal: EventProposal; decided: { state: 'sent' | 'dismissed' | 'obsolete'; by: Agent | null } | null };

export type ProposalsState = {
  /** By `scopeKey`; only of those that are followed. */
  lists: Readonly<Record<string, readonly ShownProposal[]>>;
  /** How many are open in the whole team; null until it was asked. */
  openEvents: number | null;
  /** The one whose form is open. */
  reviewing: string | null;
  /** Contacts that were chosen in the place of whom an event is for, by event. */
  recipients: Readonly<Record<string, string>>;
  /** Dismissed ones that can still be taken back. */
  leaving: ReadonlySet<string>;
  /** @returns the way to stop. */
  follow(scope: ProposalScope): () => void;
  review(eventId: string | null): void;
  /** Null: whom it is for. */
  setRecipient(eventId: string, contactId: string | null): void;
  /** @param to somebody else than whom it is for. @returns why it was not taken; null: it was, or somebody else has decided it. */
  send(proposal: EventProposal, template: TemplateInput, to: Contact | null, isOverride: boolean): Promise<{ code: FailureCode; refused: RefusedContent | null } | null>;
  dismiss(eventId: string): void;
  takeBack(eventId: string): void;
  /** One that was decided by somebody else has been read. */
  forget(eventId: string): void;
};

/** As long as a notice stands. */
export const DISMISS_GRACE_MS = 6_000;

export const scopeKey = (scope: ProposalScope): string => (scope.kind === 'all' ? 'all' : `${scope.kind}:${scope.id}`);

type Deps = { client: EngineClient; changes: ChangeFeed; toasts: StoreApi<ToastState>; report(error: unknown): void; reportAction(error: unknown): void };
type Followed = { scope: ProposalScope; followers: number; refresh(): Promise<void> };

export function createProposalsStore({ client, changes, toasts, report, reportAction }: Deps): StoreApi<ProposalsState> {
  const followed = new Map<string, Followed>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Decided in this window: nobody has to be told. */
  const mine = new Set<string>();

  const store = createStore<ProposalsState>((set, get) => ({
    lists: {},
    openEvents: null,
    reviewing: null,
    recipients: {},
    leaving: new Set(),
    follow: (scope) => {
      const key = scopeKey(scope);
      const entry = followed.get(key) ?? { scope, followers: 0, refresh: createCoalesced(() => read(key, scope)) };
      followed.set(key, entry);
      entry.followers += 1;
      void entry.refresh().catch(report);
      return () => {
        entry.followers -= 1;
        if (entry.followers > 0) return;
        followed.delete(key);
        set(({ lists: { [key]: _, ...lists } }) => ({ lists }));
      };
    },
    review: (reviewing) => set({ reviewing }),
    setRecipient: (eventId, contactId) => set(({ recipients: { [eventId]: _, ...recipients } }) => ({ recipients: contactId === null ? recipients : { ...recipients, [eventId]: contactId } })),
    send: async ({ event }, template, to, isOverride) => {
      try {
        const { outcome } = await client.requests.sendEvent({ eventId: event.id, template, isOverride, ...(to !== null && { to: to.id }) });
        if (outcome === 'forbidden') return { code: isOverride ? 'FORBIDDEN' : 'WRONG_ROLE', refused: null };
        if (outcome === 'target_missing') return { code: 'NOT_FOUND', refused: null };
        if (outcome === 'applied' || outcome === 'merged') mine.add(event.id);
        if (outcome === 'applied') toasts.getState().say('requestLinks.toast.sent', { values: { name: (to ?? event.contact)?.name ?? '' } });
        if (get().reviewing === event.id) set({ reviewing: null });
        await refreshAll();
        return null;
      } catch (error) {
        return { code: failureCodeOf(error), refused: refusedContentOf(error) };
      }
    },
    dismiss: (eventId) => {
      if (timers.has(eventId)) return;
      set(({ leaving, reviewing }) => ({ leaving: new Set(leaving).add(eventId), reviewing: reviewing === eventId ? null : reviewing }));
      timers.set(
        eventId,
        setTimeout(() => void commitDismissal(eventId).catch(reportAction), DISMISS_GRACE_MS),
      );
    },
    takeBack: (eventId) => stopLeaving(eventId),
    forget: (eventId) => {
      const without = (list: readonly ShownProposal[]): readonly ShownProposal[] => list.filter(({ id, decided }) => id !== eventId || decided === null);
      set(({ lists }) => ({ lists: Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, without(list)])) }));
    },
  }));

  function stopLeaving(eventId: string): void {
    clearTimeout(timers.get(eventId));
    timers.delete(eventId);
    store.setState(({ leaving }) => ({ leaving: new Set([...leaving].filter((id) => id !== eventId)) }));
  }

  async function commitDismissal(eventId: string): Promise<void> {
    try {
      const { outcome } = await client.requests.dismissEvent({ eventId });
      if (outcome === 'applied' || outcome === 'merged') mine.add(eventId);
      if (outcome === 'forbidden') toasts.getState().fail('FORBIDDEN');
      await refreshAll();
    } finally {
      // Only now: between the two it would stand there again for a moment.
      stopLeaving(eventId);
    }
  }

  async function read(key: string, scope: ProposalScope): Promise<void> {
    const fresh = await client.requests.events(scope.kind === 'all' ? {} : scope.kind === 'conversation' ? { conversationId: scope.id } : { requestId: scope.id });
    const shown = store.getState().lists[key] ?? [];
    const open = new Set(fresh.map(({ event }) => event.id));
    const gone = shown.filter(({ id }) => !open.has(id) && !mine.has(id));
    const decided = await Promise.all(gone.map(askWho));
    if (!followed.has(key)) return;
    const known = new Map(shown.map((one) => [one.id, one]));
    const items = [...decided.filter((one) => one !== null), ...fresh.map((proposal): ShownProposal => ({ id: proposal.event.id, proposal, decided: null }))];
    store.setState(({ lists, reviewing }) => ({
      lists: { ...lists, [key]: items.toSorted((a, b) => b.proposal.event.at - a.proposal.event.at).map((one) => reuse(known.get(one.id), one)) },
      reviewing: decided.some((one) => one?.id === reviewing) ? null : reviewing,
    }));
  }

  /** What became of one that is no longer open; null: nobody has to know. */
  async function askWho(shown: ShownProposal): Promise<ShownProposal | null> {
    if (shown.decided !== null) return shown;
    const request = await client.requests.get({ requestId: shown.proposal.event.requestId }).catch(() => null);
    const event = request?.events.find(({ id }) => id === shown.id);
    if (!event || event.state === 'open' || event.decidedBy?.isMe) return null;
    return { ...shown, decided: { state: event.state, by: event.decidedBy } };
  }

  async function refreshAll(): Promise<void> {
    await Promise.all([...[...followed.values()].map(({ refresh }) => refresh()), readCount()]);
  }
  const readCount = createCoalesced(async () => {
    const { openEvents } = await client.requests.counts();
    store.setState({ openEvents });
  });
  changes.subscribe((change) => {
    if (change.requests) void readCount().catch(report);
    // Values come from people and templates, too.
    if (change.requests || change.contacts || change.templates) for (const { refresh } of followed.values()) void refresh().catch(report);
  });
  return store;
}

export const NO_PROPOSALS: readonly ShownProposal[] = [];

/** Whether one key opens its form. */
export const isReviewable = ({ proposal, decided }: ShownProposal): boolean => decided === null && proposal.event.contact !== null && (proposal.template?.isSendable ?? false);
