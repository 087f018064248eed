/**
 * Opens the window for what its desktop is: as usual, with a lock that is open, or locked. Invariant: what was opened for one of them is never shown
 * for another: when that changes the page begins anew, so nothing of a desktop that was locked is left in its memory.
 */
import { createORPCClient } from '@orpc/client';
import type { LockState } from '../../contract/lock-api.ts';
import type { Connect, Connection } from '../rpc/connect.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

export type Gate = 'plain' | 'sealed' | 'locked';
/** `client` asks by the line that is given along, as long as it is there. */
export type Opened = { client: Pick<EngineClient, 'lock' | 'preferences'>; state: LockState; connection: Connection };

type Deps = {
  connect: Connect;
  /** Once, for a desktop that has a lock: in the place of what was opened as usual. */
  open(gate: Exclude<Gate, 'plain'>, opened: Opened): void;
  /** What the engine kept for the window in the time of a lock is the window's again. @returns whether there was anything. */
  takeBack(client: Opened['client']): Promise<boolean>;
  /** The page begins anew. */
  reload(): void;
};

/** The way to connect for what is opened as usual, or with the lock open. */
export function createGate({ connect, open, takeBack, reload }: Deps): Connect {
  let known: Gate | null = null;
  return async () => {
    const connection = await connect();
    const client = createORPCClient<EngineClient>(connection.link);
    const state = await client.lock.state().catch((error: unknown) => {
      connection.close();
      throw error;
    });
    const gate = gateOf(state);
    if (known === null) {
      known = gate;
      if (gate === 'plain') {
        // If it fails, the next page does it.
        if (!(await takeBack(client).catch(() => false))) return connection;
        reload();
        return never;
      }
      open(gate, { client, state, connection });
      return never;
    }
    if (gate === known) return connection;
    reload();
    return never;
  };
}

/** What was opened in the place of the page does not wait for it. */
const never = new Promise<never>(() => undefined);

export const gateOf = ({ isOn, isLocked }: LockState): Gate => (isLocked ? 'locked' : isOn ? 'sealed' : 'plain');
