/**
 * The words of an answer that leaves by itself: the draft's own, and below them what it has to say of itself. Kept apart, because a person
 * who sends the same draft says only its own words.
 */
import type { DraftBody } from './ai-entities.ts';

export const automaticText = ({ text, notice }: Pick<DraftBody, 'text' | 'notice'>): string => (notice === undefined || notice === '' ? text : `${text}\n\n${notice}`);
