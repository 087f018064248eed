/** Articles that were written for something else: what is quoted from one is left alone, and with one digit changed it is found. */
import type { Finding } from '../../../contract/ai/ai-entities.ts';
import { DEMO_ARTICLES } from '../../../main/demo/knowledge/demo-articles.ts';
import { checkText } from '../../../main/engine/ai/checks/output-checks.ts';
import { readValues } from '../../../main/engine/ai/checks/read-values.ts';
import { NOW, TIME_ZONE } from '../../fixtures/ai/draft-cases.ts';

export type QuoteScores = { sentences: number; planted: number; extra: string[]; missed: string[] };

export function evaluateQuotes(): QuoteScores {
  const scores: QuoteScores = { sentences: 0, planted: 0, extra: [], missed: [] };
  for (const { title, text, language } of DEMO_ARTICLES) {
    const code = language === 'en' ? 'en' : 'es';
    const check = (quote: string): Finding[] =>
      checkText({
        text: quote,
        sentences: [],
        facts: [{ id: 'K1', kind: 'knowledge', label: title, text, ref: null }],
        customerTexts: [],
        language: code,
        detectLanguage: () => ({ code, isSure: true }),
        person: null,
        statusFacts: [],
        unknownMarkers: [],
        systemText: '',
        nonce: '',
        now: NOW,
        timeZone: TIME_ZONE,
      });
    // A number of a list and a line of a table say nothing by themselves.
    for (const quote of text.split(/(?<=[.!?])\s+|\n+/).filter((piece) => /\p{L}/u.test(piece))) {
      scores.sentences += 1;
      for (const { kind, start, end } of check(quote)) if (kind !== 'length') scores.extra.push(`${quote} ⟦${kind} ${quote.slice(start, end)}⟧`);
      for (const { span } of readValues(quote, { language: code, isMonthFirst: false }).values) {
        const value = quote.slice(span.start, span.end);
        const changed = value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 3) % 10));
        // What the article says as well would be right.
        if (changed === value || text.includes(changed)) continue;
        scores.planted += 1;
        const wrong = quote.slice(0, span.start) + changed + quote.slice(span.end);
        if (!check(wrong).some(({ start, end }) => start < span.start + changed.length && span.start < end)) scores.missed.push(`${wrong} ⟦${changed}⟧`);
      }
    }
  }
  return scores;
}
