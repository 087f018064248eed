/** Judges the rows of one file, one after another: what each would become, and what is wrong with it by column. */
import type { OpArgs, RequestFields } from '../../../contract/ops/op.ts';
import { findContactByPhone } from '../../../contract/ops/contact-rows.ts';
import { foldText } from '../../../contract/rules/fold-text.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { ImportState } from '../../../contract/work-entities.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { RequestQueries } from '../db/request-queries.ts';
import { dayOfText, readCell, statusOfText, type CsvField } from './csv-format.ts';
import { FIELD_MAX, readEmail, readLink, readPhone } from './request-fields.ts';

export type ImportRow = OpArgs<'request.import'>['rows'][number];
export type RowProblem = ImportState['bad'][number]['problems'][number];

/** Of what is wrong, as much as tells it. */
const VALUE_SHOWN = 80;

type Deps = {
  queries: Pick<RequestQueries, 'findByExternalId' | 'listVendors'>;
  contacts: Pick<ContactQueries, 'findRoot' | 'listBelow'>;
  state: Pick<StateTx, 'get'>;
  readOwnNumber: () => string | null;
};

/** For one file: what it has said so far counts. `row` null: nothing is in it. */
export function createRowJudge({ queries, contacts, state, readOwnNumber }: Deps) {
  const ownNumber = readOwnNumber();
  const seen = new Set<string>();
  const vendors = listVendors();

  /** Vendors by what they are called, folded; null: several are called so. */
  function listVendors(): { ids: ReadonlySet<string>; byName: ReadonlyMap<string, string | null> } {
    const ids = new Set(queries.listVendors().map(contacts.findRoot));
    const byName = new Map<string, string | null>();
    for (const id of ids) {
      const rows = contacts.listBelow(id);
      const names = new Set(rows.flatMap((row) => [row.name, row.profile_name, row.company]).flatMap((name) => (name === null ? [] : [foldName(name)])));
      for (const name of names) byName.set(name, byName.has(name) ? null : id);
    }
    return { ids, byName };
  }

  const findVendor = (text: string): string | null => {
    const named = vendors.byName.get(foldName(text));
    if (typeof named === 'string') return named;
    const digits = readPhone(text, ownNumber)?.digits ?? null;
    const contact = digits === null ? undefined : findContactByPhone(state, digits);
    const id = contact && contacts.findRoot(contact.id);
    return id !== undefined && vendors.ids.has(id) ? id : null;
  };

  return (fields: readonly (CsvField | null)[], columns: ImportState['columns'], cells: readonly string[]): { row: ImportRow | null; problems: RowProblem[] } => {
    if (cells.every((cell) => cell.trim() === '')) return { row: null, problems: [] };
    const problems: RowProblem[] = [];
    const columnOf = (field: CsvField): string => columns.find((column) => column.field === field)?.header ?? field;
    const object = (field: CsvField, problem: RowProblem['problem'], value: string): void => void problems.push({ column: columnOf(field), problem, value: value.slice(0, VALUE_SHOWN) });
    if (cells.length < fields.length || cells.slice(fields.length).some((cell) => cell.trim() !== '')) problems.push({ column: '', problem: 'columns', value: String(cells.length) });

    const values: Partial<RequestFields> = {};
    let customerPhone: string | undefined;
    for (const [n, field] of fields.entries()) {
      const text = readCell(cells[n] ?? '');
      if (field === null || text === '') continue;
      if (text.length > (field === 'vendor' ? Infinity : (FIELD_MAX[field] ?? Infinity))) object(field, 'too_long', text);
      else readInto(field, text);
    }
    const isSomebody = fields.some((field, n) => (field === 'customerName' || field === 'contactPhone') && (cells[n] ?? '').trim() !== '');
    if (!isSomebody && !problems.some(({ problem }) => problem === 'columns')) object(columns.some(({ field }) => field === 'customerName') ? 'customerName' : 'contactPhone', 'missing', '');
    const { externalId } = values;
    if (typeof externalId === 'string') {
      if (seen.has(externalId)) object('externalId', 'duplicate_in_file', externalId);
      else if (queries.findByExternalId(externalId) !== null) object('externalId', 'exists', externalId);
      seen.add(externalId);
    }
    return { row: { fields: values, ...(customerPhone === undefined ? {} : { customerPhone }) }, problems };

    function readInto(field: CsvField, text: string): void {
      switch (field) {
        case 'contactPhone': {
          const phone = readPhone(text, ownNumber);
          if (!phone) return object(field, 'phone', text);
          values.contactPhone = phone.phone;
          customerPhone = phone.digits ?? undefined;
          return;
        }
        case 'contactEmail':
          if (readEmail(text) === null) return object(field, 'email', text);
          values.contactEmail = text;
          return;
        case 'formUrl':
          if (readLink(text) === null) return object(field, 'url', text);
          values.formUrl = text;
          return;
        case 'requestedDate':
        case 'approvedDate': {
          const day = dayOfText(text);
          if (day === null) return object(field, 'date', text);
          values[field] = day;
          return;
        }
        case 'status': {
          const status = statusOfText(text);
          if (status === undefined) return object(field, 'status', text);
          values.status = status;
          return;
        }
        case 'vendor': {
          const vendorId = findVendor(text);
          if (vendorId === null) return object(field, 'vendor_unknown', text);
          values.vendorId = vendorId;
          return;
        }
        default:
          values[field] = text;
      }
    }
  };
}

const foldName = (name: string): string => foldText(name).trim().replaceAll(/\s+/g, ' ');
