import { afterEach, beforeEach, expect, it } from 'vitest';
import { KB_MAX, KB_REVISIONS_KEPT } from '../../../contract/limits.ts';
import type { OpArgs } from '../../../contract/ops/op.ts';
import { createTeamLog, type Judged } from './log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  log = createTeamLog();
});
afterEach(() => log.close());

const part = (revisionId: string, no = 0, who = 'bo', text = `texto ${revisionId}`): Judged => log.op(who, { type: 'kb.part', args: { articleId: 'a', revisionId, no, text } });
const save = (revisionId: string, from: string | null, who = 'leo', more: Partial<OpArgs<'kb.save'>> = {}): Judged =>
  log.op(who, { type: 'kb.save', args: { articleId: 'a', revisionId, from, kind: 'article', parts: 1, title: 'Horario', language: 'es', folder: '', source: null, draftId: null, ...more } });
const write = (revisionId: string, from: string | null, who = 'leo'): Judged => {
  part(revisionId, 0, who);
  return save(revisionId, from, who);
};
const change = (changes: OpArgs<'kb.change'>['changes'], who = 'leo', articleId = 'a', revisionId = log.tx.get('kb_article', [articleId])?.revision_id ?? 'none'): Judged =>
  log.op(who, { type: 'kb.change', args: { articleId, revisionId, changes } });
const ask = (questionId: string, text: string, who = 'bo', articleId = 'a'): Judged => log.op(who, { type: 'kb.question', args: { questionId, articleId, text, language: 'es', draftId: null } });
const decide = (questionId: string, isApproved: boolean, who = 'leo'): Judged => log.op(who, { type: 'kb.decide', args: { questionId, isApproved } });
const article = () => log.tx.get('kb_article', ['a'])!;

it('a revision counts when all of its parts are there', () => {
  expect(part('r1', 1)).toMatchObject({ outcome: 'applied', conversationId: null, changed: ['kb_part'] });
  expect(save('r1', null, 'leo', { parts: 2 })).toMatchObject({ outcome: 'target_missing', detail: { no: 0 }, changed: [] });
  part('r1', 0);
  expect(part('r1', 0).outcome).toBe('duplicate');
  expect(save('r1', null, 'leo', { parts: 2 })).toMatchObject({ outcome: 'applied', conversationId: null });
  expect(article()).toMatchObject({ state: 'approved', revision_id: 'r1', revision_no: 1, parts: 2, created_by: 'leo' });
  expect(save('r1', null).outcome).toBe('duplicate');
  expect(part('r1', 2), 'what was saved stays as it was').toMatchObject({ outcome: 'superseded', changed: [] });
  expect(part('r2', 0, 'gil').outcome).toBe('forbidden');
});

it('what a person saw otherwise is not overwritten, and the words of whoever comes late stay', () => {
  write('r1', null);
  part('r2', 0, 'leo');
  part('r2b', 0, 'ana', 'lo de Ana');
  expect(save('r2', 'r1').outcome).toBe('applied');
  expect(save('r2b', 'r1', 'ana')).toMatchObject({ outcome: 'superseded', detail: { was: 'r2' }, changed: [] });
  expect(log.tx.get('kb_part', ['a', 'r2b', 0])?.text).toBe('lo de Ana');
  expect(save('r2b', 'r2', 'ana').outcome, 'the same words on top of what stands').toBe('applied');
});

it('the last revisions stay readable, older ones go', () => {
  for (let no = 1; no <= KB_REVISIONS_KEPT + 2; no += 1) write(`r${no}`, no === 1 ? null : `r${no - 1}`);
  const kept = new Set(log.tx.list('kb_part_by_article', ['a']).map(({ revision_id }) => revision_id));
  expect([kept.size, kept.has('r1'), kept.has('r2'), kept.has('r3')]).toEqual([KB_REVISIONS_KEPT, false, false, true]);
  expect(article().revision_no).toBe(KB_REVISIONS_KEPT + 2);
});

it('what agents write waits for a lead; what is approved only leads change', () => {
  expect(write('r1', null, 'bo').outcome).toBe('applied');
  expect(article().state).toBe('pending');
  expect(change({ state: { from: 'pending', to: 'approved' } }, 'bo').outcome).toBe('forbidden');
  expect(change({ title: { from: 'Horario', to: 'Horarios' } }, 'bo').outcome).toBe('applied');
  expect(change({ title: { from: 'Horarios', to: 'Mío' } }, 'cy').outcome).toBe('forbidden');
  expect(write('r2', 'r1', 'bo').outcome).toBe('applied');
  expect(change({ state: { from: 'pending', to: 'approved' } }).outcome).toBe('applied');
  expect(write('r3', 'r2', 'bo')).toMatchObject({ outcome: 'forbidden', changed: [] });
  expect(change({ title: { from: 'Horario', to: 'Mío' } }, 'bo').outcome).toBe('forbidden');
  expect(change({}, 'gil').outcome).toBe('forbidden');
  expect(change({}, 'leo', 'none').outcome).toBe('target_missing');
});

it('that an article may answer by itself is said by leads, of the words they saw', () => {
  write('r1', null);
  expect(change({ mayAutoAnswer: { from: 0, to: 1 } }, 'bo').outcome).toBe('forbidden');
  expect(change({ mayAutoAnswer: { from: 0, to: 1 } }).outcome).toBe('applied');
  expect(article().may_auto_answer).toBe(1);
  write('r2', 'r1');
  expect(article().may_auto_answer).toBe(0);
});

it('words that came after what a lead read are not let through by it', () => {
  write('r1', null, 'bo');
  write('r2', 'r1', 'bo');
  expect(change({ state: { from: 'pending', to: 'approved' } }, 'leo', 'a', 'r1')).toMatchObject({ outcome: 'superseded', detail: { was: 'r2' }, changed: [] });
  expect(article().state).toBe('pending');
  expect(change({ state: { from: 'pending', to: 'approved' } }, 'leo', 'a', 'r2').outcome).toBe('applied');
  write('r3', 'r2', 'ana');
  expect(change({ mayAutoAnswer: { from: 0, to: 1 } }, 'leo', 'a', 'r2')).toMatchObject({ outcome: 'superseded', changed: [] });
  expect(change({ title: { from: 'Horario', to: 'Horas' } }, 'leo', 'a', 'r2').outcome, 'what is no more than a name').toBe('applied');
  expect(change({ state: { from: 'approved', to: 'retired' } }, 'leo', 'a', 'r2').outcome, 'nothing is let through by that').toBe('applied');
});

it('fields are guarded one by one', () => {
  write('r1', null);
  change({ folder: { from: '', to: 'Tienda' } });
  const both = change({ folder: { from: '', to: 'Oficina' }, title: { from: 'Horario', to: 'Horas' } }, 'ana');
  expect(both).toMatchObject({ outcome: 'partial', detail: { lost: { folder: { to: 'Oficina', was: 'Tienda' } } } });
  expect(article()).toMatchObject({ folder: 'Tienda', title: 'Horas', updated_by: 'ana' });
});

it('questions: once, not without end, by agents pending until a lead decides', () => {
  write('r1', null);
  expect(ask('q1', '¿Cuándo abren?')).toMatchObject({ outcome: 'applied', conversationId: null });
  expect(log.tx.get('kb_question', ['q1'])?.state).toBe('pending');
  expect(ask('q1', 'otra').outcome).toBe('duplicate');
  expect(ask('q2', '¿Cuándo abren?', 'cy')).toMatchObject({ outcome: 'merged', changed: [] });
  expect(ask('q3', 'x', 'bo', 'none').outcome).toBe('target_missing');
  expect(ask('q3', 'x', 'gil').outcome).toBe('forbidden');
  expect(decide('q1', true, 'bo')).toMatchObject({ outcome: 'forbidden', changed: [] });
  expect(decide('q1', false, 'cy').outcome).toBe('forbidden');
  expect(decide('q1', true).outcome).toBe('applied');
  expect(decide('q1', true).outcome).toBe('merged');
  expect(decide('q1', false, 'bo'), 'what is approved is not theirs any more').toMatchObject({ outcome: 'forbidden' });
  expect(decide('q1', false).outcome).toBe('applied');
  expect(decide('q1', false).outcome).toBe('target_missing');
  ask('q4', 'propia');
  expect(decide('q4', false, 'bo').outcome, 'taken back by its author').toBe('applied');
  ask('q5', 'del jefe', 'leo');
  expect(log.tx.get('kb_question', ['q5'])?.state).toBe('approved');
  for (let n = log.tx.list('kb_question_by_article', ['a']).length; n < KB_MAX.questions; n += 1) ask(`n${n}`, `pregunta ${n}`);
  expect(ask('more', 'una más')).toMatchObject({ outcome: 'forbidden', detail: { reason: 'too_many' }, changed: [] });
});
