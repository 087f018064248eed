/** Implements the part of the contract about people and about who should take what. */
import type { Suggestions } from '../assignment/suggest.ts';
import type { Contacts } from '../contacts/contacts.ts';
import type { Implementer } from './implementer.ts';

export type ContactFeatures = { contacts: Contacts; suggestions: Suggestions };
type Deps = ContactFeatures & {
  os: Pick<Implementer, 'contacts' | 'assignment'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createContactsRouter({ os, contacts, suggestions, act, read }: Deps) {
  return {
    contacts: {
      list: os.contacts.list.handler(({ input }) => read(() => contacts.list(input))),
      get: os.contacts.get.handler(({ input }) => read(() => contacts.get(input))),
      add: os.contacts.add.handler(({ input }) => act(contacts.add(input))),
      change: os.contacts.change.handler(({ input }) => act(contacts.change(input))),
      addPhone: os.contacts.addPhone.handler(({ input }) => act(contacts.addPhone(input))),
      setAttribute: os.contacts.setAttribute.handler(({ input }) => act(contacts.setAttribute(input))),
      merge: os.contacts.merge.handler(({ input }) => act(contacts.merge(input))),
      duplicates: os.contacts.duplicates.handler(({ input }) => read(() => contacts.duplicates(input))),
      conversations: os.contacts.conversations.handler(({ input }) => read(() => contacts.conversations(input))),
    },
    assignment: {
      suggest: os.assignment.suggest.handler(({ input }) => read(() => suggestions.suggest(input))),
    },
  };
}
