/** The line between one desktop and the relay, which a test can cut, and on which acknowledgements get lost. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

const ACK = '"t":"ack"';

export type Line = {
  url: string;
  /** Ends what is connected and refuses what comes. */
  cut(): void;
  mend(): void;
  /** The next acknowledgements never arrive: what the relay sent is thrown away, then the connection breaks. Adds up. */
  loseAcks(count: number): void;
  /** Acknowledgements lost, and connections broken by `cut`. */
  counts: { lostAcks: number; cutConnections: number };
  stop(): Promise<void>;
};

export async function startLine(relayPort: number): Promise<Line> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const counts = { lostAcks: 0, cutConnections: 0 };
  let isCut = false;
  let acksToLose = 0;
  const end = (pair: readonly [Socket, Socket]): void => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  const server = createServer((desktop) => {
    if (isCut) return void desktop.destroy();
    const relay = connect(relayPort, '127.0.0.1');
    const pair = [desktop, relay] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => end(pair));
      socket.on('close', () => end(pair));
    }
    desktop.pipe(relay);
    relay.on('data', (bytes: Buffer) => {
      if (acksToLose > 0 && bytes.includes(ACK)) {
        acksToLose -= 1;
        counts.lostAcks += 1;
        return end(pair);
      }
      if (!desktop.write(bytes)) {
        relay.pause();
        desktop.once('drain', () => relay.resume());
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    cut: () => {
      isCut = true;
      counts.cutConnections += pairs.size;
      for (const pair of pairs) end(pair);
    },
    mend: () => {
      isCut = false;
    },
    loseAcks: (count) => {
      acksToLose += count;
    },
    stop: async () => {
      for (const pair of pairs) end(pair);
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
