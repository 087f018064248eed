/**
 * What has to be filled in before a template can be sent, and the message that comes of it. Invariant: what the preview shows, what the
 * thread shows and what Meta is given come from the same values, cleaned once.
 */
import { TEMPLATE_MAX } from '../limits.ts';
import type { MediaKind, TemplateContent, TemplateParameter } from './message-content.ts';
import type { Template } from './template-definition.ts';
import { fillPlaceholders, placeholdersOf } from './template-words.ts';

/**
 * `key`: `header`, `body.1`, `body.nombre`, `button.0`. `text`: one line, at most `maxLength` UTF-16 code units. `file`: of `mediaKind`.
 * `place`: coordinates. `sample`: what its author gave as an example; never sent by itself.
 */
export type TemplateSlot =
  | {
      key: string;
      kind: 'text';
      name: string;
      part: 'header' | 'body' | 'button';
      button: { type: 'URL' | 'QUICK_REPLY' | 'COPY_CODE' | 'FLOW'; index: number; text: string } | null;
      maxLength: number;
      isRequired: boolean;
      sample: string | null;
    }
  | { key: 'header'; kind: 'file'; mediaKind: Extract<MediaKind, 'image' | 'video' | 'document'> }
  | { key: 'header'; kind: 'place' };

const VALUE_MAX = 1024;
const PAYLOAD_MAX = 256;
const URL_SUFFIX_MAX = 2000;
const CODE_MAX = 20;
const FLOW_TOKEN_MAX = 256;

/** In the order in which the person reads them. */
export function slotsOf(template: Template): TemplateSlot[] {
  const slots: TemplateSlot[] = [];
  const { header } = template;
  if (header?.format === 'TEXT') {
    const [name] = placeholdersOf(header.text);
    if (name !== undefined) slots.push({ key: 'header', kind: 'text', name, part: 'header', button: null, maxLength: roomInHeader(header.text), isRequired: true, sample: header.sample });
  } else if (header?.format === 'LOCATION') slots.push({ key: 'header', kind: 'place' });
  else if (header) slots.push({ key: 'header', kind: 'file', mediaKind: header.format === 'IMAGE' ? 'image' : header.format === 'DOCUMENT' ? 'document' : 'video' });
  for (const name of placeholdersOf(template.body))
    slots.push({
      key: `body.${name}`,
      kind: 'text',
      name,
      part: 'body',
      button: null,
      maxLength: VALUE_MAX,
      isRequired: true,
      sample: Object.hasOwn(template.samples, name) ? (template.samples[name] ?? null) : null,
    });
  for (const [index, button] of template.buttons.entries()) {
    const base = { key: `button.${index}`, kind: 'text' as const, part: 'button' as const };
    const { text } = button;
    if (button.type === 'URL' && placeholdersOf(button.url).length > 0)
      slots.push({ ...base, name: text, button: { type: 'URL', index, text }, maxLength: URL_SUFFIX_MAX, isRequired: true, sample: button.sample });
    if (button.type === 'QUICK_REPLY') slots.push({ ...base, name: text, button: { type: 'QUICK_REPLY', index, text }, maxLength: PAYLOAD_MAX, isRequired: false, sample: null });
    if (button.type === 'COPY_CODE') slots.push({ ...base, name: text, button: { type: 'COPY_CODE', index, text }, maxLength: CODE_MAX, isRequired: true, sample: button.sample });
    if (button.type === 'FLOW') slots.push({ ...base, name: text, button: { type: 'FLOW', index, text }, maxLength: FLOW_TOKEN_MAX, isRequired: false, sample: null });
  }
  return slots;
}

/** Meta's limit holds for a header with its value filled in, too (error 132005). */
const roomInHeader = (text: string): number => Math.max(0, TEMPLATE_MAX.header - fillPlaceholders(text, () => '').length);

/** As Meta takes a value (error 132018), while it is being typed: one line, no tab, at most four spaces in a row. What is cut is shown, not lost silently. */
export const flattenValue = (value: string): string => value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll(/ {5,}/g, '    ');
/** The same as it is sent. */
export const cleanValue = (value: string): string => flattenValue(value).trim();

export type TemplatePlace = { latitude: number; longitude: number; name: string | null; address: string | null };
/** Texts by slot key. */
export type TemplateValues = { texts: Readonly<Record<string, string>>; place: TemplatePlace | null; /** Of the header's file. */ filename: string | null };
export type SlotProblem = { key: string; reason: 'empty' | 'too_long' | 'text_too_long'; limit: number | null };

/** Meta's limit of a body with its values filled in (error 132005). */
export const TEMPLATE_BODY_MAX = 1024;

/** What keeps it from being sent, in the order of the slots; empty: nothing. `hasFile`: the header's file is chosen. */
export function judgeValues(template: Template, values: TemplateValues, hasFile: boolean): SlotProblem[] {
  const problems: SlotProblem[] = [];
  for (const slot of slotsOf(template)) {
    if (slot.kind === 'file' ? !hasFile : slot.kind === 'place' && values.place === null) problems.push({ key: slot.key, reason: 'empty', limit: null });
    if (slot.kind !== 'text') continue;
    const value = cleanValue(values.texts[slot.key] ?? '');
    if (value === '' && slot.isRequired) problems.push({ key: slot.key, reason: 'empty', limit: null });
    if (value.length > slot.maxLength) problems.push({ key: slot.key, reason: 'too_long', limit: slot.maxLength });
  }
  if (fillBody(template, values).length > TEMPLATE_BODY_MAX) problems.push({ key: 'body', reason: 'text_too_long', limit: TEMPLATE_BODY_MAX });
  return problems;
}

const fillBody = (template: Template, { texts }: TemplateValues): string => fillPlaceholders(template.body, (name) => cleanValue(texts[`body.${name}`] ?? '') || undefined);

/** The template as the person will read it, with the values that are there; a variable without one stays as it is written. Valid only where `judgeValues` finds nothing. */
export function fillTemplate(template: Template, values: TemplateValues, request: TemplateContent['request']): Omit<TemplateContent, 'media'> {
  const valueOf = (key: string): string => cleanValue(values.texts[key] ?? '');
  const nameOf = (name: string): string | null => (template.parameterFormat === 'NAMED' ? name : null);
  const parameters: TemplateParameter[] = [];
  const slots = slotsOf(template).filter((slot) => slot.kind === 'text');
  const inBody = slots.filter(({ part }) => part === 'body');
  // Meta counts the values of a positional template: the first is {{1}}, wherever that stands in the text.
  if (template.parameterFormat === 'POSITIONAL') inBody.sort((a, b) => Number(a.name) - Number(b.name));
  for (const slot of [...slots.filter(({ part }) => part === 'header'), ...inBody, ...slots.filter(({ part }) => part === 'button')]) {
    const text = valueOf(slot.key);
    if (slot.part !== 'button') parameters.push({ part: slot.part, name: nameOf(slot.name), text });
    // A flow's button always needs its component, with or without a token.
    else if (slot.button && (text !== '' || slot.button.type === 'FLOW')) parameters.push({ part: 'button', index: slot.button.index, subType: SUB_TYPES[slot.button.type], text });
  }
  return {
    kind: 'template',
    name: template.name,
    language: template.language,
    category: template.category,
    header: fillHeader(template, values),
    body: fillBody(template, values),
    footer: template.footer,
    buttons: template.buttons.map((button, index) => {
      const value = valueOf(`button.${index}`);
      switch (button.type) {
        case 'URL':
          return { type: button.type, text: button.text, value: fillPlaceholders(button.url, () => value || undefined) };
        case 'PHONE_NUMBER':
          return { type: button.type, text: button.text, value: button.phone };
        case 'COPY_CODE':
          return { type: button.type, text: button.text, value: value || null };
        default:
          return { type: button.type, text: button.text, value: null };
      }
    }),
    parameters,
    request,
  };
}

const SUB_TYPES = { URL: 'url', QUICK_REPLY: 'quick_reply', COPY_CODE: 'copy_code', FLOW: 'flow' } as const;

function fillHeader({ header }: Template, values: TemplateValues): TemplateContent['header'] {
  if (header === null) return null;
  switch (header.format) {
    case 'TEXT':
      return { format: 'TEXT', text: fillPlaceholders(header.text, () => cleanValue(values.texts['header'] ?? '') || undefined) };
    case 'LOCATION':
      return values.place && { format: 'LOCATION', ...values.place };
    case 'GIF':
      return { format: 'VIDEO', filename: values.filename };
    default:
      return { format: header.format, filename: values.filename };
  }
}

/** A flow's button always needs its component (a token may be empty); a kind that is not known cannot be sent at all. */
export const isSendable = (template: Template): boolean => template.status === 'APPROVED' && template.buttons.every(({ type }) => type !== 'OTHER');
