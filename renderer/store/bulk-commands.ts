/** One action on many conversations, taking the last change back, and doing again what the team's log judged otherwise. */
import type { StoreApi } from 'zustand/vanilla';
import type { Conflict, ConversationSummary } from '../../contract/entities.ts';
import type { EngineClient, EngineInputs, EngineOutputs } from '../rpc/engine-client.ts';
import { BULK_MAX } from '../../contract/limits.ts';
import { failureCodeOf } from './failure.ts';
import type { InboxState } from './inbox-store.ts';
import { pickedRows, type SelectionState } from './selection-store.ts';
import type { TeamState } from './team-store.ts';
import type { ToastState, ToastText } from './toast-store.ts';
import type { UndoHistory } from './undo-history.ts';

export type BulkAction = EngineInputs['conversations']['bulk']['action'];
/** What is said afterwards. */
export type BulkText =
  | `bulk.done.${'assigned' | 'released' | 'team' | 'teamless' | 'labelled' | 'unlabelled' | 'active' | 'archived' | 'closed' | 'snoozed' | 'woken' | 'read'}`
  | `bulk.${'nothing' | 'noneDone' | 'overruled'}`
  | `conflict.${'reapplied' | 'cannotReapply'}`;

type Verdict = EngineOutputs['conversations']['setLabel'];

export type BulkCommands = {
  /** On all picked rows, from what this desktop holds of each at the moment. */
  bulk(action: BulkAction): Promise<void>;
  /** To somebody else, or to nobody (null); those that they hold already stay as they are. */
  giveTo(rows: readonly ConversationSummary[], to: string | null): Promise<void>;
  /** The last change that has not been taken back. */
  undoLast(): Promise<void>;
  reapply(conflict: Conflict): Promise<void>;
  /** @param isAll they are the whole list: what it is too long to show goes too. */
  dismiss(conflicts: readonly Conflict[], isAll?: boolean): Promise<void>;
  /** A copied database becomes a desktop of its own. */
  renewDesktop(): Promise<void>;
  /** The shared rows are fetched and folded anew. */
  rebuildDesktop(): Promise<void>;
  /** Only in the demo. */
  pretendOffline(isOffline: boolean): Promise<void>;
};

type Deps = {
  client: EngineClient;
  toasts: StoreApi<ToastState>;
  inbox: StoreApi<InboxState>;
  selection: StoreApi<SelectionState>;
  team: StoreApi<TeamState>;
  undo: UndoHistory;
  /** Runs a task and says what failed; false if it did. */
  attempt(task: () => Promise<unknown>): Promise<boolean>;
};

export function createBulkCommands({ client, toasts, inbox, selection, team, undo, attempt }: Deps): BulkCommands {
  const say = (text: ToastText, name: string, count?: number): void => void toasts.getState().say(text, { values: { name, ...(count !== undefined && { count }) } });

  /** Who or what an action names. */
  function whatOf(action: BulkAction): string {
    const { directory } = team.getState();
    if (action.kind === 'assign') return directory?.members.find(({ id }) => id === action.to)?.name ?? '';
    if (action.kind === 'team') return directory?.teams.find(({ id }) => id === action.to)?.name ?? '';
    return action.kind === 'label' ? (directory?.labels.find(({ id }) => id === action.labelId)?.name ?? '') : '';
  }

  async function actOn(ids: string[], action: BulkAction, onTaken: () => void = () => undefined): Promise<void> {
    const { opIds, changed, refused } = await client.conversations.bulk({ conversationIds: ids, action });
    onTaken();
    await inbox.getState().dropMoved(ids);
    if (changed === 0) return say(refused === 0 ? 'bulk.nothing' : 'bulk.noneDone', '', refused);
    // What was read stays read: only its reader marks it as unread, one by one.
    undo.sayDone(`bulk.done.${doneOf(action)}`, { name: '', count: changed, refused, what: whatOf(action) }, action.kind === 'read' ? [] : opIds, null);
  }

  return {
    bulk: async (action) => {
      const ids = pickedRows(selection.getState(), inbox.getState()).map((row) => row.id);
      if (ids.length > 0) await attempt(() => actOn(ids, action, () => selection.getState().clear()));
    },
    giveTo: async (rows, to) => {
      const ids = rows.filter(({ assignee }) => (assignee?.id ?? null) !== to).map(({ id }) => id);
      if (ids.length > 0) await attempt(() => actOn(ids, { kind: 'assign', to }));
    },

    undoLast: () => undo.undoLast(),

    reapply: async (conflict) => {
      const name = conflict.conversation?.name ?? '';
      await attempt(async () => {
        try {
          const verdict = await client.conflicts.reapply({ opId: conflict.opId });
          const refusal = refusalOf(verdict);
          if (refusal) return say(refusal, name);
          const isTriage = verdict.outcome === 'applied' && conflict.conversation !== null && conflict.type.startsWith('conversation.');
          undo.sayDone('conflict.reapplied', { name }, isTriage ? [verdict.opId] : [], conflict.conversation);
        } catch (error) {
          if (failureCodeOf(error) !== 'NOT_ALLOWED_NOW') throw error;
          say('conflict.cannotReapply', name);
        }
      });
    },

    dismiss: async (conflicts, isAll = false) => {
      for (let at = 0; at < conflicts.length; at += BULK_MAX) {
        const opIds = conflicts.slice(at, at + BULK_MAX).map(({ opId }) => opId);
        if (!(await attempt(() => client.conflicts.dismiss({ opIds, andOlder: isAll && at + BULK_MAX >= conflicts.length })))) return;
      }
    },

    renewDesktop: async () => void (await attempt(() => client.enrollment.renew())),
    rebuildDesktop: async () => void (await attempt(() => client.enrollment.rebuild())),
    pretendOffline: async (isOffline) => void (await attempt(() => client.session.pretendOffline({ isOffline }))),
  };
}

/** Why an op of mine did not come about; null: it did. */
function refusalOf({ outcome, reason }: Pick<Verdict, 'outcome' | 'reason'>): ToastText | null {
  switch (outcome) {
    case 'applied':
    case 'merged':
    case 'partial':
    case 'duplicate':
      return null;
    case 'forbidden':
      return 'failure.FORBIDDEN';
    case 'target_missing':
      return 'failure.NOT_FOUND';
    case 'superseded':
    case 'held':
      return reason === 'customer_wrote' ? 'status.superseded' : reason === 'newer_conversation' ? 'status.newerConversation' : 'bulk.overruled';
  }
}

type DoneOf<T extends string> = T extends `bulk.done.${infer D}` ? D : never;

function doneOf(action: BulkAction): DoneOf<BulkText> {
  switch (action.kind) {
    case 'assign':
      return action.to === null ? 'released' : 'assigned';
    case 'team':
      return action.to === null ? 'teamless' : 'team';
    case 'label':
      return action.isOn ? 'labelled' : 'unlabelled';
    case 'status':
      return action.to;
    case 'snooze':
      return action.until === null ? 'woken' : 'snoozed';
    case 'read':
      return 'read';
  }
}
