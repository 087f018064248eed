/** Opens a line to the engine: a MessagePort inside Electron, a WebSocket of the page's own origin in a browser. */
import type { ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';

export type Connection = {
  link: ClientLink<Record<never, never>>;
  /** Resolves when the line is gone, whoever ended it. */
  closed: Promise<void>;
  close(): void;
};

/** Rejects with `ConnectionRefused` when something answers but will not have us, with any other error when nothing answers. */
export type Connect = () => Promise<Connection>;

export class ConnectionRefused extends Error {
  constructor() {
    super('the engine refused the secret');
    this.name = 'ConnectionRefused';
  }
}

declare global {
  interface Window {
    /** Present only inside Electron (its preload script). */
    bandejaShell?: { /** It fetches and installs new versions. */ updatesItself: boolean; requestEnginePort(): void; startFileDrag(sha256: string, filename: string): void };
  }
}

const PORT_MESSAGE = 'bandeja:engine-port';
const PORT_WITHIN_MS = 5_000;
const SUBPROTOCOL = 'bandeja.v1';

export const connectOverPort =
  (page: Window, shell: NonNullable<Window['bandejaShell']>): Connect =>
  () =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        page.removeEventListener('message', onMessage);
        reject(new Error('the shell gave no port'));
      }, PORT_WITHIN_MS);
      const onMessage = (event: MessageEvent): void => {
        const port = event.ports[0];
        if (event.source !== page || (event.data as { type?: unknown } | null)?.type !== PORT_MESSAGE || !port) return;
        clearTimeout(timer);
        page.removeEventListener('message', onMessage);
        const closed = new Promise<void>((gone) => port.addEventListener('close', () => gone(), { once: true }));
        resolve({ link: new PortLink({ port }), closed, close: () => port.close() });
        port.start();
      };
      page.addEventListener('message', onMessage);
      shell.requestEnginePort();
    });

export const connectOverWebSocket =
  (origin: string, secret: string): Connect =>
  () =>
    new Promise((resolve, reject) => {
      const websocket = new WebSocket(`${origin.replace(/^http/, 'ws')}/rpc`, [SUBPROTOCOL, `secret.${secret}`]);
      const closed = new Promise<void>((gone) => websocket.addEventListener('close', () => gone(), { once: true }));
      const onRefused = (): void => void explainRefusal(origin).then(reject);
      websocket.addEventListener('close', onRefused, { once: true });
      websocket.addEventListener(
        'open',
        () => {
          websocket.removeEventListener('close', onRefused);
          resolve({ link: new SocketLink({ websocket }), closed, close: () => websocket.close() });
        },
        { once: true },
      );
    });

/** A browser does not say why a WebSocket was refused: if the server still serves the page, it was the secret. */
async function explainRefusal(origin: string): Promise<Error> {
  const isServing = await fetch(origin, { method: 'HEAD', cache: 'no-store' }).then(
    (response) => response.ok,
    () => false,
  );
  return isServing ? new ConnectionRefused() : new Error('the engine does not answer');
}
