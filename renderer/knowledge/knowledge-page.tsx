/** What the team knows: articles and files, what waits for a lead, and what nobody could answer; beside the list, the one that is looked at. */
import { useEffect } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { KNOWLEDGE_PARTS } from '../store/knowledge-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { AddMenu } from './add-menu.tsx';
import { ArticleEditor } from './article-editor.tsx';
import { ArticleList } from './article-list.tsx';
import { ArticlePage } from './article-page.tsx';
import { FilesTray } from './files-tray.tsx';
import { GapList, GapPage } from './gaps.tsx';
import { KnowledgeDrop } from './knowledge-drop.tsx';
import { PendingList } from './pending-list.tsx';
import { SearchStatus } from './search-status.tsx';
import { TryQuestion } from './try-question.tsx';
import { useKnowledgeCommands } from './use-knowledge-commands.ts';
import { walkRows } from './walk-rows.ts';
import { Welcome } from './welcome.tsx';
import styles from './knowledge-page.module.css';

export function KnowledgePage() {
  const { t } = useTexts();
  const { knowledge, knowledgeOpen } = useStores();
  const isChosen = useFrom('knowledge', ({ shown }) => shown !== null);
  const wanted = useFrom('knowledgeOpen', (state) => state.wanted);
  useKnowledgeCommands();
  useEffect(() => {
    knowledge.getState().show(true);
    return () => knowledge.getState().show(false);
  }, [knowledge]);
  useEffect(() => {
    const taken = knowledgeOpen.getState().take();
    if (!taken) return;
    knowledge.getState().goTo('articles');
    knowledge.getState().open({ kind: 'article', ...taken });
  }, [wanted, knowledge, knowledgeOpen]);
  return (
    <KnowledgeDrop>
      <main className={styles['page']} aria-label={t('knowledge.title')} data-chosen={isChosen || undefined}>
        <section className={styles['listed']} aria-label={t('knowledge.list')} onKeyDown={walkRows}>
          <header className={styles['head']}>
            <div className={styles['bar']}>
              <h1 className={styles['title']}>{t('knowledge.title')}</h1>
              <AddMenu />
            </div>
            <SearchStatus />
            <Parts />
          </header>
          <Part />
          <FilesTray />
        </section>
        <div className={styles['detail']}>
          <Detail />
        </div>
      </main>
    </KnowledgeDrop>
  );
}

function Parts() {
  const { t, format } = useTexts();
  const { knowledge } = useStores();
  const current = useFrom('knowledge', ({ part }) => part);
  const waiting = useFrom('knowledge', ({ status }) => (status?.pending ?? 0) + (status?.pendingQuestions ?? 0));
  const gaps = useFrom('knowledge', ({ status }) => status?.gaps ?? 0);
  const counts = { articles: 0, try: 0, pending: waiting, gaps };
  return (
    <nav className={styles['parts']} aria-label={t('knowledge.parts')}>
      {KNOWLEDGE_PARTS.map((part) => (
        <button key={part} type="button" aria-current={part === current ? 'page' : undefined} onClick={() => knowledge.getState().goTo(part)}>
          {t(`knowledge.part.${part}`)}
          {counts[part] > 0 && <span className={styles['count']}>{format.number(counts[part])}</span>}
        </button>
      ))}
    </nav>
  );
}

function Part() {
  switch (useFrom('knowledge', ({ part }) => part)) {
    case 'articles':
      return <ArticleList />;
    case 'try':
      return <TryQuestion />;
    case 'pending':
      return <PendingList />;
    case 'gaps':
      return <GapList />;
  }
}

function Detail() {
  const { t } = useTexts();
  const shown = useFrom('knowledge', (state) => state.shown);
  const article = useFrom('knowledge', (state) => state.article);
  const part = useFrom('knowledge', (state) => state.part);
  const isEmpty = useFrom('knowledge', ({ articles }) => articles?.length === 0);
  switch (shown?.kind) {
    case 'edit':
      return <ArticleEditor key={shown.editId} editId={shown.editId} />;
    case 'gap':
      return <GapPage key={shown.runId} runId={shown.runId} />;
    case 'article':
      return article && <ArticlePage key={shown.articleId} wanted={shown} details={article.details} failure={article.failure} />;
    case undefined:
      return isEmpty ? <Welcome /> : <p className={styles['choose']}>{t(part === 'gaps' ? 'knowledge.empty.chooseGap' : 'knowledge.empty.choose')}</p>;
  }
}
