/**
 * Bodies of `POST /{phone number id}/messages`, as strict as Meta documents them, and Meta's likely code for each refusal.
 * Used by the sender before a call and by the stand-in for Meta. Invariant: what passes here has every limit of the
 * Cloud API pages "Messages", "Interactive …", "Template messages" checked; what only Meta knows (window, media bytes,
 * the template's definition) is not. Lengths are UTF-16 code units.
 */
import { z } from 'zod';
import { INTERACTIVE_MAX, TEXT_BODY_MAX } from '../limits.ts';

const CAPTION_MAX = 1024;
const CALLBACK_DATA_MAX = 512;
const LIST_ROWS_MAX = INTERACTIVE_MAX.rows;

const text = (max: number) => z.string().min(1).max(max);
const id = z.string().min(1);
const url = z
  .string()
  .max(INTERACTIVE_MAX.url)
  .regex(/^https?:\/\//);
const withCode = (code: number, message: string) => ({ message, params: { code } });

// Media: an id from an upload, or a link that Meta fetches.
const oneSource = (media: { id?: string | undefined; link?: string | undefined }): boolean => (media.id === undefined) !== (media.link === undefined);
const SOURCE_RULE = 'exactly one of id and link';
const source = { id: id.optional(), link: url.optional() };
const caption = z.string().max(CAPTION_MAX).optional();
const pictureSchema = z.strictObject({ ...source, caption }).refine(oneSource, SOURCE_RULE);
const documentSchema = z.strictObject({ ...source, caption, filename: text(240).optional() }).refine(oneSource, SOURCE_RULE);
const audioSchema = z.strictObject({ ...source, voice: z.boolean().optional() }).refine(oneSource, SOURCE_RULE);
const stickerSchema = z.strictObject(source).refine(oneSource, SOURCE_RULE);

/** Meta's pages show strings, its examples numbers: both are taken. */
const degrees = (limit: number) =>
  z.union([
    z.number().min(-limit).max(limit),
    z
      .string()
      .regex(/^-?\d{1,3}(\.\d+)?$/)
      .refine((value) => Math.abs(Number(value)) <= limit, `between -${limit} and ${limit}`),
  ]);
const locationSchema = z.strictObject({ latitude: degrees(90), longitude: degrees(180), name: z.string().optional(), address: z.string().optional() });

const words = z.string().optional();
const contactSchema = z.strictObject({
  name: z.strictObject({ formatted_name: z.string().min(1), first_name: words, last_name: words, middle_name: words, suffix: words, prefix: words }),
  phones: z.array(z.strictObject({ phone: words, type: words, wa_id: words })).optional(),
  emails: z.array(z.strictObject({ email: words, type: words })).optional(),
  addresses: z.array(z.strictObject({ street: words, city: words, state: words, zip: words, country: words, country_code: words, type: words })).optional(),
  urls: z.array(z.strictObject({ url: words, type: words })).optional(),
  org: z.strictObject({ company: words, department: words, title: words }).optional(),
  birthday: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});

// Interactive messages.
const body = (max: number) => z.strictObject({ text: text(max) });
const footer = z.strictObject({ text: text(INTERACTIVE_MAX.footer) }).optional();
const textHeader = z.strictObject({ type: z.literal('text'), text: text(INTERACTIVE_MAX.header) });
const header = z.discriminatedUnion('type', [
  textHeader,
  z.strictObject({ type: z.literal('image'), image: pictureSchema }),
  z.strictObject({ type: z.literal('video'), video: pictureSchema }),
  z.strictObject({ type: z.literal('document'), document: documentSchema }),
]);
const REPEATED = { reason: 'repeated' } as const;
/** Adds an issue at each element of `list` that repeats an earlier one; `at`: where in the element it stands. */
const refuseRepeated = <T>(list: T[], key: (item: T) => unknown, context: z.RefinementCtx, at: (index: number) => PropertyKey[]): void => {
  const seen = new Set<unknown>();
  list.forEach((item, index) => {
    if (seen.has(key(item))) context.addIssue({ code: 'custom', path: at(index), message: 'must differ from the others', params: REPEATED });
    seen.add(key(item));
  });
};
const anything = z.looseObject({});

const replyButton = z.strictObject({ type: z.literal('reply'), reply: z.strictObject({ id: text(256), title: text(INTERACTIVE_MAX.button) }) });
const listSection = z.strictObject({
  title: z.string().max(INTERACTIVE_MAX.sectionTitle).optional(),
  rows: z.array(z.strictObject({ id: text(200), title: text(INTERACTIVE_MAX.rowTitle), description: z.string().max(INTERACTIVE_MAX.rowDescription).optional() })).min(1),
});
const listSections = z
  .array(listSection)
  .min(1)
  .max(INTERACTIVE_MAX.sections)
  .superRefine((sections, context) => {
    sections.forEach(({ title }, index) => {
      if (sections.length > 1 && !title) context.addIssue({ code: 'custom', path: [index, 'title'], message: 'every section needs a title when there are several', params: { reason: 'missing' } });
    });
    const rows = sections.flatMap((section, sectionIndex) => section.rows.map((row, index) => ({ id: row.id, path: [sectionIndex, 'rows', index, 'id'] })));
    if (rows.length > LIST_ROWS_MAX) context.addIssue({ code: 'custom', message: `at most ${LIST_ROWS_MAX} rows over all sections`, params: { reason: 'too_many' } });
    refuseRepeated(
      rows,
      (row) => row.id,
      context,
      (index) => rows[index]?.path ?? [],
    );
  });
const flowParameters = z
  .strictObject({
    flow_message_version: z.literal('3'),
    flow_id: id.optional(),
    flow_name: id.optional(),
    flow_cta: text(30),
    flow_token: id.optional(),
    mode: z.enum(['draft', 'published']).optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    flow_action_payload: z.looseObject({ screen: id.optional(), data: anything.optional() }).optional(),
  })
  .refine((flow) => (flow.flow_id === undefined) !== (flow.flow_name === undefined), 'exactly one of flow_id and flow_name');
const carouselCard = z.looseObject({ card_index: z.number().int().min(0).max(9), type: z.enum(['cta_url', 'product', 'button']), body: body(160).optional() });

const interactiveSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    header: header.optional(),
    body: body(INTERACTIVE_MAX.body),
    footer,
    action: z.strictObject({
      buttons: z
        .array(replyButton)
        .min(1)
        .max(INTERACTIVE_MAX.buttons)
        .superRefine((buttons, context) => {
          for (const part of ['title', 'id'] as const)
            refuseRepeated(
              buttons,
              (button) => button.reply[part],
              context,
              (index) => [index, 'reply', part],
            );
        }),
    }),
  }),
  z.strictObject({
    type: z.literal('list'),
    header: textHeader.optional(),
    body: body(INTERACTIVE_MAX.listBody),
    footer,
    action: z.strictObject({ button: text(INTERACTIVE_MAX.button), sections: listSections }),
  }),
  z.strictObject({
    type: z.literal('cta_url'),
    header: header.optional(),
    body: body(INTERACTIVE_MAX.body),
    footer,
    action: z.strictObject({ name: z.literal('cta_url'), parameters: z.strictObject({ display_text: text(INTERACTIVE_MAX.button), url }) }),
  }),
  z.strictObject({ type: z.literal('location_request_message'), body: body(INTERACTIVE_MAX.body), action: z.strictObject({ name: z.literal('send_location') }) }),
  z.strictObject({ type: z.literal('request_contact_info'), body: body(1024), action: z.strictObject({ name: z.literal('request_contact_info') }) }),
  z.strictObject({ type: z.literal('flow'), header: header.optional(), body: body(1024), footer, action: z.strictObject({ name: z.literal('flow'), parameters: flowParameters }) }),
  z.strictObject({ type: z.literal('carousel'), body: body(1024), action: z.strictObject({ cards: z.array(carouselCard).min(2).max(10) }) }),
  z.strictObject({ type: z.literal('call_permission_request'), body: body(1024).optional(), action: z.strictObject({ name: z.literal('call_permission_request') }) }),
  z.strictObject({ type: z.literal('voice_call'), header: header.optional(), body: body(1024), footer, action: z.strictObject({ name: z.literal('voice_call'), parameters: anything.optional() }) }),
  // Commerce: this product does not send these; the stand-in lets them through by their outline.
  z.strictObject({ type: z.literal('product'), body: body(1024).optional(), footer, action: z.strictObject({ catalog_id: id, product_retailer_id: id }) }),
  z.strictObject({ type: z.literal('product_list'), header: textHeader, body: body(1024), footer, action: z.strictObject({ catalog_id: id, sections: z.array(anything).min(1).max(10) }) }),
  z.strictObject({ type: z.literal('catalog_message'), body: body(1024), footer, action: z.strictObject({ name: z.literal('catalog_message'), parameters: anything.optional() }) }),
  z.looseObject({ type: z.literal('address_message'), body: body(1024), action: anything }),
  z.looseObject({ type: z.literal('order_details'), action: anything }),
  z.looseObject({ type: z.literal('order_status'), action: anything }),
]);

// Templates: only what varies is listed; Meta fills in the rest from the approved definition.
const parameterName = z
  .string()
  .regex(/^[a-z0-9_]+$/)
  .optional();
const BAD_VALUE = 132018;
const textValue = z
  .string()
  .refine((value) => value !== '', withCode(BAD_VALUE, 'must not be empty'))
  .refine((value) => !/[\n\r\t]/.test(value), withCode(BAD_VALUE, 'must not hold line breaks or tabs'))
  .refine((value) => !/ {5}/.test(value), withCode(BAD_VALUE, 'must not hold more than four spaces in a row'));
const templateParameter = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: textValue, parameter_name: parameterName }),
  z.strictObject({ type: z.literal('currency'), currency: z.strictObject({ fallback_value: id, code: z.string().length(3), amount_1000: z.number().int() }), parameter_name: parameterName }),
  z.strictObject({ type: z.literal('date_time'), date_time: z.looseObject({ fallback_value: id }), parameter_name: parameterName }),
  z.strictObject({ type: z.literal('image'), image: pictureSchema, parameter_name: parameterName }),
  z.strictObject({ type: z.literal('video'), video: pictureSchema, parameter_name: parameterName }),
  z.strictObject({ type: z.literal('document'), document: documentSchema, parameter_name: parameterName }),
  z.strictObject({ type: z.literal('location'), location: locationSchema }),
  z.strictObject({ type: z.literal('payload'), payload: text(256) }),
  z.strictObject({ type: z.literal('coupon_code'), coupon_code: text(20) }),
  z.strictObject({ type: z.literal('action'), action: anything }),
  z.strictObject({ type: z.literal('product'), product: anything }),
  z.strictObject({ type: z.literal('limited_time_offer'), limited_time_offer: anything }),
]);
/** Meta takes component and button types in upper and lower case. */
const lowerCased = z.string().toLowerCase();
const buttonIndex = z.union([z.string().regex(/^\d$/), z.number().int().min(0).max(9)]);
const templateComponent = z
  .looseObject({
    type: lowerCased.pipe(z.enum(['header', 'body', 'button', 'carousel', 'limited_time_offer', 'order_details', 'order_status', 'tap_target_configuration'])),
    sub_type: lowerCased.pipe(z.enum(['quick_reply', 'url', 'copy_code', 'flow', 'catalog', 'mpm', 'spm', 'voice_call', 'order_details', 'app'])).optional(),
    index: buttonIndex.optional(),
    parameters: z.array(templateParameter).optional(),
  })
  .superRefine((component, context) => {
    if (component.type === 'button') {
      for (const key of ['sub_type', 'index'] as const) {
        if (component[key] === undefined) context.addIssue({ code: 'custom', path: [key], ...withCode(131008, 'is needed for a button') });
      }
    }
    if (component.type === 'header' && component.parameters?.length !== 1) context.addIssue({ code: 'custom', path: ['parameters'], ...withCode(132000, 'a header takes exactly one parameter') });
  });
const NO_SUCH_TEMPLATE = 132001;
const templateSchema = z.strictObject({
  name: z
    .string()
    .max(512)
    .refine((name) => /^[a-z0-9_]+$/.test(name), withCode(NO_SUCH_TEMPLATE, 'template names are lower-case letters, digits and underscores')),
  namespace: id.optional(),
  language: z.strictObject({
    code: z.string().refine((code) => /^[a-z]{2,3}(_[A-Za-z]{2,4})?$/.test(code), withCode(NO_SUCH_TEMPLATE, 'language codes are written with an underscore, like es or en_US')),
    policy: z.literal('deterministic').optional(),
  }),
  components: z.array(templateComponent).optional(),
});

// The envelope.
const quote = z.strictObject({ message_id: id }).optional();
const envelope = {
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.enum(['individual', 'group']).optional(),
  /** A phone number, best with its leading +, or a group id. */
  to: z
    .string()
    .regex(/^(\+?[0-9][0-9 ().-]{4,24}|[A-Za-z0-9:_=.@+/-]{5,})$/)
    .optional(),
  /** A business-scoped user id. If `to` is there as well, `to` wins. */
  recipient: z
    .string()
    .regex(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/)
    .optional(),
  /** Comes back in every status webhook of the message. */
  biz_opaque_callback_data: text(CALLBACK_DATA_MAX).optional(),
  recipient_identity_key_hash: id.optional(),
  message_activity_sharing: z.boolean().optional(),
  ttl: z.unknown().optional(),
};
const quotable = { ...envelope, context: quote };
const messageSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ ...quotable, type: z.literal('text'), text: z.strictObject({ body: text(TEXT_BODY_MAX), preview_url: z.boolean().optional() }) }),
    z.strictObject({ ...quotable, type: z.literal('image'), image: pictureSchema }),
    z.strictObject({ ...quotable, type: z.literal('video'), video: pictureSchema }),
    z.strictObject({ ...quotable, type: z.literal('document'), document: documentSchema }),
    z.strictObject({ ...quotable, type: z.literal('audio'), audio: audioSchema }),
    z.strictObject({ ...quotable, type: z.literal('sticker'), sticker: stickerSchema }),
    z.strictObject({ ...quotable, type: z.literal('location'), location: locationSchema }),
    z.strictObject({ ...quotable, type: z.literal('contacts'), contacts: z.array(contactSchema).min(1).max(257) }),
    z.strictObject({ ...envelope, context: z.never().optional(), type: z.literal('reaction'), reaction: z.strictObject({ message_id: id, emoji: z.string().max(16) }) }),
    z.strictObject({ ...quotable, type: z.literal('interactive'), interactive: interactiveSchema }),
    z.strictObject({ ...quotable, type: z.literal('template'), template: templateSchema }),
  ])
  .refine((message) => message.to !== undefined || message.recipient !== undefined, { path: ['to'], message: 'to or recipient is needed', params: { code: 131008, reason: 'missing' } });

const readMarkSchema = z.strictObject({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: id,
  typing_indicator: z.strictObject({ type: z.literal('text') }).optional(),
});

/** A message to a person or group. */
export type SendMessage = z.input<typeof messageSchema>;
/** Marks a message and the earlier ones of its thread as read; with `typing_indicator` also shows that somebody writes (25 s). */
export type ReadMark = z.input<typeof readMarkSchema>;

export type SendCheck =
  | { status: 'message'; message: z.output<typeof messageSchema> }
  | { status: 'read_mark'; mark: z.output<typeof readMarkSchema> }
  /** `code`: what Meta likely answers. `field`: path of what is wrong, `body` for the whole. `details` names it again and says why, for logs and programs. */
  | { status: 'refused'; code: number; field: string; issue: SendIssue; details: string };
/** `limit`: characters or elements; null: no question of length. */
export type SendIssue = { reason: (typeof SEND_ISSUE_REASONS)[number]; limit: number | null };
export const SEND_ISSUE_REASONS = ['missing', 'too_long', 'too_many', 'repeated', 'invalid'] as const;

/** Checks a request body of `POST /{phone number id}/messages` before it goes out, or as Meta would. */
export function checkSendMessage(body: unknown): SendCheck {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { status: 'refused', code: 100, field: 'body', issue: { reason: 'invalid', limit: null }, details: 'body: must be a JSON object' };
  if ('status' in body) {
    const mark = readMarkSchema.safeParse(body, { reportInput: true });
    return mark.success ? { status: 'read_mark', mark: mark.data } : refuse(firstIssue(mark.error), 100);
  }
  const message = messageSchema.safeParse('type' in body ? body : { ...body, type: 'text' }, { reportInput: true });
  if (message.success) return { status: 'message', message: message.data };
  const issue = firstIssue(message.error);
  return refuse(issue, judgeIssue(issue));
}

type Issue = z.core.$ZodIssue;

/** Meta looks at `messaging_product` before anything else; the rest comes in the order of the schema. */
function firstIssue(error: z.ZodError): Issue {
  const issue = error.issues.find((candidate) => candidate.path.length === 1 && candidate.path[0] === 'messaging_product') ?? error.issues[0];
  if (!issue) throw new Error('a failed check without an issue');
  return issue;
}

/** Objects in which Meta answers 131009 ("not valid") also for a part that is missing. */
const MISSING_COUNTS_AS_INVALID = new Set<PropertyKey | undefined>(['interactive', 'contacts']);

function judgeIssue(issue: Issue): number {
  const [first] = issue.path;
  if (issue.code === 'custom' && typeof issue.params?.['code'] === 'number') return issue.params['code'];
  if (issue.code === 'unrecognized_keys') return 100;
  if (issue.path.length === 1 && (first === 'messaging_product' || first === 'type')) return 100;
  const isMissing = issue.code !== 'custom' && issue.input === undefined;
  if (!isMissing) return 131009;
  return issue.path.length > 1 && MISSING_COUNTS_AS_INVALID.has(first) ? 131009 : 131008;
}

const refuse = (issue: Issue, code: number): SendCheck => {
  const field = fieldOf(issue);
  return { status: 'refused', code, field, issue: classifyIssue(issue), details: `${field}: ${issue.message}` };
};

/** A key that is not known is itself the field. */
function fieldOf(issue: Issue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return path.length > 0 ? path.join('.') : 'body';
}

function classifyIssue(issue: Issue): SendIssue {
  if (issue.code === 'too_big')
    return { reason: issue.origin === 'array' ? 'too_many' : issue.origin === 'string' ? 'too_long' : 'invalid', limit: issue.origin === 'number' ? null : Number(issue.maximum) };
  if (issue.code === 'custom') {
    const reason = SEND_ISSUE_REASONS.find((known) => known === issue.params?.['reason']) ?? 'invalid';
    return { reason, limit: reason === 'too_many' ? LIST_ROWS_MAX : null };
  }
  const isEmpty = issue.code === 'too_small' && (issue.origin === 'string' || issue.origin === 'array');
  return { reason: isEmpty || issue.input === undefined ? 'missing' : 'invalid', limit: null };
}
