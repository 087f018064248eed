import { expect, test } from 'vitest';
import type { BoardRow, ConversationSummary } from '../../../contract/entities.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { createBoardStore } from '../../../renderer/store/board-store.ts';
import { settle } from './fake-engine.ts';
import { makeSummary } from './fixtures.ts';

const BO = { id: 'bo', name: 'Bo' };

/** An engine that holds who has which conversation. */
function openBoard() {
  const holders = new Map<string, string | null>([
    ['c1', null],
    ['c2', null],
    ['c3', 'bo'],
  ]);
  const listeners = new Set<ChangeListener>();
  const calls: string[] = [];
  const rowOf = (id: string): ConversationSummary => makeSummary(id, { assignee: holders.get(id) == null ? null : { ...BO, isMe: false } });
  const client = {
    team: {
      board: async (): Promise<BoardRow[]> => {
        calls.push('board');
        return [{ agent: null, open: [...holders.values()].filter((one) => one === null).length, waiting: 0, oldestWaitingSince: null, windowClosesAt: null }];
      },
    },
    conversations: {
      list: async ({ assignee }: { assignee: 'nobody' | { agentId: string } }) => {
        const wanted = assignee === 'nobody' ? null : assignee.agentId;
        return { items: [...holders].filter(([, holder]) => holder === wanted).map(([id]) => rowOf(id)), nextCursor: null };
      },
    },
  } as unknown as EngineClient;
  const board = createBoardStore({
    client,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      start: () => undefined,
    },
    report: (error) => {
      throw error;
    },
  });
  const tell = async (): Promise<void> => {
    for (const listener of listeners) listener(EVERYTHING);
    await settle();
  };
  const shown = (): string[] => (board.getState().conversations ?? []).map(({ id }) => id);
  return { board, holders, calls, shown, tell };
}

test('reads only while it is shown', async () => {
  const { board, calls, tell } = openBoard();
  await tell();
  expect(calls).toEqual([]);
  board.getState().show(true);
  await settle();
  expect(calls).toEqual(['board']);
  await tell();
  expect(calls).toHaveLength(2);
  board.getState().show(false);
  await tell();
  expect(calls).toHaveLength(2);
});

test('shows what the chosen one holds, and what is given away leaves', async () => {
  const { board, holders, shown, tell } = openBoard();
  board.getState().show(true);
  await settle();
  expect(shown()).toEqual(['c1', 'c2']);
  holders.set('c1', 'bo');
  await tell();
  expect(shown()).toEqual(['c2']);
  board.getState().choose('bo');
  await settle();
  expect(shown()).toEqual(['c1', 'c3']);
});
