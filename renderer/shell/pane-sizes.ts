/** How wide the agent has made the list and the side panel, px. Kept in this window's storage. */
const STORAGE_KEY = 'bandeja.panes';

export type PaneSizes = { list: number; panel: number };
const INITIAL: PaneSizes = { list: 360, panel: 304 };

export function readPaneSizes(storage: Pick<Storage, 'getItem'>): PaneSizes {
  try {
    const { list, panel } = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}') as Partial<Record<keyof PaneSizes, unknown>>;
    return { list: typeof list === 'number' ? list : INITIAL.list, panel: typeof panel === 'number' ? panel : INITIAL.panel };
  } catch {
    return INITIAL;
  }
}

/**
 * The chosen widths after a drag. A pane that the drag did not move, or only pushed together to make room for the other
 * one, keeps the width it was given before, however narrow the window has made it.
 */
export function choosePaneSizes(chosen: PaneSizes, before: PaneSizes, now: PaneSizes): PaneSizes {
  const grown = { list: now.list - before.list, panel: now.panel - before.panel };
  const choose = (pane: keyof PaneSizes, other: keyof PaneSizes): number => (Math.abs(grown[pane]) < 1 || (grown[pane] < 0 && grown[other] >= 1) ? chosen[pane] : now[pane]);
  return { list: choose('list', 'panel'), panel: choose('panel', 'list') };
}

export function writePaneSizes(storage: Pick<Storage, 'setItem'>, sizes: PaneSizes): void {
  storage.setItem(STORAGE_KEY, JSON.stringify(sizes));
}
