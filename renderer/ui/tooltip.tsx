import { Tooltip as Primitive } from 'radix-ui';
import type { FocusEvent, ReactElement, ReactNode } from 'react';
import styles from './tooltip.module.css';

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Primitive.Provider delayDuration={450} skipDelayDuration={250}>
    {children}
  </Primitive.Provider>
);

/** The focus comes from nowhere when a dialog or a menu that has closed gives it back: nobody asked what this is. */
function stayShut(event: FocusEvent): void {
  if (event.relatedTarget === null) event.preventDefault();
}

/** `content` says more than the trigger's own name; `keys` is the shortcut. */
export function Tooltip({ content, keys, side = 'bottom', children }: { content: ReactNode; keys?: string | undefined; side?: 'top' | 'right' | 'bottom' | 'left'; children: ReactElement }) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild onFocus={stayShut}>
        {children}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={styles['tooltip']} side={side} sideOffset={6} collisionPadding={8}>
          {content}
          {keys !== undefined && <kbd className={styles['keys']}>{keys}</kbd>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
