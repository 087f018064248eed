import type { Outcome } from '../state.ts';

/** What became of an op: goes into `activity` as it stands. */
export type OpResult = { outcome: Outcome; conversationId: string | null; detail?: Record<string, unknown> };
