/** All articles by folder, found by title, folder or file name; what is being written stands first. */
import { FileText, Newspaper, PenLine, Search, Zap } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import type { KbArticle } from '../../contract/ai/ai-views.ts';
import { KB_STATES } from '../../contract/ai/ai-words.ts';
import { foldText } from '../../contract/rules/fold-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { isEdited, type KnowledgeEdit } from '../store/knowledge-edits-store.ts';
import type { KnowledgeFilter } from '../store/knowledge-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { StateChip } from './article-chips.tsx';
import styles from './article-list.module.css';

export const findArticles = (articles: readonly KbArticle[], { search, state }: KnowledgeFilter): KbArticle[] => {
  const wanted = foldText(search.trim());
  return articles.filter((article) => (state === 'all' || article.state === state) && foldText(`${article.title} ${article.folder} ${article.source?.filename ?? ''}`).includes(wanted));
};

export function ArticleList() {
  const { t } = useTexts();
  const { knowledge } = useStores();
  const filter = useFrom('knowledge', (state) => state.filter);
  const field = useRef<HTMLInputElement>(null);
  const focusAsked = useFrom('view', (view) => view.searchFocus);
  const { view } = useStores();
  useEffect(() => {
    if (view.getState().takeFocus('search')) field.current?.select();
  }, [focusAsked, view]);
  return (
    <div className={styles['part']}>
      <div className={styles['filters']}>
        <label className={styles['search']}>
          <Search size={14} aria-hidden="true" />
          <input
            ref={field}
            type="search"
            value={filter.search}
            maxLength={200}
            placeholder={t('knowledge.search')}
            aria-label={t('knowledge.search')}
            onChange={(event) => knowledge.getState().setFilter({ search: event.target.value })}
          />
        </label>
        <select
          aria-label={t('knowledge.stateLabel')}
          value={filter.state}
          onChange={(event) => knowledge.getState().setFilter({ state: (['all', ...KB_STATES] as const).find((state) => state === event.target.value) ?? 'all' })}
        >
          {(['all', ...KB_STATES] as const).map((state) => (
            <option key={state} value={state}>
              {t(`knowledge.states.${state}`)}
            </option>
          ))}
        </select>
      </div>
      <Rows filter={filter} />
    </div>
  );
}

type Item = { kind: 'folder'; folder: string } | { kind: 'article'; article: KbArticle } | { kind: 'edits' } | { kind: 'edit'; edit: KnowledgeEdit };

function Rows({ filter }: { filter: KnowledgeFilter }) {
  const { t } = useTexts();
  const { knowledge } = useStores();
  const articles = useFrom('knowledge', (state) => state.articles);
  const begun = useFrom('knowledgeEdits', (state) => state.edits);
  const shown = useFrom('knowledge', (state) => state.shown);
  const list = useRef<VListHandle>(null);
  const found = useMemo(() => findArticles(articles ?? [], filter), [articles, filter]);
  const isFiltered = filter.search.trim() !== '' || filter.state !== 'all';
  const edits = useMemo(() => begun.filter(isEdited), [begun]);
  const items = useMemo((): Item[] => {
    const written: Item[] = isFiltered || edits.length === 0 ? [] : [{ kind: 'edits' }, ...edits.map((edit): Item => ({ kind: 'edit', edit }))];
    const rows = found.flatMap((article, at): Item[] => [
      ...(at === 0 || found[at - 1]?.folder !== article.folder ? [{ kind: 'folder' as const, folder: article.folder }] : []),
      { kind: 'article', article },
    ]);
    return [...written, ...rows];
  }, [found, edits, isFiltered]);
  const chosenAt = items.findIndex((item) => item.kind === 'article' && shown?.kind === 'article' && item.article.articleId === shown.articleId);
  useEffect(() => {
    if (chosenAt !== -1) list.current?.scrollToIndex(chosenAt, { align: 'nearest' });
  }, [chosenAt]);
  if (articles === null) return <div className={styles['rows']} />;
  if (items.length === 0) {
    return (
      <div className={styles['none']} role="status">
        <p>{t(isFiltered ? 'knowledge.empty.noMatch' : 'knowledge.empty.list')}</p>
        {isFiltered && (
          <div className={styles['ways']}>
            {filter.search.trim() !== '' && (
              <Button
                onClick={() => {
                  knowledge.getState().tryQuestion(filter.search.trim());
                  knowledge.getState().goTo('try');
                }}
              >
                {t('knowledge.empty.tryInside')}
              </Button>
            )}
            <Button onClick={() => knowledge.getState().setFilter({ search: '', state: 'all' })}>{t('knowledge.empty.showAll')}</Button>
          </div>
        )}
      </div>
    );
  }
  return (
    <VList ref={list} className={styles['rows']}>
      {items.map((item) => {
        switch (item.kind) {
          case 'edits':
            return (
              <h2 key="edits" className={styles['folder']}>
                {t('knowledge.editor.unsaved')}
              </h2>
            );
          case 'edit':
            return <EditRow key={`edit-${item.edit.id}`} edit={item.edit} isChosen={shown?.kind === 'edit' && shown.editId === item.edit.id} />;
          case 'folder':
            return (
              <h2 key={`folder-${item.folder}`} className={styles['folder']}>
                <bdi>{item.folder === '' ? t('knowledge.noFolder') : item.folder.replaceAll('/', ' › ')}</bdi>
              </h2>
            );
          case 'article':
            return <ArticleRow key={item.article.articleId} article={item.article} isChosen={shown?.kind === 'article' && shown.articleId === item.article.articleId} />;
        }
      })}
    </VList>
  );
}

function EditRow({ edit, isChosen }: { edit: KnowledgeEdit; isChosen: boolean }) {
  const { t } = useTexts();
  const { knowledge } = useStores();
  return (
    <button type="button" className={styles['row']} data-row="" aria-current={isChosen || undefined} onClick={() => knowledge.getState().open({ kind: 'edit', editId: edit.id })}>
      <span className={styles['line']}>
        <PenLine size={13} aria-hidden="true" />
        <bdi className={styles['name']}>{edit.typed.title.trim() || t('knowledge.editor.untitled')}</bdi>
      </span>
    </button>
  );
}

export function ArticleRow({ article, isChosen }: { article: KbArticle; isChosen: boolean }) {
  const { t, format } = useTexts();
  const { knowledge } = useStores();
  const now = useFrom('clock', toMinute);
  const KindIcon = article.kind === 'file' ? FileText : Newspaper;
  const facts = [
    t(`knowledge.language.${article.language}`),
    t('knowledge.version', { no: article.revisionNo }),
    t('knowledge.by', { name: article.updatedBy?.name ?? t('knowledge.somebody'), at: format.relative(article.updatedAt, now) }),
    ...(article.citations > 0 ? [t('knowledge.citations', { count: article.citations })] : []),
  ];
  return (
    <button
      type="button"
      className={styles['row']}
      data-row=""
      data-article={article.articleId}
      aria-current={isChosen || undefined}
      onClick={() => knowledge.getState().open({ kind: 'article', articleId: article.articleId, revisionId: null, passageId: null })}
    >
      <span className={styles['line']}>
        <KindIcon size={14} role="img" aria-label={t(`knowledge.kind.${article.kind}`)} className={styles['kind']} />
        <bdi className={styles['name']}>{article.title}</bdi>
        {article.mayAutoAnswer && <Zap size={13} role="img" aria-label={t('knowledge.mayAnswer')} className={styles['auto']} />}
        {article.state !== 'approved' && <StateChip state={article.state} />}
      </span>
      <span className={styles['facts']}>{facts.join(' · ')}</span>
    </button>
  );
}
