/** An entry of a conversation's activity in words: who, what, from what to what, and why it did not come about. */
import * as z from 'zod/mini';
import { AI_MODES, HANDOFF_REASONS } from '../../contract/ai/ai-words.ts';
import type { Activity, Agent, Directory } from '../../contract/entities.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';

const nullable = z.nullable(z.string());
const assigned = z.object({ from: nullable, to: nullable, was: z.optional(nullable) });
const snoozed = z.object({ to: z.nullable(z.number()) });
const status = z.enum(['active', 'archived', 'closed']);
const statusChange = z.object({ from: status, to: status, was: z.optional(status) });
const labelled = z.object({ labelId: z.string(), isOn: z.boolean() });
const REASONS = {
  customer_wrote: 'customerWrote',
  newer_conversation: 'newerConversation',
  not_active: 'notActive',
  deleted: 'deleted',
  left_by_itself: 'leftByItself',
  sent_by_other: 'sentByOther',
} as const;
const reasoned = z.object({ reason: z.enum(['customer_wrote', 'newer_conversation', 'not_active', 'deleted', 'left_by_itself', 'sent_by_other']) });
const moded = z.object({ to: z.nullable(z.enum(AI_MODES)) });
const AI_MODE_TEXTS = { off: 'aiOff', draft: 'aiDraft', auto: 'aiAuto' } as const;
const aboutRequest = z.object({ requestId: z.string() });
const attached = z.object({ messageIds: z.array(z.string()), isOn: z.boolean() });
const byReply = z.object({ isByReply: z.optional(z.literal(true)) });
const told = z.object({ isAutomatic: z.boolean() });
const handedOff = z.object({ reason: z.enum(HANDOFF_REASONS) });

/** `request`: what the service request is called that it is about; empty: it has no number yet, or is not known here. */
type Words = { t: Translate; format: Formats; directory: Directory | null; request?: string };

/** The service request that an entry is about; null: none. */
export const requestOf = ({ type, detail }: Pick<Activity, 'type' | 'detail'>): string | null => (type.startsWith('request.') ? (aboutRequest.safeParse(detail).data?.requestId ?? null) : null);

/** What its author did or meant to do. */
export function activityText(entry: Activity, words: Words): string {
  const { t, format } = words;
  const who = nameOf(entry.actor, t);
  const other = t('activity.other', { who });
  switch (entry.type) {
    case 'conversation.assign': {
      const { success, data } = assigned.safeParse(entry.detail);
      if (!success) return other;
      const from = personName(data.from, words);
      if (data.to === null) return t('activity.released', { who, from });
      if (data.to === entry.actor.id)
        return data.from === null ? t(byReply.safeParse(entry.detail).data?.isByReply ? 'activity.tookByReply' : 'activity.took', { who }) : t('activity.tookFrom', { who, from });
      const to = personName(data.to, words);
      return data.from === null ? t('activity.assigned', { who, to }) : t('activity.assignedFrom', { who, from, to });
    }
    case 'conversation.team': {
      const { success, data } = assigned.safeParse(entry.detail);
      if (!success) return other;
      const from = teamName(data.from, words);
      if (data.to === null) return t('activity.teamCleared', { who, from });
      const to = teamName(data.to, words);
      return data.from === null ? t('activity.team', { who, to }) : t('activity.teamFrom', { who, from, to });
    }
    case 'conversation.snooze': {
      const { success, data } = snoozed.safeParse(entry.detail);
      if (!success) return other;
      return data.to === null ? t('activity.broughtBack', { who }) : t('activity.snoozed', { who, to: format.short(data.to) });
    }
    case 'conversation.status': {
      const { success, data } = statusChange.safeParse(entry.detail);
      return success ? t(`activity.${data.to}`, { who, from: t(`activity.statusWord.${data.from}`) }) : other;
    }
    case 'conversation.label': {
      const { success, data } = labelled.safeParse(entry.detail);
      if (!success) return other;
      const to = words.directory?.labels.find((label) => label.id === data.labelId)?.name ?? t('activity.aLabel');
      return t(data.isOn ? 'activity.labelOn' : 'activity.labelOff', { who, to });
    }
    case 'conversation.route': {
      const { success, data } = assigned.safeParse(entry.detail);
      return success ? t('activity.routed', { to: personName(data.to, words) }) : other;
    }
    case 'conversation.ai': {
      const { success, data } = moded.safeParse(entry.detail);
      return success ? t(`activity.${data.to === null ? 'aiDefault' : AI_MODE_TEXTS[data.to]}`, { who }) : other;
    }
    case 'ai.handoff': {
      const { success, data } = handedOff.safeParse(entry.detail);
      return success ? t(`activity.aiHandoff.${data.reason}`) : other;
    }
    case 'request.link':
      return t(assigned.safeParse(entry.detail).data?.to === null ? 'activity.requestUnlinked' : 'activity.requestLinked', { who, what: requestName(words) });
    case 'request.attach': {
      const { success, data } = attached.safeParse(entry.detail);
      if (!success) return other;
      return data.isOn ? t('activity.requestAttached', { who, what: requestName(words), count: data.messageIds.length }) : t('activity.requestDetached', { who, what: requestName(words) });
    }
    case 'request.notify':
      return t(told.safeParse(entry.detail).data?.isAutomatic ? 'activity.requestToldAuto' : 'activity.requestTold', { who, what: requestName(words) });
    case 'draft.stop_auto':
      return t('activity.autoStopped', { who });
    case 'draft.approve':
      return t('activity.draftSent', { who });
    case 'draft.discard':
      return t('activity.draftDiscarded', { who });
    case 'conversation.start':
      return t('activity.started', { who });
    case 'note.add':
      return t('activity.noteAdded', { who });
    case 'note.edit':
      return t('activity.noteEdited', { who });
    case 'note.delete':
      return t('activity.noteDeleted', { who });
    case 'message.confirm':
      return t('activity.confirmed', { who });
    case 'message.discard':
      return t('activity.discarded', { who });
    default:
      return other;
  }
}

/** What stood in the way of an op that did not apply; null where the outcome says it all. */
export function refusalText(entry: Activity, words: Words): string | null {
  const { t } = words;
  if (entry.outcome !== 'superseded') return null;
  const reason = reasoned.safeParse(entry.detail);
  if (reason.success) return t(`activity.${REASONS[reason.data.reason]}`);
  if (entry.type === 'conversation.status') {
    const { success, data } = statusChange.safeParse(entry.detail);
    return success && data.was ? t('activity.wasStatus', { what: t(`activity.statusWord.${data.was}`) }) : null;
  }
  const { success, data } = assigned.safeParse(entry.detail);
  if (!success || data.was === undefined) return null;
  if (entry.type === 'conversation.assign') return t('activity.wasAssignee', { who: personName(data.was, words) });
  if (entry.type !== 'conversation.team') return null;
  return data.was === null ? t('activity.wasTeamNone') : t('activity.wasTeam', { who: teamName(data.was, words) });
}

const requestName = ({ t, request }: Words): string => request || t('activity.aRequest');

function personName(id: string | null, { t, directory }: Words): string {
  if (id === null) return t('activity.nobody');
  const member = directory?.members.find((person) => person.id === id);
  const person = member ?? directory?.formerMembers.find((former) => former.id === id);
  return person ? nameOf(person, t) : t('activity.somebody');
}

/** By name also for oneself: one sentence for everybody. */
const nameOf = ({ name, isMe }: Agent, t: Translate): string => (isMe ? t('activity.me', { name }) : name);

const teamName = (id: string | null, { t, directory }: Words): string => directory?.teams.find((team) => team.id === id)?.name ?? t('activity.aTeam');
