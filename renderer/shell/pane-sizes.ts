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

export function writePaneSizes(storage: Pick<Storage, 'setItem'>, sizes: PaneSizes): void {
  storage.setItem(STORAGE_KEY, JSON.stringify(sizes));
}
