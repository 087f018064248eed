/**
 * From why Meta took no template to the field of the design that it is about. Paths in Meta's words come first, then its subcodes, then
 * single words of its text: the texts are localised and change, so what they say only chooses where the text is shown.
 * Source: Graph API, "Template management" (errors), and refusals that developers report.
 */
import type { TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import { toMetaTemplate } from '../../../contract/whatsapp/template-definition.ts';
import type { TemplateRefusal } from '../../../contract/work-entities.ts';
import type { GraphResult } from '../whatsapp/graph-call.ts';

type Refused = Extract<GraphResult<unknown>, { status: 'refused' }>;
type Place = 'name' | 'language' | 'category' | 'header' | 'body' | 'samples' | 'footer' | 'buttons';

/** Null: about the account, or the words must tell. */
const BY_SUBCODE = new Map<number, Place | null>([
  // The account holds as many templates as it may.
  [2388019, null],
  // The name, in this language, is being deleted, or was within 30 days.
  [2388023, 'name'],
  // There is content in this language already.
  [2388024, 'language'],
  [2388047, 'header'],
  [2388072, 'body'],
  [2388073, 'footer'],
  // Too many variables for the number of words; a variable at the beginning or the end.
  [2388293, 'body'],
  [2388299, 'body'],
]);

/** In this order: a text about a button's variable names the button. */
const BY_WORDS: readonly (readonly [RegExp, Place])[] = [
  [/\b(buttons?|bot[oó]n(es)?|url|phone number)\b/i, 'buttons'],
  [/\b(header|encabezado|header_handle)\b/i, 'header'],
  [/\b(footer|pie)\b/i, 'footer'],
  [/\b(examples?|samples?|ejemplos?|muestras?)\b/i, 'samples'],
  [/\b(body|cuerpo|variables?|placeholders?)\b/i, 'body'],
  [/\b(language|idioma)\b/i, 'language'],
  [/\b(category|categor[ií]a)\b/i, 'category'],
  [/\b(template name|nombre)\b|\bname\b/i, 'name'],
];
const BUTTON_PARTS: Record<string, string> = { text: 'text', url: 'url', phone_number: 'phone', example: 'sample', flow_id: 'flowId' };

/** @returns path in the design; null where the words do not tell. */
export function fieldOfRefusal({ error, words }: Pick<Refused, 'error' | 'words'>, design: TemplateDesign): string | null {
  const texts = [error.detail, words?.text, words?.title].flatMap((text) => (text ? [text] : []));
  for (const text of texts) {
    const named = readPath(text, design);
    if (named !== null) return named;
  }
  const subcode = words?.subcode ?? null;
  if (subcode !== null && BY_SUBCODE.has(subcode)) return toField(BY_SUBCODE.get(subcode) ?? null, design);
  for (const text of texts) {
    const place = BY_WORDS.find(([pattern]) => pattern.test(text))?.[1];
    if (place !== undefined) return toField(place, design);
  }
  return null;
}

/** `components[1].buttons[0].url`, `components[0]['example']`, or the name of a parameter at the beginning. */
function readPath(text: string, design: TemplateDesign): string | null {
  const component = /components\[['"]?(\d+)['"]?\]([\w.[\]'"]*)/.exec(text);
  if (component) return toComponentField(Number(component[1]), component[2] ?? '', design);
  const missing = /component of type (\w+)/i.exec(text)?.[1]?.toLowerCase();
  if (missing !== undefined) return toField(/example/i.test(text) && missing === 'body' ? 'samples' : (PLACES.find((place) => place === missing) ?? null), design);
  return /^(?:\(#\d+\) *)?(?:param )?(name|language|category)\b *[:\]'"]/i.exec(text)?.[1]?.toLowerCase() ?? null;
}
const PLACES: readonly Place[] = ['header', 'body', 'footer', 'buttons'];

function toComponentField(index: number, rest: string, design: TemplateDesign): string | null {
  const components = toMetaTemplate(design)['components'] as { type: string }[];
  const path = rest.split(/[.[\]'"]+/).filter((part) => part !== '');
  switch (components[index]?.type) {
    case 'HEADER':
      return path.includes('example') ? 'header.sample' : toField('header', design);
    case 'BODY':
      return toField(path.includes('example') ? 'samples' : 'body', design);
    case 'FOOTER':
      return 'footer';
    case 'BUTTONS': {
      const [number, part = ''] = path.slice(path.indexOf('buttons') + 1);
      if (!path.includes('buttons') || number === undefined || design.buttons[Number(number)] === undefined) return 'buttons';
      const own = BUTTON_PARTS[part];
      return own === undefined ? `buttons.${number}` : `buttons.${number}.${own}`;
    }
    default:
      return null;
  }
}

function toField(place: Place | null, { header, buttons }: TemplateDesign): string | null {
  if (place === 'header') return header === null ? null : header.format === 'TEXT' ? 'header.text' : header.format === 'LOCATION' ? 'header' : 'header.sample';
  if (place === 'buttons' && buttons.length === 0) return null;
  return place;
}

/** @param design null: nothing of a design was sent. */
export function toRefusal(refused: Refused, design: TemplateDesign | null): TemplateRefusal {
  const { error, words } = refused;
  return {
    field: design && fieldOfRefusal(refused, design),
    code: error.code,
    subcode: words?.subcode ?? null,
    title: words?.title ?? error.title,
    text: words?.text ?? error.detail ?? error.title,
  };
}
