import { expect, test } from 'vitest';
import { judgeConfidence, type ConfidenceInput } from '../../../../../main/engine/ai/checks/confidence.ts';

const passage = (articleId: string, score: number, coverage: number): ConfidenceInput['passages'][number] => ({ articleId, score, coverage });
const good: ConfidenceInput = {
  findings: [],
  hasInjection: false,
  wishesPerson: false,
  intent: 'knowledge_question',
  passages: [passage('a', 12, 0.9), passage('b', 6, 0.5)],
  usesRecordFacts: false,
  sentences: [{ factIds: ['K1'] }, { factIds: [] }],
  isLanguageSure: true,
  isCutOff: false,
  hasStaleSource: false,
};
const finding = { kind: 'money', start: 0, end: 1, severity: 'high', detail: '' } as const;

test.each<[string, Partial<ConfidenceInput>, string, string[]]>([
  ['all is well', {}, 'solid', ['well_sourced']],
  ['no sentence names a fact', { sentences: [{ factIds: [] }] }, 'weak', ['no_source']],
  ['a person wrote nothing yet', { sentences: [] }, 'weak', ['no_source']],
  ['a figure is not proved', { findings: [finding] }, 'check', ['findings']],
  ['three figures are not proved', { findings: [finding, finding, finding] }, 'weak', ['findings']],
  ['the customer commands the model', { hasInjection: true }, 'weak', ['injection']],
  ['the customer asks for a person', { wishesPerson: true }, 'check', ['asks_for_person']],
  ['the topic is for people', { intent: 'complaint' }, 'check', ['risky_topic']],
  ['the passages are far off', { passages: [passage('a', 12, 0.2)] }, 'weak', ['low_retrieval']],
  ['two articles are as near', { passages: [passage('a', 12, 0.9), passage('b', 11.5, 0.9)] }, 'check', ['close_race']],
  ['two passages of one article are', { passages: [passage('a', 12, 0.9), passage('a', 11.9, 0.9)] }, 'solid', ['well_sourced']],
  ['the next article holds less of the question', { passages: [passage('a', 12, 0.9), passage('b', 11.9, 0.5)] }, 'solid', ['well_sourced']],
  ['few sentences have a source', { sentences: [{ factIds: ['K1'] }, { factIds: [] }, { factIds: [] }] }, 'check', ['few_sources']],
  ['the language is a guess', { isLanguageSure: false }, 'check', ['unsure_language']],
  ['it ends in the middle', { isCutOff: true }, 'weak', ['cut_off']],
  ['its source has changed', { hasStaleSource: true }, 'check', ['stale_source']],
  ['the request says it, whatever was found', { usesRecordFacts: true, passages: [passage('a', 12, 0.1)], sentences: [{ factIds: ['F3'] }] }, 'solid', ['well_sourced']],
  ['worst first', { hasInjection: true, findings: [finding], isLanguageSure: false }, 'weak', ['findings', 'injection', 'unsure_language']],
])('%s', (_, change, confidence, reasons) => {
  expect(judgeConfidence({ ...good, ...change })).toEqual({ confidence, reasons });
});
