/** Single keys of the knowledge page, by the same rules as elsewhere: not in a text, a dialog or a menu, and none with Ctrl or Alt. */
import { useEffect, useMemo } from 'react';
import { createGoKeys } from '../shell/go-keys.ts';
import { isInOverlay, isInText } from '../shell/key-targets.ts';
import { useStores } from '../ui/app-context.tsx';
import { findArticles } from './article-list.tsx';
import { useWriteArticle } from './use-write-article.ts';

/** Only these go on while they are held down. */
const WALKS: ReadonlySet<string> = new Set(['j', 'k']);

export function useKnowledgeKeys(): void {
  const stores = useStores();
  const { goCommandOf } = useMemo(() => createGoKeys(stores), [stores]);
  const write = useWriteArticle();
  useEffect(() => {
    const { knowledge, view } = stores;

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

    function commandOf(key: string): (() => void) | null {
      switch (key) {
        case 'j':
          return () => step(1);
        case 'k':
          return () => step(-1);
        case 'n':
          return () => write();
        case '/':
          return () => {
            if (knowledge.getState().part !== 'try') knowledge.getState().goTo('articles');
            view.getState().focusSearch();
          };
        case '?':
          return () => view.getState().showDialog('shortcuts');
        case 'escape':
          return stepBack;
        default:
          return null;
      }
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isInOverlay(event.target)) return;
      if (isInText(event.target)) {
        // Out of the text first: the next one goes back.
        if (event.key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      const letter = event.key.toLowerCase();
      const run = goCommandOf(event) ?? commandOf(letter);
      if (!run || (event.repeat && !WALKS.has(letter))) return;
      event.preventDefault();
      run();
    }

    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [stores, goCommandOf, write]);
}
