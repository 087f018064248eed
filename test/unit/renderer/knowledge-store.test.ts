/** What is tried on the knowledge page: one asking for what was typed, and nothing of an earlier one in its place. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EngineClient, EngineOutputs } from '../../../renderer/rpc/engine-client.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import { createKnowledgeStore } from '../../../renderer/store/knowledge-store.ts';

type Found = EngineOutputs['knowledge']['search'];
const NOTHING = { conversations: [] as string[], sync: false, session: false, directory: false, presence: false, conflicts: false, account: false, templates: false, requests: false, contacts: false };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const asked: { text: string; answer(found: Found): void }[] = [];
  const listeners: ChangeListener[] = [];
  const search = ({ text }: { text: string }): Promise<Found> => new Promise((resolve) => asked.push({ text, answer: resolve }));
  const empty = (): Promise<never[]> => Promise.resolve([]);
  const client = { knowledge: { search, list: empty, pendingQuestions: empty, gaps: empty, status: () => Promise.resolve(null) } } as unknown as Pick<EngineClient, 'knowledge'>;
  const store = createKnowledgeStore({ client, changes: { subscribe: (listener) => (listeners.push(listener), () => undefined) }, report: () => undefined });
  return { store, asked, tell: listeners[0]! };
}
const found = (isAnswerable: boolean): Found => ({ hits: [], isAnswerable });

test('a question is asked once it stands, and an earlier answer neither shows nor puts earlier words back', async () => {
  const { store, asked } = open();
  store.getState().tryQuestion('¿cuá');
  store.getState().tryQuestion('¿cuánto cuesta');
  await vi.runAllTimersAsync();
  expect(asked.map(({ text }) => text)).toEqual(['¿cuánto cuesta']);
  store.getState().tryQuestion('¿cuánto cuesta la visita');
  asked[0]!.answer(found(false));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().trial).toMatchObject({ text: '¿cuánto cuesta la visita', found: null, isStale: true });
  await vi.runAllTimersAsync();
  asked[1]!.answer(found(true));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().trial).toMatchObject({ text: '¿cuánto cuesta la visita', found: { isAnswerable: true }, isStale: false });
});

test('it is asked again when the knowledge base changes, and not with every draft of the team', async () => {
  const { store, asked, tell } = open();
  store.getState().show(true);
  store.getState().tryQuestion('¿cuánto cuesta?');
  await vi.runAllTimersAsync();
  tell({ ...NOTHING, ai: true, knowledge: false });
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(1);
  tell({ ...EVERYTHING, conversations: [] });
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(2);
});
