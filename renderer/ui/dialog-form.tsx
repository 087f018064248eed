import type { ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { FailureCode } from '../store/failure.ts';
import { Button } from './button.tsx';
import styles from './dialog-form.module.css';

type Props = {
  /** What its button says; "save" where nothing is given. */
  confirm?: string;
  /** It cannot be sent now: it is on its way, or something is missing. */
  isOff: boolean;
  isDangerous?: boolean;
  /** Why it did not come about. */
  failure: FailureCode | null;
  onSubmit(): void;
  onClose(): void;
  children: ReactNode;
};

/** A form that fills a dialog: its fields, why it was refused, and the two ways out. */
export function DialogForm({ confirm, isOff, isDangerous = false, failure, onSubmit, onClose, children }: Props) {
  const { t } = useTexts();
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOff) onSubmit();
      }}
    >
      {children}
      {failure !== null && (
        <p className={styles['failure']} role="alert">
          {t(`failure.${failure}`)}
        </p>
      )}
      <div className={styles['actions']}>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button look={isDangerous ? 'danger' : 'primary'} submits aria-disabled={isOff}>
          {confirm ?? t('action.save')}
        </Button>
      </div>
    </form>
  );
}
