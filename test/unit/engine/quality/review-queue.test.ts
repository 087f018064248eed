import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAutoShare, isInSample } from '../../../../main/engine/ai/quality/review-sample.ts';
import { createQualityWorld } from './world.ts';

describe('the share of automatic answers that is reviewed', () => {
  const good = (at: number) => ({ verdict: 'good' as const, at });
  it('falls after fifty good ones in a row and rises with the first bad one, for what was sent from then on', () => {
    const verdicts = [...Array.from({ length: 50 }, (_, n) => good(n + 1)), { verdict: 'bad' as const, at: 100 }, ...Array.from({ length: 49 }, (_, n) => good(200 + n))];
    const shareAt = createAutoShare(verdicts.toReversed());
    expect([0, 49, 50, 99, 100, 300].map(shareAt)).toEqual([100, 100, 10, 10, 100, 100]);
    expect(createAutoShare([])(5)).toBe(100);
  });
  it('is chosen by the id alone, evenly, and the larger share holds the smaller one', () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => `019aab${n}-7000-8000-000000000000`);
    const ten = ids.filter((id) => isInSample(id, 10));
    expect(ten.length).toBeGreaterThan(400);
    expect(ten.length).toBeLessThan(600);
    expect(ten.every((id) => isInSample(id, 30))).toBe(true);
    expect([ids.some((id) => isInSample(id, 0)), ids.every((id) => isInSample(id, 100))]).toEqual([false, true]);
  });
});

describe('the review queue', () => {
  let world: ReturnType<typeof createQualityWorld>;
  beforeEach(() => {
    world = createQualityWorld();
    world.set({ state: 'on', reviewSample: 0 }, 'auto');
  });
  afterEach(() => world.close());
  const idsOf = ({ items }: { items: readonly { draft: { draftId: string } }[] }): string[] => items.map(({ draft }) => draft.draftId);
  const page = { limit: 10 } as const;

  it('has every automatic answer and the sample of what people sent, newest first, the same on every desktop', async () => {
    const sent = Array.from({ length: 12 }, () => {
      const draftId = world.propose();
      world.approve(draftId);
      return draftId;
    });
    const automatic = [world.answerByItself(), world.answerByItself('cy')];
    const ana = world.open('ana');
    expect(await ana.quality.reviewQueue({ is: 'open', ...page })).toMatchObject({ open: 2, nextCursor: null });
    world.set({ reviewSample: 50 });
    const expected = [...sent.filter((id) => isInSample(id, 50)), ...automatic].toReversed();
    expect(expected.length).toBeGreaterThan(3);
    ana.desk.pull();
    expect(idsOf(await ana.quality.reviewQueue({ is: 'open', limit: 50 }))).toEqual(expected);
    const leo = world.open('leo');
    const first = await leo.quality.reviewQueue({ is: 'open', limit: 2 });
    const second = await leo.quality.reviewQueue({ is: 'open', limit: 50, cursor: first.nextCursor! });
    expect([...idsOf(first), ...idsOf(second)]).toEqual(expected);
  });

  it('shows question, draft, what was sent and whether a person answered once more; a review takes it out and can be taken back', async () => {
    const draftId = world.answerByItself();
    world.personWrites('Perdón, a las 9:00.');
    const { quality, desk } = world.open('ana');
    const [item] = (await quality.reviewQueue({ is: 'open', ...page })).items;
    expect(item).toMatchObject({
      question: '¿A qué hora abren?',
      sent: 'Abrimos a las 8:00.',
      editClass: 'as_is',
      distance: 0,
      isAutomatic: true,
      isCorrected: true,
      review: null,
      draft: { draftId, state: 'approved', body: { text: 'Abrimos a las 8:00.' }, auto: { state: 'sent', isHere: false } },
    });
    expect(quality.review({ draftId, verdict: 'bad', reason: 'wrong_fact', note: 'Abre a las 9.' }).outcome).toBe('applied');
    expect(await quality.reviewQueue({ is: 'open', ...page })).toMatchObject({ open: 0, items: [] });
    const [done] = (await quality.reviewQueue({ is: 'done', ...page })).items;
    expect(done?.review).toMatchObject({ verdict: 'bad', reason: 'wrong_fact', note: 'Abre a las 9.', by: { id: 'ana', isMe: true } });
    expect((await quality.quality({ from: 0, to: desk.now() + 1 })).reviews).toEqual({ good: 0, bad: 1, byReason: { wrong_fact: 1 }, open: 0 });
    quality.review({ draftId, verdict: null, reason: null, note: '' });
    expect(await quality.reviewQueue({ is: 'open', ...page })).toMatchObject({ open: 1 });
  });

  it('shows an automatic answer as nobody’s change, whatever it says of itself below the draft', async () => {
    const [first, next] = [world.answerByItself('bo', 'Respuesta automática. Escriba «asesor» para hablar con una persona.'), world.answerByItself()];
    const { quality } = world.open('ana');
    const { items } = await quality.reviewQueue({ is: 'open', ...page });
    expect(items.map(({ draft, sent, editClass, distance }) => [draft.draftId, sent?.includes('asesor'), editClass, distance])).toEqual([
      [next, false, 'as_is', 0],
      [first, true, 'as_is', 0],
    ]);
  });

  it('takes nothing that was never sent, no reason with a good one, and nobody but leads', async () => {
    const draftId = world.propose();
    const { quality } = world.open('ana');
    expect(() => quality.review({ draftId, verdict: 'good', reason: null, note: '' })).toThrow(/only what was sent/);
    expect(() => quality.review({ draftId: 'nope', verdict: 'good', reason: null, note: '' })).toThrow(/no draft/);
    world.approve(draftId);
    world.open('ana').desk.pull();
    expect(() => world.open('ana').quality.review({ draftId, verdict: 'good', reason: 'tone', note: '' })).toThrow(/reason/);
    await expect(world.open('bo').quality.reviewQueue({ is: 'open', ...page })).rejects.toThrow(/leads/);
  });

  it('says of a first automatic answer that it went as it was: its notice is nobody’s change', async () => {
    world.answerByItself('bo', 'Esta es una respuesta automática.');
    const [item] = (await world.open('ana').quality.reviewQueue({ is: 'open', ...page })).items;
    expect(item).toMatchObject({ sent: 'Abrimos a las 8:00.\n\nEsta es una respuesta automática.', editClass: 'as_is', distance: 0 });
  });

  it('leaves out what has no words any more', async () => {
    world.answerByItself();
    world.act('ana', { type: 'ai.erase', args: { contactId: world.contactId } });
    const { quality } = world.open('ana');
    expect(await quality.reviewQueue({ is: 'open', ...page })).toMatchObject({ open: 0, items: [] });
  });
});
