/** What the window may ask about the lock of its folder. A host that can close and open the engine answers it (`main/engine/lockable.ts`). */
import { AppError } from '../../../contract/app-error.ts';
import type { LockState, PassphraseAnswer } from '../../../contract/lock-api.ts';

export type Lock = {
  state(): LockState;
  unlock(passphrase: string): Promise<PassphraseAnswer>;
  turnOn(passphrase: string): Promise<PassphraseAnswer>;
  turnOff(passphrase: string): Promise<PassphraseAnswer>;
  change(passphrase: string, next: string): Promise<PassphraseAnswer>;
  setIdle(minutes: number): Promise<LockState>;
  touch(): void;
  /** The answer leaves before the desktop is closed. */
  now(): void;
  /** The answer leaves before anything is moved. */
  startOver(): void;
};

const refuse = (): never => {
  throw new AppError('NOT_ALLOWED_NOW', 'this folder cannot be locked');
};

/** Of the demo, and of hosts that cannot lock. */
export const NO_LOCK: Lock = {
  state: () => ({ isOffered: false, isOn: false, isLocked: false, busy: null, failure: null, idleMinutes: 0, since: null, waitMs: 0, folder: '', startCommand: null }),
  unlock: refuse,
  turnOn: refuse,
  turnOff: refuse,
  change: refuse,
  setIdle: refuse,
  touch: refuse,
  now: refuse,
  startOver: refuse,
};
