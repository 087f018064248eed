import type { KbArticle } from '../../contract/ai/ai-views.ts';
import type { KbState } from '../../contract/ai/ai-words.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { useAction } from '../ui/use-action.ts';

/** What leads decide about articles and questions; a refusal is told by a toast. */
export function useDecide() {
  const client = useClient();
  const { knowledge } = useStores();
  const { isBusy, run } = useAction();
  const decide = async (task: () => Promise<unknown>): Promise<void> => {
    await run(task);
    await knowledge.getState().refresh();
  };
  return {
    isBusy,
    setState: (article: Pick<KbArticle, 'articleId' | 'revisionId' | 'state'>, to: KbState) =>
      decide(() => client.knowledge.change({ articleId: article.articleId, revisionId: article.revisionId, changes: { state: { from: article.state, to } } })),
    setMayAnswer: (article: Pick<KbArticle, 'articleId' | 'revisionId' | 'mayAutoAnswer'>, to: boolean) =>
      decide(() => client.knowledge.change({ articleId: article.articleId, revisionId: article.revisionId, changes: { mayAutoAnswer: { from: article.mayAutoAnswer, to } } })),
    decideQuestion: (questionId: string, isApproved: boolean) => decide(() => client.knowledge.decideQuestion({ questionId, isApproved })),
  };
}
