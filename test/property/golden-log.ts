/**
 * Logs as releases wrote them, with what they folded to then (sync.md I12). A later release may add tables and columns;
 * those that a release knew must keep their values for its log, for ever.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { logEntrySchema, type LogEntry } from '../../contract/wire.ts';

export const GOLDEN_DIR = path.resolve(import.meta.dirname, '../fixtures/logs');

/** Beside each log: the columns of each table at that time, and the SHA-256 of the rows in canonical order. */
const foldedSchema = z.object({ entries: z.number().int().positive(), columns: z.record(z.string(), z.array(z.string())), sha256: z.string() });
export type Folded = z.infer<typeof foldedSchema>;
type Columns = Folded['columns'];

export const listGoldenLogs = (): string[] =>
  readdirSync(GOLDEN_DIR)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => path.basename(name, '.ndjson'))
    .toSorted();

export function readGoldenLog(release: string): { log: LogEntry[]; folded: Folded } {
  const lines = readFileSync(path.join(GOLDEN_DIR, `${release}.ndjson`), 'utf8')
    .trim()
    .split('\n');
  const folded = foldedSchema.parse(JSON.parse(readFileSync(path.join(GOLDEN_DIR, `${release}.folded.json`), 'utf8')));
  return { log: lines.map((line) => logEntrySchema.parse(JSON.parse(line))), folded };
}

/** Rows as `dumpState` gives them, reduced to what a release knew. */
export function hashRows(rows: string[], columns: Columns): string {
  const hash = createHash('sha256');
  for (const line of rows) {
    const table = line.slice(0, line.indexOf(' '));
    const known = columns[table];
    if (!known) continue;
    const row = JSON.parse(line.slice(table.length + 1)) as Record<string, unknown>;
    hash.update(`${table} ${JSON.stringify(known.map((column) => row[column]))}\n`);
  }
  return hash.digest('hex');
}

/** The columns that rows have today. */
export function listColumns(rows: string[]): Columns {
  const columns: Columns = {};
  for (const line of rows) {
    const table = line.slice(0, line.indexOf(' '));
    columns[table] ??= Object.keys(JSON.parse(line.slice(table.length + 1)) as object);
  }
  return columns;
}
