import { useShortcuts } from './use-shortcuts.ts';

/** The inbox's keys, only while the inbox is what is seen. */
export function InboxShortcuts({ togglePanel }: { togglePanel(): void }): null {
  useShortcuts({ togglePanel });
  return null;
}
