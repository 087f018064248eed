/** Conversations that we begin: with any number, or with whom there is already one. */
import { AppError } from '../../../contract/app-error.ts';
import type { Contact } from '../../../contract/entities.ts';
import { findContactByPhone, findOpenConversation } from '../../../contract/ops/contact-rows.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import { readPhoneInput } from './phone-input.ts';
import { createPhoneFormatter, viewContact } from './views.ts';

type Deps = {
  replica: Replica;
  contacts: ContactQueries;
  ids: Ids;
  /** The number that this desktop sends from; null: none yet. */
  readNumber: () => { phoneNumberId: string; displayPhoneNumber: string | null } | null;
};

export type DirectMessage = ReturnType<typeof createDirectMessage>;

export function createDirectMessage({ replica, contacts, ids, readNumber }: Deps) {
  const { state } = replica;
  const toPhone = createPhoneFormatter();
  const read = (phone: string) => readPhoneInput(phone, readNumber()?.displayPhoneNumber ?? null);

  /** Their conversation that is not closed. */
  const findOpen = (contactId: string): string | null => {
    const number = readNumber();
    return number === null ? null : (findOpenConversation(state, contactId, number.phoneNumberId)?.id ?? null);
  };
  const view = (contactId: string): Contact | null => {
    const person = contacts.findPerson(contactId);
    return person ? viewContact(person, toPhone) : null;
  };

  return {
    readPhone: ({ phone }: { phone: string }) => {
      const input = read(phone);
      const known = input.isComplete ? findContactByPhone(state, input.digits) : undefined;
      const contact = known ? view(known.id) : null;
      return { isComplete: input.isComplete, formatted: input.formatted, country: input.country, known: contact && { conversationId: findOpen(contact.id), contact } };
    },

    /** @throws AppError PHONE_INVALID, NUMBER_MISSING. */
    start: ({ phone, name }: { phone: string; name: string | null }): { conversationId: string; isNew: boolean } => {
      const input = read(phone);
      if (!input.isComplete) throw new AppError('PHONE_INVALID');
      const number = readNumber();
      if (input.digits === number?.displayPhoneNumber?.replaceAll(/\D/g, '')) throw new AppError('PHONE_INVALID', 'this is our own number');
      if (!number) throw new AppError('NUMBER_MISSING');
      const known = findContactByPhone(state, input.digits);
      const open = known ? findOpen(known.id) : null;
      if (open !== null) return { conversationId: open, isNew: false };
      const conversationId = ids.next();
      const { opId, outcome } = replica.applyLocal({
        type: 'conversation.start',
        args: { conversationId, contactId: ids.next(), phoneNumberId: number.phoneNumberId, phone: input.digits, name },
      });
      return { conversationId: state.get('activity', [opId])?.conversation_id ?? conversationId, isNew: outcome === 'applied' };
    },
  };
}
