/**
 * From what a desktop sends to the body of `POST /{phone number id}/messages` (Cloud API, "Messages"). Invariant: every body is checked
 * with `checkSendMessage` before it leaves, and before its op is written, so what Meta would refuse for its shape never reaches the log.
 */
import { assertNever } from '../app-error.ts';
import type { OutboundContent } from '../ops/op.ts';
import { fileOf } from './file-of.ts';
import type { ContactCard, Interactive, MediaKind, TemplateContent } from './message-content.ts';
import { checkSendMessage, type SendCheck, type SendIssue, type SendMessage } from './send-message.ts';

/** Meta's address of a person: the phone's WhatsApp id with a leading +, or the business-scoped user id. */
export type Recipient = { to: string } | { recipient: string };

export type Outbound = {
  content: OutboundContent;
  recipient: Recipient;
  /** wamid of the message it answers; null: none. */
  quotedWamid: string | null;
  /** wamid of the message that a reaction is on; null for every other kind. */
  targetWamid: string | null;
  /** Meta's id of the uploaded file; null where there is none. */
  mediaId: string | null;
  /** Comes back in every status of the message: our own id of it. */
  callbackData: string;
};

/** The kinds whose file has to be uploaded first. */
export const isWithFile = (content: OutboundContent): content is OutboundContent & { media: OwnMedia } => fileOf(content) !== null;
type OwnMedia = Extract<OutboundContent, { kind: MediaKind }>['media'];

/** What is wrong with a message, in words of `ComposedContent`. `field`: path of the part of it, like `interactive.buttons.0.title`. `limit`: characters or elements; null: no question of length. */
export type SendProblem = { field: string; detail: string } & SendIssue;

/** The body as Meta wants it, not checked. */
export function buildMessage({ content, recipient, quotedWamid, targetWamid, mediaId, callbackData }: Outbound): SendMessage {
  const envelope = { messaging_product: 'whatsapp', recipient_type: 'individual', ...recipient, biz_opaque_callback_data: callbackData } as const;
  const head = quotedWamid === null ? envelope : { ...envelope, context: { message_id: quotedWamid } };
  const id = mediaId ?? undefined;
  switch (content.kind) {
    case 'text':
      return { ...head, type: 'text', text: { body: content.text, preview_url: content.hasPreview ?? false } };
    case 'image':
      return { ...head, type: 'image', image: { id, ...some('caption', content.caption) } };
    case 'video':
      return { ...head, type: 'video', video: { id, ...some('caption', content.caption) } };
    case 'audio':
      return { ...head, type: 'audio', audio: { id, ...(content.isVoice ? { voice: true } : {}) } };
    case 'document':
      return { ...head, type: 'document', document: { id, ...some('caption', content.caption), ...some('filename', content.filename) } };
    case 'sticker':
      return { ...head, type: 'sticker', sticker: { id } };
    case 'location':
      return { ...head, type: 'location', location: { latitude: content.latitude, longitude: content.longitude, ...some('name', content.name), ...some('address', content.address) } };
    case 'contacts':
      return { ...head, type: 'contacts', contacts: content.contacts.map(toCard) };
    case 'interactive':
      return { ...head, type: 'interactive', interactive: toInteractive(content.interactive) };
    case 'template':
      return { ...head, type: 'template', template: toTemplate(content, mediaId) };
    case 'reaction':
      return { ...envelope, type: 'reaction', reaction: { message_id: targetWamid ?? '', emoji: content.emoji } };
    default:
      return assertNever(content);
  }
}

/** The same, checked. */
export function prepareMessage(outbound: Outbound): { status: 'ready'; body: SendMessage } | { status: 'refused'; code: number; problem: SendProblem } {
  const body = buildMessage(outbound);
  const check = checkSendMessage(body);
  if (check.status === 'refused') return { status: 'refused', code: check.code, problem: describeSendProblem(check) };
  return { status: 'ready', body };
}

/** Whether this content could be sent at all, whoever gets it and whatever Meta's ids will be. Null: yes. */
export function judgeContent(content: OutboundContent): SendProblem | null {
  if (content.kind === 'reaction' && content.emoji !== '' && !isOneEmoji(content.emoji)) return { field: 'emoji', reason: 'invalid', limit: null, detail: 'one emoji' };
  const prepared = prepareMessage({ content, recipient: { to: '+10000000' }, quotedWamid: null, targetWamid: 'wamid', mediaId: '0', callbackData: 'id' });
  return prepared.status === 'refused' ? prepared.problem : null;
}

/** What a refused check is about, in words of `ComposedContent` and not of Meta's body. */
export function describeSendProblem({ field, issue, details }: Pick<Extract<SendCheck, { status: 'refused' }>, 'field' | 'issue' | 'details'>): SendProblem {
  const detail = details.slice(details.indexOf(': ') + 2);
  return { field: toContentField(field), ...issue, detail };
}

/** One emoji as WhatsApp takes it, also without the sign that asks for its coloured form (Unicode TS 51, RGI emoji). */
const isOneEmoji = (text: string): boolean => /^\p{RGI_Emoji}$/v.test(text) || /^\p{RGI_Emoji}$/v.test(`${text}\uFE0F`);

/** Optional texts: Meta refuses empty ones. */
const some = <K extends string>(key: K, value: string | null): { [P in K]?: string } => (value === null || value === '' ? {} : ({ [key]: value } as { [P in K]?: string }));

type CardBody = Extract<SendMessage, { type: 'contacts' }>['contacts'][number];

/** Meta wants one more part of the name beside the whole of it (Cloud API, "Contacts messages"). */
const toCard = (card: ContactCard): CardBody => ({
  name: { formatted_name: card.name, first_name: card.name },
  ...(card.organization === null || card.organization === '' ? {} : { org: { company: card.organization } }),
  ...(card.birthday === null || card.birthday === '' ? {} : { birthday: card.birthday }),
  ...(card.phones.length === 0 ? {} : { phones: card.phones.map(({ phone, type, waId }) => ({ phone, ...some('type', type), ...some('wa_id', waId) })) }),
  ...(card.emails.length === 0 ? {} : { emails: card.emails.map(({ email, type }) => ({ email, ...some('type', type) })) }),
  ...(card.urls.length === 0 ? {} : { urls: card.urls }),
  ...(card.addresses.length === 0 ? {} : { addresses: card.addresses.map(({ text }) => ({ street: text })) }),
});

type TemplateBody = Extract<SendMessage, { type: 'template' }>['template'];
type TemplateComponent = NonNullable<TemplateBody['components']>[number];

/** Only what varies: header, body and each button with a value are a component of their own (Cloud API, "Message templates"). */
function toTemplate({ name, language, header, parameters }: TemplateContent, mediaId: string | null): TemplateBody {
  const texts = (part: 'header' | 'body'): NonNullable<TemplateComponent['parameters']> =>
    parameters.flatMap((parameter) => (parameter.part === part ? [{ type: 'text' as const, text: parameter.text, ...some('parameter_name', parameter.name) }] : []));
  const head = header === null || header.format === 'TEXT' ? texts('header') : [toHeaderParameter(header, mediaId)];
  const body = texts('body');
  const buttons = parameters.flatMap((parameter): TemplateComponent[] =>
    parameter.part === 'button' ? [{ type: 'button', sub_type: parameter.subType, index: String(parameter.index), parameters: [toButtonParameter(parameter)] }] : [],
  );
  const components: TemplateComponent[] = [
    ...(head.length > 0 ? [{ type: 'header' as const, parameters: head }] : []),
    ...(body.length > 0 ? [{ type: 'body' as const, parameters: body }] : []),
    ...buttons,
  ];
  return { name, language: { code: language }, ...(components.length > 0 ? { components } : {}) };
}

type TemplateParameterBody = NonNullable<TemplateComponent['parameters']>[number];

function toHeaderParameter(header: Exclude<NonNullable<TemplateContent['header']>, { format: 'TEXT' }>, mediaId: string | null): TemplateParameterBody {
  const file = { id: mediaId ?? undefined };
  switch (header.format) {
    case 'IMAGE':
      return { type: 'image', image: file };
    case 'VIDEO':
      return { type: 'video', video: file };
    case 'DOCUMENT':
      return { type: 'document', document: { ...file, ...some('filename', header.filename) } };
    case 'LOCATION':
      return { type: 'location', location: { latitude: header.latitude, longitude: header.longitude, ...some('name', header.name), ...some('address', header.address) } };
    default:
      return assertNever(header);
  }
}

function toButtonParameter({ subType, text }: Extract<TemplateContent['parameters'][number], { part: 'button' }>): TemplateParameterBody {
  switch (subType) {
    case 'url':
      return { type: 'text', text };
    case 'quick_reply':
      return { type: 'payload', payload: text };
    case 'copy_code':
      return { type: 'coupon_code', coupon_code: text };
    case 'flow':
      return { type: 'action', action: some('flow_token', text) };
    default:
      return assertNever(subType);
  }
}

type InteractiveBody = Extract<SendMessage, { type: 'interactive' }>['interactive'];

function toInteractive(interactive: Interactive): InteractiveBody {
  const body = { text: interactive.body };
  if (interactive.type === 'location_request_message') return { type: interactive.type, body, action: { name: 'send_location' } };
  const { header, footer } = interactive;
  const frame = {
    ...(header === null || header === '' ? {} : { header: { type: 'text' as const, text: header } }),
    body,
    ...(footer === null || footer === '' ? {} : { footer: { text: footer } }),
  };
  switch (interactive.type) {
    case 'button':
      return { type: 'button', ...frame, action: { buttons: interactive.buttons.map((reply) => ({ type: 'reply', reply })) } };
    case 'list': {
      const sections = interactive.sections.map(({ title, rows }) => ({
        ...some('title', title),
        rows: rows.map((row) => ({ id: row.id, title: row.title, ...some('description', row.description) })),
      }));
      return { type: 'list', ...frame, action: { button: interactive.button, sections } };
    }
    case 'cta_url':
      return { type: 'cta_url', ...frame, action: { name: 'cta_url', parameters: { display_text: interactive.button, url: interactive.url } } };
    default:
      return assertNever(interactive);
  }
}

/** Parts of Meta's body that the content of a message does not have, or calls otherwise. In this order. */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/^text\.body$/, 'text'],
  [/^(?:image|video|audio|document|sticker|location|reaction)\./, ''],
  [/^contacts\.(\d+)\.name\.\w+$/, 'contacts.$1.name'],
  [/^contacts\.(\d+)\.org\b.*$/, 'contacts.$1.organization'],
  [/^(contacts\.\d+\.addresses\.\d+)\.street$/, '$1.text'],
  [/^(contacts\.\d+\.phones\.\d+)\.wa_id$/, '$1.waId'],
  [/^interactive\.(header|body|footer)\.text$/, 'interactive.$1'],
  [/^interactive\.action\.parameters\.display_text$/, 'interactive.button'],
  [/^interactive\.action\.(?:parameters\.)?/, 'interactive.'],
  [/^(interactive\.buttons\.\d+)\.reply\b/, '$1'],
];

const toContentField = (field: string): string => RENAMED.reduce((path, [pattern, replacement]) => path.replace(pattern, replacement), field);
