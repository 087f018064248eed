/** What can be done to filters that are kept under a name, in the agent's order. */
type View<F> = { id: string; name: string; filter: F };

/** The present filter under a name; under one that there is already, instead of what it kept. */
export function saveView<F, V extends View<F>>(views: readonly V[], view: V): readonly V[] {
  const known = views.find(({ name }) => name.toLocaleLowerCase() === view.name.toLocaleLowerCase());
  return known ? views.map((one) => (one === known ? { ...one, filter: view.filter } : one)) : [...views, view];
}

export const changeView = <V extends View<unknown>>(views: readonly V[], id: string, patch: Partial<V>): readonly V[] => views.map((view) => (view.id === id ? { ...view, ...patch } : view));

/** One place up or down; at the end of the list nothing. */
export function moveView<V extends View<unknown>>(views: readonly V[], id: string, by: -1 | 1): readonly V[] {
  const at = views.findIndex((view) => view.id === id);
  const view = views[at];
  const to = at + by;
  return view && to >= 0 && to < views.length ? views.toSpliced(at, 1).toSpliced(to, 0, view) : views;
}
