/** Random histories of a team: what its people, its customers, its network and its clocks do, one step after another. */
import fc from 'fast-check';
import { LABEL_COLORS } from '../../contract/rules/label-colors.ts';
import type { OpBody, OutboundContent } from '../../contract/ops/op.ts';
import { EVENT_KINDS, EVENT_MODES, EVENT_TEMPLATES, nextStatuses, REQUEST_ROLES, REQUEST_STATUSES, type EventKind, type RequestRole } from '../../contract/requests/request-rules.ts';
import { DEFAULT_WORKSPACE_SETTINGS, type WorkspaceSettings } from '../../contract/rules/workspace-settings.ts';
import type {
  CannedReplyRow,
  ContactAttributeRow,
  ContactRow,
  ConversationRow,
  LabelRow,
  MessageRow,
  NoteRow,
  RequestEventRow,
  RequestLinkRow,
  ServiceRequestRow,
  TableName,
  TeamRow,
} from '../../contract/state.ts';
import type { LogEntry, Role } from '../../contract/wire.ts';
import { AI_WEIGHTS, AUTO_SETTINGS, decideAiOp, type AiKind } from './history-ai.ts';
import { DEFAULT_AI_SETTINGS } from '../../contract/ai/ai-defaults.ts';
import { createWorld, CUSTOMERS, TOLD_KINDS, type Desktop, type Parts, type SendFault, type World } from './world.ts';

/** Ids of what a team makes come from so few that two desktops often mean the same one. */
const NAMES = 2;
const small = fc.nat({ max: 1_000 });

/** How often each is done. */
const OP_WEIGHTS = {
  queue: 4,
  confirm: 1,
  discard: 1,
  read: 1,
  status: 2,
  assign: 3,
  team: 1,
  snooze: 2,
  label: 2,
  'note.add': 1,
  'note.edit': 2,
  'note.delete': 1,
  'label.add': 1,
  'label.change': 2,
  'label.delete': 1,
  'team.add': 1,
  'team.rename': 1,
  'team.member': 1,
  'team.delete': 1,
  'canned.add': 1,
  'canned.change': 2,
  'canned.delete': 1,
  setting: 1,
  grant: 1,
  react: 2,
  media: 4,
  start: 1,
  template: 2,
  route: 1,
  'request.add': 3,
  'request.import': 1,
  'request.change': 4,
  'request.link': 1,
  'request.attach': 2,
  'request.notify': 5,
  'request.dismiss': 1,
  'contact.add': 2,
  'contact.change': 1,
  'contact.phone': 1,
  'contact.attribute': 1,
  'contact.merge': 1,
  'contact.erase': 2,
  retention: 3,
  ...AI_WEIGHTS,
};
type OpKind = keyof typeof OP_WEIGHTS;
const isAiKind = (kind: OpKind): kind is AiKind => Object.hasOwn(AI_WEIGHTS, kind);
const kindArb = fc.constantFrom(...(Object.entries(OP_WEIGHTS) as [OpKind, number][]).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind)));

const faultArb = fc.constantFrom<SendFault>('none', 'none', 'none', 'none', 'lost_before', 'lost_after', 'crash_after', 'unreachable', 'throttled', 'refused');

const stepArb = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('inbound' as const), customer: fc.nat({ max: CUSTOMERS - 1 }), message: fc.nat({ max: 25 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('told' as const), customer: fc.nat({ max: CUSTOMERS }), message: fc.nat({ max: 40 }), kind: fc.constantFrom(...TOLD_KINDS), about: fc.nat({ max: 25 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      index: small,
      status: fc.constantFrom('sent' as const, 'delivered' as const, 'read' as const, 'failed' as const),
      withCallback: fc.boolean(),
    }),
  },
  {
    weight: 40,
    arbitrary: fc.record({ do: fc.constant('ops' as const), desktop: small, ops: fc.array(fc.record({ kind: kindArb, pick: small, to: small }), { minLength: 1, maxLength: 3 }) }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      desktop: small,
      push: fc.nat({ max: 6 }),
      isAckLost: fc.boolean(),
      isTwice: fc.boolean(),
      pull: fc.nat({ max: 12 }),
      overlap: fc.constantFrom(0, 0, 0, 1, 3, -1),
      isHandshake: fc.constantFrom(true, true, true, false),
    }),
  },
  // A desktop that answers by itself, as far as it gets before something else happens.
  { weight: 8, arbitrary: fc.record({ do: fc.constant('auto' as const), desktop: small, pick: small, to: small, turns: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('line' as const), desktop: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), desktop: small, isInside: fc.boolean() }) },
  {
    weight: 16,
    arbitrary: fc.record({ do: fc.constant('outbox' as const), desktop: small, fault: faultArb }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('member' as const), agent: small, role: fc.constantFrom<Role | null>('agent', 'lead', 'admin', 'agent', 'lead', null) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('relayClock' as const), minutes: fc.integer({ min: -30, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clock' as const), desktop: small, at: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const), desktop: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), desktop: small }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('snapshot' as const), maker: small, desktop: small, isFresh: fc.constantFrom(true, true, false) }) },
);
export type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;

/** `agents`: the agent of each desktop; the first is an admin, the others as drawn. */
export const historyArb = fc
  .record({
    desktops: fc.integer({ min: 2, max: 5 }),
    hasSharedAgent: fc.boolean(),
    roles: fc.array(fc.constantFrom<Role>('agent', 'agent', 'lead', 'admin'), { minLength: 4, maxLength: 4 }),
    steps: fc.array(stepArb, { minLength: 16, maxLength: 42 }),
    /** What becomes of the messages that are still waiting when everybody is online again. */
    lastFaults: fc.array(faultArb, { minLength: 1, maxLength: 3 }),
    /** In which pages one more desktop reads the log afterwards; none: it does not. */
    pages: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
  })
  .map(({ desktops, hasSharedAgent, roles, ...rest }) => {
    const agents = Array.from({ length: desktops }, (_, n) => (hasSharedAgent && n === desktops - 1 && n > 1 ? 0 : n));
    return { agents, roles: ['admin' as const, ...roles].slice(0, Math.max(...agents) + 1), ...rest };
  });
export type History = typeof historyArb extends fc.Arbitrary<infer T> ? T : never;

const choose = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(1, items.length)];
const TEXTS = ['uno', 'dos', 'tres'] as const;

/** The op that an agent decides on, from what their desktop shows; null where there is nothing to decide about. */
export function decideOp(world: World, desktop: Desktop, kind: OpKind, pick: number, to: number): OpBody | null {
  const rows = <T>(table: TableName, where = '1'): T[] => desktop.db.prepare(`SELECT * FROM ${table} WHERE ${where} ORDER BY 1`).all() as T[];
  const conversation = choose(rows<ConversationRow>('conversation'), pick);
  if (!conversation) return null;
  const conversationId = conversation.id;
  const seenThrough = desktop.sync.readMeta().cursor;
  const someName = String(to % NAMES);
  const someText = TEXTS[to % TEXTS.length] ?? 'uno';
  const someAgent = `agent-${to % world.agentCount}`;
  const colour = choose(LABEL_COLORS, to) ?? 'gray';
  switch (kind) {
    case 'queue':
      return { type: 'message.queue', args: { messageId: `out-${world.nextId()}`, conversationId, seenThrough, content: { kind: 'text', text: 'va' } } };
    case 'confirm': {
      const message = choose(rows<MessageRow>('message', `hold = 'held' AND actor_id = '${desktop.agentId}'`), to);
      return message ? { type: 'message.confirm', args: { messageId: message.id, seenThrough } } : null;
    }
    case 'discard': {
      // Nobody gives up a template of a request that their desktop may be sending: then it would be proposed once more.
      const isOnWay = "EXISTS (SELECT 1 FROM job j WHERE j.subject = message.id AND j.kind = 'message.send' AND j.state IN ('running', 'uncertain'))";
      const message = choose(rows<MessageRow>('message', `direction = 'out' AND NOT (status = 'queued' AND json_extract(content, '$.request') IS NOT NULL AND ${isOnWay})`), to);
      return message ? { type: 'message.discard', args: { messageId: message.id } } : null;
    }
    case 'read': {
      const message = choose(rows<MessageRow>('message', `conversation_id = '${conversationId}' AND direction = 'in'`), to);
      return message ? { type: 'read.advance', args: { conversationId, throughMessageId: message.id, ...(to % 3 === 0 && { isUnread: true as const }) } } : null;
    }
    case 'status':
      return { type: 'conversation.status', args: { conversationId, from: conversation.status, to: choose(['active', 'archived', 'closed'] as const, to) ?? 'active', seenThrough } };
    case 'assign': {
      const target = pick % 4 === 0 ? null : someAgent;
      const note = to % 5 === 0 ? { note: { noteId: `note-${world.nextId()}`, body: 'te lo paso' } } : {};
      return target === conversation.assignee_id ? null : { type: 'conversation.assign', args: { conversationId, from: conversation.assignee_id, to: target, ...note } };
    }
    case 'team':
      return { type: 'conversation.team', args: { conversationId, from: conversation.team_id, to: to % 3 === 0 ? null : `team-${someName}` } };
    case 'snooze':
      return { type: 'conversation.snooze', args: { conversationId, from: conversation.snoozed_until, to: to % 4 === 0 ? null : world.relayNow() + 1 + to * 60_000, seenThrough } };
    case 'label':
      return { type: 'conversation.label', args: { conversationId, labelId: `label-${someName}`, isOn: to % 5 !== 4 } };
    case 'note.add':
      return { type: 'note.add', args: { noteId: `note-${someName}`, conversationId, body: someText, mentions: [someAgent] } };
    case 'note.edit': {
      const note = choose(rows<NoteRow>('note'), pick);
      return note ? { type: 'note.edit', args: { noteId: note.id, from: note.body || '—', to: `${someText} bis`, mentions: [] } } : null;
    }
    case 'note.delete': {
      const note = choose(rows<NoteRow>('note'), pick);
      return note ? { type: 'note.delete', args: { noteId: note.id } } : null;
    }
    case 'label.add':
      return { type: 'label.add', args: { labelId: `label-${someName}`, name: someText, color: colour } };
    case 'label.change': {
      const label = choose(rows<LabelRow>('label'), pick);
      const changes = { name: { from: label?.name ?? '', to: someText }, ...(to % 3 !== 0 ? { color: { from: (label?.color ?? 'gray') as typeof colour, to: colour } } : {}) };
      return label ? { type: 'label.change', args: { labelId: label.id, changes } } : null;
    }
    case 'label.delete':
      return { type: 'label.delete', args: { labelId: `label-${someName}` } };
    case 'team.add':
      return { type: 'team.add', args: { teamId: `team-${someName}`, name: someText } };
    case 'team.rename': {
      const team = choose(rows<TeamRow>('team'), pick);
      return team ? { type: 'team.rename', args: { teamId: team.id, from: team.name, to: someText } } : null;
    }
    case 'team.member':
      return { type: 'team.member', args: { teamId: `team-${someName}`, agentId: `agent-${pick % world.agentCount}`, isMember: pick % 3 !== 0 } };
    case 'team.delete':
      return { type: 'team.delete', args: { teamId: `team-${someName}` } };
    case 'canned.add':
      return { type: 'canned.add', args: { cannedId: `canned-${someName}`, isPersonal: pick % 2 === 0, shortcut: someText, body: someText } };
    case 'canned.change': {
      const canned = choose(rows<CannedReplyRow>('canned_reply', "body <> ''"), pick);
      return canned ? { type: 'canned.change', args: { cannedId: canned.id, changes: { body: { from: canned.body, to: someText }, shortcut: { from: canned.shortcut, to: someText } } } } : null;
    }
    case 'canned.delete':
      return { type: 'canned.delete', args: { cannedId: `canned-${someName}` } };
    case 'setting': {
      if (to % 3 === 0) return decideMode(desktop, pick);
      const [current] = rows<{ value: string }>('workspace_setting', "key = 'name'");
      return { type: 'setting.set', args: { from: { key: 'name', value: current ? (JSON.parse(current.value) as string) : '' }, to: { key: 'name', value: someText } } };
    }
    case 'react': {
      const message = choose(rows<MessageRow>('message', 'wamid IS NOT NULL'), to);
      const args = { messageId: `out-${world.nextId()}`, conversationId: pick % 4 === 0 ? conversationId : (message?.conversation_id ?? conversationId), seenThrough };
      return { type: 'message.queue', args: { ...args, content: { kind: 'reaction', emoji: to % 3 === 0 ? '' : '👍' }, targetWamid: message?.wamid ?? 'wamid.none' } };
    }
    case 'media': {
      const message = choose(rows<MessageRow>('message', 'content LIKE \'%"media"%\''), pick);
      return message ? { type: 'message.media', args: { messageId: message.id, sha256: String(to % 2).repeat(64), bytes: 1 + (to % 2) } } : null;
    }
    case 'start': {
      // Numbers that write, one of them in its other form, and one that nobody has heard of.
      const phone = choose(['50255550000', '50255550001', '525512345678', '50277770000'], to) ?? '';
      return {
        type: 'conversation.start',
        args: { conversationId: `conv-${world.nextId()}`, contactId: `person-${world.nextId()}`, phoneNumberId: conversation.phone_number_id, phone, name: to % 2 === 0 ? 'Nueva' : null },
      };
    }
    case 'template': {
      const request = choose(rows<ServiceRequestRow>('service_request'), to);
      const role = choose(REQUEST_ROLES, pick) ?? 'customer';
      const about = request && pick % 3 !== 0 ? { id: request.id, role, isOverride: false } : null;
      return { type: 'message.queue', args: { messageId: `out-${world.nextId()}`, conversationId, seenThrough, content: templateOf(choose(EVENT_KINDS, pick) ?? 'received', about) } };
    }
    case 'retention': {
      // Whoever comes first lets go what ended a month ago; sometimes it is younger.
      if (to % 2 === 0) world.advanceClock(40 * 24 * 60 * 60 * 1000);
      const ids = rows<ConversationRow>('conversation').map(({ id }) => id);
      return { type: 'retention.apply', args: { before: world.relayNow() - 32 * 24 * 60 * 60 * 1000, conversationIds: ids.slice(0, 200) } };
    }
    case 'route':
      return { type: 'conversation.route', args: { conversationId, to: someAgent } };
    case 'grant':
      if (to % 4 === 1) return { type: 'key.sheet', args: { epoch: 1 + (pick % 3), publicKey: 'k'.repeat(43) } };
      if (to % 4 === 2) return { type: 'key.recover', args: { epoch: 1 + (pick % 3) } };
      if (to % 4 === 3) return { type: 'key.admit', args: { deviceId: `device-${pick % world.desktops.length}` } };
      return { type: 'device.grant', args: { deviceId: `device-${to % world.desktops.length}`, sealed: `sealed-${pick}` } };
    default:
      return isAiKind(kind) ? decideAiOp(world, desktop, kind, pick, to) : decideWorkOp(world, desktop, kind, pick, to);
  }
}

/** Automatic assignment is turned on, the business is open at other hours, or what a kind of event does is set. */
function decideMode({ db }: Desktop, pick: number): OpBody {
  const read = (key: string): unknown => JSON.parse((db.prepare('SELECT value FROM workspace_setting WHERE key = ?').pluck().get(key) as string | undefined) ?? 'null');
  if (pick % 3 === 0) {
    const from = (read('routing') as WorkspaceSettings['routing'] | null) ?? DEFAULT_WORKSPACE_SETTINGS.routing;
    return { type: 'setting.set', args: { from: { key: 'routing', value: from }, to: { key: 'routing', value: { isOn: true, capacity: 20 } } } };
  }
  if (pick % 5 === 1) {
    const from = (read('businessHours') as WorkspaceSettings['businessHours'] | null) ?? DEFAULT_WORKSPACE_SETTINGS.businessHours;
    const value = { ...from, days: from.days.map((_, day) => (day < pick % 7 ? [{ from: '09:00', to: '18:00' }] : [])) };
    return { type: 'setting.set', args: { from: { key: 'businessHours', value: from }, to: { key: 'businessHours', value } } };
  }
  const from = (read('requestEvents') as WorkspaceSettings['requestEvents'] | null) ?? DEFAULT_WORKSPACE_SETTINGS.requestEvents;
  const value = { ...from, [choose(EVENT_KINDS, pick) ?? 'received']: choose(EVENT_MODES, pick) ?? 'propose' };
  return { type: 'setting.set', args: { from: { key: 'requestEvents', value: from }, to: { key: 'requestEvents', value } } };
}

const templateOf = (kind: EventKind, request: { id: string; role: RequestRole; isOverride: boolean } | null): Extract<OutboundContent, { kind: 'template' }> => ({
  kind: 'template',
  name: EVENT_TEMPLATES[kind].template,
  language: 'es',
  category: 'UTILITY',
  header: null,
  body: 'va',
  footer: null,
  buttons: [],
  parameters: EVENT_TEMPLATES[kind].parameters.map((text) => ({ part: 'body', name: null, text })),
  request,
});

type WorkKind = Exclude<Extract<OpKind, `request.${string}` | `contact.${string}`>, AiKind>;
/** What is decided about service requests and people. */
function decideWorkOp(world: World, desktop: Desktop, kind: WorkKind, pick: number, to: number): OpBody | null {
  const rows = <T>(table: TableName, where = '1'): T[] => desktop.db.prepare(`SELECT * FROM ${table} WHERE ${where} ORDER BY 1`).all() as T[];
  const contacts = rows<ContactRow>('contact');
  const someContact = choose(contacts, to)?.id ?? 'nobody';
  const someText = TEXTS[to % TEXTS.length] ?? 'uno';
  const phone = choose(['50255550000', '50255550001', '525512345678', '50277770000'], to) ?? '';
  const request = choose(rows<ServiceRequestRow>('service_request'), pick);
  const someExternalId = to % 3 === 0 ? `ext-${pick % NAMES}` : null;
  const fields = {
    externalId: someExternalId,
    status: choose(REQUEST_STATUSES, to % 5 === 0 ? pick : 0) ?? 'new',
    serviceType: someText,
    customerId: to % 2 === 0 ? someContact : null,
    customerName: someText,
    contactPhone: `+${phone}`,
    contactEmail: '',
    address: '',
    requestedDate: '2026-12-04',
    approvedDate: null,
    vendorId: pick % 4 === 0 ? null : (choose(contacts, pick)?.id ?? null),
    formUrl: '',
    description: '',
  };
  switch (kind) {
    case 'request.add': {
      const customer = fields.customerId === null ? { contactId: `person-${world.nextId()}`, phone } : null;
      return {
        type: kind,
        args: { requestId: pick % 9 === 0 ? `request-${to % NAMES}` : `request-${world.nextId()}`, fields, customer, source: choose(['manual', 'api'] as const, pick) ?? 'manual' },
      };
    }
    case 'request.import': {
      const { externalId: _, ...rest } = fields;
      return { type: kind, args: { importId: 'file', rows: [{ fields: rest, customerPhone: phone }, { fields: { externalId: `ext-${pick % NAMES}` } }] } };
    }
    case 'request.change': {
      if (!request) return null;
      const next = choose(nextStatuses(request.status), to) ?? 'cancelled';
      const changes = [
        { status: { from: request.status, to: next } },
        { vendorId: { from: request.vendor_id, to: fields.vendorId } },
        { status: { from: request.status, to: next }, vendorId: { from: request.vendor_id, to: fields.vendorId } },
        { status: { from: request.status, to: choose(REQUEST_STATUSES, to) ?? 'new' }, serviceType: { from: request.service_type, to: someText } },
        { customerId: { from: request.customer_id, to: someContact }, externalId: { from: request.external_id, to: someExternalId } },
        { address: { from: request.address, to: someText }, description: { from: request.description, to: someText } },
      ];
      return { type: kind, args: { requestId: request.id, changes: choose(changes, pick + to) ?? {} } };
    }
    case 'request.link': {
      if (!request) return null;
      const role = choose(REQUEST_ROLES, to) ?? 'customer';
      const [link] = rows<RequestLinkRow>('request_link', `request_id = '${request.id}' AND role = '${role}'`);
      return { type: kind, args: { requestId: request.id, role, from: link?.conversation_id ?? null, to: to % 4 === 0 ? null : (choose(rows<ConversationRow>('conversation'), to)?.id ?? null) } };
    }
    case 'request.attach': {
      const messages = rows<MessageRow>('message').filter((_, n) => (n + to) % 4 === 0);
      const messageIds = [...messages.slice(0, 3).map(({ id }) => id), ...(pick % 5 === 0 ? ['nowhere'] : [])];
      return request && messageIds.length > 0 ? { type: kind, args: { requestId: request.id, messageIds, isOn: to % 3 !== 0 } } : null;
    }
    case 'request.notify': {
      const event = choose(rows<RequestEventRow>('request_event', to % 5 === 0 ? '1' : "state = 'open'"), pick);
      if (!event) return null;
      const contactId = to % 3 === 0 ? someContact : (event.contact_id ?? someContact);
      const [conversation] = rows<ConversationRow>('conversation');
      const content = templateOf(event.kind, { id: event.request_id, role: event.role, isOverride: to % 12 === 0 });
      return {
        type: kind,
        args: {
          eventId: event.id,
          messageId: `out-${world.nextId()}`,
          conversationId: `conv-${world.nextId()}`,
          contactId,
          phoneNumberId: conversation?.phone_number_id ?? '',
          content,
          isOverride: to % 12 === 0,
          isAutomatic: to % 2 === 0,
        },
      };
    }
    case 'request.dismiss': {
      const event = choose(rows<RequestEventRow>('request_event'), pick);
      return event ? { type: kind, args: { eventId: event.id } } : null;
    }
    case 'contact.add':
      return { type: kind, args: { contactId: `person-${world.nextId()}`, phone: to % 4 === 3 ? null : phone, fields: { name: someText, isVendor: to % 2 === 0 ? 1 : 0 } } };
    case 'contact.change': {
      const contact = choose(contacts, pick);
      const changes = { name: { from: contact?.name ?? null, to: someText }, ...(to % 3 === 0 ? { marketing: { from: contact?.marketing ?? null, to: 'stop' as const } } : {}) };
      return contact ? { type: kind, args: { contactId: contact.id, changes } } : null;
    }
    case 'contact.phone':
      return { type: kind, args: { contactId: choose(contacts, pick)?.id ?? 'nobody', phone } };
    case 'contact.attribute': {
      const contactId = choose(contacts, pick)?.id ?? 'nobody';
      const [attribute] = rows<ContactAttributeRow>('contact_attribute', `contact_id = '${contactId}'`);
      return { type: kind, args: { contactId, key: 'NIT', from: attribute?.value ?? null, to: to % 4 === 0 ? null : someText } };
    }
    case 'contact.erase':
      return to % 3 === 0 ? { type: kind, args: { contactId: choose(contacts, pick)?.id ?? 'nobody' } } : null;
    case 'contact.merge': {
      const contact = choose(contacts, pick);
      return contact ? { type: kind, args: { contactId: contact.id, from: contact.merged_into, to: to % 3 === 0 ? null : someContact } } : null;
    }
  }
}

/** @param onLook judges a desktop in the middle of the history. */
export async function doStep(world: World, step: Step, onLook: (desktop: Desktop) => Promise<void>): Promise<void> {
  const desktop = 'desktop' in step ? world.desktops[step.desktop % world.desktops.length] : undefined;
  switch (step.do) {
    case 'inbound':
      return world.customerWrites(step.customer, step.message);
    case 'told':
      return world.metaTells(step.customer, step.message, step.kind, step.about);
    case 'status':
      return world.deliverStatus(step.index, step.status, step.withCallback);
    case 'ops':
      for (const { kind, pick, to } of desktop ? step.ops : []) {
        const op = desktop && decideOp(world, desktop, kind, pick, to);
        if (op) world.act(desktop, op);
      }
      return;
    case 'sync':
      if (!desktop?.isOnline || desktop.isGone) return;
      if (step.isHandshake) world.handshake(desktop);
      await world.push(desktop, step.push);
      if (step.isTwice) await world.push(desktop, step.push + 2);
      if (!step.isAckLost) await world.pull(desktop, step.pull, step.overlap);
      return;
    case 'auto':
      for (let turn = 0; turn < step.turns && desktop?.isOnline && !desktop.isGone; turn += 1) {
        await world.pull(desktop, 500, 0);
        const op = decideOp(world, desktop, 'ai.auto', step.pick, step.to + turn);
        if (op) world.act(desktop, op);
        await world.push(desktop, 100);
        await world.pull(desktop, 500, 0);
      }
      return;
    case 'line':
      if (desktop) desktop.isOnline = !desktop.isOnline;
      return;
    case 'crash':
      if (desktop && step.isInside) desktop.isDoomed = true;
      else if (desktop) world.crash(desktop);
      return;
    case 'outbox': {
      const sender = choose(world.listSenders(), step.desktop);
      if (sender?.isOnline) await world.runOutbox(sender, step.fault);
      return;
    }
    case 'member':
      return world.changeMember(`agent-${step.agent % world.agentCount}`, step.role);
    case 'relayClock':
      return world.advanceClock(step.minutes * 60_000);
    case 'clock':
      return desktop && world.setClock(desktop, step.at);
    case 'look':
      return desktop && onLook(desktop);
    case 'reset':
      if (desktop?.isOnline && !desktop.isGone) await world.reset(desktop);
      return;
    case 'snapshot': {
      const maker = choose(world.desktops, step.maker);
      if (step.isFresh && maker && !maker.isGone) await world.makeSnapshot(maker);
      if (desktop?.isOnline && !desktop.isGone) await world.installSnapshot(desktop);
      return;
    }
  }
}

/** Every customer has written once, and the admin has made what a team begins with, so that there is something to act on from the first step. */
async function greet(world: World): Promise<void> {
  for (let customer = 0; customer < CUSTOMERS; customer += 1) await world.customerWrites(customer, 1_000 + customer);
  // One picture that nobody has looked at yet: by chance alone few histories have one in time for somebody to find its file.
  await world.metaTells(0, 2_000, 'image', 0);
  const [admin] = world.desktops;
  if (!admin) return;
  await world.pull(admin, 100, 0);
  for (const [kind, pick] of [
    ['label.add', 1],
    ['team.add', 1],
    ['canned.add', 1],
    ['note.add', 1],
    ['request.add', 1],
    ['ai.draft', 0],
    ['kb.write', 1],
    // Automatic assignment.
    ['setting', 0],
  ] as const) {
    const op = decideOp(world, admin, kind, pick, 0);
    if (op) world.act(admin, op);
  }
  world.act(admin, { type: 'setting.set', args: { from: { key: 'retention', value: { months: null } }, to: { key: 'retention', value: { months: 1 } } } });
  world.act(admin, { type: 'setting.set', args: { from: { key: 'ai', value: DEFAULT_AI_SETTINGS }, to: { key: 'ai', value: AUTO_SETTINGS } } });
  await world.push(admin, 100);
  for (const desktop of world.desktops) await world.pull(desktop, 100, 0);
}

/** Until everybody who still belongs to the team has nothing pending and holds the whole log. */
export async function settle(world: World): Promise<LogEntry[]> {
  const members = world.desktops.filter((desktop) => !desktop.isGone);
  for (let round = 0; round < 50; round += 1) {
    for (const desktop of members) {
      await world.push(desktop, 100);
      await world.pull(desktop, 500, 0);
    }
    const log = await world.readLog();
    if (members.every((desktop) => desktop.sync.countPending() === 0 && desktop.sync.readMeta().cursor === log.length)) return log;
  }
  throw new Error('the team did not come to rest');
}

/** Runs a history to its end and hands it to `judge`. */
export async function runHistory(
  { agents, roles, steps, lastFaults }: History,
  { judge, onLook, parts }: { judge: (world: World, log: LogEntry[]) => void; onLook: (world: World, desktop: Desktop) => Promise<void>; parts?: Parts },
): Promise<void> {
  const world = await createWorld({ agents, roles, ...(parts && { parts }) });
  try {
    await greet(world);
    for (const step of steps) await doStep(world, step, (desktop) => onLook(world, desktop));
    await settle(world);
    for (const fault of lastFaults) for (const desktop of world.listSenders()) await world.runOutbox(desktop, fault);
    judge(world, await settle(world));
  } finally {
    await world.close();
  }
}
