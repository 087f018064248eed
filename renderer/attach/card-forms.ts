/**
 * What is filled in for a card (location, contacts, interactive messages), and the message it becomes. Invariant: what is
 * given out here passes Meta's rules (`contract/whatsapp/send-message.ts`); what does not says what is missing.
 */
import type { ComposedContent } from '../../contract/api.ts';
import { INTERACTIVE_MAX as MAX } from '../../contract/limits.ts';
import { readDegrees } from './parse-location.ts';

export type CardForms = {
  location: { source: string; latitude: string; longitude: string; name: string; address: string };
  /** `onWhatsApp`: one of the phones, with what WhatsApp calls it. */
  contacts: { name: string; organization: string; phones: string[]; email: string; onWhatsApp: { phone: string; waId: string } | null }[];
  buttons: { header: string; body: string; footer: string; buttons: string[] };
  list: { header: string; body: string; footer: string; button: string; sections: { title: string; rows: { title: string; detail: string }[] }[] };
  link: { header: string; body: string; footer: string; button: string; url: string };
  askLocation: { body: string };
};
export type CardKind = keyof CardForms;
/** What stands in the way: something to fill in, a text above its limit, or two options with one name. */
export type CardProblem = 'location' | 'contacts' | 'body' | 'button' | 'opens' | 'row' | 'sectionTitle' | 'url' | 'tooLong' | 'same' | 'rowsFull';
export type CardCheck = { status: 'ready'; content: ComposedContent } | { status: 'incomplete'; problem: CardProblem };

export const NO_CONTACT: CardForms['contacts'][number] = { name: '', organization: '', phones: [''], email: '', onWhatsApp: null };
export const NO_SECTION: CardForms['list']['sections'][number] = { title: '', rows: [{ title: '', detail: '' }] };

const ready = (content: ComposedContent): CardCheck => ({ status: 'ready', content });
const lacks = (problem: CardProblem): CardCheck => ({ status: 'incomplete', problem });
const orNull = (text: string): string | null => text.trim() || null;
const isBlank = (text: string): boolean => text.trim() === '';
const hasDoubles = (texts: readonly string[]): boolean => new Set(texts.map((text) => text.trim())).size < texts.length;

const CHECKS: { [K in CardKind]: (form: CardForms[K]) => CardCheck } = {
  location: ({ latitude, longitude, name, address }) => {
    const point = { latitude: readDegrees(latitude, 90), longitude: readDegrees(longitude, 180) };
    if (point.latitude === null || point.longitude === null) return lacks('location');
    return ready({ kind: 'location', latitude: point.latitude, longitude: point.longitude, name: orNull(name), address: orNull(address) });
  },

  contacts: (contacts) => {
    const isWhole = contacts.every(({ name, phones, email }) => !isBlank(name) && (phones.some((phone) => !isBlank(phone)) || !isBlank(email)));
    if (contacts.length === 0 || !isWhole) return lacks('contacts');
    return ready({
      kind: 'contacts',
      contacts: contacts.map(({ name, organization, phones, email, onWhatsApp }) => ({
        name: name.trim(),
        organization: orNull(organization),
        phones: phones.filter((phone) => !isBlank(phone)).map((phone) => ({ phone: phone.trim(), type: null, waId: onWhatsApp?.phone === phone.trim() ? onWhatsApp.waId : null })),
        emails: isBlank(email) ? [] : [{ email: email.trim(), type: null }],
        urls: [],
        addresses: [],
        birthday: null,
      })),
    });
  },

  buttons: ({ header, body, footer, buttons }) => {
    const titles = buttons.filter((title) => !isBlank(title)).map((title) => title.trim());
    if (isBlank(body)) return lacks('body');
    if (titles.length === 0) return lacks('button');
    if (hasDoubles(titles)) return lacks('same');
    if (isTooLong([body, MAX.body], [header, MAX.header], [footer, MAX.footer], ...titles.map((title): Limited => [title, MAX.button]))) return lacks('tooLong');
    return ready({
      kind: 'interactive',
      interactive: { type: 'button', body: body.trim(), header: orNull(header), footer: orNull(footer), buttons: titles.map((title, index) => ({ id: `boton_${index + 1}`, title })) },
    });
  },

  list: ({ header, body, footer, button, sections }) => {
    const filled = sections.map(({ title, rows }) => ({ title: orNull(title), rows: rows.filter((row) => !isBlank(row.title)) })).filter(({ title, rows }) => title !== null || rows.length > 0);
    const rows = filled.flatMap((section) => section.rows);
    if (isBlank(body)) return lacks('body');
    if (isBlank(button)) return lacks('opens');
    if (rows.length === 0 || filled.some((section) => section.rows.length === 0)) return lacks('row');
    if (rows.length > MAX.rows) return lacks('rowsFull');
    if (filled.length > 1 && filled.some(({ title }) => title === null)) return lacks('sectionTitle');
    if (hasDoubles(rows.map(({ title }) => title))) return lacks('same');
    const texts: Limited[] = [
      [header, MAX.header],
      [body, MAX.listBody],
      [footer, MAX.footer],
      [button, MAX.button],
      ...filled.map(({ title }): Limited => [title ?? '', MAX.sectionTitle]),
      ...rows.flatMap(({ title, detail }): Limited[] => [
        [title, MAX.rowTitle],
        [detail, MAX.rowDescription],
      ]),
    ];
    if (isTooLong(...texts)) return lacks('tooLong');
    let count = 0;
    return ready({
      kind: 'interactive',
      interactive: {
        type: 'list',
        body: body.trim(),
        header: orNull(header),
        footer: orNull(footer),
        button: button.trim(),
        sections: filled.map((section) => ({
          title: section.title,
          rows: section.rows.map(({ title, detail }) => ({ id: `opcion_${(count += 1)}`, title: title.trim(), description: orNull(detail) })),
        })),
      },
    });
  },

  link: ({ header, body, footer, button, url }) => {
    if (isBlank(body)) return lacks('body');
    if (isBlank(button)) return lacks('button');
    if (!isLink(url)) return lacks('url');
    if (isTooLong([body, MAX.body], [header, MAX.header], [footer, MAX.footer], [button, MAX.button], [asLink(url), MAX.url])) return lacks('tooLong');
    return ready({ kind: 'interactive', interactive: { type: 'cta_url', body: body.trim(), header: orNull(header), footer: orNull(footer), button: button.trim(), url: asLink(url) } });
  },

  askLocation: ({ body }) => {
    if (isBlank(body)) return lacks('body');
    return isTooLong([body, MAX.body]) ? lacks('tooLong') : ready({ kind: 'interactive', interactive: { type: 'location_request_message', body: body.trim() } });
  },
};

export const checkCard = <K extends CardKind>(kind: K, form: CardForms[K]): CardCheck => CHECKS[kind](form);

type Limited = readonly [text: string, max: number];
const isTooLong = (...texts: readonly Limited[]): boolean => texts.some(([text, max]) => text.trim().length > max);

/** Nobody writes the protocol of an address by hand. */
const asLink = (typed: string): string => (/^[a-z][a-z\d+.-]*:/i.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`);

export function isLink(typed: string): boolean {
  const url = URL.parse(asLink(typed));
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname.includes('.') && !/\s/.test(typed.trim());
}
