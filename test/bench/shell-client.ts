/** A client of the browser shell in Node: speaks the contract over the same WebSocket as the window. */
import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../contract/api.ts';

export type ContractClient = ContractRouterClient<Contract>;
export type ShellClient = { client: ContractClient; close(): void };

const SUBPROTOCOL = 'bandeja.v1';
type Socket = ConstructorParameters<typeof RPCLink>[0]['websocket'];

/** @param url the window's address with its secret, as the shell prints it. */
export async function connectShell(url: string): Promise<ShellClient> {
  const { host, origin, hash } = new URL(url);
  const socket = new WebSocket(`ws://${host}/rpc`, [SUBPROTOCOL, `secret.${hash.replace('#k=', '')}`], { origin });
  await once(socket, 'open');
  return { client: createORPCClient<ContractClient>(new RPCLink({ websocket: socket as unknown as Socket })), close: () => socket.close() };
}
