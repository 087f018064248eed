import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';

/** The key of a command, beside its words; nothing where it has none. */
export function KeyName({ command, className }: { command: CommandId; className?: string | undefined }) {
  const { keysOf } = useKeyNames();
  const keys = keysOf(command);
  return keys === undefined ? null : <kbd className={className}>{keys}</kbd>;
}
