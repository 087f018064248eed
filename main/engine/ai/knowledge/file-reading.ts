/** Has files read by a process of its own, one after the other. Invariant: whatever a file does to that process, there is an answer within KB_MAX.fileMs. */
import { z } from 'zod';
import { KB_EXTENSIONS, KB_FILE_PROBLEMS } from '../../../../contract/ai/ai-words.ts';
import { KB_MAX } from '../../../../contract/limits.ts';
import type { EnginePorts } from '../../ports.ts';
import type { FileReading } from './reading/read-file.ts';

/** The process may have been made to say anything. */
const readingSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    kind: z.enum(KB_EXTENSIONS),
    title: z.string().trim().min(1).max(KB_MAX.title),
    text: z
      .string()
      .min(1)
      .max(KB_MAX.partText * KB_MAX.parts),
  }),
  z.object({ status: z.literal('failed'), problem: z.enum(KB_FILE_PROBLEMS) }),
]);

export type FileReader = { read: (filename: string, bytes: Uint8Array) => Promise<FileReading>; stop: () => void };

export function createFileReader({ readFile, limitMs = KB_MAX.fileMs }: { readFile: EnginePorts['readFile']; limitMs?: number }): FileReader {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const readNow = async (filename: string, bytes: Uint8Array): Promise<FileReading> => {
    if (bytes.length > KB_MAX.fileBytes) return { status: 'failed', problem: 'too_large' };
    const limit = AbortSignal.timeout(limitMs);
    const answer = await readFile({ filename, bytes }, AbortSignal.any([limit, stopping.signal]));
    if (answer === null && limit.aborted) return { status: 'failed', problem: 'too_slow' };
    // What ends it without a word is the limit of its memory.
    if (answer === null) return { status: 'failed', problem: 'too_much_text' };
    const parsed = readingSchema.safeParse(answer);
    return parsed.success ? parsed.data : { status: 'failed', problem: 'damaged' };
  };
  return {
    read: (filename, bytes) => {
      const reading = last.then(() => readNow(filename, bytes));
      last = reading.catch(() => undefined);
      return reading;
    },
    stop: () => stopping.abort(),
  };
}
