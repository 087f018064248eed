/** What Electron's main process and the engine's process tell each other. Ports travel beside `client`. */
import type { NoticeEvent, Preferences } from '../../../contract/entities.ts';
import type { FileKeys, KeptSecretName, KeysKept } from '../../engine/ports.ts';
import type { OpenOptions, OpenWorkspace } from '../open-workspace.ts';

export type ToEngine =
  /** First message: what to open. */
  | { type: 'open'; options: OpenOptions; keysKept: KeysKept }
  /** A window wants to speak the contract; its port comes along. */
  | { type: 'client' }
  | { type: 'secret'; id: number; value: string | null; failure: string | null }
  | { type: 'file-read'; id: number; answer: unknown }
  /** The agent clicked a notice, or answered in it. */
  | { type: 'notice-open'; conversationId: string }
  /** The agent followed a link, as it was given to the program. */
  | { type: 'link-open'; link: string }
  | { type: 'notice-reply'; conversationId: string; text: string }
  | { type: 'wake-up' }
  /** The computer sleeps, or its screen is locked. */
  | { type: 'lock' }
  | { type: 'stop' };

export type SecretRequest = { type: 'secret'; id: number; request: { action: 'get' | 'delete'; name: KeptSecretName } | { action: 'set'; name: KeptSecretName; value: string } };

export type FromEngine =
  | SecretRequest
  /** `EnginePorts.readFile`; `abort`: by the same id. */
  | { type: 'read-file'; id: number; filename: string; bytes: Uint8Array }
  | { type: 'read-file-abort'; id: number }
  | { type: 'ready'; api: OpenWorkspace['api'] }
  /** How files of messages are read from now on; `locked`: not at all. Null: they are not sealed. */
  | { type: 'files'; keys: FileKeys | 'locked' | null }
  /** Cannot be opened; starting again would not help. The text is for people. */
  | { type: 'failed'; message: string }
  /** The demo is to be forgotten and begun anew. */
  | { type: 'start-over' }
  | { type: 'badge'; count: number }
  | { type: 'notice'; event: NoticeEvent; language: Preferences['language'] };
