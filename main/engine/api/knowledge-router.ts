/** Implements the part of the contract about the knowledge base. */
import type { Knowledge } from '../ai/knowledge/knowledge.ts';
import type { Implementer } from './implementer.ts';

export type KnowledgeFeatures = { knowledge: Knowledge };
type Deps = KnowledgeFeatures & {
  os: Pick<Implementer, 'knowledge'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createKnowledgeRouter({ os, knowledge, act, read }: Deps) {
  return {
    knowledge: {
      status: os.knowledge.status.handler(() => read(() => knowledge.status())),
      list: os.knowledge.list.handler(({ input }) => read(() => knowledge.list(input))),
      get: os.knowledge.get.handler(({ input }) => read(() => knowledge.get(input))),
      search: os.knowledge.search.handler(({ input }) => knowledge.search(input)),
      save: os.knowledge.save.handler(({ input }) => act(knowledge.save(input))),
      change: os.knowledge.change.handler(({ input }) => act(knowledge.change(input))),
      addQuestion: os.knowledge.addQuestion.handler(({ input }) => act(knowledge.addQuestion(input))),
      pendingQuestions: os.knowledge.pendingQuestions.handler(() => read(() => knowledge.pendingQuestions())),
      decideQuestion: os.knowledge.decideQuestion.handler(({ input }) => act(knowledge.decideQuestion(input))),
      beginFile: os.knowledge.beginFile.handler(({ input }) => knowledge.beginFile(input)),
      addFileChunk: os.knowledge.addFileChunk.handler(({ input }) => knowledge.addFileChunk(input)),
      finishFile: os.knowledge.finishFile.handler(async ({ input }) => act(await knowledge.finishFile(input))),
      cancelFile: os.knowledge.cancelFile.handler(({ input }) => knowledge.cancelFile(input)),
      gaps: os.knowledge.gaps.handler(() => read(() => knowledge.gaps())),
      closeGap: os.knowledge.closeGap.handler(({ input }) => act(knowledge.closeGap(input))),
    },
  };
}
