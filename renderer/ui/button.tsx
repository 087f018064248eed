import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';
import styles from './button.module.css';

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'> & { ref?: Ref<HTMLButtonElement> };

/** `primary`: the one thing to do here. `plain`: beside others. `quiet`: inside text and rows. `danger`: cannot be taken back. `submits`: it sends its form. `command`: does the same, and lends its keys. */
export function Button({
  look = 'plain',
  icon,
  submits = false,
  command,
  children,
  ...props
}: NativeProps & { look?: 'primary' | 'plain' | 'quiet' | 'danger'; icon?: ReactNode; submits?: boolean; command?: CommandId | undefined }) {
  const aria = useAria(command);
  return (
    <button type={submits ? 'submit' : 'button'} className={cx(styles['button'], styles[look])} {...aria} {...props}>
      {icon}
      {children}
    </button>
  );
}

/** A button that is only an icon: its name is the tooltip too. */
export function IconButton({
  label,
  command,
  keys,
  side = 'bottom',
  isOn,
  children,
  ...props
}: NativeProps & { label: string; command?: CommandId | undefined; keys?: string; side?: 'top' | 'right' | 'bottom' | 'left'; isOn?: boolean }) {
  const aria = useAria(command);
  return (
    <Tooltip content={label} command={command} keys={keys} side={side}>
      <button type="button" className={cx(styles['icon'], isOn && styles['on'])} aria-label={label} {...(isOn === undefined ? {} : { 'aria-pressed': isOn })} {...aria} {...props}>
        {children}
      </button>
    </Tooltip>
  );
}

/** An icon that opens a menu. Its tooltip is the browser's: ours would stand beside the open menu. */
export function MenuButton({ label, command, isOn = false, children, ...props }: NativeProps & { label: string; command?: CommandId; isOn?: boolean }) {
  const { keysOf } = useKeyNames();
  const keys = command && keysOf(command);
  const aria = useAria(command);
  return (
    <button type="button" className={cx(styles['icon'], isOn && styles['on'])} aria-label={label} title={keys === undefined ? label : `${label} (${keys})`} {...aria} {...props}>
      {children}
    </button>
  );
}

function useAria(command: CommandId | undefined): { 'aria-keyshortcuts'?: string | undefined } {
  const { ariaOf } = useKeyNames();
  return command === undefined ? {} : { 'aria-keyshortcuts': ariaOf(command) };
}
