import { expect, test } from 'vitest';
import type { BoardRow, ConversationSummary } from '../../../contract/entities.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { createBoardStore } from '../../../renderer/store/board-store.ts';
import { createToastStore } from '../../../renderer/store/toast-store.ts';
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
  const bulk = { refused: 0 };
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
      bulk: async ({ conversationIds, action }: { conversationIds: string[]; action: { to: string | null } }) => {
        calls.push(`move ${conversationIds.join(' ')}`);
        const moved = conversationIds.slice(bulk.refused);
        for (const id of moved) holders.set(id, action.to);
        return { opIds: moved.map((id) => `op-${id}`), changed: moved.length, refused: bulk.refused };
      },
    },
    ops: {
      undo: async ({ opIds }: { opIds: string[] }) => {
        for (const opId of opIds) holders.set(opId.slice(3), null);
        return { undone: opIds.length, refused: 0 };
      },
    },
  } as unknown as EngineClient;
  const toasts = createToastStore();
  const board = createBoardStore({
    client,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      start: () => undefined,
    },
    toasts,
    report: (error) => {
      throw error;
    },
  });
  const shown = (): string[] => (board.getState().conversations ?? []).map(({ id }) => id);
  const tell = async (): Promise<void> => {
    for (const listener of listeners) listener(EVERYTHING);
    await settle();
  };
  return { board, toasts, calls, bulk, shown, tell };
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

test('a move shows at once, says how many, and can be taken back', async () => {
  const { board, toasts, calls, shown } = openBoard();
  board.getState().show(true);
  await settle();
  await board.getState().move(board.getState().conversations!, BO);
  await settle();
  expect(calls).toContain('move c1 c2');
  expect(shown()).toEqual([]);
  const [toast] = toasts.getState().toasts;
  expect(toast).toMatchObject({ text: 'bulk.done.assigned', values: { count: 2, refused: 0, what: 'Bo' } });
  toast!.action!.run();
  await settle();
  expect(shown()).toEqual(['c1', 'c2']);
});

test('what somebody holds already is not moved to them again, and a refusal is told', async () => {
  const { board, toasts, calls, bulk } = openBoard();
  board.getState().show(true);
  board.getState().choose('bo');
  await settle();
  await board.getState().move(board.getState().conversations!, BO);
  expect(calls.filter((call) => call.startsWith('move'))).toEqual([]);
  bulk.refused = 1;
  await board.getState().move(board.getState().conversations!, { id: null, name: 'Sin asignar' });
  expect(toasts.getState().toasts.map(({ text }) => text)).toEqual(['bulk.noneDone']);
});
