/**
 * Reads what `assemblePrompt` is given, by the id of a conversation. Invariants: rows are this person's (whoever stands for them and all who
 * were merged into them) and of requests linked to this conversation; notes are read for summaries only, because a reply goes to the
 * customer; what never went out (held, failed, taken back) was never said.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../../../contract/app-error.ts';
import type { Zone } from '../../hours/zone.ts';
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';
import { rootOf } from '../../../../contract/ops/contact-ops.ts';
import { judgeServiceWindow } from '../../../../contract/rules/service-window.ts';
import { PENDING_SEQ, type ContactRow, type ServiceRequestRow, type StateTx } from '../../../../contract/state.ts';
import { isAboutAnother } from '../../../../contract/whatsapp/about-message.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { homeCountryOf } from '../../conversations/phone-input.ts';
import { readContent } from '../../conversations/views.ts';
import type { ContactQueries } from '../../db/contact-queries.ts';
import type { MessageQueries, MessageView } from '../../db/message-queries.ts';
import type { TeamQueries } from '../../db/team-queries.ts';
import type { TemplateQueries } from '../../db/template-queries.ts';
import { createPersonReader } from '../../templates/read-person.ts';
import type { PromptInput, PromptNote, PromptTask } from './assemble.ts';
import { collectFacts, type FactRequest, type FactRows } from './facts.ts';
import type { HistoryMessage } from './history-lines.ts';
import { promptLanguageOf } from './prompt-words.ts';

type Deps = {
  state: Pick<StateTx, 'get' | 'list'>;
  messages: Pick<MessageQueries, 'listOlder'>;
  notes: Pick<TeamQueries, 'listNotes'>;
  templateQueries: Pick<TemplateQueries, 'listIdentities' | 'listAttributes' | 'listLinkedRequests'>;
  contacts: Pick<ContactQueries, 'findIdentifier'>;
  /** Best first, for a person who cannot be written to freely (`templates.suggest`). */
  suggestTemplates: (input: { conversationId: string; text: string }) => { key: string; name: string; language: string }[];
  workspace: () => { name: string | null; phone: string | null };
  zone: () => Zone;
  /** Relay time, ms. */
  now: () => number;
};
/** What is not in rows. `passages`, `summary`: of a reply. `settingsRev`, `knowledgeRev`: what they stood at when they were read. */
export type ContextRequest = {
  conversationId: string;
  task: PromptTask;
  passages: PromptInput['passages'];
  summary: string | null;
  language: PromptInput['language'];
  settings: AiSettings;
  tokenFactor: number;
  settingsRev: string;
  knowledgeRev: number;
};
/** What is read first, to know what to search for and in which language to answer. */
export type Inbound = {
  /** The customer's newest messages that hold words, oldest first. */
  texts: string[];
  lastInboundId: string | null;
};

const REPLY_MESSAGES = 200;
const SUMMARY_MESSAGES = 500;
const INBOUND_LOOK_BACK = 30;

export type ContextReader = ReturnType<typeof createContextReader>;

export function createContextReader({ state, messages, notes, templateQueries, contacts, suggestTemplates, workspace, zone, now }: Deps) {
  const readPerson = createPersonReader({ state, queries: templateQueries, contacts });

  const readConversation = (id: string) => {
    const row = state.get('conversation', [id]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${id}`);
    return row;
  };
  /** Oldest first. */
  const readMessages = (contactId: string, limit: number): { said: HistoryMessage[]; lastSeq: number } => {
    const rows = messages.listOlder(contactId, null, limit).toReversed();
    return {
      said: rows.filter(wasSaid).map((row) => ({ id: row.id, contactId: row.contactId, direction: row.direction, at: row.sentAt, content: readContent(row.content) })),
      lastSeq: Math.max(0, ...rows.map(({ seq }) => (seq === PENDING_SEQ ? 0 : seq))),
    };
  };
  const isSame = (a: string | null, b: string): boolean => a !== null && rootOf(state, a) === rootOf(state, b);

  const readRequests = (conversationId: string, contactId: string): FactRequest[] =>
    templateQueries.listLinkedRequests(conversationId).flatMap((row) => {
      // It may be linked as both; who is its customer learns what customers learn.
      const link = state
        .list('request_link_by_conversation', [conversationId])
        .toSorted((a, b) => (a.role < b.role ? -1 : 1))
        .find(({ request_id: id }) => id === row.id);
      if (!link) return [];
      const vendor = row.vendor_id === null ? null : readPerson(row.vendor_id);
      return [{ row, role: link.role, conversationId: link.conversation_id, standing: judgeStanding(row, link.role, contactId), vendor }];
    });
  const judgeStanding = (row: ServiceRequestRow, role: FactRequest['role'], contactId: string): FactRequest['standing'] => {
    if (role === 'vendor') return isSame(row.vendor_id, contactId) ? 'theirs' : 'former';
    return row.customer_id === null || isSame(row.customer_id, contactId) ? 'theirs' : 'other';
  };

  const readInbound = (conversationId: string): Inbound => {
    const { contact_id: contactId } = readConversation(conversationId);
    const inbound = readMessages(contactId, INBOUND_LOOK_BACK).said.filter(({ direction, content }) => direction === 'in' && !isAboutAnother(content));
    return { texts: inbound.flatMap(({ content }) => wordsOf(content) ?? []), lastInboundId: inbound.at(-1)?.id ?? null };
  };

  return {
    readInbound,

    /** @throws AppError NOT_FOUND. */
    read: ({ conversationId, task, passages, summary, language, settings, tokenFactor, settingsRev, knowledgeRev }: ContextRequest): PromptInput => {
      const conversation = readConversation(conversationId);
      const { contact_id: contactId } = conversation;
      const root = rootOf(state, contactId);
      const contactIds = new Set([contactId, root, ...templateQueries.listIdentities(root)]);
      const person = readPerson(contactId);
      const requests = readRequests(conversationId, contactId);
      const { said, lastSeq } = readMessages(contactId, task.purpose === 'summary' ? SUMMARY_MESSAGES : REPLY_MESSAGES);
      const lastInbound = said.findLast(({ direction, content }) => direction === 'in' && !isAboutAnother(content));
      const opened = state.list('conversation_by_contact', [contactId, conversation.phone_number_id]).map(({ last_inbound_at: at }) => at ?? Number.NEGATIVE_INFINITY);
      const newest = Math.max(...opened);
      const window = judgeServiceWindow(newest === Number.NEGATIVE_INFINITY ? null : newest, now());
      const isClosed = window.state === 'closed' || window.state === 'none';
      const timeZone = zone().name;
      const rows: FactRows = {
        conversationId,
        contactId: root,
        contactIds,
        person,
        requests,
        window,
        templates: isClosed ? suggestTemplates({ conversationId, text: (lastInbound && wordsOf(lastInbound.content)) ?? '' }) : [],
        workspace: workspace(),
        profile: settings.profile,
        now: now(),
        timeZone,
      };
      const identities = [...contactIds].flatMap((id) => state.get('contact', [id]) ?? []);
      return {
        task,
        subject: { contactIds, requestIds: new Set(requests.map(({ row }) => row.id)) },
        facts: collectFacts(rows, promptLanguageOf(language.code)),
        passages,
        summary,
        messages: said,
        notes: task.purpose === 'summary' ? readNotes(contactId) : [],
        language,
        settings,
        known: { country: homeCountryOf(rows.workspace.phone), names: namesOf(identities, requests), addresses: requests.map(({ row }) => row.address).filter((address) => address !== '') },
        timeZone,
        tokenFactor,
        basis: {
          conversationId,
          lastInboundId: lastInbound?.id ?? null,
          lastMessageSeq: lastSeq,
          requestRev: revisionOf(requests.map(({ row, role, standing }) => [row, role, standing])),
          contactRev: revisionOf([person, identities]),
          knowledgeRev,
          settingsRev,
        },
      };
    },
  };

  function readNotes(contactId: string): PromptNote[] {
    return notes
      .listNotes(contactId)
      .filter(({ deletedBy }) => deletedBy === null)
      .map(({ id, createdAt, authorName, body }) => ({ id, contactId, at: createdAt, author: authorName ?? '—', body }));
  }
}

const wasSaid = ({ hold, status, revokedAt }: MessageView): boolean => hold === null && status !== 'failed' && revokedAt === null;

/** Of the customer and of the people in their requests. */
const namesOf = (identities: readonly ContactRow[], requests: readonly FactRequest[]): string[] =>
  [
    ...identities.flatMap(({ name, first_name: firstName, profile_name: profileName }) => [name, firstName, profileName]),
    ...requests.flatMap(({ row, vendor }) => [row.customer_name, vendor?.name ?? null]),
  ].filter((name): name is string => name !== null && name !== '');

/** Another number for other rows: rows of contacts have no revision of their own. 48 bits of SHA-256. */
const revisionOf = (rows: unknown): number => Number.parseInt(createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12), 16);
