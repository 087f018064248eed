/** Implements the part of the contract about message templates. */
import type { Templates } from '../templates/templates.ts';
import type { Implementer } from './implementer.ts';

export type TemplateFeatures = { templates: Templates };
type Deps = TemplateFeatures & {
  os: Pick<Implementer, 'templates'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createTemplatesRouter({ os, templates, act, read }: Deps) {
  return {
    templates: {
      list: os.templates.list.handler(() => read(() => templates.list())),
      sync: os.templates.sync.handler(() => templates.sync()),
      setFavourite: os.templates.setFavourite.handler(({ input }) => templates.setFavourite(input)),
      submit: os.templates.submit.handler(({ input }) => templates.submit(input)),
      submitBuiltin: os.templates.submitBuiltin.handler(({ input }) => templates.submitBuiltin(input)),
      uploadSample: os.templates.uploadSample.handler(({ input }) => templates.uploadSample(input)),
      remove: os.templates.remove.handler(({ input }) => templates.remove(input)),
      propose: os.templates.propose.handler(({ input }) => read(() => templates.propose(input))),
      suggest: os.templates.suggest.handler(({ input }) => read(() => templates.suggest(input))),
      send: os.templates.send.handler(async ({ input }) => act(await templates.send(input))),
    },
  };
}
