/**
 * A conflict in words: what I did, what stands instead and since when, and what doing it again would do. Everything that
 * came over the wire is read with care: an op of a newer program may say less than expected.
 */
import type { Conflict, Directory } from '../../contract/entities.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { valueText } from '../requests/request-history.ts';

export type ConflictText = {
  /** `Ana la asignó a Bo a las 10:02; tú elegiste a Cy.` */
  sentence: string;
  /** The name of the button; null: it cannot be done again. */
  again: string | null;
  /** What I had written, where it stands nowhere else now. */
  words: string | null;
};

type Context = { t: Translate; format: Formats; directory: Directory | null; myId: string | null; now: number };

type Thing = 'label' | 'teams' | 'canned';
const VERBS = { Add: ['add'], Change: ['change', 'rename', 'member'], Delete: ['delete'] } as const;

const AI_MODE_ACTS = { off: 'aiOff', draft: 'aiDraft', auto: 'aiAuto' } as const;
type AiModeAct = (typeof AI_MODE_ACTS)[keyof typeof AI_MODE_ACTS] | 'aiDefault';
type AiActKind = AiModeAct | 'aiStopped' | 'aiResumed' | 'aiErased' | 'aiReviewed' | 'draftStopped' | 'draftDiscarded' | 'articleChanged' | 'question' | 'questionDecided' | 'gap';

type Act =
  | { kind: 'assigned' | 'team'; to: string }
  | {
      kind:
        | 'took'
        | 'toMe'
        | 'released'
        | 'teamless'
        | 'active'
        | 'archived'
        | 'closed'
        | 'woken'
        | 'labelled'
        | 'unlabelled'
        | 'message'
        | 'note'
        | 'label'
        | 'teams'
        | 'canned'
        | 'contact'
        | 'request'
        | 'requestAdd'
        | 'requestLink'
        | 'requestTold'
        | 'requestDismissed'
        | 'setting'
        | AiActKind
        | 'other';
    }
  | { kind: 'snoozed'; until: number }
  | { kind: `${Thing}${keyof typeof VERBS}` | 'article'; name: string };

const STATUSES = ['active', 'archived', 'closed'] as const;
const REASONS = ['customer_wrote', 'newer_conversation', 'not_active', 'deleted', 'left_by_itself', 'sent_by_other', 'answered_by_itself', 'draft_gone'] as const;
const REQUEST_REASONS = ['transition', 'taken', 'wrong_role'] as const;
const STANDING = ['assigned', 'toMe', 'took', 'released', 'team', 'teamless', ...STATUSES, 'snoozed', 'woken', 'aiOff', 'aiDraft', 'aiAuto', 'aiDefault'] as const;
const AREAS: Readonly<Record<string, 'note' | Thing>> = { note: 'note', label: 'label', team: 'teams', canned: 'canned' };

const isOneOf = <T extends string>(value: unknown, known: readonly T[]): value is T => known.some((one) => one === value);

export function conflictText(conflict: Conflict, context: Context): ConflictText {
  const { t, format, now } = context;
  const act = actOf(conflict.type, conflict.detail, context);
  const mine = t(`conflict.mine.${act.kind === 'toMe' ? 'took' : act.kind}`, wordsOf(act, format));
  const words = wordsLost(conflict, context);
  const { winner } = conflict;
  const again = conflict.canReapply ? againOf(act, context) : null;
  if (!winner) return { sentence: t('conflict.sentenceTimeless', { stands: reasonOf(conflict, t), mine }), again, words };
  if (conflict.outcome === 'held') {
    return { sentence: t('conflict.sentence', { stands: t('conflict.stands.answeredBy', { who: winner.actor.name }), when: whenOf(winner.occurredAt, now, context), mine }), again, words };
  }
  const decided = conflict.type.startsWith('request.') ? requestStands(conflict) : null;
  if (decided) {
    const who = winner.actor.isMe ? t('conflict.earlier') : winner.actor.name;
    return { sentence: t('conflict.sentence', { stands: t(`conflict.stands.${decided}`, { who }), when: whenOf(winner.occurredAt, now, context), mine }), again, words };
  }
  const theirs = actOf(conflict.type, winner.detail, context);
  const { to } = winner.detail;
  const isAssign = conflict.type === 'conversation.assign' && to !== null;
  // Whoever gave it to themselves took it.
  const kind = isAssign && to === winner.actor.id ? 'took' : isAssign && to === context.myId ? 'toMe' : theirs.kind;
  const who = winner.actor.isMe ? t('conflict.earlier') : winner.actor.name;
  const stands = t(`conflict.stands.${isOneOf(kind, STANDING) ? kind : 'other'}`, { who, ...wordsOf(theirs, format) });
  return { sentence: t('conflict.sentence', { stands, when: whenOf(winner.occurredAt, now, context), mine }), again, words };
}

function wordsLost({ type, detail: { text, note, body, to, lost, fields } }: Conflict, context: Context): string | null {
  const words = {
    'message.queue': text,
    'draft.approve': text,
    'kb.question': text,
    'kb.change': textsOf(lost),
    'conversation.assign': note,
    'note.add': body,
    'note.edit': to,
    'contact.attribute': to,
    'contact.change': textsOf(lost),
    'request.change': requestTextsOf(lost, context),
    'request.add': fieldsOf(fields),
  }[type];
  return typeof words === 'string' ? words : null;
}

/** What was typed into the fields that stayed as they are. */
function textsOf(lost: unknown): string | null {
  const values = typeof lost === 'object' && lost !== null ? Object.values(lost) : [];
  const texts = values.flatMap((value) => (typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'string' ? [value.to] : []));
  return texts.length === 0 ? null : texts.join('\n');
}

/** The same of a service request, whose choices and days have words of their own. Who it was for is not one of them. */
function requestTextsOf(lost: unknown, { t, format }: Context): string | null {
  const texts = Object.entries(typeof lost === 'object' && lost !== null ? lost : {}).flatMap(([field, value]: [string, unknown]) => {
    if (PEOPLE.has(field) || typeof value !== 'object' || value === null || !('to' in value) || typeof value.to !== 'string') return [];
    // What was typed must be there whole, to be copied.
    return [CHOICES.has(field) ? valueText(field, value.to, { t, format, names: NO_NAMES }) : value.to];
  });
  return texts.length === 0 ? null : texts.join('\n');
}
const PEOPLE: ReadonlySet<string> = new Set(['customerId', 'vendorId']);
const CHOICES: ReadonlySet<string> = new Set(['status', 'requestedDate', 'approvedDate']);
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** What was typed into a form that nothing came of. */
function fieldsOf(fields: unknown): string | null {
  const texts = (typeof fields === 'object' && fields !== null ? Object.entries(fields) : []).flatMap(([field, value]) =>
    typeof value === 'string' && value !== '' && !NO_WORDS.has(field) ? [value] : [],
  );
  return texts.length === 0 ? null : texts.join('\n');
}
/** Ids and choices: nobody typed them. */
const NO_WORDS: ReadonlySet<string> = new Set(['customerId', 'vendorId', 'status']);

const whenOf = (at: number, now: number, { t, format }: Context): string =>
  format.dayNumber(at) === format.dayNumber(now) ? t('conflict.at', { at: format.clock(at) }) : t('conflict.on', { at: format.short(at) });

/** What stands of a service request where somebody did it. */
function requestStands({ type, outcome, detail }: Conflict): 'requestKnown' | 'requestTold' | 'requestDismissed' | 'requestChanged' | null {
  if (outcome === 'duplicate') return 'requestKnown';
  if (type === 'request.change' || type === 'request.link') return 'requestChanged';
  return detail['was'] === 'sent' ? 'requestTold' : detail['was'] === 'dismissed' ? 'requestDismissed' : null;
}

/** Why a change of a service request did not come about although nobody was faster; null: nothing is said. */
function requestReason({ outcome, detail }: Conflict): (typeof REQUEST_REASONS)[number] | 'requestKnown' | 'obsolete' | null {
  if (outcome === 'duplicate') return 'requestKnown';
  const { lost, reason, was } = detail;
  const values = typeof lost === 'object' && lost !== null ? Object.values(lost) : [];
  const reasons = [reason, ...values.map((value) => (typeof value === 'object' && value !== null && 'reason' in value ? value.reason : undefined))];
  return reasons.find((one) => isOneOf(one, REQUEST_REASONS)) ?? (was === 'obsolete' ? 'obsolete' : null);
}

function reasonOf(conflict: Conflict, t: Translate): string {
  const { outcome, detail } = conflict;
  const known = conflict.type.startsWith('request.') ? requestReason(conflict) : null;
  if (known) return t(`conflict.stands.${known}`);
  const { reason } = detail;
  if (outcome === 'forbidden') return t(reason === 'too_many' ? 'conflict.stands.too_many' : 'conflict.stands.forbidden');
  if (outcome === 'target_missing') return t('conflict.stands.missing');
  if (outcome === 'held' && !isOneOf(reason, REASONS)) return t(reason === 'conversation_closed' ? 'conflict.stands.closedBefore' : 'conflict.stands.answered');
  return t(`conflict.stands.${isOneOf(reason, REASONS) ? reason : 'other'}`);
}

function actOf(type: string, detail: Record<string, unknown>, { directory, myId, t }: Context): Act {
  const { to, isOn } = detail;
  switch (type) {
    case 'conversation.assign': {
      if (to === null) return { kind: 'released' };
      if (to === myId) return { kind: 'took' };
      const people = [...(directory?.members ?? []), ...(directory?.formerMembers ?? [])];
      return { kind: 'assigned', to: people.find(({ id }) => id === to)?.name ?? t('conflict.somebody') };
    }
    case 'conversation.team':
      return to === null ? { kind: 'teamless' } : { kind: 'team', to: directory?.teams.find(({ id }) => id === to)?.name ?? '—' };
    case 'conversation.status':
      return { kind: isOneOf(to, STATUSES) ? to : 'other' };
    case 'conversation.snooze':
      return typeof to === 'number' ? { kind: 'snoozed', until: to } : { kind: 'woken' };
    case 'conversation.label':
      return { kind: isOn === false ? 'unlabelled' : 'labelled' };
    case 'message.queue':
    case 'draft.approve':
    case 'message.confirm':
      return { kind: 'message' };
    case 'conversation.ai':
      return { kind: isOneOf(to, ['off', 'draft', 'auto']) ? AI_MODE_ACTS[to] : 'aiDefault' };
    case 'ai.stop':
      return { kind: detail['isStopped'] === false ? 'aiResumed' : 'aiStopped' };
    case 'ai.erase':
    case 'contact.erase':
      return { kind: 'aiErased' };
    case 'ai.review':
      return { kind: 'aiReviewed' };
    case 'draft.stop_auto':
      return { kind: 'draftStopped' };
    case 'draft.discard':
      return { kind: 'draftDiscarded' };
    case 'kb.save':
      return { kind: 'article', name: typeof detail['title'] === 'string' ? detail['title'] : '—' };
    case 'kb.change':
      return { kind: 'articleChanged' };
    case 'kb.question':
      return { kind: 'question' };
    case 'kb.decide':
      return { kind: 'questionDecided' };
    case 'gap.close':
      return { kind: 'gap' };
    case 'setting.set':
      return { kind: 'setting' };
    case 'contact.add':
    case 'contact.change':
    case 'contact.phone':
    case 'contact.attribute':
    case 'contact.merge':
      return { kind: 'contact' };
    case 'request.add':
    case 'request.import':
      return { kind: 'requestAdd' };
    case 'request.change':
      return { kind: 'request' };
    case 'request.link':
      return { kind: 'requestLink' };
    case 'request.notify':
      return { kind: 'requestTold' };
    case 'request.dismiss':
      return { kind: 'requestDismissed' };
    default:
      return actOnThing(type, detail, directory);
  }
}

/** Labels, teams and canned replies by name, where that is known: it may be gone, or never have come about. */
function actOnThing(type: string, detail: Record<string, unknown>, directory: Directory | null): Act {
  const [area = '', verb] = type.split('.');
  const thing = AREAS[area];
  const does = (Object.keys(VERBS) as (keyof typeof VERBS)[]).find((key) => isOneOf(verb, VERBS[key]));
  if (thing === undefined || thing === 'note' || does === undefined) return { kind: thing ?? 'other' };
  const known = {
    label: directory?.labels.find(({ id }) => id === detail['labelId'])?.name,
    teams: directory?.teams.find(({ id }) => id === detail['teamId'])?.name,
    canned: directory?.canned.find(({ id }) => id === detail['cannedId'])?.shortcut,
  };
  const name = [known[thing], detail['name'], detail['shortcut'], detail['to']].find((one) => typeof one === 'string');
  return typeof name === 'string' ? { kind: `${thing}${does}`, name } : { kind: thing };
}

const wordsOf = (act: Act, format: Formats): { to: string; until: string; name: string } => ({
  name: 'name' in act ? act.name : '',
  to: 'to' in act ? act.to : '',
  until: 'until' in act ? format.short(act.until) : '',
});

function againOf(act: Act, { t, format }: Context): string {
  switch (act.kind) {
    case 'assigned':
    case 'took':
    case 'released':
    case 'team':
    case 'teamless':
    case 'active':
    case 'archived':
    case 'closed':
    case 'snoozed':
    case 'woken':
    case 'message':
    case 'aiOff':
    case 'aiDraft':
    case 'aiAuto':
    case 'aiDefault':
      return t(`conflict.again.${act.kind}`, wordsOf(act, format));
    default:
      return t('conflict.again.other');
  }
}
