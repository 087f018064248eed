/** A line to a relay that understands its frames: each may pass, be lost, come twice or change places with the next one. HTTP passes or is lost. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { ClientFrame, ServerFrame } from '../../contract/wire.ts';
import type { Line } from './line.ts';

export type Fate = 'pass' | 'lose' | 'twice' | 'later';
export type FrameLine = Line & {
  /** Asked of every frame, by its type, and of every request and its answer, by `POST /path`. `up`: from the desktop. Null: everything passes. */
  watch(judge: ((direction: 'up' | 'down', what: string) => Fate) | null): void;
};

export async function startFrameLine(targetPort: number): Promise<FrameLine> {
  let judge: Parameters<FrameLine['watch']>[0] = null;
  let isCut = false;
  let isSilent = false;
  let acksToLose = 0;
  const counts = { lostAcks: 0, cutConnections: 0 };
  const pairs = new Set<{ end(): void }>();
  const endAll = (): void => pairs.forEach((pair) => pair.end());

  const server = createServer((near, response) => {
    const call = `${near.method} ${near.url}`;
    if (isCut || judge?.('up', call) === 'lose') return void near.socket.destroy();
    const far = request({ host: '127.0.0.1', port: targetPort, method: near.method, path: near.url, headers: near.headers }, (answer) => {
      if (judge?.('down', call) === 'lose') {
        answer.resume();
        return void near.socket.destroy();
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    far.on('error', () => near.socket.destroy());
    near.pipe(far);
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });
  server.on('upgrade', (upgrade, socket, head) => {
    if (isCut) return void socket.destroy();
    const { authorization } = upgrade.headers;
    const far = new WebSocket(`ws://127.0.0.1:${targetPort}${upgrade.url}`, { perMessageDeflate: false, headers: authorization === undefined ? {} : { authorization } });
    far.on('error', () => socket.destroy());
    far.once('open', () =>
      sockets.handleUpgrade(upgrade, socket, head, (near) => {
        const pair = {
          end: () => {
            near.terminate();
            far.terminate();
          },
        };
        pairs.add(pair);
        const forward = (from: WebSocket, to: WebSocket, direction: 'up' | 'down'): void => {
          let kept: string | null = null;
          from.on('error', () => undefined);
          from.on('close', () => {
            pairs.delete(pair);
            to.close();
          });
          from.on('message', (data: Buffer) => {
            const text = data.toString();
            const { t: type } = JSON.parse(text) as { t: ClientFrame['t'] | ServerFrame['t'] };
            if (isSilent && direction === 'down') return;
            if (type === 'ack' && acksToLose > 0) {
              acksToLose -= 1;
              counts.lostAcks += 1;
              return pair.end();
            }
            const fate = judge?.(direction, type) ?? 'pass';
            if (fate === 'lose') return;
            if (fate === 'later' && kept === null) {
              kept = text;
              return;
            }
            to.send(text);
            if (fate === 'twice') to.send(text);
            if (kept !== null) to.send(kept);
            kept = null;
          });
        };
        forward(near, far, 'up');
        forward(far, near, 'down');
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts,
    watch: (next) => {
      judge = next;
    },
    cut: () => {
      isCut = true;
      counts.cutConnections += pairs.size;
      endAll();
    },
    loseAcks: (count) => {
      acksToLose += count;
    },
    loseAnswers: () => {
      isSilent = true;
    },
    restore: () => {
      isCut = false;
      isSilent = false;
      endAll();
    },
    stop: async () => {
      endAll();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
