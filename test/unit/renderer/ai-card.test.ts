/** What the card of a draft shows, and where its sources stand. */
import { expect, test } from 'vitest';
import { cardOf, dismissKeyOf } from '../../../renderer/ai/card-state.ts';
import { numberSources, segmentsOf } from '../../../renderer/ai/draft-segments.ts';
import { BODY, IDLE, makeDraft, NO_AI } from './ai-fixtures.ts';

const bo = { id: 'bo', name: 'Bo', isMe: false };
const failure = { class: 'offline', retryAt: null, detail: '', partial: '' } as const;

test('what is under way here comes before what stands; a text somebody works on is not covered by what may come', () => {
  const ai = { ...NO_AI, draft: makeDraft() };
  expect(cardOf(ai, { ...IDLE, state: 'streaming', text: 'Hol' }, false)).toEqual({ kind: 'streaming', text: 'Hol' });
  expect(cardOf(ai, { ...IDLE, state: 'streaming', text: '' }, false)?.kind).toBe('preparing');
  expect(cardOf(ai, { ...IDLE, state: 'waiting', until: 5 }, false)).toEqual({ kind: 'waiting', until: 5 });
  expect(cardOf({ ...ai, draft: makeDraft({ state: 'edited' }) }, { ...IDLE, state: 'waiting' }, false)?.kind).toBe('draft');
  expect(cardOf(ai, IDLE, false)?.kind).toBe('draft');
});

test('an attempt that failed takes no draft away', () => {
  const failed = { ...IDLE, state: 'failed', failure } as const;
  expect(cardOf({ ...NO_AI, draft: makeDraft() }, failed, false)).toMatchObject({ kind: 'draft', failure });
  expect(cardOf(NO_AI, failed, false)).toEqual({ kind: 'failed', failure });
});

test('where the window is closed a draft is what a template could say, also if the engine has not looked since', () => {
  expect(cardOf({ ...NO_AI, draft: makeDraft({ state: 'blocked' }) }, IDLE, false)?.kind).toBe('template');
  expect(cardOf({ ...NO_AI, draft: makeDraft() }, IDLE, true)?.kind).toBe('template');
});

test('what became of a draft is said unless its agent did it just now', () => {
  const how = (patch: Parameters<typeof makeDraft>[0]): unknown => {
    const card = cardOf({ ...NO_AI, draft: makeDraft(patch) }, IDLE, false);
    return card?.kind === 'over' ? card.how : card;
  };
  expect(how({ state: 'superseded', reason: 'other_agent' })).toBe('other_agent');
  expect(how({ state: 'superseded', reason: 'redrafted' })).toBeNull();
  expect(how({ state: 'discarded', reason: 'own_reply' })).toBeNull();
  expect(how({ state: 'discarded', reason: 'tone' })).toBe('discarded');
  expect(how({ state: 'sent' })).toBeNull();
  expect(how({ state: 'sent', auto: { state: 'sent', at: 0, isHere: true } })).toBe('sent_automatically');
});

test('why there is none is said where one was due', () => {
  expect(cardOf({ ...NO_AI, noDraftBecause: 'no_answer_found' }, IDLE, false)).toEqual({ kind: 'none', because: 'no_answer_found' });
  const nothingCame = { ...IDLE, state: 'failed' as const, failure: { class: 'empty' as const, retryAt: null, detail: '', partial: '' } };
  expect(cardOf({ ...NO_AI, noDraftBecause: 'nothing_asked' }, nothingCame, false), 'a greeting is no failure').toEqual({ kind: 'none', because: 'nothing_asked' });
  expect(cardOf({ ...NO_AI, noDraftBecause: 'answered' }, IDLE, false)).toBeNull();
  expect(cardOf({ ...NO_AI, claimedBy: bo }, IDLE, false)).toEqual({ kind: 'claimed', by: bo });
  expect(cardOf({ ...NO_AI, claimedBy: { ...bo, isMe: true } }, IDLE, false)).toBeNull();
});

test('what was put away comes back with the next message, and a draft cannot be put away', () => {
  const none = cardOf({ ...NO_AI, noDraftBecause: 'off' }, IDLE, false)!;
  expect(dismissKeyOf(none, IDLE, 1)).not.toBe(dismissKeyOf(none, IDLE, 2));
  expect(dismissKeyOf(cardOf({ ...NO_AI, draft: makeDraft() }, IDLE, false)!, IDLE, 1)).toBeNull();
});

test('sources are numbered as the text names them, and stand behind the last word of their sentence', () => {
  expect([...numberSources(BODY)].map(([id, { number }]) => [id, number])).toEqual([
    ['K2', 1],
    ['K1', 2],
  ]);
  const segments = segmentsOf(BODY);
  expect(segments.map(({ text }) => text).join('')).toBe(BODY.text);
  expect(segments.filter(({ sources }) => sources.length > 0).map(({ text, sources }) => [text.at(-1), sources.map(({ number }) => number)])).toEqual([
    ['.', [1]],
    ['.', [2, 1]],
  ]);
  expect(segments.filter(({ findings }) => findings.length > 0).map(({ text }) => text)).toEqual(['Q150']);
});
