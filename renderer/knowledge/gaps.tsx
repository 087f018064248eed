/** What customers asked and no approved article answers, and the four ways on from there. */
import { ArrowLeft, Ban, ListPlus, MessageSquare, PenLine } from 'lucide-react';
import { useState } from 'react';
import type { KbArticle, KbGap } from '../../contract/ai/ai-views.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useOpenConversation } from '../conversation/use-open-conversation.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useAction } from '../ui/use-action.ts';
import { ArticleChooser } from './article-chooser.tsx';
import { useWriteArticle } from './use-write-article.ts';
import listStyles from './article-list.module.css';
import pageStyles from './article-page.module.css';

export function GapList() {
  const { t, format } = useTexts();
  const { knowledge } = useStores();
  const gaps = useFrom('knowledge', (state) => state.gaps);
  const shown = useFrom('knowledge', (state) => state.shown);
  const now = useFrom('clock', toMinute);
  if (gaps === null) return null;
  if (gaps.length === 0) {
    return (
      <div className={listStyles['none']}>
        <p>{t('knowledge.empty.gaps')}</p>
        <p>{t('knowledge.empty.gapsHint')}</p>
      </div>
    );
  }
  return (
    <div className={listStyles['part']}>
      <ul className={listStyles['rows']} aria-label={t('knowledge.part.gaps')}>
        {gaps.map((gap) => (
          <li key={gap.runId}>
            <button
              type="button"
              className={listStyles['row']}
              data-row=""
              aria-current={(shown?.kind === 'gap' && shown.runId === gap.runId) || undefined}
              onClick={() => knowledge.getState().open({ kind: 'gap', runId: gap.runId })}
            >
              <bdi className={listStyles['name']}>{gap.question}</bdi>
              <span className={listStyles['facts']}>
                {t('knowledge.gaps.count', { count: gap.count })} · {t('knowledge.gaps.last', { at: format.relative(gap.at, now) })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function GapPage({ runId }: { runId: string }) {
  const { t, format } = useTexts();
  const { knowledge, toasts } = useStores();
  const openConversation = useOpenConversation();
  const client = useClient();
  const write = useWriteArticle();
  const { isBusy, run } = useAction();
  const now = useFrom('clock', toMinute);
  const gap = useFrom('knowledge', ({ gaps }) => gaps?.find((one) => one.runId === runId));
  const [isAdding, setAdding] = useState(false);
  // Somebody else has answered it, or it was asked once more and stands in the list with that.
  if (!gap) return <p className={pageStyles['gone']}>{t('knowledge.empty.chooseGap')}</p>;
  const end = async (): Promise<void> => {
    knowledge.getState().open(null);
    await knowledge.getState().refresh();
  };
  const close = async (): Promise<void> => {
    if (!(await run(() => client.knowledge.closeGap({ runId, articleId: null })))) return;
    toasts.getState().say('knowledge.gaps.closed');
    await end();
  };
  return (
    <article className={pageStyles['page']} aria-label={gap.question}>
      <header className={pageStyles['head']}>
        <div className={pageStyles['back']}>
          <IconButton label={t('knowledge.article.back')} keys="Esc" onClick={() => knowledge.getState().open(null)}>
            <ArrowLeft size={17} />
          </IconButton>
        </div>
        <h2 className={pageStyles['title']} dir="auto">
          {gap.question}
        </h2>
      </header>
      <p className={pageStyles['facts']}>
        {t('knowledge.gaps.count', { count: gap.count })} · {t('knowledge.gaps.last', { at: format.relative(gap.at, now) })}
      </p>
      <p className={pageStyles['facts']}>{t('knowledge.gaps.text')}</p>
      <div className={pageStyles['actions']}>
        <Button look="primary" icon={<PenLine size={15} />} onClick={() => write({ gap })}>
          {t('knowledge.gaps.write')}
        </Button>
        <Button icon={<ListPlus size={15} />} onClick={() => setAdding(true)}>
          {t('knowledge.gaps.addTo')}
        </Button>
        <Button icon={<MessageSquare size={15} />} onClick={() => openConversation(gap.conversationId)}>
          {t('knowledge.gaps.open')}
        </Button>
        <Button icon={<Ban size={15} />} aria-disabled={isBusy} onClick={() => void close()}>
          {t('knowledge.gaps.notNeeded')}
        </Button>
      </div>
      {isAdding && <AddToArticle gap={gap} onClose={() => setAdding(false)} onDone={end} />}
    </article>
  );
}

function AddToArticle({ gap, onClose, onDone }: { gap: KbGap; onClose(): void; onDone(): Promise<void> }) {
  const { t } = useTexts();
  const { toasts } = useStores();
  const client = useClient();
  const [article, setArticle] = useState<KbArticle | null>(null);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const add = async (): Promise<void> => {
    if (!article) return;
    const { articleId, language } = article;
    const isAdded = await run(() => client.knowledge.addQuestion({ articleId, language, text: gap.question.trim().slice(0, 500) }));
    if (!isAdded || !(await run(() => client.knowledge.closeGap({ runId: gap.runId, articleId })))) return;
    toasts.getState().say(isLead ? 'knowledge.gaps.added' : 'knowledge.gaps.addedPending');
    onClose();
    await onDone();
  };
  return (
    <Dialog title={t('knowledge.gaps.addTo')} onClose={onClose}>
      <DialogForm confirm={t('knowledge.questions.add')} isOff={article === null || isBusy} failure={failure} onSubmit={() => void add()} onClose={onClose}>
        <p>{t('knowledge.gaps.addToHint')}</p>
        <ArticleChooser question={gap.question} chosen={article?.articleId ?? null} onChoose={setArticle} />
      </DialogForm>
    </Dialog>
  );
}
