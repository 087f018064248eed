/** A small window beside something that was pressed; not modal. The keyboard is in it while it is open, and goes back afterwards. */
import { Popover } from 'radix-ui';
import { useMemo, useState, type ReactNode } from 'react';
import { returnFocus } from './return-focus.ts';
import styles from './anchored-popover.module.css';

export function AnchoredPopover({ anchor, label, onClose, children }: { anchor: HTMLElement; label: string; onClose(): void; children: ReactNode }) {
  const [opener] = useState(() => document.activeElement);
  const virtualRef = useMemo(() => ({ current: anchor }), [anchor]);
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Anchor virtualRef={virtualRef} />
      <Popover.Portal>
        <Popover.Content
          className={styles['popover']}
          role="dialog"
          aria-label={label}
          side="top"
          align="center"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
          }}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
