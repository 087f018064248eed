/** Form fields with one look: a label, the control, and below it what to know or what is wrong. */
import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react';
import { cx } from './cx.ts';
import styles from './field.module.css';

type Shared = { label: string; hint?: ReactNode; error?: string | null | undefined };
/** `after`: a button at the end of the control. */
type WithAfter = Shared & { after?: ReactNode };
type ControlProps = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined; className: string };

function Field({ label, hint, error, after, render }: WithAfter & { render(control: ControlProps): ReactNode }) {
  const id = useId();
  const isWrong = error !== undefined && error !== null;
  const note = isWrong ? error : hint;
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      <Place after={after}>
        {render({ id, className: cx(styles['control'], isWrong && styles['wrong']), 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': isWrong || undefined })}
      </Place>
      {note && (
        <p id={`${id}-note`} className={isWrong ? styles['error'] : styles['hint']} role={isWrong ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}

const Place = ({ after, children }: { after: ReactNode; children: ReactNode }) =>
  after === undefined ? (
    children
  ) : (
    <div className={styles['withAfter']}>
      {children}
      {after}
    </div>
  );

export const TextField = ({ label, hint, error, after, ...props }: WithAfter & Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> & { ref?: Ref<HTMLInputElement> }) => (
  <Field label={label} hint={hint} error={error} after={after} render={(control) => <input type="text" autoComplete="off" spellCheck={false} {...props} {...control} />} />
);

export const TextArea = ({ label, hint, error, ...props }: Shared & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'id'> & { ref?: Ref<HTMLTextAreaElement> }) => (
  <Field label={label} hint={hint} error={error} render={(control) => <textarea rows={4} {...props} {...control} />} />
);

export const SelectField = ({ label, hint, error, children, ...props }: Shared & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'id'>) => (
  <Field
    label={label}
    hint={hint}
    error={error}
    render={(control) => (
      <select {...props} {...control}>
        {children}
      </select>
    )}
  />
);

/** A switch with its words beside it. */
export function Check({ label, hint, isOn, isDisabled = false, onChange }: { label: string; hint?: string; isOn: boolean; isDisabled?: boolean; onChange(isOn: boolean): void }) {
  const id = useId();
  return (
    <div className={styles['check']}>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        disabled={isDisabled}
        aria-describedby={hint === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-note`} className={styles['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}
