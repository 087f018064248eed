/**
 * What a message holds, as rows store it and screens show it, in both directions. Every kind of the Cloud API has one shape
 * here ("Messages" and "Webhooks, messages field"); what is not known becomes `other`, a labelled placeholder, so no message is ever dropped.
 */
import { z } from 'zod';

const words = z.string().nullable();

/**
 * A file of a message. `id`: Meta's media id (inbound only, lives 7 days). `sha256`: hex of the file's bytes, the name under which
 * desktops and the team's blob store keep it; null until a desktop has read it, where Meta did not say. `bytes`, `width`, `height` (px),
 * `durationMs`: null where not known. `mimeType`: without parameters, lower case.
 */
export const mediaSchema = z.object({
  id: words,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  mimeType: z.string(),
  bytes: z.number().int().nonnegative().nullable(),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
  durationMs: z.number().int().nonnegative().nullable(),
});
export type Media = z.infer<typeof mediaSchema>;
export const MEDIA_KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** A contact card. `waId`: the phone is on WhatsApp under this id. */
export const contactCardSchema = z.object({
  name: z.string(),
  organization: words,
  phones: z.array(z.object({ phone: z.string(), type: words, waId: words })),
  emails: z.array(z.object({ email: z.string(), type: words })),
  urls: z.array(z.object({ url: z.string() })),
  addresses: z.array(z.object({ text: z.string() })),
  birthday: words,
});
export type ContactCard = z.infer<typeof contactCardSchema>;

/** Interactive messages that this product sends (Cloud API, "Interactive messages"). `body`, `footer`, titles and ids with Meta's limits. */
export const interactiveSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('button'), body: z.string(), header: words, footer: words, buttons: z.array(z.object({ id: z.string(), title: z.string() })) }),
  z.object({
    type: z.literal('list'),
    body: z.string(),
    header: words,
    footer: words,
    button: z.string(),
    sections: z.array(z.object({ title: words, rows: z.array(z.object({ id: z.string(), title: z.string(), description: words })) })),
  }),
  z.object({ type: z.literal('cta_url'), body: z.string(), header: words, footer: words, button: z.string(), url: z.string() }),
  z.object({ type: z.literal('location_request_message'), body: z.string() }),
]);
export type Interactive = z.infer<typeof interactiveSchema>;

/** What Meta is given for the variables of a template, in its order. `name`: of a NAMED template only. `text` of a URL button: what goes at the end of its address. */
export const templateParameterSchema = z.discriminatedUnion('part', [
  z.object({ part: z.literal('header'), name: words, text: z.string() }),
  z.object({ part: z.literal('body'), name: words, text: z.string() }),
  /** `index`: its place among all buttons of the template, from 0. */
  z.object({ part: z.literal('button'), index: z.number().int().min(0).max(9), subType: z.enum(['url', 'quick_reply', 'copy_code', 'flow']), text: z.string() }),
]);
export type TemplateParameter = z.infer<typeof templateParameterSchema>;

/**
 * A template message as the person reads it, with its values filled in (Meta never tells): `parameters` is what Meta is given.
 * `media`: the file of its header. `request`: the service request it is about, and to which role it goes; `isOverride`: its author
 * knew that the person has another role there.
 */
const templateContent = z.object({
  kind: z.literal('template'),
  name: z.string(),
  language: z.string(),
  category: z.string(),
  header: z
    .discriminatedUnion('format', [
      z.object({ format: z.literal('TEXT'), text: z.string() }),
      z.object({ format: z.enum(['IMAGE', 'VIDEO', 'DOCUMENT']), filename: words }),
      z.object({ format: z.literal('LOCATION'), latitude: z.number(), longitude: z.number(), name: words, address: words }),
    ])
    .nullable(),
  media: mediaSchema.optional(),
  body: z.string(),
  footer: words,
  /** `value`: the address, number or code behind it. */
  buttons: z.array(z.object({ type: z.string(), text: z.string(), value: words })),
  parameters: z.array(templateParameterSchema),
  request: z.object({ id: z.string(), role: z.enum(['customer', 'vendor']), isOverride: z.boolean() }).nullable(),
});
export type TemplateContent = z.infer<typeof templateContent>;

const plainContent = [
  /** `hasPreview`: WhatsApp shows the first link as a card (outbound). */
  z.object({ kind: z.literal('text'), text: z.string(), hasPreview: z.boolean().optional() }),
  z.object({ kind: z.literal('image'), media: mediaSchema, caption: words }),
  z.object({ kind: z.literal('video'), media: mediaSchema, caption: words }),
  /** `isVoice`: recorded in the chat. */
  z.object({ kind: z.literal('audio'), media: mediaSchema, isVoice: z.boolean() }),
  /** `filename`: safe to show and to write to disk, null where WhatsApp gave none. */
  z.object({ kind: z.literal('document'), media: mediaSchema, filename: words, caption: words }),
  z.object({ kind: z.literal('sticker'), media: mediaSchema, isAnimated: z.boolean() }),
  /** Degrees. */
  z.object({ kind: z.literal('location'), latitude: z.number(), longitude: z.number(), name: words, address: words, url: words }),
  z.object({ kind: z.literal('contacts'), contacts: z.array(contactCardSchema) }),
  z.object({ kind: z.literal('interactive'), interactive: interactiveSchema }),
  /** What the customer chose: the quick reply of a template, a reply button, or a row of a list. `id`: the payload behind it. */
  z.object({ kind: z.literal('choice'), source: z.enum(['template_button', 'reply_button', 'list_row']), title: z.string(), id: words, description: words }),
  /** A filled-in form. `fields` null: `raw` is no JSON object. */
  z.object({ kind: z.literal('flow_reply'), name: words, text: words, fields: z.array(z.object({ key: z.string(), value: z.string() })).nullable(), raw: z.string() }),
  /** `price`: of one, in units of the currency. */
  z.object({
    kind: z.literal('order'),
    catalogId: words,
    text: words,
    items: z.array(z.object({ productId: z.string(), quantity: z.number().nullable(), price: z.number().nullable(), currency: words })),
  }),
  /** Told by WhatsApp itself. `from`, `to`: the identifiers before and after, where it names them. */
  z.object({
    kind: z.literal('system'),
    event: z.enum(['number_changed', 'identity_changed', 'user_id_changed', 'welcome_requested', 'other']),
    text: words,
    from: words,
    to: words,
  }),
  templateContent,
  /** A message shown as a placeholder: `type` is Meta's word, `text` what can be said of it. */
  z.object({ kind: z.literal('other'), type: z.string(), text: words }),
] as const;

/** What an edit replaces a message's content with. */
const plainContentSchema = z.discriminatedUnion('kind', plainContent);
export type PlainContent = z.infer<typeof plainContentSchema>;

export const messageContentSchema = z.discriminatedUnion('kind', [
  ...plainContent,
  // About another message (`MessageRow.target_wamid`): shown on it, or as a row of their own while it is not known.
  /** `emoji` empty: takes the reaction away. */
  z.object({ kind: z.literal('reaction'), emoji: z.string() }),
  z.object({ kind: z.literal('edit'), content: plainContentSchema }),
  z.object({ kind: z.literal('revoke') }),
]);
export type MessageContent = z.infer<typeof messageContentSchema>;

/**
 * What a message came with besides its content. `referral`: the ad or post the customer tapped; `url` and texts are Meta's.
 * `product`: the catalogue item a question is about.
 */
export const messageContextSchema = z.object({
  isForwarded: z.boolean(),
  isFrequentlyForwarded: z.boolean(),
  referral: z.object({ headline: words, body: words, url: words, sourceType: words, mediaUrl: words, clickId: words }).nullable(),
  product: z.object({ catalogId: words, productId: words }).nullable(),
});
export type MessageContext = z.infer<typeof messageContextSchema>;

/** What Meta charges for (webhooks, `statuses[].pricing`); `category` and `type` are open lists of Meta's. */
export const pricingSchema = z.object({ category: words, type: words, model: words, isBillable: z.boolean().nullable() });
export type Pricing = z.infer<typeof pricingSchema>;

const ERROR_TITLE_MAX = 500;
const ERROR_DETAIL_MAX = 1_000;

/** Why a message failed or what Meta remarked, by Meta's code. `detail` is Meta's own text, for people who want it. */
export const messageErrorSchema = z.object({ code: z.number().int(), title: z.string().max(ERROR_TITLE_MAX), detail: z.string().max(ERROR_DETAIL_MAX).nullable() });
export type MessageError = z.infer<typeof messageErrorSchema>;
/** Meta's texts as we keep them: they travel in ops, which have a size. */
export const shortenError = ({ code, title, detail }: MessageError): MessageError => ({ code, title: title.slice(0, ERROR_TITLE_MAX), detail: detail?.slice(0, ERROR_DETAIL_MAX) ?? null });
