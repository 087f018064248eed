/** What the team knows of a person: of whoever stands for them, and of the identity that is meant. */
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { TemplateQueries } from '../db/template-queries.ts';
import type { ValuePerson } from './propose-values.ts';

type Deps = { state: Pick<StateTx, 'get'>; queries: Pick<TemplateQueries, 'listIdentities' | 'listAttributes'>; contacts: Pick<ContactQueries, 'findIdentifier'> };

export function createPersonReader({ state, queries, contacts }: Deps) {
  return (contactId: string): ValuePerson => {
    const root = rootOf(state, contactId);
    const identities = [...new Set([contactId, root, ...queries.listIdentities(root)])];
    // What was written down of the person as a whole counts before what this identity has; the number is the one it goes to.
    const rows = [...new Set([root, contactId])].flatMap((id) => state.get('contact', [id]) ?? []);
    const first = <T>(read: (row: (typeof rows)[number]) => T | null): T | null => rows.map(read).find((value) => value !== null && value !== '') ?? null;
    const phone = identities.map((id) => contacts.findIdentifier(id, 'wa_id') ?? contacts.findIdentifier(id, 'phone')).find((found) => found !== null) ?? null;
    return {
      name: first((row) => row.name) ?? first((row) => row.profile_name),
      firstName: first((row) => row.first_name),
      phone,
      email: first((row) => row.email),
      company: first((row) => row.company),
      isVendor: rows.some((row) => row.is_vendor === 1),
      attributes: queries.listAttributes(identities),
    };
  };
}
