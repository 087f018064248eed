import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRun } from '../../../support/ai-runs.ts';
import { createQualityWorld, ALL, sumOf } from './world.ts';

const DRAFT = 'Abrimos a las 8:00.';
const LIGHT = 'Abrimos a las 8:30.';
const HEAVY = 'Con gusto, mañana pasa nuestro técnico por su casa.';

let world: ReturnType<typeof createQualityWorld>;
beforeEach(() => {
  world = createQualityWorld();
});
afterEach(() => world.close());

/** A number below `n` from a seed: the same every time. */
const createDice = (seed: number) => {
  let state = seed;
  return (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
};

describe('the shares of drafts', () => {
  it('count what people sent, changed and threw away, by who decided and by what was cited', async () => {
    world.act('ana', { type: 'kb.part', args: { articleId: 'hours', revisionId: 'r1', no: 0, text: 'Abrimos a las 8:00.' } });
    world.act('ana', {
      type: 'kb.save',
      args: { articleId: 'hours', revisionId: 'r1', from: null, parts: 1, kind: 'article', title: 'Horario', language: 'es', folder: '', source: null, draftId: null },
    });
    world.approve(world.propose({ articles: ['hours', 'hours', 'prices'] }), DRAFT, 'bo');
    world.approve(world.propose({ articles: ['hours'] }), LIGHT, 'bo');
    world.approve(world.propose(), HEAVY, 'cy');
    world.discard(world.propose(), 'cy');
    // Overtaken by what the customer wrote next, and fallen with its conversation: nobody said anything of these.
    world.propose();
    world.propose();
    world.act('bo', { type: 'conversation.status', args: { conversationId: world.conversationId, from: 'active', to: 'archived', seenThrough: world.log.head() } });

    const figures = await world.open('leo').quality.quality(ALL);
    expect(figures.total).toEqual({ as_is: 1, light: 1, heavy: 1, discarded: 1 });
    expect(figures.byAgent.map(({ agent, shares }) => [agent.name, shares])).toEqual([
      ['bo', { as_is: 1, light: 1, heavy: 0, discarded: 0 }],
      ['cy', { as_is: 0, light: 0, heavy: 1, discarded: 1 }],
    ]);
    expect(figures.byTopic).toEqual([
      { topic: 'Horario', shares: { as_is: 1, light: 1, heavy: 0, discarded: 0 } },
      { topic: '', shares: { as_is: 0, light: 0, heavy: 1, discarded: 1 } },
    ]);
    // 22 November 2026, six in the morning of a Sunday in Guatemala.
    expect(figures.byWeek).toEqual([{ week: '2026-11-16', shares: figures.total, costMicros: 6 * 900 }]);
    expect(figures.cost).toMatchObject({ totalMicros: 6 * 900, unpriced: 0, usage: { input: 6_000, output: 480 }, byMonth: [{ month: '2026-11', costMicros: 5_400, runs: 6 }] });
    expect(figures.cost.byConversation).toEqual([{ conversationId: world.conversationId, name: '+502 5555 1234', costMicros: 5_400, runs: 6 }]);
  });

  it('count own words instead of the draft as thrown away, and a colleague’s as nothing', async () => {
    world.act('bo', { type: 'draft.edit', args: { draftId: world.propose() } });
    world.personWrites('Ya le confirmo.', 'bo');
    world.act('bo', { type: 'draft.edit', args: { draftId: world.propose() } });
    world.personWrites('Yo lo veo.', 'cy');
    expect((await world.open('ana').quality.quality(ALL)).byAgent).toEqual([{ agent: { id: 'bo', name: 'bo', isMe: false }, shares: { as_is: 0, light: 0, heavy: 0, discarded: 1 } }]);
  });

  it('are an agent’s own for agents, with nothing of the team’s', async () => {
    world.approve(world.propose(), DRAFT, 'bo');
    world.approve(world.propose(), LIGHT, 'cy');
    const bo = await world.open('bo').quality.quality(ALL);
    expect(bo.total).toEqual({ as_is: 1, light: 0, heavy: 0, discarded: 0 });
    expect(bo.byAgent.map(({ agent }) => agent.id)).toEqual(['bo']);
    expect(bo.cost).toMatchObject({ totalMicros: 0, byMonth: [], byConversation: [] });
    const { quality } = world.open('bo');
    expect((await quality.drafts({ ...ALL, agentId: 'cy', limit: 10 })).items.map(({ draft }) => draft.decidedBy?.id)).toEqual(['bo']);
    expect((await quality.exportQuality(ALL)).csv).not.toContain(LIGHT);
    expect(() => quality.runs({ limit: 10 })).toThrow(/leads/);
    expect(() => quality.exportRuns({})).toThrow(/leads/);
  });

  it.each([11, 12, 13])('add up, whichever way they are cut (seed %i)', async (seed) => {
    const dice = createDice(seed);
    world.set({ state: 'on' }, 'auto');
    let counted = 0;
    for (let step = 0; step < 60; step += 1) {
      const by = ['bo', 'cy', 'leo'][dice(3)]!;
      const kind = dice(6);
      if (kind === 0) world.answerByItself(by);
      else if (kind === 1) world.propose({ articles: [['a', 'b'][dice(2)]!] });
      else {
        counted += 1;
        const draftId = world.propose({ articles: dice(2) === 0 ? [] : [['a', 'b', 'c'][dice(3)]!] });
        if (kind === 2) world.discard(draftId, by);
        else world.approve(draftId, [DRAFT, LIGHT, HEAVY][kind - 3], by);
      }
    }
    const { quality } = world.open('ana');
    const figures = await quality.quality(ALL);
    const parts = (rows: readonly { shares: typeof figures.total }[]): number => rows.reduce((sum, { shares }) => sum + sumOf(shares), 0);
    expect([sumOf(figures.total), parts(figures.byAgent), parts(figures.byTopic), parts(figures.byWeek)]).toEqual([counted, counted, counted, counted]);
    const { items } = await quality.drafts({ ...ALL, limit: 100 });
    expect(items).toHaveLength(counted);
    for (const editClass of ['as_is', 'light', 'heavy', 'discarded'] as const) expect(items.filter((item) => item.editClass === editClass)).toHaveLength(figures.total[editClass]);
    expect((await quality.exportQuality(ALL)).csv.trim().split('\r\n')).toHaveLength(1 + counted + figures.automatic.sent);
  });

  it('stay when the words are erased, and the file says that they were', async () => {
    world.approve(world.propose({ question: '¿Y los sábados?' }), LIGHT, 'bo');
    const leo = world.open('leo');
    const before = await leo.quality.quality(ALL);
    expect(world.act('leo', { type: 'ai.erase', args: { contactId: world.contactId } })).toBe('applied');
    leo.desk.pull();
    expect(await leo.quality.quality(ALL)).toEqual(before);
    const { csv } = await leo.quality.exportQuality(ALL);
    expect(csv.split('\r\n')[1]).toContain('(borrado),(borrado),(borrado)');
    expect(csv).not.toContain('sábados');
    const { runs } = leo.quality;
    expect(runs({ limit: 10 }).items.map(({ run, isIntact }) => [run.text, isIntact])).toEqual([[null, true]]);
    let lines = '';
    for await (const part of leo.quality.exportRuns({})) lines += part;
    expect(JSON.parse(lines)).toMatchObject({ runId: 'run-d0001', text: null, costMicros: 900 });
  });

  it('write nothing into a file that a spreadsheet would take for a formula', async () => {
    world.approve(world.propose({ question: '=HYPERLINK("https://example.com")' }), '+1+1', 'bo');
    const { csv } = await world.open('leo').quality.exportQuality(ALL);
    expect(csv).toContain(`"'=HYPERLINK(""https://example.com"")"`);
    expect(csv).toContain(",'+1+1,");
  });
});

describe('automatic answers', () => {
  it('are counted with what people corrected within a day, stopped and took over', async () => {
    world.set({ state: 'on' }, 'auto');
    world.answerByItself();
    world.personWrites('Perdón: los lunes a las 9:00.');
    world.answerByItself();
    // Another automatic answer corrects nothing.
    world.answerByItself();
    const about = `m_${world.log.customerWrites({ text: 'Quiero hablar con una persona' })}`;
    world.act('bo', { type: 'ai.handoff', args: { conversationId: world.conversationId, aboutMessageId: about, reason: 'asked_for_person', detail: '', runId: null } });
    const figures = await world.open('ana').quality.quality(ALL);
    expect(figures.automatic).toEqual({ sent: 3, corrected: 1, stopped: 0, handedOff: 1, shadow: { would: 0, agreed: 0 } });
    expect(sumOf(figures.total)).toBe(0);
  });

  it('of the shadow agree where people sent the same or nearly', async () => {
    const shadow = { policy: { maySend: true, isShadow: true, rules: [] } };
    world.approve(world.propose({ run: shadow }), DRAFT);
    world.approve(world.propose({ run: shadow }), LIGHT);
    world.approve(world.propose({ run: shadow }), HEAVY);
    world.discard(world.propose({ run: shadow }));
    world.approve(world.propose({ run: { policy: { maySend: false, isShadow: true, rules: [] } } }), DRAFT);
    world.propose({ run: shadow });
    expect((await world.open('ana').quality.quality(ALL)).automatic.shadow).toEqual({ would: 4, agreed: 2 });
  });
});

describe('runs', () => {
  it('that failed are counted by what stood in the way, and those without a price apart', async () => {
    world.propose({ run: { costMicros: null } });
    for (const [n, outcome] of (['offline', 'offline', 'auth', 'cancelled'] as const).entries()) {
      const run = makeRun({
        draftId: `f${n}`,
        conversationId: world.conversationId,
        contactId: world.contactId,
        text: '',
        startedAt: ALL.from + 5_000 + n,
        run: { outcome, usage: null, costMicros: null },
      });
      world.act('bo', { type: 'ai.run', args: { run } });
    }
    const figures = await world.open('ana').quality.quality(ALL);
    expect(figures.failures).toEqual([
      { class: 'offline', count: 2 },
      { class: 'auth', count: 1 },
    ]);
    expect(figures.cost).toMatchObject({ totalMicros: 0, unpriced: 1 });
  });

  it('show whether they are as they were written: a record that was changed is told, and one whose forerunner is not here', () => {
    world.propose();
    world.propose();
    world.propose();
    const { desk, quality } = world.open('leo');
    const isIntact = () => quality.runs({ limit: 10 }).items.map((item) => item.isIntact);
    expect(isIntact()).toEqual([true, true, true]);
    desk.db.exec(`UPDATE ai_run SET text = replace(text, '8:00', '9:00') WHERE id = 'run-d0002'`);
    expect(isIntact()).toEqual([true, false, true]);
    desk.db.exec(`UPDATE ai_run SET record = replace(record, '"costMicros":900', '"costMicros":1') WHERE id = 'run-d0001'`);
    expect(isIntact()).toEqual([true, false, false]);
    desk.db.exec(`DELETE FROM ai_run WHERE id = 'run-d0001'`);
    desk.db.exec(`UPDATE ai_run SET text = replace(text, '9:00', '8:00') WHERE id = 'run-d0002'`);
    expect(isIntact()).toEqual([true, null]);
  });

  it('are listed page by page, newest first, of one conversation for everybody', () => {
    for (let n = 0; n < 5; n += 1) world.propose();
    const { quality } = world.open('bo');
    const first = quality.runs({ conversationId: world.conversationId, limit: 3 });
    const second = quality.runs({ conversationId: world.conversationId, limit: 3, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ run }) => run.runId)).toEqual(['run-d0005', 'run-d0004', 'run-d0003', 'run-d0002', 'run-d0001']);
    expect(second.nextCursor).toBeNull();
    expect(quality.runs({ conversationId: world.conversationId, purpose: 'summary', limit: 3 }).items).toEqual([]);
    expect(() => quality.runs({ conversationId: world.conversationId, limit: 3, cursor: '{}' })).toThrow(/cursor/);
  });
});
