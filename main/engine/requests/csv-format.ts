/**
 * The columns of a file of requests, in both directions. Invariants: what is exported can be imported again: also the
 * apostrophe before what looks like a formula (`csv-line.ts`), which the import takes away.
 */
import type { RequestFields } from '../../../contract/ops/op.ts';
import { REQUEST_STATUSES, type RequestStatus } from '../../../contract/requests/request-rules.ts';
import { foldText } from '../../../contract/rules/fold-text.ts';
import type { RequestSummary } from '../../../contract/work-entities.ts';
import { BYTE_ORDER_MARK, csvLine } from './csv-line.ts';

/** Fields that a column may give. `vendor`: by name or phone. `number` is ours alone: it is exported and left out of an import. */
export type CsvField = Exclude<keyof RequestFields, 'customerId' | 'vendorId'> | 'vendor';

/** Header of each column as it is exported, and what else it may be called, folded. */
const COLUMNS: readonly { field: CsvField | 'number'; header: string; names: readonly string[]; read: (row: RequestSummary) => string }[] = [
  { field: 'number', header: 'numero', names: ['number', 'no', 'correlativo'], read: ({ number }) => String(number ?? '') },
  {
    field: 'externalId',
    header: 'id',
    names: ['id externo', 'external id', 'solicitud', 'id solicitud', 'request id', 'codigo', 'code', 'referencia', 'reference'],
    read: ({ externalId }) => externalId ?? '',
  },
  { field: 'status', header: 'estado', names: ['status', 'estatus'], read: ({ status }) => STATUS_NAMES[status] },
  { field: 'serviceType', header: 'tipo de servicio', names: ['servicio', 'service type', 'service', 'tipo'], read: ({ serviceType }) => serviceType },
  {
    field: 'customerName',
    header: 'cliente',
    names: ['nombre', 'nombre del cliente', 'nombre cliente', 'customer', 'customer name', 'client', 'name'],
    read: ({ customerName, customer }) => customerName || (customer?.name ?? ''),
  },
  {
    field: 'contactPhone',
    header: 'telefono',
    names: ['tel', 'celular', 'telefono de contacto', 'telefono contacto', 'telefono del cliente', 'whatsapp', 'phone', 'contact phone', 'mobile', 'phone number'],
    read: ({ contactPhone }) => contactPhone,
  },
  { field: 'contactEmail', header: 'correo', names: ['correo electronico', 'correo de contacto', 'email', 'e mail', 'mail', 'contact email'], read: ({ contactEmail }) => contactEmail },
  { field: 'address', header: 'direccion', names: ['direccion del servicio', 'address', 'service address', 'ubicacion', 'location'], read: ({ address }) => address },
  {
    field: 'requestedDate',
    header: 'fecha solicitada',
    names: ['fecha', 'fecha de entrega', 'fecha de entrega solicitada', 'requested date', 'requested delivery date', 'date'],
    read: ({ requestedDate }) => requestedDate ?? '',
  },
  { field: 'approvedDate', header: 'fecha aprobada', names: ['fecha de entrega aprobada', 'approved date', 'approved delivery date'], read: ({ approvedDate }) => approvedDate ?? '' },
  {
    field: 'vendor',
    header: 'proveedor',
    names: ['vendor', 'supplier', 'nombre del proveedor', 'telefono del proveedor', 'vendor name', 'vendor phone'],
    read: ({ vendor }) => vendor?.phone ?? vendor?.name ?? '',
  },
  { field: 'formUrl', header: 'formulario', names: ['form url', 'form', 'enlace del formulario', 'enlace', 'url del formulario', 'url', 'link'], read: ({ formUrl }) => formUrl },
  { field: 'description', header: 'descripcion', names: ['description', 'notas', 'notes', 'detalle', 'detalles', 'comentarios', 'comments', 'observaciones'], read: ({ description }) => description },
];

const STATUS_NAMES: Record<RequestStatus, string> = {
  new: 'nueva',
  received: 'recibida',
  ptar_form_sent: 'formulario PTAR enviado',
  approved: 'aprobada',
  reassigned: 'reasignada',
  done: 'terminada',
  cancelled: 'cancelada',
};
const MORE_STATUS_NAMES: Record<string, RequestStatus> = {
  nuevo: 'new',
  recibido: 'received',
  ptar: 'ptar_form_sent',
  'formulario ptar': 'ptar_form_sent',
  'formulario enviado': 'ptar_form_sent',
  'ptar form sent': 'ptar_form_sent',
  aprobado: 'approved',
  reasignado: 'reassigned',
  terminado: 'done',
  finalizada: 'done',
  finalizado: 'done',
  completada: 'done',
  completado: 'done',
  cancelado: 'cancelled',
  canceled: 'cancelled',
  anulada: 'cancelled',
};

/** Without case, accents and anything but letters and digits. */
const foldName = (text: string): string =>
  foldText(text)
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

const FIELD_BY_NAME: ReadonlyMap<string, CsvField> = new Map(
  COLUMNS.flatMap(({ field, header, names }) => (field === 'number' ? [] : [header, ...names, foldName(field.replaceAll(/([A-Z])/g, ' $1'))].map((name) => [name, field] as const))),
);
const STATUS_BY_NAME: ReadonlyMap<string, RequestStatus> = new Map([
  ...REQUEST_STATUSES.flatMap((status) => [[foldName(status), status] as const, [foldName(STATUS_NAMES[status]), status] as const]),
  ...Object.entries(MORE_STATUS_NAMES),
]);

/** The field that a column gives; null: none that is known. */
export const fieldOfHeader = (header: string): CsvField | null => FIELD_BY_NAME.get(foldName(header)) ?? null;
/** Undefined: it names none. */
export const statusOfText = (text: string): RequestStatus | undefined => STATUS_BY_NAME.get(foldName(text));

/** `2026-12-04`, `4/12/2026`, `04-12-26`: the day before the month, as it is written in Guatemala. Null: it is no day. */
export function dayOfText(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text);
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: .*)?$/.exec(text);
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : local ? [local[3]?.length === 2 ? `20${local[3]}` : local[3], local[2], local[1]] : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? date.toISOString().slice(0, 10) : null;
}

/** What a spreadsheet, or the export, put before a text that begins like a formula. */
export const readCell = (text: string): string => text.replace(/^'(?=[=+\-@])/, '').trim();

export const csvHeader = (): string => `${BYTE_ORDER_MARK}${csvLine(COLUMNS.map(({ header }) => header))}`;
export const csvRow = (request: RequestSummary): string => csvLine(COLUMNS.map(({ read }) => read(request)));
export const csvFileName = (at: number): string => `solicitudes-${new Date(at).toISOString().slice(0, 10)}.csv`;
