import type { KbArticleDetails, KbGap } from '../../contract/ai/ai-views.ts';
import { toKbLanguage } from '../../contract/ai/ai-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { ArticleText } from '../store/knowledge-edits-store.ts';
import { useStores } from '../ui/app-context.tsx';

/** Opens the editor: of an article, of a new one, or of a new one that answers a question. What was begun before goes on. */
export function useWriteArticle(): (from?: { article: KbArticleDetails } | { gap: KbGap } | { title: string }) => void {
  const { language } = useTexts();
  const { knowledge, knowledgeEdits } = useStores();
  return (from) => {
    const { begin, edits } = knowledgeEdits.getState();
    const empty: ArticleText = { title: '', language: toKbLanguage(language), folder: '', text: '' };
    const open = (editId: string): void => knowledge.getState().open({ kind: 'edit', editId });
    if (from && 'article' in from) {
      const { articleId, revisionId, title, language: its, folder, text } = from.article;
      return open(begin({ articleId, from: revisionId, base: { title, language: its, folder, text }, gapRunId: null }));
    }
    const blank = edits.find((edit) => edit.articleId === null && edit.gapRunId === null && edit.typed.title === '' && edit.typed.text === '');
    if (!from && blank) return open(blank.id);
    const title = from ? ('gap' in from ? from.gap.question : from.title) : '';
    open(begin({ articleId: null, from: null, base: empty, typed: { ...empty, title: title.slice(0, 200) }, gapRunId: from && 'gap' in from ? from.gap.runId : null }));
  };
}
