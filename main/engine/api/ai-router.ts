/** Implements the part of the contract about drafts by AI. */
import type { Ai } from '../ai/ai.ts';
import type { Implementer } from './implementer.ts';

export type AiFeatures = { ai: Ai };
type Deps = AiFeatures & {
  os: Pick<Implementer, 'ai'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createAiRouter({ os, ai, act, read }: Deps) {
  return {
    state: os.ai.state.handler(() => ai.state()),
    presets: os.ai.presets.handler(() => ai.presets()),
    setKey: os.ai.setKey.handler(({ input }) => ai.setKey(input)),
    testConnection: os.ai.testConnection.handler(({ input, signal }) => ai.testConnection(input, signal)),
    stop: os.ai.stop.handler(({ input }) => act(ai.setStopped(input))),
    confirmAuto: os.ai.confirmAuto.handler(({ input }) => act(ai.confirmAuto(input))),
    conversation: os.ai.conversation.handler(({ input }) => read(() => ai.conversation(input))),
    watch: os.ai.watch.handler(({ input, signal }) => ai.watch(input, signal)),
    setMode: os.ai.setMode.handler(({ input }) => act(ai.setMode(input))),
    draft: os.ai.draft.handler(({ input }) => ai.draft(input)),
    cancel: os.ai.cancel.handler(({ input }) => ai.cancel(input)),
    edit: os.ai.edit.handler(({ input }) => act(ai.edit(input))),
    check: os.ai.check.handler(({ input }) => read(() => ai.check(input))),
    send: os.ai.send.handler(({ input }) => act(ai.send(input))),
    discard: os.ai.discard.handler(({ input }) => act(ai.discard(input))),
    stopAuto: os.ai.stopAuto.handler(({ input }) => act(ai.stopAuto(input))),
    rewrite: os.ai.rewrite.handler(({ input, signal }) => ai.rewrite(input, signal)),
    preview: os.ai.preview.handler(({ input }) => ai.preview(input)),
    summarize: os.ai.summarize.handler(({ input, signal }) => ai.summarize(input, signal)),
    suggestTemplate: os.ai.suggestTemplate.handler(({ input }) => read(() => ai.suggestTemplate(input))),
    run: os.ai.run.handler(({ input }) => read(() => ai.run(input))),
    erase: os.ai.erase.handler(({ input }) => act(ai.erase(input))),
  };
}
