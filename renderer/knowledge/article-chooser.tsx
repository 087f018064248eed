/** Finds one article among all, by its title first and by what it says else. */
import { Check, Search } from 'lucide-react';
import { useEffect, useId, useMemo, useState } from 'react';
import type { KbArticle } from '../../contract/ai/ai-views.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient } from '../ui/app-context.tsx';
import { findArticles } from './article-list.tsx';
import styles from './article-chooser.module.css';

const SHOWN_MAX = 8;

/** `question`: what fits it is offered before anything is typed. `chosen`: id of an article. */
export function ArticleChooser({ question, chosen, onChoose }: { question: string; chosen: string | null; onChoose(article: KbArticle): void }) {
  const { t } = useTexts();
  const client = useClient();
  const [articles, setArticles] = useState<readonly KbArticle[] | null>(null);
  const [likely, setLikely] = useState<readonly string[]>([]);
  const [search, setSearch] = useState('');
  // That it was opened with: a list that changes while one types would not stand still.
  const [asked] = useState(() => question.trim().slice(0, 500));
  const name = useId();
  useEffect(() => {
    let isOver = false;
    void Promise.all([client.knowledge.list({}), asked === '' ? null : client.knowledge.search({ text: asked, limit: SHOWN_MAX })]).then(
      ([all, found]) => {
        if (isOver) return;
        setArticles(all.filter(({ state }) => state !== 'retired'));
        setLikely([...new Set(found?.hits.map(({ articleId }) => articleId))]);
      },
      () => !isOver && setArticles([]),
    );
    return () => {
      isOver = true;
    };
  }, [client, asked]);
  const shown = useMemo(() => {
    const rank = (article: KbArticle): number => {
      const at = likely.indexOf(article.articleId);
      return at === -1 ? likely.length : at;
    };
    return findArticles(articles ?? [], { search, state: 'all' })
      .toSorted((a, b) => rank(a) - rank(b))
      .slice(0, SHOWN_MAX);
  }, [articles, likely, search]);
  return (
    <div className={styles['chooser']}>
      <label className={styles['search']}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          value={search}
          maxLength={200}
          placeholder={t('knowledge.chooser.search')}
          aria-label={t('knowledge.chooser.search')}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <div className={styles['rows']} role="radiogroup" aria-label={t('knowledge.chooser.results')}>
        {articles !== null && shown.length === 0 && <p className={styles['none']}>{t('knowledge.chooser.none')}</p>}
        {shown.map((article) => (
          <label key={article.articleId} className={styles['row']} data-chosen={article.articleId === chosen || undefined}>
            <input type="radio" name={name} checked={article.articleId === chosen} onChange={() => onChoose(article)} />
            <bdi className={styles['title']}>{article.title}</bdi>
            <span className={styles['folder']}>{article.folder}</span>
            {article.articleId === chosen && <Check size={14} aria-hidden="true" />}
          </label>
        ))}
      </div>
    </div>
  );
}
