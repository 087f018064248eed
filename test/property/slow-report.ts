/**
 * A report counted the slow way, from the definitions in `contract/reports.ts` and the rows alone: every quarter of an hour asks Intl whether the business
 * is open, every list is sorted, every question goes over all rows again. Nothing of the engine is used here.
 */
import type Database from 'better-sqlite3';
import type { Figures } from '../../contract/reports.ts';
import type { BusinessHours } from '../../contract/rules/business-hours.ts';

const QUARTER = 15 * 60_000;
const DAY = 86_400_000;
const PENDING = Number.MAX_SAFE_INTEGER;

export type SlowQuestion = {
  from: string;
  to: string;
  hours: BusinessHours;
  /** Minutes; null: no target. */
  target: number | null;
  now: number;
  agentId?: string;
  teamId?: string;
  serviceType?: string;
};
type Row = Record<string, string | number | null>;
type Said = { seq: number; at: number; what: 'in' | 'answer' | 'notice'; by: string };
type Moved = { seq: number; at: number; what: 'away' | 'back'; by: string };
type Turn = { began: number; inbound: number[]; end: 'answered' | 'open' | 'dropped'; at: number; by: string; isFirst: boolean };

/** Clocks are asked once for each quarter of an hour: all parts and all changes of clocks lie on one. */
function createSlowClock({ timeZone, days, holidays }: BusinessHours) {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const known = new Map<number, boolean>();
  const shown = (at: number): [string, string] => format.format(at).split(' ') as [string, string];
  const partsOf = (day: string) => holidays.find((holiday) => holiday.day === day)?.parts ?? days[(new Date(`${day}T12:00Z`).getUTCDay() + 6) % 7] ?? [];
  const isOpen = (at: number): boolean => {
    const [day, time] = shown(at);
    const yesterday = new Date(Date.parse(`${day}T12:00Z`) - DAY).toISOString().slice(0, 10);
    return partsOf(day).some(({ from, to }) => time >= from && (to <= from || time < to)) || partsOf(yesterday).some(({ from, to }) => to <= from && time < to);
  };
  const open = (from: number, to: number): number => {
    let sum = 0;
    for (let slot = Math.floor(from / QUARTER); slot * QUARTER < to; slot++) {
      const answer = known.get(slot) ?? isOpen(slot * QUARTER);
      known.set(slot, answer);
      if (answer) sum += Math.min(to, (slot + 1) * QUARTER) - Math.max(from, slot * QUARTER);
    }
    return sum;
  };
  return { open, dayOf: (at: number) => shown(at)[0], hourOf: (at: number) => Number(shown(at)[1].slice(0, 2)) };
}

function rank(values: number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) / sorted.length >= share) ?? null;
}
const describe = (spans: { open: number; wall: number }[]): Figures['firstResponse'] => ({
  count: spans.length,
  median: rank(
    spans.map(({ open }) => open),
    0.5,
  ),
  p90: rank(
    spans.map(({ open }) => open),
    0.9,
  ),
  mean: spans.length === 0 ? null : Math.round(spans.reduce((sum, { open }) => sum + open, 0) / spans.length),
  wallMedian: rank(
    spans.map(({ wall }) => wall),
    0.5,
  ),
});

export function countSlowly(db: Database.Database, { from, to, hours, target, now, ...filter }: SlowQuestion): Figures {
  const clock = createSlowClock(hours);
  const all = (sql: string, ...values: unknown[]): Row[] => db.prepare(sql).all(...values) as Row[];
  const isWithin = (at: number): boolean => clock.dayOf(at) >= from && clock.dayOf(at) <= to;

  const drafts = all("SELECT * FROM ai_draft WHERE state = 'approved' AND message_id IS NOT NULL");
  const notices = new Set(all("SELECT message_id FROM request_event WHERE mode = 'auto'").map((row) => row['message_id']));
  const draftOf = (id: unknown) => drafts.find((draft) => draft['message_id'] === id);
  const typeOf = (conversationId: unknown): string | null => {
    const links = all('SELECT * FROM request_link WHERE conversation_id = ? ORDER BY seq DESC', conversationId);
    return (all('SELECT service_type FROM service_request WHERE id = ?', links[0]?.['request_id'])[0]?.['service_type'] as string | undefined) || null;
  };

  const conversations = all('SELECT * FROM conversation').map((row) => {
    const messages = all('SELECT * FROM message WHERE conversation_id = ? ORDER BY seq', row['id'])
      .filter((message) => message['seq'] !== PENDING && message['origin'] !== 'history' && message['target_wamid'] === null)
      .map((message) => {
        const content = JSON.parse(String(message['content'])) as { kind: string; name?: string };
        const draft = draftOf(message['id']);
        const isIn = message['direction'] === 'in';
        const by = isIn ? '' : draft?.['auto_state'] === 'sent' ? 'automatic' : message['actor_id'] === null ? 'phone' : String(message['actor_id']);
        return {
          seq: Number(message['seq']),
          at: Number(isIn ? message['sent_at'] : message['sort_at']),
          isIn,
          isCounted: isIn ? message['inbound_no'] !== null && content.kind !== 'system' : true,
          content,
          by,
          status: message['status'],
          isKept: message['hold'] !== null && message['status'] === 'queued',
          isFromDraft: draft !== undefined && draft['auto_state'] !== 'sent',
          isNotice: notices.has(message['id']),
          code: message['error'] === null ? null : ((JSON.parse(String(message['error'])) as { code: number | null }).code ?? null),
        };
      })
      .filter(({ isCounted }) => isCounted);
    const left = messages.filter(({ isIn, status, isKept }) => isIn || (status !== 'failed' && !isKept));
    const said: Said[] = left.map(({ seq, at, isIn, isNotice, by }) => ({ seq, at, what: isIn ? 'in' : isNotice ? 'notice' : 'answer', by }));
    const moved: Moved[] = all("SELECT * FROM activity WHERE conversation_id = ? AND type = 'conversation.status' AND outcome = 'applied' ORDER BY seq", row['id'])
      .filter(({ seq }) => seq !== PENDING)
      .map((activity) => {
        const detail = JSON.parse(String(activity['detail'])) as { to: string; at?: number };
        return { seq: Number(activity['seq']), at: detail.at ?? Number(activity['occurred_at']), what: detail.to === 'active' ? 'back' : 'away', by: String(activity['actor_id']) };
      });
    const line = [...said, ...moved].toSorted((a, b) => a.seq - b.seq);
    return { id: String(row['id']), assignee: row['assignee_id'] as string | null, team: row['team_id'], status: row['status'], type: typeOf(row['id']), messages, left, line };
  });
  type Conversation = (typeof conversations)[number];

  /** Cuts the line at the end of each turn. */
  const turnsOf = ({ line }: Conversation): Turn[] => {
    const turns: Turn[] = [];
    let rest: (Said | Moved)[] = line;
    for (;;) {
      const start = rest.findIndex(({ what }) => what === 'in');
      if (start < 0) return turns;
      rest = rest.slice(start);
      const inbound: number[] = [];
      let awayAt: number | null = null;
      let used = rest.length;
      let answer: Said | null = null;
      for (const [index, event] of rest.entries()) {
        if (event.what === 'in' && awayAt !== null) {
          used = index;
          break;
        }
        if (event.what === 'in') inbound.push(event.at);
        if (event.what === 'away') awayAt ??= event.at;
        if (event.what === 'back') awayAt = null;
        const isLate = event.by === 'phone' && event.at < Math.min(...inbound);
        if (event.what === 'answer' && !isLate) {
          answer = event;
          used = index + 1;
          break;
        }
      }
      const began = Math.min(...inbound);
      const isFirst = !turns.some(({ end }) => end === 'answered');
      if (answer) turns.push({ began, inbound, end: 'answered', at: Math.max(answer.at, began), by: answer.by, isFirst });
      else if (awayAt !== null) turns.push({ began, inbound, end: 'dropped', at: awayAt, by: '', isFirst });
      else turns.push({ began, inbound, end: 'open', at: Infinity, by: '', isFirst });
      rest = rest.slice(used);
    }
  };
  const workOf = ({ line }: Conversation) => {
    const resolved: { began: number; at: number; by: string }[] = [];
    const reopened: number[] = [];
    const opened = line.find(({ what }) => what === 'in' || what === 'answer' || what === 'notice');
    let began: number | null = null;
    let isAway = false;
    for (const event of line) {
      if (event.what === 'in' && isAway && opened && opened.seq < event.seq) {
        reopened.push(event.at);
        began = event.at;
      }
      if (event === opened) began = event.at;
      if (event.what === 'away' && !isAway && began !== null) resolved.push({ began, at: Math.max(began, event.at), by: event.by });
      // Taken back, if it was of this piece of work.
      if (event.what === 'back' && isAway && resolved.at(-1)?.began === began && began !== null) resolved.pop();
      if (event.what === 'away') isAway = true;
      if (event.what === 'back' || event.what === 'in') isAway = false;
    }
    return { opened: opened?.at ?? null, reopened, resolved };
  };

  const mine = conversations.filter(({ team, type }) => (filter.teamId === undefined || team === filter.teamId) && (filter.serviceType === undefined || type === filter.serviceType));
  const isOf = (owner: string | null): boolean => filter.agentId === undefined || owner === filter.agentId;
  const turns = mine.flatMap((conversation) =>
    turnsOf(conversation).map((turn) => {
      const owner = turn.end === 'answered' ? turn.by : conversation.assignee;
      return { ...turn, owner, conversation, open: turn.end === 'answered' ? clock.open(turn.began, turn.at) : 0, wall: turn.at - turn.began };
    }),
  );
  const judged = turns.filter(({ end, began, owner }) => end !== 'dropped' && isWithin(began) && isOf(owner));
  const answered = judged.filter(({ end }) => end === 'answered');
  const judge = (some: typeof judged): Figures['target'] => {
    const verdicts = some.map(({ end, open, began }) =>
      target === null ? 'none' : end === 'answered' ? (open <= target * 60_000 ? 'within' : 'late') : clock.open(began, now) > target * 60_000 ? 'missed' : 'none',
    );
    const [within, late, missed] = ['within', 'late', 'missed'].map((name) => verdicts.filter((verdict) => verdict === name).length) as [number, number, number];
    return { within, late, missed, share: within + late + missed === 0 ? null : (within / (within + late + missed)) * 100 };
  };
  const inbound = turns.flatMap(({ inbound: times, owner, conversation }) => times.map((at) => ({ at, owner, conversation }))).filter(({ at, owner }) => isWithin(at) && isOf(owner));
  const outbound = mine.flatMap((conversation) => conversation.left.filter(({ isIn }) => !isIn).map((message) => ({ ...message, conversation }))).filter(({ at, by }) => isWithin(at) && isOf(by));
  const tried = mine
    .flatMap((conversation) => conversation.messages.filter(({ isIn, isKept }) => !isIn && !isKept).map((message) => ({ ...message, conversation })))
    .filter(({ at, by }) => isWithin(at) && isOf(by));
  const failed = tried.filter(({ status }) => status === 'failed');
  const works = mine.map((conversation) => ({ conversation, ...workOf(conversation) }));
  const resolved = works.flatMap((work) => work.resolved).filter(({ at, by }) => isWithin(at) && isOf(by));
  const lost = turns.flatMap((turn) => {
    const ordered = turn.inbound.toSorted((a, b) => a - b);
    return ordered.map((at, index) => ({ closes: at + DAY, isLost: at + DAY < (ordered[index + 1] ?? Infinity) && at + DAY < turn.at && at + DAY <= now, assignee: turn.conversation.assignee }));
  });

  const days: string[] = [];
  for (let at = Date.parse(`${from}T12:00Z`); new Date(at).toISOString().slice(0, 10) <= to; at += DAY) days.push(new Date(at).toISOString().slice(0, 10));
  const withAgent = filter.agentId === undefined ? mine : mine.filter(({ assignee }) => assignee === filter.agentId);
  const owners = new Set([
    ...judged.flatMap(({ owner }) => owner ?? []),
    ...outbound.map(({ by }) => by),
    ...resolved.map(({ by }) => by),
    ...withAgent.flatMap(({ assignee, status }) => (status === 'active' && assignee !== null ? [assignee] : [])),
  ]);
  const wrote = (type: string | null): number => new Set([...inbound, ...outbound].filter(({ conversation }) => conversation.type === type).map(({ conversation }) => conversation.id)).size;
  const types = [...new Set(conversations.map(({ type }) => type))];
  const templates = [...new Set(tried.flatMap(({ content }) => (content.kind === 'template' ? (content.name ?? '') : [])))];
  const ai = answeredDrafts(
    db,
    mine.map(({ id }) => id),
    isWithin,
    filter.agentId,
  );
  const automatic = outbound.filter(({ by }) => by === 'automatic').length;
  const fromDraft = outbound.filter(({ isFromDraft }) => isFromDraft).length;

  return {
    conversations: {
      opened: works.filter(({ opened, conversation }) => opened !== null && isWithin(opened) && isOf(conversation.assignee)).length,
      reopened: works.flatMap(({ reopened, conversation }) => reopened.filter((at) => isWithin(at) && isOf(conversation.assignee))).length,
      resolved: resolved.length,
    },
    messages: { in: inbound.length, out: outbound.length, automatic, fromDraft, templates: outbound.filter(({ content }) => content.kind === 'template').length },
    firstResponse: describe(answered.filter(({ isFirst }) => isFirst)),
    nextResponse: describe(answered.filter(({ isFirst }) => !isFirst)),
    resolution: describe(resolved.map(({ began, at }) => ({ open: clock.open(began, at), wall: at - began }))),
    target: judge(judged),
    days: days.map((day) => ({
      day,
      in: inbound.filter(({ at }) => clock.dayOf(at) === day).length,
      out: outbound.filter(({ at }) => clock.dayOf(at) === day).length,
      firstResponse: rank(
        answered.filter(({ isFirst, began }) => isFirst && clock.dayOf(began) === day).map(({ open }) => open),
        0.5,
      ),
      target: judge(judged.filter(({ began }) => clock.dayOf(began) === day)),
    })),
    heat: [0, 1, 2, 3, 4, 5, 6].map((weekday) =>
      Array.from({ length: 24 }, (_, hour) => inbound.filter(({ at }) => clock.hourOf(at) === hour && (new Date(`${clock.dayOf(at)}T12:00Z`).getUTCDay() + 6) % 7 === weekday).length),
    ),
    agents: [...owners].map((owner) => {
      const theirs = judged.filter((turn) => turn.owner === owner);
      const isPerson = owner !== 'automatic' && owner !== 'phone';
      return {
        by: isPerson ? 'person' : (owner as 'automatic' | 'phone'),
        agent: isPerson ? { id: owner, name: owner, isMe: false } : null,
        messages: outbound.filter(({ by }) => by === owner).length,
        turns: theirs.length,
        response: describe(theirs.filter(({ end }) => end === 'answered')),
        target: judge(theirs),
        resolved: resolved.filter(({ by }) => by === owner).length,
        open: withAgent.filter(({ assignee, status }) => assignee === owner && status === 'active').length,
      };
    }),
    serviceTypes: types.flatMap((serviceType) => {
      const theirs = judged.filter(({ conversation }) => conversation.type === serviceType);
      const row = { serviceType, conversations: wrote(serviceType), turns: theirs.length, response: describe(theirs.filter(({ end }) => end === 'answered')), target: judge(theirs) };
      return row.conversations + row.turns === 0 ? [] : [row];
    }),
    templates: templates.map((name) => {
      const some = tried.filter(({ content }) => content.kind === 'template' && content.name === name);
      const having = (...states: string[]): number => some.filter(({ status }) => states.includes(String(status))).length;
      return {
        name,
        sent: some.length,
        delivered: having('delivered', 'read', 'played'),
        read: having('read', 'played'),
        failed: having('failed'),
        answered: some.filter(({ at, conversation }) => conversation.messages.some((reply) => reply.isIn && reply.at > at && reply.at - at <= DAY)).length,
      };
    }),
    failures: [...new Set(failed.map(({ code }) => code))].map((code) => ({ code, count: failed.filter((message) => message.code === code).length })),
    windows: { lost: lost.filter(({ closes, isLost, assignee }) => isLost && isWithin(closes) && isOf(assignee)).length, stopped: failed.filter(({ code }) => code === -1 || code === 131047).length },
    ai: { ...ai, automatic, share: outbound.length === 0 ? null : ((automatic + fromDraft) / outbound.length) * 100 },
  };
}

function answeredDrafts(
  db: Database.Database,
  conversations: string[],
  isWithin: (at: number) => boolean,
  agentId: string | undefined,
): Pick<Figures['ai'], 'drafts' | 'asIs' | 'edited' | 'discarded'> {
  const decided = (db.prepare("SELECT d.*, f.share FROM ai_draft d LEFT JOIN draft_figure f ON f.draft_id = d.id WHERE d.state IN ('approved', 'discarded')").all() as Row[]).filter(
    (draft) =>
      draft['auto_state'] !== 'sent' &&
      draft['decided_by'] !== null &&
      isWithin(Number(draft['decided_at'])) &&
      (agentId === undefined || draft['decided_by'] === agentId) &&
      conversations.includes(String(draft['conversation_id'])),
  );
  const asIs = decided.filter(({ state, share }) => state === 'approved' && share === 0).length;
  const edited = decided.filter(({ state, share }) => state === 'approved' && Number(share) > 0).length;
  const discarded = decided.filter(({ state, reason }) => state === 'discarded' && reason === 'own_reply').length;
  return { drafts: asIs + edited + discarded, asIs, edited, discarded };
}
