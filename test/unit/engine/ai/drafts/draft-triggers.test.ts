/** When a desktop begins a draft by itself: over real rows, beside a log that the test writes; its clock and presence are the test's. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AiSettings } from '../../../../../contract/ai/ai-entities.ts';
import { DEFAULT_AI_SETTINGS } from '../../../../../contract/ai/ai-defaults.ts';
import { createAttempts, type Wish } from '../../../../../main/engine/ai/drafts/attempt.ts';
import { createDraftTriggers } from '../../../../../main/engine/ai/drafts/draft-triggers.ts';
import type { UnansweredView } from '../../../../../main/engine/db/ai-queries.ts';

const AT = 1_000_000;
const QUIET = 2_500;
let now = AT;
beforeEach(() => {
  vi.useFakeTimers();
  now = AT;
});
afterEach(() => vi.useRealTimers());

const VIEW: UnansweredView = {
  conversationId: 'c_1',
  phoneNumberId: 'p',
  assigneeId: null,
  messageId: 'm_1',
  receivedAt: AT,
  content: JSON.stringify({ kind: 'text', text: '¿Abren hoy?' }),
  mode: null,
  claimAbout: null,
  claimDevice: null,
  claimFence: 0,
  claimUntil: 0,
};
type World = { view: Partial<UnansweredView>; isUpToDate: boolean; isAway: boolean; isBuiltin: boolean; hasKnowledge: boolean; isStopped: boolean; devices: string[]; settings: Partial<AiSettings> };

function open(over: Partial<World> = {}) {
  const world: World = { view: {}, isUpToDate: true, isAway: false, isBuiltin: false, hasKnowledge: true, isStopped: false, devices: ['a', 'me'], settings: {}, ...over };
  const claims: string[] = [];
  const begun: Wish[] = [];
  const attempts = createAttempts({ onChange: () => undefined });
  const triggers = createDraftTriggers({
    queries: { listUnanswered: () => [{ ...VIEW, ...world.view }], findLastReply: () => undefined },
    flow: { attempts, look: () => [], start: (wish) => void begun.push(wish) },
    replica: {
      applyLocal: (op) => {
        claims.push(op.type);
        Object.assign(world.view, { claimAbout: VIEW.messageId, claimDevice: 'me', claimFence: Number.MAX_SAFE_INTEGER, claimUntil: now + 60_000 });
        return { opId: '', outcome: 'applied' };
      },
    },
    state: { get: () => undefined, list: () => [] },
    sync: { readMeta: () => ({ deviceId: 'me', writeLevel: 99 }) as never },
    presence: { presentDevices: () => world.devices.map((deviceId) => ({ deviceId, agentId: `agent-${deviceId}` })), connectedDevices: () => world.devices },
    readSettings: () => ({ ...DEFAULT_AI_SETTINGS, ...world.settings }),
    isStoppedByTeam: () => world.isStopped,
    isUpToDate: () => world.isUpToDate,
    isRelayAway: () => world.isAway,
    isBuiltin: () => world.isBuiltin,
    hasKnowledge: () => world.hasKnowledge,
    nudge: () => undefined,
    now: () => now,
    log: (_level, event) => {
      throw new Error(event);
    },
  });
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 10) {
      now += 10;
      vi.advanceTimersByTime(10);
    }
  };
  triggers.look();
  return { world, claims, begun, attempts, triggers, pass };
}

it('waits for the burst and for its turn, claims once, and begins when the log has the claim', () => {
  const { world, claims, begun, triggers, pass } = open();
  pass(QUIET + 1_900);
  expect(claims, 'the other desktop comes first').toEqual([]);
  pass(300);
  expect(claims).toEqual(['draft.claim']);
  triggers.look();
  pass(100);
  expect([claims.length, begun.length], 'a claim that is on its way is none').toEqual([1, 0]);
  world.view.claimFence = 41;
  triggers.look();
  pass(100);
  expect(begun).toEqual([{ conversationId: 'c_1', isRequested: false, instruction: '', fence: 41 }]);
  triggers.look();
  pass(100);
  expect(begun, 'one try a message').toHaveLength(1);
  triggers.stop();
});

it('tells that it waits, only where it is its turn', () => {
  const first = open({ devices: ['me'] });
  first.pass(100);
  expect(first.attempts.view('c_1')).toMatchObject({ state: 'waiting', until: AT + QUIET });
  const second = open();
  second.pass(100);
  expect(second.attempts.view('c_1').state).toBe('idle');
});

it('leaves it to the desktop that claimed it, and takes it up when its lease is over', () => {
  const { claims, pass } = open({ view: { claimAbout: 'm_1', claimDevice: 'a', claimFence: 9, claimUntil: AT + 30_000 }, devices: ['me'] });
  pass(29_000);
  expect(claims).toEqual([]);
  pass(1_200);
  expect(claims).toEqual(['draft.claim']);
});

it.each<[string, Partial<World>]>([
  ['the workspace is off', { settings: { mode: 'off' } }],
  ['the number is off', { settings: { numberModes: { p: 'off' } } }],
  ['the conversation is off', { view: { mode: 'off' } }],
  ['the team stopped it', { isStopped: true }],
  ['rows are behind the log', { isUpToDate: false }],
  ['a model cannot be asked twice without the relay', { isUpToDate: false, isAway: true }],
  ['there is nothing to quote', { isBuiltin: true, hasKnowledge: false }],
  ['nobody is at this desktop', { devices: ['a'] }],
  ['there are no words', { view: { content: JSON.stringify({ kind: 'audio', media: null, isVoice: true }) } }],
  ['it is a reaction', { view: { content: JSON.stringify({ kind: 'reaction', emoji: '👍' }) } }],
])('makes nothing by itself where %s', (_, over) => {
  const { claims, begun, pass } = open({ devices: ['me'], ...over });
  pass(10_000);
  expect([claims, begun]).toEqual([[], []]);
});

it('quotes the knowledge base without the relay, and asks nobody', () => {
  const { claims, begun, pass } = open({ isUpToDate: false, isAway: true, isBuiltin: true });
  pass(QUIET + 100);
  expect([claims, begun]).toEqual([[], [{ conversationId: 'c_1', isRequested: false, instruction: '', fence: null }]]);
});
