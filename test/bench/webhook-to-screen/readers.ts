/** Who notes in Node that a text has arrived: a client of the contract, and a client of the bare line. */
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { connectShell } from '../shell-client.ts';
import type { Arrivals } from './arrivals.ts';

export type Reader = { stop(): Promise<void> };

/** Does what a window does: listens for changes and asks for the list again. */
export async function startContractReader(windowUrl: string, arrivals: Arrivals): Promise<Reader> {
  const { client, close } = await connectShell(windowUrl);
  const changes = await client.events.watch();
  const readAll = async (): Promise<void> => {
    for await (const change of changes) {
      if (change.conversations !== 'all' && change.conversations.length === 0) continue;
      const { items } = await client.conversations.list({});
      const at = performance.now();
      for (const { lastMessage } of items) arrivals.note((lastMessage && wordsOf(lastMessage.content)) ?? '', at);
    }
  };
  const reading = readAll().catch(() => undefined); // the line was closed
  return {
    stop: async () => {
      close();
      await reading;
    },
  };
}

export async function startBareReader(windowUrl: string, arrivals: Arrivals): Promise<Reader> {
  const socket = new WebSocket(windowUrl.replace('http', 'ws'));
  socket.on('message', (data: Buffer) => arrivals.note(data.toString(), performance.now()));
  await once(socket, 'open');
  return {
    stop: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
