/**
 * What programs outside the window ask for: the window's own commands, with what a screen would know filled in from what stands here now.
 * No rights of its own: everything happens as the agent of this desktop.
 */
import type { AnySchema, InferSchemaOutput } from '@orpc/contract';
import { AppError } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import type { restProcedures } from '../../../contract/rest-contract.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import type { Template } from '../../../contract/whatsapp/template-definition.ts';
import { placeholdersOf, templateKey } from '../../../contract/whatsapp/template-words.ts';
import { slotsOf } from '../../../contract/whatsapp/template-slots.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { DirectMessage } from '../conversations/direct-message.ts';
import type { Triage } from '../conversations/triage.ts';
import { isWindowOpenFor } from '../conversations/window-of.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Sending } from '../messages/sending.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import type { TemplateInput } from '../../../contract/work-api.ts';
import type { Requests } from '../requests/requests.ts';
import type { Templates } from '../templates/templates.ts';
import { putRequest } from './put-request.ts';
import type { RepeatedCalls } from './repeated-calls.ts';

type Rest = typeof restProcedures;
/** As it is after validation, with its defaults. */
type Given<Name extends keyof Rest> = Rest[Name]['~orpc']['inputSchema'] extends infer Schema ? (Schema extends AnySchema ? InferSchemaOutput<Schema> : never) : never;
type TemplateMessage = Given<'sendTemplate'>['template'];

type Deps = {
  conversations: Conversations;
  directMessage: DirectMessage;
  triage: Triage;
  sending: Sending;
  templates: Pick<Templates, 'list' | 'find' | 'compose' | 'send'>;
  requests: Pick<Requests, 'get' | 'link' | 'add' | 'change'>;
  repeated: RepeatedCalls;
  replica: Replica;
  sync: SyncQueries;
  ids: Ids;
  /** Relay time, ms. */
  now: () => number;
  /** The number of the business as Meta shows it; null: not known. */
  readOwnNumber: () => string | null;
};

export type OutsideCalls = ReturnType<typeof createOutsideCalls>;

export function createOutsideCalls(deps: Deps) {
  const { conversations, directMessage, triage, sending, templates, requests, replica, sync } = deps;
  const { state } = replica;

  const rowOf = (conversationId: string) => {
    conversations.find(conversationId);
    return state.get('conversation', [conversationId])!;
  };

  /** By our id, or by the outside system's. */
  const findRequest = ({ requestId, externalId }: { requestId?: string | undefined; externalId?: string | undefined }): string | null => {
    if (requestId === undefined && externalId === undefined) return null;
    const found = requestId === undefined ? state.list('request_by_external_id', [externalId ?? ''])[0] : state.get('service_request', [requestId]);
    if (!found) throw new AppError('NOT_FOUND', `there is no service request ${requestId ?? externalId ?? ''}`);
    return found.id;
  };

  const findTemplate = ({ name, language }: TemplateMessage): Template & { key: string } => {
    const found = templates.find(templateKey({ name, language }));
    if (!found) throw new AppError('TEMPLATE_UNAVAILABLE', `template.name: the account has no ${name} in ${language}`);
    if (!found.isSendable) throw new AppError('TEMPLATE_UNAVAILABLE', `template.name: ${name} cannot be sent, it is ${found.status}`);
    return found;
  };

  const inputOf = (given: TemplateMessage): TemplateInput => {
    const template = findTemplate(given);
    return { key: template.key, texts: toTexts(template, given), place: null, file: null };
  };
  /** The conversation of a number, once it is known that the template can be sent with these values: no conversation begins that nothing would be said in. */
  const startFor = async (template: TemplateMessage, phone: string, name: string | null): Promise<string> => {
    await templates.compose(inputOf(template), null);
    return directMessage.start({ phone, name }).conversationId;
  };

  const sendTemplate = (
    conversationId: string,
    { template: given, requestId, isOverride, messageId }: { template: TemplateMessage; requestId: string | null; isOverride: boolean; messageId?: string | undefined },
  ) => templates.send({ conversationId, messageId, requestId, isOverride, template: inputOf(given) });

  return {
    sendDirect: async ({ phone, name, messageId, content }: Given<'sendDirect'>): Promise<Message> => {
      if (content.type === 'template') {
        const conversationId = await startFor(content.template, phone, name ?? null);
        return sendTemplate(conversationId, { template: content.template, messageId, requestId: null, isOverride: false });
      }
      const { isComplete, known } = directMessage.readPhone({ phone });
      if (!isComplete) throw new AppError('PHONE_INVALID');
      const conversationId = known?.conversationId ?? null;
      if (conversationId === null || !isWindowOpenFor(state, rowOf(conversationId), deps.now())) throw new AppError('WINDOW_CLOSED');
      return sending.sendText({ conversationId, messageId, text: content.text, isGuarded: false });
    },

    sendTemplate: async ({ conversationId, phone, template, messageId, isOverride, ...about }: Given<'sendTemplate'>): Promise<Message> => {
      if ((conversationId === undefined) === (phone === undefined)) throw new AppError('INVALID_INPUT', 'conversationId: give either a conversation or a phone');
      const requestId = findRequest(about);
      const id = conversationId ?? (await startFor(template, phone ?? '', null));
      rowOf(id);
      return sendTemplate(id, { template, messageId, requestId, isOverride });
    },

    templates: () => templates.list(),

    assign: ({ conversationId, agentId, note }: Given<'assign'>) => {
      if (agentId !== null && !state.get('agent', [agentId])) throw new AppError('NOT_FOUND', `agentId: there is no agent ${agentId}`);
      return triage.assign({ conversationId, from: rowOf(conversationId).assignee_id, to: agentId, note });
    },

    link: ({ conversationId, role, isLinked, ...which }: Given<'link'>) => {
      const requestId = findRequest(which);
      if (requestId === null) throw new AppError('INVALID_INPUT', 'requestId: give requestId or externalId');
      rowOf(conversationId);
      const from = state.get('request_link', [requestId, role])?.conversation_id ?? null;
      if (!isLinked && from !== conversationId) throw new AppError('NOT_FOUND', `the request is not linked to this conversation as ${role}`);
      return requests.link({ requestId, role, from, to: isLinked ? conversationId : null });
    },

    read: ({ conversationId, throughMessageId }: Given<'read'>) => {
      const { last_inbound_seq: newest } = rowOf(conversationId);
      if (throughMessageId === undefined && newest === 0) return { unread: 0 };
      return conversations.markRead({ conversationId, throughMessageId: throughMessageId ?? inboundMessageId(newest) });
    },

    setStatus: ({ conversationId, status, seenThrough }: Given<'setStatus'>) =>
      triage.setStatus({ conversationId, from: rowOf(conversationId).status, to: status, seenThrough: seenThrough ?? sync.readMeta().cursor }),

    /** @param key of the call, from its Idempotency-Key; null: it has none. */
    putRequest: (input: Given<'putRequest'>, key: string | null) =>
      deps.repeated.once(key, input, () => {
        const { requestId, isNew } = putRequest(deps, input);
        return { ...requests.get(requestId), isNew };
      }),

    getRequest: ({ externalId }: Given<'getRequest'>) => requests.get(findRequest({ externalId }) ?? ''),
  };
}

/** Values by slot (`contract/whatsapp/template-slots.ts`). A list is in the order of the numbers, or of the names as they are read. */
function toTexts(template: Template, { body, header, buttons }: TemplateMessage): Record<string, string> {
  const names = template.parameterFormat === 'NAMED' ? placeholdersOf(template.body) : placeholdersOf(template.body).toSorted((a, b) => Number(a) - Number(b));
  const values = Array.isArray(body) ? Object.fromEntries(body.map((value, index) => [names[index] ?? `#${index + 1}`, value])) : body;
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new AppError('INVALID_INPUT', `template.body: the template has ${names.length === 0 ? 'no variables' : `the variables ${names.join(', ')}`}, and no ${unknown}`);
  const texts = {
    ...(header !== undefined && { header }),
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`body.${name}`, value])),
    ...Object.fromEntries(Object.entries(buttons).map(([index, value]) => [`button.${index}`, value])),
  };
  const keys = slotsOf(template).map(({ key }) => key as string);
  const idle = Object.keys(texts).find((key) => !keys.includes(key));
  if (idle !== undefined) throw new AppError('INVALID_INPUT', `template.${idle.replace('button', 'buttons')}: the template takes no value there`);
  return texts;
}
