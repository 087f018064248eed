/** What was asked and answered becomes an article, or another way to ask for one. Opened from anywhere by `knowledgeOpen.keepLearned`. */
import { useState } from 'react';
import type { KbArticle } from '../../contract/ai/ai-views.ts';
import { KB_LANGUAGES, toKbLanguage, type KbLanguage } from '../../contract/ai/ai-words.ts';
import { KB_MAX } from '../../contract/limits.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Learned } from '../store/knowledge-open-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { ArticleChooser } from './article-chooser.tsx';
import styles from './save-from-draft.module.css';

type Way = 'article' | 'question';

export function SaveFromDraft({ learned }: { learned: Learned }) {
  const { t, language: own } = useTexts();
  const { knowledgeOpen, toasts } = useStores();
  const client = useClient();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const [way, setWay] = useState<Way>('article');
  const [question, setQuestion] = useState(learned.question.trim().slice(0, KB_MAX.question));
  const [answer, setAnswer] = useState(learned.answer.trim());
  const [language, setLanguage] = useState<KbLanguage>(toKbLanguage(own));
  const [folder, setFolder] = useState('');
  const [article, setArticle] = useState<KbArticle | null>(null);
  const [isTried, setTried] = useState(false);
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const close = (): void => knowledgeOpen.getState().keepLearned(null);
  const missing = question.trim() === '' ? 'missingQuestion' : way === 'question' ? (article ? null : 'missingArticle') : answer.trim() === '' ? 'missingText' : null;

  async function save(): Promise<void> {
    setTried(true);
    if (missing !== null) return;
    const { draftId } = learned;
    const isSaved = await run(() =>
      way === 'question' && article
        ? client.knowledge.addQuestion({ articleId: article.articleId, text: question.trim(), language: article.language, draftId })
        : client.knowledge.save({ articleId: null, from: null, title: question.trim().slice(0, KB_MAX.title), language, folder: folder.trim(), text: answer.trim(), draftId }),
    );
    if (!isSaved) return;
    toasts.getState().say(way === 'question' ? (isLead ? 'knowledge.gaps.added' : 'knowledge.questions.sent') : isLead ? 'knowledge.editor.saved' : 'knowledge.editor.savedPending');
    close();
  }

  return (
    <Dialog title={t('knowledge.save.title')} onClose={close}>
      <DialogForm confirm={t(isLead ? 'knowledge.editor.save' : 'knowledge.editor.sendForApproval')} isOff={isBusy} failure={failure} onSubmit={() => void save()} onClose={close}>
        <fieldset className={styles['ways']}>
          <legend>{t('knowledge.save.as')}</legend>
          {(['article', 'question'] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="way" checked={one === way} onChange={() => setWay(one)} />
              {t(`knowledge.save.${one}`)}
            </label>
          ))}
        </fieldset>
        <p className={styles['hint']}>{t('knowledge.save.hint')}</p>
        <TextField
          label={t('knowledge.save.questionLabel')}
          value={question}
          maxLength={way === 'article' ? KB_MAX.title : KB_MAX.question}
          error={isTried && missing === 'missingQuestion' ? t('knowledge.save.missingQuestion') : null}
          onChange={(event) => setQuestion(event.target.value)}
        />
        {way === 'question' ? (
          <div className={styles['choose']}>
            <span className={styles['label']}>{t('knowledge.save.whichArticle')}</span>
            <ArticleChooser question={learned.question} chosen={article?.articleId ?? null} onChoose={setArticle} />
            {isTried && missing === 'missingArticle' && (
              <p className={styles['error']} role="alert">
                {t('knowledge.save.missingArticle')}
              </p>
            )}
          </div>
        ) : (
          <>
            <TextArea
              label={t('knowledge.save.answerLabel')}
              rows={6}
              value={answer}
              error={isTried && missing === 'missingText' ? t('knowledge.save.missingText') : null}
              onChange={(event) => setAnswer(event.target.value)}
            />
            <div className={styles['pair']}>
              <TextField label={t('knowledge.folderLabel')} value={folder} maxLength={KB_MAX.folder} onChange={(event) => setFolder(event.target.value)} />
              <SelectField label={t('knowledge.languageLabel')} value={language} onChange={(event) => setLanguage(KB_LANGUAGES.find((one) => one === event.target.value) ?? language)}>
                {KB_LANGUAGES.map((one) => (
                  <option key={one} value={one}>
                    {t(`knowledge.language.${one}`)}
                  </option>
                ))}
              </SelectField>
            </div>
          </>
        )}
      </DialogForm>
    </Dialog>
  );
}
