/** The contract over a MessagePort: Electron's `MessagePortMain`, or the one of `node:worker_threads`. */
import { RPCHandler } from '@orpc/server/message-port';
import type { Log } from '../../../contract/log.ts';
import { errorHandling, type ServedRouter } from './call-errors.ts';

type Port = Parameters<RPCHandler<Record<never, never>>['upgrade']>[0] & { start(): void };

/** Returns a function that serves one port until it closes. */
export function createMessagePortServer(router: ServedRouter, log: Log): (port: Port) => void {
  const handler = new RPCHandler(router, errorHandling(log));
  return (port) => {
    handler.upgrade(port);
    port.start();
  };
}
