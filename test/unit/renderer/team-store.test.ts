/** Who is there, and what members hold while somebody looks at it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import type { Change, PresenceEntry } from '../../../contract/entities.ts';
import { createTeamStore, presenceOf, type TeamState } from '../../../renderer/store/team-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';

const NOTHING_ELSE: Partial<Change> = { sync: false, session: false, directory: false, presence: false, conflicts: false };

let engine: FakeEngine;
let team: StoreApi<TeamState>;
const reads = (): number => engine.calls.filter((call) => call === 'directory').length;

beforeEach(() => {
  engine = createFakeEngine();
  team = createTeamStore({
    client: engine.client,
    changes: engine.changes,
    report: (error) => {
      throw error;
    },
  });
});

describe('what members hold', () => {
  const aMessageCame = (): Promise<void> => engine.changes.tell(['c_1'], NOTHING_ELSE);

  test('follows the conversations while somebody looks at it, and until the last has stopped', async () => {
    await aMessageCame();
    expect(reads()).toBe(0);
    const stopFirst = team.getState().followLoads();
    await settle();
    expect(reads(), 'what changed unseen is read at once').toBe(1);
    const stopSecond = team.getState().followLoads();
    await settle();
    stopFirst();
    await aMessageCame();
    expect(reads()).toBe(3);
    stopSecond();
    await aMessageCame();
    expect(reads()).toBe(3);
  });

  test('is not read again because somebody came or went', async () => {
    team.getState().followLoads();
    await settle();
    await engine.changes.tell([], { ...NOTHING_ELSE, presence: true });
    expect(reads()).toBe(1);
    await engine.changes.tell([], { ...NOTHING_ELSE, directory: true });
    expect(reads()).toBe(2);
  });
});

describe('who is there', () => {
  const here = (id: string, activity: PresenceEntry['activity']): PresenceEntry => ({ agent: { id, name: id, isMe: false }, conversationId: null, activity });
  const stateOf = (presence: TeamState['presence'], id: string, isMe = false): string => presenceOf({ ...team.getState(), presence }, { id, isMe });

  test('one window that is looked at is enough; who has only left theirs open is away', () => {
    const presence = [here('leo', 'away'), here('cy', 'away'), here('cy', 'writing'), here('bo', 'viewing')];
    expect(['leo', 'cy', 'bo', 'ana'].map((id) => stateOf(presence, id))).toEqual(['away', 'online', 'online', 'offline']);
  });

  test('I am there while this desktop is connected, and nothing is known of anybody otherwise', () => {
    expect(stateOf([], 'me', true)).toBe('online');
    expect([stateOf(null, 'me', true), stateOf(null, 'bo')]).toEqual(['unknown', 'unknown']);
  });
});
