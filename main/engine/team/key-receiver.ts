/**
 * What a desktop does that waits for the workspace's key: it shows a code, takes the key from paper, or the relay's in the place of another one of its own
 * (`main/engine/sync/relay-keys.ts`). Invariants: keys that are here are replaced only by what a person at this desktop has typed or compared; that they came
 * from paper is on record before they are used.
 */
import { AppError } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { deriveEpochKeys, derivePublicKey, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import { makeDeviceCode } from '../keys/device-code.ts';
import { openLinks } from '../keys/linked-secrets.ts';
import { readRecoveryCode } from '../keys/recovery-code.ts';
import type { Secrets } from '../ports.ts';
import { readPublicKey } from '../sync/device-key.ts';
import type { RelayConnection } from '../sync/relay-connection.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import { askForKeys, type RelayKeys } from '../sync/relay-keys.ts';
import type { WorkspaceRing } from '../sync/workspace-ring.ts';
import type { KeyKeeper } from './key-keeper.ts';

type Deps = {
  ring: WorkspaceRing;
  secrets: Secrets;
  http: Pick<RelayHttp, 'call'>;
  queries: Pick<SyncQueries, 'readMeta'>;
  relay: Pick<RelayConnection, 'reconnect' | 'state'>;
  relayKeys: Pick<RelayKeys, 'codeSubject' | 'openCopy'>;
  keeper: Pick<KeyKeeper, 'noteReplaced' | 'putOwn'>;
  /** This desktop got the key from paper. Durable when it returns. */
  noteRecovered: (key: { epoch: number }) => void;
  /** The code is another one. */
  onChange: () => void;
  log: Log;
};

export type KeyReceiver = {
  /** Whether it waits, and for what, may be another than before. */
  look(): void;
  /** What this desktop shows while it waits; null: it does not, or it is not known yet. */
  ownCode(): string | null;
  /** Takes the key from what was printed. @throws AppError RECOVERY_WRONG, RECOVERY_OLD, OFFLINE */
  recover(input: { code: string }): Promise<void>;
  /**
   * Takes the relay's key in the place of another one: an admin has given it, and whoever sits here has compared the code that this desktop shows with
   * the one that the admin sees. @throws AppError CHANGED_MEANWHILE, KEY_NOT_GIVEN, OFFLINE
   */
  accept(input: { code: string }): Promise<void>;
};

export function createKeyReceiver({ ring, secrets, http, queries, relay, relayKeys, keeper, noteRecovered, onChange, log }: Deps): KeyReceiver {
  let shownCode: string | null = null;
  const isWaiting = (): boolean => relay.state().state === 'waiting_for_key';

  /** From what the relay names now. */
  const readCode = async (): Promise<string | null> => {
    const { deviceId } = queries.readMeta();
    const subject = relayKeys.codeSubject();
    const publicKey = await readPublicKey(secrets);
    return deviceId === null || subject === null || publicKey === null ? null : makeDeviceCode(publicKey, { ...subject, deviceId });
  };
  const showCode = async (): Promise<void> => {
    const code = await readCode();
    if (code === shownCode || !isWaiting()) return;
    shownCode = code;
    onChange();
  };

  const use = async (secretsOfAll: RingSecrets, logId: string): Promise<void> => {
    if ((await ring.take(secretsOfAll)) === 'differs') {
      await ring.replace(secretsOfAll);
      keeper.noteReplaced();
      log('warn', 'keys.replaced', { epoch: secretsOfAll.length });
    }
    await keeper.putOwn(secretsOfAll.length, logId);
    relay.reconnect();
  };

  return {
    look: () => {
      // The next time, log and workspace may be others.
      if (!isWaiting()) shownCode = null;
      else void showCode().catch((error: unknown) => log('warn', 'keys.no_code', { error: errorText(error) }));
    },
    ownCode: () => (isWaiting() ? shownCode : null),
    recover: async ({ code }) => {
      const secret = readRecoveryCode(code);
      if (secret === null) throw new AppError('RECOVERY_WRONG');
      const { epochs, logId } = await askForKeys(http);
      const opened = await openLinks(secret.toString('base64url'), epochs);
      if (opened === null) throw new AppError('RECOVERY_OLD');
      log('info', 'keys.recovered', { epoch: opened.length });
      // Said before the key is used: where the line or the program ends meanwhile, that it was paper would be said by nobody. It leaves with the first push.
      noteRecovered({ epoch: opened.length });
      await use(opened, logId);
    },
    accept: async ({ code }) => {
      const keys = await askForKeys(http);
      const newest = keys.epochs.at(-1);
      // What was compared is what is taken.
      if (newest === undefined || relayKeys.codeSubject()?.newestKey !== newest.publicKey || (await readCode()) !== code) throw new AppError('CHANGED_MEANWHILE', 'the relay has another key by now');
      const given = await relayKeys.openCopy(keys);
      const secret = given?.[newest.epoch - 1];
      if (given?.length !== newest.epoch || secret === undefined || (await derivePublicKey(deriveEpochKeys(newest.epoch, secret))) !== newest.publicKey) throw new AppError('KEY_NOT_GIVEN');
      await use(given, keys.logId);
    },
  };
}
