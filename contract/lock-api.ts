/** The part of the contract about the lock of this desktop's folder. Of a locked desktop nothing else is served, and no REST API. */
import { z } from 'zod';
import { base } from './api-base.ts';
import { IDLE_MINUTES } from './rules/idle-minutes.ts';
import { PASSPHRASE_MAX, PASSPHRASE_MIN } from './rules/passphrase.ts';

const idleMinutes = z.union(IDLE_MINUTES.map((minutes) => z.literal(minutes)));

const lockStateSchema = z.object({
  /** Not in the demo, and not where a host cannot lock. */
  isOffered: z.boolean(),
  isOn: z.boolean(),
  isLocked: z.boolean(),
  /** What is under way; then the desktop is closed, too. `sealing`: it is being turned on; `unsealing`: off. */
  busy: z.enum(['opening', 'closing', 'sealing', 'unsealing']).nullable(),
  /** Why the last one did not come about. `DISK_FULL` and `TOO_LARGE` (the database, to be changed in memory): nothing was changed. */
  failure: z.enum(['DISK_FULL', 'TOO_LARGE', 'INTERNAL']).nullable(),
  idleMinutes: z.number().int(),
  /** When it was turned on, ms since 1970. Null: it is off, or was turned on before this was noted. */
  since: z.number().int().nullable(),
  /** For how long no passphrase is looked at, after too many wrong ones. */
  waitMs: z.number().int(),
  /** Where this desktop keeps its workspace. */
  folder: z.string(),
  /** What starts the program again, for a window that finds nobody. Null: its shell does. */
  startCommand: z.string().nullable(),
});
export type LockState = z.infer<typeof lockStateSchema>;

/** `wait`: too many wrong ones; none is looked at for that long. `right` of `turnOn`, `turnOff` and `unlock`: it has begun. */
const answer = z.object({ status: z.enum(['right', 'wrong', 'wait']), waitMs: z.number().int() });
export type PassphraseAnswer = z.infer<typeof answer>;

const passphrase = z.string().min(1).max(PASSPHRASE_MAX);
const newPassphrase = z.string().min(PASSPHRASE_MIN).max(PASSPHRASE_MAX);

/** Whoever sits at this computer may call them. All but `state` are refused with NOT_ALLOWED_NOW where no lock is offered, where it is not on (`turnOn`: where it is), and while something is under way. */
export const lockContract = {
  state: base.output(lockStateSchema),
  unlock: base.input(z.object({ passphrase })).output(answer),
  turnOn: base.input(z.object({ passphrase: newPassphrase })).output(answer),
  turnOff: base.input(z.object({ passphrase })).output(answer),
  change: base.input(z.object({ passphrase, next: newPassphrase })).output(answer),
  setIdle: base.input(z.object({ minutes: idleMinutes })).output(lockStateSchema),
  /** Somebody is at the window. */
  touch: base.output(z.void()),
  now: base.output(z.void()),
  /** Of a locked desktop whose passphrase is forgotten: what is locked goes into a folder of its own beside the rest, unread and whole, and the desktop is as new. Refused where it is open. */
  startOver: base.output(z.void()),
};
