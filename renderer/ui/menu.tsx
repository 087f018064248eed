/** Drop-down and context menus with one look. Not modal: the page behind stays as it is (and needs no injected styles). */
import { ContextMenu, DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import styles from './menu.module.css';

/** What was chosen may have opened a field that has the keyboard by now: letters typed into it are no shortcuts of the button that the menu hung on. */
function keepFocusOfChosen(event: Event): void {
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body && activeElement.closest('[role="menu"]') === null) event.preventDefault();
}

export type MenuEntry = { label: string; icon?: ReactNode; keys?: string; isDisabled?: boolean; run(): void };

export function Menu({ trigger, entries, align = 'end' }: { trigger: ReactElement; entries: readonly MenuEntry[]; align?: 'start' | 'end' }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['menu']} align={align} sideOffset={4} collisionPadding={8} onCloseAutoFocus={keepFocusOfChosen}>
          {entries.map((entry) => (
            <DropdownMenu.Item key={entry.label} className={styles['item']} disabled={entry.isDisabled ?? false} onSelect={entry.run}>
              <Entry {...entry} />
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
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
          <ContextMenu.Content className={styles['menu']} collisionPadding={8}>
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

const Entry = ({ icon, label, keys }: MenuEntry) => (
  <>
    <span className={styles['icon']}>{icon}</span>
    <span className={styles['label']}>{label}</span>
    {keys !== undefined && <kbd className={styles['keys']}>{keys}</kbd>}
  </>
);
