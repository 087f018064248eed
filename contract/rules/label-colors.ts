/** Colours a label may have: names of design tokens (`renderer/ui/tokens.css`), so that each theme draws them readably. */
export const LABEL_COLORS = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const;
export type LabelColor = (typeof LABEL_COLORS)[number];
