/**
 * What facts and the customer's own messages prove, and whether a value of a draft is among it, in the same role: Q500 is not proved by
 * zone 500, nor the approved date by the requested one.
 */
import type { Fact } from '../../../../contract/ai/ai-entities.ts';
import { phoneTwin } from '../../../../contract/rules/phone-variants.ts';
import { foldOffsets } from './fold-offsets.ts';
import { dateKey, weekdayOf, weekdaysBetween } from './read-dates.ts';
import { hostKey, readValues, type ReadText } from './read-values.ts';
import type { CalendarDate, Value } from './value.ts';

export type Evidence = {
  keys: ReadonlySet<string>;
  phones: readonly string[];
  dates: readonly CalendarDate[];
  /** Role (`deposit`) → keys that facts give it. */
  roles: ReadonlyMap<string, ReadonlySet<string>>;
  /** What is counted → figures that stand before it. */
  nouns: ReadonlyMap<string, ReadonlySet<string>>;
  /** Days of the week (`w:0`) that facts tell of only as closed. */
  closedDays: ReadonlySet<string>;
};

/** Words that say which of several figures is meant. */
const ROLE_WORDS: readonly [string, RegExp][] = [
  ['deposit', /anticipo|enganche|adelanto|deposit(?:o|s)?(?![a-z])|down payment|advance payment/],
  ['balance', /saldo|restante|balance|remaining/],
  ['discount', /descuento|rebaja|discount/],
  ['total', /(?:^|[^a-z])total(?![a-z])/],
  ['surcharge', /recargo|multa|penaliza|surcharge|penalty|late fee/],
  ['warranty', /garantia|warranty|guarantee/],
  ['requested', /solicitad[oa]|requested/],
  ['approved', /aprobad[oa]|approved/],
  ['vendor', /proveedor|vendor|tecnico|technician/],
  ['customer', /(?:^|[^a-z])(?:cliente|customer)(?![a-z])/],
  ['office', /oficina|(?:^|[^a-z])office(?![a-z])/],
  ['zone', /(?:^|[^a-z])(?:zona|zone)(?![a-z])/],
  ['street', /(?:^|[^a-z])(?:calle|street)(?![a-z])/],
  ['avenue', /(?:^|[^a-z])(?:avenida|avenue)(?![a-z])/],
  ['opening', /(?:^|[^a-z])(?:abrimos|abre|abren|apertura|we open|opens?)(?![a-z])/],
  ['closing', /(?:^|[^a-z])(?:cerramos|cierra|cierran|cierre|we close|closes?)(?![a-z])/],
];
/** A figure without a currency counts as an amount where these stand. */
const PRICE_WORDS = /precio|costo|cuesta|monto|total|tarifa|valor|saldo|anticipo|price|cost|amount|fee|rate/;

/** The role word nearest before a value: between it and the value or sentence before it, else that of the label. */
function roleOf(text: string, from: number, start: number): string | null {
  const before = text.slice(Math.max(from, start - 120), start);
  let best: { role: string; at: number } | null = null;
  for (const [role, pattern] of ROLE_WORDS) {
    const at = lastIndexOf(before, pattern);
    if (at >= 0 && (best === null || at > best.at)) best = { role, at };
  }
  return best?.role ?? null;
}
function lastIndexOf(text: string, pattern: RegExp): number {
  let last = -1;
  for (const match of text.matchAll(new RegExp(pattern.source, 'g'))) last = match.index;
  return last;
}

/** Each value with the role that its clause gives it. */
function withRoles({ folded: { text }, values }: ReadText): { value: Value; role: string | null }[] {
  let previousEnd = 0;
  return values.map((value) => {
    const clause = Math.max(text.lastIndexOf('\n', value.start - 1), text.lastIndexOf(';', value.start - 1), lastSentenceEnd(text, value.start));
    const role = roleOf(text, Math.max(previousEnd, clause + 1), value.start);
    previousEnd = value.end;
    return { value, role };
  });
}
function lastSentenceEnd(text: string, before: number): number {
  for (const mark of ['. ', '? ', '! ']) {
    const at = text.lastIndexOf(mark, before - 1);
    if (at >= 0 && before - at < 200 && !text.slice(at, before).slice(2).includes(mark)) return at;
  }
  return -1;
}

/** Everything that follows from a value, also what is said less exactly: of a date its day and month, of an amount its figure. */
function spread(value: Value): string[] {
  // Of a quantity only itself and its figure: "3 días" does not prove three of anything else.
  const keys = value.keys.filter((key) => !key.startsWith('b:'));
  for (const key of value.keys) {
    const [head = '', ...rest] = key.split(':');
    const last = rest.at(-1) ?? '';
    if (head === 'u') keys.push(hostKey(key));
    if (head === 'm') keys.push(`n:${last}`, ...(rest[0] === 'USD' || rest[0] === 'MXN' ? [`m:$:${last}`] : []));
    if (head === 'b') keys.push(`n:${last}`);
    if (head === 'n') keys.push(`i:${last}`, `is:${last}`, ...(value.noun === null ? [`b:${last}`] : []));
    if (head === 'i') {
      const digits = /(\d{2,})$/.exec(last)?.[1];
      if (digits !== undefined) keys.push(`is:${digits}`);
    }
  }
  for (const part of value.parts) keys.push(...part);
  const { date } = value;
  if (date !== null) {
    keys.push(dateKey({ ...date, year: null }), `mo:${String(date.month).padStart(2, '0')}`, `dd:${date.day}`);
    if (date.year !== null) keys.push(`ym:${date.year}-${String(date.month).padStart(2, '0')}`, `n:${date.year}`, `w:${weekdayOf(date.year, date.month, date.day)}`);
  }
  return keys;
}

/** @param facts typed, so their labels count; @param customerTexts what the customer wrote in this conversation. */
export function gatherEvidence(facts: readonly Fact[], customerTexts: readonly string[]): Evidence {
  const keys = new Set<string>();
  const phones: string[] = [];
  const dates: CalendarDate[] = [];
  const roles = new Map<string, Set<string>>();
  const nouns = new Map<string, Set<string>>();
  const days = { open: new Set<string>(), closed: new Set<string>() };
  const gather = (original: string, labels: string | null, isNow = false): void => {
    // What "once" is depends on the language: proved is either.
    for (const language of ['es', 'en'] as const) {
      const read = readValues(original, { language, isMonthFirst: labels === null || language === 'en' });
      for (const { value, role } of withRoles(read)) {
        // A link stands where a fact gave it: what a customer sends is not sent back.
        if (value.kind === 'url' && labels === null) continue;
        const spreadKeys = spread(value);
        // That it is Sunday does not say that anything happens on Sundays.
        for (const key of spreadKeys) if (!isNow || !key.startsWith('w:')) keys.add(key);
        for (const key of value.keys) if (key.startsWith('p:')) phones.push(key.slice(2));
        if (value.date !== null) dates.push(value.date);
        // What a label names is not what the fact says.
        if (labels === null || value.start < labels.length) continue;
        if (value.kind === 'weekday') addDay(days, value, read.folded.text);
        const given = role ?? roleOf(labels, 0, labels.length);
        if (given !== null) addTo(roles, given, spreadKeys);
        if (value.noun !== null) addTo(nouns, value.noun, value.keys);
        if (value.kind === 'number' && PRICE_WORDS.test(`${labels} ${read.folded.text}`)) for (const key of value.keys) if (key.startsWith('n:')) keys.add(`pb:${key.slice(2)}`);
      }
      for (const key of weekdaysBetween(read.folded.text)) keys.add(key);
      for (const match of read.folded.text.matchAll(/(?<![a-z])(hoy|manana|tomorrow|today)(?![a-z])/g)) if (labels !== null) keys.add(`rel:${match[1] ?? ''}`);
    }
  };
  for (const { kind, label, text } of facts) {
    // Until when the service window is open is nothing for customers, and the hour that it is proves no appointment.
    if (kind === 'window') continue;
    if (kind === 'message') gather(text, '');
    else if (kind === 'time') gather(text.replace(/\d{1,2}:\d{2}.*$/s, ''), '', true);
    else gather(`${label}: ${text}`, foldOffsets(label).text);
  }
  for (const text of customerTexts) gather(text, null);
  const closedDays = new Set([...days.closed].filter((key) => !days.open.has(key) && !keys.has(key.replace('w:', 'wr:'))));
  return { keys, phones, dates, roles, nouns, closedDays };
}

const OPEN = /(?<![a-z])(?:abrimos|abre|abren|abierto|abierta|atendemos|atiende|atienden|trabajamos|laboramos|we (?:are )?open|opens?)(?![a-z])/;
const CLOSED = /cerrad[oa]|(?<![a-z])(?:cerramos|cierra|cierran)(?! a las| hasta)|(?<![a-z])no (?:abrimos|abre|abren|atendemos|trabajamos|laboramos)|(?<![a-z])(?:closed|we close)(?! at)|not open/;
/** What a text says of a day: by the nearest word before it in its clause, else by the first one after it. Null: neither. */
function hoursOf({ start, end }: Value, text: string): 'open' | 'closed' | null {
  const isBreak = /[,;\n]|[.!?](?=\s|$)/g;
  const from = Math.max(0, ...[...text.slice(0, start).matchAll(isBreak)].map(({ index }) => index + 1));
  const length = text.slice(end).search(/[,;\n]|[.!?](?=\s|$)/);
  const [before, after] = [text.slice(from, start), text.slice(end, length < 0 ? undefined : end + length)];
  const [open, closed] = [lastIndexOf(before, OPEN), lastIndexOf(before, CLOSED)];
  // "No abrimos" holds "abrimos".
  if (open >= 0 || closed >= 0) return closed >= 0 && closed >= open - 3 ? 'closed' : 'open';
  const [next, never] = [after.search(OPEN), after.search(CLOSED)];
  if (next < 0 && never < 0) return null;
  return never >= 0 && (next < 0 || never <= next) ? 'closed' : 'open';
}
const addDay = (days: Record<'open' | 'closed', Set<string>>, value: Value, text: string): void => {
  for (const key of value.keys) days[hoursOf(value, text) ?? 'open'].add(key);
};

const addTo = (map: Map<string, Set<string>>, name: string, keys: readonly string[]): void => {
  const held = map.get(name) ?? new Set();
  for (const key of keys) held.add(key);
  map.set(name, held);
};

/** With or without the country's code, and in both ways that some countries have. */
function isSamePhone(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short === long) return true;
  const trunkless = short.replace(/^0/, '');
  return trunkless.length >= 7 && long.length - trunkless.length <= 4 && long.endsWith(trunkless);
}
const hasPhone = (digits: string, phones: readonly string[]): boolean => {
  const twin = phoneTwin(digits);
  return phones.some((phone) => isSamePhone(digits, phone) || (twin !== null && isSamePhone(twin, phone)));
};

/** The years a day without one may be in: this one, and the one before or after where that is nearer. */
const nearYears = (now: number): number[] => {
  const year = new Date(now).getUTCFullYear();
  return [year, year + 1, year - 1];
};

function proves(key: string, evidence: Evidence, now: number): boolean {
  if (evidence.keys.has(key)) return true;
  const [head = '', ...rest] = key.split(':');
  if (head === 'p') return hasPhone(rest[0] ?? '', evidence.phones);
  if (head === 'm') return evidence.keys.has(`pb:${rest[1] ?? ''}`) || (rest[0] === '$' && ['USD', 'MXN'].some((currency) => evidence.keys.has(`m:${currency}:${rest[1] ?? ''}`)));
  // The year is added where the fact has none.
  if (head === 'd') {
    const [year = '', month = '', day = ''] = (rest[0] ?? '').split('-');
    const hasYear = evidence.dates.some((date) => date.year !== null && date.month === Number(month) && date.day === Number(day));
    return !hasYear && nearYears(now).includes(Number(year)) && evidence.keys.has(`md:${month}-${day}`);
  }
  return false;
}

/** Where opening hours are told, or a day is asked for, "lunes a viernes" holds Tuesday; an appointment on Tuesday it does not prove. */
const OF_HOURS = /atend|abr(?:e|imos|en|ir)|abiert|horario|trabaj|labora|cerr|cierr|open|close|hours|available|disponib|working/;
const isOfHours = (value: Value, text: string): boolean => {
  const from = Math.max(text.lastIndexOf('. ', value.start), text.lastIndexOf('\n', value.start), text.lastIndexOf('? ', value.start), 0);
  const length = text.slice(value.start).search(/[.!?\n](?:\s|$)/);
  const sentence = text.slice(from, length < 0 ? text.length : value.start + length + 1);
  const isHabit = text.slice(0, value.start).endsWith('los ') || text.slice(value.start, value.end).endsWith('days');
  return isHabit || sentence.endsWith('?') || OF_HOURS.test(sentence);
};

/** A figure with a unit is proved by the same quantity; by a bare figure only where the facts give it no unit. */
const isProved = (value: Value, evidence: Evidence, now: number): boolean =>
  value.keys.some((key) => proves(key, evidence, now)) || (value.parts.length > 0 && value.parts.every((part) => part.some((key) => proves(key, evidence, now))));

export type Unproved = { value: Value; /** What the facts say instead, or the role in question. */ why: string };

/** Values of a text that nothing proves, or that stand in another's role. */
export function findUnproved(read: ReadText, evidence: Evidence, now: number): Unproved[] {
  const found: Unproved[] = [];
  for (const { value, role } of withRoles(read)) {
    const isInRange = value.kind === 'weekday' && value.keys.some((key) => evidence.keys.has(key.replace('w:', 'wr:'))) && isOfHours(value, read.folded.text);
    if (!isInRange && !isProved(value, evidence, now)) {
      found.push({ value, why: '' });
      continue;
    }
    // Of several days that are told of each is right; wrong is an open one that is closed.
    if (value.kind === 'weekday' && (role === 'opening' || role === 'closing' || role === null)) {
      if (value.keys.some((key) => evidence.closedDays.has(key)) && hoursOf(value, read.folded.text) === 'open') found.push({ value, why: 'opening' });
      continue;
    }
    const held = role === null ? undefined : evidence.roles.get(role);
    // Only where the facts have something of this kind for the role: a phone there says nothing of a date.
    const heads = new Set(value.keys.map(headOf));
    const rivals = held === undefined ? [] : [...held].filter((key) => heads.has(headOf(key)));
    if (role !== null && rivals.length > 0 && !value.keys.some((key) => rivals.includes(key) || (key.startsWith('p:') && rivals.some((rival) => isSamePhone(key.slice(2), rival.slice(2)))))) {
      found.push({ value, why: role });
      continue;
    }
    const counted = value.noun === null ? undefined : evidence.nouns.get(value.noun);
    if (counted !== undefined && !value.keys.some((key) => counted.has(key))) found.push({ value, why: value.noun ?? '' });
  }
  return found;
}
const headOf = (key: string): string => key.slice(0, key.indexOf(':'));

/** Days of the week that stand at a date and are not that date's. */
export function findWrongWeekdays({ folded: { text }, values }: ReadText, evidence: Evidence, now: number): { value: Value; date: Value }[] {
  const wrong: { value: Value; date: Value }[] = [];
  for (const [index, value] of values.entries()) {
    if (value.kind !== 'weekday') continue;
    const next = values[index + 1];
    const previous = values[index - 1];
    const isNext = next?.date !== undefined && next.date !== null && /^(?:,? ?(?:el |the |dia )?|\*?,? ?\*?)$/.test(text.slice(value.end, next.start));
    const isPrevious = !isNext && previous?.date !== undefined && previous.date !== null && /^,? ?\(?$/.test(text.slice(previous.end, value.start));
    const date = isNext ? next : isPrevious ? previous : undefined;
    if (date?.date === undefined || date.date === null) continue;
    const { month, day } = date.date;
    const known = evidence.dates.filter((one) => one.month === month && one.day === day && one.year !== null).flatMap(({ year }) => (year === null ? [] : [year]));
    const years = date.date.year !== null ? [date.date.year] : known.length > 0 ? known : nearYears(now).slice(0, 2);
    if (!years.some((year) => value.keys.includes(`w:${weekdayOf(year, month, day)}`))) wrong.push({ value, date });
  }
  return wrong;
}

/** Days of the week that belong to a date beside them need no proof of their own. */
export function isBesideDate(value: Value, { folded: { text }, values }: ReadText): boolean {
  const index = values.indexOf(value);
  const next = values[index + 1];
  const previous = values[index - 1];
  return (next?.kind === 'date' && next.start - value.end <= 5 && !/[.;\n]/.test(text.slice(value.end, next.start))) || (previous?.date != null && value.start - previous.end <= 3);
}
