/** A TCP line to a port of this machine that can be cut, and that can lose what comes back: one desktop's own bad network. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type Line = {
  /** Where the other end answers as if it were the target. */
  url: string;
  /** Ends every connection, and each new one at once. */
  cut(): void;
  /** From now on nothing that the target says arrives; what is said to it does. */
  loseAnswers(): void;
  /** The next acknowledgements of a relay never arrive: they are thrown away, and the connection breaks. Adds up. */
  loseAcks(count: number): void;
  /** How often it happened: acknowledgements lost, connections ended by `cut`. */
  counts: { lostAcks: number; cutConnections: number };
  /** Ends every connection; new ones work. */
  restore(): void;
  stop(): Promise<void>;
};

const ACK = '"t":"ack"';

export async function startLine(targetPort: number): Promise<Line> {
  let isCut = false;
  let losesAnswers = false;
  let acksToLose = 0;
  const counts = { lostAcks: 0, cutConnections: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(targetPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes: Buffer) => {
      if (losesAnswers) return;
      if (acksToLose > 0 && bytes.includes(ACK)) {
        acksToLose -= 1;
        counts.lostAcks += 1;
        return void near.destroy();
      }
      near.write(bytes);
    });
  });
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => {
      isCut = true;
      counts.cutConnections += sockets.size / 2;
      endAll();
    },
    counts,
    loseAcks: (count) => {
      acksToLose += count;
    },
    loseAnswers: () => {
      losesAnswers = true;
    },
    restore: () => {
      isCut = false;
      losesAnswers = false;
      endAll();
    },
    stop: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
