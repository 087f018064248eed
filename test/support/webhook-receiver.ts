/** A bare HTTP server that keeps what is posted to it, byte for byte, and answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { raw: Buffer; headers: IncomingHttpHeaders; body: WebhookBody };
type Change = { field: string; value: { messages?: Record<string, unknown>[]; statuses?: Record<string, unknown>[]; contacts?: Record<string, unknown>[]; metadata?: Record<string, unknown> } };
export type WebhookBody = { object: string; entry: { id: string; changes: Change[] }[] };

export type WebhookReceiver = {
  url: string;
  received: Received[];
  messages(): Record<string, unknown>[];
  statuses(): Record<string, unknown>[];
  /** HTTP statuses of the next answers; afterwards 200. */
  answerNext(...statuses: number[]): void;
  stop(): Promise<void>;
};

export async function startWebhookReceiver({ verifyToken, port = 0 }: { verifyToken?: string; port?: number } = {}): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const changes = (): Change[] => received.flatMap(({ body }) => body.entry.flatMap((entry) => entry.changes));
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const isRight = query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === verifyToken;
      response.writeHead(isRight ? 200 : 403).end(isRight ? query.get('hub.challenge') : '');
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      received.push({ raw, headers: request.headers, body: JSON.parse(raw.toString('utf8')) as WebhookBody });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received,
    messages: () => changes().flatMap((change) => change.value.messages ?? []),
    statuses: () => changes().flatMap((change) => change.value.statuses ?? []),
    answerNext: (...statuses) => answers.push(...statuses),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
