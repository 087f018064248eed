/** What the commands of the knowledge page do. */
import { useMemo } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { useOffer } from '../commands/use-commands.ts';
import { useStores } from '../ui/app-context.tsx';
import { findArticles } from './article-list.tsx';
import { useWriteArticle } from './use-write-article.ts';

export function useKnowledgeCommands(): void {
  const { knowledge, view } = useStores();
  const write = useWriteArticle();
  const offered = useMemo((): Offered => {
    /** To the row after the one that is shown: of the articles, or of the questions without an answer. */
    function step(by: 1 | -1): void {
      const { part, shown, articles, gaps, filter, trial } = knowledge.getState();
      const ids =
        part === 'gaps'
          ? (gaps ?? []).map(({ runId }) => ({ kind: 'gap' as const, runId }))
          : part === 'try'
            ? (trial.found?.hits ?? []).map(({ articleId, revisionId, passageId }) => ({ kind: 'article' as const, articleId, revisionId, passageId }))
            : (part === 'articles' ? findArticles(articles ?? [], filter) : (articles ?? []).filter(({ state }) => state === 'pending')).map(({ articleId }) => ({
                kind: 'article' as const,
                articleId,
                revisionId: null,
                passageId: null,
              }));
      const at = ids.findIndex((one) =>
        one.kind === 'gap'
          ? shown?.kind === 'gap' && shown.runId === one.runId
          : shown?.kind === 'article' && shown.articleId === one.articleId && (part !== 'try' || shown.passageId === one.passageId),
      );
      const next = at === -1 ? (by === 1 ? ids[0] : ids.at(-1)) : ids[at + by];
      if (next) knowledge.getState().open(next);
    }

    function stepBack(): void {
      const { shown, filter } = knowledge.getState();
      if (shown !== null) knowledge.getState().open(null);
      else if (filter.search !== '') knowledge.getState().setFilter({ search: '' });
    }

    const isLetter = (key: string | null): boolean => !key?.startsWith('arrow');
    return {
      next: { can: isLetter, run: () => step(1) },
      previous: { can: isLetter, run: () => step(-1) },
      newArticle: () => write(),
      filter: () => {
        if (knowledge.getState().part !== 'try') knowledge.getState().goTo('articles');
        view.getState().focusSearch();
      },
      // Out of the text first: the next one goes back.
      back: { run: stepBack, leaveText: (text) => text.blur() },
    };
  }, [knowledge, view, write]);
  useOffer(offered);
}
