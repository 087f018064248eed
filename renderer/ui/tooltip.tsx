/**
 * What a thing is, for whoever rests on it with the pointer or comes to it with the keyboard. Invariant: at most one is
 * open in the window, and only that one is mounted: an open conversation has some fifty things that could show one, and
 * they are built anew with each switch.
 */
import { Portal, Slot } from 'radix-ui';
import { DismissableLayer, Popper } from 'radix-ui/internal';
import { createContext, use, useEffect, useId, useMemo, useState, type FocusEvent, type PointerEvent, type ReactElement, type ReactNode } from 'react';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { createTooltips, type Tooltips } from './tooltips.ts';
import styles from './tooltip.module.css';

type Tip = { content: ReactNode; command?: CommandId | undefined; keys?: string | undefined; side?: 'top' | 'right' | 'bottom' | 'left' };

const TooltipsContext = createContext<Tooltips | null>(null);

export function TooltipProvider({ children }: { children: ReactNode }) {
  const [tooltips] = useState(createTooltips);
  return <TooltipsContext value={tooltips}>{children}</TooltipsContext>;
}

function useTooltips(): Tooltips {
  const tooltips = use(TooltipsContext);
  if (!tooltips) throw new Error('TooltipProvider is missing');
  return tooltips;
}

/** `content` says more than the trigger's own name; `command`: whose keys are shown, or `keys` that belong to no command. */
export function Tooltip({ children, ...tip }: Tip & { children: ReactElement }) {
  const tooltips = useTooltips();
  const [openAt, setOpenAt] = useState<HTMLElement | null>(null);
  const id = useId();
  useEffect(() => () => tooltips.forget(setOpenAt), [tooltips]);
  return (
    <>
      <Slot.Root
        aria-describedby={openAt ? id : undefined}
        onPointerMove={(event: PointerEvent<HTMLElement>) => event.pointerType !== 'touch' && tooltips.point(setOpenAt, event.currentTarget)}
        onPointerLeave={() => tooltips.leave()}
        onPointerDown={() => tooltips.press()}
        onClick={() => tooltips.close()}
        // The focus comes from nowhere when a dialog or a menu that has closed gives it back: nobody asked what this is.
        onFocus={(event: FocusEvent<HTMLElement>) => event.relatedTarget !== null && tooltips.focus(setOpenAt, event.currentTarget)}
        onBlur={() => tooltips.close()}
      >
        {children}
      </Slot.Root>
      {openAt && <OpenTooltip {...tip} id={id} trigger={openAt} />}
    </>
  );
}

function OpenTooltip({ content, command, keys, side = 'bottom', id, trigger }: Tip & { id: string; trigger: HTMLElement }) {
  const tooltips = useTooltips();
  const { keysOf } = useKeyNames();
  const shown = command === undefined ? keys : keysOf(command);
  const virtualRef = useMemo(() => ({ current: trigger }), [trigger]);
  // It would stay where its trigger was.
  useEffect(() => {
    const onScroll = ({ target }: Event): void => {
      if (target instanceof Node && target.contains(trigger)) tooltips.close();
    };
    window.addEventListener('scroll', onScroll, { capture: true });
    return () => window.removeEventListener('scroll', onScroll, { capture: true });
  }, [tooltips, trigger]);
  return (
    <Popper.Root>
      <Popper.Anchor virtualRef={virtualRef} />
      <Portal.Root asChild>
        <DismissableLayer.Root asChild onFocusOutside={(event) => event.preventDefault()} onDismiss={() => tooltips.close()}>
          <Popper.Content
            id={id}
            className={styles['tooltip']}
            role="tooltip"
            data-state="open"
            side={side}
            sideOffset={6}
            collisionPadding={8}
            onPointerEnter={() => tooltips.stay()}
            onPointerLeave={() => tooltips.leave()}
          >
            {content}
            {shown !== undefined && <kbd className={styles['keys']}>{shown}</kbd>}
          </Popper.Content>
        </DismissableLayer.Root>
      </Portal.Root>
    </Popper.Root>
  );
}
