/** `utilityProcess` by `child_process`: the real entry in a real process, with ports transferred over IPC. */
import { fork as forkProcess, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PortBridge, type BridgeFrame, type MessagePortMain } from './message-ports.ts';

export type ProcessFrame = BridgeFrame | { kind: 'message'; data: unknown; ports: string[] };
type ForkOptions = { env?: NodeJS.ProcessEnv; stdio?: ('pipe' | 'ignore' | 'inherit')[]; serviceName?: string };

export class UtilityProcess extends EventEmitter {
  private readonly child: ChildProcess;
  private readonly bridge: PortBridge;

  constructor(file: string, args: string[], { env = process.env, stdio = ['ignore', 'inherit', 'inherit'] }: ForkOptions) {
    super();
    const register = new URL('./register.mjs', import.meta.url).href;
    this.child = forkProcess(file, args, {
      execPath: process.execPath,
      execArgv: ['--import', register],
      env: { ...env, STAND_IN_UTILITY_PROCESS: '1' },
      stdio: [...stdio, 'ipc'],
      serialization: 'advanced',
    });
    this.bridge = new PortBridge('main-', (frame) => this.sendFrame(frame));
    this.child.on('message', (frame: ProcessFrame) => {
      if (frame.kind === 'message') this.emit('message', frame.data);
      else this.bridge.receive(frame);
    });
    this.child.once('spawn', () => this.emit('spawn'));
    this.child.once('exit', (code) => {
      this.bridge.closeAll();
      this.emit('exit', code ?? 0);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get stdout(): ChildProcess['stdout'] {
    return this.child.stdout;
  }

  get stderr(): ChildProcess['stderr'] {
    return this.child.stderr;
  }

  postMessage(data: unknown, ports: MessagePortMain[] = []): void {
    this.sendFrame({ kind: 'message', data, ports: ports.map((port) => this.bridge.give(port)) });
  }

  kill(): boolean {
    return this.child.kill('SIGTERM');
  }

  private sendFrame(frame: ProcessFrame): void {
    if (this.child.connected) this.child.send(frame);
  }
}

export const utilityProcess = {
  fork: (file: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess => new UtilityProcess(file.startsWith('file:') ? fileURLToPath(file) : file, args, options),
};
