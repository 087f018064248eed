/**
 * Entry of Electron's utility process: hosts the engine, so that nothing it does can block a window. Secrets stay with
 * the main process, which alone can use the operating system's store.
 */
import path from 'node:path';
import type { MessagePortMain } from 'electron';
import { errorText } from '../../../contract/log.ts';
import { demoDataDir } from '../../demo/demo-folder.ts';
import { isAlone } from '../demo-open.ts';
import { createMessagePortServer } from '../../engine/api/serve-message-port.ts';
import type { Engine } from '../../engine/engine.ts';
import type { EnginePorts, KeptSecrets, KeysKept } from '../../engine/ports.ts';
import { createNodePorts, createStderrLog } from '../node-ports.ts';
import { keepFilesPrivate } from '../process-lifetime.ts';
import { openLockableWorkspace, type LockableWorkspace } from '../lockable-workspace.ts';
import type { OpenOptions } from '../open-workspace.ts';
import type { FromEngine, SecretRequest, ToEngine } from './engine-messages.ts';

const START_OVER_AFTER_MS = 100;

keepFilesPrivate();
const log = createStderrLog('engine');
const send = (message: FromEngine): void => process.parentPort.postMessage(message);

const waitingSecrets = new Map<number, { resolve: (value: string | null) => void; reject: (error: Error) => void }>();
let lastSecretId = 0;
const askForSecret = (request: SecretRequest['request']): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const id = ++lastSecretId;
    waitingSecrets.set(id, { resolve, reject });
    send({ type: 'secret', id, request });
  });

const secrets: KeptSecrets = {
  get: (name) => askForSecret({ action: 'get', name }),
  set: async (name, value) => void (await askForSecret({ action: 'set', name, value })),
  delete: async (name) => void (await askForSecret({ action: 'delete', name })),
};

const waitingFiles = new Map<number, (answer: unknown) => void>();
let lastFileId = 0;
const readFile: EnginePorts['readFile'] = ({ filename, bytes }, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    const id = ++lastFileId;
    const abort = (): void => send({ type: 'read-file-abort', id });
    waitingFiles.set(id, (answer) => {
      signal.removeEventListener('abort', abort);
      resolve(answer);
    });
    signal.addEventListener('abort', abort, { once: true });
    send({ type: 'read-file', id, filename, bytes });
  });

const demoDirOf = ({ dataDir }: OpenOptions): string => path.dirname(dataDir);
const isDemosOwn = (options: OpenOptions): boolean => options.isDemo && demoDataDir(demoDirOf(options)) === options.dataDir;
async function askToStartOver(options: OpenOptions): Promise<'begun' | 'refused'> {
  if (!isAlone(demoDirOf(options))) return 'refused';
  // The answer to the window leaves first.
  setTimeout(() => send({ type: 'start-over' }), START_OVER_AFTER_MS);
  return 'begun';
}

let workspace: Promise<LockableWorkspace> | null = null;
/** Null: it is locked. */
const engine = (): Promise<Engine | null> | undefined => workspace?.then((opened) => opened.workspace()?.engine ?? null);
/** Lines of windows. */
const lines = new Set<MessagePortMain>();

async function open(options: OpenOptions, keysKept: KeysKept): Promise<LockableWorkspace> {
  const ports: EnginePorts = {
    ...createNodePorts(options.dataDir, log),
    secrets,
    keysKept,
    readFile,
    showBadge: (count) => send({ type: 'badge', count }),
    showNotice: (event, language) => send({ type: 'notice', event, language }),
    startOver: isDemosOwn(options) ? () => askToStartOver(options) : null,
  };
  try {
    let opened: LockableWorkspace | null = null;
    const onChange = (): void => {
      if (opened) send({ type: 'files', keys: opened.fileKeys() });
      for (const line of lines) line.close();
      lines.clear();
    };
    opened = await openLockableWorkspace({ ...options, mayBeLocked: true }, { ports, onChange });
    send({ type: 'files', keys: opened.fileKeys() });
    send({ type: 'ready', api: opened.workspace()?.api ?? null });
    return opened;
  } catch (error) {
    log('error', 'engine.failed', { error: errorText(error) });
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function serve(port: MessagePortMain): Promise<void> {
  const { router } = await workspace!;
  lines.add(port);
  port.on('close', () => lines.delete(port));
  createMessagePortServer(router(), log)(port);
}

async function stop(): Promise<void> {
  await (await workspace)?.stop();
}

process.parentPort.on('message', ({ data, ports }) => {
  const message = data as ToEngine;
  switch (message.type) {
    case 'open':
      workspace = open(message.options, message.keysKept);
      workspace.catch(() => process.exit(1));
      return;
    case 'client':
      serve(ports[0]!).catch((error: unknown) => log('error', 'engine.client_failed', { error: errorText(error) }));
      return;
    case 'secret': {
      const waiting = waitingSecrets.get(message.id);
      waitingSecrets.delete(message.id);
      if (message.failure === null) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.failure));
      return;
    }
    case 'file-read':
      waitingFiles.get(message.id)?.(message.answer);
      waitingFiles.delete(message.id);
      return;
    case 'notice-open':
      engine()
        ?.then((open) => open?.notices.open(message.conversationId))
        .catch(() => undefined);
      return;
    case 'link-open':
      engine()
        ?.then((open) => open?.notices.openLink(message.link))
        .catch(() => undefined);
      return;
    case 'notice-reply':
      engine()
        ?.then((open) => open?.notices.reply(message.conversationId, message.text))
        .catch((error: unknown) => log('error', 'engine.reply_failed', { error: errorText(error) }));
      return;
    case 'wake-up':
      engine()
        ?.then((open) => open?.wakeUp())
        .catch(() => undefined);
      return;
    case 'lock':
      workspace?.then(({ lock }) => lock()).catch(() => undefined);
      return;
    case 'stop':
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
  }
});
