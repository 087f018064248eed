/** Implements the part of the contract about service requests. */
import type { CsvImport } from '../requests/csv-import.ts';
import type { EventProposals } from '../requests/event-proposals.ts';
import type { createLinkSuggestions } from '../requests/link-suggestions.ts';
import type { Requests } from '../requests/requests.ts';
import type { Implementer } from './implementer.ts';

export type RequestFeatures = { requests: Requests; requestEvents: EventProposals; requestImport: CsvImport; suggestLinks: ReturnType<typeof createLinkSuggestions> };
type Deps = RequestFeatures & {
  os: Pick<Implementer, 'requests'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createRequestsRouter({ os, requests, requestEvents, requestImport, suggestLinks, act, read }: Deps) {
  return {
    requests: {
      list: os.requests.list.handler(({ input }) => read(() => requests.list(input))),
      counts: os.requests.counts.handler(() => read(() => requests.counts())),
      get: os.requests.get.handler(({ input }) => read(() => requests.get(input.requestId))),
      ofConversation: os.requests.ofConversation.handler(({ input }) => read(() => requests.ofConversation(input.conversationId))),
      suggestLinks: os.requests.suggestLinks.handler(({ input }) => read(() => suggestLinks(input.conversationId))),
      add: os.requests.add.handler(({ input }) => act(requests.add(input))),
      change: os.requests.change.handler(({ input }) => act(requests.change(input))),
      link: os.requests.link.handler(({ input }) => act(requests.link(input))),
      attach: os.requests.attach.handler(({ input }) => act(requests.attach(input))),
      events: os.requests.events.handler(({ input }) => read(() => requestEvents.list(input))),
      sendEvent: os.requests.sendEvent.handler(async ({ input }) => act(await requestEvents.send(input))),
      dismissEvent: os.requests.dismissEvent.handler(({ input }) => act(requestEvents.dismiss(input))),
      views: os.requests.views.handler(() => requests.views()),
      setViews: os.requests.setViews.handler(({ input }) => requests.setViews(input)),
      beginImport: os.requests.beginImport.handler(() => requestImport.begin()),
      addImportText: os.requests.addImportText.handler(({ input }) => requestImport.addText(input)),
      watchImport: os.requests.watchImport.handler(({ input, signal }) => requestImport.watch(input, signal)),
      commitImport: os.requests.commitImport.handler(async ({ input }) => act(await requestImport.commit(input))),
      cancelImport: os.requests.cancelImport.handler(({ input }) => requestImport.cancel(input)),
      export: os.requests.export.handler(({ input }) => requests.export(input)),
    },
  };
}
