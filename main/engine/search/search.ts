/**
 * Answers what is typed to search. Everything that can be asked of the index is one FTS5 expression; what it does not know
 * (where a conversation stands) is looked up for what it finds. By date: newest first. By rank: the newest RANKED matches by
 * bm25 and age, then the next as many: so the answer costs the same however common a word is.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { ConversationSummary, SearchHit, Snippet } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { findWords, foldText } from '../../../contract/rules/fold-text.ts';
import { isEmptyQuery, parseSearchQuery, type SearchQuery, type SearchTerm } from '../../../contract/rules/search-query.ts';
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { createPhoneFormatter, readContent, viewAgent, viewContact } from '../conversations/views.ts';
import { DOCID_MAX, firstDocid, timeOfDocid, type ConversationFilter, type FoundDoc, type HitSource, type SearchQueries } from '../db/search-queries.ts';
import { agentMark, contactMark, HAS_MARK, MARK } from './marks.ts';
import { createPeopleSearch, matchTerm, type FoundPeople } from './people.ts';
import type { SearchIndex } from './search-index.ts';
import { makeSnippet, markDigits } from './snippets.ts';

const PEOPLE_MAX = 20;
/** People considered for one answer, before the most recent of them are chosen. */
const PEOPLE_LOOKED_AT = 300;
/** A narrower set of people than this is asked of the index; a wider one is looked up match by match. */
const SCOPE_MAX = 200;
/** Matches that are ranked together. */
const RANKED = 1_000;
/** Matches read at once, and at most in one answer where few of them pass. */
const READ_AT_ONCE = 200;
const READ_MAX = 5_000;
/** A letter says too little. */
const PREFIX_MIN = 2;
/** After so long a match counts half as much as one of today. */
const HALF_AGE_MS = 90 * 24 * 60 * 60 * 1000;

type Input = { text: string; conversationId?: string | undefined; sort: 'rank' | 'date'; limit: number; cursor?: string | undefined };
export type SearchAnswer = {
  people: (ConversationSummary & { snippet: Snippet })[];
  hits: SearchHit[];
  nextCursor: string | null;
  unknown: string[];
  isIndexing: boolean;
  total: number | null;
};

type Deps = {
  queries: SearchQueries;
  index: Pick<SearchIndex, 'finishLittle' | 'namesVersion'>;
  conversations: Pick<Conversations, 'find' | 'byIds'>;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
};

/** What is asked of the index, and what is not in it. `match` null: nothing can be found. */
type Plan = { match: string | null; from: number; to: number; filter: ConversationFilter | null; contactIds: ReadonlySet<string> | null; terms: SearchTerm[] };

/** Where an answer goes on: below a docid; by rank, among those below `top` behind this score, with ages as of the first page. */
const dateCursor = z.tuple([z.number().int()]);
const rankCursor = z.tuple([z.number().int(), z.number().nullable(), z.number().int(), z.number().int()]);

export type Search = ReturnType<typeof createSearch>;

export function createSearch({ queries, index, conversations, now, myId }: Deps) {
  const people = createPeopleSearch(queries, index.namesVersion);
  const toPhone = createPhoneFormatter();

  const findAgents = (value: string): string[] => (value === 'me' ? [myId()] : queries.listAgents().flatMap(({ id, name }) => (isCalled(name, value) ? [id] : [])));
  const findContacts = (value: string): string[] => (value === 'me' ? [] : people.findByValue(value, SCOPE_MAX));

  /** Null: nobody is called that. What an agent wrote, or what people wrote who are called so. */
  const matchFrom = (values: readonly string[]): string | null => {
    const agents = values.flatMap(findAgents).map((id) => `"${agentMark(id)}"`);
    const contacts = values.flatMap(findContacts);
    return anyOf([...agents, ...(contacts.length === 0 ? [] : [`("${MARK.in}" AND ${matchContacts(contacts)})`])]);
  };
  /** What was written to people who are called so. To an agent: what people wrote in conversations that are theirs. */
  const matchTo = (values: readonly string[]): { match: string | null; assigneeIds: string[] } => {
    const contacts = values.flatMap(findContacts);
    if (contacts.length > 0) return { match: `("${MARK.out}" AND ${matchContacts(contacts)})`, assigneeIds: [] };
    const assigneeIds = values.flatMap(findAgents);
    return { match: assigneeIds.length === 0 ? null : `"${MARK.in}"`, assigneeIds };
  };

  /** Null: no condition. */
  const readFilter = (query: SearchQuery, requestIds: readonly string[], assigneeIds: readonly string[]): ConversationFilter | 'nothing' | null => {
    const known = query.labels.length === 0 ? [] : queries.listLabels();
    const labelIds: string[] = [];
    for (const label of query.labels) {
      const found = known.find(({ name }) => foldText(name) === foldText(label)) ?? known.find(({ name }) => isCalled(name, label));
      if (!found) return 'nothing';
      labelIds.push(found.id);
    }
    if (query.statuses.length + labelIds.length + requestIds.length + assigneeIds.length === 0 && !query.isUnread) return null;
    return { statuses: query.statuses, labelIds, requestIds, isUnread: query.isUnread, assigneeIds };
  };

  const plan = (query: SearchQuery, contactId: string | null): Plan => {
    // What is no request with a conversation is looked for in what was written.
    const requests = query.requests.map((reference) => ({ reference, ids: queries.findLinkedRequests(reference) }));
    const unlinked = requests.filter(({ ids }) => ids.length === 0).map(({ reference }) => reference);
    const terms = [...query.terms, ...unlinked.map(toTerm).filter(({ text }) => text !== '')];
    const nothing: Plan = { match: null, from: 0, to: 0, filter: null, contactIds: null, terms };
    const parts = terms.map((term) => matchTerm({ ...term, isPrefix: term.isPrefix && term.text.length >= PREFIX_MIN }));
    for (const kind of query.has) parts.push(`"${HAS_MARK[kind]}"`);
    const from = query.from.length === 0 ? undefined : matchFrom(query.from);
    const to = query.to.length === 0 ? undefined : matchTo(query.to);
    const filter = readFilter(
      query,
      requests.flatMap(({ ids }) => ids),
      to?.assigneeIds ?? [],
    );
    if (from === null || to?.match === null || filter === 'nothing') return nothing;
    parts.push(...[from, to?.match].filter((part) => part !== undefined));
    const scope = contactId !== null ? [contactId] : filter === null ? null : queries.listContactsOf(filter, myId(), SCOPE_MAX + 1);
    if (scope?.length === 0) return nothing;
    const isNarrow = scope !== null && scope.length <= SCOPE_MAX;
    if (isNarrow) parts.push(matchContacts(scope));
    if (parts.length === 0) parts.push(`("${MARK.message}" OR "${MARK.note}")`);
    // One NOT for all of them: a bracket for each would be too many for FTS5's parser.
    const match = query.not.length === 0 ? parts.join(' AND ') : `(${parts.join(' AND ')}) NOT (${query.not.map(matchTerm).join(' OR ')})`;
    return {
      match,
      from: query.after === null ? 0 : firstDocid(query.after),
      to: query.before === null ? DOCID_MAX : firstDocid(query.before),
      filter,
      contactIds: isNarrow ? new Set(scope) : null,
      terms,
    };
  };

  /** Null: it is not shown any more, or is not what was asked for. */
  const findHit = (doc: FoundDoc, { filter, contactIds, terms }: Plan): SearchHit | null => {
    const row = queries.findHit(doc);
    if (!row || row.isGone === 1 || (contactIds && !contactIds.has(row.contactId))) return null;
    if (filter && !queries.isOfConversation(row.conversationId, filter, myId())) return null;
    return toHit(doc, row, terms);
  };
  const toHit = ({ kind }: FoundDoc, row: HitSource, terms: readonly SearchTerm[]): SearchHit => {
    const content = kind === 'note' ? null : readContent(row.text);
    const text = content === null ? row.text : (wordsOf(content) ?? '');
    return {
      kind,
      id: row.id,
      conversationId: row.conversationId,
      contact: viewContact(row, toPhone),
      direction: row.direction,
      author: row.actorId === null ? null : viewAgent(row.actorId, row.actorName, myId()),
      at: row.at,
      content,
      snippet: makeSnippet(text, terms),
    };
  };

  type Page = { hits: SearchHit[]; nextCursor: string | null };

  const listByDate = (asked: Plan & { match: string }, limit: number, cursor: string | undefined): Page => {
    const hits: SearchHit[] = [];
    let below = cursor === undefined ? asked.to : Math.min(asked.to, readCursor(dateCursor, cursor)[0]);
    // Mostly everything that is found is shown.
    let size = limit + 1;
    for (let read = 0; read < READ_MAX; read += READ_AT_ONCE) {
      const docs = queries.listNewest(asked.match, asked.from, below, size);
      for (const doc of docs) {
        if (hits.length === limit) return { hits, nextCursor: JSON.stringify([below]) };
        const hit = findHit(doc, asked);
        below = doc.docid;
        if (hit) hits.push(hit);
      }
      if (docs.length < size) return { hits, nextCursor: null };
      size = READ_AT_ONCE;
    }
    return { hits, nextCursor: JSON.stringify([below]) };
  };

  const listByRank = (asked: Plan & { match: string }, limit: number, cursor: string | undefined): Page => {
    const hits: SearchHit[] = [];
    const begun = cursor === undefined ? null : readCursor(rankCursor, cursor);
    const asOf = begun?.[3] ?? Math.floor(now());
    let [top, score, docid] = begun ?? [asked.to, null, 0];
    top = Math.min(asked.to, top);
    for (let read = 0; read < READ_MAX; read += RANKED) {
      const found = queries.listRanked(asked.match, asked.from, top, RANKED);
      const rated = found.map((doc) => ({ ...doc, score: doc.score * weightOfAge(asOf - timeOfDocid(doc.docid)) }));
      const last = { score, docid };
      const rest = rated.filter((doc) => last.score === null || doc.score > last.score || (doc.score === last.score && doc.docid < last.docid));
      for (const doc of rest.toSorted((a, b) => a.score - b.score || b.docid - a.docid)) {
        if (hits.length === limit) return { hits, nextCursor: JSON.stringify([top, score, docid, asOf]) };
        const hit = findHit(doc, asked);
        [score, docid] = [doc.score, doc.docid];
        if (hit) hits.push(hit);
      }
      if (found.length < RANKED) return { hits, nextCursor: null };
      [top, score, docid] = [found.at(-1)?.docid ?? 0, null, 0];
    }
    return { hits, nextCursor: JSON.stringify([top, score, docid, asOf]) };
  };

  const listPeople = (text: string, query: SearchQuery): SearchAnswer['people'] => {
    const found = people.find(text, query.terms, PEOPLE_LOOKED_AT);
    const latest = queries
      .listStanding(found.contactIds)
      .flatMap((id) => queries.findNewestConversation(id) ?? [])
      .toSorted((a, b) => b.at - a.at);
    return conversations.byIds(latest.slice(0, PEOPLE_MAX).map(({ id }) => id)).map((summary) => ({ ...summary, snippet: snippetOfPerson(summary, found) }));
  };

  return {
    /** Contacts by name, e-mail, company, @username or number, as they are typed; merged ones as they were found. At most `limit`. */
    findPeople: (text: string, limit: number): string[] => {
      index.finishLittle();
      const words = findWords(text);
      return people.find(
        text,
        words.map(({ word }, n) => ({ text: word, isPrefix: n === words.length - 1 })),
        limit,
      ).contactIds;
    },

    /** @throws AppError NOT_FOUND (the conversation), INVALID_INPUT (the cursor) */
    query: ({ text, conversationId, sort, limit, cursor }: Input): SearchAnswer => {
      const isIndexing = !index.finishLittle();
      const query = parseSearchQuery(text, now());
      const contactId = conversationId === undefined ? null : conversations.find(conversationId).contactId;
      const answer = { people: [], hits: [], nextCursor: null, unknown: query.unknown, isIndexing, total: null };
      if (isEmptyQuery(query)) return answer;
      const asked = plan(query, contactId);
      const { match } = asked;
      // Without a word nothing fits better than the rest: the newest is what is meant.
      const isByDate = sort === 'date' || asked.terms.length === 0;
      const page = match === null ? { hits: [], nextCursor: null } : (isByDate ? listByDate : listByRank)({ ...asked, match }, limit, cursor);
      const hasOnlyWords = cursor === undefined && contactId === null && isEmptyQuery({ ...query, terms: [] });
      return {
        ...answer,
        ...page,
        people: hasOnlyWords ? listPeople(text, query) : [],
        total: contactId !== null && asked.filter === null ? (match === null ? 0 : queries.countFound(match, asked.from, asked.to)) : null,
      };
    },
  };
}

const anyOf = (parts: readonly string[]): string | null => (parts.length === 0 ? null : `(${parts.join(' OR ')})`);
const matchContacts = (ids: readonly string[]): string => `(${ids.map((id) => `"${contactMark(id)}"`).join(' OR ')})`;

const toTerm = (typed: string): SearchTerm => ({
  text: findWords(typed)
    .map(({ word }) => word)
    .join(' '),
  isPrefix: false,
});

/** Every typed word begins one of the name's. */
function isCalled(name: string, typed: string): boolean {
  const words = findWords(name);
  const wanted = findWords(typed);
  return wanted.length > 0 && wanted.every(({ word }) => words.some((candidate) => candidate.word.startsWith(word)));
}

/** By what a person was found: the number, the @username, else the name. */
function snippetOfPerson({ contact }: ConversationSummary, { words, digits }: FoundPeople): Snippet {
  const number = digits === null || contact.phone === null ? null : markDigits(contact.phone, digits);
  if (number) return number;
  const name = makeSnippet(contact.name, words);
  const isByUsername = contact.username !== null && !name.some(({ isMatch }) => isMatch);
  return isByUsername ? makeSnippet(`@${contact.username}`, words) : name;
}

const weightOfAge = (age: number): number => 1 / (1 + Math.max(0, age) / HALF_AGE_MS);

function readCursor<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this search gave out');
  return parsed.data;
}
