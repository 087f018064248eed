/**
 * Which procedures of the engine answer whom: a line for every procedure of the contract (one without a line does not compile). The window and the local API call
 * them with the rights of the desktop's agent. What every desktop of the team holds anyway is no secret from its agent: a refusal keeps people from
 * doing what is not theirs, and from what the team keeps to its leads. Held against real engines by `test/integration/authorisation/engine.test.ts`.
 */
import { isContractProcedure, type AnyContractProcedure } from '@orpc/contract';
import type { z } from 'zod';
import { contract, restContract, type Contract } from '../../contract/api.ts';
import type { TemplateDesign } from '../../contract/whatsapp/template-definition.ts';

export type Caller = 'agent' | 'lead' | 'admin';
export const CALLERS: readonly Caller[] = ['agent', 'lead', 'admin'];
const MEMBERS = CALLERS;
const LEADS: readonly Caller[] = ['lead', 'admin'];
const ADMINS: readonly Caller[] = ['admin'];
const NOBODY: readonly Caller[] = [];

/** What there is in the test's workspace; `other`: a further agent, who has `owned` and `note`. */
export type Things = {
  agents: Record<Caller | 'other', string>;
  otherDevice: string;
  conversation: string;
  owned: string;
  message: string;
  contact: string;
  otherContact: string;
  third: string;
  label: string;
  team: string;
  canned: string;
  note: string;
  article: string;
  question: string;
};
/** `what`: of it, or who besides. Without `input` the test draws one from the schema. */
export type ProcedureLine = { may: readonly Caller[]; what?: string; input?: (things: Things) => unknown };
type PathsOf<T> = { [K in keyof T & string]: T[K] extends AnyContractProcedure ? K : `${K}.${PathsOf<T[K]>}` }[keyof T & string];
export type ProcedurePath = PathsOf<Contract>;

const DESIGN: TemplateDesign = { name: 'prueba', language: 'es', category: 'UTILITY', parameterFormat: 'POSITIONAL', header: null, body: 'Hola', footer: null, buttons: [], samples: {} };

export const PROCEDURE_LINES: Record<ProcedurePath, ProcedureLine> = {
  'templates.list': { may: MEMBERS },
  'templates.sync': { may: MEMBERS },
  'templates.setFavourite': { may: MEMBERS },
  'templates.submit': { may: LEADS, input: () => ({ design: DESIGN, editedId: null }) },
  'templates.submitBuiltin': { may: LEADS, input: () => ({ name: 'ninguna' }) },
  'templates.uploadSample': { may: LEADS, input: () => ({ sha256: 'a'.repeat(64) }) },
  'templates.remove': { may: LEADS, input: () => ({ name: 'ninguna', metaId: null }) },
  'templates.propose': { may: MEMBERS },
  'templates.suggest': { may: MEMBERS },
  'templates.send': { may: MEMBERS },
  'requests.list': { may: MEMBERS },
  'requests.counts': { may: MEMBERS },
  'requests.get': { may: MEMBERS },
  'requests.ofConversation': { may: MEMBERS },
  'requests.suggestLinks': { may: MEMBERS },
  'requests.add': { may: MEMBERS },
  'requests.change': { may: MEMBERS },
  'requests.link': { may: MEMBERS },
  'requests.attach': { may: MEMBERS },
  'requests.events': { may: MEMBERS },
  'requests.sendEvent': { may: MEMBERS },
  'requests.dismissEvent': { may: MEMBERS },
  'requests.views': { may: MEMBERS },
  'requests.setViews': { may: MEMBERS },
  'requests.beginImport': { may: MEMBERS },
  'requests.addImportText': { may: MEMBERS },
  'requests.watchImport': { may: MEMBERS },
  'requests.commitImport': { may: MEMBERS },
  'requests.cancelImport': { may: MEMBERS },
  'requests.export': { may: MEMBERS },
  'contacts.list': { may: MEMBERS },
  'contacts.get': { may: MEMBERS },
  'contacts.add': { may: MEMBERS },
  'contacts.change': { may: MEMBERS },
  'contacts.addPhone': { may: MEMBERS },
  'contacts.setAttribute': { may: MEMBERS },
  'contacts.merge': { may: LEADS, input: ({ contact, otherContact }) => ({ contactId: contact, from: null, to: otherContact }) },
  'contacts.duplicates': { may: MEMBERS },
  'contacts.conversations': { may: MEMBERS },
  'assignment.suggest': { may: MEMBERS },
  'ai.state': { may: MEMBERS },
  'ai.presets': { may: MEMBERS },
  'ai.setKey': { may: ADMINS, input: () => ({ key: null, baseUrl: 'https://models.example' }) },
  'ai.testConnection': { may: MEMBERS },
  'ai.stop': { may: LEADS, what: 'that it goes on; anybody stops it', input: () => ({ isStopped: false }) },
  'ai.confirmAuto': { may: ADMINS, input: () => ({ autoConfirmation: 'none' }) },
  'ai.conversation': { may: MEMBERS },
  'ai.watch': { may: MEMBERS },
  'ai.setMode': { may: LEADS, what: 'to automatic; anybody to anything else', input: ({ conversation }) => ({ conversationId: conversation, from: null, to: 'auto' }) },
  'ai.draft': { may: MEMBERS },
  'ai.cancel': { may: MEMBERS },
  'ai.edit': { may: MEMBERS },
  'ai.check': { may: MEMBERS },
  'ai.send': { may: MEMBERS },
  'ai.discard': { may: MEMBERS },
  'ai.stopAuto': { may: MEMBERS },
  'ai.rewrite': { may: MEMBERS },
  'ai.preview': { may: MEMBERS },
  'ai.summarize': { may: MEMBERS },
  'ai.suggestTemplate': { may: MEMBERS },
  'ai.run': { may: MEMBERS },
  'ai.runs': { may: LEADS, what: 'of all conversations; of one: anybody', input: () => ({}) },
  'ai.exportRuns': { may: LEADS, input: () => ({}) },
  'ai.erase': { may: LEADS, input: ({ third }) => ({ contactId: third }) },
  'ai.reviewQueue': { may: LEADS, input: () => ({}) },
  'ai.review': { may: MEMBERS },
  'ai.quality': { may: MEMBERS, what: 'agents their own drafts' },
  'ai.exportQuality': { may: MEMBERS, what: 'agents their own drafts' },
  'ai.drafts': { may: MEMBERS, what: 'agents their own drafts' },
  'knowledge.status': { may: MEMBERS },
  'knowledge.list': { may: MEMBERS },
  'knowledge.get': { may: MEMBERS },
  'knowledge.search': { may: MEMBERS },
  'knowledge.save': { may: MEMBERS },
  'knowledge.change': { may: LEADS, what: 'of what is approved; an author what waits', input: ({ article }) => ({ articleId: article, changes: { folder: { from: '', to: '' } } }) },
  'knowledge.addQuestion': { may: MEMBERS },
  'knowledge.pendingQuestions': { may: MEMBERS },
  'knowledge.decideQuestion': { may: LEADS, what: 'an author takes their own back', input: ({ question }) => ({ questionId: question, isApproved: true }) },
  'knowledge.beginFile': { may: MEMBERS },
  'knowledge.addFileChunk': { may: MEMBERS },
  'knowledge.finishFile': { may: MEMBERS },
  'knowledge.cancelFile': { may: MEMBERS },
  'knowledge.gaps': { may: MEMBERS },
  'knowledge.closeGap': { may: MEMBERS },
  'reports.get': { may: MEMBERS },
  'privacy.personToErase': { may: MEMBERS, what: 'counts of what every desktop holds' },
  'privacy.erase': { may: LEADS, input: ({ third }) => ({ contactId: third }) },
  'privacy.erased': { may: MEMBERS, what: 'no names' },
  'privacy.retentionPreview': { may: ADMINS, input: () => ({ months: 12 }) },
  'storage.get': { may: MEMBERS },
  'storage.dropMedia': { may: MEMBERS },
  'storage.rebuildSearch': { may: MEMBERS },
  'storage.compact': { may: MEMBERS },
  'rest.sendDirect': { may: MEMBERS },
  'rest.sendTemplate': { may: MEMBERS },
  'rest.templates': { may: MEMBERS },
  'rest.assign': { may: LEADS, what: 'to somebody else; an agent to themselves', input: ({ conversation, agents }) => ({ conversationId: conversation, agentId: agents.other }) },
  'rest.link': { may: MEMBERS },
  'rest.read': { may: MEMBERS },
  'rest.setStatus': { may: MEMBERS },
  'rest.putRequest': { may: MEMBERS },
  'rest.getRequest': { may: MEMBERS },
  'lock.state': { may: MEMBERS },
  'lock.unlock': { may: MEMBERS },
  'lock.turnOn': { may: MEMBERS },
  'lock.turnOff': { may: MEMBERS },
  'lock.change': { may: MEMBERS },
  'lock.setIdle': { may: MEMBERS },
  'lock.touch': { may: MEMBERS },
  'lock.now': { may: MEMBERS },
  'lock.startOver': { may: MEMBERS },
  'preferences.memory': { may: MEMBERS },
  'preferences.remember': { may: MEMBERS },
  'localApi.get': { may: MEMBERS },
  'localApi.set': { may: MEMBERS, what: 'of this computer', input: () => ({ isOn: false }) },
  'localApi.showToken': { may: MEMBERS },
  'localApi.rotateToken': { may: MEMBERS },
  'setup.state': { may: MEMBERS },
  'setup.webhook': { may: ADMINS, input: () => undefined },
  'setup.verifyToken': { may: ADMINS, input: () => undefined },
  'setup.subscribeApp': { may: ADMINS, input: () => undefined },
  'setup.openNow': { may: MEMBERS },
  'setup.about': { may: MEMBERS },
  'session.get': { may: MEMBERS },
  'session.sync': { may: MEMBERS },
  'session.startOver': { may: NOBODY, what: 'outside the demo', input: () => undefined },
  'session.pretendOffline': { may: NOBODY, what: 'outside the demo', input: () => ({ isOffline: true }) },
  'preferences.get': { may: MEMBERS },
  'preferences.set': { may: MEMBERS },
  'conversations.start': { may: MEMBERS },
  'conversations.readPhone': { may: MEMBERS },
  'conversations.list': { may: MEMBERS },
  'conversations.views': { may: MEMBERS },
  'conversations.setViews': { may: MEMBERS },
  'conversations.viewCounts': { may: MEMBERS },
  'conversations.byIds': { may: MEMBERS },
  'conversations.counts': { may: MEMBERS },
  'conversations.get': { may: MEMBERS },
  'conversations.open': { may: MEMBERS },
  'conversations.markRead': { may: MEMBERS },
  'conversations.markUnread': { may: MEMBERS },
  'conversations.setStatus': { may: MEMBERS },
  'conversations.assign': {
    may: LEADS,
    what: 'to somebody else; an agent takes and hands on their own',
    input: ({ conversation, agents }) => ({ conversationId: conversation, from: null, to: agents.other }),
  },
  'conversations.setTeam': { may: LEADS, what: "of somebody else's; an agent of their own and nobody's", input: ({ owned, team }) => ({ conversationId: owned, from: null, to: team }) },
  'conversations.snooze': { may: MEMBERS },
  'conversations.setLabel': { may: MEMBERS },
  'conversations.bulk': { may: MEMBERS },
  'ops.undo': { may: MEMBERS, what: 'its author' },
  'conflicts.list': { may: MEMBERS },
  'conflicts.reapply': { may: MEMBERS, what: 'its author' },
  'conflicts.dismiss': { may: MEMBERS },
  'notes.list': { may: MEMBERS },
  'notes.add': { may: MEMBERS },
  'notes.edit': { may: LEADS, what: 'and its author', input: ({ note }) => ({ noteId: note, from: 'nota', to: 'otra' }) },
  'notes.remove': { may: LEADS, what: 'and its author', input: ({ note }) => ({ noteId: note }) },
  'drafts.get': { may: MEMBERS },
  'drafts.setFiles': { may: MEMBERS },
  'drafts.set': { may: MEMBERS },
  'team.directory': { may: MEMBERS },
  'team.board': { may: LEADS, input: () => undefined },
  'team.addLabel': { may: LEADS, input: () => ({ name: 'Nueva', color: 'red' }) },
  'team.changeLabel': { may: LEADS, input: ({ label }) => ({ labelId: label, name: { from: 'Pago', to: 'Cobro' } }) },
  'team.removeLabel': { may: LEADS, input: ({ label }) => ({ labelId: label }) },
  'team.addTeam': { may: LEADS, input: () => ({ name: 'Nuevo' }) },
  'team.renameTeam': { may: LEADS, input: ({ team }) => ({ teamId: team, from: 'Ventas', to: 'Taller' }) },
  'team.setTeamMember': { may: LEADS, input: ({ team, agents }) => ({ teamId: team, agentId: agents.agent, isMember: true }) },
  'team.removeTeam': { may: LEADS, input: ({ team }) => ({ teamId: team }) },
  'team.addCanned': { may: LEADS, what: "the team's; anybody their own", input: () => ({ isPersonal: false, shortcut: 'x', body: 'y' }) },
  'team.changeCanned': { may: LEADS, what: "the team's; anybody their own", input: ({ canned }) => ({ cannedId: canned, shortcut: { from: 'hola', to: 'buenas' } }) },
  'team.removeCanned': { may: LEADS, what: "the team's; anybody their own", input: ({ canned }) => ({ cannedId: canned }) },
  'team.setSetting': { may: ADMINS, input: () => ({ from: { key: 'assignOnReply', value: true }, to: { key: 'assignOnReply', value: false } }) },
  'presence.set': { may: MEMBERS },
  'presence.list': { may: MEMBERS },
  'members.invite': { may: ADMINS, what: 'by the relay', input: () => ({ role: 'agent' }) },
  'members.change': { may: ADMINS, what: 'by the relay', input: ({ agents }) => ({ agentId: agents.other, from: 'agent', name: 'Otro' }) },
  'members.devices': { may: MEMBERS, what: 'by the relay: agents their own' },
  'members.giveKey': { may: ADMINS, input: ({ otherDevice }) => ({ deviceId: otherDevice, code: '0000 0000 0000 0000 0000' }) },
  'members.recoveryCode': { may: ADMINS, input: () => undefined },
  'members.revokeDevice': { may: ADMINS, what: 'by the relay; anybody their own', input: ({ otherDevice }) => ({ deviceId: otherDevice, wipe: false }) },
  'enrollment.read': { may: MEMBERS },
  'enrollment.join': { may: MEMBERS },
  'enrollment.renew': { may: MEMBERS },
  'enrollment.recover': { may: MEMBERS },
  'enrollment.acceptKey': { may: MEMBERS },
  'enrollment.rebuild': { may: MEMBERS },
  'enrollment.setNumber': { may: ADMINS, input: () => ({ phoneNumberId: '106540352242922', wabaId: null, graphToken: 'graph-token-of-the-test' }) },
  'messages.page': { may: MEMBERS },
  'messages.locate': { may: MEMBERS },
  'messages.versions': { may: LEADS, input: ({ message }) => ({ messageId: message }) },
  'messages.sendText': { may: MEMBERS },
  'messages.send': { may: MEMBERS },
  'messages.forward': { may: MEMBERS },
  'messages.react': { may: MEMBERS },
  'messages.confirm': { may: MEMBERS, what: 'its author' },
  'messages.discard': { may: MEMBERS, what: 'its author' },
  'messages.retry': { may: MEMBERS, what: 'its author' },
  'messages.settle': { may: MEMBERS, what: 'its author' },
  'media.begin': { may: MEMBERS },
  'media.chunk': { may: MEMBERS },
  'media.finish': { may: MEMBERS },
  'media.cancel': { may: MEMBERS },
  'media.setThumbnail': { may: MEMBERS },
  'media.fetch': { may: MEMBERS },
  'media.gallery': { may: MEMBERS },
  'search.query': { may: MEMBERS },
  'diagnostics.connection': { may: MEMBERS },
  'diagnostics.message': { may: MEMBERS },
  'diagnostics.events': { may: LEADS, input: () => ({}) },
  'diagnostics.event': { may: LEADS, what: 'of any; anybody the one of a message that they can read', input: () => ({ seq: 1 }) },
  'diagnostics.replay': { may: LEADS, input: () => ({ seq: 1 }) },
  'diagnostics.account': { may: MEMBERS },
  'events.watch': { may: MEMBERS },
  'events.notices': { may: MEMBERS },
};

/** Every procedure of the contract with its path, as it stands in the lines. */
export function listProcedures(node: unknown = contract, at: string[] = []): { path: string; input: z.ZodType | undefined; route: { method?: string | undefined; path?: string | undefined } }[] {
  if (isContractProcedure(node)) return [{ path: at.join('.'), input: node['~orpc'].inputSchema as unknown as z.ZodType | undefined, route: node['~orpc'].route }];
  return Object.entries(node as object).flatMap(([key, child]) => listProcedures(child, [...at, key]));
}

/** Those that the local API offers, by method and path below `/api`. */
export const listLocalRoutes = (): { path: string; method: string; at: string }[] =>
  listProcedures(restContract).map(({ path, route }) => ({ path, method: route.method ?? 'POST', at: route.path ?? '' }));
