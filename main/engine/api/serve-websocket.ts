/** The contract over a WebSocket whose client has proved already that it may connect. */
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../../contract/log.ts';
import { errorHandling, type ServedRouter } from './call-errors.ts';

/** Returns a function that serves one socket until it closes. */
export function createWebSocketServer(router: ServedRouter, log: Log): (socket: WebSocket) => void {
  const handler = new RPCHandler(router, errorHandling(log));
  return (socket) => void handler.upgrade(socket);
}
