import { Check, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { KbArticleDetails } from '../../contract/ai/ai-views.ts';
import { KB_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import { useDecide } from './use-decide.ts';
import styles from './article-questions.module.css';

/** Other ways to ask for an article: those that are found by, those that wait, and one more. */
export function ArticleQuestions({ article, isLead }: { article: KbArticleDetails; isLead: boolean }) {
  const { t } = useTexts();
  const client = useClient();
  const { knowledge, toasts } = useStores();
  const { isBusy, decideQuestion } = useDecide();
  const adding = useAction();
  const [text, setText] = useState('');
  const titleId = useId();
  const add = async (): Promise<void> => {
    const wanted = text.trim();
    if (wanted === '') return;
    let isKnown = false;
    const isAdded = await adding.run(async () => {
      const answer = await client.knowledge.addQuestion({ articleId: article.articleId, text: wanted, language: article.language });
      isKnown = answer.outcome === 'merged';
      return answer;
    });
    if (!isAdded) return;
    setText('');
    if (isKnown) toasts.getState().say('knowledge.questions.known');
    else if (!isLead) toasts.getState().say('knowledge.questions.sent');
    await knowledge.getState().refresh();
  };
  return (
    <section className={styles['questions']} aria-labelledby={titleId}>
      <h3 id={titleId}>{t('knowledge.questions.title')}</h3>
      <p className={styles['text']}>{t('knowledge.questions.text')}</p>
      {article.questionList.length === 0 && <p className={styles['text']}>{t('knowledge.questions.none')}</p>}
      <ul>
        {article.questionList.map(({ questionId, text: question, state, by }) => (
          <li key={questionId} className={styles['question']}>
            <span className={styles['words']}>
              <bdi>{question}</bdi>
              {state === 'pending' && <span className={styles['pending']}>{t('knowledge.questions.pending')}</span>}
            </span>
            {isLead && state === 'pending' && (
              <IconButton label={t('knowledge.questions.approve', { text: question })} aria-disabled={isBusy} onClick={() => void decideQuestion(questionId, true)}>
                <Check size={15} />
              </IconButton>
            )}
            {(isLead || (state === 'pending' && by?.isMe)) && (
              <IconButton label={t('knowledge.questions.reject', { text: question })} aria-disabled={isBusy} onClick={() => void decideQuestion(questionId, false)}>
                <X size={15} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {article.state !== 'retired' && (
        <form
          className={styles['add']}
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <input
            type="text"
            value={text}
            maxLength={KB_MAX.question}
            autoComplete="off"
            placeholder={t('knowledge.questions.placeholder')}
            aria-label={t('knowledge.questions.add')}
            onChange={(event) => setText(event.target.value)}
          />
          <Button submits aria-disabled={adding.isBusy || text.trim() === ''}>
            {t('knowledge.add')}
          </Button>
        </form>
      )}
    </section>
  );
}
