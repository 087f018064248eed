/**
 * Which ops of whom count: a line for every type of op that the contract knows (a type without one does not compile). The relay stamps who wrote an op and
 * passes it on; what it may do is decided by each desktop alike, in the order of the log. `npm run authorisation` makes the page of it, and
 * `test/integration/authorisation/ops.test.ts` holds every line against a real relay and the real reducer.
 */
import type { OpArgs, OpType } from '../../contract/ops/op.ts';
import { proposeOp } from '../unit/contract/ai-samples.ts';

/** `owner`: the agent whose thing it is; `agent`: another one. Whoever has left may nothing at all. */
export const WRITERS = ['owner', 'agent', 'lead', 'admin'] as const;
export type Writer = (typeof WRITERS)[number];
export const EVERYBODY: readonly Writer[] = WRITERS;
export const OWNER_AND_LEADS: readonly Writer[] = ['owner', 'lead', 'admin'];
export const LEADS: readonly Writer[] = ['lead', 'admin'];
export const ADMINS: readonly Writer[] = ['admin'];
export const OWNER: readonly Writer[] = ['owner'];

/** What the test has in its log: `own…` was made by the owner. `free`: a conversation that nobody has; `own`: the owner's. `unique`: another word for each writer. */
export type Seeds = {
  agents: Record<Writer | 'third', string>;
  devices: Record<Writer, string>;
  own: string;
  free: string;
  contact: string;
  otherContact: string;
  inbound: string;
  now: number;
  unique: string;
};
type Deed<T extends OpType> = { /** Where a type has more than one line. */ what?: string; may: readonly Writer[]; args?: (seeds: Seeds) => OpArgs<T> };
/** Without `args` the deed is drawn from the op's schema and has no target: whoever may is not `forbidden`, whoever has left is. */
export const OP_LINES: { [T in OpType]: readonly Deed<T>[] } = {
  'message.queue': [{ may: EVERYBODY, args: ({ free, now, unique }) => ({ messageId: `out-${unique}`, conversationId: free, seenThrough: now, content: { kind: 'text', text: 'va' } }) }],
  'message.confirm': [{ what: 'their message', may: OWNER, args: ({ now }) => ({ messageId: 'out-own', seenThrough: now }) }],
  'message.discard': [{ what: 'their message', may: OWNER, args: () => ({ messageId: 'out-own' }) }],
  'message.result': [{ what: 'their message', may: OWNER, args: () => ({ messageId: 'out-own', wamid: 'wamid.of-meta' }) }],
  'message.media': [{ may: EVERYBODY }],
  'read.advance': [{ may: EVERYBODY, args: ({ own, inbound }) => ({ conversationId: own, throughMessageId: inbound }) }],
  'conversation.start': [{ may: EVERYBODY }],
  'conversation.status': [{ may: EVERYBODY, args: ({ own, now }) => ({ conversationId: own, from: 'active', to: 'archived', seenThrough: now }) }],
  'conversation.assign': [
    { what: 'to somebody else', may: LEADS, args: ({ free, agents }) => ({ conversationId: free, from: null, to: agents.third }) },
    { what: 'their own, to somebody else', may: OWNER_AND_LEADS, args: ({ own, agents }) => ({ conversationId: own, from: agents.owner, to: agents.third }) },
    { what: 'their own, to nobody', may: OWNER_AND_LEADS, args: ({ own, agents }) => ({ conversationId: own, from: agents.owner, to: null }) },
  ],
  'conversation.team': [
    { what: 'their own', may: OWNER_AND_LEADS, args: ({ own }) => ({ conversationId: own, from: null, to: 'team' }) },
    { what: "nobody's", may: EVERYBODY, args: ({ free }) => ({ conversationId: free, from: null, to: 'team' }) },
  ],
  'conversation.snooze': [{ may: EVERYBODY, args: ({ own, now }) => ({ conversationId: own, from: null, to: Date.now() + 3_600_000, seenThrough: now }) }],
  'conversation.label': [{ may: EVERYBODY, args: ({ own }) => ({ conversationId: own, labelId: 'label', isOn: true }) }],
  'conversation.route': [{ what: 'where automatic assignment is on', may: EVERYBODY, args: ({ free, agents }) => ({ conversationId: free, to: agents.agent }) }],
  'conversation.ai': [
    { what: 'to automatic', may: LEADS, args: ({ own }) => ({ conversationId: own, from: null, to: 'auto' }) },
    { what: 'to anything else', may: EVERYBODY, args: ({ own }) => ({ conversationId: own, from: null, to: 'off' }) },
  ],
  'note.add': [{ may: EVERYBODY, args: ({ own, unique }) => ({ noteId: `note-${unique}`, conversationId: own, body: 'nota', mentions: [] }) }],
  'note.edit': [{ what: 'their own', may: OWNER_AND_LEADS, args: () => ({ noteId: 'note-own', from: 'nota', to: 'otra', mentions: [] }) }],
  'note.delete': [{ what: 'their own', may: OWNER_AND_LEADS, args: () => ({ noteId: 'note-own' }) }],
  'label.add': [{ may: LEADS, args: ({ unique }) => ({ labelId: `label-${unique}`, name: 'Nueva', color: 'red' }) }],
  'label.change': [{ may: LEADS, args: () => ({ labelId: 'label', changes: { name: { from: 'Pago', to: 'Cobro' } } }) }],
  'label.delete': [{ may: LEADS, args: () => ({ labelId: 'label' }) }],
  'team.add': [{ may: LEADS, args: ({ unique }) => ({ teamId: `team-${unique}`, name: 'Nuevo' }) }],
  'team.rename': [{ may: LEADS, args: () => ({ teamId: 'team', from: 'Ventas', to: 'Taller' }) }],
  'team.member': [{ may: LEADS, args: ({ agents }) => ({ teamId: 'team', agentId: agents.agent, isMember: true }) }],
  'team.delete': [{ may: LEADS, args: () => ({ teamId: 'team' }) }],
  'canned.add': [
    { what: "the team's", may: LEADS, args: ({ unique }) => ({ cannedId: `canned-${unique}`, isPersonal: false, shortcut: 'x', body: 'y' }) },
    { what: 'for themselves', may: EVERYBODY, args: ({ unique }) => ({ cannedId: `canned-${unique}`, isPersonal: true, shortcut: 'x', body: 'y' }) },
  ],
  'canned.change': [
    { what: "the team's", may: LEADS, args: () => ({ cannedId: 'canned', changes: { shortcut: { from: 'hola', to: 'buenas' } } }) },
    { what: 'their own', may: OWNER, args: () => ({ cannedId: 'canned-own', changes: { shortcut: { from: 'hola', to: 'buenas' } } }) },
  ],
  'canned.delete': [
    { what: "the team's", may: LEADS, args: () => ({ cannedId: 'canned' }) },
    { what: 'their own', may: OWNER, args: () => ({ cannedId: 'canned-own' }) },
  ],
  'request.add': [{ may: EVERYBODY }],
  'request.import': [{ may: EVERYBODY }],
  'request.change': [{ may: EVERYBODY }],
  'request.link': [{ may: EVERYBODY }],
  'request.attach': [{ may: EVERYBODY }],
  'request.notify': [{ may: EVERYBODY }],
  'request.dismiss': [{ may: EVERYBODY }],
  'contact.add': [{ may: EVERYBODY }],
  'contact.change': [{ may: EVERYBODY, args: ({ contact }) => ({ contactId: contact, changes: { company: { from: null, to: 'Taller' } } }) }],
  'contact.phone': [{ may: EVERYBODY, args: ({ contact }) => ({ contactId: contact, phone: '50255559999' }) }],
  'contact.attribute': [{ may: EVERYBODY, args: ({ contact }) => ({ contactId: contact, key: 'k', from: null, to: 'v' }) }],
  'contact.merge': [{ may: LEADS, args: ({ contact, otherContact }) => ({ contactId: contact, from: null, to: otherContact }) }],
  'contact.erase': [{ may: LEADS, args: ({ contact }) => ({ contactId: contact }) }],
  'retention.apply': [{ what: 'as the setting says', may: EVERYBODY, args: ({ own }) => ({ before: 1, conversationIds: [own] }) }],
  'draft.claim': [{ may: EVERYBODY, args: ({ own, inbound }) => ({ conversationId: own, aboutMessageId: inbound }) }],
  'draft.propose': [{ may: EVERYBODY, args: ({ own, inbound, unique }) => proposeOp(`draft-${unique}`, own, inbound).args as OpArgs<'draft.propose'> }],
  'draft.edit': [{ may: EVERYBODY }],
  'draft.stop_auto': [{ may: EVERYBODY }],
  'draft.approve': [{ may: EVERYBODY }],
  'draft.discard': [{ may: EVERYBODY }],
  'ai.run': [{ may: EVERYBODY }],
  'ai.summary': [{ may: EVERYBODY }],
  'ai.handoff': [{ may: EVERYBODY }],
  'ai.review': [{ may: EVERYBODY }],
  'ai.stop': [
    { what: 'stops', may: EVERYBODY, args: () => ({ isStopped: true }) },
    { what: 'goes on', may: LEADS, args: () => ({ isStopped: false }) },
  ],
  'ai.budget': [{ may: EVERYBODY, args: () => ({ month: '2026-11', amount: 1 }) }],
  'ai.erase': [{ may: LEADS, args: ({ contact }) => ({ contactId: contact }) }],
  'kb.part': [{ may: EVERYBODY, args: ({ unique }) => ({ articleId: 'article', revisionId: `revision-${unique}`, no: 0, text: 'x' }) }],
  'kb.save': [
    {
      what: 'a new revision of what is approved',
      may: LEADS,
      args: () => ({ articleId: 'article', revisionId: 'revision-2', from: 'revision', kind: 'article', parts: 1, title: 'Horario', language: 'es', folder: '', source: null, draftId: null }),
    },
    {
      what: "a new article, which waits for a lead's approval",
      may: EVERYBODY,
      args: () => ({ articleId: 'article-new', revisionId: 'revision-new', from: null, kind: 'article', parts: 1, title: 'Horario', language: 'es', folder: '', source: null, draftId: null }),
    },
  ],
  'kb.change': [
    { what: 'what waits, their own', may: OWNER_AND_LEADS, args: () => ({ articleId: 'article-own', revisionId: 'revision-own', changes: { folder: { from: '', to: 'a' } } }) },
    { what: 'approves', may: LEADS, args: () => ({ articleId: 'article-own', revisionId: 'revision-own', changes: { state: { from: 'pending', to: 'approved' } } }) },
    { what: 'lets it answer by itself', may: LEADS, args: () => ({ articleId: 'article', revisionId: 'revision', changes: { mayAutoAnswer: { from: 0, to: 1 } } }) },
    { what: 'what is approved', may: LEADS, args: () => ({ articleId: 'article', revisionId: 'revision', changes: { folder: { from: '', to: 'a' } } }) },
  ],
  'kb.question': [{ may: EVERYBODY, args: ({ unique }) => ({ questionId: `question-${unique}`, articleId: 'article', text: unique, language: 'es', draftId: null }) }],
  'kb.decide': [
    { what: 'approves', may: LEADS, args: () => ({ questionId: 'question-own', isApproved: true }) },
    { what: 'takes back their own', may: OWNER_AND_LEADS, args: () => ({ questionId: 'question-own', isApproved: false }) },
  ],
  'gap.close': [{ may: EVERYBODY }],
  'setting.set': [{ may: ADMINS, args: () => ({ from: { key: 'assignOnReply', value: true }, to: { key: 'assignOnReply', value: false } }) }],
  'key.sheet': [{ may: ADMINS, args: () => ({ epoch: 1, publicKey: 'k'.repeat(43) }) }],
  'key.recover': [{ what: 'of their own desktop', may: EVERYBODY, args: () => ({ epoch: 1 }) }],
  'key.admit': [{ may: ADMINS, args: ({ devices }) => ({ deviceId: devices.agent }) }],
  'device.grant': [{ may: ADMINS, args: ({ devices }) => ({ deviceId: devices.agent, sealed: 'abc' }) }],
};
