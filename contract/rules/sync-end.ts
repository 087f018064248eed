import type { SyncState } from '../entities.ts';

/** States that only a person can end: the desktop makes no more attempts, and nothing that it records reaches the team. */
export type SyncEnd = 'revoked' | 'forked' | 'wrong_log' | 'update_needed' | 'stopped';

const ENDS: ReadonlySet<SyncState['state']> = new Set<SyncEnd>(['revoked', 'forked', 'wrong_log', 'update_needed', 'stopped']);

export const isSyncEnd = (state: SyncState['state']): state is SyncEnd => ENDS.has(state);

/** Ends after which nothing that is recorded would ever leave. The others end with an update: what is recorded waits for it. */
export type WriteEnd = 'revoked' | 'forked' | 'wrong_log';

const WRITE_ENDS: ReadonlySet<SyncState['state']> = new Set<WriteEnd>(['revoked', 'forked', 'wrong_log']);

export const isWriteEnd = (state: SyncState['state']): state is WriteEnd => WRITE_ENDS.has(state);
