/** A workspace whose folder may be locked: what all hosts open. */
import { openLockable, type Lockable } from '../engine/lockable.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { openWorkspace, type OpenOptions, type OpenWorkspace } from './open-workspace.ts';

export type LockableWorkspace = Lockable<OpenWorkspace>;

type Options = Omit<OpenOptions, 'vault'> & {
  /** Whether a locked folder is opened all the same: the window asks for the passphrase. */
  mayBeLocked: boolean;
};

/** @param onChange windows are to be cut off, and to look again. @throws Error with a text for people. */
export function openLockableWorkspace(options: Options, { ports, onChange }: { ports: EnginePorts; onChange: () => void }): Promise<LockableWorkspace> {
  const { dataDir, isDemo, mayBeLocked, passphrase = null, startCommand = null } = options;
  /** What was given at the start is used once: the number's token may be another one since. */
  let given: OpenOptions = { ...options, passphrase: null };
  return openLockable({
    dataDir,
    isOffered: !isDemo,
    passphrase,
    mayBeLocked,
    startCommand,
    open: async (vault, lock) => {
      const workspace = await openWorkspace({ ...given, vault }, { ...ports, lock });
      given = { ...given, join: null, number: null, replacementToken: null };
      return workspace;
    },
    onChange,
    endProcess: () => {
      process.stderr.write('Bandeja ended itself, because its folder could not be closed or changed safely (the log above says why). Start it again: nothing is lost.\n');
      process.exit(1);
    },
    ports,
  });
}
