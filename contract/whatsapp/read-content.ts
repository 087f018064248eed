/**
 * Reads what Meta writes about a message into our own shapes (`message-content.ts`). Invariants: it never throws, whatever
 * is missing or of another type than documented; what cannot be read becomes a labelled placeholder (`other`), so no
 * message is dropped; names of files come out safe. Source: Cloud API, webhooks, field `messages`.
 */
import { objectOf, objectsOf, parseJson, readNumber, textOf, writeJson, type Json } from '../json.ts';
import { safeFilename } from '../rules/safe-filename.ts';
import { shortenError, type ContactCard, type Media, type MediaKind, type MessageContent, type MessageContext, type MessageError, type PlainContent, type Pricing } from './message-content.ts';

/** Meta's words for types, kept short enough to show. */
const TYPE_MAX = 100;
/** One emoji of many code points has about this many; more is no reaction. */
const EMOJI_POINTS_MAX = 16;

/** @param payload an element of Meta's `messages`, or the `message` inside an edit. */
export function readInboundContent(payload: Json): MessageContent {
  switch (readType(payload)) {
    case 'reaction':
      return { kind: 'reaction', emoji: readEmoji(objectOf(payload['reaction'])?.['emoji']) };
    case 'edit':
      return { kind: 'edit', content: readPlainContent(objectOf(objectOf(payload['edit'])?.['message']) ?? {}) };
    case 'revoke':
      return { kind: 'revoke' };
    default:
      return readPlainContent(payload);
  }
}

/** wamid of the message that a reaction, edit or revoke is about; null where it names none, or an edit says nothing. */
export function readTarget(payload: Json): string | null {
  switch (readType(payload)) {
    case 'reaction':
      return textOf(objectOf(payload['reaction'])?.['message_id']);
    case 'edit':
      return objectOf(objectOf(payload['edit'])?.['message']) ? textOf(objectOf(payload['edit'])?.['original_message_id']) : null;
    case 'revoke':
      return textOf(objectOf(payload['revoke'])?.['original_message_id']);
    default:
      return null;
  }
}

/** What Meta calls it, or the key that looks like it where it says nothing. */
export function readType(payload: Json): string {
  const named = textOf(payload['type']) ?? Object.keys(payload).find((key) => objectOf(payload[key]) && key !== 'context' && key !== 'referral') ?? 'unknown';
  return named.slice(0, TYPE_MAX);
}

function readPlainContent(payload: Json): PlainContent {
  const type = readType(payload);
  const part = objectOf(payload[type]);
  const placeholder = (text: string | null): PlainContent => ({ kind: 'other', type, text });
  switch (type) {
    case 'text': {
      const text = textOf(part?.['body']);
      return text === null ? placeholder(null) : { kind: 'text', text };
    }
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
    case 'sticker':
      return (part && readFile(type, part)) ?? placeholder(textOf(part?.['caption']) ?? textOf(part?.['filename']));
    case 'location':
      return (part && readLocation(part)) ?? placeholder(textOf(part?.['name']) ?? textOf(part?.['address']));
    case 'contacts':
      return Array.isArray(payload['contacts']) ? { kind: 'contacts', contacts: objectsOf(payload['contacts']).map(readCard) } : placeholder(null);
    case 'button': {
      const title = textOf(part?.['text']) ?? textOf(part?.['payload']);
      return title === null ? placeholder(null) : { kind: 'choice', source: 'template_button', title, id: textOf(part?.['payload']), description: null };
    }
    case 'interactive':
      return readReply(part ?? {}) ?? placeholder(textOf(part?.['type']));
    case 'order':
      return part ? readOrder(part) : placeholder(null);
    case 'system':
      return part ? readSystem(payload, part) : placeholder(null);
    case 'request_welcome':
      return { kind: 'system', event: 'welcome_requested', text: null, from: null, to: null };
    case 'unsupported':
    case 'unknown':
      return placeholder(textOf(part?.['type']) ?? readReason(payload));
    default:
      return placeholder(null);
  }
}

/** Why WhatsApp does not tell what the message is, in its own words. */
function readReason(payload: Json): string | null {
  const [error] = objectsOf(payload['errors']);
  return textOf(objectOf(error?.['error_data'])?.['details']) ?? textOf(error?.['details']) ?? textOf(error?.['title']);
}

function readEmoji(value: unknown): string {
  return Array.from(textOf(value) ?? '')
    .slice(0, EMOJI_POINTS_MAX)
    .join('');
}

/** Null for a file that nothing names: it could never be fetched. */
function readFile(type: MediaKind | 'voice', part: Json): PlainContent | null {
  const media = readMedia(type, part);
  if (media.id === null && media.sha256 === null) return null;
  const caption = textOf(part['caption']);
  switch (type) {
    case 'image':
    case 'video':
      return { kind: type, media, caption };
    case 'audio':
    case 'voice':
      return { kind: 'audio', media, isVoice: type === 'voice' || part['voice'] === true };
    case 'document': {
      const name = textOf(part['filename']);
      return { kind: 'document', media, filename: name === null ? null : safeFilename(name), caption };
    }
    case 'sticker':
      return { kind: 'sticker', media, isAnimated: part['animated'] === true };
  }
}

const MIME_TYPE = /^[a-z0-9][\w.+-]*\/[\w.+-]+$/;

function readMedia(type: MediaKind | 'voice', part: Json): Media {
  const mimeType = (textOf(part['mime_type']) ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const bytes = readNumber(part['file_size']);
  return {
    id: textOf(part['id']),
    sha256: readSha256(part['sha256']),
    mimeType: MIME_TYPE.test(mimeType) ? mimeType.slice(0, TYPE_MAX) : DEFAULT_MIME_TYPES[type],
    bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    width: null,
    height: null,
    durationMs: null,
  };
}
/** Where Meta names none: what WhatsApp makes of each kind. */
const DEFAULT_MIME_TYPES = { image: 'image/jpeg', video: 'video/mp4', audio: 'audio/ogg', voice: 'audio/ogg', document: 'application/octet-stream', sticker: 'image/webp' } as const;

/** Webhooks give the digest as base64, the Graph API as hex. @returns hex, null for what is neither. */
export function readSha256(value: unknown): string | null {
  const text = textOf(value);
  if (text === null) return null;
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  // 32 bytes are 43 characters and one of padding, in either alphabet.
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/').replace('=', ''));
  return Array.from(binary, (unit) => unit.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function readLocation(part: Json): PlainContent | null {
  const latitude = readNumber(part['latitude']);
  const longitude = readNumber(part['longitude']);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  // Zero has one sign: a row must be the same before and after it was written.
  return { kind: 'location', latitude: latitude + 0, longitude: longitude + 0, name: textOf(part['name']), address: textOf(part['address']), url: textOf(part['url']) };
}

function readCard(card: Json): ContactCard {
  const name = objectOf(card['name']) ?? {};
  const org = objectOf(card['org']) ?? {};
  const organization = textOf(org['company']) ?? textOf(org['department']);
  const phones = objectsOf(card['phones']).flatMap((entry) => {
    const waId = textOf(entry['wa_id']);
    const phone = textOf(entry['phone']) ?? waId;
    return phone === null ? [] : [{ phone, type: textOf(entry['type']), waId }];
  });
  return {
    name: textOf(name['formatted_name']) ?? (joinTexts(name, ['prefix', 'first_name', 'middle_name', 'last_name', 'suffix'], ' ') || (organization ?? phones[0]?.phone ?? '')),
    organization,
    phones,
    emails: objectsOf(card['emails']).flatMap((entry) => {
      const email = textOf(entry['email']);
      return email === null ? [] : [{ email, type: textOf(entry['type']) }];
    }),
    urls: objectsOf(card['urls']).flatMap((entry) => {
      const url = textOf(entry['url']);
      return url === null ? [] : [{ url }];
    }),
    addresses: objectsOf(card['addresses']).flatMap((entry) => {
      const text = joinTexts(entry, ['street', 'city', 'state', 'zip', 'country'], ', ');
      return text === '' ? [] : [{ text }];
    }),
    birthday: textOf(card['birthday']),
  };
}

const joinTexts = (part: Json, keys: string[], separator: string): string =>
  keys
    .map((key) => textOf(part[key]))
    .filter((text) => text !== null)
    .join(separator);

/** Null for a reply of a kind that is not known. */
function readReply(part: Json): PlainContent | null {
  const button = objectOf(part['button_reply']);
  const row = objectOf(part['list_reply']);
  const reply = button ?? row;
  if (reply) {
    const title = textOf(reply['title']) ?? textOf(reply['id']);
    return title === null ? null : { kind: 'choice', source: button ? 'reply_button' : 'list_row', title, id: textOf(reply['id']), description: textOf(reply['description']) };
  }
  const form = objectOf(part['nfm_reply']);
  if (!form) return null;
  const given = form['response_json'];
  const raw = typeof given === 'string' ? given : given === undefined || given === null ? '' : (writeJson(given) ?? '');
  const answers = objectOf(parseJson(raw));
  return {
    kind: 'flow_reply',
    name: textOf(form['name']),
    text: textOf(form['body']),
    // The token is the form's own, nobody filled it in.
    fields: answers && Object.entries(answers).flatMap(([key, value]) => (key === 'flow_token' ? [] : [{ key, value: textOf(value) ?? (value === '' ? '' : (writeJson(value) ?? '…')) }])),
    raw,
  };
}

function readOrder(part: Json): PlainContent {
  const numberOf = (value: unknown): number | null => {
    const number = readNumber(value);
    return Number.isFinite(number) ? number + 0 : null;
  };
  return {
    kind: 'order',
    catalogId: textOf(part['catalog_id']),
    text: textOf(part['text']),
    items: objectsOf(part['product_items']).map((item) => ({
      productId: textOf(item['product_retailer_id']) ?? '',
      quantity: numberOf(item['quantity']),
      price: numberOf(item['item_price']),
      currency: textOf(item['currency']),
    })),
  };
}

/** What a system message says of the person: identifiers before and after. */
export type IdentityChange = { oldWaId: string | null; newWaId: string | null; oldUserId: string | null; newUserId: string | null; newParentUserId: string | null };
export function readIdentityChange(payload: Json): IdentityChange {
  const system = readType(payload) === 'system' ? objectOf(payload['system']) : null;
  const type = textOf(system?.['type']);
  const isUserId = type === 'user_changed_user_id';
  return {
    oldWaId: textOf(payload['from']) ?? textOf(system?.['customer']),
    newWaId: textOf(system?.['new_wa_id']) ?? textOf(system?.['wa_id']),
    oldUserId: (isUserId ? textOf(system?.['previous_user_id']) : null) ?? textOf(payload['from_user_id']),
    newUserId: isUserId ? (textOf(system?.['user_id']) ?? textOf(system?.['new_user_id'])) : null,
    newParentUserId: isUserId ? textOf(system?.['parent_user_id']) : null,
  };
}

function readSystem(payload: Json, part: Json): PlainContent {
  const text = textOf(part['body']);
  const change = readIdentityChange(payload);
  switch (textOf(part['type'])) {
    case 'user_changed_number':
    case 'customer_changed_number':
      return { kind: 'system', event: 'number_changed', text, from: change.oldWaId, to: change.newWaId };
    case 'customer_identity_changed':
      return { kind: 'system', event: 'identity_changed', text, from: null, to: null };
    case 'user_changed_user_id':
      return { kind: 'system', event: 'user_id_changed', text, from: change.oldUserId, to: change.newUserId };
    default:
      return { kind: 'system', event: 'other', text, from: null, to: null };
  }
}

/** What a message came with besides its content; null where there is nothing to say. */
export function readMessageContext(payload: Json): MessageContext | null {
  const context = objectOf(payload['context']) ?? {};
  const referral = objectOf(payload['referral']);
  const product = objectOf(context['referred_product']);
  const isFrequentlyForwarded = context['frequently_forwarded'] === true;
  const isForwarded = isFrequentlyForwarded || context['forwarded'] === true;
  if (!isForwarded && !referral && !product) return null;
  return {
    isForwarded,
    isFrequentlyForwarded,
    referral: referral && {
      headline: textOf(referral['headline']),
      body: textOf(referral['body']),
      url: textOf(referral['source_url']),
      sourceType: textOf(referral['source_type']),
      mediaUrl: textOf(referral['image_url']) ?? textOf(referral['video_url']) ?? textOf(referral['thumbnail_url']),
      clickId: textOf(referral['ctwa_clid']),
    },
    product: product && { catalogId: textOf(product['catalog_id']), productId: textOf(product['product_retailer_id']) },
  };
}

/** `pricing` of a status; null where it says nothing. */
export function readPricing(value: unknown): Pricing | null {
  const pricing = objectOf(value);
  if (!pricing) return null;
  const billable = pricing['billable'];
  const read = { category: textOf(pricing['category']), type: textOf(pricing['type']), model: textOf(pricing['pricing_model']), isBillable: typeof billable === 'boolean' ? billable : null };
  return Object.values(read).every((part) => part === null) ? null : read;
}

/** Reads Meta's `errors[]` element leniently. */
export function readMessageError(value: unknown): MessageError | null {
  const error = objectOf(value);
  if (!error) return null;
  const code = readNumber(error['code']);
  if (!Number.isSafeInteger(code)) return null;
  const detail = textOf(objectOf(error['error_data'])?.['details']) ?? textOf(error['details']) ?? textOf(error['message']);
  return shortenError({ code, title: textOf(error['title']) ?? textOf(error['message']) ?? '', detail });
}
