/**
 * The program that reads files of strangers: one file, one answer, then it ends. It gets bytes and gives text over the channel to its
 * parent, and needs nothing else: it asks no network, and (started by Node) may read no file but the program's own and write none.
 */
import { z } from 'zod';
import { readFile } from './read-file.ts';

const jobSchema = z.object({ filename: z.string(), bytes: z.instanceof(Uint8Array) });

/** Whatever a document wants fetched is not. */
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);

/** Electron's utility processes have a port, Node's children a channel. */
type ParentPort = { once(event: 'message', listener: (event: { data: unknown }) => void): void; postMessage(message: unknown): void };
const { parentPort } = process as { parentPort?: ParentPort };

async function work(message: unknown, answer: (reading: unknown) => void): Promise<void> {
  const { filename, bytes } = jobSchema.parse(message);
  answer(await readFile(filename, bytes));
}

if (parentPort) parentPort.once('message', ({ data }) => void work(data, (reading) => parentPort.postMessage(reading)));
else process.once('message', (message) => void work(message, (reading) => process.send?.(reading, undefined, {}, () => process.disconnect())));
