/**
 * What the stand-in remembers over a restart, for a workspace that is kept: who wrote when, which messages exist, how far
 * the script is. Webhooks that still wait are not in it. A file that cannot be read is as good as none.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { templateMemorySchema } from './templates/template.ts';
import type { Timers } from './timers.ts';

const IDS_MAX = 20_000;
const SAVE_AFTER_MS = 300;

const customerSchema = z.object({
  waId: z.string().nullable(),
  userId: z.string().nullable(),
  name: z.string().nullable(),
  username: z.string().nullable(),
  lastInboundAt: z.number(),
  optedOut: z.boolean().default(false),
});
const memorySchema = z.object({
  customers: z.array(customerSchema),
  /** wamid and time (ms) of what customers wrote. */
  inbound: z.array(z.tuple([z.string(), z.number()])),
  outbound: z.array(z.string()),
  /** Null: the account's templates have not been made yet. */
  templates: templateMemorySchema.nullable().default(null),
  /** When the script first began (ms), and by customer how many of its bursts are behind them. */
  script: z.object({ startedAt: z.number().nullable(), done: z.record(z.string(), z.object({ unprompted: z.number().int(), whenAnswered: z.number().int() })) }),
});
export type Customer = z.infer<typeof customerSchema>;
export type Memory = z.infer<typeof memorySchema>;

export const EMPTY_MEMORY: Memory = { customers: [], inbound: [], outbound: [], templates: null, script: { startedAt: null, done: {} } };

export function readMemory(file: string): Memory {
  try {
    return memorySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return EMPTY_MEMORY;
  }
}

export type MemoryKeeper = {
  /** Something changed: saves soon. */
  note(): void;
  save(): void;
};

/** @param file null: nothing is kept. */
export function createMemoryKeeper(file: string | null, timers: Timers, collect: () => Memory): MemoryKeeper {
  let isWaiting = false;
  const save = (): void => {
    isWaiting = false;
    if (file === null) return;
    const memory = collect();
    const text = JSON.stringify({ ...memory, inbound: memory.inbound.slice(-IDS_MAX), outbound: memory.outbound.slice(-IDS_MAX) });
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    note: () => {
      if (isWaiting || file === null) return;
      isWaiting = true;
      timers.after(SAVE_AFTER_MS, save);
    },
    save,
  };
}
