import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { IconButton } from './button.tsx';
import { returnFocus } from './return-focus.ts';
import styles from './dialog.module.css';

/** The dialog itself takes the focus: on its first button it would open with that button's tooltip. */
function focusContent(event: Event): void {
  event.preventDefault();
  (event.currentTarget as HTMLElement).focus();
}

/** A modal dialog. The scrim is our own element: the primitive's one injects a style sheet to lock a page that never scrolls. */
export function Dialog({ title, isWide = false, onClose, children }: { title: string; isWide?: boolean; onClose(): void; children: ReactNode }) {
  const { t } = useTexts();
  const [opener] = useState(() => document.activeElement);
  /** The primitive gives the focus back to a trigger of its own, which these dialogs do not have. */
  const giveFocusBack = (event: Event): void => {
    event.preventDefault();
    returnFocus(opener);
  };
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Portal>
        <div className={styles['scrim']} />
        <Primitive.Content className={styles['dialog']} data-wide={isWide || undefined} aria-describedby={undefined} onOpenAutoFocus={focusContent} onCloseAutoFocus={giveFocusBack}>
          <header className={styles['header']}>
            <Primitive.Title className={styles['title']}>{title}</Primitive.Title>
            <Primitive.Close asChild>
              <IconButton label={t('action.close')} keys="Esc">
                <X size={16} />
              </IconButton>
            </Primitive.Close>
          </header>
          <div className={styles['body']}>{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
