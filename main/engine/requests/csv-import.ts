/**
 * Takes a file of requests in three steps: read and judged row by row, looked at by somebody, written. Invariants: nothing is written before
 * the commit, which decides about all good rows in one transaction (`import-writer.ts`); reading gives way to everything else after a few
 * milliseconds; what a problem is called is of the closed list, with its line in the file.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import { parse, CsvError, type Info } from 'csv-parse';
import { AppError } from '../../../contract/app-error.ts';
import { IMPORT_ROWS_MAX, OP_BODY_MAX } from '../../../contract/limits.ts';
import type { ImportState } from '../../../contract/work-entities.ts';
import type { Ids } from '../ports.ts';
import { findDelimiter } from './csv-delimiter.ts';
import { fieldOfHeader, type CsvField } from './csv-format.ts';
import type { DecidedOp, ImportWriter } from './import-writer.ts';
import { createRowJudge, type ImportRow, type RowProblem } from './csv-rows.ts';

const SLICE_BYTES = 32 * 1024;
const ROWS_AT_ONCE = 100;
const BAD_SHOWN = 200;
const ROWS_MAX = 50_000;
/** A file with more is no file of requests. */
const COLUMNS_MAX = 500;
/** Of a column's name. */
const HEADER_SHOWN = 80;
const TEXT_MAX = 64 * 1024 * 1024;
/** Characters of an op beside its rows. */
const OP_OVERHEAD = 1_000;
/** Files that wait to be written, in memory. */
const OPEN_MAX = 5;

type Deps = {
  writer: Pick<ImportWriter, 'take'>;
  ids: Ids;
  createJudge: () => ReturnType<typeof createRowJudge>;
};
type Parsed = { record: string[]; info: Info };
type Import = {
  state: ImportState;
  good: ImportRow[];
  /** What comes before the first whole line. */
  head: string;
  chars: number;
  parser: ReturnType<typeof parse> | null;
  /** Ends when every row that came so far was judged. */
  reading: Promise<void>;
  /** Calls that came one after another. */
  last: Promise<unknown>;
  listeners: Set<() => void>;
};
export type CsvImport = ReturnType<typeof createCsvImport>;

export function createCsvImport({ writer, ids, createJudge }: Deps) {
  const imports = new Map<string, Import>();
  const find = (importId: string): Import => {
    const found = imports.get(importId);
    if (!found) throw new AppError('NOT_FOUND', `no import ${importId}`);
    return found;
  };
  const note = (one: Import, change: Partial<ImportState>): void => {
    Object.assign(one.state, change);
    for (const listener of one.listeners) listener();
  };
  const isOver = ({ state }: ImportState): boolean => state === 'done' || state === 'cancelled' || state === 'failed';
  const isDecided = ({ state }: Import): boolean => state.state === 'importing' && state.done > 0;
  const show = ({ state }: Import): ImportState => ({ ...state, bad: [...state.bad] });
  /** Frees what a file holds. */
  const end = (one: Import, state: 'done' | 'cancelled' | 'failed'): void => {
    one.good = [];
    one.head = '';
    one.parser?.destroy();
    note(one, { state });
  };
  const addBad = ({ state }: Import, line: number, problems: RowProblem[]): void => {
    state.badRows += 1;
    if (state.bad.length < BAD_SHOWN) state.bad.push({ line, problems });
  };

  const begin = (one: Import): void => {
    const parser = parse({ delimiter: findDelimiter(one.head), info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
    one.parser = parser;
    one.reading = readRows(one, parser);
    // What fails within it is thrown to the call that waits for it.
    one.reading.catch(() => undefined);
  };

  async function readRows(one: Import, parser: NonNullable<Import['parser']>): Promise<void> {
    const judge = createJudge();
    let fields: (CsvField | null)[] | null = null;
    let records = 0;
    let breaks = 0;
    let line = 1;
    try {
      for await (const { record, info } of parser as AsyncIterable<Parsed>) {
        // The parser counts a line break of two characters in a cell twice.
        line = 1 + records + breaks + info.empty_lines;
        records += 1;
        breaks += record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
        if (fields === null) {
          fields = readHeader(one, record);
          if (!fields) return end(one, 'failed');
          continue;
        }
        const { row, problems } = judge(fields, one.state.columns, record);
        one.state.rows += 1;
        if (row && problems.length === 0) {
          one.good.push(row);
          one.state.good += 1;
        } else if (problems.length > 0) addBad(one, line, problems);
        else one.state.rows -= 1;
        if (one.state.rows > ROWS_MAX) return end(one, 'failed');
        if (records % ROWS_AT_ONCE === 0) {
          note(one, {});
          await giveWay();
        }
      }
    } catch (error) {
      if (isOver(one.state)) return;
      if (!(error instanceof CsvError)) {
        end(one, 'failed');
        throw error;
      }
      // A quotation mark that is never closed: everything after it is one cell.
      one.state.rows += 1;
      addBad(one, line + 1, [{ column: '', problem: 'columns', value: '' }]);
    }
  }

  function readHeader(one: Import, record: string[]): (CsvField | null)[] | null {
    if (record.length > COLUMNS_MAX) return null;
    const taken = new Set<CsvField>();
    const fields = record.map((header) => {
      const field = fieldOfHeader(header);
      if (field === null || taken.has(field)) return null;
      taken.add(field);
      return field;
    });
    one.state.columns = record.map((header, n) => ({ header: header.trim().slice(0, HEADER_SHOWN), field: fields[n] ?? null }));
    return taken.size === 0 ? null : fields;
  }

  const feed = async (one: Import, text: string): Promise<void> => {
    // In bytes: the parser goes on within a character, and a text that is cut there would lose it.
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length && !isOver(one.state); at += SLICE_BYTES) {
      const { parser } = one;
      if (!parser) return;
      await new Promise<void>((resolve) => {
        // Ended (by a row that cannot be read, or a cancel): the rest is not looked at.
        parser.once('close', resolve);
        parser.write(bytes.subarray(at, at + SLICE_BYTES), () => {
          parser.off('close', resolve);
          resolve();
        });
      });
      await giveWay();
    }
  };

  const addText = async (one: Import, text: string, isLast: boolean): Promise<ImportState> => {
    if (isOver(one.state)) return show(one);
    if (one.state.state !== 'reading') throw new AppError('NOT_ALLOWED_NOW', 'the file has been read');
    one.chars += text.length;
    if (one.chars > TEXT_MAX) end(one, 'failed');
    else if (one.parser) await feed(one, text);
    else {
      one.head += text;
      if (one.head.startsWith('\u{FEFF}')) one.head = one.head.slice(1);
      if (isLast || /[\r\n]/.test(one.head)) {
        begin(one);
        const { head } = one;
        one.head = '';
        await feed(one, head);
      }
    }
    if (isOver(one.state)) await one.reading;
    else if (isLast) {
      one.parser?.end();
      await one.reading;
      if (!isOver(one.state)) {
        if (one.state.columns.length === 0) end(one, 'failed');
        else note(one, { state: 'ready' });
      }
    }
    return show(one);
  };

  /** The rows in as few ops as they fit into. Each is put into words here, in steps: what is decided at once has only to be kept. */
  const toOps = async (one: Import, importId: string): Promise<DecidedOp[]> => {
    const ops: DecidedOp[] = [];
    let rows: string[] = [];
    let size = OP_OVERHEAD;
    const close = (): void => {
      if (rows.length > 0) ops.push({ importId, rows: rows.length, body: `{"type":"request.import","args":{"importId":${JSON.stringify(importId)},"rows":[${rows.join(',')}]}}` });
      rows = [];
      size = OP_OVERHEAD;
    };
    for (const [n, row] of one.good.entries()) {
      const json = JSON.stringify(row);
      if (rows.length === IMPORT_ROWS_MAX || size + json.length > OP_BODY_MAX) close();
      rows.push(json);
      size += json.length + 1;
      if (n % 500 === 499) await giveWay();
    }
    close();
    return ops;
  };

  /** One call after another: a window may not wait for the answer. */
  const inTurn = <T>(one: Import, work: () => Promise<T>): Promise<T> => {
    const next = one.last.then(work, work);
    one.last = next.catch(() => undefined);
    return next;
  };

  return {
    begin: (): { importId: string } => {
      const importId = ids.next();
      // Forgotten ones make room.
      for (const [id, one] of imports) {
        if (imports.size < OPEN_MAX) break;
        imports.delete(id);
        if (!isOver(one.state) && !isDecided(one)) end(one, 'cancelled');
      }
      imports.set(importId, {
        state: { importId, state: 'reading', rows: 0, done: 0, good: 0, columns: [], bad: [], badRows: 0 },
        good: [],
        head: '',
        chars: 0,
        parser: null,
        reading: Promise.resolve(),
        last: Promise.resolve(),
        listeners: new Set(),
      });
      return { importId };
    },

    /** @throws AppError NOT_FOUND, NOT_ALLOWED_NOW */
    addText: ({ importId, text, isLast }: { importId: string; text: string; isLast: boolean }): Promise<ImportState> => {
      const one = find(importId);
      return inTurn(one, () => addText(one, text, isLast));
    },

    /** Answers when it is decided; `watch` tells how it goes on. @throws AppError NOT_FOUND, NOT_ALLOWED_NOW, and those of recording an op: then nothing is written. */
    commit: ({ importId }: { importId: string }): Promise<ImportState> => {
      const one = find(importId);
      return inTurn(one, async () => {
        if (isOver(one.state)) return show(one);
        if (one.state.state !== 'ready') throw new AppError('NOT_ALLOWED_NOW', 'the file has not been read yet');
        note(one, { state: 'importing' });
        const ops = await toOps(one, importId);
        // Cancelled meanwhile.
        if (isOver(one.state)) return show(one);
        if (ops.length === 0) end(one, 'done');
        try {
          writer.take(ops, (rows) => {
            note(one, { done: one.state.done + rows });
            if (one.state.done === one.state.good) end(one, 'done');
          });
        } catch (error) {
          note(one, { state: 'ready' });
          throw error;
        }
        return show(one);
      });
    },

    /** Also while it is read. What was decided stays. @throws AppError NOT_FOUND */
    cancel: ({ importId }: { importId: string }): ImportState => {
      const one = find(importId);
      if (!isOver(one.state) && !isDecided(one)) end(one, 'cancelled');
      return show(one);
    },

    /** As it goes on; ends with it. @throws AppError NOT_FOUND */
    watch: ({ importId }: { importId: string }, signal: AbortSignal | undefined): AsyncGenerator<ImportState> => {
      const one = find(importId);
      return watchState(one, signal);
    },

    /** Ends what is being read. */
    stop: (): void => {
      for (const one of imports.values()) if (!isOver(one.state)) end(one, 'cancelled');
    },
  };

  async function* watchState(one: Import, signal: AbortSignal | undefined): AsyncGenerator<ImportState> {
    let wake: () => void = () => undefined;
    let isNews = true;
    const listener = (): void => {
      isNews = true;
      wake();
    };
    one.listeners.add(listener);
    signal?.addEventListener('abort', listener);
    try {
      while (!signal?.aborted) {
        if (isNews) {
          isNews = false;
          const shown = show(one);
          yield shown;
          // Not as it is by now: whoever reads slowly still hears how it ended.
          if (isOver(shown)) return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      one.listeners.delete(listener);
      signal?.removeEventListener('abort', listener);
    }
  }
}
