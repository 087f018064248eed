/** In the side panel: what a long conversation is about, with its sources; made when somebody asks for it. */
import { FileText, RefreshCw } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { aiOf } from '../store/ai-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { DraftText } from './draft-text.tsx';
import { useSummary } from './use-summary.ts';
import styles from './summary-section.module.css';

export function SummarySection({ conversationId }: { conversationId: string }) {
  const { t, format } = useTexts();
  const kept = useFrom('ai', (state) => aiOf(state, conversationId)?.summary ?? null);
  const { isBusy, failure, summary, make } = useSummary(conversationId);
  const shown = summary ?? kept;
  return (
    <div className={styles['summary']}>
      {shown && <DraftText body={{ ...shown, findings: [], isCutOff: false }} isPlain />}
      {kept && !summary && (
        <p className={styles['when']}>
          <time title={format.exact(kept.at)}>{t('ai.summary.from', { at: format.short(kept.at), who: kept.by?.isMe ? t('triage.me') : (kept.by?.name ?? '') })}</time>{' '}
          {kept.isBehind && t('ai.summary.behind')}
        </p>
      )}
      {failure && (
        <p className={styles['when']} role="alert">
          {t(`ai.failure.${failure.class}.what`)} {t(`ai.failure.${failure.class}.do`)}
        </p>
      )}
      <Button look="quiet" icon={shown ? <RefreshCw size={14} /> : <FileText size={14} />} aria-disabled={isBusy} onClick={() => void make()}>
        {isBusy ? t('ai.summary.making') : t(shown ? 'ai.summary.again' : 'ai.summary.make')}
      </Button>
    </div>
  );
}
