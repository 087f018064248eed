/**
 * A workspace that can be locked: opens the engine, closes it, and turns the lock on and off. Invariants: while it is locked nothing of the folder is
 * open and no key is in here; windows are served the engine or the lock, and are cut off when that changes, so that none of them shows what it held.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import type { LockState, PassphraseAnswer } from '../../contract/lock-api.ts';
import { errorText } from '../../contract/log.ts';
import { IDLE_MINUTES } from '../../contract/rules/idle-minutes.ts';
import type { ServedRouter } from './api/call-errors.ts';
import { createLockedRouter } from './api/lock-router.ts';
import { acquireFolderLock } from './db/folder-lock.ts';
import { SEALED_DATABASE_FILE } from './db/open-database.ts';
import type { Engine } from './engine.ts';
import { DecisionNotSafe, finishLockChange, sealWorkspace, TooLarge, unsealWorkspace } from './lock/change-lock.ts';
import { NO_LOCK, type Lock } from './lock/lock.ts';
import { moveAside } from './lock/move-aside.ts';
import { isLockOn, KEY_BYTES, readLockFile, unwrapKey, wrapKey, writeLockFile, type LockFile } from './lock/lock-file.ts';
import { openVault } from './lock/vault.ts';
import type { EnginePorts, FileKeys, Vault } from './ports.ts';
import { openStoredFiles, type StoredFiles } from './stored-files.ts';

export { isLockOn, readLockMark } from './lock/lock-file.ts';

/** For the answer to the window that asked. */
const ANSWER_MS = 100;
const LOOK_EVERY_MS = 10_000;
/** As long as a program takes to end otherwise. */
const CLOSE_WITHIN_MS = 8_000;
/** Wrong ones before the first wait; then it doubles. A guess costs 0.4 s besides. */
const WRONG_FREE = 5;
const WAIT_MS = { first: 1_000, max: 60_000 };

/** Of the engine, opened by its host. */
type Opened = { engine: Engine; stop(): Promise<void> };
export type Lockable<W> = {
  router(): ServedRouter;
  /** Null: it is locked. */
  workspace(): W | null;
  /** Files of messages, for the window. Null: it is locked. */
  files(): StoredFiles | null;
  /** The same for another process. Null: they are not sealed. */
  fileKeys(): FileKeys | 'locked' | null;
  /** The computer sleeps, or its screen is locked. While something is under way: as soon as that is done. */
  lock(): void;
  stop(): Promise<void>;
};

type Deps<W> = {
  dataDir: string;
  /** Not of the demo's folder: then `open` is all that happens. */
  isOffered: boolean;
  /** Of a folder that is locked. */
  passphrase: string | null;
  /** Whether somebody can unlock it in a window. Else it is not opened without the passphrase, and never locks itself. */
  mayBeLocked: boolean;
  /** See `LockState`. */
  startCommand?: string | null;
  open(vault: Vault | null, lock: Lock): Promise<W>;
  /** Windows are to be cut off, and to look again. */
  onChange(): void;
  /** What was open cannot be closed, or what counts on disk is not known to be safe: nothing may go on. */
  endProcess(): void;
  ports: Pick<EnginePorts, 'clock' | 'log' | 'secrets' | 'showBadge'>;
};

/** @throws Error with a text for people. */
export async function openLockable<W extends Opened>({ dataDir, isOffered, passphrase, mayBeLocked, startCommand = null, open: openWith, onChange, endProcess, ports }: Deps<W>): Promise<Lockable<W>> {
  const { log, clock } = ports;
  const whileNobodyElse = async <T>(work: () => Promise<T>): Promise<T> => {
    const folder = acquireFolderLock(dataDir);
    try {
      return await work();
    } finally {
      folder.release();
    }
  };

  let workspace: W | null = null;
  let vault: Vault | null = null;
  /** `lock.json` while the vault is open: nobody else may change the file then, and what counts is this. */
  let held: LockFile | null = null;
  let busy: LockState['busy'] = null;
  let failure: LockState['failure'] = null;
  let touchedAt = clock.now();
  let wrong = 0;
  let waitsUntil = 0;
  let isStopped = false;
  let isToLock = false;
  let isEnding = false;

  const finish = (): Promise<void> => whileNobodyElse(() => finishLockChange(dataDir, ports.secrets));
  const open = async (): Promise<void> => {
    // Either left over, or all that there is: then it throws, before an empty database is made in its place.
    if (isOffered && !vault && existsSync(path.join(dataDir, SEALED_DATABASE_FILE))) await finish();
    workspace = await openWith(vault, isOffered ? lock : NO_LOCK);
    touchedAt = clock.now();
  };
  const forgetKey = (): void => {
    vault?.forget();
    vault = null;
    held = null;
  };
  const giveUp = (event: string, error: unknown): void => {
    isEnding = true;
    log('error', event, { error: errorText(error) });
    forgetKey();
    endProcess();
  };
  /** @throws if it cannot; the process ends then. */
  const close = async (): Promise<void> => {
    const closing = workspace;
    workspace = null;
    onChange();
    if (closing) {
      await keepLockFile();
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`not closed within ${CLOSE_WITHIN_MS} ms`)), CLOSE_WITHIN_MS);
      });
      try {
        await Promise.race([closing.stop(), tooLate]);
      } catch (error) {
        giveUp('lock.not_closed', error);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    }
    ports.showBadge(0);
  };
  /** Without the file nothing would open the folder again. Only while it is open here, and so by nobody else. */
  const keepLockFile = async (): Promise<void> => {
    if (!held || !existsSync(path.join(dataDir, SEALED_DATABASE_FILE))) return;
    try {
      if (readLockFile(dataDir)) return;
    } catch {
      // Damaged is as good as gone.
    }
    log('error', 'lock.file_written_back', {});
    await writeLockFile(dataDir, held).catch((error: unknown) => log('error', 'lock.file_not_written', { error: errorText(error) }));
  };

  /** One change after the other; what a window asks meanwhile is judged when its turn comes. */
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const settle = (): void => {
    busy = null;
    const isAsked = isToLock;
    isToLock = false;
    onChange();
    if (isAsked) lockNow();
  };
  /** Once the answer has left. Whatever fails, the folder is opened again as it is, or asks for its passphrase. */
  const begin = (what: NonNullable<LockState['busy']>, change: () => Promise<void>): void => {
    busy = what;
    failure = null;
    setTimeout(() => {
      void inOrder(async () => {
        if (isStopped) return;
        try {
          await change();
        } catch (error) {
          log('error', 'lock.change_failed', { what, error: errorText(error) });
          failure = isDiskFull(error) ? 'DISK_FULL' : error instanceof TooLarge ? 'TOO_LARGE' : 'INTERNAL';
          if (isEnding) return;
          if (!isLockOn(dataDir)) forgetKey();
          if (workspace === null && (vault || !isLockOn(dataDir))) await open().catch((again: unknown) => log('error', 'lock.not_opened_again', { error: errorText(again) }));
          if (workspace === null) forgetKey();
        }
        settle();
      });
    }, ANSWER_MS);
  };
  const lockNow = (): void => {
    if (busy) isToLock = true;
    if (!vault || busy) return;
    busy = 'closing';
    void inOrder(async () => {
      try {
        await close();
      } catch {
        return;
      }
      forgetKey();
      log('info', 'lock.locked');
      settle();
    });
  };

  const readLock = (): LockFile => {
    const file = held ?? readLockFile(dataDir);
    if (!file) throw new AppError('NOT_ALLOWED_NOW', 'the lock is not on');
    return file;
  };
  const write = async (next: LockFile): Promise<void> => {
    // A lock or a change came first.
    if (!held) throw new AppError('NOT_ALLOWED_NOW', 'this desktop is locked, or busy');
    await writeLockFile(dataDir, next);
    held = next;
  };
  const requireOpen = (): void => {
    if (busy || !workspace) throw new AppError('NOT_ALLOWED_NOW', 'this desktop is locked, or busy');
  };
  /** None after a clock that was set back. */
  const waitLeft = (): number => {
    const left = waitsUntil - clock.now();
    return left > 0 && left <= WAIT_MS.max ? left : 0;
  };
  const right: PassphraseAnswer = { status: 'right', waitMs: 0 };
  /** The caller overwrites the key. */
  const guess = (given: string): Promise<{ answer: PassphraseAnswer; key: Buffer | null }> =>
    inOrder(async () => {
      const waitMs = waitLeft();
      if (waitMs > 0) return { answer: { status: 'wait', waitMs }, key: null };
      const key = await unwrapKey(readLock(), given);
      if (key) {
        wrong = 0;
        waitsUntil = 0;
        return { answer: right, key };
      }
      wrong += 1;
      const pause = wrong < WRONG_FREE ? 0 : Math.min(WAIT_MS.first * 2 ** (wrong - WRONG_FREE), WAIT_MS.max);
      waitsUntil = clock.now() + pause;
      log('warn', 'lock.wrong_passphrase', { wrong });
      return { answer: { status: 'wrong', waitMs: pause }, key: null };
    });

  const lock: Lock = {
    state: () => ({
      isOffered: true,
      isOn: workspace ? vault !== null : isLockOn(dataDir),
      isLocked: workspace === null,
      busy,
      failure,
      idleMinutes: held?.idleMinutes ?? 0,
      since: held?.since ?? null,
      waitMs: waitLeft(),
      folder: dataDir,
      startCommand,
    }),
    unlock: async (given) => {
      if (busy || workspace) throw new AppError('NOT_ALLOWED_NOW', 'this desktop is open already, or busy');
      const lockFile = readLock();
      const { answer, key } = await guess(given);
      if (!key) return answer;
      if (busy || workspace) {
        key.fill(0);
        return answer;
      }
      begin('opening', async () => {
        try {
          vault = await openVault(key);
        } finally {
          key.fill(0);
        }
        held = lockFile;
        await open();
      });
      return answer;
    },
    turnOn: async (chosen) => {
      requireOpen();
      // An open vault, also if `lock.json` was removed under it: what would be encrypted is not there.
      if (vault || isLockOn(dataDir)) throw new AppError('NOT_ALLOWED_NOW', 'the lock is on already');
      busy = 'sealing';
      const key = randomBytes(KEY_BYTES);
      const lockFile = await wrapKey(key, chosen, { idleMinutes: 0, since: clock.now() }).catch((error: unknown) => {
        settle();
        throw error;
      });
      begin('sealing', async () => {
        const made = await openVault(key);
        key.fill(0);
        try {
          await close();
          await whileNobodyElse(() => sealWorkspace({ dataDir, secrets: ports.secrets, vault: made, log }, lockFile));
        } catch (error) {
          made.forget();
          if (error instanceof DecisionNotSafe) giveUp('lock.not_safe', error);
          throw error;
        }
        vault = made;
        held = lockFile;
        await open();
      });
      return right;
    },
    turnOff: async (given) => {
      requireOpen();
      const { answer, key } = await guess(given);
      key?.fill(0);
      if (!key) return answer;
      requireOpen();
      begin('unsealing', async () => {
        const used = vault;
        if (!used) throw new Error('the key is gone');
        await close();
        try {
          await whileNobodyElse(() => unsealWorkspace({ dataDir, secrets: ports.secrets, vault: used, log }));
        } catch (error) {
          if (error instanceof DecisionNotSafe) giveUp('lock.not_safe', error);
          throw error;
        }
        forgetKey();
        await open();
      });
      return answer;
    },
    change: async (given, next) => {
      requireOpen();
      const { answer, key } = await guess(given);
      if (!key) return answer;
      try {
        await inOrder(async () => write(await wrapKey(key, next, readLock())));
      } finally {
        key.fill(0);
      }
      return answer;
    },
    setIdle: async (minutes) => {
      requireOpen();
      const known = IDLE_MINUTES.find((one) => one === minutes);
      if (known === undefined) throw new AppError('INVALID_INPUT', `minutes: one of ${IDLE_MINUTES.join(', ')}`);
      await inOrder(() => write({ ...readLock(), idleMinutes: known }));
      return lock.state();
    },
    touch: () => {
      touchedAt = clock.now();
    },
    now: () => {
      requireOpen();
      readLock();
      setTimeout(lockNow, ANSWER_MS);
    },
    startOver: () => {
      if (busy || workspace || !isLockOn(dataDir)) throw new AppError('NOT_ALLOWED_NOW', 'this desktop is open, or busy');
      begin('opening', async () => {
        const folder = await whileNobodyElse(() => moveAside(dataDir, ports.secrets, clock.now()));
        log('warn', 'lock.moved_aside', { folder });
        wrong = 0;
        waitsUntil = 0;
        await open();
      });
    },
  };

  const timer = setInterval(() => {
    if (busy) return;
    // What failed to open, and has no lock that a passphrase could open, or no longer.
    if (!workspace && !isLockOn(dataDir)) return begin('opening', open);
    if (!held || !mayBeLocked) return;
    // A clock that was set back began to count anew.
    if (clock.now() < touchedAt) touchedAt = clock.now();
    if (held.idleMinutes > 0 && clock.now() - touchedAt >= held.idleMinutes * 60_000) lockNow();
  }, LOOK_EVERY_MS);
  timer.unref();

  try {
    if (isOffered && (isLockOn(dataDir) || existsSync(path.join(dataDir, SEALED_DATABASE_FILE)))) await finish();
    const lockFile = isOffered ? readLockFile(dataDir) : null;
    if (lockFile && passphrase !== null) {
      const key = await unwrapKey(lockFile, passphrase);
      if (!key) throw new Error(`The passphrase does not open ${dataDir}.`);
      vault = await openVault(key);
      key.fill(0);
      held = lockFile;
    } else if (lockFile && !mayBeLocked) {
      throw new Error(`${dataDir} is locked: give its passphrase as --passphrase-file FILE, or as BANDEJA_PASSPHRASE in the environment.`);
    }
    if (!lockFile || vault) await open();
  } catch (error) {
    clearInterval(timer);
    forgetKey();
    throw error;
  }

  const locked = createLockedRouter(lock);
  return {
    router: () => workspace?.engine.router ?? locked,
    workspace: () => workspace,
    files: () => (workspace ? openStoredFiles(dataDir, vault?.fileKeys ?? null) : null),
    fileKeys: () => (workspace ? (vault?.fileKeys ?? null) : 'locked'),
    lock: lockNow,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await last;
      if (workspace) await keepLockFile();
      await workspace?.stop();
      workspace = null;
      forgetKey();
    },
  };
}

/** Also where it fills up midway (`errno(3)`, SQLite's result codes; the last one for the file beside a database that cannot grow). */
const isDiskFull = (error: unknown): boolean =>
  error instanceof AppError
    ? error.code === 'DISK_FULL'
    : error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_SHMSIZE)$/.test(error.code);
