/**
 * Adds records of conversations up to the figures of a period. Invariant: what depends on business hours, on the target and on the time is counted
 * here, from the moments that the records have.
 */
import type { Figures } from '../../../contract/reports.ts';
import type { OpenTime } from '../hours/open-time.ts';
import { dayNumber, nameDay, startOfDay, weekdayOf } from '../hours/calendar.ts';
import { DAY_MS, type Stretch } from '../hours/zone.ts';
import { BY, FACT, FACT_WIDTH, FLAG, flagsOf, kindOf, nameOf, NONE } from './packed-facts.ts';
import { createLengths, percentile, spansOf, type Lengths } from './spans.ts';

const HOUR = 60 * 60 * 1000;

/** Days of the business's calendar, both included. */
export type Period = { from: string; to: string };
/** Whose the conversation is at present: numbers of agents as records have them. `serviceType` null: linked to no request. */
export type Place = { assignee: number; serviceType: string | null };
type Deps = {
  open: OpenTime;
  /** Ms of business hours; null: there is no target. */
  targetMs: number | null;
  /** The number of the agent whose figures are wanted; null: everybody's. */
  agent: number | null;
  /** Relay time, ms. */
  now: number;
};
type Target = { within: number; late: number; missed: number };
type Group = { turns: number; messages: number; conversations: number; resolved: number; open: Lengths; wall: Lengths; target: Target };
type Template = Figures['templates'][number];
export type Tally = {
  readonly startsAt: number;
  readonly endsAt: number;
  add(facts: Float64Array, place: Place): void;
  /** The parts of the figures that come from records; people and templates by their numbers. */
  read(): {
    figures: Omit<Figures, 'agents' | 'serviceTypes' | 'templates' | 'ai'>;
    byAgent: Map<number, Group>;
    automatic: Group;
    phone: Group;
    byServiceType: Map<string | null, Group>;
    byTemplate: Map<number, Omit<Template, 'name'>>;
  };
  /** Of a person, made where there is none. */
  groupOf(agent: number): Group;
  viewGroup(group: Group): { turns: number; response: Figures['firstResponse']; target: Figures['target'] };
};

const noTarget = (): Target => ({ within: 0, late: 0, missed: 0 });
const newGroup = (): Group => ({ turns: 0, messages: 0, conversations: 0, resolved: 0, open: createLengths(), wall: createLengths(), target: noTarget() });
const viewTarget = ({ within, late, missed }: Target): Figures['target'] => {
  const judged = within + late + missed;
  return { within, late, missed, share: judged === 0 ? null : (within / judged) * 100 };
};
function findOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

export function createTally({ from, to }: Period, { open, targetMs, agent, now }: Deps): Tally {
  const { zone } = open;
  const firstDay = dayNumber(from);
  const dayCount = dayNumber(to) - firstDay + 1;
  /** One more than there are days: where the last one ends. */
  const dayStarts = Float64Array.from({ length: dayCount + 1 }, (_, index) => startOfDay(firstDay + index, zone));
  const startsAt = dayStarts[0] as number;
  const endsAt = dayStarts[dayCount] as number;
  const stretches = zone.stretches(startsAt, endsAt);
  let stretch: Stretch = stretches[0] ?? { from: startsAt, to: endsAt, offset: 0 };

  const conversations = { opened: 0, reopened: 0, resolved: 0 };
  const messages = { in: 0, out: 0, automatic: 0, fromDraft: 0, templates: 0 };
  const windows = { lost: 0, stopped: 0 };
  const first = { open: createLengths(), wall: createLengths() };
  const next = { open: createLengths(), wall: createLengths() };
  const resolution = { open: createLengths(), wall: createLengths() };
  const target = noTarget();
  const days = Array.from({ length: dayCount }, (_, index) => ({ day: nameDay(firstDay + index), in: 0, out: 0, first: null as Lengths | null, target: noTarget() }));
  const heat = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  const failures = new Map<number, number>();
  const byAgent = new Map<number, Group>();
  const automatic = newGroup();
  const phone = newGroup();
  const byServiceType = new Map<string | null, Group>();
  const byTemplate = new Map<number, Omit<Template, 'name'>>();

  const dayOf = (at: number): (typeof days)[number] => {
    let index = Math.min(dayCount - 1, Math.max(0, Math.floor((at - startsAt) / DAY_MS)));
    while (at < (dayStarts[index] as number)) index -= 1;
    while (at >= (dayStarts[index + 1] as number)) index += 1;
    return days[index] as (typeof days)[number];
  };
  const addHeat = (at: number): void => {
    if (at < stretch.from || at >= stretch.to) stretch = stretches.find((one) => at < one.to) ?? stretch;
    const wall = at + stretch.offset;
    const row = heat[weekdayOf(Math.floor(wall / DAY_MS))] as number[];
    const hour = Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / HOUR);
    row[hour] = (row[hour] as number) + 1;
  };
  /** Who has a group of their own; null: nobody. */
  const groupOf = (by: number, name: number): Group | null => {
    if (by === BY.automatic) return automatic;
    if (by === BY.phone) return phone;
    return name === 0 ? null : findOrAdd(byAgent, name, newGroup);
  };
  const judge = (began: number, ended: number, length: number): keyof Target | null => {
    if (targetMs === null) return null;
    if (ended !== NONE) return length <= targetMs ? 'within' : 'late';
    return open.between(began, now) > targetMs ? 'missed' : null;
  };

  const addTurn = (head: number, began: number, ended: number, { assignee }: Place, service: Group): void => {
    const flags = flagsOf(head);
    const by = flags & FLAG.byMask;
    const group = ended === NONE ? groupOf(BY.person, assignee) : groupOf(by, nameOf(head));
    const day = dayOf(began);
    const length = ended === NONE ? 0 : open.between(began, ended);
    const verdict = judge(began, ended, length);
    service.turns += 1;
    if (group) group.turns += 1;
    if (verdict !== null) {
      target[verdict] += 1;
      day.target[verdict] += 1;
      service.target[verdict] += 1;
      if (group) group.target[verdict] += 1;
    }
    if (ended === NONE) return;
    const isFirst = (flags & FLAG.isFirst) !== 0;
    for (const lengths of [isFirst ? first : next, service, group]) {
      lengths?.open.add(length);
      lengths?.wall.add(ended - began);
    }
    if (isFirst) (day.first ??= createLengths()).add(length);
  };

  const addOut = (head: number, at: number): void => {
    const flags = flagsOf(head);
    const by = flags & FLAG.byMask;
    messages.out += 1;
    dayOf(at).out += 1;
    if (by === BY.automatic) messages.automatic += 1;
    if ((flags & FLAG.isFromDraft) !== 0) messages.fromDraft += 1;
    if ((flags & FLAG.isTemplate) !== 0) messages.templates += 1;
    const group = groupOf(by, nameOf(head));
    if (group) group.messages += 1;
  };

  const addTemplate = (head: number): void => {
    const flags = flagsOf(head);
    const sums = findOrAdd(byTemplate, nameOf(head), () => ({ sent: 0, delivered: 0, read: 0, failed: 0, answered: 0 }));
    sums.sent += 1;
    if ((flags & FLAG.delivered) !== 0) sums.delivered += 1;
    if ((flags & FLAG.read) !== 0) sums.read += 1;
    if ((flags & FLAG.failed) !== 0) sums.failed += 1;
    if ((flags & FLAG.answered) !== 0) sums.answered += 1;
  };

  /** Whose a record is, for the filter. */
  const ownerOf = (kind: number, head: number, other: number, { assignee }: Place): number => {
    switch (kind) {
      case FACT.opened:
      case FACT.reopened:
      case FACT.lost:
        return assignee;
      case FACT.template:
        return other;
      case FACT.in:
      case FACT.turn:
        return (flagsOf(head) & FLAG.byMask) === BY.nobody ? assignee : nameOf(head);
      default:
        return nameOf(head);
    }
  };

  return {
    startsAt,
    endsAt,
    add: (facts, place) => {
      let service: Group | null = null;
      let hasMessages = false;
      for (let index = 0; index < facts.length; index += FACT_WIDTH) {
        const at = facts[index + 1] as number;
        if (at < startsAt || at >= endsAt) continue;
        const head = facts[index] as number;
        const kind = kindOf(head);
        const other = facts[index + 2] as number;
        if (agent !== null && ownerOf(kind, head, other, place) !== agent) continue;
        service ??= findOrAdd(byServiceType, place.serviceType, newGroup);
        switch (kind) {
          case FACT.in:
            messages.in += 1;
            dayOf(at).in += 1;
            addHeat(at);
            hasMessages = true;
            break;
          case FACT.out:
            addOut(head, at);
            hasMessages = true;
            break;
          case FACT.turn:
            addTurn(head, at, other, place, service);
            break;
          case FACT.resolved: {
            conversations.resolved += 1;
            resolution.open.add(open.between(other, at));
            resolution.wall.add(at - other);
            const group = groupOf(BY.person, nameOf(head));
            if (group) group.resolved += 1;
            break;
          }
          case FACT.opened:
            conversations.opened += 1;
            break;
          case FACT.reopened:
            conversations.reopened += 1;
            break;
          case FACT.lost:
            // Of somebody who still waits it may lie ahead.
            if (at <= now) windows.lost += 1;
            break;
          case FACT.template:
            addTemplate(head);
            break;
          case FACT.failed:
            failures.set(other, (failures.get(other) ?? 0) + 1);
            break;
          default:
            windows.stopped += 1;
        }
      }
      if (service && hasMessages) service.conversations += 1;
    },
    read: () => ({
      figures: {
        conversations,
        messages,
        firstResponse: spansOf(first.open, first.wall),
        nextResponse: spansOf(next.open, next.wall),
        resolution: spansOf(resolution.open, resolution.wall),
        target: viewTarget(target),
        days: days.map(({ first: lengths, target: judged, ...day }) => ({ ...day, firstResponse: lengths && percentile(lengths, 0.5), target: viewTarget(judged) })),
        heat,
        failures: [...failures].map(([code, count]) => ({ code: code === NONE ? null : code, count })).toSorted((a, b) => b.count - a.count || (a.code ?? 0) - (b.code ?? 0)),
        windows,
      },
      byAgent,
      automatic,
      phone,
      byServiceType,
      byTemplate,
    }),
    groupOf: (number) => findOrAdd(byAgent, number, newGroup),
    viewGroup: ({ turns, open: lengths, wall, target: judged }) => ({ turns, response: spansOf(lengths, wall), target: viewTarget(judged) }),
  };
}
