/** Holds the places of procedures whose features are on their way; each moves to a router of its own. */
import { AppError } from '../../../contract/app-error.ts';
import type { Implementer } from './implementer.ts';

const refuse = (): never => {
  throw new AppError('NOT_ALLOWED_NOW', 'not there yet');
};

export const createUnbuiltAiRouter = (os: Pick<Implementer, 'ai'>) => ({
  runs: os.ai.runs.handler(refuse),
  exportRuns: os.ai.exportRuns.handler(refuse),
  reviewQueue: os.ai.reviewQueue.handler(refuse),
  review: os.ai.review.handler(refuse),
  quality: os.ai.quality.handler(refuse),
  exportQuality: os.ai.exportQuality.handler(refuse),
  drafts: os.ai.drafts.handler(refuse),
});
