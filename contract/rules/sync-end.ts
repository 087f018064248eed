import type { SyncState } from '../entities.ts';

/** States that only a person can end: the desktop makes no more attempts, and nothing that it records reaches the team. */
export type SyncEnd = 'revoked' | 'forked' | 'wrong_log' | 'update_needed' | 'stopped';

const ENDS: ReadonlySet<SyncState['state']> = new Set<SyncEnd>(['revoked', 'forked', 'wrong_log', 'update_needed', 'stopped']);

export const isSyncEnd = (state: SyncState['state']): state is SyncEnd => ENDS.has(state);
