/** What WhatsApp would not take of a message, by the part of it that the engine names (`refused-content.ts`), in the words of its form. */
import type { RefusedContent } from '../../contract/refused-content.ts';
import type { Translate } from '../i18n/i18n.ts';

/** A path with `*` for its numbers, to the name of that part. The numbers count from 1. */
const NAMES: Readonly<Record<string, (t: Translate, numbers: readonly number[]) => string>> = {
  text: (t) => t('compose.interactive.body'),
  caption: (t) => t('compose.refused.caption'),
  filename: (t) => t('compose.refused.filename'),
  latitude: (t) => t('compose.location.latitude'),
  longitude: (t) => t('compose.location.longitude'),
  name: (t) => t('compose.location.name'),
  address: (t) => t('compose.location.address'),
  contacts: (t) => t('compose.refused.contacts'),
  'contacts.*.name': (t) => t('compose.contacts.name'),
  'contacts.*.organization': (t) => t('compose.contacts.organization'),
  'contacts.*.phones': (t) => t('compose.contacts.phone'),
  'contacts.*.phones.*.phone': (t) => t('compose.contacts.phone'),
  'contacts.*.emails': (t) => t('compose.contacts.email'),
  'contacts.*.emails.*.email': (t) => t('compose.contacts.email'),
  'interactive.header': (t) => t('compose.interactive.header'),
  'interactive.body': (t) => t('compose.interactive.body'),
  'interactive.footer': (t) => t('compose.interactive.footer'),
  'interactive.button': (t) => t('compose.refused.button'),
  'interactive.url': (t) => t('compose.interactive.url'),
  'interactive.buttons': (t) => t('compose.refused.buttons'),
  'interactive.buttons.*': (t, [button = 1]) => t('compose.interactive.button', { number: button }),
  'interactive.sections': (t) => t('compose.refused.rows'),
  'interactive.sections.*.title': (t, [section = 1]) => `${t('compose.interactive.section', { number: section })}, ${t('compose.interactive.sectionTitle')}`,
  'interactive.sections.*.rows': (t) => t('compose.refused.rows'),
  'interactive.sections.*.rows.*': (t, [section = 1, row = 1]) => `${t('compose.interactive.section', { number: section })}, ${t('compose.interactive.row', { number: row })}`,
  'interactive.sections.*.rows.*.description': (t, [section = 1, row = 1]) =>
    `${t('compose.interactive.section', { number: section })}, ${t('compose.interactive.row', { number: row })}, ${t('compose.interactive.rowDetail')}`,
};

/** The smallest part around it that has a name; what has none keeps the engine's. */
function nameOf(field: string, t: Translate): string {
  const steps = field.split('.');
  for (let length = steps.length; length > 0; length--) {
    const part = steps.slice(0, length);
    const key = part.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('.');
    const numbers = part.filter((step) => /^\d+$/.test(step)).map((step) => Number(step) + 1);
    if (Object.hasOwn(NAMES, key)) return NAMES[key]!(t, numbers);
  }
  return field;
}

export function refusalText({ field, reason, limit }: RefusedContent, t: Translate): string {
  const what = nameOf(field, t);
  switch (reason) {
    case 'missing':
      return t('compose.refused.missing', { what });
    case 'too_long':
      return limit === null ? t('compose.refused.tooMuch', { what }) : t('compose.refused.tooLong', { what, limit });
    case 'too_many':
      return limit === null ? t('compose.refused.tooMuch', { what }) : t('compose.refused.tooMany', { what, limit });
    case 'repeated':
      return t('compose.refused.repeated', { what });
    case 'invalid':
      return t('compose.refused.invalid', { what });
  }
}
