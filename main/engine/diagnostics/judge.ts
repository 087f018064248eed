/** A check as it is found: `code` is one of those of its id, so that each of them has words. */
import type { ConnectionCheck } from '../../../contract/entities.ts';
import type { CheckId, CodeOf } from '../../../contract/rules/connection-codes.ts';

export type Facts = ConnectionCheck['facts'];

export const found = <Id extends CheckId>(id: Id, state: ConnectionCheck['state'], code: CodeOf<Id>, facts: Facts = {}): ConnectionCheck => ({ id, state, code, facts });
