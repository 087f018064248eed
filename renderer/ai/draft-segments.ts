/** A draft's text in pieces: with what a check found in each, and the sources that stand after a sentence. Pure; offsets are UTF-16 code units. */
import type { Fact, Finding, Sentence } from '../../contract/ai/ai-entities.ts';

/** `sources`: after this piece, by their numbers from 1. */
export type Segment = { text: string; findings: readonly Finding[]; sources: readonly { number: number; fact: Fact }[]; isUnsourced: boolean };
type Body = { text: string; sentences: readonly Sentence[]; facts: readonly Fact[]; findings: readonly Finding[] };

/** Facts in the order in which the text names them: the first is number 1. */
export function numberSources({ sentences, facts }: Pick<Body, 'sentences' | 'facts'>): Map<string, { number: number; fact: Fact }> {
  const numbered = new Map<string, { number: number; fact: Fact }>();
  for (const { factIds } of sentences) {
    for (const id of factIds) {
      const fact = facts.find((one) => one.id === id);
      if (fact && !numbered.has(id)) numbered.set(id, { number: numbered.size + 1, fact });
    }
  }
  return numbered;
}

export function segmentsOf(body: Body): Segment[] {
  const { text, findings } = body;
  const numbered = numberSources(body);
  const sentences = body.sentences.map(({ start, end, factIds }) => ({
    start,
    // Its sources stand behind its last word, not behind the line break after it.
    end: start + text.slice(start, end).trimEnd().length,
    sources: factIds.flatMap((id) => numbered.get(id) ?? []),
  }));
  const cuts = [...new Set([0, text.length, ...sentences.flatMap(({ start, end }) => [start, end]), ...findings.flatMap(({ start, end }) => [start, end])])]
    .filter((at) => at >= 0 && at <= text.length)
    .toSorted((a, b) => a - b);
  return cuts.slice(1).flatMap((end, index) => {
    const start = cuts[index]!;
    const within = sentences.find((sentence) => sentence.start <= start && end <= sentence.end);
    return [
      {
        text: text.slice(start, end),
        findings: findings.filter((finding) => finding.start < end && finding.end > start),
        sources: sentences.flatMap((sentence) => (sentence.end === end ? sentence.sources : [])),
        isUnsourced: within !== undefined && within.sources.length === 0,
      },
    ];
  });
}
