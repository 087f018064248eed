/** Requests that a conversation may belong to: named in it, or of the person. Best first; what is linked already is left out. */
import { AppError } from '../../../contract/app-error.ts';
import { isEnded, type RequestRole } from '../../../contract/requests/request-rules.ts';
import { phoneTwin } from '../../../contract/rules/phone-variants.ts';
import type { StateTx } from '../../../contract/state.ts';
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import type { LinkSuggestion } from '../../../contract/work-entities.ts';
import { readContent } from '../conversations/views.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { RequestQueries, RequestView } from '../db/request-queries.ts';
import type { RequestViews } from './request-views.ts';

const LOOK_BACK = 200;
const SUGGESTED_MAX = 10;

/** A word that may be an id: it has a digit. */
const ID_WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}._/-]*[\p{L}\p{N}])?/gu;
/** A number that stands for itself, and is no part of a longer one, as of a phone. */
const NUMBER = /(?<![\p{L}\p{N}]|\d[\s.-])(?<mark>#|n[.ºo°]+\s?|solicitud\s+)?(?<number>\d{4,9})(?![\p{L}\p{N}]|[\s.-]\d)/giu;
const YEAR = /^20\d\d$/;

type Deps = { queries: RequestQueries; views: RequestViews; contacts: Pick<ContactQueries, 'findRoot' | 'listBelow' | 'listIdentifiersOf'>; state: Pick<StateTx, 'get'> };

export function createLinkSuggestions({ queries, views, contacts, state }: Deps) {
  return (conversationId: string): LinkSuggestion[] => {
    const contactId = state.get('conversation', [conversationId])?.contact_id;
    if (contactId === undefined) throw new AppError('NOT_FOUND', `no conversation ${conversationId}`);
    const people = contacts.listBelow(contacts.findRoot(contactId)).map(({ id }) => id);
    const isVendor = people.some((id) => state.get('contact', [id])?.is_vendor === 1);
    const linked = new Set(queries.listLinksIn(conversationId).map((link) => link.request_id));
    const found = new Map<string, LinkSuggestion>();

    const roleIn = ({ customer_id: customer, vendor_id: vendor }: RequestView): RequestRole =>
      customer !== null && people.includes(customer) ? 'customer' : (vendor !== null && people.includes(vendor)) || isVendor ? 'vendor' : 'customer';
    /** It is talked about with somebody else in this role: one click must not take that conversation away. */
    const isTaken = (requestId: string, role: RequestRole): boolean => {
      const link = state.get('request_link', [requestId, role]);
      const withWhom = link && state.get('conversation', [link.conversation_id])?.contact_id;
      return withWhom !== undefined && !people.includes(withWhom);
    };
    const suggest = (row: RequestView, reason: LinkSuggestion['reason'], role: RequestRole, messageId: string | null): void => {
      if (!linked.has(row.id) && !found.has(row.id) && !isTaken(row.id, role)) found.set(row.id, { request: views.summary(row), role, reason, messageId });
    };

    const { externalIds, numbers } = readNames(queries.listRecentTexts(conversationId, contactId, LOOK_BACK));
    for (const row of queries.listNamed([...externalIds.keys()], [...numbers.keys()])) {
      const messageId = externalIds.get(row.external_id ?? '') ?? numbers.get(row.number ?? 0) ?? null;
      suggest(row, 'id_in_text', roleIn(row), messageId);
    }
    for (const row of queries.listOfPeople(people, SUGGESTED_MAX)) {
      if (!isEnded(row.status)) suggest(row, roleIn(row) === 'customer' ? 'is_customer' : 'is_vendor', roleIn(row), null);
    }
    const phones = contacts.listIdentifiersOf(people).flatMap(({ kind, value }) => (kind === 'wa_id' || kind === 'phone' ? [value, phoneTwin(value) ?? value] : []));
    for (const row of queries.listByPhone([...new Set(phones.flatMap((digits) => [`+${digits}`, digits]))])) suggest(row, 'phone', 'customer', null);
    return [...found.values()].slice(0, SUGGESTED_MAX);
  };
}

/** Words that may name a request, with the newest message that has each. @param texts newest first. */
function readNames(texts: readonly { id: string; content: string }[]): { externalIds: Map<string, string>; numbers: Map<number, string> } {
  const externalIds = new Map<string, string>();
  const numbers = new Map<number, string>();
  for (const { id, content } of texts) {
    const text = wordsOf(readContent(content)) ?? '';
    for (const [word] of text.matchAll(ID_WORD)) {
      if (!/\d/.test(word) || word.length > 128) continue;
      for (const spelling of [word, word.toUpperCase(), word.toLowerCase()]) if (!externalIds.has(spelling)) externalIds.set(spelling, id);
    }
    for (const { groups } of text.matchAll(NUMBER)) {
      const number = Number(groups?.['number']);
      // A year is no request, unless it is said to be one.
      if ((!YEAR.test(String(number)) || groups?.['mark'] !== undefined) && !numbers.has(number)) numbers.set(number, id);
    }
  }
  return { externalIds, numbers };
}
