/** The part of the contract about what is kept: erasing people, retention, and the room that everything takes on this computer. */
import { z } from 'zod';
import { base, opResult } from './api-base.ts';
import { RETENTION_MONTHS_MAX } from './limits.ts';

const id = z.string().min(1).max(128);
const count = z.number().int().nonnegative();
const size = z.object({ files: count, bytes: count });

/** What goes with somebody. `others`: contacts merged into them. `drafts`: runs of the AI whose words are there. */
const personToEraseSchema = z.object({ name: z.string(), others: count, conversations: count, messages: count, files: count, notes: count, drafts: count, requests: count });
export type PersonToErase = z.infer<typeof personToEraseSchema>;
/** Never with a name. `by`: who did it. `isPending`: the team does not know yet. */
const erasedPersonSchema = z.object({
  opId: id,
  by: z.string().nullable(),
  at: z.number(),
  isPending: z.boolean(),
  people: count,
  conversations: count,
  messages: count,
  notes: count,
  requests: count,
});
export type ErasedPerson = z.infer<typeof erasedPersonSchema>;

/** Bytes on this computer. `indexBytes` (the search index) and `eventBytes` (raw events of WhatsApp) are part of `databaseBytes`. `oldMedia`: what `storage.dropMedia` would remove; `again`: the team's relay has it. */
const storageUseSchema = z.object({
  databaseBytes: count,
  indexBytes: count,
  eventBytes: count,
  logBytes: count,
  media: size,
  previews: size,
  freeBytes: count,
  counts: z.object({ conversations: count, messages: count, contacts: count, requests: count }),
  oldMedia: z.object({ again: size, gone: size }),
});
export type StorageUse = z.infer<typeof storageUseSchema>;

/** Files of messages of the last days come by themselves: younger ones would be fetched again at once. */
const olderThanDays = z.number().int().min(30).max(3_650);

export const privacyContract = {
  privacy: {
    personToErase: base.input(z.object({ contactId: id })).output(personToEraseSchema),
    /** The person leaves every desktop and, as soon as may be, the relay. It cannot be taken back. By leads. */
    erase: base.input(z.object({ contactId: id })).output(opResult),
    /** Newest first, at most 200. `left`: what this computer still has to remove here, or to tell the relay. */
    erased: base.input(z.object({})).output(z.object({ items: z.array(erasedPersonSchema), left: z.object({ isHere: z.boolean(), isAtRelay: z.boolean() }) })),
    /** What would go today if the workspace kept so many months. By admins. */
    retentionPreview: base.input(z.object({ months: z.number().int().min(1).max(RETENTION_MONTHS_MAX) })).output(z.object({ conversations: count, messages: count, oldestAt: z.number().nullable() })),
  },
  storage: {
    get: base.input(z.object({ olderThanDays: olderThanDays.default(90) })).output(storageUseSchema),
    /** `withOnlyHere`: also what the relay does not have, which is gone then unless a colleague has it. */
    dropMedia: base.input(z.object({ olderThanDays, withOnlyHere: z.boolean() })).output(z.object({ files: count })),
    rebuildSearch: base.input(z.object({})).output(z.object({})),
    /** Gives free room back to the disk. Everything else waits meanwhile. Bytes that it gave. */
    compact: base.input(z.object({})).output(z.object({ bytes: count })),
  },
};
