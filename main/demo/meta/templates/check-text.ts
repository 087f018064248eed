/** What Meta refuses in the texts of a template (Graph API, "Template components"; WhatsApp Manager, "Common rejection reasons"). Lengths are UTF-16 code units. */
import type { GraphError } from '../graph-errors.ts';
import { placeholdersOf, withoutPlaceholders, type Body, type Footer, type Header } from './components.ts';
import { invalid, SUBCODE, type Template } from './template.ts';

const HEADER_MAX = 60;
const BODY_MAX = 1024;
const FOOTER_MAX = 60;

type Format = Template['parameterFormat'];
type NamedSamples = { param_name: string; example: string }[] | undefined;

export function checkTextHeader(header: Extract<Header, { format: 'TEXT' }>, format: Format, at: string): GraphError | null {
  const field = `${at}.text`;
  const { text, example } = header;
  const wrong = checkLength(text, HEADER_MAX, field) ?? checkPlaceholders(text, format, field, SUBCODE.header);
  if (wrong) return wrong;
  if (/[\n\r]/.test(text)) return invalid(field, 'a header cannot have line breaks', SUBCODE.header);
  if (/[*_~`]/.test(withoutPlaceholders(text))) return invalid(field, 'a header cannot have formatting characters', SUBCODE.header);
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text)) return invalid(field, 'a header cannot have emojis', SUBCODE.header);
  const names = placeholdersOf(text);
  if (names.length > 1) return invalid(field, 'a header can have one variable at most', SUBCODE.header);
  return format === 'NAMED'
    ? checkNamedSamples(names, example?.header_text_named_params, `${at}.example.header_text_named_params`)
    : checkSamples(names, example?.header_text, `${at}.example.header_text`);
}

export function checkBody({ text, example }: Body, format: Format, at: string): GraphError | null {
  const field = `${at}.text`;
  if (text === undefined) return invalid(field, 'is missing', SUBCODE.partIsMissing);
  const wrong = checkLength(text, BODY_MAX, field) ?? checkPlaceholders(text, format, field, SUBCODE.body);
  if (wrong) return wrong;
  const trimmed = text.trim();
  if (/^\{\{|\}\}$/.test(trimmed)) return invalid(field, 'a variable cannot be at the start or end', SUBCODE.variableAtEdge);
  if (/\}\}\s*\{\{/.test(text)) return invalid(field, 'variables cannot stand side by side', SUBCODE.body);
  const names = placeholdersOf(text);
  const words = withoutPlaceholders(text)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  if (names.length > 0 && words < 2 * names.length + 1)
    return invalid(field, `${names.length} variables are too many for ${words} words: shorten the list of variables or write more`, SUBCODE.tooManyVariables);
  if (format === 'NAMED') return checkNamedSamples(names, example?.body_text_named_params, `${at}.example.body_text_named_params`);
  const rows = example?.body_text;
  if (names.length > 0 && rows?.length !== 1) return invalid(`${at}.example.body_text`, 'must hold one array with a sample for each variable', SUBCODE.partIsMissing);
  return checkSamples(names, rows?.[0], `${at}.example.body_text[0]`);
}

export function checkFooter({ text, code_expiration_minutes: expiration }: Footer, at: string): GraphError | null {
  const field = `${at}.text`;
  if (expiration !== undefined) return invalid(`${at}.code_expiration_minutes`, 'is for AUTHENTICATION templates only', SUBCODE.footer);
  if (text === undefined) return invalid(field, 'is missing', SUBCODE.partIsMissing);
  const wrong = checkLength(text, FOOTER_MAX, field);
  if (wrong) return wrong;
  return /\{\{|\}\}/.test(text) ? invalid(field, 'a footer cannot have variables', SUBCODE.footer) : null;
}

function checkLength(text: string, max: number, field: string): GraphError | null {
  if (text.trim() === '') return invalid(field, 'is empty', SUBCODE.partIsMissing);
  return text.length > max ? invalid(field, `has ${text.length} characters, ${max} are allowed`, SUBCODE.tooLong) : null;
}

function checkPlaceholders(text: string, format: Format, field: string, subcode: number): GraphError | null {
  const rest = withoutPlaceholders(text);
  if (/\{\{|\}\}/.test(rest) || !isBalanced(rest)) return invalid(field, 'curly braces do not match', subcode);
  const names = placeholdersOf(text);
  const special = names.find((name) => /[#$%]/.test(name));
  if (special !== undefined) return invalid(field, `{{${special}}}: a variable cannot hold #, $ or %`, subcode);
  if (format === 'NAMED') {
    const wrong = names.find((name) => !/^[a-z0-9_]+$/.test(name));
    return wrong === undefined ? null : invalid(field, `{{${wrong}}}: names are lower-case letters, digits and underscores`, subcode);
  }
  const wrong = names.find((name) => !/^[1-9]\d*$/.test(name));
  if (wrong !== undefined) return invalid(field, `{{${wrong}}}: variables are {{1}}, {{2}} and so on`, subcode);
  const missing = names.map((_, index) => String(index + 1)).find((number) => !names.includes(number));
  return missing === undefined ? null : invalid(field, `variables are numbered without gaps: {{${missing}}} is missing`, subcode);
}

function isBalanced(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '{') open += 1;
    if (character === '}') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}

function checkSamples(names: readonly string[], samples: readonly string[] | undefined, field: string): GraphError | null {
  if (names.length === 0) return null;
  if (samples?.length !== names.length) return invalid(field, `needs ${names.length} samples, has ${samples?.length ?? 0}`, SUBCODE.partIsMissing);
  return samples.some((sample) => sample.trim() === '') ? invalid(field, 'a sample is empty', SUBCODE.partIsMissing) : null;
}

function checkNamedSamples(names: readonly string[], samples: NamedSamples, field: string): GraphError | null {
  const given = samples ?? [];
  const missing = names.find((name) => given.filter((sample) => sample.param_name === name && sample.example.trim() !== '').length !== 1);
  if (missing !== undefined) return invalid(field, `needs one sample of ${missing}`, SUBCODE.partIsMissing);
  const unknown = names.length === 0 ? undefined : given.find((sample) => !names.includes(sample.param_name));
  return unknown ? invalid(field, `there is no variable ${unknown.param_name}`, SUBCODE.partIsMissing) : null;
}
