import { CircleAlert, X } from 'lucide-react';
import { Toast as Primitive } from 'radix-ui';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Translate } from '../i18n/i18n.ts';
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

function sayIt({ text, values: { count, refused = 0, ...names }, action }: Toast, t: Translate, isOffline: boolean): string {
  const isolated = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, isolate(name)]));
  // Which values a text takes is known to the one who says it; the types cannot tell it for all texts at once.
  const said = t(text as 'undo.done.other', { name: '', ...isolated, ...(count !== undefined && { count }) });
  const done = refused > 0 ? t('bulk.refused', { done: said, count: refused }) : /[.!?]$/.test(said) ? said : `${said}.`;
  return action && isOffline ? t('bulk.offline', { done }) : done;
}

function ToastCard({ toast, onDismiss }: { toast: Toast; onDismiss(): void }) {
  const { t } = useTexts();
  const { action } = toast;
  const isOffline = useFrom('session', ({ sync }) => sync !== null && sync.state !== 'live' && sync.state !== 'catching_up');
  return (
    <Primitive.Root className={styles['toast']} duration={toast.tone === 'failure' ? FAILURE_SHOWN_MS : SHOWN_MS} onOpenChange={(isOpen) => !isOpen && onDismiss()}>
      {toast.tone === 'failure' && <CircleAlert className={styles['failure']} size={16} aria-hidden="true" />}
      <Primitive.Description className={styles['text']}>{sayIt(toast, t, isOffline)}</Primitive.Description>
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
