/**
 * Which addresses of the relay answer whom, and which frames it takes: `test/integration/authorisation/relay.test.ts` finds every route that the relay has and
 * every frame that the contract has, fails where one of them has no line here, and asks each as everybody.
 */
import { createHash } from 'node:crypto';
import {
  BLOB_CLAIMS_PATH,
  BLOBS_PATH,
  DEVICES_PATH,
  DIAGNOSTICS_PATH,
  ENROLL_PATH,
  ERASURES_PATH,
  INVITES_PATH,
  KEY_COPIES_PATH,
  MEMBERS_PATH,
  RENEW_PATH,
  REVOKE_PATH,
  SNAPSHOTS_PATH,
  WEBHOOK_SETTINGS_PATH,
  WITHDRAW_INVITE_PATH,
  WORKSPACE_KEYS_PATH,
} from '../../contract/wire-http.ts';
import { WEBHOOK_PATH, type ClientFrame } from '../../contract/wire.ts';
import type { Caller } from './engine.ts';

/** `anybody`: it needs no token. `secret`: it needs something else, as `what` says. */
export type Answered = 'anybody' | 'secret' | readonly Caller[];
export const MEMBERS: readonly Caller[] = ['agent', 'lead', 'admin'];
const LEADS: readonly Caller[] = ['lead', 'admin'];
const ADMINS: readonly Caller[] = ['admin'];

/** `otherDevice`, `otherAgent`: of somebody with the role of an agent who tries nothing. */
export type RelayThings = { otherDevice: string; otherAgent: string; logId: string };
export type RelayRequest = { path: string; body?: unknown; headers?: Record<string, string> };
export type RouteLine = { answers: Answered; what?: string; request: (things: RelayThings) => RelayRequest };

const SHA = createHash('sha256').update('a file').digest('hex');
const META = { stateVersion: 1, deviceSeqs: {}, bytes: 1, sha256: SHA, digest: '0'.repeat(16), seq: 1 };

/** By method and path, as the router has them. */
export const ROUTE_LINES: Record<string, RouteLine> = {
  [`GET ${WEBHOOK_PATH}`]: { answers: 'secret', what: 'with the verify token', request: () => ({ path: `${WEBHOOK_PATH}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong` }) },
  [`POST ${WEBHOOK_PATH}`]: { answers: 'secret', what: "with a signature by the app's secret", request: () => ({ path: WEBHOOK_PATH, body: {} }) },
  [`POST ${ENROLL_PATH}`]: { answers: 'secret', what: 'with an invite, once', request: () => ({ path: ENROLL_PATH, body: { invite: 'AAAA-BBBB-CCCC', agentName: 'A', deviceName: 'B' } }) },
  [`POST ${INVITES_PATH}`]: { answers: ADMINS, request: () => ({ path: INVITES_PATH, body: { role: 'agent', expiresInHours: 1 } }) },
  [`GET ${INVITES_PATH}`]: { answers: ADMINS, request: () => ({ path: INVITES_PATH }) },
  [`POST ${WITHDRAW_INVITE_PATH}/:id`]: { answers: ADMINS, request: () => ({ path: `${WITHDRAW_INVITE_PATH}/none`, body: {} }) },
  [`GET ${DEVICES_PATH}`]: { answers: MEMBERS, what: 'agents see their own', request: () => ({ path: DEVICES_PATH }) },
  [`POST ${RENEW_PATH}`]: { answers: MEMBERS, what: 'for themselves', request: () => ({ path: RENEW_PATH, body: { deviceName: 'copy' } }) },
  [`POST ${REVOKE_PATH}/:id`]: { answers: ADMINS, what: 'anybody their own', request: ({ otherDevice }) => ({ path: `${REVOKE_PATH}/${otherDevice}`, body: { wipe: false } }) },
  [`POST ${MEMBERS_PATH}/:id`]: { answers: ADMINS, request: ({ otherAgent }) => ({ path: `${MEMBERS_PATH}/${otherAgent}`, body: { from: 'agent', name: 'Otro' } }) },
  [`GET ${WORKSPACE_KEYS_PATH}`]: { answers: MEMBERS, what: 'their own copy', request: () => ({ path: WORKSPACE_KEYS_PATH }) },
  [`POST ${WORKSPACE_KEYS_PATH}`]: { answers: ADMINS, request: () => ({ path: WORKSPACE_KEYS_PATH, body: {} }) },
  [`POST ${KEY_COPIES_PATH}`]: { answers: ADMINS, request: () => ({ path: KEY_COPIES_PATH, body: {} }) },
  [`POST ${SNAPSHOTS_PATH}`]: { answers: MEMBERS, request: ({ logId }) => ({ path: SNAPSHOTS_PATH, body: { ...META, logId } }) },
  [`PUT ${SNAPSHOTS_PATH}/:id/:part`]: { answers: MEMBERS, what: 'the device that announced it', request: () => ({ path: `${SNAPSHOTS_PATH}/none/0`, body: 'x' }) },
  [`POST ${SNAPSHOTS_PATH}/:id`]: { answers: MEMBERS, what: 'the device that announced it', request: () => ({ path: `${SNAPSHOTS_PATH}/none` }) },
  [`GET ${SNAPSHOTS_PATH}/:seq/:stateVersion`]: { answers: MEMBERS, request: () => ({ path: `${SNAPSHOTS_PATH}/1/1` }) },
  [`GET ${SNAPSHOTS_PATH}/:seq/:stateVersion/:part`]: { answers: MEMBERS, request: () => ({ path: `${SNAPSHOTS_PATH}/1/1/0` }) },
  [`POST ${BLOBS_PATH}/:name`]: { answers: MEMBERS, request: () => ({ path: `${BLOBS_PATH}/${SHA}`, body: { bytes: 6 } }) },
  [`PUT ${BLOBS_PATH}/:name`]: { answers: MEMBERS, request: () => ({ path: `${BLOBS_PATH}/${SHA}?offset=0`, body: 'a file' }) },
  [`GET ${BLOBS_PATH}/:name`]: { answers: MEMBERS, request: () => ({ path: `${BLOBS_PATH}/${SHA}` }) },
  [`DELETE ${BLOBS_PATH}/:name`]: { answers: MEMBERS, what: 'sealed files that are not what their name says', request: () => ({ path: `${BLOBS_PATH}/${'ab'.repeat(32)}` }) },
  [`POST ${BLOB_CLAIMS_PATH}/:key`]: { answers: MEMBERS, request: () => ({ path: `${BLOB_CLAIMS_PATH}/key` }) },
  [`POST ${ERASURES_PATH}`]: { answers: LEADS, request: () => ({ path: ERASURES_PATH, body: { through: 0, files: [] } }) },
  [`GET ${DIAGNOSTICS_PATH}`]: { answers: MEMBERS, request: () => ({ path: DIAGNOSTICS_PATH }) },
  [`GET ${WEBHOOK_SETTINGS_PATH}`]: { answers: ADMINS, request: () => ({ path: WEBHOOK_SETTINGS_PATH }) },
  'GET /join': { answers: 'anybody', request: () => ({ path: '/join' }) },
  'GET /healthz': { answers: 'anybody', what: 'how much is in the log: this machine', request: () => ({ path: '/healthz' }) },
};

/** After the `hello`; before it nothing but the `hello` is taken. */
export const FRAME_LINES: Record<ClientFrame['t'], { answers: readonly Caller[]; what?: string }> = {
  hello: { answers: MEMBERS },
  push: { answers: MEMBERS, what: 'under their own name: the relay says who wrote it' },
  presence: { answers: MEMBERS, what: 'under their own name' },
  digest: { answers: MEMBERS },
};
