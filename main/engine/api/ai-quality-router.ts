/** The procedures of quality and audit. Their names stand in the contract among the others of `ai`. */
import type { QualityFeature } from '../ai/quality/quality-feature.ts';
import type { Implementer } from './implementer.ts';

type Deps = {
  os: Pick<Implementer, 'ai'>;
  quality: QualityFeature;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createAiQualityRouter({ os, quality, act, read }: Deps) {
  return {
    quality: os.ai.quality.handler(({ input }) => quality.quality(input)),
    exportQuality: os.ai.exportQuality.handler(({ input }) => quality.exportQuality(input)),
    drafts: os.ai.drafts.handler(({ input }) => quality.drafts(input)),
    reviewQueue: os.ai.reviewQueue.handler(({ input }) => quality.reviewQueue(input)),
    review: os.ai.review.handler(({ input }) => act(quality.review(input))),
    runs: os.ai.runs.handler(({ input }) => read(() => quality.runs(input))),
    exportRuns: os.ai.exportRuns.handler(({ input }) => quality.exportRuns(input)),
  };
}
