/** What a part of the settings is made of. */
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { cx } from '../ui/cx.ts';
import styles from './setting.module.css';

/** One setting that the search can lead to: it comes into sight and takes the focus. */
export function Setting({ id, isPlain = false, children }: { id: string; /** Draws no line around itself. */ isPlain?: boolean; children: ReactNode }) {
  const { view } = useStores();
  const wanted = useFrom('view', ({ wantedSetting }) => wantedSetting);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wanted !== id || !view.getState().takeSetting(id)) return;
    box.current?.scrollIntoView({ block: 'center' });
    const control = box.current?.querySelector<HTMLElement>('input:checked, input:not(:disabled), select, button, textarea, [tabindex]');
    (control ?? box.current)?.focus({ preventScroll: true });
    box.current?.setAttribute('data-found', '');
  }, [id, wanted, view]);
  return (
    <div ref={box} tabIndex={-1} data-setting={id} className={cx(styles['setting'], isPlain && styles['plain'])} onBlur={() => box.current?.removeAttribute('data-found')}>
      {children}
    </div>
  );
}

type ChoiceProps<T extends string> = { id: string; legend: string; hint?: string; value: T; options: readonly { value: T; label: string }[]; onChoose(value: T): void };

/** One of a few. */
export function Choice<T extends string>({ id, legend, hint, value, options, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <Setting id={id}>
      <fieldset className={styles['choice']} aria-describedby={hint === undefined ? undefined : `${name}-hint`}>
        <legend className={styles['legend']}>{legend}</legend>
        {hint !== undefined && (
          <p id={`${name}-hint`} className={styles['hint']}>
            {hint}
          </p>
        )}
        <div className={styles['options']}>
          {options.map((option) => (
            <label key={option.value} className={styles['option']}>
              <input type="radio" className="visually-hidden" name={name} checked={value === option.value} onChange={() => onChoose(option.value)} />
              {option.label}
            </label>
          ))}
        </div>
      </fieldset>
    </Setting>
  );
}

export const Facts = ({ children }: { children: ReactNode }) => <dl className={styles['facts']}>{children}</dl>;
export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="tabular">{children}</dd>
  </>
);
