/** Invites, roles and devices: the relay decides and writes the outcome into the log, so all of it needs a connection. */
import { z } from 'zod';
import type { StateTx } from '../../../contract/state.ts';
import {
  DEVICES_PATH,
  deviceListSchema,
  inviteListSchema,
  inviteResponseSchema,
  INVITES_PATH,
  MEMBERS_PATH,
  REVOKE_PATH,
  WITHDRAW_INVITE_PATH,
  type DeviceList,
  type InviteList,
  type InviteRequest,
  type MemberRequest,
} from '../../../contract/wire-http.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import { joinInvite, makeInviteLink, makeInviteSecret } from './invite-link.ts';
import { sealInvitedRing } from './invited-ring.ts';
import type { KeyKeeper } from './key-keeper.ts';
import type { KeyNotice, KeyRecord } from './key-record.ts';
import type { WorkspaceRing } from '../sync/workspace-ring.ts';

/** The relay's answers without content that is of use here. */
const anything = z.unknown();

type Deps = {
  http: RelayHttp;
  queries: SyncQueries;
  state: Pick<StateTx, 'get'>;
  ring: Pick<WorkspaceRing, 'readSecrets'>;
  keys: Pick<KeyKeeper, 'ready' | 'listWaiting' | 'listReturned' | 'give' | 'recoveryCode' | 'noteSheet'>;
  record: Pick<KeyRecord, 'putOff' | 'recoveredAt'>;
  /** Whether this desktop has a number and the token for it. */
  hasNumber: () => Promise<boolean>;
};
type WithUndefined<T> = { [K in keyof T]: T[K] | (undefined extends T[K] ? undefined : never) };

/** What this desktop knows of a device, besides what the relay does. */
type DeviceFacts = DeviceList[number] & { isMine: boolean; hasNumber: boolean; keyCode: string | null; recoveredAt: number | null; shutOutBefore: { at: number | null } | null };

export type Membership = ReturnType<typeof createMembership>;

/** Every call throws AppError: OFFLINE, FORBIDDEN, NOT_ENROLLED, and what is named beside it. */
export function createMembership({ http, queries, state, ring, keys, record, hasNumber }: Deps) {
  return {
    /** `link` takes a new desktop in and brings it the team's key; the relay keeps only a hash of its code and never sees the rest, so it is shown once. */
    invite: async (input: WithUndefined<InviteRequest>): Promise<{ link: string; code: string; expiresAt: number }> => {
      if ((input.agentId === undefined) === (input.role === undefined)) throw new AppError('INVALID_INPUT', 'either the role of somebody new, or the agentId of a member');
      await keys.ready();
      const { logId, relayUrl } = queries.readMeta();
      const secrets = ring.readSecrets();
      const linkSecret = secrets.length === 0 || logId === null ? null : makeInviteSecret();
      const sealedRing = linkSecret && sealInvitedRing(secrets, linkSecret, logId ?? '');
      const { code, expiresAt } = await http.call({ method: 'POST', path: INVITES_PATH, body: { ...input, ...(sealedRing !== null && { sealedRing }) } }, inviteResponseSchema);
      const invite = linkSecret === null ? code : joinInvite(code, linkSecret);
      return { link: makeInviteLink(relayUrl ?? '', invite), code: invite, expiresAt };
    },

    /** Those that nobody has used yet. NOT_FOUND: the relay is of an older version. */
    invites: (): Promise<InviteList> => http.call({ method: 'GET', path: INVITES_PATH }, inviteListSchema),
    /** Nobody joins with it any more. NOT_FOUND: it was used, has expired or was withdrawn. */
    withdrawInvite: async ({ inviteId }: { inviteId: string }): Promise<void> => {
      await http.call({ method: 'POST', path: `${WITHDRAW_INVITE_PATH}/${encodeURIComponent(inviteId)}`, body: {} }, anything);
    },

    /** CHANGED_MEANWHILE if `from` no longer holds, LAST_ADMIN, NOT_FOUND. */
    change: async ({ agentId, ...change }: WithUndefined<MemberRequest> & { agentId: string }): Promise<void> => {
      await http.call({ method: 'POST', path: `${MEMBERS_PATH}/${encodeURIComponent(agentId)}`, body: change }, anything);
    },

    devices: async (): Promise<DeviceFacts[]> => {
      const devices = await http.call({ method: 'GET', path: DEVICES_PATH }, deviceListSchema);
      const { deviceId } = queries.readMeta();
      const isSet = await hasNumber();
      const codes = new Map(keys.listWaiting().map((waiting) => [waiting.deviceId, waiting.code]));
      const recoveredAt = record.recoveredAt();
      const returned = new Map(keys.listReturned().map(({ id, at }) => [id, { at }]));
      return devices.map((device) => ({
        ...device,
        isMine: device.id === deviceId,
        hasNumber: device.id === deviceId ? isSet : state.get('device_grant', [device.id]) !== undefined,
        keyCode: codes.get(device.id) ?? null,
        recoveredAt: recoveredAt.get(device.id) ?? null,
        shutOutBefore: device.revokedAt === null ? (returned.get(device.id) ?? null) : null,
      }));
    },

    giveKey: keys.give,
    /** `relayUrl`: where the code is of use, for the sheet. */
    recoveryCode: async (): Promise<{ code: string; epoch: number; relayUrl: string }> => ({ ...(await keys.recoveryCode()), relayUrl: queries.readMeta().relayUrl ?? '' }),
    noteSheet: keys.noteSheet,
    putOffKeyNotice: (notice: KeyNotice): void => record.putOff(notice),

    /** `wipe`: it also deletes everything it holds, when it next connects. NOT_FOUND. */
    revokeDevice: async ({ deviceId, wipe }: { deviceId: string; wipe: boolean }): Promise<void> => {
      await http.call({ method: 'POST', path: `${REVOKE_PATH}/${encodeURIComponent(deviceId)}`, body: { wipe } }, anything);
    },
  };
}
