import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';
import styles from './button.module.css';

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'> & { ref?: Ref<HTMLButtonElement> };

/** `primary`: the one thing to do here. `plain`: beside others. `quiet`: inside text and rows. `danger`: cannot be taken back. `submits`: it sends its form. */
export function Button({ look = 'plain', icon, submits = false, children, ...props }: NativeProps & { look?: 'primary' | 'plain' | 'quiet' | 'danger'; icon?: ReactNode; submits?: boolean }) {
  return (
    <button type={submits ? 'submit' : 'button'} className={cx(styles['button'], styles[look])} {...props}>
      {icon}
      {children}
    </button>
  );
}

/** A button that is only an icon: its name is the tooltip too. */
export function IconButton({ label, keys, side = 'bottom', isOn, children, ...props }: NativeProps & { label: string; keys?: string; side?: 'top' | 'right' | 'bottom' | 'left'; isOn?: boolean }) {
  return (
    <Tooltip content={label} keys={keys} side={side}>
      <button type="button" className={cx(styles['icon'], isOn && styles['on'])} aria-label={label} {...(isOn === undefined ? {} : { 'aria-pressed': isOn })} {...props}>
        {children}
      </button>
    </Tooltip>
  );
}

/** An icon that opens a menu. Its tooltip is the browser's: ours would stand beside the open menu. */
export function MenuButton({ label, keys, isOn = false, children, ...props }: NativeProps & { label: string; keys?: string; isOn?: boolean }) {
  return (
    <button type="button" className={cx(styles['icon'], isOn && styles['on'])} aria-label={label} title={keys === undefined ? label : `${label} (${keys})`} {...props}>
      {children}
    </button>
  );
}
