/** Judges a template that is created or edited, as Meta does before it takes it into review. */
import { z } from 'zod';
import type { GraphError } from '../graph-errors.ts';
import { checkButtons } from './check-buttons.ts';
import { checkBody, checkFooter, checkTextHeader } from './check-text.ts';
import { bodyOf, componentsSchema, type Component, type Header } from './components.ts';
import { TEMPLATE_LANGUAGES } from './languages.ts';
import { CATEGORIES, invalid, SUBCODE, type Template } from './template.ts';

export type Draft = Pick<Template, 'name' | 'language' | 'category' | 'parameterFormat' | 'components'>;
export type DraftCheck = { status: 'ok'; draft: Draft } | { status: 'refused'; error: GraphError };
/** The kind of file behind a handle of the Resumable Upload API; null: there is none. */
export type KindOfHandle = (handle: string) => 'image' | 'video' | 'document' | null;

const nameSchema = z
  .string()
  .max(512)
  .regex(/^[a-z0-9_]+$/, 'must be lower-case letters, digits and underscores');
const languageSchema = z.string().refine((code) => TEMPLATE_LANGUAGES.has(code), 'is not a language of templates');
const upperCased = z.string().toUpperCase();
const createSchema = z.object({
  name: nameSchema,
  language: languageSchema,
  category: upperCased.pipe(z.enum(CATEGORIES)),
  parameter_format: upperCased.pipe(z.enum(['POSITIONAL', 'NAMED'])).default('POSITIONAL'),
  components: z.preprocess(upperCaseKinds, componentsSchema),
});
const editSchema = createSchema
  .pick({ category: true, components: true })
  .extend({ parameter_format: upperCased.pipe(z.enum(['POSITIONAL', 'NAMED'])) })
  .partial();

/** @param body of `POST /{account}/message_templates`. */
export const checkNewTemplate = (body: unknown, kindOfHandle: KindOfHandle): DraftCheck => {
  const parsed = createSchema.safeParse(body, { reportInput: true });
  if (!parsed.success) return { status: 'refused', error: toRefusal(parsed.error) };
  const { parameter_format: parameterFormat, ...rest } = parsed.data;
  return judge({ ...rest, parameterFormat }, kindOfHandle);
};

/** @param body of `POST /{template}`: what it does not name stays. */
export const checkEditedTemplate = (template: Template, body: unknown, kindOfHandle: KindOfHandle): DraftCheck => {
  const parsed = editSchema.safeParse(body, { reportInput: true });
  if (!parsed.success) return { status: 'refused', error: toRefusal(parsed.error) };
  const { category, components, parameter_format: parameterFormat } = parsed.data;
  if (category === undefined && components === undefined) return { status: 'refused', error: invalid('components', 'is missing', SUBCODE.partIsMissing) };
  const { name, language } = template;
  const draft = { name, language, category: category ?? template.category, parameterFormat: parameterFormat ?? template.parameterFormat, components: components ?? template.components };
  return judge(draft, components === undefined ? null : kindOfHandle);
};

/** @param kindOfHandle null: the samples stay as they are and were judged when they came. */
function judge(draft: Draft, kindOfHandle: KindOfHandle | null): DraftCheck {
  const { components, category, parameterFormat } = draft;
  for (const type of ['HEADER', 'BODY', 'FOOTER', 'BUTTONS'] as const) {
    const second = components.filter((component) => component.type === type)[1];
    if (second) return { status: 'refused', error: invalid(`components[${components.indexOf(second)}]`, `there can be one ${type} only`) };
  }
  if (!bodyOf(components)) return { status: 'refused', error: invalid('components', 'the BODY is missing', SUBCODE.partIsMissing) };
  if (category === 'AUTHENTICATION') {
    const error = checkAuthentication(components);
    return error ? { status: 'refused', error } : { status: 'ok', draft };
  }
  for (const [index, component] of components.entries()) {
    const error = checkComponent(component, parameterFormat, `components[${index}]`, kindOfHandle);
    if (error) return { status: 'refused', error };
  }
  return { status: 'ok', draft };
}

function checkComponent(component: Component, format: Template['parameterFormat'], at: string, kindOfHandle: KindOfHandle | null): GraphError | null {
  switch (component.type) {
    case 'HEADER':
      if (component.format === 'TEXT') return checkTextHeader(component, format, at);
      return component.format === 'LOCATION' ? null : checkMediaHeader(component, at, kindOfHandle);
    case 'BODY':
      if (component.add_security_recommendation !== undefined) return invalid(`${at}.add_security_recommendation`, 'is for AUTHENTICATION templates only');
      return checkBody(component, format, at);
    case 'FOOTER':
      return checkFooter(component, at);
    case 'BUTTONS': {
      const otp = component.buttons.findIndex((button) => button.type === 'OTP');
      return otp >= 0 ? invalid(`${at}.buttons[${otp}]`, 'OTP buttons are for AUTHENTICATION templates only') : checkButtons(component.buttons, at);
    }
  }
}

type MediaHeader = Exclude<Header, { format: 'TEXT' | 'LOCATION' }>;
const KIND_OF_FORMAT = { IMAGE: 'image', VIDEO: 'video', GIF: 'video', DOCUMENT: 'document' } as const;

function checkMediaHeader({ format, example }: MediaHeader, at: string, kindOfHandle: KindOfHandle | null): GraphError | null {
  if (kindOfHandle === null) return null;
  const kind = kindOfHandle(example.header_handle[0]);
  const field = `${at}.example.header_handle`;
  if (kind === null) return invalid(field, 'is no handle of an upload', SUBCODE.header);
  return kind === KIND_OF_FORMAT[format] ? null : invalid(field, `the sample is a file of another kind than ${format}`, SUBCODE.header);
}

/** Meta writes the text of these itself; a code button is all that can be chosen. */
function checkAuthentication(components: readonly Component[]): GraphError | null {
  for (const [index, component] of components.entries()) {
    const at = `components[${index}]`;
    if (component.type === 'HEADER') return invalid(at, 'AUTHENTICATION templates have no header', SUBCODE.header);
    if (component.type === 'BODY' && component.text !== undefined) return invalid(`${at}.text`, 'the text of AUTHENTICATION templates is given by WhatsApp', SUBCODE.body);
    if (component.type === 'FOOTER' && component.text !== undefined) return invalid(`${at}.text`, 'the footer of AUTHENTICATION templates is given by WhatsApp', SUBCODE.footer);
  }
  const index = components.findIndex((component) => component.type === 'BUTTONS');
  const component = components[index];
  const buttons = component?.type === 'BUTTONS' ? component.buttons : [];
  if (buttons.length !== 1 || buttons[0]?.type !== 'OTP')
    return invalid(index < 0 ? 'components' : `components[${index}].buttons`, 'AUTHENTICATION templates need one OTP button', SUBCODE.partIsMissing);
  return checkButtons(buttons, `components[${index}]`);
}

/** Meta takes the kinds of components, headers and buttons in lower case as well. */
function upperCaseKinds(components: unknown): unknown {
  if (!Array.isArray(components)) return components;
  return components.map((component: unknown) => {
    const upper = withUpperCase(component, ['type', 'format']);
    if (typeof upper !== 'object' || upper === null || !('buttons' in upper) || !Array.isArray(upper.buttons)) return upper;
    return { ...upper, buttons: upper.buttons.map((button: unknown) => withUpperCase(button, ['type', 'otp_type'])) };
  });
}

function withUpperCase(object: unknown, keys: readonly string[]): unknown {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return object;
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, keys.includes(key) && typeof value === 'string' ? value.toUpperCase() : (value as unknown)]));
}

function toRefusal(error: z.ZodError): GraphError {
  const [issue] = error.issues;
  if (!issue) throw new Error('a failed check without an issue');
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '');
  const isMissing = issue.code !== 'custom' && issue.code !== 'unrecognized_keys' && issue.input === undefined;
  if (issue.code === 'unrecognized_keys') return invalid(field, 'is not known here');
  return isMissing ? invalid(field || 'body', 'is missing', SUBCODE.partIsMissing) : invalid(field || 'body', issue.message, issue.code === 'too_big' ? SUBCODE.tooLong : undefined);
}
