/** `MessageChannelMain` in one process, and a bridge that carries transferred ports over any connection to another. */
import { EventEmitter } from 'node:events';

export class MessagePortMain extends EventEmitter {
  peer: MessagePortMain | null = null;
  private isStarted = false;
  private isClosed = false;
  private readonly queue: unknown[] = [];

  postMessage(data: unknown): void {
    this.peer?.receive(data);
  }

  start(): void {
    this.isStarted = true;
    for (const data of this.queue.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { peer } = this;
    this.peer = null;
    setImmediate(() => this.emit('close'));
    peer?.close();
  }

  private receive(data: unknown): void {
    if (!this.isStarted) this.queue.push(data);
    else setImmediate(() => this.emit('message', { data, ports: [] }));
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

export type BridgeFrame = { kind: 'port-message'; id: string; data: unknown } | { kind: 'port-close'; id: string };

/** One end of a connection over which ports are transferred. */
export class PortBridge {
  private readonly ports = new Map<string, MessagePortMain>();
  private lastId = 0;
  private readonly name: string;
  private readonly send: (frame: BridgeFrame) => void;

  /** @param name tells the two ends' ids apart. */
  constructor(name: string, send: (frame: BridgeFrame) => void) {
    this.name = name;
    this.send = send;
  }

  /** Gives a port away: what the other end of its channel posts goes over the connection from now on. */
  give(port: MessagePortMain): string {
    const id = `${this.name}${++this.lastId}`;
    this.carry(id, port);
    // What it holds already must not overtake the message that it goes with.
    setImmediate(() => port.start());
    return id;
  }

  /** Takes a port that the other side gave. */
  take(id: string): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    this.carry(id, port1);
    port1.start();
    return port2;
  }

  receive(frame: BridgeFrame): void {
    const port = this.ports.get(frame.id);
    if (frame.kind === 'port-message') return port?.postMessage(frame.data);
    this.ports.delete(frame.id);
    port?.close();
  }

  /** The connection is gone, and with it every port that went over it. */
  closeAll(): void {
    for (const port of this.ports.values()) port.close();
    this.ports.clear();
  }

  private carry(id: string, port: MessagePortMain): void {
    this.ports.set(id, port);
    port.on('message', ({ data }: { data: unknown }) => this.send({ kind: 'port-message', id, data }));
    port.on('close', () => {
      if (this.ports.delete(id)) this.send({ kind: 'port-close', id });
    });
  }
}
