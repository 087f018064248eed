/** A request for the focus that is obeyed twice, or too late, puts what is typed into a customer’s composer. */
import { expect, test } from 'vitest';
import { createViewStore } from '../../../renderer/store/view-store.ts';

test('a request is obeyed once, and only by the part that it names', () => {
  const view = createViewStore({ openId: () => 'c1' }).getState();
  view.focusComposer();
  expect(view.takeFocus('composer', 'c2')).toBe(false);
  expect(view.takeFocus('thread', 'c1')).toBe(false);
  expect(view.takeFocus('composer', 'c1')).toBe(true);
  expect(view.takeFocus('composer', 'c1')).toBe(false);
});

test('a conversation that was left gets no focus on coming back', () => {
  const view = createViewStore({ openId: () => 'c1' }).getState();
  view.focusComposer();
  view.onOpened('c2');
  view.onOpened('c1');
  expect(view.takeFocus('composer', 'c1')).toBe(false);
});

test('the search box obeys once, and again when asked again', () => {
  const view = createViewStore({ openId: () => null }).getState();
  expect(view.takeFocus('search')).toBe(false);
  view.focusSearch();
  expect(view.takeFocus('search')).toBe(true);
  expect(view.takeFocus('search')).toBe(false);
  view.focusSearch();
  expect(view.takeFocus('search')).toBe(true);
});
