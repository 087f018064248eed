/** Notices: an undo that vanishes under a later notice cannot be pressed any more. */
import { expect, test } from 'vitest';
import { createToastStore } from '../../../renderer/store/toast-store.ts';

const action = { label: 'action.undo' as const, run: () => undefined };
const names = (toasts: ReturnType<typeof createToastStore>): string[] => toasts.getState().toasts.map((toast) => toast.values.name);

test('the same notice about two customers is two notices, about one customer it is one', () => {
  const toasts = createToastStore();
  for (const name of ['Ana', 'Luis', 'Ana']) toasts.getState().say('status.superseded', { values: { name } });
  expect(names(toasts)).toEqual(['Luis', 'Ana']);
});

test('a notice with an action is neither replaced nor pushed out by one without', () => {
  const toasts = createToastStore();
  for (const name of ['Ana', 'Ana', 'Luis']) toasts.getState().say('status.done.archived', { values: { name }, action });
  toasts.getState().fail('INTERNAL');
  toasts.getState().fail('NOT_FOUND');
  expect(names(toasts)).toEqual(['Ana', 'Ana', 'Luis', '']);
});

test('whoever works fast with the keys is not buried under what can be undone', () => {
  const toasts = createToastStore();
  for (const name of ['Ana', 'Luis', 'Eva', 'Bo', 'Cy']) toasts.getState().say('status.done.archived', { values: { name }, action });
  expect(names(toasts)).toEqual(['Eva', 'Bo', 'Cy']);
});

test('of notices without an action the oldest one goes first', () => {
  const toasts = createToastStore();
  for (const code of ['INTERNAL', 'NOT_FOUND', 'FORBIDDEN', 'ENGINE_AWAY'] as const) toasts.getState().fail(code);
  expect(toasts.getState().toasts.map((toast) => toast.text)).toEqual(['failure.NOT_FOUND', 'failure.FORBIDDEN', 'failure.ENGINE_AWAY']);
});
