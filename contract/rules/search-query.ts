/**
 * What somebody types to search. Words must all be there, in any order; `"exact phrase"`; `-not`; operators in English and
 * Spanish (`OPERATORS`). Nothing that is typed is an error: what means nothing is told in `unknown`, and an operator that is
 * none is searched as words. Days are those of this machine's time zone.
 */
import { assertNever } from '../app-error.ts';
import { findWords, foldText } from './fold-text.ts';

export const HAS_KINDS = ['file', 'document', 'photo', 'video', 'audio', 'link'] as const;
export type HasKind = (typeof HAS_KINDS)[number];

/** One word or more that stand together. `isPrefix`: the last one may be unfinished. */
export type SearchTerm = { text: string; isPrefix: boolean };

export type SearchQuery = {
  terms: SearchTerm[];
  not: SearchTerm[];
  /** Names of people and agents as typed, or `me`. One of them is enough. */
  from: string[];
  to: string[];
  /** One of them is enough. */
  statuses: ('active' | 'archived' | 'closed')[];
  /** Names of labels as typed; all of them. */
  labels: string[];
  /** All of them. */
  has: HasKind[];
  /** Written before, from … on; ms. */
  before: number | null;
  after: number | null;
  isUnread: boolean;
  /** What service requests are called: what was said in their conversations; of others, where the word stands. */
  requests: string[];
  /** Operators and values that mean nothing, as typed. */
  unknown: string[];
};

export type OperatorName = 'from' | 'to' | 'in' | 'label' | 'has' | 'before' | 'after' | 'is' | 'request';
/** Folded. The first is the English one, the second the Spanish one that the window offers. */
export const OPERATORS: Record<OperatorName, readonly [string, string, ...string[]]> = {
  from: ['from', 'de'],
  to: ['to', 'para', 'a'],
  in: ['in', 'en'],
  label: ['label', 'etiqueta'],
  has: ['has', 'tiene', 'con'],
  before: ['before', 'antes'],
  after: ['after', 'desde', 'despues'],
  is: ['is', 'es', 'esta'],
  request: ['request', 'solicitud', 'pedido'],
};
const OPERATOR_NAMES = Object.keys(OPERATORS) as OperatorName[];

const STATUS_WORDS: Record<SearchQuery['statuses'][number], readonly string[]> = {
  active: ['active', 'activa', 'activas', 'activo', 'open', 'abierta', 'abiertas'],
  archived: ['archived', 'archivada', 'archivadas', 'archivado', 'archive', 'archivo'],
  closed: ['closed', 'cerrada', 'cerradas', 'cerrado'],
};
const HAS_WORDS: Record<HasKind, readonly string[]> = {
  file: ['file', 'files', 'archivo', 'archivos', 'adjunto', 'attachment'],
  document: ['document', 'documents', 'documento', 'documentos', 'doc', 'pdf'],
  photo: ['photo', 'photos', 'foto', 'fotos', 'image', 'images', 'imagen', 'imagenes'],
  video: ['video', 'videos'],
  audio: ['audio', 'audios', 'voice', 'voz'],
  link: ['link', 'links', 'enlace', 'enlaces', 'url'],
};
const UNREAD_WORDS = ['unread', 'noleido', 'noleida', 'noleidos', 'noleidas', 'sinleer'];
const ME_WORDS = ['me', 'yo', 'mi'];

const DAY_MS = 24 * 60 * 60 * 1000;
const UNIT_DAYS: Record<string, number> = { d: 1, w: 7, s: 7, m: 30, y: 365, a: 365 };

/** `name`: before a colon. `isClosed`: its closing quote is there. `isLast`: nothing comes after it, not even a space. */
type Piece = { isNot: boolean; name: string | null; value: string; raw: string; isClosed: boolean; isLast: boolean };

/** @param now ms, for `hoy`, `7d` and the like. */
export function parseSearchQuery(text: string, now: number): SearchQuery {
  const query: SearchQuery = { terms: [], not: [], from: [], to: [], statuses: [], labels: [], has: [], before: null, after: null, isUnread: false, requests: [], unknown: [] };
  const pieces = cutPieces(text);
  const isOperator = ({ isNot, name }: Piece): boolean => !isNot && name !== null && findOperator(name) !== null;
  const lastTerm = pieces.findLast((piece) => !isOperator(piece));
  for (const piece of pieces) {
    const { name, value, raw } = piece;
    const operator = name === null ? null : findOperator(name);
    if (operator !== null && !piece.isNot) {
      // Nothing behind the colon: it is being typed.
      if (value !== '' && !applyOperator(query, operator, value, now)) query.unknown.push(raw);
      continue;
    }
    if (name !== null && (name.length > 1 || operator !== null)) query.unknown.push(raw);
    // Operators after the last word narrow down what is being typed.
    addTerm(query, piece, piece === lastTerm && !piece.isClosed && (piece.isLast || piece !== pieces.at(-1)));
  }
  return query;
}

/** Whether there is anything to look for. */
export const isEmptyQuery = ({ unknown: _, ...query }: SearchQuery): boolean => Object.values(query).every((part) => part === null || part === false || (Array.isArray(part) && part.length === 0));

function addTerm({ terms, not }: SearchQuery, { isNot, name, value }: Piece, isOpen: boolean): void {
  const words = findWords(name === null ? value : `${name} ${value}`).map(({ word }) => word);
  if (words.length === 0) return;
  const term = { text: words.join(' '), isPrefix: isOpen && !isNot };
  if (isNot) not.push(term);
  else terms.push(term);
}

function cutPieces(text: string): Piece[] {
  const typed = text.normalize('NFC').replace(/[“”„«»]/g, '"');
  const pieces: Piece[] = [];
  for (let at = 0; at < typed.length;) {
    const rest = typed.slice(at);
    const space = /^\s+/.exec(rest);
    if (space) {
      at += space[0].length;
      continue;
    }
    const [raw, minus = '', name, quoted, quote, bare = ''] = /^(-(?=\S))?(?:([\p{L}]{1,20}):(?!\/))?(?:"([^"]*)("|$)|(\S*))/u.exec(rest) as unknown as [string, ...(string | undefined)[]];
    pieces.push({ isNot: minus !== '', name: name ?? null, value: quoted ?? bare, raw, isClosed: quote === '"', isLast: at + raw.length === typed.length });
    at += raw.length;
  }
  return pieces;
}

const findOperator = (typed: string): OperatorName | null => OPERATOR_NAMES.find((name) => OPERATORS[name].includes(foldText(typed))) ?? null;

const findMeaning = <T extends string>(meanings: Record<T, readonly string[]>, typed: string): T | null =>
  (Object.keys(meanings) as T[]).find((meaning) => meanings[meaning].includes(foldText(typed))) ?? null;

/** @returns false if the value means nothing. */
function applyOperator(query: SearchQuery, operator: OperatorName, value: string, now: number): boolean {
  switch (operator) {
    case 'from':
    case 'to':
      query[operator].push(ME_WORDS.includes(foldText(value)) ? 'me' : value);
      return true;
    case 'label':
      query.labels.push(value);
      return true;
    case 'request':
      query.requests.push(value);
      return true;
    case 'in': {
      const status = findMeaning(STATUS_WORDS, value);
      if (status) query.statuses.push(status);
      return status !== null;
    }
    case 'has': {
      const kind = findMeaning(HAS_WORDS, value);
      if (kind) query.has.push(kind);
      return kind !== null;
    }
    case 'is': {
      const isUnread = UNREAD_WORDS.includes(foldText(value).replace(/[-_\s]/g, ''));
      query.isUnread ||= isUnread;
      return isUnread;
    }
    case 'before':
    case 'after': {
      const at = readDate(value, now);
      if (at !== null) query[operator] = at;
      return at !== null;
    }
    default:
      return assertNever(operator);
  }
}

/** The beginning of a day: `2026-11-22`, `22/11/2026`, `22-11-2026`, `hoy`, `ayer`; or so long ago: `7d`, `2w`, `3m`, `1y`. */
function readDate(typed: string, now: number): number | null {
  const text = foldText(typed);
  const ago = /^(\d{1,4})([dwsmya])$/.exec(text);
  if (ago) return now - Number(ago[1]) * (UNIT_DAYS[ago[2] ?? ''] ?? 0) * DAY_MS;
  if (['hoy', 'today', 'ayer', 'yesterday'].includes(text)) {
    const day = new Date(now);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() - (text === 'ayer' || text === 'yesterday' ? 1 : 0)).getTime();
  }
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  const written = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]].map(Number) : written ? [written[3], written[2], written[1]].map(Number) : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const isDay = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  return isDay ? new Date(year, month - 1, day).getTime() : null;
}
