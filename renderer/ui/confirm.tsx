import { useState, type ReactNode } from 'react';
import type { FailureCode } from '../store/failure.ts';
import { DialogForm } from './dialog-form.tsx';
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
  const [text, setText] = useState('');
  const isTyped = typed === undefined || text.trim().toLocaleLowerCase() === typed.word.toLocaleLowerCase();
  return (
    <Dialog title={title} onClose={onClose}>
      <DialogForm confirm={confirm} isOff={!isTyped || isBusy} isDangerous failure={failure} onSubmit={onConfirm} onClose={onClose}>
        <div className={styles['text']}>{children}</div>
        {typed && <TextField label={typed.label} value={text} onChange={(event) => setText(event.target.value)} />}
      </DialogForm>
    </Dialog>
  );
}
