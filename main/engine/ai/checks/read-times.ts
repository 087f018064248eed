/** Times of day: 15:00, 3 p. m., "las tres y media", "half past three", noon. Keys are minutes of the day; without a half of the day there are two. */
import type { Found } from './value.ts';

/** Which half of the day, written after a time. */
const HALF = String.raw`(?: ?(a ?\.? ?m\.?|p ?\.? ?m\.?|(?:de|en|por) la (?:manana|tarde|noche|madrugada)|del mediodia|in the (?:morning|afternoon|evening)|at night)(?![a-z]))`;
const CLOCK = new RegExp(String.raw`(?<![a-z0-9:.,])(\d{1,2})(?::|h)(\d{2})(?!\d)(?::\d{2})?${HALF}?(?: ?(?:h|hs|hrs|horas)(?![a-z]))?`, 'g');
const DOTTED = new RegExp(String.raw`(?<![a-z0-9:.,])(\d{1,2})\.(\d{2})(?: ?(?:h|hs|hrs|horas)(?![a-z])|${HALF})`, 'g');
const HOUR_HALF = new RegExp(String.raw`(?<![a-z0-9:.,])(\d{1,2})(?: y (media|cuarto|\d{1,2}))?(?: en punto)?${HALF}`, 'g');
const HOUR_SAID = new RegExp(
  String.raw`(?<![a-z])((?:a|desde|hasta|sobre|para|de|entre|y|son) las|las|a la|de la|la|at|by|around|until|from|before|after) (\d{1,2})(?![0-9:/]|[.,]\d)(?: y (media|cuarto|\d{1,2}(?! ?[a-z]))| menos (cuarto|\d{1,2}))?( en punto| o'?clock)?`,
  'g',
);
const ENGLISH_PAST = /(?<![a-z])(half|quarter|\d{1,2}(?: minutes)?) (past|to|after) (\d{1,2})(?![0-9:])/g;
const OCLOCK = /(?<![a-z0-9:])(\d{1,2}) ?o'?clock/g;
const NAMED: readonly [RegExp, number][] = [
  [/(?<![a-z])(?:mediodia|medio dia|noon|midday)(?![a-z])/g, 720],
  [/(?<![a-z])(?:medianoche|media noche|midnight)(?![a-z])/g, 0],
];
/** Follow a time of day; any other word after "las 3" is what is counted. */
const AFTER_TIME =
  /^(?: (?:a|y|o|de|hasta|en|para|el|los|las|al|del|con|por|hora|horas|hrs|h|manana|hoy|este|esta|to|and|or|on|until|tomorrow|today|sharp|this|if|si|que|como|is|cuando|when|pm|am|aproximadamente|mas|lunes|martes|miercoles|jueves|viernes|sabado|domingo|monday|tuesday|wednesday|thursday|friday|saturday|sunday|with|we|the|every|each|entre|excepto|except)(?![a-z])|[^ a-z0-9]| ?$| [^a-z0-9])/;
/** After "a las 3" only a plural says that something is counted: "a las 3 familias". */
const COUNTED = /^ (?!lunes|martes|miercoles|jueves|viernes|horas|todos|todas|mas|menos|antes|entonces|tuesdays|always)[a-z]{3,20}s(?![a-z])/;
const RANGE_BEFORE = /(?<![a-z0-9:.,])(\d{1,2})(?= ?(?:a|y|o|to|-|and|hasta|until)(?: las)? ?\ue002)/g;
const RANGE_AFTER = /(?<=\ue003 ?(?:a|y|to|-|and|hasta|until) ?(?:las )?)(\d{1,2})(?![0-9:a-z]|[.,]\d)/g;
const OPEN_RANGE =
  /(?<![a-z])(?:de|from|entre|between) (\d{1,2}) ?(?:a|to|-|y|and|hasta) ?(\d{1,2})(?: ?(?:h|hs|hrs|horas)(?![a-z])|(?= (?:y|los|las|de|en|and|on|every|todos|cada|excepto|menos|except)(?![a-z]))|(?! ?[a-z%$0-9:/]|[.,]\d))/g;

const halfOf = (text: string | undefined): 'am' | 'pm' | null => {
  if (text === undefined) return null;
  return /^a|manana|madrugada|morning/.test(text) ? 'am' : 'pm';
};

/** Minutes of the day that a clock may mean. `isExact`: of 24 hours. */
function minutesOf(hour: number, minute: number, half: 'am' | 'pm' | null, isExact: boolean): number[] {
  if (hour > 24 || minute > 59 || (half !== null && hour > 23)) return [];
  if (half !== null && hour <= 12) return [((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute];
  const plain = (hour % 24) * 60 + minute;
  return isExact || hour === 0 || hour > 12 ? [plain] : [plain, (plain + 720) % 1440];
}
const timeKeys = (minutes: readonly number[]): string[] => minutes.map((minute) => `t:${minute}`);
const minutesSaid = (text: string | undefined): number =>
  text === undefined ? 0 : text === 'media' || text === 'half' ? 30 : text === 'cuarto' || text === 'quarter' ? 15 : Number.parseInt(text, 10);

export function readTimes(text: string): Found[] {
  const found: Found[] = [];
  let rest = text;
  const each = (pattern: RegExp, read: (match: RegExpExecArray) => { start: number; end: number; keys: string[] } | null): void => {
    const before = found.length;
    for (const match of rest.matchAll(pattern)) {
      const one = read(match);
      if (one !== null && one.keys.length > 0) found.push({ kind: 'time', ...one });
    }
    for (const { start, end } of found.slice(before)) rest = rest.slice(0, start) + '\ue002' + '\ue001'.repeat(Math.max(0, end - start - 2)) + (end - start > 1 ? '\ue003' : '') + rest.slice(end);
  };
  const spanOf = (match: RegExpExecArray): { start: number; end: number } => ({ start: match.index, end: match.index + match[0].length });
  // One time of 13 h or later, or with a leading zero, says that the whole text counts 24 hours.
  const counts24 = /(?<![\d:.,])(?:0\d|1[3-9]|2[0-3]):\d{2}(?! ?[ap] ?\.? ?m)/.test(text);
  each(CLOCK, (match) => {
    const half = halfOf(match[3]);
    return { ...spanOf(match), keys: timeKeys(minutesOf(Number(match[1]), Number(match[2]), half, counts24)) };
  });
  each(DOTTED, (match) => ({ ...spanOf(match), keys: timeKeys(minutesOf(Number(match[1]), Number(match[2]), halfOf(match[3]), counts24)) }));
  each(HOUR_HALF, (match) => ({ ...spanOf(match), keys: timeKeys(minutesOf(Number(match[1]), minutesSaid(match[2]), halfOf(match[3]), false)) }));
  each(ENGLISH_PAST, (match) => {
    const past = minutesSaid(match[1]);
    const hour = Number(match[3]);
    const minutes = match[2] === 'to' ? minutesOf(hour, 0, null, false).map((minute) => (minute - past + 1440) % 1440) : minutesOf(hour, past, null, false);
    return { ...spanOf(match), keys: timeKeys(minutes) };
  });
  each(OCLOCK, (match) => ({ ...spanOf(match), keys: timeKeys(minutesOf(Number(match[1]), 0, null, false)) }));
  each(HOUR_SAID, (match) => {
    const [, lead = '', hourText = '', past, to, exactly] = match;
    const hour = Number(hourText);
    const end = match.index + match[0].length;
    const isSingle = /(?:^| )la$/.test(lead);
    if (hour > 24 || hour === 0 || (isSingle && hour !== 1)) return null;
    const after = rest.slice(end, end + 16);
    const isSaid = past !== undefined || to !== undefined || exactly !== undefined;
    const isPlain = lead.endsWith(' las') || isSingle;
    if (!isSaid && (isPlain ? COUNTED.test(after) : !AFTER_TIME.test(after))) return null;
    // "By 2 percent", "from 3": only what is followed by an end or a day is a time of day.
    if (!isSaid && /^(?:by|from|before|after|around|until)$/.test(lead) && hour > 12) return null;
    const minutes = to === undefined ? minutesOf(hour, minutesSaid(past), null, false) : minutesOf(hour, 0, null, false).map((minute) => (minute - minutesSaid(to) + 1440) % 1440);
    const start = match.index + lead.length + 1;
    const isLoose = lead === 'las' || /^(?:by|from|before|after|around|until)$/.test(lead);
    return { start, end, keys: [...timeKeys(minutes), ...(isLoose && !isSaid ? [`n:${hour}`] : [])] };
  });
  for (const [pattern, minute] of NAMED) each(pattern, (match) => ({ ...spanOf(match), keys: timeKeys([minute]) }));
  each(RANGE_BEFORE, (match) => ({ ...spanOf(match), keys: timeKeys(minutesOf(Number(match[1]), 0, null, false)) }));
  each(RANGE_AFTER, (match) => ({ ...spanOf(match), keys: timeKeys(minutesOf(Number(match[1]), 0, null, false)) }));
  for (const match of rest.matchAll(OPEN_RANGE)) {
    let from = match.index;
    for (const hourText of [match[1] ?? '', match[2] ?? '']) {
      const start = rest.indexOf(hourText, from);
      from = start + hourText.length;
      const keys = timeKeys(minutesOf(Number(hourText), 0, null, false));
      if (keys.length > 0) found.push({ kind: 'time', start, end: from, keys: [...keys, `n:${Number(hourText)}`] });
    }
  }
  return found;
}
