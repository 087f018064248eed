/**
 * `Authorization: Bearer <device token>`. Invariants: only the token's hash is looked up, so the time of an answer tells
 * nothing about other tokens; a revoked device is nobody; strangers who guess are slowed down by address, desktops gone wild
 * by device.
 */
import type { RequestHandler, Response } from 'express';
import { shortId, type Log } from '../contract/log.ts';
import { createAttemptLimit, type AttemptLimit } from './attempt-limit.ts';
import type { AddressOf } from './client-address.ts';
import type { FindDevice } from './find-device.ts';
import type { Device } from './log-store/interface.ts';
import { refuseTooMany } from './request-limits.ts';

const FAILURES_MAX = 20;
const FAILURES_WINDOW_MS = 10 * 60 * 1000;

type Deps = {
  findDevice: FindDevice;
  now: () => number;
  /** For refusals, which anybody can cause. */
  strangersLog: Log;
  addressOf: AddressOf;
  /** Requests of each device. */
  requests: AttemptLimit;
};

/** @returns a handler that lets only enrolled devices pass; after it, `deviceOf(response)` is the one. A right token works however many wrong ones came before it. */
export function createDeviceAuth({ findDevice, now, strangersLog, addressOf, requests }: Deps): RequestHandler {
  const failures = createAttemptLimit({ max: FAILURES_MAX, windowMs: FAILURES_WINDOW_MS, now });
  return async (request, response, next) => {
    const device = await findDevice(request.get('authorization'), () => request.socket.destroyed);
    if (device === 'busy') return void response.status(503).set('Connection', 'close').json({ error: 'unavailable' });
    if (device?.revokedAt === null) {
      if (!requests.take(device.id)) {
        strangersLog('warn', 'http.device_too_fast', { device: shortId(device.id) });
        return refuseTooMany(response, requests.secondsLeft(device.id));
      }
      response.locals['device'] = device;
      return next();
    }
    strangersLog('warn', 'http.unauthorized');
    const isAllowed = failures.take(addressOf(request) ?? '');
    response.set('Connection', 'close'); // what it still wants to send is not read
    if (isAllowed) response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'unauthorized' });
    else response.status(429).json({ error: 'too_many_requests' });
  };
}

/** The device that asks, as it was when its token was read. */
export const deviceOf = (response: Response): Device => response.locals['device'] as Device;
