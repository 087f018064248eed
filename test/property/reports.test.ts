/** Every number of a report equals that of `slow-report.ts` over the same rows: any hours, zones and changes of clocks, reopenings, late messages, failures, automatic answers, filters. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Figures } from '../../contract/reports.ts';
import type { BusinessHours } from '../../contract/rules/business-hours.ts';
import { PENDING_SEQ } from '../../contract/state.ts';
import { createQualityQueries } from '../../main/engine/db/quality-queries.ts';
import { createReportQueries } from '../../main/engine/db/report-queries.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { createHours } from '../../main/engine/hours/hours.ts';
import { createReports } from '../../main/engine/reports/reports.ts';
import { countSlowly } from './slow-report.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const ZONES = ['America/Guatemala', 'America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago', 'America/Havana'];
/** About changes of clocks, and one of none. */
const STARTS = ['2026-03-05', '2026-03-27', '2026-04-02', '2026-09-04', '2026-10-02', '2026-10-30', '2026-11-20'];
const AGENTS = ['ana', 'bo', 'cy'];
const CODES = [131047, -1, 131026, null];

const two = (value: number): string => String(value).padStart(2, '0');
const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`);
const parts = fc.array(fc.record({ from: clock, to: clock }), { maxLength: 2 });
const work = fc.constant([
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
]);

/** Minutes since what stands before it. */
const gap = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 90 }) },
  { weight: 2, arbitrary: fc.integer({ min: 60, max: 1_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 4_000 }) },
);
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('in' as const),
      gap,
      /** Minutes that it came late. */ late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
      isSystem: fc.nat(20).map((n) => n === 0),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('out' as const),
      gap,
      by: fc.constantFrom(...AGENTS, 'phone', 'automatic'),
      late: fc.integer({ min: 0, max: 300 }),
      status: fc.constantFrom('queued', 'sent', 'delivered', 'read', 'failed'),
      hold: fc.constantFrom(null, null, null, null, 'held', 'discarded'),
      kind: fc.constantFrom('text', 'text', 'template', 'reaction', 'notice'),
      draft: fc.constantFrom(null, null, 0, 0.3, 0.9),
      code: fc.constantFrom(...CODES),
      isPending: fc.nat(15).map((n) => n === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      gap,
      to: fc.constantFrom('archived', 'closed', 'active', 'active'),
      by: fc.constantFrom(...AGENTS),
      isOld: fc.boolean(),
      isApplied: fc.nat(6).map((n) => n > 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('discard' as const), gap, by: fc.constantFrom(...AGENTS), reason: fc.constantFrom('own_reply', 'closed') }) },
);
const conversation = fc.record({
  person: fc.nat(1),
  begins: fc.integer({ min: 0, max: 6_000 }),
  events: fc.array(event, { minLength: 1, maxLength: 25 }),
  assignee: fc.constantFrom(null, ...AGENTS),
  team: fc.constantFrom(null, 'sur', 'norte'),
  status: fc.constantFrom('active', 'active', 'archived'),
  types: fc.array(fc.constantFrom('Fosa', 'Pozo', ''), { maxLength: 2 }),
});
const history = fc.constantFrom(...STARTS).chain((start) =>
  fc.record({
    start: fc.constant(start),
    hours: fc.record({
      timeZone: fc.constantFrom(...ZONES),
      days: fc.array(fc.oneof(work, parts), { minLength: 7, maxLength: 7 }),
      holidays: fc.array(fc.record({ day: fc.nat(6).map((days) => dayFrom(start, days)), name: fc.constant(''), parts }), { maxLength: 2 }),
    }),
    target: fc.record({ isOn: fc.nat(9).map((n) => n > 0), minutes: fc.constantFrom(1, 30, 60, 240), warnMinutes: fc.constant(15) }),
    conversations: fc.array(conversation, { minLength: 1, maxLength: 4 }),
    nowDays: fc.integer({ min: 2, max: 14 }),
    period: fc.tuple(fc.integer({ min: -1, max: 5 }), fc.integer({ min: 1, max: 9 })),
    filter: fc.constantFrom<Filter>({}, {}, { agentId: 'ana' }, { agentId: 'bo' }, { teamId: 'sur' }, { serviceType: 'Fosa' }, { agentId: 'cy', teamId: 'norte' }),
  }),
);
type Filter = { agentId?: string; teamId?: string; serviceType?: string };
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;
const dayFrom = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

const db = openDatabase(':memory:');
const columns = new Map<string, { name: string; type: string; notnull: number; dflt_value: unknown }[]>();
/** A row with what is not said left empty. */
function put(table: string, row: Record<string, unknown>): void {
  const known = columns.get(table) ?? (db.pragma(`table_info(${table})`) as { name: string; type: string; notnull: number; dflt_value: unknown }[]);
  columns.set(table, known);
  const values = known.map(({ name, type, notnull }) => (name in row ? row[name] : notnull === 0 ? null : type === 'TEXT' ? '' : 0));
  db.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(values);
}

function writeRows({ start, hours, target, conversations }: History): void {
  for (const table of ['conversation', 'message', 'activity', 'ai_draft', 'draft_figure', 'request_link', 'service_request', 'request_event', 'workspace_setting']) db.exec(`DELETE FROM ${table}`);
  put('workspace_setting', { key: 'businessHours', value: JSON.stringify(hours) });
  put('workspace_setting', { key: 'responseTarget', value: JSON.stringify(target) });
  let seq = 0;
  for (const [index, { person, begins, events, assignee, team, status, types }] of conversations.entries()) {
    const id = `c${index}`;
    put('conversation', { id, contact_id: `p${person}`, status, assignee_id: assignee, team_id: team });
    for (const [n, type] of types.entries()) {
      put('service_request', { id: `r${index}-${n}`, service_type: type });
      put('request_link', { request_id: `r${index}-${n}`, role: 'customer', conversation_id: id, seq: n + 1 });
    }
    let at = Date.parse(start) + begins * MINUTE;
    let inboundNo = 0;
    for (const step of events) {
      seq += 1;
      at += step.gap * MINUTE + ((seq * 7) % 60) * 1000;
      const base = { id: `m${seq}`, conversation_id: id, contact_id: `p${person}`, seq, received_at: at };
      if (step.do === 'in') {
        const sentAt = at - step.late * MINUTE;
        put('message', {
          ...base,
          direction: 'in',
          sort_at: sentAt,
          sent_at: sentAt,
          content: JSON.stringify(step.isSystem ? { kind: 'system', event: 'other' } : { kind: 'text' }),
          inbound_no: (inboundNo += 1),
        });
      } else if (step.do === 'out') {
        const { by, kind } = step;
        const sortAt = by === 'phone' ? at - step.late * MINUTE : at;
        const content = kind === 'template' || kind === 'notice' ? { kind: 'template', name: `t_${step.by}` } : { kind };
        put('message', {
          ...base,
          seq: step.isPending ? PENDING_SEQ : seq,
          direction: 'out',
          sort_at: sortAt,
          sent_at: at - 5_000,
          content: JSON.stringify(content),
          target_wamid: kind === 'reaction' ? 'w' : null,
          status: step.status,
          hold: step.hold !== null && step.status !== 'failed' ? (step.status === 'queued' ? step.hold : null) : step.hold,
          error: step.status === 'failed' ? JSON.stringify({ code: step.code, title: '', detail: null }) : null,
          actor_id: by === 'phone' ? null : by === 'automatic' ? 'ana' : by,
          origin: by === 'phone' ? 'phone_app' : null,
        });
        if (kind === 'notice') put('request_event', { id: `e${seq}`, mode: 'auto', message_id: base.id, kind: 'received' });
        const isAutomatic = by === 'automatic';
        if (isAutomatic || (step.draft !== null && by !== 'phone')) {
          put('ai_draft', {
            id: `d${seq}`,
            conversation_id: id,
            contact_id: `p${person}`,
            state: 'approved',
            auto_state: isAutomatic ? 'sent' : null,
            decided_by: isAutomatic ? null : by,
            decided_at: at,
            message_id: base.id,
          });
          if (!isAutomatic) put('draft_figure', { draft_id: `d${seq}`, message_id: base.id, share: step.draft });
        }
      } else if (step.do === 'status') {
        const detail = { from: 'active', to: step.to, was: 'active', ...(step.isOld ? {} : { at }) };
        put('activity', {
          op_id: `o${seq}`,
          seq,
          actor_id: step.by,
          type: 'conversation.status',
          conversation_id: id,
          outcome: step.isApplied ? 'applied' : 'superseded',
          detail: JSON.stringify(detail),
          occurred_at: step.isOld ? at : 1,
        });
      } else put('ai_draft', { id: `d${seq}`, conversation_id: id, contact_id: `p${person}`, state: 'discarded', reason: step.reason, decided_by: step.by, decided_at: at });
    }
  }
}

/** Lists of equals in whatever order. */
const sorted = (figures: Figures) => ({
  ...figures,
  agents: figures.agents.map(({ agent, ...row }) => ({ ...row, id: agent?.id ?? row.by })).toSorted((a, b) => a.id.localeCompare(b.id)),
  serviceTypes: figures.serviceTypes.toSorted((a, b) => (a.serviceType ?? '').localeCompare(b.serviceType ?? '')),
  templates: figures.templates.toSorted((a, b) => a.name.localeCompare(b.name)),
  failures: figures.failures.toSorted((a, b) => (a.code ?? 0) - (b.code ?? 0)),
});

it.each([1, 2])('property: every number of a report is that of the slow calculation over the same rows (seed %i)', { timeout: 120_000 }, (seed) => {
  const queries = createReportQueries(db);
  let now = 0;
  const reports = createReports({
    queries,
    quality: createQualityQueries(db),
    hours: createHours({ get: ((_: string, [key]: readonly string[]) => db.prepare('SELECT * FROM workspace_setting WHERE key = ?').get(key)) as never }),
    toAgent: (id) => ({ id, name: id, isMe: false }),
    transact: (change) => db.transaction(change).immediate(),
    read: (query) => query(),
    isOpen: () => true,
    isBusy: () => false,
    now: () => now,
    tick: () => 0,
    log: () => undefined,
  });
  const seen = { turns: 0, missed: 0, lost: 0, resolved: 0, reopened: 0, automatic: 0, failed: 0, edited: 0 };
  fc.assert(
    fc.property(history, (one) => {
      writeRows(one);
      queries.startAnew();
      const { start, hours, target, nowDays, period, filter } = one;
      now = Date.parse(start) + nowDays * DAY;
      const [from, to] = [dayFrom(start, period[0]), dayFrom(start, period[0] + period[1] - 1)];
      const report = reports.get({ from, to, compare: 'before', ...filter });
      const rules = { hours: hours as BusinessHours, target: target.isOn ? target.minutes : null, now, ...filter };
      expect(report.progress).toBe(1);
      expect(sorted(report.current)).toEqual(sorted(countSlowly(db, { from, to, ...rules })));
      const before = { from: dayFrom(from, -period[1]), to: dayFrom(from, -1) };
      expect(report.previous && sorted(report.previous)).toEqual(sorted(countSlowly(db, { ...before, ...rules })));
      const { current } = report;
      seen.turns += current.firstResponse.count + current.nextResponse.count;
      seen.missed += current.target.missed;
      seen.lost += current.windows.lost;
      seen.resolved += current.conversations.resolved;
      seen.reopened += current.conversations.reopened;
      seen.automatic += current.messages.automatic;
      seen.failed += current.failures.length;
      seen.edited += current.ai.edited;
    }),
    { seed, numRuns: 80 },
  );
  reports.stop();
  // What was never counted was not compared.
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(2);
});
