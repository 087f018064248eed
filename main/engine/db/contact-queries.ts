/** Statements over contacts and their identifiers. */
import type Database from 'better-sqlite3';
import type { IdentifierKind } from '../../../contract/state.ts';

export function createContactQueries(db: Database.Database) {
  const findIdentifier = db.prepare('SELECT value FROM contact_identifier WHERE contact_id = +? AND kind = ? ORDER BY first_seq DESC, value LIMIT 1').pluck();
  const listIdentifiers = db.prepare('SELECT kind, value FROM contact_identifier WHERE contact_id = +? ORDER BY kind DESC, first_seq DESC');
  return {
    /** The newest identifier of a kind. */
    findIdentifier: (contactId: string, kind: IdentifierKind) => (findIdentifier.get(contactId, kind) as string | undefined) ?? null,
    listIdentifiers: (contactId: string) => listIdentifiers.all(contactId) as { kind: IdentifierKind; value: string }[],
  };
}
export type ContactQueries = ReturnType<typeof createContactQueries>;
