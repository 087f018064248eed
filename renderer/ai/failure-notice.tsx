/** Why no text came, in plain words, and the ways on that make sense for that. */
import { BookOpenText, RotateCcw, Settings, X } from 'lucide-react';
import type { AiFailure } from '../../contract/ai/ai-views.ts';
import type { FailureClass } from '../../contract/ai/ai-words.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import styles from './draft-card.module.css';

/** What an admin can mend in the settings. */
const BY_SETTINGS: ReadonlySet<FailureClass> = new Set(['auth', 'quota', 'model_missing', 'needs_model', 'context_too_long', 'cap_reached', 'bad_response', 'truncated']);
/** The same would come again. */
const NOT_AGAIN: ReadonlySet<FailureClass> = new Set(['auth', 'model_missing', 'needs_model', 'cap_reached', 'content_filter']);

export function FailureNotice({ failure, onRetry, onClose }: { failure: AiFailure; onRetry(): void; onClose?: () => void }) {
  const { t } = useTexts();
  const { view } = useStores();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const seconds = useFrom('clock', ({ now }) => (failure.retryAt === null ? 0 : Math.max(0, Math.ceil((failure.retryAt - now - offset) / 1000))));
  return (
    <div className={styles['failure']}>
      <p role="status" title={failure.detail}>
        <strong>{t(`ai.failure.${failure.class}.what`)}</strong> {t(`ai.failure.${failure.class}.do`)}
      </p>
      <div className={styles['ways']}>
        {!NOT_AGAIN.has(failure.class) && (
          <Button look="quiet" icon={<RotateCcw size={14} />} aria-disabled={seconds > 0} onClick={() => seconds === 0 && onRetry()}>
            {seconds > 0 ? t('ai.failure.retryIn', { seconds }) : t('action.retry')}
          </Button>
        )}
        {BY_SETTINGS.has(failure.class) && mayAdminister(me) && (
          <Button look="quiet" icon={<Settings size={14} />} onClick={() => view.getState().showTeam('ai')}>
            {t('ai.failure.settings')}
          </Button>
        )}
        <Button look="quiet" icon={<BookOpenText size={14} />} onClick={() => view.getState().goTo('knowledge')}>
          {t('ai.failure.knowledge')}
        </Button>
        {onClose && (
          <IconButton label={t('action.close')} side="top" onClick={onClose}>
            <X size={14} />
          </IconButton>
        )}
      </div>
    </div>
  );
}
