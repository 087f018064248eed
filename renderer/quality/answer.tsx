/** One draft with what became of it: the question, what was changed, what it rests on. */
import { Bot, UserRoundPen } from 'lucide-react';
import type { ReviewItem } from '../../contract/ai/ai-views.ts';
import { useOpenConversation } from '../conversation/use-open-conversation.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { WordDiff } from './word-diff.tsx';
import styles from './answer.module.css';

export function Answer({ item, onRecord }: { item: ReviewItem; onRecord(runId: string): void }) {
  const { t, format } = useTexts();
  const { knowledgeOpen } = useStores();
  const openConversation = useOpenConversation();
  const { draft, question, sent, editClass, isAutomatic, isCorrected, topic } = item;
  return (
    <article className={styles['answer']} aria-label={item.conversationName}>
      <header className={styles['header']}>
        <h3>
          <bdi>{item.conversationName}</bdi>
        </h3>
        <time title={format.exact(draft.at)}>{format.short(draft.at)}</time>
      </header>
      <ul className={styles['marks']}>
        <li>
          {isAutomatic ? <Bot size={13} aria-hidden="true" /> : <UserRoundPen size={13} aria-hidden="true" />}
          {isAutomatic ? t('quality.review.automatic') : t('quality.review.byPerson', { name: draft.decidedBy?.name ?? '—' })}
        </li>
        <li data-class={editClass}>{t(`quality.class.${editClass}`)}</li>
        {draft.body && <li>{t(`ai.confidence.${draft.body.confidence}`)}</li>}
        {isCorrected && <li data-tone="warn">{t('quality.review.corrected')}</li>}
        {topic !== '' && <li>{topic}</li>}
      </ul>
      {draft.body === null ? (
        <p className={styles['erased']}>{t('quality.review.erased')}</p>
      ) : (
        <>
          <h4>{t('quality.review.question')}</h4>
          <blockquote className={styles['question']} dir="auto">
            {question || t('quality.review.noQuestion')}
          </blockquote>
          <h4>{t(editClass === 'discarded' ? 'quality.class.discarded' : 'quality.review.sent')}</h4>
          <div className={styles['text']}>
            {editClass === 'as_is' || sent === null ? (
              <p dir="auto" className={styles['whole']}>
                {sent ?? draft.body.text}
              </p>
            ) : (
              <WordDiff from={draft.body.text} to={sent} language={draft.body.language} />
            )}
            {editClass === 'as_is' && <p className={styles['quiet']}>{t('quality.review.same')}</p>}
          </div>
          <h4>{t('quality.review.sources')}</h4>
          {draft.body.facts.length === 0 ? (
            <p className={styles['quiet']}>{t('quality.review.noSources')}</p>
          ) : (
            <ul className={styles['sources']}>
              {draft.body.facts.map((fact) => (
                <li key={fact.id}>
                  <details>
                    <summary>
                      <span className={styles['factId']}>{fact.id}</span> {fact.label}
                    </summary>
                    <p dir="auto">{fact.text}</p>
                  </details>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      <div className={styles['ways']}>
        <Button look="quiet" onClick={() => openConversation(draft.conversationId, draft.messageId)}>
          {t('quality.review.toConversation')}
        </Button>
        <Button look="quiet" onClick={() => onRecord(draft.runId)}>
          {t('quality.review.why')}
        </Button>
        {sent !== null && (
          <Button look="quiet" onClick={() => knowledgeOpen.getState().keepLearned({ question, answer: sent, draftId: draft.draftId })}>
            {t('knowledge.action')}
          </Button>
        )}
      </div>
    </article>
  );
}
