/** A message says which draft by AI it came from, and whether anybody pressed send. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMessageQueries, MESSAGE_COLUMNS, MESSAGE_JOINS } from '../../../../main/engine/db/message-queries.ts';
import { createMessages, type Messages } from '../../../../main/engine/messages/messages.ts';
import { createQualityWorld } from './world.ts';

let world: ReturnType<typeof createQualityWorld>;
beforeEach(() => {
  world = createQualityWorld();
  world.set({ state: 'on' }, 'auto');
});
afterEach(() => world.close());

it('in the thread of every desktop: as it was or changed, by itself, and not at all', () => {
  const same = world.propose();
  world.approve(same);
  const light = world.propose();
  world.approve(light, 'Abrimos a las 8:30.');
  const alone = world.answerByItself('bo', 'Respuesta automática.');
  world.personWrites('Ya le confirmo.');
  const gone = world.propose();
  world.discard(gone);
  world.approve(gone, 'Demasiado tarde.');
  for (const agentId of ['bo', 'leo']) {
    const { desk } = world.open(agentId);
    const deps = { queries: createMessageQueries(desk.db), conversations: desk.conversations, media: { viewFile: () => null }, myId: () => agentId };
    const { page }: Pick<Messages, 'page'> = createMessages(deps as unknown as Parameters<typeof createMessages>[0]);
    const { items } = page({ conversationId: world.conversationId, limit: 50 });
    expect(items.filter(({ direction }) => direction === 'in').every(({ ai }) => ai === null)).toBe(true);
    expect(items.flatMap(({ direction, content, ai }) => (direction === 'out' && content.kind === 'text' ? [[content.text, ai]] : []))).toEqual([
      ['Abrimos a las 8:00.', { draftId: same, runId: `run-${same}`, isAutomatic: false }],
      ['Abrimos a las 8:30.', { draftId: light, runId: `run-${light}`, isAutomatic: false }],
      ['Abrimos a las 8:00.\n\nRespuesta automática.', { draftId: alone, runId: `run-${alone}`, isAutomatic: true }],
      ['Ya le confirmo.', null],
      ['Demasiado tarde.', null],
    ]);
    const plan = desk.db.prepare(`EXPLAIN QUERY PLAN SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS} WHERE m.contact_id = 'x'`).all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail).filter((detail) => /\bw\b/.test(detail))).toEqual([expect.stringContaining('INDEX ai_draft_message (message_id=?)')]);
  }
});
