/** Drop-down and context menus with one look. Not modal: the page behind stays as it is (and needs no injected styles). */
import { ContextMenu, DropdownMenu } from 'radix-ui';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { isFocusTaken } from './return-focus.ts';
import styles from './menu.module.css';

/** What was chosen may have opened a field that has the keyboard by now: letters typed into it are no shortcuts of the button that the menu hung on. */
function keepFocusOfChosen(event: Event): void {
  if (isFocusTaken() && document.activeElement?.closest('[role="menu"]') === null) event.preventDefault();
}

/** `command`: does the same, and lends its keys. */
export type MenuEntry = { label: string; icon?: ReactNode; command?: CommandId; keys?: string; isDisabled?: boolean; run(): void };

export function Menu({ trigger, entries, align = 'end' }: { trigger: ReactElement; entries: readonly MenuEntry[]; align?: 'start' | 'end' }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      {isOpen && (
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={styles['menu']} align={align} sideOffset={4} collisionPadding={8} onCloseAutoFocus={keepFocusOfChosen}>
            {entries.map((entry) => (
              <DropdownMenu.Item key={entry.label} className={styles['item']} disabled={entry.isDisabled ?? false} onSelect={entry.run}>
                <Entry {...entry} />
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      )}
    </DropdownMenu.Root>
  );
}

/** Without entries nothing opens. */
export function ContextMenuArea({ entries, onOpenChange, children }: { entries: readonly MenuEntry[]; onOpenChange(isOpen: boolean): void; children: ReactElement }) {
  return (
    <ContextMenu.Root modal={false} onOpenChange={onOpenChange}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      {entries.length > 0 && (
        <ContextMenu.Portal>
          <ContextMenu.Content className={styles['menu']} collisionPadding={8} onCloseAutoFocus={keepFocusOfChosen}>
            {entries.map((entry) => (
              <ContextMenu.Item key={entry.label} className={styles['item']} disabled={entry.isDisabled ?? false} onSelect={entry.run}>
                <Entry {...entry} />
              </ContextMenu.Item>
            ))}
          </ContextMenu.Content>
        </ContextMenu.Portal>
      )}
    </ContextMenu.Root>
  );
}

function Entry({ icon, label, command, keys }: MenuEntry) {
  const { keysOf } = useKeyNames();
  const shown = command === undefined ? keys : keysOf(command);
  return (
    <>
      <span className={styles['icon']}>{icon}</span>
      <span className={styles['label']}>{label}</span>
      {shown !== undefined && <kbd className={styles['keys']}>{shown}</kbd>}
    </>
  );
}
