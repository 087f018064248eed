/**
 * The provider without a model: sentences of the knowledge base and facts of the request as they stand, each with its marker, as a model would
 * write them. Invariants: nothing leaves the machine; it writes no word that is in no fact; where nothing fits it says nothing.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import type { Fact } from '../../../../contract/ai/ai-entities.ts';
import type { Prompt } from '../prompt/prompt.ts';
import { asksFor, contentWords, matchPassage, splitSentences, weighWords, type Match } from './extract-sentences.ts';
import { toFailure } from './failures.ts';
import type { LlmFacts, LlmFailure, LlmProvider } from './llm-provider.ts';

export const BUILTIN_MODEL = 'builtin-extractive';

const QUOTE_MAX = 420;
/** Of the question, by a passage: from here on it is quoted beside facts that were asked for, and instead of one that was not. */
const COVERAGE_BESIDE_FACTS = 0.5;
/** Of the question's weight: what a later passage must have beyond the first. */
const MUCH_MORE = 0.35;
const SUMMARY_MESSAGES = 8;
const SUMMARY_CHARS = 200;
/** A shorter text has at most this part of the longer one's length. */
const SHORTER = 0.7;
const PIECE = /\S+\s*/g;

type Written = { status: 'ok'; text: string } | { status: 'failed'; failure: LlmFailure };

/** @param now milliseconds since the epoch. */
export function createBuiltinExtractive({ now }: { now: () => number }): LlmProvider {
  return {
    profile: 'builtin',
    host: null,
    model: BUILTIN_MODEL,
    embed: null,
    complete: async (prompt, { signal, onDelta }) => {
      const startedAt = now();
      const facts: LlmFacts = { modelAnswered: BUILTIN_MODEL, fingerprint: null, requestId: null, usage: null, firstTokenMs: null, totalMs: 0, retries: 0 };
      const written = write(prompt);
      let given = '';
      for (const [piece] of written.status === 'ok' ? written.text.matchAll(PIECE) : []) {
        await giveWay();
        if (signal.aborted) break;
        facts.firstTokenMs ??= Math.max(0, now() - startedAt);
        given += piece;
        onDelta(piece);
      }
      facts.totalMs = Math.max(0, now() - startedAt);
      if (signal.aborted) return { ...facts, status: 'cancelled', partial: given };
      return written.status === 'ok' ? { ...facts, ...written } : { ...facts, ...written, partial: '' };
    },
  };
}

const failed = (failure: LlmFailure): Written => ({ status: 'failed', failure });
const toText = (lines: readonly string[], separator: string): Written => (lines.length === 0 ? failed(toFailure('empty', 'nothing_fits')) : { status: 'ok', text: lines.join(separator) });

function write(prompt: Prompt): Written {
  switch (prompt.purpose) {
    case 'reply':
      return toText(writeReply(prompt), ' ');
    case 'summary':
      return toText(writeSummary(prompt), '\n');
    case 'rewrite': {
      const shorter = prompt.rewrite === 'shorten' && prompt.source !== undefined ? shorten(prompt.source, prompt.language.code) : null;
      return shorter === null ? failed(toFailure('needs_model', 'builtin')) : { status: 'ok', text: shorter };
    }
  }
}

/** What of a request is asked for, and how its fact is called; all folded. */
const ASKED: { question: RegExp; label: RegExp }[] = [
  { question: /\b(estado|estatus|status|como va|como esta|avance|noveda|aprob|approv|progress|update|how is|ready|list[oa]\b)/, label: /^(estado|status)\b/ },
  { question: /\b(cuando|que dia|fecha|para cuando|when|what day|which day|date)\b/, label: /^(fecha (solicitada|aprobada)|(requested|approved) date)\b/ },
  { question: /\b(quien|tecnico|proveedor|who|vendor|technician)/, label: /^(proveedor|vendor)\b/ },
  { question: /\b(direccion|donde|address|where)\b/, label: /^(direccion|address)\b/ },
  { question: /\b(formulario|enlace|link|form)\b/, label: /^(formulario|form)\b/ },
  { question: /\b(tipo de servicio|que servicio|type of service|which service|what service)\b/, label: /^(tipo de servicio|type of service)\b/ },
];
const ABOUT_REQUEST = /\b(solicitud|pedido|tramite|orden|visita|cita|tecnico|proveedor|mi servicio|request|order|visit|appointment|technician|my service)/;
const STATUS = ASKED[0];

function writeReply({ facts, question, language }: Prompt): string[] {
  const { quote, coverage } = findQuote(facts, question, language.code);
  const filled = findRequestFacts(facts, question, coverage);
  if (filled.length === 0) return quote;
  const lines = filled.map(sayFact);
  return coverage >= COVERAGE_BESIDE_FACTS ? [...lines, ...quote] : lines;
}

/**
 * The passages come best first from a search that knows more than the words here: the first is quoted, also where it shares none with the
 * question, unless another has much more of it. Thanks and the like ask for nothing.
 */
function findQuote(facts: readonly Fact[], question: string, language: string): { quote: string[]; coverage: number } {
  const words = contentWords(question);
  if (words.length === 0 && !question.includes('?')) return { quote: [], coverage: 0 };
  const passages = facts.filter(({ kind }) => kind === 'knowledge');
  const weights = weighWords(
    words,
    passages.map(({ label, text }) => `${label}\n${text}`),
  );
  const best = passages.reduce<{ fact: Fact; match: Match } | null>((top, fact) => {
    const match = matchPassage(weights, fact.label, fact.text, language, QUOTE_MAX);
    return match.sentences.length > 0 && (top === null || match.coverage >= top.match.coverage + MUCH_MORE) ? { fact, match } : top;
  }, null);
  return best === null ? { quote: [], coverage: 0 } : { quote: best.match.sentences.map((sentence) => mark(sentence, best.fact)), coverage: best.match.coverage };
}

/**
 * @param coverage of the question by a passage: without any, the question may be about the request though it does not say so; with much of it,
 * a word such as "visit" alone does not ask how the request stands.
 */
function findRequestFacts(facts: readonly Fact[], question: string, coverage: number): Fact[] {
  const ofRequests = facts.filter(({ kind, ref }) => kind === 'request' && ref?.kind === 'request');
  const words = contentWords(question);
  const named = ofRequests.find(({ label, text }) => contentWords(`${label} ${text}`).some((word) => /\d/.test(word) && words.includes(word)));
  const requestId = requestOf(named ?? ofRequests[0]);
  const isAbout = named !== undefined || asksFor(question, ABOUT_REQUEST);
  if (requestId === null || !(isAbout || coverage === 0)) return [];
  const asked = ASKED.filter((one) => asksFor(question, one.question));
  const wanted = asked.length === 0 && isAbout && coverage < COVERAGE_BESIDE_FACTS && STATUS ? [STATUS] : asked;
  return ofRequests.filter((fact) => requestOf(fact) === requestId && wanted.some(({ label }) => asksFor(fact.label, label)));
}
const requestOf = (fact: Fact | undefined): string | null => (fact?.ref?.kind === 'request' ? fact.ref.requestId : null);

/** @returns the last messages in short, and how the requests stand. */
function writeSummary({ facts, language }: Prompt): string[] {
  const messages = facts.filter(({ kind }) => kind === 'message').slice(-SUMMARY_MESSAGES);
  const statuses = facts.filter((fact) => fact.kind === 'request' && STATUS && asksFor(fact.label, STATUS.label));
  const lines = messages.map((fact) => mark(`${fact.label}: ${clip(splitSentences(fact.text, language.code)[0] ?? fact.text)}`, fact));
  return messages.length === 0 ? [] : [...lines, ...statuses.map(sayFact)];
}

/** Whole sentences in their order, those with figures, addresses and the like before others. @returns null: none can be left out. */
function shorten(source: string, language: string): string | null {
  const sentences = splitSentences(source, language).map((sentence, at) => ({ sentence, at }));
  const isCarrier = (sentence: string): boolean => /\d|@|https?:/.test(sentence);
  const isGreeting = (sentence: string): boolean => contentWords(sentence).length < 2;
  const kept: typeof sentences = [];
  const join = (some: typeof sentences): string =>
    some
      .toSorted((a, b) => a.at - b.at)
      .map(({ sentence }) => sentence)
      .join(' ');
  for (const one of [...sentences.filter(({ sentence }) => isCarrier(sentence)), ...sentences.filter(({ sentence }) => !isCarrier(sentence) && !isGreeting(sentence))]) {
    if (join([...kept, one]).length > source.length * SHORTER) break;
    kept.push(one);
  }
  return kept.length === 0 ? null : join(kept);
}

const sayFact = (fact: Fact): string => mark(`${fact.label}: ${fact.text}`, fact);
const mark = (sentence: string, { id }: Fact): string => `${/[.!?…:]$/.test(sentence.trim()) ? sentence.trim() : `${sentence.trim()}.`} [${id}]`;
const clip = (text: string): string => (text.length <= SUMMARY_CHARS ? text : `${text.slice(0, SUMMARY_CHARS).replace(/\s+\S*$/, '')}…`);
