/** What colleagues are told of a desktop that has taken a message. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AiRun } from '../../../../../contract/ai/ai-entities.ts';
import { makeRun } from '../../../../support/ai-runs.ts';
import { AT, HOUR, ROSA } from '../../desk.ts';
import { createQualityWorld } from '../../quality/world.ts';

let world: ReturnType<typeof createQualityWorld>;
let about: string;
beforeEach(() => {
  world = createQualityWorld();
  // The lease runs on past the clock of the desktop that looks.
  world.log.wait(2 * HOUR);
  about = `m_${world.log.customerWrites({ from: ROSA, text: '¿A qué hora abren?' })}`;
});
afterEach(() => world.close());

const claim = (): string => world.act('bo', { type: 'draft.claim', args: { conversationId: world.conversationId, aboutMessageId: about } });
function record(outcome: AiRun['outcome'], { by = 'bo', of = about }: { by?: string; of?: string } = {}): string {
  const { conversationId, contactId } = world;
  const options = { draftId: `x-${outcome}`, conversationId, contactId, text: '', startedAt: AT };
  const { hash: _hash, ...run } = makeRun(options);
  return world.act(by, { type: 'ai.run', args: { run: makeRun({ ...options, run: { outcome, basis: { ...run.basis, lastInboundId: of } } }) } });
}
function readClaimedBy(): string | null {
  const { desk, views } = world.open('ana');
  const row = desk.replica.state.get('conversation', [world.conversationId]);
  return views.conversation(row!, { isStopped: false, isShadow: false }).claimedBy?.id ?? null;
}

it('a colleague’s desktop makes the answer while its lease runs', () => {
  expect(claim()).toBe('applied');
  expect(readClaimedBy()).toBe('bo');
});

it('nothing is made any more when its try has failed', () => {
  claim();
  expect(record('quota')).toBe('applied');
  expect(readClaimedBy()).toBeNull();
});

it.each<[string, () => void]>([
  ['a try before the claim', () => (record('quota'), claim())],
  ['a try that is made again', () => (claim(), record('superseded'))],
  ['somebody else’s try', () => (claim(), record('quota', { by: 'leo' }))],
  ['a try about another message', () => (claim(), record('quota', { of: 'm_1' }))],
])('%s says nothing of it', (_, happen) => {
  happen();
  expect(readClaimedBy()).toBe('bo');
});
