/**
 * The engine's process, seen from Electron's main process. Invariants: after a crash it is started again, ever more
 * slowly while crashes go on; a window that asked for a line meanwhile gets one from the next process.
 */
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { errorText, type Log } from '../../../contract/log.ts';
import type { Secrets } from '../../engine/ports.ts';
import type { OpenOptions, OpenWorkspace } from '../open-workspace.ts';
import { programFile } from '../program-files.ts';
import type { FromEngine, SecretRequest, ToEngine } from './engine-messages.ts';

const RESTART_MS = { first: 500, max: 30_000 };
/** A process that lived this long was healthy: the next crash counts as the first again. */
const HEALTHY_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 8_000;

export type EngineProcess = {
  start(): void;
  stop(): Promise<void>;
  /** A new line to the engine: the port is for a window. */
  connect(): MessagePortMain;
  wakeUp(): void;
};
export type EngineProcessDeps = {
  options: OpenOptions;
  secrets: Secrets;
  log: Log;
  showBadge(count: number): void;
  /** Each time the engine has opened the workspace. */
  onReady(api: OpenWorkspace['api']): void;
  /** The workspace cannot be opened, for a reason that the text tells; there will be no other attempt. */
  onFailed(message: string): void;
};

export function createEngineProcess({ options, secrets, log, showBadge, onReady, onFailed }: EngineProcessDeps): EngineProcess {
  let child: UtilityProcess | null = null;
  let isStopping = false;
  let hasFailed = false;
  let restartMs = RESTART_MS.first;
  let restartTimer: NodeJS.Timeout | undefined;
  const waitingClients: MessagePortMain[] = [];

  const send = (message: ToEngine, ports: MessagePortMain[] = []): void => child?.postMessage(message, ports);

  async function answerSecret({ id, request }: SecretRequest): Promise<void> {
    const answer = async (): Promise<string | null> => {
      if (request.action === 'get') return secrets.get(request.name);
      await (request.action === 'set' ? secrets.set(request.name, request.value) : secrets.delete(request.name));
      return null;
    };
    await answer().then(
      (value) => send({ type: 'secret', id, value, failure: null }),
      (error: unknown) => {
        log('error', 'secrets.failed', { action: request.action, error: errorText(error) });
        send({ type: 'secret', id, value: null, failure: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  let lastSecret: Promise<void> = Promise.resolve();
  function onMessage(message: FromEngine): void {
    switch (message.type) {
      case 'secret':
        lastSecret = lastSecret.then(() => answerSecret(message));
        return;
      case 'ready':
        return onReady(message.api);
      case 'failed':
        hasFailed = true;
        return onFailed(message.message);
      case 'badge':
        return showBadge(message.count);
    }
  }

  function start(): void {
    const startedAt = performance.now();
    const forked = utilityProcess.fork(programFile('engine-host'), [], { serviceName: 'Bandeja engine' });
    child = forked;
    forked.on('message', (message: FromEngine) => onMessage(message));
    forked.once('exit', (code) => {
      if (child === forked) child = null;
      if (isStopping || hasFailed) return;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) restartMs = RESTART_MS.first;
      log('error', 'engine.crashed', { code, restartMs });
      restartTimer = setTimeout(start, restartMs);
      restartMs = Math.min(restartMs * 2, RESTART_MS.max);
    });
    send({ type: 'open', options });
    for (const port of waitingClients.splice(0)) send({ type: 'client' }, [port]);
  }

  return {
    start,
    stop: async () => {
      isStopping = true;
      clearTimeout(restartTimer);
      const running = child;
      if (!running) return;
      const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      const timer = setTimeout(() => running.kill(), STOP_WITHIN_MS);
      send({ type: 'stop' });
      await exited;
      clearTimeout(timer);
    },
    connect: () => {
      const { port1, port2 } = new MessageChannelMain();
      if (child) send({ type: 'client' }, [port1]);
      else waitingClients.push(port1);
      return port2;
    },
    wakeUp: () => send({ type: 'wake-up' }),
  };
}
