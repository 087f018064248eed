/**
 * The engine's process, seen from Electron's main process. Invariants: after a crash it is started again, ever more
 * slowly while crashes go on; a window has a line only to an engine that has opened the workspace, and one that asked
 * before gets its line then; what a process asked for is answered to that process only.
 */
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess, type WebFrameMain } from 'electron';
import type { NoticeEvent, Preferences } from '../../../contract/entities.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import type { FileKeys, KeptSecrets, KeysKept } from '../../engine/ports.ts';
import type { OpenOptions, OpenWorkspace } from '../open-workspace.ts';
import { programFile } from '../program-files.ts';
import type { FromEngine, SecretRequest, ToEngine } from './engine-messages.ts';
import { readFileInUtility } from './read-file.ts';

const RESTART_MS = { first: 500, max: 30_000 };
/** A process that lived this long was healthy: the next crash counts as the first again. */
const HEALTHY_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 8_000;

export type EngineProcess = {
  start(): void;
  stop(): Promise<void>;
  /** Sends the page a new line to the engine (`engine-port`), as soon as there is an engine. */
  connect(page: PageFrame): void;
  wakeUp(): void;
  /** If the folder has a lock. */
  lock(): void;
  /** The agent clicked a notice. */
  openNotice(conversationId: string): void;
  /** The agent followed a link. It waits for the engine. */
  openLink(link: string): void;
  /** The agent answered in a notice. */
  replyToNotice(conversationId: string, text: string): void;
};
/** The asking document itself: after a reload the window holds another one, which asks for its own line. */
export type PageFrame = Pick<WebFrameMain, 'postMessage' | 'isDestroyed'>;
export type EngineProcessDeps = {
  options: OpenOptions;
  secrets: KeptSecrets;
  keysKept: KeysKept;
  log: Log;
  showBadge(count: number): void;
  showNotice(event: NoticeEvent, language: Preferences['language']): void;
  /** The demo is to be forgotten and begun anew. */
  onStartOver(): void;
  /** Each time files of messages are to be read otherwise. */
  onFiles(keys: FileKeys | 'locked' | null): void;
  /** Each time the engine has opened the workspace, or found it locked. */
  onReady(api: OpenWorkspace['api']): void;
  /** The workspace cannot be opened, for a reason that the text tells; there will be no other attempt. */
  onFailed(message: string): void;
};

export function createEngineProcess({ options: given, secrets, keysKept, log, showBadge, showNotice, onStartOver, onFiles, onReady, onFailed }: EngineProcessDeps): EngineProcess {
  /** Without the passphrase once it was used: a process that is started again asks for it. */
  let options = given;
  let child: UtilityProcess | null = null;
  /** The same once its engine answers. */
  let opened: UtilityProcess | null = null;
  let isStopping = false;
  let hasFailed = false;
  let restartMs = RESTART_MS.first;
  let restartTimer: NodeJS.Timeout | undefined;
  const waitingPages = new Set<PageFrame>();

  const send = (to: UtilityProcess | null, message: ToEngine, ports: MessagePortMain[] = []): void => to?.postMessage(message, ports);

  function connectTo(engine: UtilityProcess, page: PageFrame): void {
    if (page.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    send(engine, { type: 'client' }, [port1]);
    page.postMessage('engine-port', null, [port2]);
  }

  async function answerSecret(asking: UtilityProcess, { id, request }: SecretRequest): Promise<void> {
    const answer = async (): Promise<string | null> => {
      if (request.action === 'get') return secrets.get(request.name);
      await (request.action === 'set' ? secrets.set(request.name, request.value) : secrets.delete(request.name));
      return null;
    };
    await answer().then(
      (value) => send(asking, { type: 'secret', id, value, failure: null }),
      (error: unknown) => {
        log('error', 'secrets.failed', { action: request.action, error: errorText(error) });
        send(asking, { type: 'secret', id, value: null, failure: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  /** Of the running engine, by the ids it gave them. */
  const readings = new Map<number, AbortController>();
  async function readFor(asking: UtilityProcess, { id, filename, bytes }: Extract<FromEngine, { type: 'read-file' }>): Promise<void> {
    const reading = new AbortController();
    readings.set(id, reading);
    const answer = await readFileInUtility({ filename, bytes }, reading.signal);
    // The next engine counts from the beginning.
    if (readings.get(id) === reading) readings.delete(id);
    send(asking, { type: 'file-read', id, answer });
  }

  let lastSecret: Promise<void> = Promise.resolve();
  function onMessage(from: UtilityProcess, message: FromEngine): void {
    switch (message.type) {
      case 'secret':
        lastSecret = lastSecret.then(() => answerSecret(from, message));
        return;
      case 'read-file':
        return void readFor(from, message);
      case 'read-file-abort':
        return readings.get(message.id)?.abort();
      case 'ready':
        opened = from;
        options = { ...options, passphrase: null };
        for (const page of waitingPages) connectTo(from, page);
        waitingPages.clear();
        return onReady(message.api);
      case 'files':
        return onFiles(message.keys);
      case 'failed':
        hasFailed = true;
        return onFailed(message.message);
      case 'start-over':
        return onStartOver();
      case 'badge':
        return showBadge(message.count);
      case 'notice':
        return showNotice(message.event, message.language);
    }
  }

  function start(): void {
    const startedAt = performance.now();
    const forked = utilityProcess.fork(programFile('engine-host'), [], { serviceName: 'Bandeja engine' });
    child = forked;
    forked.on('message', (message: FromEngine) => onMessage(forked, message));
    forked.once('exit', (code) => {
      if (child === forked) child = null;
      if (opened === forked) {
        opened = null;
        onFiles('locked');
      }
      for (const reading of readings.values()) reading.abort();
      if (isStopping || hasFailed) return;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) restartMs = RESTART_MS.first;
      log('error', 'engine.crashed', { code, restartMs });
      restartTimer = setTimeout(start, restartMs);
      restartMs = Math.min(restartMs * 2, RESTART_MS.max);
    });
    send(forked, { type: 'open', options, keysKept });
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
      send(running, { type: 'stop' });
      await exited;
      clearTimeout(timer);
    },
    connect: (page) => {
      if (opened) connectTo(opened, page);
      else waitingPages.add(page);
    },
    wakeUp: () => send(child, { type: 'wake-up' }),
    lock: () => send(child, { type: 'lock' }),
    openNotice: (conversationId) => send(child, { type: 'notice-open', conversationId }),
    openLink: (link) => send(child, { type: 'link-open', link }),
    replyToNotice: (conversationId, text) => send(child, { type: 'notice-reply', conversationId, text }),
  };
}
