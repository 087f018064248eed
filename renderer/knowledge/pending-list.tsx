/** What was added by people who may not approve, or learned from drafts, and waits for a lead. */
import { Check, MessageSquare, X } from 'lucide-react';
import type { KbPendingQuestion } from '../../contract/ai/ai-views.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useOpenConversation } from '../conversation/use-open-conversation.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { ArticleRow } from './article-list.tsx';
import { useDecide } from './use-decide.ts';
import listStyles from './article-list.module.css';
import styles from './pending-list.module.css';

export function PendingList() {
  const { t } = useTexts();
  const articles = useFrom('knowledge', (state) => state.articles);
  const questions = useFrom('knowledge', (state) => state.pendingQuestions);
  const shown = useFrom('knowledge', (state) => state.shown);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const { isBusy, setState } = useDecide();
  const pending = (articles ?? []).filter(({ state }) => state === 'pending');
  if (articles === null) return null;
  if (pending.length + questions.length === 0) return <p className={listStyles['none']}>{t('knowledge.empty.pending')}</p>;
  return (
    <div className={styles['part']}>
      {!isLead && <p className={styles['hint']}>{t('knowledge.pending.needsLead')}</p>}
      {pending.length > 0 && (
        <section>
          <h2 className={listStyles['folder']}>{t('knowledge.pending.articles')}</h2>
          <ul aria-label={t('knowledge.pending.articles')}>
            {pending.map((article) => (
              <li key={article.articleId} className={styles['item']}>
                <ArticleRow article={article} isChosen={shown?.kind === 'article' && shown.articleId === article.articleId} />
                <div className={styles['actions']}>
                  {isLead && (
                    <>
                      <Button
                        icon={<Check size={14} />}
                        aria-disabled={isBusy}
                        aria-label={t('knowledge.questions.approve', { text: article.title })}
                        onClick={() => void setState(article, 'approved')}
                      >
                        {t('knowledge.questions.approveShort')}
                      </Button>
                      <Button icon={<X size={14} />} aria-disabled={isBusy} aria-label={t('knowledge.questions.reject', { text: article.title })} onClick={() => void setState(article, 'retired')}>
                        {t('knowledge.questions.rejectShort')}
                      </Button>
                    </>
                  )}
                  <FromConversation conversationId={article.conversationId} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {questions.length > 0 && (
        <section>
          <h2 className={listStyles['folder']}>{t('knowledge.pending.questions')}</h2>
          <ul aria-label={t('knowledge.pending.questions')}>
            {questions.map((question) => (
              <QuestionItem key={question.questionId} question={question} isLead={isLead} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function QuestionItem({ question, isLead }: { question: KbPendingQuestion; isLead: boolean }) {
  const { t } = useTexts();
  const { knowledge } = useStores();
  const { isBusy, decideQuestion } = useDecide();
  const { questionId, text, title, by } = question;
  return (
    <li className={styles['item']}>
      <button type="button" className={listStyles['row']} data-row="" onClick={() => knowledge.getState().open({ kind: 'article', articleId: question.articleId, revisionId: null, passageId: null })}>
        <bdi className={styles['question']}>{text}</bdi>
        <span className={listStyles['facts']}>
          {t('knowledge.pending.ofArticle', { title })} · {t('knowledge.pending.by', { name: by?.name ?? t('knowledge.somebody') })}
        </span>
      </button>
      <div className={styles['actions']}>
        {isLead && (
          <Button icon={<Check size={14} />} aria-disabled={isBusy} aria-label={t('knowledge.questions.approve', { text })} onClick={() => void decideQuestion(questionId, true)}>
            {t('knowledge.questions.approveShort')}
          </Button>
        )}
        {(isLead || by?.isMe) && (
          <Button icon={<X size={14} />} aria-disabled={isBusy} aria-label={t('knowledge.questions.reject', { text })} onClick={() => void decideQuestion(questionId, false)}>
            {t('knowledge.questions.rejectShort')}
          </Button>
        )}
        <FromConversation conversationId={question.conversationId} />
      </div>
    </li>
  );
}

function FromConversation({ conversationId }: { conversationId: string | null }) {
  const { t } = useTexts();
  const openConversation = useOpenConversation();
  if (conversationId === null) return null;
  return (
    <Button look="quiet" icon={<MessageSquare size={13} />} onClick={() => openConversation(conversationId)}>
      {t('knowledge.pending.fromConversation')}
    </Button>
  );
}
