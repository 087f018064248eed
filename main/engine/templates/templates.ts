/** Message templates: what the account has, what leads make at Meta, and what goes into one before it is sent. */
import { AppError } from '../../../contract/app-error.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { eventOfTemplate, type EventKind } from '../../../contract/requests/request-rules.ts';
import type { Message } from '../../../contract/entities.ts';
import type { ConversationRow, StateTx } from '../../../contract/state.ts';
import type { Template } from '../../../contract/whatsapp/template-definition.ts';
import { templateKey } from '../../../contract/whatsapp/template-words.ts';
import type { TemplateContent } from '../../../contract/whatsapp/message-content.ts';
import type { TemplateInput } from '../../../contract/work-api.ts';
import type { SlotProposal, TemplateList, TemplateView } from '../../../contract/work-entities.ts';
import { wantsNoAdvertising } from '../conversations/may-contact.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { TemplateQueries } from '../db/template-queries.ts';
import type { MediaFeature } from '../media/media.ts';
import { openFile } from '../messages/compose.ts';
import type { Messages } from '../messages/messages.ts';
import type { Sending } from '../messages/sending.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { AccountReader } from '../whatsapp/account-reader.ts';
import type { TemplateClient } from '../whatsapp/template-client.ts';
import type { Log } from '../../../contract/log.ts';
import { composeTemplate, judgeRole, type TemplateOutbound } from './compose-template.ts';
import { findFittingTemplate, suggestTemplates, type SuggestionContext } from './suggest-templates.ts';
import { createTemplateDesigns } from './template-designs.ts';
import { createTemplateList } from './template-list.ts';
import { createTemplateSync } from './template-sync.ts';
import { createValueSources } from './value-sources.ts';

type Deps = {
  client: TemplateClient;
  account: Pick<AccountReader, 'readToken'>;
  queries: TemplateQueries;
  settings: SettingQueries;
  contacts: Pick<ContactQueries, 'findIdentifier'>;
  media: Pick<MediaFeature, 'open'>;
  messages: Pick<Messages, 'has' | 'show'>;
  sending: Pick<Sending, 'sendTemplate'>;
  state: Pick<StateTx, 'get' | 'list'>;
  changes: Pick<ChangeCollector, 'noteTemplates' | 'publish'>;
  transact: <T>(change: () => T) => T;
  /** The number of this desktop; null: none yet. */
  readNumber: () => { wabaId: string | null; displayPhoneNumber: string | null; verifiedName: string | null } | null;
  hasToken: () => Promise<boolean>;
  readWorkspaceName: () => string;
  isOpen: () => boolean;
  myId: () => string;
  /** Relay time, ms. */
  now: () => number;
  random: () => number;
  log: Log;
};
type SendInput = { conversationId: string; messageId?: string | undefined; template: TemplateInput; requestId: string | null; isOverride: boolean; draftId?: string | null };

export type Templates = ReturnType<typeof createTemplates>;

export function createTemplates(deps: Deps) {
  const { queries, media, state, changes, transact, readNumber, hasToken, messages, sending, now } = deps;
  const abort = new AbortController();
  const readWabaId = (): string | null => readNumber()?.wabaId ?? null;
  const readAccount = async (): Promise<string | null> => ((await hasToken()) ? readWabaId() : null);
  const stored = createTemplateList({ queries, readWabaId });
  const sync = createTemplateSync({ ...deps, readAccount, readWabaId });
  const values = createValueSources({
    ...deps,
    workspace: () => {
      const number = readNumber();
      const name = deps.readWorkspaceName();
      return { name: name === '' ? (number?.verifiedName ?? null) : name, phone: number?.displayPhoneNumber ?? null };
    },
  });
  const note = (change: () => void): void =>
    transact(() => {
      change();
      changes.noteTemplates();
    });
  const designs = createTemplateDesigns({
    ...deps,
    templates: stored,
    readAccount,
    keep: (wabaId, template: Template) => note(() => queries.put(templateKey(template), wabaId, JSON.stringify(template))),
    forget: (keys) => note(() => keys.forEach(queries.remove)),
    lookSoon: sync.lookSoon,
    signal: abort.signal,
  });

  const list = (): TemplateList => {
    const items = stored.list();
    return { items, builtins: stored.checkBuiltins(items), ...sync.state() };
  };
  const find = (key: string): TemplateView => {
    const template = stored.find(key);
    if (!template) throw new AppError('TEMPLATE_UNAVAILABLE', `the account has no template ${key}`);
    return template;
  };
  const findSendable = (key: string): TemplateView => {
    const template = find(key);
    if (!template.isSendable) throw new AppError('TEMPLATE_UNAVAILABLE', `the template ${key} is ${template.status}`);
    return template;
  };
  const readConversation = (id: string): ConversationRow => {
    const row = state.get('conversation', [id]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${id}`);
    return row;
  };

  /** @throws AppError TEMPLATE_UNAVAILABLE, CONTENT_REFUSED (naming the slot), FILE_GONE, FILE_REFUSED. */
  const compose = async ({ key, ...input }: TemplateInput, request: TemplateContent['request']): Promise<TemplateOutbound> =>
    composeTemplate(findSendable(key), input, await openFile(input.file?.sha256 ?? null, media), request);

  /** So that the same is proposed next time. Call when a template was sent. */
  const noteUse = ({ key, texts }: TemplateInput, contactId: string, requestId: string | null): void => {
    const template = stored.find(key);
    if (!template) return;
    note(() => queries.noteUse(key, now(), JSON.stringify(values.recogniseFacts({ template, contactId, requestId }, texts))));
  };

  /** Without a request: whoever has another role in all of theirs is not meant by a built-in one. The override then names the likeliest of them. */
  const judgeUnnamed = (template: TemplateView, { id, contact_id: contactId }: ConversationRow, isOverride: boolean): TemplateContent['request'] => {
    const requests = eventOfTemplate(template.name) === null ? [] : values.listRequests(id, contactId);
    const [likeliest] = requests;
    if (!likeliest || requests.some((request) => judgeRole(state, template, request, contactId).isRight)) return null;
    if (!isOverride) throw new AppError('WRONG_ROLE');
    return { id: likeliest.id, role: judgeRole(state, template, likeliest, contactId).role, isOverride: true };
  };
  const judgeRequest = (template: TemplateView, requestId: string | null, conversation: ConversationRow, isOverride: boolean): TemplateContent['request'] => {
    if (requestId === null) return judgeUnnamed(template, conversation, isOverride);
    const contactId = conversation.contact_id;
    const request = state.get('service_request', [requestId]);
    if (!request) throw new AppError('NOT_FOUND', `no service request ${requestId}`);
    const { role, isRight } = judgeRole(state, template, request, contactId);
    if (!isRight && !isOverride) throw new AppError('WRONG_ROLE');
    return { id: requestId, role, isOverride: !isRight };
  };

  const readContext = ({ conversationId, text }: { conversationId: string; text: string }): SuggestionContext => {
    const { contact_id: contactId } = readConversation(conversationId);
    const request = values.findRequest(conversationId, contactId, null);
    const events = request ? state.list('request_event_by_request', [request.id]) : [];
    const isThem = (id: string | null): boolean => id !== null && rootOf(state, id) === rootOf(state, contactId);
    const dueEvents = new Set<EventKind>(events.filter((event) => event.state === 'open' && isThem(event.contact_id)).map(({ kind }) => kind));
    return { text, dueEvents, role: request && values.roleIn(request, contactId), wantsNoAdvertising: wantsNoAdvertising(state, contactId), now: now() };
  };

  return {
    list,
    find: stored.find,
    findBuiltin: stored.findBuiltin,
    compose,
    noteUse,
    /** Candidates for the slots of a template that goes to a contact: for event proposals and automatic sending, with `bestValues`. */
    proposeFor: values.propose,

    sync: async (): Promise<TemplateList> => {
      await sync.sync();
      return list();
    },
    setFavourite: ({ key, isOn }: { key: string; isOn: boolean }): void => note(() => queries.setFavourite(find(key).key, isOn)),
    submit: designs.submit,
    submitBuiltin: designs.submitBuiltin,
    remove: designs.remove,
    uploadSample: designs.uploadSample,

    propose: ({ key, conversationId, requestId }: { key: string; conversationId: string; requestId?: string | undefined }): SlotProposal[] => {
      const template = find(key);
      const { contact_id: contactId } = readConversation(conversationId);
      if (requestId !== undefined && !state.get('service_request', [requestId])) throw new AppError('NOT_FOUND', `no service request ${requestId}`);
      return values.propose({ template, contactId, requestId: requestId ?? values.findRequest(conversationId, contactId, template)?.id ?? null });
    },

    suggest: (about: { conversationId: string; text: string }): string[] => suggestTemplates(stored.list(), readContext(about)),
    /** What says the same as a text; null: none does. */
    findFitting: (about: { conversationId: string; text: string }): string | null => findFittingTemplate(stored.list(), readContext(about)),

    /** @throws AppError those of `compose`, and NOT_FOUND, WRONG_ROLE, CONVERSATION_CLOSED, BLOCKED, OPTED_OUT. */
    send: async ({ conversationId, messageId, template: input, requestId, isOverride, draftId = null }: SendInput): Promise<Message> => {
      if (messageId !== undefined && messages.has(messageId)) return messages.show(messageId);
      const conversation = readConversation(conversationId);
      const request = judgeRequest(findSendable(input.key), requestId, conversation, isOverride);
      const content = await compose(input, request);
      const message = sending.sendTemplate({ conversationId, messageId, content, draftId });
      noteUse(input, conversation.contact_id, requestId);
      return message;
    },

    /** Meta refused a message for what it says of its template: the copy is behind. */
    noteRefused: (code: number): void => {
      if (TEMPLATE_CODES.has(code)) sync.lookSoon();
    },
    noteEvents: sync.noteEvents,
    noteReachable: sync.noteReachable,
    start: sync.start,
    stop: async (): Promise<void> => {
      abort.abort();
      await sync.stop();
    },
  };
}

/** Cloud API, "Error codes": parameters, name, text or status of a template are other ones than we know. */
const TEMPLATE_CODES = new Set([132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 134101, 134102, 141002]);
