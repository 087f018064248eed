/** Requests with bytes, headers and addresses as they are, and what may be answered to them. */
import assert from 'node:assert/strict';
import { request } from 'node:http';

type Answer = { status: number; text: string };
/** With bytes as they are: `fetch` would put headers and addresses right. */
export const send = (url: string, { method, path, headers, body }: { method: string; path: string; headers: Record<string, string>; body: Buffer }): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, method, path, headers: { ...headers, 'content-length': String(body.length) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    // A refusal may come before the body has gone.
    sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve({ status: 0, text: '' }) : reject(error)));
    sent.end(body);
  });

/** What a request's line takes. */
export const ascii = (text: string): string => text.replaceAll(/[^\u0021-\u007e]/g, '%20');

export const assertFine = ({ status, text }: Answer): void => {
  assert(status < 500 || status === 507, `it answers ${status}: ${text.slice(0, 200)}`);
  assert(!/\n\s+at |node_modules|\.ts:\d/.test(text), `it shows its inside: ${text.slice(0, 200)}`);
};
