/** Precision and recall of what the checks underline: a planted wrong value is found if a finding of a figure's kind overlaps it, and a finding is right if something wrong is there. */
import { checkText } from '../../../main/engine/ai/checks/output-checks.ts';
import { DRAFT_CASES, WORLD, type DraftCase, type World } from '../../fixtures/ai/draft-cases.ts';

const KINDS: ReadonlySet<string> = new Set(['number', 'date', 'weekday', 'time', 'money', 'id', 'phone', 'url', 'email', 'status', 'name']);

export type FigureScores = { cases: number; planted: number; precision: number; recall: number; missed: string[]; extra: string[] };

export function evaluateFigures(cases: readonly DraftCase[] = DRAFT_CASES, world: World = WORLD): FigureScores {
  const missed: string[] = [];
  const extra: string[] = [];
  let planted = 0;
  let found = 0;
  for (const { text, language, wrong } of cases) {
    const findings = checkText({
      ...world,
      text,
      language,
      sentences: [],
      detectLanguage: () => ({ code: language, isSure: true }),
      unknownMarkers: [],
      systemText: '',
      nonce: '',
    }).filter(({ kind }) => KINDS.has(kind));
    const overlaps = (one: { start: number; end: number }, other: { start: number; end: number }): boolean => one.start < other.end && other.start < one.end;
    planted += wrong.length;
    found += findings.length;
    for (const span of wrong) if (!findings.some((finding) => overlaps(finding, span))) missed.push(`${text} ⟦${text.slice(span.start, span.end)}⟧`);
    for (const finding of findings) if (!wrong.some((span) => overlaps(finding, span))) extra.push(`${text} ⟦${finding.kind} ${text.slice(finding.start, finding.end)} ${finding.detail}⟧`);
  }
  return { cases: cases.length, planted, precision: found === 0 ? 0 : (found - extra.length) / found, recall: (planted - missed.length) / planted, missed, extra };
}
