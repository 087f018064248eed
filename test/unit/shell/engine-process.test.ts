/** The engine's process seen from Electron's main process: who gets which line and which secret while processes come and go. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeptSecrets } from '../../../main/engine/ports.ts';
import type { FromEngine, ToEngine } from '../../../main/shell/electron/engine-messages.ts';
import { createTestLog } from '../../support/engine.ts';

/** A process whose every step the test decides. */
class FakeProcess extends EventEmitter {
  readonly received: ToEngine[] = [];
  postMessage = (message: ToEngine): void => void this.received.push(message);
  kill = (): boolean => true;
  say = (message: FromEngine): void => void this.emit('message', message);
}
const forked: FakeProcess[] = [];
vi.mock('electron', async () => {
  const { MessageChannelMain } = await import('../../electron/message-ports.ts');
  const fork = (): FakeProcess => {
    forked.push(new FakeProcess());
    return forked.at(-1)!;
  };
  return { MessageChannelMain, utilityProcess: { fork } };
});
const { createEngineProcess } = await import('../../../main/shell/electron/engine-process.ts');

beforeEach(() => {
  vi.useFakeTimers();
  forked.length = 0;
});
afterEach(() => vi.useRealTimers());

const noSecrets: KeptSecrets = { get: async () => null, set: async () => undefined, delete: async () => undefined };
const create = (secrets = noSecrets, onFiles: (keys: unknown) => void = () => undefined) =>
  createEngineProcess({
    options: { passphrase: 'lluvia tejado guitarra limon' } as never,
    secrets,
    keysKept: 'system',
    log: createTestLog().log,
    showBadge: () => undefined,
    showNotice: () => undefined,
    onStartOver: () => undefined,
    onFiles,
    onReady: () => undefined,
    onFailed: () => undefined,
  });
const page = (isDestroyed = false) => ({ isDestroyed: () => isDestroyed, postMessage: vi.fn() });
const types = (child: FakeProcess): string[] => child.received.map(({ type }) => type);

test('a page has a line only to an engine that is open: one that asks while there is none waits, and asks in vain for nobody else', () => {
  const engine = create();
  const [first, closed, during] = [page(), page(true), page()];
  engine.start();
  engine.connect(first);
  engine.connect(first);
  engine.connect(closed);
  expect(first.postMessage).not.toHaveBeenCalled();
  forked[0]!.say({ type: 'ready', api: null });
  expect(first.postMessage).toHaveBeenCalledOnce();
  expect(closed.postMessage).not.toHaveBeenCalled();
  expect(types(forked[0]!)).toEqual(['open', 'client']);

  forked[0]!.emit('exit', 1);
  engine.connect(during);
  expect(during.postMessage, 'nobody is there to answer').not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  expect(during.postMessage, 'the next process has opened nothing yet').not.toHaveBeenCalled();
  forked[1]!.say({ type: 'ready', api: null });
  expect(during.postMessage).toHaveBeenCalledOnce();
  expect(first.postMessage).toHaveBeenCalledOnce();
});

test('keys of files are the running process’s: nothing is given out after it ended, until the next one has opened the folder', () => {
  const onFiles = vi.fn();
  const engine = create(noSecrets, onFiles);
  engine.start();
  const keys = { content: Buffer.alloc(32, 1), name: Buffer.alloc(32, 2) };
  forked[0]!.say({ type: 'files', keys });
  forked[0]!.say({ type: 'ready', api: null });
  engine.lock();
  expect(types(forked[0]!)).toEqual(['open', 'lock']);
  forked[0]!.emit('exit', 1);
  expect(onFiles.mock.calls).toEqual([[keys], ['locked']]);
});

test('a secret goes to the process that asked, not to the next one, whose question has the same number', async () => {
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const asked: string[] = [];
  const engine = create({ ...noSecrets, get: (name) => answers[asked.push(name) - 1]!.promise });
  engine.start();
  forked[0]!.say({ type: 'secret', id: 1, request: { action: 'get', name: 'graph-token' } });
  forked[0]!.emit('exit', 1);
  vi.advanceTimersByTime(500);
  forked[1]!.say({ type: 'secret', id: 1, request: { action: 'get', name: 'device-token' } });
  answers[0]!.resolve('graph');
  answers[1]!.resolve('device');
  await vi.waitFor(() => expect(types(forked[1]!)).toEqual(['open', 'secret']));
  expect(asked).toEqual(['graph-token', 'device-token']);
  expect(forked[1]!.received[1]).toEqual({ type: 'secret', id: 1, value: 'device', failure: null });
});

test('the passphrase of the start opens the folder once: an engine that is started again asks for it', () => {
  create().start();
  forked[0]!.say({ type: 'ready', api: null });
  forked[0]!.emit('exit', 1);
  vi.advanceTimersByTime(500);
  const given = forked.map(({ received }) => received.find((message) => message.type === 'open')?.options.passphrase);
  expect(given).toEqual(['lluvia tejado guitarra limon', null]);
});
