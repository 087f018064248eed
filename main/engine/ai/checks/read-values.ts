/**
 * Everything in a text that can be right or wrong: links, addresses, phones, dates, times, amounts, ids, figures, each with the keys under
 * which the same thing is found however it is written. Readers go from the most to the least specific and take what they read out of the
 * text, so that the year of a date is no figure of its own. All patterns are bounded: none looks further than a few characters.
 */
import { foldOffsets, originalSpan, type Folded } from './fold-offsets.ts';
import { spellOut, type NumberLanguage } from './number-words.ts';
import { readCalendar } from './read-dates.ts';
import { readTimes } from './read-times.ts';
import type { Found, Value } from './value.ts';

export type ReadText = { folded: Folded; values: Value[] };

/** Stands for what was read; no pattern crosses it. */
const TAKEN = '\ue001';
const take = (text: string, found: readonly { start: number; end: number }[]): string => {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of [...found].toSorted((one, other) => one.start - other.start)) {
    if (start < at) continue;
    pieces.push(text.slice(at, start), TAKEN.repeat(end - start));
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
};

/** @param isMonthFirst also reads 12/05 as December 5. */
export function readValues(original: string, options: { language: NumberLanguage; isMonthFirst: boolean }): ReadText {
  const { folded, isWord } = spellOut(foldOffsets(original), options.language);
  const all: Found[] = [];
  let text = take(folded.text, findOrnaments(folded.text));
  const read = (reader: (text: string) => Found[]): void => {
    const found = reader(text);
    all.push(...found);
    text = take(text, found);
  };
  read(readLinks);
  read(readMails);
  read((rest) => readMoney(rest, folded));
  read((rest) => readCalendar(rest, options.isMonthFirst, folded));
  read(readTimes);
  read((rest) => readPhones(rest));
  read(readIds);
  read((rest) => readNumbers(rest, folded.text));
  const values = all
    .map(({ kind, start, end, keys, parts = [], noun = null, date = null }) => ({
      kind,
      start,
      end,
      span: originalSpan(folded, start, end),
      keys,
      parts,
      isWord: isWord[start] === true,
      noun,
      date,
    }))
    .toSorted((one, other) => one.start - other.start);
  return { folded, values };
}

const spanOf = (match: RegExpExecArray): { start: number; end: number } => ({ start: match.index, end: match.index + match[0].length });

/** Numbers of a list and keycap emoji say nothing. */
function findOrnaments(text: string): { start: number; end: number }[] {
  return [...text.matchAll(/(?:^|\n)[ *_]{0,3}\d{1,2}[.)](?=[ *_]{1,3}\S)|\d\ufe0f?\u20e3/g)].map(spanOf);
}

const LINK =
  /(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>"'\ue001]{1,500}|(?<![\p{L}\p{N}_@.-])((?:[\p{L}\p{N}-]{1,63}[.\u3002\uff0e\uff61]){1,8}\p{L}{2,24})(?:\/[^\s<>"'\ue001]{0,500}|(?![\p{L}\p{N}_]|[\p{L}\p{N}_.+-]{0,64}@))/gu;
/** Short names: x.com, t.co. */
const KNOWN_HOST = /\.(?:com|net|org|co|me|io|gt|mx)$/;
const FILE_ENDING = /\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|csv|txt|html?|mp[34]|ogg)$/;
/** "EE.UU." */
const DOUBLED = /^([a-z])\1\.([a-z])\2$/;

/**
 * Any ending may be one of an address: there are more than a thousand, and new ones every year. A full stop without its space looks the same;
 * better one of those is underlined than an address missed. No address are files, ordinals ("2.do") and abbreviations ("p.ej.").
 */
function isAddress(host: string): boolean {
  const labels = host.split(/[.\u3002\uff0e\uff61]/).slice(0, -1);
  return (labels.at(-1)?.length ?? 0) > 1 && !labels.every((label) => /^\d+$/.test(label)) && !FILE_ENDING.test(host) && !DOUBLED.test(host);
}

function readLinks(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(LINK)) {
    const [whole, host] = match;
    const link = whole.replace(/[.,;:!?)\]*_~]+$/, '');
    if (link === '' || (host !== undefined && !KNOWN_HOST.test(host) && !whole.includes('/') && !isAddress(host))) continue;
    found.push({ kind: 'url', start: match.index, end: match.index + link.length, keys: [linkKey(link)] });
  }
  return found;
}
const linkKey = (link: string): string =>
  `u:${link
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/$/, '')}`;
/** The host alone says no more than the whole link. */
export const hostKey = (key: string): string => key.split(/[/?#]/, 1)[0] ?? key;

function readMails(text: string): Found[] {
  return [...text.matchAll(/(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}/g)].map((match) => ({ kind: 'email', ...spanOf(match), keys: [`e:${match[0]}`] }));
}

/** A figure with thousands and decimals in any custom; `parseFigure` says which. Grouped by spaces only in threes. */
const FIGURE = String.raw`(?:\d{1,3}(?: \d{3}){1,4}(?:[.,]\d{1,2})?(?![\d])|\d{1,15}(?:[.,']\d{1,15}){0,5})`;

/** The value of a figure as people write it: 1,250.00 = 1.250,00 = 1 250 = 1250. Null: no single figure (1.2.3). */
export function parseFigure(raw: string): number | null {
  const plain = raw.replace(/[ ']/g, '');
  const marks = plain.replace(/\d/g, '').split('');
  const last = marks.at(-1);
  if (last === undefined) return Number(plain);
  const groups = plain.split(/[.,]/);
  const tail = groups.at(-1) ?? '';
  const areThousands = (parts: readonly string[]): boolean => /^[1-9]\d{0,2}$/.test(parts[0] ?? '') && parts.slice(1).every((part) => part.length === 3);
  if (marks.every((mark) => mark === last)) {
    if (areThousands(groups)) return Number(groups.join(''));
    return groups.length === 2 ? Number(`${groups[0] ?? ''}.${tail}`) : null;
  }
  const isOneDecimal = marks.slice(0, -1).every((mark) => mark !== last);
  return isOneDecimal && areThousands(groups.slice(0, -1)) ? Number(`${groups.slice(0, -1).join('')}.${tail}`) : null;
}

const SCALE = String.raw`(?: ?(?:mil(?:lones)?|millions?|thousand|k)(?![a-z0-9]))?`;
const scaled = (figure: number, text: string): number => (/mil(?:lon|l)/.test(text) ? figure * 1e6 : /mil|thousand|k/.test(text) ? figure * 1000 : figure);

/** A bare `$` is any currency that is written so. */
const CURRENCIES: readonly [RegExp, string][] = [
  [/^(?:us ?\$|u\$s|usd|dolar(?:es)?|dollars?|bucks)/, 'USD'],
  [/^(?:mxn|mx ?\$|pesos?)/, 'MXN'],
  [/^\$/, '$'],
  [/^(?:gtq|quetzal(?:es)?|q)/, 'GTQ'],
  [/^(?:€|eur(?:os?)?)/, 'EUR'],
  [/^(?:hnl|lempiras?|l)/, 'HNL'],
  [/^(?:₡|crc|colones)/, 'CRC'],
  [/^(?:£|gbp|pounds?)/, 'GBP'],
  [/^(?:s\/|pen|soles)/, 'PEN'],
  [/^(?:r\$|brl|reais)/, 'BRL'],
];
const currencyOf = (text: string): string => CURRENCIES.find(([pattern]) => pattern.test(text))?.[1] ?? '$';
const BEFORE = new RegExp(String.raw`(?<![a-z0-9])(us ?\$|u\$s|usd|mxn|mx ?\$|r\$|s\/|\$|gtq|q|eur|€|hnl|l|crc|₡|gbp|£)\.? ?(${FIGURE})(${SCALE})(?: (?:usd|gtq|mxn|quetzales)(?![a-z]))?`, 'g');
const AFTER = new RegExp(
  String.raw`(?<![a-z0-9.,])(${FIGURE})(${SCALE}) ?(?:de )?(quetzal(?:es)?|gtq|us\$|usd|dolar(?:es)?|dollars?|bucks|mxn|pesos?|euros?|eur|€|lempiras?|hnl|colones|crc|₡|soles|pounds?|gbp|reais|\$)(?![a-z0-9])`,
  'g',
);

function readMoney(text: string, { original, starts }: Folded): Found[] {
  const found: Found[] = [];
  const add = (match: RegExpExecArray, currency: string, raw: string, scale: string): void => {
    const figure = parseFigure(raw);
    if (figure === null) return;
    const value = scaled(figure, scale);
    found.push({ kind: 'money', ...spanOf(match), keys: [`m:${currency}:${value}`] });
  };
  for (const match of text.matchAll(BEFORE)) {
    const [, sign = '', raw = '', scale = ''] = match;
    // "q" is short for "que", and "l" for nothing: as currencies they are capitals.
    const at = starts[match.index] ?? 0;
    if ((sign === 'q' || sign === 'l') && original[at] !== sign.toUpperCase()) continue;
    add(match, currencyOf(match[0].endsWith('usd') ? 'usd' : match[0].endsWith('mxn') ? 'mxn' : sign), raw, scale);
  }
  const taken = take(text, found);
  for (const match of taken.matchAll(AFTER)) add(match, currencyOf(match[3] ?? ''), match[1] ?? '', match[2] ?? '');
  return found;
}

/** Seven to fifteen digits with what people put between them. */
function readPhones(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(/(?<![a-z0-9.,+-])(?:\+ ?|00)?\(?\d[\d ().-]{5,22}\d(?![a-z0-9])/g)) {
    const raw = match[0];
    const digits = raw.replace(/\D/g, '');
    if (digits.length < 7 || digits.length > 17) continue;
    const groups = raw.match(/\d+/g) ?? [];
    // 1 250 000 and 20261204 are figures as well; small groups may be figures in a row.
    const isBare = groups.length === 1 && !raw.startsWith('+');
    const isGrouped = /^\d{1,3}(?: \d{3})+$/.test(raw);
    const keys = [`p:${raw.startsWith('00') ? digits.slice(2) : digits}`];
    if (isBare) keys.push(`i:${digits}`, `n:${Number(digits)}`);
    if (isGrouped) keys.push(`n:${Number(digits)}`);
    found.push({ kind: 'phone', ...spanOf(match), keys, parts: groups.length > 1 && groups.every((group) => group.length <= 4) ? groups.map(numberKeys) : [] });
  }
  return found;
}

const numberKeys = (digits: string): string[] => [`n:${Number(digits)}`];

type Unit = { family: string; factor: number };
const UNIT_WORDS: readonly [RegExp, Unit][] = [
  [/^(?:segundos?|seconds?|segs?|secs?)$/, { family: 'min', factor: 1 / 60 }],
  [/^(?:min|mins|minutos?|minutes?)$/, { family: 'min', factor: 1 }],
  [/^(?:h|hs|hr|hrs|horas?|hours?)$/, { family: 'min', factor: 60 }],
  [/^(?:dias?|days?|(?:business|working|calendar) days?)$/, { family: 'min', factor: 1440 }],
  [/^(?:semanas?|weeks?|wks?)$/, { family: 'min', factor: 10_080 }],
  [/^(?:mes|meses|months?)$/, { family: 'month', factor: 1 }],
  [/^(?:anos?|years?|yrs?)$/, { family: 'month', factor: 12 }],
  [/^(?:%|por ciento|porciento|percent|per cent)$/, { family: '%', factor: 1 }],
  [/^(?:km|kilometros?|kilometers?|kilometres?)$/, { family: 'm', factor: 1000 }],
  [/^(?:m3|m³|mts3|metros cubicos|cubic meters?)$/, { family: 'l', factor: 1000 }],
  [/^(?:m2|m²|mts2|metros cuadrados|square meters?)$/, { family: 'm2', factor: 1 }],
  [/^(?:m|mts?|metros?|meters?|metres?)$/, { family: 'm', factor: 1 }],
  [/^(?:cm|centimetros?|centimeters?)$/, { family: 'm', factor: 0.01 }],
  [/^(?:mm|milimetros?)$/, { family: 'm', factor: 0.001 }],
  [/^(?:l|lts?|litros?|liters?|litres?)$/, { family: 'l', factor: 1 }],
  [/^(?:gal|galon|galones|gallons?)$/, { family: 'gal', factor: 1 }],
  [/^(?:kg|kgs|kilos?|kilogramos?|kilograms?)$/, { family: 'kg', factor: 1 }],
  [/^(?:lb|lbs|libras?)$/, { family: 'lb', factor: 1 }],
];
const UNIT =
  '(?:(?:business|working|calendar) days?|metros? cubicos|metros? cuadrados|cubic meters?|square meters?|por ciento|per cent|porciento|percent|%|segundos?|seconds?|segs?|minutos?|minutes?|mins?|horas?|hours?|hrs?|hs|h|dias?|days?|semanas?|weeks?|meses|mes|months?|anos?|years?|kilometros?|kilometers?|km|centimetros?|cm|milimetros?|mm|m3|m³|m2|m²|mts?|metros?|meters?|m|litros?|liters?|lts?|l|galones|galon|gallons?|gal|kilogramos?|kilos?|kgs?|libras?|lbs?|lb)(?![a-z0-9])';
const unitOf = (text: string): Unit | null => UNIT_WORDS.find(([pattern]) => pattern.test(text.replace(/s? cubicos/, 's cubicos').replace(/s? cuadrados/, 's cuadrados')))?.[1] ?? null;
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
/** Figure with its unit, `q:min:120`; 24 hours are one day. */
const quantityKey = (figure: number, unit: Unit): string => `q:${unit.family}:${rounded(figure * unit.factor)}`;

const ORDINAL_OR_UNIT = new RegExp(String.raw`^\d{1,6}(?:st|nd|rd|th|er|ro|ra|do|da|to|ta|mo|vo|no|x|k|am|pm|${UNIT.slice(3, UNIT.lastIndexOf(')('))})$`);

/** Letters and digits joined (SOL-1042, 3-45, 24/7), and figures that are called a number of something. */
function readIds(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(/(?<![a-z0-9])#?[a-z0-9]{1,40}(?:[-_/#][a-z0-9]{1,40}){0,8}(?![a-z0-9])/g)) {
    const raw = match[0];
    if (!/\d/.test(raw)) continue;
    const pieces = raw.replace(/^#/, '').split(/[-_/#]/);
    const hasLetter = /[a-z]/.test(raw);
    const isJoined = pieces.length > 1;
    if (!hasLetter && !isJoined && !raw.startsWith('#')) continue;
    if (pieces.every((piece) => /^\d+$/.test(piece)) && text[match.index + raw.length] === '.' && /^\.\d/.test(text.slice(match.index + raw.length))) continue;
    if (!isJoined && (ORDINAL_OR_UNIT.test(raw) || /^m[23]$/.test(raw))) continue;
    // "3-5 días", "8-10h": two figures. So is "fin-2".
    if (isJoined && !hasLetter && pieces.length === 2 && new RegExp(`^ ?${UNIT}`).test(text.slice(match.index + raw.length, match.index + raw.length + 20))) continue;
    if (isJoined && ORDINAL_OR_UNIT.test(pieces.at(-1) ?? '') && pieces.slice(0, -1).every((piece) => /^\d+$/.test(piece))) continue;
    const keys = [`i:${pieces.join('')}`, ...(/^#\d+$/.test(raw) ? [`is:${raw.slice(1)}`] : [])];
    const parts = isJoined && !hasLetter ? pieces.map(numberKeys) : [];
    found.push({ kind: 'id', ...spanOf(match), keys, parts });
  }
  const rest = take(text, found);
  for (const match of rest.matchAll(
    /(?<![a-z0-9])(?:(?:solicitud|pedido|orden|caso|ticket|folio|expediente|factura|contrato|tramite|referencia|request|order|case|reference|invoice|contract|sol)(?: de servicio)?(?: (?:numero|number|no\.?|nro\.?|num\.?|n°|nº|id))?|(?:numero|number|no\.|nro\.?|num\.|n°|nº)(?: de (?:solicitud|pedido|orden|caso|ticket|factura|contrato))?)[ :#*-]{1,4}(\d{1,14})(?![a-z0-9]|[.,:]\d)/g,
  )) {
    const digits = match[1] ?? '';
    const end = match.index + match[0].length;
    found.push({ kind: 'id', start: end - digits.length, end, keys: [`i:${digits}`, `is:${digits}`] });
  }
  return found;
}

const NUMBER = new RegExp(String.raw`(?<![a-z0-9])(?:(?<=[^.,']|^)|(?<=[^\d][.,']))(${FIGURE})(${SCALE})(?: ?(${UNIT}))?`, 'g');
const RANGE_UNIT = new RegExp(String.raw`^ ?(?:a|o|y|u|to|or|and|-|al|hasta) ?${FIGURE} ?(${UNIT})`);

function readNumbers(text: string, whole: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(NUMBER)) {
    const [, raw = '', scale = '', unitText] = match;
    const start = match.index;
    const end = start + match[0].length;
    const figure = parseFigure(raw);
    if (figure === null) {
      found.push({ kind: 'number', start, end, keys: [`v:${raw}`], parts: (raw.match(/\d+/g) ?? []).map(numberKeys) });
      continue;
    }
    const value = scaled(figure, scale);
    const unit = unitText === undefined ? unitOf(RANGE_UNIT.exec(text.slice(end, end + 40))?.[1] ?? '') : unitOf(unitText);
    const parts = / /.test(raw) ? raw.split(' ').map((part) => numberKeys(part.replace(/\D.*$/, ''))) : [];
    if (unit !== null) found.push({ kind: 'number', start, end, keys: [quantityKey(value, unit), `b:${value}`], parts });
    else found.push({ kind: 'number', start, end, keys: [`n:${value}`], parts, noun: nounAfter(whole, end) });
  }
  return found;
}

const NO_NOUNS: ReadonlySet<string> = new Set([
  'para',
  'pero',
  'desde',
  'hasta',
  'como',
  'cuando',
  'donde',
  'entre',
  'sobre',
  'este',
  'esta',
  'from',
  'with',
  'that',
  'this',
  'when',
  'then',
  'than',
  'which',
  'will',
  'mas',
  'more',
  'tambien',
  'also',
  'porque',
  'aproximadamente',
  'zona',
  'your',
]);
/** What a figure counts, by its first letters: "visita" and "visitas" are one. */
function nounAfter(text: string, end: number): string | null {
  const noun = /^ ([a-z]{4,20})(?![a-z])/.exec(text.slice(end, end + 24))?.[1];
  return noun === undefined || NO_NOUNS.has(noun) ? null : noun.slice(0, 5);
}
