/**
 * What a message holds, as rows store it and screens show it, and the lenient reading of Meta's inbound objects.
 * Invariant: `readInboundContent` never throws and never drops a message: what it does not know becomes `other`,
 * a labelled placeholder (Cloud API, webhooks "messages" field; types in 2026 are open-ended).
 */
import { z } from 'zod';
import { readNumber } from '../json.ts';

export const messageContentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** A message shown as a placeholder: `type` is Meta's word, `text` what can be said of it (caption, button title, file name …). */
  z.object({ kind: z.literal('other'), type: z.string(), text: z.string().nullable() }),
]);
export type MessageContent = z.infer<typeof messageContentSchema>;

const ERROR_TITLE_MAX = 500;
const ERROR_DETAIL_MAX = 1_000;

/** Why a message failed or what Meta remarked, by Meta's code. `detail` is Meta's own text, for people who want it. */
export const messageErrorSchema = z.object({ code: z.number().int(), title: z.string().max(ERROR_TITLE_MAX), detail: z.string().max(ERROR_DETAIL_MAX).nullable() });
export type MessageError = z.infer<typeof messageErrorSchema>;
/** Meta's texts as we keep them: they travel in ops, which have a size. */
export const shortenError = ({ code, title, detail }: MessageError): MessageError => ({ code, title: title.slice(0, ERROR_TITLE_MAX), detail: detail?.slice(0, ERROR_DETAIL_MAX) ?? null });

type Json = Record<string, unknown>;
const asObject = (value: unknown): Json | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null);
const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);

/** The words in a message object that say most about it, or null. */
function summarize(type: string, payload: Json): string | null {
  const object = asObject(payload[type]);
  switch (type) {
    case 'image':
    case 'video':
    case 'audio':
    case 'sticker':
      return asText(object?.['caption']);
    case 'document':
      return asText(object?.['caption']) ?? asText(object?.['filename']);
    case 'location':
      return (
        asText(object?.['name']) ?? asText(object?.['address']) ?? (object && object['latitude'] !== undefined ? `${asText(object['latitude']) ?? '?'}, ${asText(object['longitude']) ?? '?'}` : null)
      );
    case 'contacts': {
      const first = Array.isArray(payload['contacts']) ? asObject(payload['contacts'][0]) : null;
      return asText(asObject(first?.['name'])?.['formatted_name']);
    }
    case 'reaction':
      return asText(object?.['emoji']);
    case 'button':
      return asText(object?.['text']);
    case 'interactive': {
      const reply = asObject(object?.['button_reply']) ?? asObject(object?.['list_reply']) ?? asObject(object?.['nfm_reply']);
      return asText(reply?.['title']) ?? asText(reply?.['body']);
    }
    case 'order':
      return asText(object?.['text']);
    case 'system':
      return asText(object?.['body']);
    case 'edit': {
      const message = asObject(object?.['message']);
      return asText(asObject(message?.['text'])?.['body']);
    }
    case 'unsupported':
    case 'unknown': {
      const error = Array.isArray(payload['errors']) ? asObject(payload['errors'][0]) : null;
      return asText(object?.['type']) ?? asText(asObject(error?.['error_data'])?.['details']) ?? asText(error?.['details']) ?? asText(error?.['title']);
    }
    default:
      return null;
  }
}

/** @param payload an element of Meta's `messages` array. */
export function readInboundContent(payload: Json): MessageContent {
  const type = asText(payload['type']) ?? Object.keys(payload).find((key) => asObject(payload[key]) && key !== 'context' && key !== 'referral') ?? 'unknown';
  if (type === 'text') {
    const body = asObject(payload['text'])?.['body'];
    return typeof body === 'string' ? { kind: 'text', text: body } : { kind: 'other', type, text: null };
  }
  return { kind: 'other', type, text: summarize(type, payload) };
}

/** Reads Meta's `errors[]` element leniently. */
export function readMessageError(value: unknown): MessageError | null {
  const error = asObject(value);
  if (!error) return null;
  const code = readNumber(error['code']);
  if (!Number.isInteger(code)) return null;
  const detail = asText(asObject(error['error_data'])?.['details']) ?? asText(error['details']) ?? asText(error['message']);
  return shortenError({ code, title: asText(error['title']) ?? asText(error['message']) ?? '', detail });
}
