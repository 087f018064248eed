import type { ReactNode, SubmitEvent } from 'react';
import { useTexts } from '../../i18n/use-texts.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './section.module.css';

/** A part of the settings that is saved by itself. Without `onSave` each of its controls is. */
export function Section({
  title,
  text,
  isOff = true,
  isChanged = false,
  onSave,
  children,
}: {
  title: string;
  text?: string;
  isOff?: boolean;
  isChanged?: boolean;
  onSave?: () => void;
  children: ReactNode;
}) {
  const { t } = useTexts();
  const inner = (
    <>
      <h3 className={styles['title']}>{title}</h3>
      {text !== undefined && <p className={styles['text']}>{text}</p>}
      <div className={styles['fields']}>{children}</div>
      {onSave && (
        <div className={styles['actions']}>
          <Button look="primary" submits aria-disabled={isOff || !isChanged}>
            {t('action.save')}
          </Button>
          {isChanged && <span>{t('aiSettings.unsaved')}</span>}
        </div>
      )}
    </>
  );
  return onSave ? (
    <form
      className={styles['section']}
      aria-label={title}
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!isOff && isChanged) onSave();
      }}
    >
      {inner}
    </form>
  ) : (
    <section className={styles['section']} aria-label={title}>
      {inner}
    </section>
  );
}

/** One of a few, as buttons. */
export function Choices<T extends string>({
  legend,
  name,
  values,
  value,
  isDisabled = false,
  label,
  onChoose,
}: {
  legend: string;
  name: string;
  values: readonly T[];
  value: T;
  isDisabled?: boolean;
  label(value: T): string;
  onChoose(value: T): void;
}) {
  return (
    <fieldset className={styles['choices']} disabled={isDisabled}>
      <legend>{legend}</legend>
      <div>
        {values.map((one) => (
          <label key={one} className={styles['choice']}>
            <input type="radio" className="visually-hidden" name={name} checked={one === value} onChange={() => onChoose(one)} />
            {label(one)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
