/** Whose a conversation is, when it comes back, what is stuck on it, and what the team says about it among itself. */
import type { StoreApi } from 'zustand/vanilla';
import type { Agent, Conversation, Label, Note, Team } from '../../contract/entities.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';
import type { DraftsState } from './drafts-store.ts';
import type { ToastState, ToastText, ToastValues } from './toast-store.ts';
import type { UndoHistory } from './undo-history.ts';

type Verdict = EngineOutputs['conversations']['setTeam'];
type Target = Pick<Conversation, 'id' | 'contact' | 'assignee' | 'team' | 'snoozedUntil'>;

export type TriageCommands = {
  assign(conversation: Target, to: Agent | null, note?: string): Promise<void>;
  setTeam(conversation: Target, to: Pick<Team, 'id' | 'name'> | null, note?: string): Promise<void>;
  /** @param when `until` in words; empty when it is brought back. */
  snooze(conversation: Target, until: number | null, when: string): Promise<void>;
  setLabel(conversation: Target, label: Label, isOn: boolean): Promise<void>;
  /** The draft, as an internal note. */
  saveNote(conversationId: string, mentions: readonly string[]): Promise<void>;
  /** @returns false if it was not changed: the agent keeps what they wrote. */
  editNote(note: Note, body: string, mentions: readonly string[]): Promise<boolean>;
  removeNote(note: Note): Promise<void>;
};

type Deps = {
  client: EngineClient;
  toasts: StoreApi<ToastState>;
  conversation: StoreApi<ConversationState>;
  drafts: StoreApi<DraftsState>;
  undo: UndoHistory;
  attempt(task: () => Promise<unknown>): Promise<boolean>;
};

export function createTriageCommands({ client, toasts, conversation: open, drafts, undo, attempt }: Deps): TriageCommands {
  const say: ToastState['say'] = (text, options) => toasts.getState().say(text, options);
  /** Conversations with a note on its way to the engine. */
  const saving = new Set<string>();

  /** What the agent has really seen of it, if it is the open one. */
  async function seenThroughOf(id: string): Promise<number | undefined> {
    const { lookAgain, seenWhenOpened } = open.getState();
    if (open.getState().thread?.conversation.id !== id) return undefined;
    lookAgain();
    return Math.max(open.getState().thread?.seenThrough ?? 0, await seenWhenOpened(id));
  }

  /** The colleague whose change of this kind stands. */
  async function whoChanged(conversationId: string, type: string): Promise<string> {
    const { activity } = await client.conversations.get({ conversationId, messages: 0 });
    return activity.find((entry) => entry.type === type && entry.outcome === 'applied')?.actor.name ?? '—';
  }

  /** Says what only the refusals have in common. @returns true if the change stands. */
  function isDone({ outcome, reason }: Pick<Verdict, 'outcome' | 'reason'>, name: string): boolean {
    if (outcome === 'applied' || outcome === 'merged') return true;
    if (outcome === 'forbidden') toasts.getState().fail('FORBIDDEN');
    else if (outcome === 'target_missing') say('triage.goneMeanwhile', { values: { name } });
    else if (reason === 'customer_wrote') say('status.superseded', { values: { name } });
    else if (reason === 'not_active') say('triage.notActive', { values: { name } });
    return false;
  }
  /** With the way back, unless it had come about already. */
  const sayDone = ({ id, contact }: Target, { outcome, opId }: Verdict, text: ToastText, values: Omit<ToastValues, 'name'> = {}): void =>
    undo.sayDone(text, { name: contact.name, ...values }, outcome === 'applied' ? [opId] : [], { id, name: contact.name });
  const isOverruled = ({ outcome, reason }: Pick<Verdict, 'outcome' | 'reason'>): boolean => outcome === 'superseded' && reason === null;

  /** Chosen was what stands already: nothing is recorded but the words. */
  async function addNoteOnly(conversationId: string, note: string | undefined): Promise<void> {
    if (note) await attempt(() => client.notes.add({ conversationId, body: note }));
  }

  return {
    assign: async (conversation, to, note) => {
      const { id } = conversation;
      const { name } = conversation.contact;
      if ((conversation.assignee?.id ?? null) === (to?.id ?? null)) return addNoteOnly(id, note);
      await attempt(async () => {
        const verdict = await client.conversations.assign({ conversationId: id, from: conversation.assignee?.id ?? null, to: to?.id ?? null, ...(note ? { note } : {}) });
        if (isOverruled(verdict)) {
          const by = await whoChanged(id, 'conversation.assign');
          say(verdict.assignee ? 'triage.assignedMeanwhile' : 'triage.releasedMeanwhile', { values: { name, by, who: verdict.assignee?.name ?? '' } });
        } else if (isDone(verdict, name)) {
          sayDone(conversation, verdict, to === null ? 'triage.released' : to.isMe ? 'triage.taken' : 'triage.assigned', { who: to?.name ?? '' });
        }
      });
    },

    setTeam: async (conversation, to, note) => {
      const { id } = conversation;
      const { name } = conversation.contact;
      if ((conversation.team?.id ?? null) === (to?.id ?? null)) return addNoteOnly(id, note);
      await attempt(async () => {
        const verdict = await client.conversations.setTeam({ conversationId: id, from: conversation.team?.id ?? null, to: to?.id ?? null });
        if (isOverruled(verdict)) say('triage.teamMeanwhile', { values: { name, by: await whoChanged(id, 'conversation.team') } });
        else if (isDone(verdict, name)) {
          if (note) await client.notes.add({ conversationId: id, body: note });
          sayDone(conversation, verdict, to === null ? 'triage.teamCleared' : 'triage.teamSet', { what: to?.name ?? '' });
        }
      });
    },

    snooze: async (conversation, until, when) => {
      const { id } = conversation;
      const { name } = conversation.contact;
      await attempt(async () => {
        const seenThrough = (await seenThroughOf(id)) ?? (await client.conversations.get({ conversationId: id, messages: 0 })).seenThrough;
        const verdict = await client.conversations.snooze({ conversationId: id, from: conversation.snoozedUntil, until, seenThrough });
        if (isOverruled(verdict)) say('triage.snoozeMeanwhile', { values: { name, by: await whoChanged(id, 'conversation.snooze') } });
        else if (isDone(verdict, name)) {
          sayDone(conversation, verdict, until === null ? 'triage.broughtBack' : 'triage.snoozed', { what: when });
        }
      });
    },

    setLabel: async (conversation, label, isOn) => {
      const { name } = conversation.contact;
      await attempt(async () => {
        const verdict = await client.conversations.setLabel({ conversationId: conversation.id, labelId: label.id, isOn });
        if (isDone(verdict, name)) sayDone(conversation, verdict, isOn ? 'triage.labelOn' : 'triage.labelOff', { what: label.name });
      });
    },

    saveNote: async (conversationId, mentions) => {
      const textNow = (): string => drafts.getState().drafts[conversationId]?.text ?? '';
      const text = textNow();
      if (text.trim() === '' || saving.has(conversationId)) return;
      saving.add(conversationId);
      try {
        if (!(await attempt(() => client.notes.add({ conversationId, body: text.trim(), mentions: [...mentions] })))) return;
        // It leaves the box only now; what was typed behind it meanwhile is the next note.
        if (textNow().startsWith(text)) drafts.getState().setText(conversationId, textNow().slice(text.length));
        drafts.getState().flush();
      } finally {
        saving.delete(conversationId);
      }
    },

    editNote: async (note, body, mentions) => {
      let isChanged = false;
      await attempt(async () => {
        const verdict = await client.notes.edit({ noteId: note.id, from: note.body, to: body.trim(), mentions: [...mentions] });
        if (verdict.reason === 'deleted' || verdict.outcome === 'target_missing') say('internal.goneMeanwhile');
        else if (isOverruled(verdict)) say('internal.editedMeanwhile', { values: { name: '', by: await whoChanged(note.conversationId, 'note.edit') } });
        else isChanged = isDone(verdict, '');
      });
      return isChanged;
    },

    removeNote: async (note) => {
      await attempt(async () => {
        const verdict = await client.notes.remove({ noteId: note.id });
        if (isDone(verdict, '')) say('internal.deletedToast');
      });
    },
  };
}
