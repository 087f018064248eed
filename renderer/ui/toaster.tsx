import { CircleAlert, X } from 'lucide-react';
import { Toast as Primitive } from 'radix-ui';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Toast } from '../store/toast-store.ts';
import { useFrom } from './app-context.tsx';
import { Button, IconButton } from './button.tsx';
import styles from './toaster.module.css';

const SHOWN_MS = 6_000;
const FAILURE_SHOWN_MS = 12_000;

export function Toaster() {
  const { t } = useTexts();
  const toasts = useFrom('toasts', (state) => state.toasts);
  const dismiss = useFrom('toasts', (state) => state.dismiss);
  return (
    <Primitive.Provider label={t('toasts.one')} swipeDirection="down">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onDismiss={() => dismiss(toast.id)} />
      ))}
      <Primitive.Viewport label={t('toasts.label')} className={styles['viewport']} />
    </Primitive.Provider>
  );
}

/** A name written from right to left keeps its sentence in order (Unicode's isolates, FSI and PDI). */
const isolate = (name: string): string => `\u2068${name}\u2069`;

function ToastCard({ toast, onDismiss }: { toast: Toast; onDismiss(): void }) {
  const { t } = useTexts();
  const { action } = toast;
  return (
    <Primitive.Root className={styles['toast']} duration={toast.tone === 'failure' ? FAILURE_SHOWN_MS : SHOWN_MS} onOpenChange={(isOpen) => !isOpen && onDismiss()}>
      {toast.tone === 'failure' && <CircleAlert className={styles['failure']} size={16} aria-hidden="true" />}
      <Primitive.Description className={styles['text']}>{t(toast.text, { ...toast.values, name: isolate(toast.values.name), who: isolate(toast.values.who ?? '') })}</Primitive.Description>
      {action && (
        <Primitive.Action asChild altText={t(action.label)} onClick={action.run}>
          <Button look="quiet">{t(action.label)}</Button>
        </Primitive.Action>
      )}
      <Primitive.Close asChild>
        <IconButton label={t('action.close')} side="top">
          <X size={14} />
        </IconButton>
      </Primitive.Close>
    </Primitive.Root>
  );
}
