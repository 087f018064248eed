/** Implements the part of the contract that is for other programs, and the settings of what they are offered. */
import type { OutsideCalls } from '../outside/outside-calls.ts';
import type { Implementer } from './implementer.ts';
import type { LocalApi } from './local-api.ts';

export type OutsideFeatures = { outside: OutsideCalls; localApi: LocalApi };
type Deps = OutsideFeatures & {
  os: Pick<Implementer, 'rest' | 'localApi'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createOutsideRouter({ os, outside, localApi, act, read }: Deps) {
  return {
    rest: {
      sendDirect: os.rest.sendDirect.handler(async ({ input }) => act(await outside.sendDirect(input))),
      sendTemplate: os.rest.sendTemplate.handler(async ({ input }) => act(await outside.sendTemplate(input))),
      templates: os.rest.templates.handler(() => read(() => outside.templates())),
      assign: os.rest.assign.handler(({ input }) => act(outside.assign(input))),
      link: os.rest.link.handler(({ input }) => act(outside.link(input))),
      read: os.rest.read.handler(({ input }) => act(outside.read(input))),
      setStatus: os.rest.setStatus.handler(({ input }) => act(outside.setStatus(input))),
      putRequest: os.rest.putRequest.handler(({ input, context }) => act(outside.putRequest(input, context.idempotencyKey ?? null))),
      getRequest: os.rest.getRequest.handler(({ input }) => read(() => outside.getRequest(input))),
    },
    localApi: {
      get: os.localApi.get.handler(() => localApi.read()),
      set: os.localApi.set.handler(({ input }) => localApi.set(input)),
      showToken: os.localApi.showToken.handler(() => localApi.showToken()),
      rotateToken: os.localApi.rotateToken.handler(() => localApi.rotateToken()),
    },
  };
}
