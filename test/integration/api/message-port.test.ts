import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { expect, test } from 'vitest';
import type { Contract } from '../../../contract/api.ts';
import { createMessagePortServer } from '../../../main/engine/api/serve-message-port.ts';
import { createTestLog, startEmptyEngine } from '../../support/engine.ts';

test('a MessagePort speaks the contract, subscriptions included, and refuses with the same codes', async () => {
  const { log } = createTestLog();
  const engine = await startEmptyEngine(log);
  const { port1, port2 } = new MessageChannel();
  createMessagePortServer(engine.router, log)(port1);
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port2 }));
  port2.start();

  expect(await client.session.get()).toMatchObject({ me: null, version: '0.0.0' });
  await expect(client.messages.page({ conversationId: 'x', limit: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/^limit: /) });

  const stop = new AbortController();
  const changes = await client.events.watch(undefined, { signal: stop.signal });
  const next = changes.next();
  await client.preferences.set({ theme: 'dark' });
  expect(await next).toMatchObject({ done: false, value: { session: true } });
  stop.abort();

  port2.close();
  await engine.remove();
});
