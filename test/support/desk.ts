/** A desktop as a process of its own, on a line of its own: driven over the contract, killed, started again, looked into. */
import { once } from 'node:events';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import Database from 'better-sqlite3';
import { WebSocket } from 'ws';
import type { Contract } from '../../contract/api.ts';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import type { Role } from '../../contract/wire.ts';
import { DATABASE_FILE } from '../../main/engine/db/open-database.ts';
import { confirmDesktops } from './confirm-desktops.ts';
import type { Line } from './line.ts';
import { startShiftedProgram, type Disk } from './program.ts';
import type { Team } from './team.ts';

export type ContractClient = ContractRouterClient<Contract>;
export type Desk = {
  name: string;
  dataDir: string;
  line: Line;
  /** Of the running process; another one after every `start`. */
  client(): ContractClient;
  /** Starts the process on its folder; `flags` for one that is to join with what it is given. */
  start(flags?: string[]): Promise<void>;
  isRunning(): boolean;
  /** SIGTERM. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** The machine wakes up: the engine connects at once instead of after its pause. */
  wakeUp(): void;
  /** The machine sleeps, or goes on (SIGSTOP, SIGCONT). */
  sleep(isAsleep: boolean): void;
  setDisk(disk: Disk): Promise<void>;
  stderr(): string;
  /** How far its clock is ahead of this machine's. */
  shiftClock(shiftMs: number): Promise<void>;
  /** Reads its database file, whether it runs or not. */
  look<T>(read: (db: Database.Database) => T): T;
};

/** `isEmpty`: it is not started. */
type DeskOptions = { name: string; role: Role; shiftMs?: number; invite?: string; isEmpty?: boolean; hasNumber?: boolean; dataDir?: string };

export async function addDesk(team: Team, { name, role, shiftMs = 0, invite, isEmpty = false, hasNumber = true, dataDir = team.makeDataDir() }: DeskOptions): Promise<Desk> {
  const line = await team.addLine();
  let shift = shiftMs;
  let program: Awaited<ReturnType<typeof startShiftedProgram>> | null = null;
  let connection: { client: ContractClient; socket: WebSocket } | null = null;

  const start = async (flags: string[] = []): Promise<void> => {
    const env = flags.includes('--phone-number-id') ? team.engineEnv : { ...team.engineEnv, GRAPH_TOKEN: '' };
    program = await startShiftedProgram('test/support/engine-host.ts', ['--data-dir', dataDir, ...flags], env, shift);
    const socket = new WebSocket(String(program.ready['rpc']));
    // The process may be killed at any time; calls in flight fail by themselves.
    socket.on('error', () => undefined);
    await once(socket, 'open');
    const client = createORPCClient<ContractClient>(new RPCLink({ websocket: socket as unknown as ConstructorParameters<typeof RPCLink>[0]['websocket'] }));
    connection = { socket, client };
    if (role === 'admin') void confirmDesktops(client);
  };
  const end = async (how: 'stop' | 'kill'): Promise<void> => {
    const [ending, closing] = [program, connection?.socket];
    program = null;
    connection = null;
    await ending?.[how]();
    closing?.terminate();
  };
  const desk: Desk = {
    name,
    dataDir,
    line,
    client: () => {
      if (!connection) throw new Error(`${name}'s desktop does not run`);
      return connection.client;
    },
    start,
    isRunning: () => program !== null,
    stop: () => end('stop'),
    kill: () => end('kill'),
    wakeUp: () => void program?.process.kill('SIGUSR2'),
    sleep: (isAsleep) => void program?.process.kill(isAsleep ? 'SIGSTOP' : 'SIGCONT'),
    setDisk: async (disk) => program?.setDisk(disk),
    stderr: () => program?.stderr() ?? '',
    shiftClock: async (shiftMs) => {
      shift = shiftMs;
      await program?.shiftClock(shiftMs);
    },
    look: (read) => {
      const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true, ...nativeBindingOption() });
      try {
        return read(db);
      } finally {
        db.close();
      }
    },
  };
  team.atEnd(desk.kill);
  if (!isEmpty) await start(['--relay', line.url, '--invite', invite ?? (await team.invite(role)), '--name', name, ...(hasNumber ? team.numberFlags : [])]);
  return desk;
}
