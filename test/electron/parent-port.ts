/** In a child of the stand-in's `utilityProcess`: `process.parentPort`. The child ends with its parent, as Electron's do. */
import { EventEmitter } from 'node:events';
import { PortBridge, type MessagePortMain } from './message-ports.ts';
import type { ProcessFrame } from './utility-process.ts';

const sendFrame = (frame: ProcessFrame): void => {
  if (process.connected) process.send!(frame);
};
const bridge = new PortBridge('child-', sendFrame);
const parentPort = Object.assign(new EventEmitter(), {
  postMessage: (data: unknown, ports: MessagePortMain[] = []) => sendFrame({ kind: 'message', data, ports: ports.map((port) => bridge.give(port)) }),
});
process.on('message', (frame: ProcessFrame) => {
  if (frame.kind === 'message') parentPort.emit('message', { data: frame.data, ports: frame.ports.map((id) => bridge.take(id)) });
  else bridge.receive(frame);
});
process.once('disconnect', () => {
  bridge.closeAll();
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(0), 5_000).unref();
});
// Only who listens to its parent is kept alive by it.
process.channel?.unref();
parentPort.on('newListener', () => process.channel?.ref());
Object.assign(process, { parentPort });
