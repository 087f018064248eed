/**
 * An invite becomes a device. Invariants: a code works once; the token is shown to the desktop that asked and to nobody
 * else; the role comes from the invite or the member, never from the request; a right code works however many wrong ones came before it.
 */
import type { Request, Response } from 'express';
import { shortId, type Log } from '../contract/log.ts';
import { enrollRequestSchema, type EnrollError, type EnrollResponse } from '../contract/wire-http.ts';
import { createAttemptLimit } from './attempt-limit.ts';
import type { AddressOf } from './client-address.ts';
import { hashDeviceToken, hashInviteCode, makeDeviceToken } from './invite-code.ts';
import type { LogStore } from './log-store/interface.ts';
import type { RelayPorts } from './system-ports.ts';

/** Failures of one address that are told their reason. Codes cannot be guessed anyway; beyond this, guessing does not even learn which are expired. */
const FAILURES_MAX = 20;
const FAILURES_WINDOW_MS = 10 * 60 * 1000;

const ERROR_STATUS: Record<EnrollError, number> = { bad_request: 400, invite_unknown: 404, invite_used: 409, invite_expired: 410, invite_withdrawn: 410, too_many_requests: 429 };

type Deps = { store: LogStore; ports: RelayPorts; log: Log; /** For refusals, which anybody can cause. */ strangersLog: Log; addressOf: AddressOf; onEnrolled: () => void };

/** Handler of `POST /api/enroll`; bodies as in `contract/wire-http.ts`. */
export function createEnrollHandler({ store, ports, log, strangersLog, addressOf, onEnrolled }: Deps): (request: Request, response: Response) => Promise<void> {
  const failures = createAttemptLimit({ max: FAILURES_MAX, windowMs: FAILURES_WINDOW_MS, now: ports.now });

  return async (request, response) => {
    const address = addressOf(request) ?? '';
    const refuse = (reason: EnrollError): void => {
      const error = failures.take(address) ? reason : 'too_many_requests';
      strangersLog('warn', 'enroll.refused', { error });
      response.status(ERROR_STATUS[error]).json({ error });
    };

    const parsed = enrollRequestSchema.safeParse(request.body);
    if (!parsed.success) return refuse('bad_request');
    const { invite, agentName, deviceName, publicKey } = parsed.data;
    const token = makeDeviceToken(ports);
    const outcome = await store.enroll({ inviteHash: hashInviteCode(invite), tokenHash: hashDeviceToken(token), deviceId: ports.newId(), deviceName, publicKey, newAgentId: ports.newId(), agentName });
    if (outcome.status !== 'enrolled') return refuse(outcome.status);
    const { device, sealedRing } = outcome;
    onEnrolled();
    log('info', 'device.enrolled', { device: shortId(device.id), role: device.role });
    response.json({ deviceId: device.id, token, logId: store.logId, agentId: device.agentId, agentName: device.agentName, role: device.role, sealedRing } satisfies EnrollResponse);
  };
}
