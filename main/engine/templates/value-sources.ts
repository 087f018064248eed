/** Gathers what the values of a template can be taken from: the rows of one person and of one request. */
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { parseJson } from '../../../contract/json.ts';
import { eventOfTemplate, EVENT_TEMPLATES, isEnded, type RequestRole } from '../../../contract/requests/request-rules.ts';
import type { ServiceRequestRow, StateTx } from '../../../contract/state.ts';
import type { Template } from '../../../contract/whatsapp/template-definition.ts';
import { templateKey } from '../../../contract/whatsapp/template-words.ts';
import { slotsOf } from '../../../contract/whatsapp/template-slots.ts';
import type { SlotProposal } from '../../../contract/work-entities.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { TemplateQueries } from '../db/template-queries.ts';
import { outboundContentSchema } from '../../../contract/ops/op.ts';
import { factOf, proposeValues, type ValueContext } from './propose-values.ts';
import { createPersonReader } from './read-person.ts';
import { FACTS, type Fact } from './value-hints.ts';

type Deps = {
  state: Pick<StateTx, 'get' | 'list'>;
  queries: TemplateQueries;
  contacts: Pick<ContactQueries, 'findIdentifier'>;
  myId: () => string;
  workspace: () => { name: string | null; phone: string | null };
};
/** `contactId`: whom it goes to. `role`: as what; left out: what they are in the request. */
export type ValueTarget = { template: Template; contactId: string; requestId: string | null; role?: RequestRole | null };

export type ValueSources = ReturnType<typeof createValueSources>;

export function createValueSources({ state, queries, contacts, myId, workspace }: Deps) {
  const readPerson = createPersonReader({ state, queries, contacts });
  const isSame = (a: string | null, b: string): boolean => a !== null && rootOf(state, a) === rootOf(state, b);

  /** What somebody is in a request; who was told something as a vendor was one. Null: neither. */
  const roleIn = (request: ServiceRequestRow, contactId: string, wanted: RequestRole | null = null): RequestRole | null => {
    const roles = new Set<RequestRole>();
    if (isSame(request.customer_id, contactId)) roles.add('customer');
    if (isSame(request.vendor_id, contactId)) roles.add('vendor');
    for (const { contact_id: told, role } of state.list('request_event_by_request', [request.id])) if (isSame(told, contactId)) roles.add(role);
    if (wanted !== null && roles.has(wanted)) return wanted;
    return roles.has('customer') ? 'customer' : roles.has('vendor') ? 'vendor' : null;
  };

  const read = ({ template, contactId, requestId, role }: ValueTarget): ValueContext => {
    const request = requestId === null ? null : (state.get('service_request', [requestId]) ?? null);
    const kind = eventOfTemplate(template.name);
    return {
      person: readPerson(contactId),
      request,
      role: role !== undefined ? role : request && roleIn(request, contactId, kind && EVENT_TEMPLATES[kind].role),
      customer: request?.customer_id ? readPerson(request.customer_id) : null,
      vendor: request?.vendor_id ? readPerson(request.vendor_id) : null,
      agentName: state.get('agent', [myId()])?.name ?? null,
      workspace: workspace(),
      lastUsed: readLastUsed(template, contactId),
      usedFacts: readUsedFacts(template),
    };
  };

  /** By slot, what this person was sent last with this template. */
  const readLastUsed = (template: Template, contactId: string): Record<string, string> => {
    const content = outboundContentSchema.safeParse(parseJson(queries.findLastContent(contactId, template.name, template.language) ?? 'null'));
    if (!content.success || content.data.kind !== 'template') return {};
    const { parameters } = content.data;
    // In the order of the slots, as `fillTemplate` writes them; positional ones have no name.
    const bodies = parameters.filter(({ part }) => part === 'body').values();
    return Object.fromEntries(
      slotsOf(template).flatMap((slot) => {
        if (slot.kind !== 'text') return [];
        const used =
          slot.part === 'body' ? bodies.next().value : parameters.find((parameter) => parameter.part === slot.part && (parameter.part !== 'button' || parameter.index === slot.button?.index));
        return used === undefined ? [] : [[slot.key, used.text]];
      }),
    );
  };

  const readUsedFacts = (template: Template): Record<string, Fact> => {
    const stored = parseJson(queries.readFacts(templateKey(template)) ?? '{}');
    const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
    return Object.fromEntries(entries.flatMap(([slot, value]) => FACTS.filter((fact) => fact === value).map((fact) => [slot, fact])));
  };

  /** Of the conversation, then of the person; open ones first in each. */
  const listRequests = (conversationId: string, contactId: string): ServiceRequestRow[] => {
    const linked = queries.listLinkedRequests(conversationId);
    const others = queries.listRequestsOf(queries.listIdentities(rootOf(state, contactId))).filter(({ id }) => linked.every((request) => request.id !== id));
    return [...linked, ...others];
  };

  return {
    roleIn,
    listRequests,
    /** Candidates for each slot that takes a text, best first: `bestValues` takes the first of each. */
    propose: (target: ValueTarget): SlotProposal[] => proposeValues(target.template, read(target)),
    /** What the values that were sent stood for, by slot, for the next time. */
    recogniseFacts: (target: ValueTarget, texts: Readonly<Record<string, string>>): Record<string, Fact> => {
      const context = read(target);
      return Object.fromEntries(
        Object.entries(texts).flatMap(([slot, value]) => {
          const fact = factOf(value, context, target.template.language);
          return fact === null ? [] : [[slot, fact]];
        }),
      );
    },
    /** The request that a template in this conversation is most likely about; null: none that is known. Linked ones first, then those of the person. */
    findRequest: (conversationId: string, contactId: string, template: Template | null): ServiceRequestRow | null => {
      const found = listRequests(conversationId, contactId);
      const kind = template && eventOfTemplate(template.name);
      const isDue = (request: ServiceRequestRow): boolean =>
        state.list('request_event_by_request', [request.id]).some((event) => event.kind === kind && event.state === 'open' && isSame(event.contact_id, contactId));
      return (kind === null ? undefined : found.find(isDue)) ?? found.find(({ status }) => !isEnded(status)) ?? found[0] ?? null;
    },
  };
}
