/** A service request with plain values, for tests that care about one or two fields. */
import type { RequestSummary, ServiceRequest } from '../../../contract/work-entities.ts';

const NOON = Date.UTC(2026, 10, 22, 18);
export const BO = { id: 'bo', name: 'Bo', isMe: false };
export const ANA = { id: 'ana', name: 'Ana', isMe: true };

export const makeRequestSummary = (id: string, patch: Partial<RequestSummary> = {}): RequestSummary => ({
  id,
  reference: `SOL-${id}`,
  number: 1001,
  externalId: null,
  status: 'new',
  serviceType: 'Limpieza',
  customer: null,
  customerName: 'María',
  contactPhone: '+502 5555 1234',
  contactEmail: '',
  address: 'Zona 10',
  requestedDate: null,
  approvedDate: null,
  vendor: null,
  formUrl: '',
  description: '',
  openEvents: 0,
  isPending: false,
  createdAt: NOON,
  updatedAt: NOON,
  ...patch,
});

export const makeRequest = (id: string, patch: Partial<ServiceRequest> = {}): ServiceRequest => ({
  ...makeRequestSummary(id),
  source: 'manual',
  createdBy: BO,
  links: [],
  events: [],
  messages: [],
  history: [],
  ...patch,
});

export const makeEntry = (patch: Partial<ServiceRequest['history'][number]> = {}): ServiceRequest['history'][number] => ({
  opId: 'op',
  type: 'request.change',
  actor: BO,
  at: NOON,
  outcome: 'applied',
  isPending: false,
  detail: {},
  ...patch,
});
