import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { FailureCode } from '../store/failure.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import styles from './confirm.module.css';

type Props = {
  title: string;
  /** What will happen. */
  children: ReactNode;
  confirm: string;
  /** Has to be typed before what cannot be taken back is done. */
  typed?: { word: string; label: string };
  isBusy: boolean;
  failure: FailureCode | null;
  onConfirm(): void;
  onClose(): void;
};

/** Asks before something that takes away. */
export function Confirm({ title, children, confirm, typed, isBusy, failure, onConfirm, onClose }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState('');
  const isTyped = typed === undefined || text.trim().toLocaleLowerCase() === typed.word.toLocaleLowerCase();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isTyped && !isBusy) onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles['form']} onSubmit={submit}>
        <div className={styles['text']}>{children}</div>
        {typed && <TextField label={typed.label} value={text} onChange={(event) => setText(event.target.value)} />}
        {failure !== null && (
          <p className={styles['failure']} role="alert">
            {t(`failure.${failure}`)}
          </p>
        )}
        <div className={styles['actions']}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button look="danger" submits aria-disabled={!isTyped || isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
