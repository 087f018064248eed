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

export const createUnbuiltKnowledgeRouter = (os: Pick<Implementer, 'knowledge'>) => ({
  status: os.knowledge.status.handler(refuse),
  list: os.knowledge.list.handler(refuse),
  get: os.knowledge.get.handler(refuse),
  search: os.knowledge.search.handler(refuse),
  save: os.knowledge.save.handler(refuse),
  change: os.knowledge.change.handler(refuse),
  addQuestion: os.knowledge.addQuestion.handler(refuse),
  decideQuestion: os.knowledge.decideQuestion.handler(refuse),
  beginFile: os.knowledge.beginFile.handler(refuse),
  addFileChunk: os.knowledge.addFileChunk.handler(refuse),
  finishFile: os.knowledge.finishFile.handler(refuse),
  cancelFile: os.knowledge.cancelFile.handler(refuse),
  gaps: os.knowledge.gaps.handler(refuse),
  closeGap: os.knowledge.closeGap.handler(refuse),
});
