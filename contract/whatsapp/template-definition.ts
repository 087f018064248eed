/**
 * A message template of the WhatsApp account (Graph API, `/{WABA}/message_templates`). Identity is name and language; a webhook
 * writes `en-US` where the API writes `en_US`. Read leniently: what is not known stays as it came, so a new kind of button or status
 * never hides a template; such a template is shown and cannot be sent (`isSendable`).
 */
import { z } from 'zod';
import { placeholdersOf } from './template-words.ts';

const words = z.string().nullable();
const MEDIA_FORMATS = ['IMAGE', 'VIDEO', 'DOCUMENT', 'GIF'] as const;

/** `sample`: for TEXT the value of its one variable; for media the handle of a resumable upload (write only). */
export const templateHeaderSchema = z.discriminatedUnion('format', [
  z.object({ format: z.literal('TEXT'), text: z.string(), sample: words }),
  z.object({ format: z.enum(MEDIA_FORMATS), sample: words }),
  z.object({ format: z.literal('LOCATION') }),
]);
/** `sample` of a URL: the value of the variable at its end; of COPY_CODE: the code. OTHER: a kind that this program cannot send. */
export const templateButtonSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('QUICK_REPLY'), text: z.string() }),
  z.object({ type: z.literal('URL'), text: z.string(), url: z.string(), sample: words }),
  z.object({ type: z.literal('PHONE_NUMBER'), text: z.string(), phone: z.string() }),
  z.object({ type: z.literal('COPY_CODE'), text: z.string(), sample: words }),
  z.object({ type: z.literal('FLOW'), text: z.string(), flowId: words }),
  z.object({ type: z.literal('OTHER'), text: z.string(), metaType: z.string() }),
]);
export type TemplateHeader = z.infer<typeof templateHeaderSchema>;
export type TemplateButton = z.infer<typeof templateButtonSchema>;

/** What its author decides. `samples`: of the body's variables, by number or name. */
export const templateDesignSchema = z.object({
  name: z.string(),
  language: z.string(),
  category: z.string(),
  parameterFormat: z.enum(['POSITIONAL', 'NAMED']),
  header: templateHeaderSchema.nullable(),
  body: z.string(),
  footer: words,
  buttons: z.array(templateButtonSchema),
  samples: z.record(z.string(), z.string()),
});
export type TemplateDesign = z.infer<typeof templateDesignSchema>;

/** `metaId`: Meta's id of it, as text (it may exceed 2^53). `rejectedReason`: Meta's word, null where there is none. `quality`: GREEN, YELLOW, RED or UNKNOWN. */
export const templateSchema = templateDesignSchema.extend({ metaId: z.string(), status: z.string(), quality: z.string(), rejectedReason: words });
export type Template = z.infer<typeof templateSchema>;

const metaText = z.string().catch('');
const metaComponent = z.looseObject({
  type: z.string(),
  format: z.string().optional().catch(undefined),
  text: metaText,
  buttons: z.array(z.unknown()).optional().catch(undefined),
  example: z
    .looseObject({
      header_text: z.array(z.string()).optional().catch(undefined),
      header_text_named_params: z
        .array(z.looseObject({ param_name: z.string(), example: z.string() }))
        .optional()
        .catch(undefined),
      body_text: z.array(z.array(z.string())).optional().catch(undefined),
      body_text_named_params: z
        .array(z.looseObject({ param_name: z.string(), example: z.string() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
const metaButton = z.looseObject({
  type: z.string(),
  text: metaText,
  url: z.string().optional().catch(undefined),
  phone_number: z.string().optional().catch(undefined),
  flow_id: z.union([z.string(), z.number()]).optional().catch(undefined),
  example: z.unknown().optional(),
});
const metaTemplate = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string(),
  language: z.string(),
  category: z.string().catch('UTILITY'),
  status: z.string().catch('PENDING'),
  rejected_reason: z.string().nullish().catch(null),
  quality_score: z
    .looseObject({ score: z.string().catch('UNKNOWN') })
    .nullish()
    .catch(null),
  parameter_format: z.string().nullish().catch(null),
  components: z.array(z.unknown()).catch([]),
});

const KNOWN_COMPONENTS = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS']);
const KNOWN_FORMATS = new Set<string>(['TEXT', 'LOCATION', ...MEDIA_FORMATS]);

/** One element of `GET /{WABA}/message_templates`; null: it is none. What cannot be sent has a button OTHER, also where Meta has it as a part of its own. */
export function readMetaTemplate(json: unknown): Template | null {
  const parsed = metaTemplate.safeParse(json);
  if (!parsed.success) return null;
  const meta = parsed.data;
  const components = meta.components.flatMap((component) => {
    const read = metaComponent.safeParse(component);
    return read.success ? [{ ...read.data, type: read.data.type.toUpperCase() }] : [];
  });
  // Cards, offers and what is to come: whatever it is, it would need values that this program does not know of.
  const strange = components
    .filter(({ type, format }) => !KNOWN_COMPONENTS.has(type) || (type === 'HEADER' && format !== undefined && !KNOWN_FORMATS.has(format.toUpperCase())))
    .map(({ type, format }): TemplateButton => ({ type: 'OTHER', text: '', metaType: type === 'HEADER' ? `HEADER ${format}` : type }));
  const find = (type: string) => components.find((component) => component.type === type);
  const body = find('BODY');
  const isNamed = meta.parameter_format?.toUpperCase() === 'NAMED';
  const values = body?.example?.body_text?.[0] ?? [];
  const samples = isNamed
    ? Object.fromEntries((body?.example?.body_text_named_params ?? []).map(({ param_name, example }) => [param_name, example]))
    : Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
  const reason = meta.rejected_reason ?? null;
  return {
    metaId: meta.id,
    name: meta.name,
    language: meta.language.replaceAll('-', '_'),
    category: meta.category.toUpperCase(),
    status: meta.status.toUpperCase(),
    quality: meta.quality_score?.score ?? 'UNKNOWN',
    rejectedReason: reason === 'NONE' || reason === '' ? null : reason,
    parameterFormat: isNamed ? 'NAMED' : 'POSITIONAL',
    header: readHeader(find('HEADER')),
    body: body?.text ?? '',
    footer: find('FOOTER')?.text ?? null,
    buttons: [...(find('BUTTONS')?.buttons ?? []).map(readButton), ...strange],
    samples,
  };
}

/** Meta gives the whole address as the sample of what stands at its end. */
function endOfUrl(sample: string | null, url: string): string | null {
  const fixed = url.replace(/\{\{.*$/, '');
  return sample !== null && fixed !== url && sample.startsWith(fixed) ? sample.slice(fixed.length) : sample;
}

function readHeader(header: z.infer<typeof metaComponent> | undefined): TemplateHeader | null {
  if (!header) return null;
  const format = header.format?.toUpperCase() ?? 'TEXT';
  if (format === 'LOCATION') return { format };
  const media = MEDIA_FORMATS.find((known) => known === format);
  if (media) return { format: media, sample: null };
  return { format: 'TEXT', text: header.text, sample: header.example?.header_text?.[0] ?? header.example?.header_text_named_params?.[0]?.example ?? null };
}

function readButton(json: unknown): TemplateButton {
  const button = metaButton.safeParse(json);
  if (!button.success) return { type: 'OTHER', text: '', metaType: 'UNKNOWN' };
  const { type, text, url, phone_number: phone, flow_id: flowId, example } = button.data;
  const first = Array.isArray(example) ? (example as unknown[])[0] : example;
  const sample = typeof first === 'string' ? first : null;
  switch (type.toUpperCase()) {
    case 'QUICK_REPLY':
      return { type: 'QUICK_REPLY', text };
    case 'URL':
      return { type: 'URL', text, url: url ?? '', sample: endOfUrl(sample, url ?? '') };
    case 'PHONE_NUMBER':
      return { type: 'PHONE_NUMBER', text, phone: phone ?? '' };
    case 'COPY_CODE':
      return { type: 'COPY_CODE', text, sample };
    case 'FLOW':
      return { type: 'FLOW', text, flowId: flowId === undefined ? null : String(flowId) };
    default:
      return { type: 'OTHER', text, metaType: type };
  }
}

/** The body of `POST /{WABA}/message_templates` and, without name and language, of an edit. */
export function toMetaTemplate(design: TemplateDesign): Record<string, unknown> {
  const { header, body, footer, buttons, parameterFormat } = design;
  const isNamed = parameterFormat === 'NAMED';
  const names = isNamed ? placeholdersOf(body) : placeholdersOf(body).toSorted((a, b) => Number(a) - Number(b));
  const bodyExample = isNamed
    ? { body_text_named_params: names.map((name) => ({ param_name: name, example: design.samples[name] ?? '' })) }
    : { body_text: [names.map((name) => design.samples[name] ?? '')] };
  return {
    name: design.name,
    language: design.language,
    category: design.category,
    parameter_format: parameterFormat,
    components: [
      ...(header === null ? [] : [toMetaHeader(header, isNamed)]),
      { type: 'BODY', text: body, ...(names.length > 0 ? { example: bodyExample } : {}) },
      ...(footer === null || footer === '' ? [] : [{ type: 'FOOTER', text: footer }]),
      ...(buttons.length === 0 ? [] : [{ type: 'BUTTONS', buttons: buttons.map(toMetaButton) }]),
    ],
  };
}

function toMetaHeader(header: TemplateHeader, isNamed: boolean): Record<string, unknown> {
  if (header.format === 'LOCATION') return { type: 'HEADER', format: 'LOCATION' };
  if (header.format !== 'TEXT') return { type: 'HEADER', format: header.format, example: { header_handle: header.sample === null ? [] : [header.sample] } };
  const [name] = placeholdersOf(header.text);
  if (name === undefined) return { type: 'HEADER', format: 'TEXT', text: header.text };
  const sample = header.sample ?? '';
  return { type: 'HEADER', format: 'TEXT', text: header.text, example: isNamed ? { header_text_named_params: [{ param_name: name, example: sample }] } : { header_text: [sample] } };
}

function toMetaButton(button: TemplateButton): Record<string, unknown> {
  switch (button.type) {
    case 'QUICK_REPLY':
      return { type: button.type, text: button.text };
    case 'URL':
      return { type: button.type, text: button.text, url: button.url, ...(placeholdersOf(button.url).length > 0 ? { example: [button.sample ?? ''] } : {}) };
    case 'PHONE_NUMBER':
      return { type: button.type, text: button.text, phone_number: button.phone };
    case 'COPY_CODE':
      return { type: button.type, example: button.sample ?? '' };
    case 'FLOW':
      return { type: button.type, text: button.text, flow_id: button.flowId };
    case 'OTHER':
      return { type: button.metaType, text: button.text };
  }
}
