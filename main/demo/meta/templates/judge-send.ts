/** Judges a template message by the account's own template, as the Cloud API does before it takes it ("Error codes", 132000 and following). */
import type { SendMessage } from '../../../../contract/whatsapp/send-message.ts';
import type { GraphError } from '../graph-errors.ts';
import { bodyOf, buttonsOf, headerOf, placeholdersOf, type Button, type Header } from './components.ts';
import type { Template } from './template.ts';

const HEADER_MAX = 60;
const BODY_MAX = 1024;
const CODE_MAX = 15;

export type TemplateSend = Extract<SendMessage, { type: 'template' }>['template'];
type SentComponent = NonNullable<TemplateSend['components']>[number];
type Parameter = NonNullable<SentComponent['parameters']>[number];

/** @param template null: the account has none with this name and language. */
export function judgeTemplateSend(send: TemplateSend, template: Template | null): GraphError | null {
  if (template?.status === 'PAUSED') return { code: 132015, details: `${send.name} is paused because its quality is low` };
  if (template?.status === 'DISABLED') return { code: 132016, details: `${send.name} is disabled` };
  if (template?.status !== 'APPROVED') return { code: 132001, details: `template name (${send.name}) does not exist in ${send.language.code}` };
  const sent = send.components ?? [];
  const twice = ['header', 'body'].find((type) => sent.filter((component) => component.type === type).length > 1);
  if (twice !== undefined) return { code: 132000, details: `${twice}: can be there once` };
  const [header, body] = ['header', 'body'].map((type) => sent.find((component) => component.type === type)?.parameters ?? []);
  return (
    judgeHeader(headerOf(template.components), header ?? [], template) ??
    judgeBody(template, body ?? []) ??
    judgeButtons(
      buttonsOf(template.components),
      sent.filter((component) => component.type === 'button'),
    )
  );
}

/** The id of an uploaded file that the header shows. */
export function readHeaderMedia(send: TemplateSend): { id: string; kind: 'image' | 'video' | 'document' } | null {
  const parameter = send.components?.find((component) => component.type === 'header')?.parameters?.[0];
  switch (parameter?.type) {
    case 'image':
      return parameter.image.id === undefined ? null : { id: parameter.image.id, kind: 'image' };
    case 'video':
      return parameter.video.id === undefined ? null : { id: parameter.video.id, kind: 'video' };
    case 'document':
      return parameter.document.id === undefined ? null : { id: parameter.document.id, kind: 'document' };
    default:
      return null;
  }
}

const countMismatch = (where: string, given: number, expected: number): GraphError => ({
  code: 132000,
  details: `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
});
const formatMismatch = (where: string, expected: string, given: string): GraphError => ({ code: 132012, details: `${where}: Format mismatch, expected ${expected}, received ${given}` });

function judgeHeader(header: Header | null, parameters: readonly Parameter[], { parameterFormat }: Template): GraphError | null {
  const [parameter] = parameters;
  if (header === null) return parameters.length > 0 ? countMismatch('header', parameters.length, 0) : null;
  if (header.format === 'TEXT') return judgeText('header', header.text, parameters, parameterFormat, HEADER_MAX);
  const expected = header.format === 'GIF' ? 'video' : header.format.toLowerCase();
  return parameter?.type === expected ? null : formatMismatch('header', header.format, parameter === undefined ? 'UNKNOWN' : parameter.type.toUpperCase());
}

function judgeBody({ category, components, parameterFormat }: Template, parameters: readonly Parameter[]): GraphError | null {
  if (category !== 'AUTHENTICATION') return judgeText('body', bodyOf(components)?.text ?? '', parameters, parameterFormat, BODY_MAX);
  const [parameter] = parameters;
  if (parameters.length !== 1) return countMismatch('body', parameters.length, 1);
  if (parameter?.type !== 'text') return formatMismatch('body', 'TEXT', parameter?.type.toUpperCase() ?? 'UNKNOWN');
  return parameter.text.length > CODE_MAX ? { code: 132018, details: `body: the code has more than ${CODE_MAX} characters` } : null;
}

function judgeText(where: string, text: string, parameters: readonly Parameter[], format: Template['parameterFormat'], max: number): GraphError | null {
  const names = placeholdersOf(text);
  if (parameters.length !== names.length) return countMismatch(where, parameters.length, names.length);
  const values = new Map<string, string>();
  for (const [index, parameter] of parameters.entries()) {
    const value = readText(parameter);
    if (value === null || !('type' in parameter)) return formatMismatch(where, 'TEXT', parameter.type.toUpperCase());
    const name = 'parameter_name' in parameter ? parameter.parameter_name : undefined;
    if (format === 'NAMED' && name === undefined) return { code: 132012, details: `${where}: parameter ${index + 1} lacks its parameter_name` };
    if (format === 'NAMED' && (!names.includes(name ?? '') || values.has(name ?? ''))) return { code: 132012, details: `${where}: parameter_name ${name ?? ''} is not expected here` };
    if (format === 'POSITIONAL' && name !== undefined) return { code: 132012, details: `${where}: parameter_name is for named templates only` };
    values.set(name ?? String(index + 1), value);
  }
  const filled = text.replaceAll(/\{\{([^{}]*)\}\}/g, (_, name: string) => values.get(name) ?? '');
  return filled.length > max ? { code: 132005, details: `${where}: has ${filled.length} characters with its values, ${max} are allowed` } : null;
}

function readText(parameter: Parameter): string | null {
  switch (parameter.type) {
    case 'text':
      return parameter.text;
    case 'currency':
      return parameter.currency.fallback_value;
    case 'date_time':
      return parameter.date_time.fallback_value;
    default:
      return null;
  }
}

function judgeButtons(buttons: readonly Button[], sent: readonly SentComponent[]): GraphError | null {
  const seen = new Set<number>();
  for (const component of sent) {
    const index = Number(component.index);
    const button = buttons[index];
    const type = String(component.sub_type).toUpperCase();
    if (!button || seen.has(index)) return { code: 132018, details: `buttons: there is no button at index ${index} that takes parameters` };
    seen.add(index);
    const expected = button.type === 'OTP' ? 'URL' : button.type;
    if (type !== expected) return { code: 132018, details: `buttons: Button at index ${index} is of type ${button.type}, not ${type}` };
    if (!takesParameter(button)) return { code: 132018, details: `buttons: Button at index ${index} of type ${button.type} does not require parameters` };
    const { parameters = [] } = component;
    const [parameter] = parameters;
    if (parameters.length !== 1) return countMismatch(`buttons[${index}]`, parameters.length, 1);
    const kind = PARAMETER_OF[expected];
    if (kind !== undefined && parameter?.type !== kind) return formatMismatch(`buttons[${index}]`, kind.toUpperCase(), parameter?.type.toUpperCase() ?? 'UNKNOWN');
  }
  const missing = buttons.findIndex((button, index) => needsParameter(button) && !seen.has(index));
  return missing < 0 ? null : { code: 131008, details: `buttons: Button at index ${missing} of type ${buttons[missing]?.type ?? ''} requires a parameter` };
}

const PARAMETER_OF: Partial<Record<string, Parameter['type']>> = { QUICK_REPLY: 'payload', URL: 'text', COPY_CODE: 'coupon_code', FLOW: 'action' };
const needsParameter = (button: Button): boolean => (button.type === 'URL' ? button.url.endsWith('{{1}}') : button.type === 'COPY_CODE' || button.type === 'OTP');
/** A quick reply without a payload answers with its own text; a flow without parameters opens as it was made. */
const takesParameter = (button: Button): boolean => needsParameter(button) || !['URL', 'PHONE_NUMBER', 'VOICE_CALL'].includes(button.type);
