/** The engine behind a window, asked as the window asks it: for what a test has to set up before it looks. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { ContractClient } from '../../support/desk.ts';
import type { Shell } from './demo.ts';

export async function connectWindow(shell: Pick<Shell, 'url'>): Promise<{ client: ContractClient; close(): void }> {
  const { origin, hash } = new URL(shell.url());
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/rpc`, ['bandeja.v1', `secret.${hash.replace('#k=', '')}`], { origin });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { client: createORPCClient<ContractClient>(new RPCLink({ websocket: socket as unknown as ConstructorParameters<typeof RPCLink>[0]['websocket'] })), close: () => socket.close() };
}
