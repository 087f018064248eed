/**
 * How this desktop comes into a workspace, and what it does when its place there has to be made anew. Invariant: a secret
 * is kept before the row that needs it, so a crash in between leaves a key too many and never a device without one.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Session } from '../../../contract/entities.ts';
import { shortId, type Log } from '../../../contract/log.ts';
import { mayAdminister } from '../../../contract/rules/rights.ts';
import type { JobQueries } from '../db/job-queries.ts';
import { enrollResponseSchema, RENEW_PATH, REVOKE_PATH } from '../../../contract/wire-http.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Enrollment, NumberSettings, Secrets } from '../ports.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import { makeDeviceKey } from '../sync/device-key.ts';
import { requestEnrollment } from '../sync/enroll.ts';
import type { WorkspaceRing } from '../sync/workspace-ring.ts';
import type { RelayConnection } from '../sync/relay-connection.ts';
import type { RelayKeys } from '../sync/relay-keys.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { Replica } from '../sync/replica.ts';
import { readInviteLink, splitInvite } from './invite-link.ts';
import type { KeyReceiver } from './key-receiver.ts';
import { openInvitedRing } from './invited-ring.ts';

type Deps = {
  fetch: typeof fetch;
  secrets: Secrets;
  ring: Pick<WorkspaceRing, 'forget' | 'newest' | 'take'>;
  queries: SyncQueries;
  changes: ChangeCollector;
  relay: Pick<RelayConnection, 'reconnect' | 'state'>;
  replica: Replica;
  jobs: JobQueries;
  http: RelayHttp;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
  /** Name of this computer, for the list of devices. */
  deviceName: string;
  readSession: () => Session;
  setNumber: (number: NumberSettings, graphToken: string) => Promise<void>;
  rebuild: () => Promise<void>;
  recover: KeyReceiver['recover'];
  acceptKey: KeyReceiver['accept'];
  fetchKey: () => ReturnType<RelayKeys['fetch']>;
  /** Nothing of the workspace stays here. */
  erase: () => Promise<void>;
};

export type EnrollmentFeature = {
  /** Joins a workspace. @throws AppError with a text for people; nothing is changed then. */
  enroll(enrollment: Enrollment): Promise<void>;
  read(input: { link: string }): { relayUrl: string | null; code: string } | null;
  join(input: { relayUrl: string; code: string; agentName: string; deviceName?: string | undefined }): Promise<Session>;
  /** A copied database becomes a device of its own; what is pending is pushed by it. @throws AppError NOT_ALLOWED_NOW, OFFLINE … */
  renew(): Promise<void>;
  /** Takes the team's key from what was printed. @throws AppError RECOVERY_WRONG, RECOVERY_OLD, OFFLINE */
  recover(input: { code: string }): Promise<void>;
  /** Takes the relay's key in the place of another one, after a person compared the code. @throws AppError CHANGED_MEANWHILE, KEY_NOT_GIVEN, OFFLINE */
  acceptKey(input: { code: string }): Promise<void>;
  /** Asks at once whether somebody has given this desktop the key, which then goes on. @throws AppError OFFLINE */
  askAgain(): Promise<{ isHere: boolean }>;
  /** Leaves a workspace of which this desktop never had the key, and holds nothing; it is a desktop of none afterwards. @throws AppError NOT_ALLOWED_NOW, OFFLINE */
  leave(): Promise<void>;
  /** Drops the shared rows and makes them anew. @throws AppError OFFLINE, NOT_ENROLLED, SYNC_ENDED */
  rebuild(): Promise<void>;
  /** By an admin. @throws AppError FORBIDDEN, NOT_ENROLLED */
  setNumber(input: NumberSettings & { graphToken: string }): Promise<void>;
};

export function createEnrollment({
  fetch,
  secrets,
  ring,
  queries,
  changes,
  relay,
  replica,
  jobs,
  http,
  now,
  log,
  deviceName,
  readSession,
  setNumber,
  rebuild,
  recover,
  acceptKey,
  fetchKey,
  erase,
}: Deps): EnrollmentFeature {
  const enroll = async (enrollment: Enrollment): Promise<Session['me']> => {
    if (queries.readMeta().deviceId !== null) throw new AppError('NOT_ALLOWED_NOW', 'This data folder belongs to a workspace already. Choose another folder to join a second one.');
    const { publicKey, privateKey } = await makeDeviceKey();
    const { code, secret } = splitInvite(enrollment.invite);
    const device = await requestEnrollment(fetch, enrollment.relayUrl, { invite: code, agentName: enrollment.agentName, deviceName: enrollment.deviceName, publicKey });
    await ring.forget(); // those of a workspace that this desktop was shut out of
    const given = openInvitedRing(device.sealedRing, secret, device.logId);
    if (given) await ring.take(given);
    await secrets.set('device-key', privateKey);
    await secrets.set('device-token', device.token);
    queries.enroll(enrollment.relayUrl, device.logId, device.deviceId, device.agentId);
    log('info', 'engine.enrolled', { device: shortId(device.deviceId), role: device.role, hasKey: given !== null });
    changes.noteSession();
    changes.noteSync();
    changes.publish();
    relay.reconnect();
    return { id: device.agentId, name: device.agentName, role: device.role };
  };

  return {
    enroll: async (enrollment) => void (await enroll(enrollment)),
    read: ({ link }) => readInviteLink(link),
    join: async ({ relayUrl, code, agentName, deviceName: wanted }) => {
      const me = await enroll({ relayUrl, invite: code, agentName, deviceName: wanted ?? deviceName });
      // The log has not told it yet.
      return { ...readSession(), me };
    },
    rebuild,
    recover,
    acceptKey,
    askAgain: async () => {
      const first = await fetchKey();
      // Another line began meanwhile: nothing is known of that one.
      const found = first === 'stale' ? await fetchKey() : first;
      // The relay has another log by now: the connection finds out.
      if (found === 'here' || found === 'moved') relay.reconnect();
      return { isHere: found === 'here' };
    },
    leave: async () => {
      const { deviceId, cursor } = queries.readMeta();
      const isEmpty = cursor === 0 && queries.countPending() === 0;
      // With a key, or from before there was one, there may be something here that is nowhere else.
      if (deviceId === null || relay.state().state !== 'waiting_for_key' || ring.newest() > 0 || !isEmpty)
        throw new AppError('NOT_ALLOWED_NOW', 'only a desktop that waits for its first key, and holds nothing, leaves by itself');
      try {
        await http.call({ method: 'POST', path: `${REVOKE_PATH}/${encodeURIComponent(deviceId)}`, body: { wipe: true } }, z.unknown());
      } catch (error) {
        // It was shut out meanwhile.
        if (!(error instanceof AppError && error.code === 'SYNC_ENDED')) throw error;
      }
      await erase();
      log('info', 'engine.left');
    },
    renew: async () => {
      if (queries.readMeta().syncEnd !== 'forked') throw new AppError('NOT_ALLOWED_NOW', 'this desktop is registered as it should be');
      const { publicKey, privateKey } = await makeDeviceKey();
      const device = await http.call({ method: 'POST', path: RENEW_PATH, body: { deviceName, publicKey } }, enrollResponseSchema);
      await secrets.set('device-key', privateKey);
      await secrets.set('device-token', device.token);
      replica.rebase(() => {
        queries.becomeDevice(device.deviceId);
        // The other copy has the same jobs, and it was first: what is ready there leaves from there.
        jobs.dropOpen(now());
      });
      log('info', 'engine.renewed', { device: shortId(device.deviceId), pending: queries.countPending() });
      relay.reconnect();
    },
    setNumber: async ({ phoneNumberId, wabaId, graphToken }) => {
      const { me } = readSession();
      if (!me) throw new AppError('NOT_ENROLLED');
      if (!mayAdminister(me)) throw new AppError('FORBIDDEN', 'only an admin sets the number');
      await setNumber({ phoneNumberId, wabaId }, graphToken);
    },
  };
}
