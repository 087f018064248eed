/**
 * What the engine needs from its surroundings. Everything that differs between hosts (Electron, plain Node, tests) or
 * that would make a run unrepeatable comes in here.
 */
import type { NoticeEvent, Preferences } from '../../contract/entities.ts';
import type { Log } from '../../contract/log.ts';
import type { Lock } from './lock/lock.ts';
import type { OpenFile } from '../../contract/sqlite/open-file.ts';

export type Clock = {
  /** Milliseconds since the epoch by this machine. */
  now(): number;
};

export type Ids = {
  /** A UUIDv7 (RFC 9562): later ones sort after earlier ones. */
  next(): string;
};

/** What a folder with a lock is read and written with while it is open (`lock/vault.ts`). */
export type Vault = {
  /** Opens the folder's databases. */
  openFile: OpenFile;
  databaseKey: Buffer;
  fileKeys: FileKeys;
  secretKey: Buffer;
  /** Overwrites the keys. */
  forget(): void;
};
/** Of files of messages, and of their names. */
export type FileKeys = { content: Buffer; name: Buffer };

/** In a data folder: where a host without the system's store keeps secrets; one that has it takes them over from there. */
export const SECRETS_FILE = 'secrets.json';

/** Names of the secrets the engine keeps: never in the database, the log or the window. */
export type SecretName = 'device-token' | 'graph-token' | 'device-key' | 'workspace-keys' | 'api-token' | 'model-key';
export type Secrets = SecretStore<SecretName>;
/** As a host keeps them: those of a folder with a lock are sealed, and have names of their own. */
export type KeptSecretName = SecretName | `${SecretName}.sealed`;
export type KeptSecrets = SecretStore<KeptSecretName>;
type SecretStore<Name> = {
  get(name: Name): Promise<string | null>;
  set(name: Name, value: string): Promise<void>;
  delete(name: Name): Promise<void>;
};

/**
 * How the computer keeps secrets: encrypted by the operating system; in a file that only its owner can read; or by the system, which has no
 * keyring and only obscures them.
 */
export type KeysKept = 'system' | 'file' | 'obscured';

export type EnginePorts = {
  clock: Clock;
  ids: Ids;
  /** A number in [0, 1), for jitter. */
  random(): number;
  fetch: typeof fetch;
  secrets: KeptSecrets;
  keysKept: KeysKept;
  log: Log;
  /**
   * Reads a file of strangers in a process of its own (`ai/knowledge/reading/reader-process.ts`) and gives what that answers, not to be
   * trusted. Null: it ended without an answer, or `signal` ended it. Never rejects.
   */
  readFile(job: { filename: string; bytes: Uint8Array }, signal: AbortSignal): Promise<unknown>;
  /** Of a host that can lock the folder. */
  lock?: Lock;
  /** In the demo, by a host that can: forgets it and begins it anew once the answer is out. Null: this host cannot. Refused: another window of it is open. */
  startOver?: (() => Promise<'begun' | 'refused'>) | null;
  /** Conversations that need me, whenever the number changes: for dock, tray and taskbar. */
  showBadge(count: number): void;
  /** Notices, for a host that shows them itself, with the language to show them in. Null: the window does. */
  showNotice: ((event: NoticeEvent, language: Preferences['language']) => void) | null;
};

export type EngineConfig = {
  /** Folder of the database; made if missing. */
  dataDir: string;
  /** What opens the folder, where the lock is on. The caller's to forget once the engine has stopped. */
  vault?: Vault | null;
  /** Base of the Graph API without version, for example the stand-in's URL. https, or http on loopback. */
  graphBaseUrl: string;
  isDemo: boolean;
  /** In the demo: its past is being made, which is made anew if it is cut off. Commits do not wait for the disk. */
  isPast?: boolean;
  version: string;
  /** For the window, to be told once this program is gone: what starts it again from a terminal. Holds no secret. */
  startCommand?: string | null;
  /** Nobody looks at it: conversations are not given to its agent, and it takes part in what the team does by itself. */
  isUnattended?: boolean;
};

/** The WhatsApp number this desktop sends from. */
export type NumberSettings = { phoneNumberId: string; wabaId: string | null };
export type Enrollment = { relayUrl: string; invite: string; agentName: string; deviceName: string };
