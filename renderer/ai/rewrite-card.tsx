/** What became of the words in the composer: beside them until their agent takes it. */
import { Sparkles, X } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import type { Rewriting } from '../store/draft-desk-store.ts';
import { useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { KeyName } from '../ui/key-name.tsx';
import styles from './draft-card.module.css';

export function RewriteCard({ thread, rewriting }: { thread: OpenThread; rewriting: Rewriting }) {
  const { t } = useTexts();
  const { draftDesk } = useStores();
  const { id } = thread.conversation;
  const { state, text, draftId, rewrite, language, before, failure } = rewriting;
  const end = (): void => draftDesk.getState().endRewrite(id);
  return (
    <section className={styles['card']} aria-label={t(`ai.rewrite.${rewrite}`)}>
      <header className={styles['head']}>
        <Sparkles className={styles['mark']} size={15} aria-hidden="true" />
        <h3>{t(`ai.rewrite.${rewrite}`)}</h3>
        <span className={styles['state']} role="status">
          {t(state === 'streaming' ? 'ai.card.streaming' : state === 'done' ? 'ai.rewrite.done' : 'ai.rewrite.failed')}
        </span>
        <span className={styles['gap']} />
        <IconButton label={t(state === 'streaming' ? 'ai.card.cancel' : 'action.close')} {...(state === 'streaming' && { keys: 'Esc' })} side="top" onClick={end}>
          <X size={15} />
        </IconButton>
      </header>
      {text !== '' && (
        <p className={styles['text']} dir="auto" tabIndex={0} aria-busy={state === 'streaming'}>
          {text}
        </p>
      )}
      {failure && <FailureNotice failure={failure} onRetry={() => draftDesk.getState().rewrite(id, { target: 'composer', draftId, text: before }, rewrite, language)} />}
      {state === 'done' && (
        <div className={styles['actions']}>
          <Button look="primary" command="takeDraft" onClick={() => draftDesk.getState().takeRewritten(id)}>
            {t('ai.rewrite.use')} <KeyName command="takeDraft" />
          </Button>
          <Button look="quiet" onClick={end}>
            {t('ai.rewrite.keepMine')}
          </Button>
        </div>
      )}
    </section>
  );
}
