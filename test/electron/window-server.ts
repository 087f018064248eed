/**
 * Shows a stand-in window's page in Chromium: answers from the app's own protocol handler and runs the real preload
 * script in the page. The address carries a token; Host and Origin are checked, because the page can reach the engine.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { PortBridge, type BridgeFrame, type MessagePortMain } from './message-ports.ts';

type PageFrame = BridgeFrame | { kind: 'message'; channel: string; data: unknown; ports: string[] };
type AnswerRequest = (request: Request) => Response | Promise<Response>;
export type WindowServer = { url: string; post(channel: string, data: unknown, ports: MessagePortMain[]): void; close(): void };

/** @param appUrl what the window believes to show. */
export async function startWindowServer({
  appUrl,
  preload,
  answer,
  onMessage,
}: {
  appUrl: string;
  preload: string;
  answer: AnswerRequest;
  onMessage: (channel: string, data: unknown) => void;
}): Promise<WindowServer> {
  const token = randomBytes(24).toString('base64url');
  const root = `/${token}/`;
  let page: WebSocket | null = null;
  let waiting: PageFrame[] = [];
  const send = (frame: PageFrame): void => {
    if (page?.readyState === 1) page.send(JSON.stringify(frame));
    else waiting.push(frame);
  };
  let bridge = new PortBridge('main-', send);

  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const url = request.url ?? '/';
      if (request.headers.host !== host() || !url.startsWith(root)) return void response.writeHead(403).end();
      if (url === `${root}__preload.js`) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(pageScript(readFileSync(preload, 'utf8')));
      const answered = await answer(
        new Request(new URL(url.slice(root.length), appUrl), { method: request.method ?? 'GET', headers: request.headers.range === undefined ? {} : { range: request.headers.range } }),
      );
      const body = Buffer.from(await answered.arrayBuffer());
      const isPage = answered.headers.get('content-type')?.startsWith('text/html');
      response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(isPage ? body.toString().replace('<head>', '<head><script src="./__preload.js"></script>') : body);
    };
    serve().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== `${root}__ipc` || request.headers.host !== host() || request.headers.origin !== `http://${host()}`) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (connected) => {
      // A reload: the old page's ports are gone.
      bridge.closeAll();
      bridge = new PortBridge('main-', send);
      page = connected;
      for (const frame of waiting.splice(0)) send(frame);
      connected.on('message', (text: Buffer) => {
        const frame = JSON.parse(text.toString()) as PageFrame;
        if (frame.kind === 'message') onMessage(frame.channel, frame.data);
        else bridge.receive(frame);
      });
      connected.on('close', () => {
        if (page !== connected) return;
        waiting = [];
        bridge.closeAll();
      });
    });
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  function host(): string {
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  return {
    url: `http://${host()}${root}`,
    post: (channel, data, ports) => send({ kind: 'message', channel, data, ports: ports.map((port) => bridge.give(port)) }),
    close: () => {
      bridge.closeAll();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `require('electron')` of a preload script, in the page's own world: this stand-in does not show what context isolation does. */
const pageScript = (preload: string): string => `(() => {
const socket = new WebSocket(new URL('./__ipc', document.baseURI).href.replace(/^http/, 'ws'));
const opened = new Promise((resolve) => socket.addEventListener('open', resolve));
const send = (frame) => void opened.then(() => socket.send(JSON.stringify(frame)));
const ports = new Map();
const takePort = (id) => {
  const { port1, port2 } = new MessageChannel();
  ports.set(id, port1);
  port1.onmessage = ({ data }) => send({ kind: 'port-message', id, data });
  onTheWay.push(id);
  return port2;
};
// Electron adds the event 'close' to the page's ports, which Chromium alone does not have. The preload script transfers
// them to the page, where they arrive as other objects.
const onTheWay = [];
const arrived = new Map();
addEventListener('message', (event) => {
  for (const port of event.ports) {
    const id = onTheWay.shift();
    arrived.set(id, port);
    port.close = () => { MessagePort.prototype.close.call(port); if (arrived.delete(id)) send({ kind: 'port-close', id }); };
  }
});
const portGone = (id) => { const port = arrived.get(id); arrived.delete(id); port?.dispatchEvent(new Event('close')); };
const listeners = new Map();
socket.addEventListener('message', ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.kind === 'port-message') ports.get(frame.id)?.postMessage(frame.data);
  else if (frame.kind === 'port-close') portGone(frame.id);
  else { const event = { ports: frame.ports.map(takePort) }; for (const listener of listeners.get(frame.channel) ?? []) listener(event, frame.data); }
});
const ipcRenderer = {
  send: (channel, data) => send({ kind: 'message', channel, data: data ?? null, ports: [] }),
  on: (channel, listener) => { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); },
};
const contextBridge = { exposeInMainWorld: (name, value) => { window[name] = value; } };
const process = { platform: 'linux', argv: [] };
const require = (name) => { if (name === 'electron') return { ipcRenderer, contextBridge }; throw new Error('a sandboxed preload script cannot require ' + name); };
const exports = {};
const module = { exports };
${preload}
})();`;
