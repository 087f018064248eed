/**
 * Cuts an article into passages of 120 to 220 words, at headings first. Pure: the same article gives the same passages. Invariants: a
 * question stays with its answer, a row of a table is whole and comes with the names of its columns; every word is in some passage.
 */
import { createHash } from 'node:crypto';
import { AI_MAX } from '../../../../contract/limits.ts';
import { splitBlocks, splitSentences } from './blocks.ts';

const WORDS_MAX = 220;
/** About 300 tokens. */
const CHARS_MAX = 1_400;
/** A longer sentence is not repeated. */
const OVERLAP_WORDS_MAX = 40;
/** Words that are cut off a sentence which never ends, and characters of a passage whose words never end. */
const SENTENCE_WORDS_MAX = 200;
const HARD_CHARS = AI_MAX.factText - 200;

export type Chunk = {
  /** From 0. */
  no: number;
  /** Of the article's text, without what is repeated from before. */
  start: number;
  end: number;
  /** Outermost first, without the article's title. */
  headings: string[];
  text: string;
};

/** What is never cut. `lead`: goes before it where a passage begins with it (names of columns, the question). */
type Unit = { kind: 'sentence' | 'item' | 'row' | 'pair'; start: number; end: number; lead: string | null; words: number };

export function chunkArticle({ title, text }: { title: string; text: string }): Chunk[] {
  const chunks: Chunk[] = [];
  let open: { level: number; text: string }[] = [];
  let units: Unit[] = [];
  const close = (): void => {
    const path = open.map((heading) => heading.text).filter((heading, index) => index > 0 || heading !== title);
    for (const part of packUnits(text, units)) chunks.push({ no: chunks.length, headings: path, ...part });
    units = [];
  };
  for (const block of splitBlocks(text)) {
    if (block.kind === 'heading') {
      close();
      open = [...open.filter(({ level }) => level < block.level), { level: block.level, text: block.text }];
      continue;
    }
    const { start, end } = block;
    const unit = (kind: Unit['kind'], span: { start: number; end: number }, lead: string | null): Unit => ({ kind, lead, ...span, words: countWords(text.slice(span.start, span.end)) });
    switch (block.kind) {
      case 'paragraph':
        units.push(...splitSentences(text, start, end, SENTENCE_WORDS_MAX).map((span) => unit('sentence', span, null)));
        break;
      case 'pair': {
        const question = text.slice(start, block.answerStart).trim();
        if (end - start <= HARD_CHARS) units.push(unit('pair', block, null));
        else units.push(...packPair(text, block).map((span, index) => unit('pair', span, index === 0 ? null : question)));
        break;
      }
      case 'item':
      case 'row': {
        const lead = block.kind === 'row' ? block.head : null;
        if (end - start <= HARD_CHARS) units.push(unit(block.kind, block, lead));
        else units.push(...splitSentences(text, start, end, SENTENCE_WORDS_MAX).map((span) => unit('sentence', span, null)));
      }
    }
  }
  close();
  // Headings without a text between them are the text.
  if (chunks.length === 0 && text.trim() !== '') return [{ no: 0, start: 0, end: text.length, headings: [], text: text.trim().slice(0, AI_MAX.factText) }];
  return chunks;
}

/** An answer that is longer than a passage may be: by its sentences, each part with the question. */
function packPair(text: string, { start, end, answerStart }: { start: number; end: number; answerStart: number }): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  for (const sentence of splitSentences(text, answerStart, end, SENTENCE_WORDS_MAX)) {
    const last = parts.at(-1);
    if (last && sentence.end - last.start <= CHARS_MAX) last.end = sentence.end;
    else parts.push({ ...sentence, start: last ? sentence.start : start });
  }
  return parts;
}

/** Units of one section into passages of about the same length. A question with its answer is one by itself. */
function packUnits(text: string, units: readonly Unit[]): Omit<Chunk, 'no' | 'headings'>[] {
  const parts: Omit<Chunk, 'no' | 'headings'>[] = [];
  for (const run of splitRuns(units)) {
    const words = run.reduce((sum, unit) => sum + unit.words, 0);
    const target = words / Math.max(1, Math.ceil(words / WORDS_MAX));
    let part: Unit[] = [];
    let overlap: Unit | null = null;
    const close = (): void => {
      const [first, last] = [part[0], part.at(-1)];
      if (!first || !last) return;
      const own = text.slice(first.start, last.end).trim();
      const lead = overlap ? text.slice(overlap.start, overlap.end).trim() : first.lead;
      const hasRoom = lead !== null && lead.length + own.length < AI_MAX.factText;
      parts.push({ start: first.start, end: last.end, text: hasRoom ? `${lead}${overlap ? ' ' : '\n'}${own}` : own });
      overlap = last.kind === 'sentence' && last.words <= OVERLAP_WORDS_MAX ? last : null;
      part = [];
    };
    for (const unit of run) {
      const [first, count] = [part[0], part.reduce((sum, { words: some }) => sum + some, 0)];
      if (first && (count >= target || count + unit.words > WORDS_MAX || unit.end - first.start > CHARS_MAX)) close();
      if (part.length === 0 && unit.kind !== 'sentence') overlap = null;
      part.push(unit);
    }
    close();
  }
  return parts;
}

function splitRuns(units: readonly Unit[]): Unit[][] {
  const runs: Unit[][] = [];
  for (const unit of units) {
    const last = runs.at(-1);
    if (last && unit.kind !== 'pair' && last[0]?.kind !== 'pair') last.push(unit);
    else runs.push([unit]);
  }
  return runs;
}

const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;

/** The same wherever an article's revision is cut. */
export const passageIdOf = (articleId: string, revisionId: string, no: number): string => hashOf([articleId, revisionId, no]).slice(0, 32);
/** Of what is searched and shown: passages with the same one need not be indexed again. */
export const contentHash = (chunk: Pick<Chunk, 'headings' | 'text'>, title: string, language: string): string => hashOf([title, chunk.headings, chunk.text, language]);

/** SHA-256, hex. */
const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
