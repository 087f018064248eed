/** A CSV on its way into the team's requests: how it is decoded, cut, followed, and left. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import type { ImportState } from '../../../contract/work-entities.ts';
import { decodeCsv, splitText } from '../../../renderer/requests/decode-csv.ts';
import { writeCsv } from '../../../renderer/ui/write-csv.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { createRequestImportStore, CSV_BYTES_MAX, type CsvFile, type RequestImportState } from '../../../renderer/store/request-import-store.ts';
import { fieldOfHeader } from '../../../main/engine/requests/csv-format.ts';
import { TEXTS } from '../../support/texts.ts';
import { settle } from './fake-engine.ts';

const bytesOf = (bytes: number[] | Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

describe('decoding', () => {
  test.each([
    ['UTF-8', new TextEncoder().encode('Dirección;Ñuñez')],
    ['UTF-8 with its mark', new TextEncoder().encode('\uFEFFDirección;Ñuñez')],
    ['Windows-1252', [68, 105, 114, 101, 99, 99, 105, 0xf3, 110, 59, 0xd1, 117, 0xf1, 101, 122]],
    ['UTF-16, as spreadsheets save "Unicode text"', [0xff, 0xfe, ...Array.from('Dirección;Ñuñez', (letter) => [letter.charCodeAt(0), 0]).flat()]],
  ])('%s', (_name, bytes) => expect(decodeCsv(bytesOf(bytes))).toBe('Dirección;Ñuñez'));

  test('a text that is cut keeps every character whole', () => {
    const text = 'a😀b😀c';
    for (let max = 2; max < 9; max++) {
      const pieces = splitText(text, max);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) expect(piece.isWellFormed(), `${max}: ${piece}`).toBe(true);
    }
    expect(splitText('', 5)).toEqual(['']);
  });

  test('what is downloaded opens as a table, and no cell of it is run as a formula', () => {
    expect(
      writeCsv([
        ['Línea', 'Valor'],
        [2, '=1+1'],
        [3, 'a "b", c'],
      ]),
    ).toBe('\uFEFFLínea,Valor\r\n2,\'=1+1\r\n3,"a ""b"", c"\r\n');
  });

  test.each(['es', 'en'] as const)('the columns that the dialog names are understood (%s)', (language) => {
    const names = TEXTS[language].t('requests.import.columnNames').split(', ');
    expect(names.filter((name) => fieldOfHeader(name) === null)).toEqual([]);
    expect(new Set(names.map(fieldOfHeader)).size).toBe(12);
  });
});

describe('an import', () => {
  let texts: string[];
  let cancelled: string[];
  let committed: number;
  let onPiece: () => void;
  /** Until then the engine is writing. */
  let written: Promise<void>;
  let store: StoreApi<RequestImportState>;
  const state = (patch: Partial<ImportState>): ImportState => ({ importId: 'i1', state: 'reading', rows: 0, done: 0, good: 0, columns: [], bad: [], badRows: 0, ...patch });
  const fileOf = (text: string, size = text.length): CsvFile => ({ name: 'solicitudes.csv', size, arrayBuffer: async () => bytesOf(new TextEncoder().encode(text)) });

  beforeEach(() => {
    texts = [];
    cancelled = [];
    committed = 0;
    onPiece = () => undefined;
    written = Promise.resolve();
    const client = {
      requests: {
        beginImport: async () => ({ importId: `i${texts.length + 1}` }),
        addImportText: async ({ importId, text, isLast }: { importId: string; text: string; isLast: boolean }) => {
          texts.push(text);
          onPiece();
          return state({ importId, state: isLast ? 'ready' : 'reading', good: 2, rows: 2 });
        },
        // The line ends at once: the other answers have to do.
        watchImport: async () => [],
        commitImport: async ({ importId }: { importId: string }) => {
          committed += 1;
          await written;
          return state({ importId, state: 'done', done: 2, good: 2 });
        },
        cancelImport: async ({ importId }: { importId: string }) => {
          cancelled.push(importId);
          return state({ importId, state: 'cancelled' });
        },
      },
    } as unknown as EngineClient;
    store = createRequestImportStore({ client });
  });

  test('is handed over whole, in pieces, and waits for somebody to look at it', async () => {
    await store.getState().begin(fileOf('x'.repeat(450_000)));
    expect(texts.map(({ length }) => length)).toEqual([200_000, 200_000, 50_000]);
    expect(store.getState()).toMatchObject({ file: { name: 'solicitudes.csv', handedOver: 1 }, progress: { state: 'ready' } });
    expect(committed).toBe(0);
    await store.getState().commit();
    expect(store.getState().progress).toMatchObject({ state: 'done', done: 2 });
  });

  test('cancelled while it is read, it is left in the engine, too, and what still answers is not shown', async () => {
    onPiece = () => void store.getState().cancel();
    await store.getState().begin(fileOf('x'.repeat(450_000)));
    await settle();
    expect(texts).toHaveLength(1);
    expect(cancelled).toContain('i1');
    expect(store.getState()).toMatchObject({ file: null, progress: null, failure: null });
  });

  test('that is being written goes on, whatever is pressed', async () => {
    await store.getState().begin(fileOf('a'));
    let write = (): void => undefined;
    written = new Promise((resolve) => {
      write = resolve;
    });
    const writing = store.getState().commit();
    await store.getState().cancel();
    await store.getState().begin(fileOf('b'));
    expect(store.getState().progress?.state).toBe('importing');
    expect(cancelled).toEqual([]);
    write();
    await writing;
    expect(store.getState().progress?.state).toBe('done');
  });

  test('of another file takes the place of the first', async () => {
    await store.getState().begin(fileOf('a'));
    await store.getState().begin(fileOf('b'));
    expect(cancelled).toEqual(['i1']);
    expect(store.getState().progress?.importId).toBe('i2');
  });

  test('of a file that is too big is not begun', async () => {
    await store.getState().begin(fileOf('a', CSV_BYTES_MAX + 1));
    expect(texts).toEqual([]);
    expect(store.getState().failure).toBe('FILE_TOO_BIG');
  });
});
