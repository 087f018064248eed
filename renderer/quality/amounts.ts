/** Figures as this place writes them. */
import type { Quality } from '../../contract/ai/ai-views.ts';

/** In the order in which they are told. */
export const CLASSES = ['as_is', 'light', 'heavy', 'discarded'] as const;
export type Shares = Quality['total'];

export const countOf = (shares: Shares): number => CLASSES.reduce((sum, name) => sum + shares[name], 0);
/** 0 to 100, whole; null: of nothing. */
export const percent = (part: number, all: number): number | null => (all === 0 ? null : Math.round((part / all) * 100));
export const percentText = (part: number, all: number): string => `${percent(part, all) ?? '–'}${all === 0 ? '' : '\u{A0}%'}`;
