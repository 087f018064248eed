/**
 * Looks over a text before anybody sends it, whoever wrote it: a model, the built-in extract, a person who edited either. Pure and quick,
 * a few milliseconds. Invariant: nothing passes because a model says so; every figure, date, amount, address and status stands in a fact of
 * this conversation or in what this customer wrote, and a status only in its request.
 */
import type { Fact, Finding, Sentence } from '../../../../contract/ai/ai-entities.ts';
import { KB_LANGUAGES, type FindingKind, type KbLanguage, type Severity } from '../../../../contract/ai/ai-words.ts';
import { TEXT_BODY_MAX } from '../../../../contract/limits.ts';
import { findWords } from '../../../../contract/rules/fold-text.ts';
import { isSmallWord } from '../small-words.ts';
import { findUnproved, findWrongWeekdays, gatherEvidence, isBesideDate } from './evidence.ts';
import { foldOffsets, originalSpan } from './fold-offsets.ts';
import { findNameProblems } from './person-names.ts';
import { findPromises } from './promises.ts';
import { readValues } from './read-values.ts';
import { findRelativeDays } from './relative-days.ts';
import { findWrongStatuses, type StatusFact } from './status-claims.ts';

/** Longer replies are read by few; a longer one is told of, and only what WhatsApp refuses is serious. */
export const TARGET_LENGTH = 600;
/** Words in a row that a reply has in common with the instructions only when it repeats them. */
const ECHO_WORDS = 8;
const FINDINGS_MAX = 60;

export type CheckInput = {
  text: string;
  /** Offsets into `text`; empty for what a person wrote. */
  sentences: readonly Sentence[];
  /** Only facts of this conversation; for a rewrite with the text that it is made from, of kind `message`. */
  facts: readonly Fact[];
  /** What the customer wrote in it. */
  customerTexts: readonly string[];
  /** In which the reply is to be (`es`); null: any. */
  language: string | null;
  detectLanguage: (text: string) => { code: string; isSure: boolean };
  /** The contact's name; null: unknown. */
  person: string | null;
  /** Of the linked requests, as rows have them. */
  statusFacts: readonly StatusFact[];
  /** Markers of the model's text that name no fact. */
  unknownMarkers: readonly string[];
  /** The instructions of the prompt, and its nonce; empty where no model was asked. */
  systemText: string;
  nonce: string;
  now: number;
  /** In which "tomorrow" is a day. */
  timeZone: string;
};

/** @returns findings in the order in which they stand, at most as many as a draft carries. */
export function checkText(input: CheckInput): Finding[] {
  const { text, facts } = input;
  const findings: Finding[] = [];
  const add = (kind: FindingKind, span: { start: number; end: number }, severity: Severity, detail = ''): void => {
    findings.push({ kind, start: span.start, end: span.end, severity, detail: detail.slice(0, 200) });
  };
  const whole = { start: 0, end: text.length };
  if (!/[\p{L}\p{N}]/u.test(text)) {
    add('empty', whole, 'high');
    return findings;
  }
  const isTooLong = text.length > TEXT_BODY_MAX;
  if (isTooLong) add('length', { start: TEXT_BODY_MAX, end: text.length }, 'high', String(text.length));
  else if (text.length > TARGET_LENGTH) add('length', { start: TARGET_LENGTH, end: text.length }, 'low', String(text.length));

  const isEnglish = input.language === 'en' || (input.language === null && input.detectLanguage(text).code === 'en');
  const read = readValues(text, { language: isEnglish ? 'en' : 'es', isMonthFirst: isEnglish });
  const evidence = gatherEvidence(facts, input.customerTexts);
  for (const { value, why } of findUnproved(read, evidence, input.now)) {
    if (value.kind === 'weekday' && isBesideDate(value, read)) continue;
    add(value.kind, value.span, value.isWord && value.kind === 'number' && value.keys.every((key) => !key.startsWith('q:')) ? 'low' : 'high', why);
  }
  for (const { value, date } of findWrongWeekdays(read, evidence, input.now)) add('weekday', value.span, 'high', text.slice(date.span.start, date.span.end));

  const folded = foldOffsets(text);
  const place = ({ start, end }: { start: number; end: number }): { start: number; end: number } => originalSpan(folded, start, end);
  for (const day of findRelativeDays(folded.text, evidence, input.now, input.timeZone)) add('date', place(day), 'high', day.date);
  for (const claim of findWrongStatuses(folded.text, input.statusFacts)) add('status', place(claim), 'high', input.statusFacts.map(({ status }) => status).join(' '));
  const own = facts.filter(({ kind }) => kind === 'knowledge' || kind === 'template' || kind === 'business' || kind === 'message').map((fact) => foldOffsets(fact.text).text);
  for (const claim of findPromises(folded.text, own)) add('promise', place(claim), 'high', claim.phrase);
  const known = [...facts.flatMap(({ label, text: said }) => [label, said]), ...input.customerTexts, input.systemText];
  for (const { start, end, name, isAddressed } of findNameProblems(text.slice(0, TEXT_BODY_MAX), input.person, known)) add('name', { start, end }, isAddressed ? 'high' : 'low', name);

  if (input.language !== null) {
    const words = withoutValues(
      text,
      read.values.filter(({ kind }) => NO_LANGUAGE.has(kind)).map(({ span }) => span),
    );
    const detected = input.detectLanguage(words);
    if (detected.isSure && detected.code !== input.language && speaksFor(words, detected.code, input.language)) add('language', whole, 'high', detected.code);
  }
  for (const echo of findEchoes(text, input)) add('echo', echo, 'high');
  for (const match of text.matchAll(/\[\s{0,2}[FK]\d{1,4}(?:\s{0,2}[,;]\s{0,2}[FK]\d{1,4}){0,10}\s{0,2}\]/g))
    add('marker', { start: match.index, end: match.index + match[0].length }, 'high', match[0]);
  for (const marker of input.unknownMarkers) add('marker', whole, 'high', marker);
  const ids = new Set(facts.map(({ id }) => id));
  for (const { start, end, factIds } of input.sentences) for (const id of factIds) if (!ids.has(id)) add('marker', { start, end }, 'high', id);
  return findings.toSorted((one, other) => one.start - other.start || one.end - other.end).slice(0, FINDINGS_MAX);
}

const NO_LANGUAGE: ReadonlySet<FindingKind> = new Set(['url', 'email', 'id', 'phone'] satisfies FindingKind[]);
const isLanguage = (code: string): code is KbLanguage => (KB_LANGUAGES as readonly string[]).includes(code);
/** Whether the small words of a text are more of the one language than of the other: what is spelled alike in both is in neither. */
function speaksFor(text: string, code: string, other: string): boolean {
  const count = (of: string, not: string): number => (isLanguage(of) ? findWords(text).filter(({ word }) => isSmallWord(word, of) && !(isLanguage(not) && isSmallWord(word, not))).length : 0);
  return count(code, other) > count(other, code);
}

/** Links and the like are of no language. */
function withoutValues(text: string, spans: readonly { start: number; end: number }[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at) continue;
    pieces.push(text.slice(at, start));
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join(' ');
}

type PlacedWord = { word: string; start: number; end: number };
const placedWords = (text: string): PlacedWord[] => {
  const folded = foldOffsets(text);
  return [...folded.text.matchAll(/[\p{L}\p{N}]{1,60}/gu)].map((match) => ({ word: match[0], ...originalSpan(folded, match.index, match.index + match[0].length) }));
};
function runsOf(words: readonly PlacedWord[]): string[] {
  const runs: string[] = [];
  for (let index = 0; index + ECHO_WORDS <= words.length; index++)
    runs.push(
      words
        .slice(index, index + ECHO_WORDS)
        .map(({ word }) => word)
        .join(' '),
    );
  return runs;
}

/** The prompt's own words or its fence in a reply. What a fact says in the same words may be said. */
function findEchoes(text: string, { systemText, nonce, facts }: CheckInput): { start: number; end: number }[] {
  const echoes: { start: number; end: number }[] = [];
  if (nonce.length >= 4) for (let at = text.indexOf(nonce); at >= 0 && echoes.length < FINDINGS_MAX; at = text.indexOf(nonce, at + nonce.length)) echoes.push({ start: at, end: at + nonce.length });
  if (systemText === '') return echoes;
  const forbidden = new Set(runsOf(placedWords(systemText)));
  for (const fact of facts) for (const run of runsOf(placedWords(fact.text))) forbidden.delete(run);
  const words = placedWords(text);
  const runs = runsOf(words);
  for (let index = 0; index < runs.length; index++) {
    if (!forbidden.has(runs[index] ?? '')) continue;
    let last = index;
    while (last + 1 < runs.length && forbidden.has(runs[last + 1] ?? '')) last += 1;
    echoes.push({ start: words[index]?.start ?? 0, end: words[last + ECHO_WORDS - 1]?.end ?? text.length });
    index = last;
  }
  return echoes;
}
