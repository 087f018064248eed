/**
 * What a service request may become, and which template each event of it has: to which role, with which parameters in order
 * (product.md R1, R3). Invariant: this table is the only place that says who is told what.
 */
import type { BuiltinTemplateName } from './builtin-templates.ts';

export const REQUEST_STATUSES = ['new', 'received', 'ptar_form_sent', 'approved', 'reassigned', 'done', 'cancelled'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];
/** What conversations can be narrowed to by the request they are linked to. */
export const REQUEST_FILTERS = ['linked', 'unlinked', ...REQUEST_STATUSES] as const;
export type RequestLinkFilter = (typeof REQUEST_FILTERS)[number];
export const REQUEST_ROLES = ['customer', 'vendor'] as const;
export type RequestRole = (typeof REQUEST_ROLES)[number];

const NEXT: Record<RequestStatus, readonly RequestStatus[]> = {
  new: ['received', 'ptar_form_sent', 'approved', 'reassigned', 'cancelled'],
  received: ['ptar_form_sent', 'approved', 'reassigned', 'cancelled'],
  ptar_form_sent: ['received', 'approved', 'reassigned', 'cancelled'],
  approved: ['ptar_form_sent', 'reassigned', 'done', 'cancelled'],
  reassigned: ['received', 'ptar_form_sent', 'approved', 'done', 'cancelled'],
  // Ended ones can be taken up again: people press the wrong button.
  done: ['approved'],
  cancelled: ['new'],
};
export const nextStatuses = (from: RequestStatus): readonly RequestStatus[] => NEXT[from];
export const mayBecome = (from: RequestStatus, to: RequestStatus): boolean => NEXT[from].includes(to);
export const isEnded = (status: RequestStatus): boolean => status === 'done' || status === 'cancelled';

/** What people call a request: as another system does, else by its number; empty while it has neither. */
export const referenceOf = ({ external_id: externalId, number }: { external_id: string | null; number: number | null }): string => externalId ?? number?.toString() ?? '';

export const EVENT_KINDS = ['vendor_assigned', 'received', 'form_due', 'approved', 'vendor_removed'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export const EVENT_MODES = ['propose', 'auto', 'off'] as const;
export type EventMode = (typeof EVENT_MODES)[number];

/** Where a parameter's value comes from. `request_id`: what people call the request (`external_id`, else its number). */
export const VALUE_SOURCES = [
  'request_id',
  'service_type',
  'customer_name',
  'contact_phone',
  'contact_email',
  'address',
  'requested_date',
  'approved_date',
  'form_url',
  'vendor_name',
  'vendor_first_name',
  'vendor_phone',
] as const;
export type ValueSource = (typeof VALUE_SOURCES)[number];

export const EVENT_TEMPLATES: Record<EventKind, { template: BuiltinTemplateName; role: RequestRole; parameters: readonly ValueSource[] }> = {
  vendor_assigned: { template: 'nueva_solicitud_de_servicio', role: 'vendor', parameters: ['request_id', 'service_type', 'customer_name', 'contact_phone', 'address', 'requested_date'] },
  received: { template: 'solicitud_recibida_cliente', role: 'customer', parameters: ['customer_name', 'request_id', 'service_type', 'requested_date', 'contact_email'] },
  form_due: { template: 'ptar_formulario_enviado', role: 'customer', parameters: ['customer_name', 'form_url', 'vendor_name', 'vendor_phone'] },
  approved: { template: 'solicitud_aprobada_operaciones', role: 'vendor', parameters: ['vendor_name', 'request_id', 'approved_date'] },
  vendor_removed: { template: 'reasignacion_removida', role: 'vendor', parameters: ['vendor_first_name', 'request_id', 'service_type'] },
};
/** The event whose template this is; null: it is none of the five. */
export const eventOfTemplate = (name: string): EventKind | null => EVENT_KINDS.find((kind) => EVENT_TEMPLATES[kind].template === name) ?? null;

/** The event that a request's new status means; null: nobody is told. */
export const eventOfStatus = (status: RequestStatus): EventKind | null => (status === 'received' ? 'received' : status === 'ptar_form_sent' ? 'form_due' : status === 'approved' ? 'approved' : null);

/** Whether what an event tells is so in a status that is not ended: a status that was taken back is not told. */
export function isSoIn(kind: EventKind, status: RequestStatus): boolean {
  if (kind === 'received') return status !== 'new';
  if (kind === 'form_due') return status !== 'new' && status !== 'received';
  return kind !== 'approved' || status === 'approved';
}
