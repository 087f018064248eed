/**
 * A service request as an outside system wants it, known by that system's own id. Invariant: all of a call or none of it; a field that it
 * does not name stays, one that it names is guarded by what stands here at that moment, and a status that cannot follow is told before
 * anything is written.
 */
import type { InferContractRouterInputs } from '@orpc/contract';
import { AppError } from '../../../contract/app-error.ts';
import { findContactByPhone } from '../../../contract/ops/contact-rows.ts';
import type { RequestFields } from '../../../contract/ops/op.ts';
import { mayBecome, nextStatuses } from '../../../contract/requests/request-rules.ts';
import type { restProcedures } from '../../../contract/rest-contract.ts';
import type { ServiceRequestRow } from '../../../contract/state.ts';
import { readPhoneInput } from '../conversations/phone-input.ts';
import type { Ids } from '../ports.ts';
import type { Requests } from '../requests/requests.ts';
import type { Replica } from '../sync/replica.ts';

export type RequestInput = InferContractRouterInputs<typeof restProcedures>['putRequest'];
type Person = NonNullable<RequestInput['customer']>;
/** `phone`: as requests keep it; null: none was given. */
type FoundPerson = { contactId: string; name: string; phone: string | null };
type Deps = { requests: Pick<Requests, 'add' | 'change'>; replica: Replica; ids: Ids; /** The number of the business as Meta shows it; null: not known. */ readOwnNumber: () => string | null };

const EMPTY: Omit<RequestFields, 'externalId'> = {
  serviceType: '',
  customerId: null,
  customerName: '',
  contactPhone: '',
  contactEmail: '',
  address: '',
  requestedDate: null,
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
  status: 'new',
};

/** @returns our id of the request. @throws AppError PHONE_INVALID, INVALID_INPUT, NOT_FOUND (a contact), NOT_ALLOWED_NOW (the status). */
export function putRequest(deps: Deps, { externalId, customer, vendor, ...plain }: RequestInput): { requestId: string; isNew: boolean } {
  const { requests, replica } = deps;
  const { state } = replica;
  const [row] = state.list('request_by_external_id', [externalId]);
  const wanted: Partial<RequestFields> = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  if (row && wanted.status !== undefined && wanted.status !== row.status && !mayBecome(row.status, wanted.status))
    throw new AppError('NOT_ALLOWED_NOW', `status: from ${row.status} a request can become ${nextStatuses(row.status).join(', ')}`);

  if (customer === null) Object.assign(wanted, { customerId: null, customerName: '', contactPhone: '' } satisfies Partial<RequestFields>);
  else if (customer) {
    const { contactId, name, phone } = findOrAdd(deps, customer, 'customer');
    // Who is known already keeps the name that stands here, unless another is given.
    const isSame = row?.customer_id === contactId && !customer.name;
    Object.assign(wanted, { customerId: contactId, ...(!isSame && { customerName: name }), ...(phone !== null && { contactPhone: phone }) } satisfies Partial<RequestFields>);
  }
  if (vendor !== undefined) wanted.vendorId = vendor === null ? null : findOrAdd(deps, vendor, 'vendor').contactId;

  if (!row) return { requestId: requests.add({ fields: { ...EMPTY, ...wanted, externalId }, source: 'api' }).requestId, isNew: true };
  const standing = toFields(row);
  const changes = Object.fromEntries(
    Object.entries(wanted)
      .map(([name, to]) => [name, { from: standing[name as keyof RequestFields], to }] as const)
      .filter(([, { from, to }]) => from !== to),
  ) as Parameters<Requests['change']>[0]['changes'];
  if (Object.keys(changes).length > 0) requests.change({ requestId: row.id, changes });
  return { requestId: row.id, isNew: false };
}

const toFields = (row: ServiceRequestRow): RequestFields => ({
  externalId: row.external_id,
  serviceType: row.service_type,
  customerId: row.customer_id,
  customerName: row.customer_name,
  contactPhone: row.contact_phone,
  contactEmail: row.contact_email,
  address: row.address,
  requestedDate: row.requested_date,
  approvedDate: row.approved_date,
  vendorId: row.vendor_id,
  formUrl: row.form_url,
  description: row.description,
  status: row.status,
});

function findOrAdd({ replica, ids, readOwnNumber }: Deps, { contactId, phone, name = '' }: Person, role: 'customer' | 'vendor'): FoundPerson {
  const { state } = replica;
  if (contactId === undefined && phone === undefined) throw new AppError('INVALID_INPUT', `${role}: contactId or phone is needed`);
  const number = phone === undefined ? null : readPhoneInput(phone, readOwnNumber());
  if (number && !number.isComplete) throw new AppError('PHONE_INVALID', `${role}.phone: this is no phone number: write it with its country code`);
  const known = contactId === undefined ? number && findContactByPhone(state, number.digits) : state.get('contact', [contactId]);
  if (contactId !== undefined && !known) throw new AppError('NOT_FOUND', `${role}.contactId: there is no contact ${contactId}`);
  const kept = number && `+${number.digits}`;
  if (known) return { contactId: known.id, name: name || known.name || known.profile_name || '', phone: kept };
  const added = ids.next();
  const { opId } = replica.applyLocal({
    type: 'contact.add',
    args: { contactId: added, phone: number?.digits ?? null, fields: { ...(name !== '' && { name }), ...(role === 'vendor' && { isVendor: 1 }) } },
  });
  const detail = state.get('activity', [opId])?.detail;
  const { contactId: stored = added } = JSON.parse(detail ?? '{}') as { contactId?: string };
  return { contactId: stored, name, phone: kept };
}
