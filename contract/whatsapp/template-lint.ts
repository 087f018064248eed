/**
 * What Meta would refuse in a template, known before it is submitted. Invariant: a design without an error here is accepted by the
 * form checks of `POST /{WABA}/message_templates`; what people or models at Meta decide afterwards (the category, the wording) is
 * foreseen as far as words tell. Sources: Graph API, "Template components", "Template review" (common reasons for rejection), and
 * the refusals that developers report. Every text is looked at in time that grows with its length only, and no further than
 * `LOOKED_AT`: what is longer is refused for its length.
 */
import { TEMPLATE_MAX } from '../limits.ts';
import { findPlaceholders, templateKey, TEMPLATE_CATEGORIES, type Placeholder, type TemplateButton, type TemplateDesign } from './template-definition.ts';
import { TEMPLATE_LANGUAGES } from './template-languages.ts';
import { findPromotion, findSecretRequests, guessLanguage } from './template-wording.ts';

export const TEMPLATE_RULES = [
  'name_missing',
  'name_characters',
  'name_long',
  'name_taken',
  'category_unknown',
  'category_authentication',
  'language_unknown',
  'language_mismatch',
  'header_missing',
  'header_long',
  'header_variables',
  'header_line_break',
  'header_emoji',
  'header_formatting',
  'header_media_sample',
  'body_missing',
  'body_long',
  'footer_blank',
  'footer_long',
  'footer_variable',
  'footer_line_break',
  'variable_first',
  'variable_last',
  'variables_adjacent',
  'variables_dense',
  'variables_order',
  'variable_name',
  'variable_braces',
  'variable_sample',
  'spacing',
  'invisible_characters',
  'decorated_characters',
  'promotional',
  'asks_for_secrets',
  'same_text',
  'buttons_total',
  'buttons_of_kind',
  'buttons_order',
  'buttons_desktop',
  'button_unsupported',
  'button_label_missing',
  'button_label_long',
  'button_label_plain',
  'button_label_twice',
  'url_missing',
  'url_invalid',
  'url_long',
  'url_variable',
  'url_sample',
  'url_hidden',
  'phone_missing',
  'phone_invalid',
  'copy_code_missing',
  'copy_code_long',
  'flow_missing',
] as const;
export type TemplateRule = (typeof TEMPLATE_RULES)[number];

/**
 * `field`: path in the design (`name`, `header.text`, `header.sample`, `body`, `footer`, `buttons`, `buttons.0.url`, `samples.2`).
 * `range`: within the text of that field (UTF-16 offsets), null where it is about all of it. `facts`: what its words tell (`max`,
 * `count`, `name`, `text`). An error is what Meta refuses; a warning is told and can be submitted.
 */
export type TemplateIssue = { rule: TemplateRule; severity: 'error' | 'warning'; field: string; range: [number, number] | null; facts: Readonly<Record<string, string | number>> };

const WARNINGS: ReadonlySet<TemplateRule> = new Set(['buttons_desktop', 'url_hidden']);
/** UTF-16 units; more than any limit of a text. */
const LOOKED_AT = 4096;

type Report = (rule: TemplateRule, field: string, range?: [number, number] | null, facts?: TemplateIssue['facts']) => void;

/** `others`: the templates of the account, without the one that is edited. */
export function lintTemplate(design: TemplateDesign, others: readonly TemplateDesign[]): TemplateIssue[] {
  const issues: TemplateIssue[] = [];
  const report: Report = (rule, field, range = null, facts = {}) => {
    issues.push({ rule, severity: WARNINGS.has(rule) ? 'warning' : 'error', field, range, facts });
  };
  lintIdentity(design, others, report);
  lintHeader(design, report);
  lintBody(design, report);
  lintFooter(design, report);
  lintButtons(design.buttons, report);
  lintWording(design, report);
  const text = textOf(design);
  const twin = others.find((other) => design.body.trim() !== '' && textOf(other) === text);
  if (twin && design.category !== 'AUTHENTICATION') report('same_text', 'body', null, { name: twin.name });
  return issues;
}

export const canSubmitTemplate = (issues: readonly TemplateIssue[]): boolean => issues.every(({ severity }) => severity !== 'error');

const textOf = ({ body, footer }: TemplateDesign): string => JSON.stringify([body, footer ?? ''].map((text) => text.trim()));

function lintIdentity({ name, language, category }: TemplateDesign, others: readonly TemplateDesign[], report: Report): void {
  if (name === '') report('name_missing', 'name');
  const strange = /[^a-z0-9_]+/u.exec(name);
  if (strange) report('name_characters', 'name', [strange.index, strange.index + strange[0].length]);
  if (name.length > TEMPLATE_MAX.name) report('name_long', 'name', [TEMPLATE_MAX.name, name.length], { max: TEMPLATE_MAX.name });
  if (others.some((other) => templateKey(other) === templateKey({ name, language }))) report('name_taken', 'name', null, { name });
  if (!TEMPLATE_LANGUAGES.includes(language)) report('language_unknown', 'language', null, { language });
  if (!TEMPLATE_CATEGORIES.some((known) => known === category)) report('category_unknown', 'category', null, { category });
  else if (category === 'AUTHENTICATION') report('category_authentication', 'category');
}

function lintHeader({ header, parameterFormat }: TemplateDesign, report: Report): void {
  if (header === null || header.format === 'LOCATION') return;
  if (header.format !== 'TEXT') {
    if (isBlank(header.sample)) report('header_media_sample', 'header.sample', null, { format: header.format });
    return;
  }
  const field = 'header.text';
  const text = header.text.slice(0, LOOKED_AT);
  if (isBlank(header.text)) return report('header_missing', field);
  if (header.text.length > TEMPLATE_MAX.header) report('header_long', field, [TEMPLATE_MAX.header, header.text.length], { max: TEMPLATE_MAX.header });
  const placeholders = lintVariables(text, field, parameterFormat, report);
  if (placeholders.length > TEMPLATE_MAX.headerVariables) report('header_variables', field, [placeholders[1]?.start ?? 0, text.length], { max: TEMPLATE_MAX.headerVariables });
  if (placeholders.length > 0 && isBlank(header.sample)) report('variable_sample', 'header.sample', null, { name: placeholders[0]?.name ?? '' });
  const plain = maskPlaceholders(text, placeholders);
  reportFirst(report, 'header_line_break', field, plain, LINE_BREAK);
  reportFirst(report, 'header_emoji', field, plain, EMOJI);
  reportFirst(report, 'header_formatting', field, plain, FORMATTING);
  lintCharacters(plain, field, report);
}

function lintBody({ body, samples, parameterFormat }: TemplateDesign, report: Report): void {
  if (isBlank(body)) return report('body_missing', 'body');
  if (body.length > TEMPLATE_MAX.body) report('body_long', 'body', [TEMPLATE_MAX.body, body.length], { max: TEMPLATE_MAX.body });
  const text = body.slice(0, LOOKED_AT);
  const placeholders = lintVariables(text, 'body', parameterFormat, report);
  const names = [...new Set(placeholders.map(({ name }) => name))];
  // The numbers begin at 1, none is left out, and each is introduced after the one before it.
  if (parameterFormat === 'POSITIONAL') {
    const wrong = names.findIndex((name, index) => /^\d+$/.test(name) && name !== String(index + 1));
    const place = placeholders.find(({ name }) => name === names[wrong]);
    if (place) report('variables_order', 'body', [place.start, place.end], { name: place.name, expected: wrong + 1 });
  }
  for (const name of names) if (!Object.hasOwn(samples, name) || isBlank(samples[name] ?? null)) report('variable_sample', `samples.${name}`, null, { name });
  const plain = maskPlaceholders(text, placeholders);
  const words = plain.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const wanted = 2 * placeholders.length + 1;
  if (placeholders.length > 0 && words < wanted) report('variables_dense', 'body', null, { count: placeholders.length, words, wanted });
  lintCharacters(plain, 'body', report);
}

function lintFooter({ footer }: TemplateDesign, report: Report): void {
  if (footer === null || footer === '') return;
  if (isBlank(footer)) return report('footer_blank', 'footer');
  if (footer.length > TEMPLATE_MAX.footer) report('footer_long', 'footer', [TEMPLATE_MAX.footer, footer.length], { max: TEMPLATE_MAX.footer });
  const text = footer.slice(0, LOOKED_AT);
  reportFirst(report, 'footer_variable', 'footer', text, /[{}]+/u);
  reportFirst(report, 'footer_line_break', 'footer', text, LINE_BREAK);
  lintCharacters(text, 'footer', report);
}

/** The placeholders of a text, after what can be wrong with each and between them. */
function lintVariables(text: string, field: string, format: TemplateDesign['parameterFormat'], report: Report): Placeholder[] {
  const placeholders = findPlaceholders(text);
  const plain = maskPlaceholders(text, placeholders);
  reportFirst(report, 'variable_braces', field, plain, /[{}]+/u);
  const isNamed = format === 'NAMED';
  for (const { start, end } of placeholders) {
    // Blanks inside the braces count as part of the name.
    const written = text.slice(start + 2, end - 2);
    if (!(isNamed ? /^[a-z0-9_]+$/ : /^[1-9]\d{0,2}$/).test(written)) report('variable_name', field, [start, end], { name: written, format });
  }
  const [first] = placeholders;
  const last = placeholders.at(-1);
  // Marks that only format do not stand between the variable and the edge. Of headers it is said of none that it was refused for this.
  if (first && field === 'body' && /^[\s*_~`]*$/u.test(text.slice(0, first.start))) report('variable_first', field, [first.start, first.end], { name: first.name });
  if (last && field === 'body' && /^[\s*_~`]*$/u.test(text.slice(last.end))) report('variable_last', field, [last.start, last.end], { name: last.name });
  for (const [index, { start, end, name: next }] of placeholders.entries()) {
    const before = placeholders[index - 1];
    if (before && /^[\s*_~`]*$/u.test(text.slice(before.end, start))) report('variables_adjacent', field, [before.start, end], { name: before.name, next });
  }
  return placeholders;
}

/** What no text of a template may hold. The line breaks of headers, footers and labels have rules of their own. */
function lintCharacters(plain: string, field: string, report: Report): void {
  reportFirst(report, 'spacing', field, plain, / {5,}|\t|\n{3,}/u);
  reportFirst(report, 'invisible_characters', field, plain, INVISIBLE);
  reportFirst(report, 'decorated_characters', field, plain, DECORATED);
}

function lintButtons(buttons: readonly TemplateButton[], report: Report): void {
  if (buttons.length > TEMPLATE_MAX.buttons) report('buttons_total', 'buttons', null, { max: TEMPLATE_MAX.buttons, count: buttons.length });
  const judged = buttons.slice(0, 2 * TEMPLATE_MAX.buttons);
  const counts = new Map<string, number>();
  const labels = new Set<string>();
  for (const [index, button] of judged.entries()) {
    const kind = kindOf(button);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const max = Object.hasOwn(TEMPLATE_MAX.buttonsOf, kind) ? TEMPLATE_MAX.buttonsOf[kind as keyof typeof TEMPLATE_MAX.buttonsOf] : TEMPLATE_MAX.buttons;
    // All quick replies together are within the total.
    if (count === max + 1 && max < TEMPLATE_MAX.buttons) report('buttons_of_kind', `buttons.${index}`, null, { kind, max });
    lintLabel(button, `buttons.${index}.text`, labels, report);
    lintTarget(button, `buttons.${index}`, report);
  }
  // Together, before or after all others: between the two kinds there is one border at most.
  const borders = judged.flatMap((button, index) => (index > 0 && isQuick(button) !== isQuick(judged[index - 1] ?? button) ? [index] : []));
  if (borders.length > 1) report('buttons_order', `buttons.${borders[1]}`);
  // Computers do not show them; phones do.
  if (buttons.length >= 4 || (judged.some(isQuick) && !judged.every(isQuick))) report('buttons_desktop', 'buttons');
}

const kindOf = (button: TemplateButton): string => (button.type === 'OTHER' ? button.metaType.toUpperCase() : button.type);
const isQuick = (button: TemplateButton): boolean => button.type === 'QUICK_REPLY';

function lintLabel(button: TemplateButton, field: string, seen: Set<string>, report: Report): void {
  // WhatsApp itself labels a button that copies a code.
  if (button.type === 'COPY_CODE') return;
  const label = button.text.trim();
  if (label === '') return report('button_label_missing', field);
  if (button.text.length > TEMPLATE_MAX.button) report('button_label_long', field, [TEMPLATE_MAX.button, button.text.length], { max: TEMPLATE_MAX.button });
  const text = button.text.slice(0, LOOKED_AT);
  reportFirst(report, 'button_label_plain', field, text, PLAIN_LABEL);
  lintCharacters(text, field, report);
  const folded = label.toLowerCase();
  if (seen.has(folded)) report('button_label_twice', field, null, { text: label.slice(0, TEMPLATE_MAX.button) });
  seen.add(folded);
}

function lintTarget(button: TemplateButton, field: string, report: Report): void {
  switch (button.type) {
    case 'QUICK_REPLY':
      return;
    case 'URL':
      return lintUrl(button, field, report);
    case 'PHONE_NUMBER':
      if (isBlank(button.phone)) report('phone_missing', `${field}.phone`);
      else if (button.phone.length > TEMPLATE_MAX.phone || !/^\+?[1-9]\d{6,14}$/.test(button.phone)) report('phone_invalid', `${field}.phone`);
      return;
    case 'COPY_CODE': {
      const code = button.sample ?? '';
      if (isBlank(code)) report('copy_code_missing', `${field}.sample`);
      else if (code.length > TEMPLATE_MAX.copyCode) report('copy_code_long', `${field}.sample`, [TEMPLATE_MAX.copyCode, code.length], { max: TEMPLATE_MAX.copyCode });
      return;
    }
    case 'FLOW':
      if (isBlank(button.flowId)) report('flow_missing', `${field}.flowId`);
      return;
    case 'OTHER':
      return report('button_unsupported', field, null, { kind: button.metaType });
  }
}

function lintUrl(button: Extract<TemplateButton, { type: 'URL' }>, at: string, report: Report): void {
  const field = `${at}.url`;
  if (isBlank(button.url)) return report('url_missing', field);
  if (button.url.length > TEMPLATE_MAX.url) report('url_long', field, [TEMPLATE_MAX.url, button.url.length], { max: TEMPLATE_MAX.url });
  const url = button.url.slice(0, LOOKED_AT);
  const placeholders = findPlaceholders(url);
  const [first] = placeholders;
  const base = url.slice(0, first?.start ?? url.length);
  const host = /^https?:\/\/([^\s/?#@{}]+)/iu.exec(base)?.[1] ?? '';
  if (!URL.canParse(base) || !host.includes('.') || /[\s{}]/u.test(base)) report('url_invalid', field);
  if (first) {
    const written = url.slice(first.start + 2, first.end - 2);
    // A variable right after the host would change whose address it is.
    const isAtEnd = placeholders.length === 1 && first.end === button.url.length && base.length > base.indexOf(host) + host.length;
    // Also where the other variables have names.
    if (written !== '1' || !isAtEnd) report('url_variable', field, [first.start, Math.max(first.end, placeholders.at(-1)?.end ?? 0)]);
    if (isBlank(button.sample)) report('url_sample', `${at}.sample`);
  }
  if (SHORTENERS.has(host.toLowerCase())) report('url_hidden', field, null, { host });
}

function lintWording(design: TemplateDesign, report: Report): void {
  const [own] = design.language.split('_');
  const written = guessLanguage([design.header?.format === 'TEXT' ? design.header.text : '', design.body.slice(0, LOOKED_AT), design.footer ?? ''].join('\n').slice(0, 2 * LOOKED_AT));
  if (written !== null && (own === 'es' || own === 'en') && written !== own) report('language_mismatch', 'language', null, { language: written });
  const texts = [
    ...(design.header?.format === 'TEXT' ? [{ field: 'header.text', text: design.header.text }] : []),
    { field: 'body', text: design.body },
    ...(design.footer === null ? [] : [{ field: 'footer', text: design.footer }]),
    ...design.buttons.slice(0, TEMPLATE_MAX.buttons).map(({ text }, index) => ({ field: `buttons.${index}.text`, text })),
  ];
  for (const { field, text } of texts) {
    const looked = text.slice(0, LOOKED_AT);
    const plain = maskPlaceholders(looked, findPlaceholders(looked));
    if (design.category === 'UTILITY') for (const { start, end } of findPromotion(plain)) report('promotional', field, [start, end], { text: text.slice(start, end) });
    for (const { start, end } of findSecretRequests(plain)) report('asks_for_secrets', field, [start, end], { text: text.slice(start, end) });
  }
}

const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]+/u;
// © ® and ™ count as emoji, too, which Unicode calls them.
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f|\u20e3/u;
const FORMATTING = /[*_~`]+/u;
/** Labels of buttons: no variable, line break, emoji or formatting. */
const PLAIN_LABEL = new RegExp(`[{}*_~\`]+|${LINE_BREAK.source}|${EMOJI.source}`, 'u');
/** Control characters, zero-width and direction marks, private use and broken halves of characters. Joiners of emoji and of Persian are none. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffd]|\p{Cs}|\p{Co}/u;
/** Letters that imitate bold or italics (mathematical, circled, full width), and runs of one sign. */
const DECORATED = /[\u24b6-\u24e9\uff21-\uff3a\uff41-\uff5a]|[\u{1d400}-\u{1d7ff}]|([!?¡¿$%&#*=+~_★☆•^])\1{2,}/u;
/** They hide where a link leads; links into WhatsApp do not work in a button. */
const SHORTENERS: ReadonlySet<string> = new Set(['bit.ly', 'goo.gl', 'is.gd', 'ow.ly', 't.co', 't.ly', 'tinyurl.com', 'cutt.ly', 'rb.gy', 'wa.me', 'api.whatsapp.com']);

const isBlank = (text: string | null): boolean => text === null || text.trim() === '';

/** The same length, with a sign that is neither word nor blank where the variables stand. */
function maskPlaceholders(text: string, placeholders: readonly Placeholder[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of placeholders) {
    parts.push(text.slice(at, start), '·'.repeat(end - start));
    at = end;
  }
  return [...parts, text.slice(at)].join('');
}

function reportFirst(report: Report, rule: TemplateRule, field: string, text: string, pattern: RegExp): void {
  const found = pattern.exec(text);
  if (found) report(rule, field, [found.index, found.index + found[0].length]);
}
