/**
 * Short notices. They hold keys, not texts, so that they follow a change of language.
 * Invariant: a notice with an action goes away only by its own time, its agent, or when newer ones with an action need the
 * place (what it offered is still reached with Ctrl+Z); never for the sake of one without.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RefusedContent } from '../../contract/refused-content.ts';
import type { ConversationStatus } from '../../contract/state.ts';
import type { BulkText } from './bulk-commands.ts';
import type { FailureCode } from './failure.ts';
import type { LinkText } from './links-store.ts';
import type { PickedText } from './picked-store.ts';
import type { ProposalText } from './proposals-store.ts';
import type { RequestText } from './request-text.ts';
import type { TriageText } from './triage-text.ts';
import type { UndoText } from './undo-history.ts';

export type ToastText =
  | 'ai.template.none'
  | 'ai.sentBy'
  | 'ai.over.sent_automatically'
  | `ai.take.${'replaced' | 'appended'}`
  | BulkText
  | RequestText
  | TriageText
  | LinkText
  | PickedText
  | ProposalText
  | UndoText
  | `failure.${FailureCode}`
  | `status.done.${ConversationStatus}`
  | `status.changedMeanwhile.${ConversationStatus}`
  | 'status.superseded'
  | 'status.newerConversation'
  | 'action.copied'
  | 'action.linkCopied'
  | `link.${'not_a_link' | 'other_workspace' | 'unknown'}`
  | 'savedViews.removed'
  | 'localApi.rotated'
  | `quality.review.${'markedGood' | 'markedBad' | 'takenBack'}`
  | 'chart.failed'
  | 'privacy.erase.done'
  | `lock.${'changed' | 'turnedOn' | 'turnedOff' | `failure.${'DISK_FULL' | 'TOO_LARGE' | 'INTERNAL'}`}`
  | 'privacy.retention.saved'
  | 'storage.media.done'
  | 'storage.compact.done'
  | 'storage.index.done'
  | 'teamKey.give.done'
  | 'invite.open.withdrawn'
  | `contacts.${'didBlock' | 'didUnblock' | 'profile.saved' | 'numbers.added' | 'numbers.known' | 'same.separated' | 'same.merged'}`
  | 'compose.files.noRoom'
  | 'templates.submitted'
  | 'templates.removed'
  | `knowledge.${'cut' | 'editor.saved' | 'editor.savedPending' | 'gaps.closed' | 'gaps.added' | 'gaps.addedPending' | 'questions.sent' | 'questions.known'}`;

/** `name`: the customer; `who`, `by`: colleagues; `what`: a label, a team, a time. `count`: of several, how many; `refused`: how many not. */
export type ToastValues = { name: string; who?: string; by?: string; what?: string; count?: number; refused?: number };

export type Toast = {
  id: number;
  tone: 'neutral' | 'failure';
  text: ToastText;
  values: ToastValues;
  /** The part of a message that was refused, to be said instead of `text`. */
  refused: RefusedContent | null;
  /** `ai.take.back`: of this window alone, whether or not the relay is reached. */
  action: { label: 'action.undo' | 'ai.take.back'; run(): void } | null;
};

export type ToastState = {
  toasts: readonly Toast[];
  /** @returns its id, for `dismiss`. */
  say(text: ToastText, options?: Partial<Pick<Toast, 'tone' | 'values' | 'refused' | 'action'>>): number;
  fail(code: FailureCode, refused?: RefusedContent | null): void;
  dismiss(id: number): void;
};

const SHOWN_AT_ONCE = 3;

export function createToastStore(): StoreApi<ToastState> {
  let nextId = 1;
  return createStore<ToastState>((set, get) => ({
    toasts: [],
    say: (text, { tone = 'neutral', values = { name: '' }, refused = null, action = null } = {}) => {
      const toast: Toast = { id: nextId++, tone, text, values, refused, action };
      // Saying the same thing twice helps nobody: the newer one replaces it. What can still be undone is another matter.
      const others = get().toasts.filter((other) => other.action || other.text !== text || JSON.stringify(other.values) !== JSON.stringify(values));
      const surplus = others.length + 1 - SHOWN_AT_ONCE;
      const withoutAction = others.filter((other) => !other.action).slice(0, Math.max(0, surplus));
      const withAction = action ? others.filter((other) => other.action).slice(0, Math.max(0, surplus - withoutAction.length)) : [];
      const dropped = new Set([...withoutAction, ...withAction]);
      set({ toasts: [...others.filter((other) => !dropped.has(other)), toast] });
      return toast.id;
    },
    fail: (code, refused = null) => void get().say(`failure.${code}`, { tone: 'failure', refused }),
    dismiss: (id) => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }),
  }));
}
