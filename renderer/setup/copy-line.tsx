import { Copy, Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './setup.module.css';

/** A value to be typed elsewhere. */
export function CopyLine({ label, value }: { label: string; value: string }) {
  const { t } = useTexts();
  const copy = useCopy();
  return (
    <div className={styles['copyLine']}>
      <span className={styles['copyLabel']}>{label}</span>
      <code className={styles['value']}>{value}</code>
      <IconButton label={t('setup.copy', { name: label })} side="top" onClick={() => copy(value)}>
        <Copy size={15} />
      </IconButton>
    </div>
  );
}

/** A secret to be typed elsewhere: asked for when it is looked at or copied, and forgotten when it is hidden. */
export function SecretLine({ label, ask }: { label: string; ask(): Promise<string> }) {
  const { t } = useTexts();
  const copy = useCopy();
  const { isBusy, run } = useAction();
  const [shown, setShown] = useState<string | null>(null);
  return (
    <div className={styles['copyLine']}>
      <span className={styles['copyLabel']}>{label}</span>
      <code className={styles['value']}>{shown ?? '••••••••••••••••'}</code>
      <IconButton
        label={t(shown === null ? 'setup.show' : 'setup.hide', { name: label })}
        side="top"
        disabled={isBusy}
        onClick={() => (shown === null ? void run(async () => setShown(await ask())) : setShown(null))}
      >
        {shown === null ? <Eye size={15} /> : <EyeOff size={15} />}
      </IconButton>
      <IconButton label={t('setup.copy', { name: label })} side="top" disabled={isBusy} onClick={() => void run(async () => copy(await ask()))}>
        <Copy size={15} />
      </IconButton>
    </div>
  );
}

function useCopy(): (text: string) => void {
  const { toasts } = useStores();
  return (text) => void navigator.clipboard.writeText(text).then(() => toasts.getState().say('action.copied'));
}
