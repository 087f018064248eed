/**
 * Every address that the relay answers, and how. Invariant: nothing else is looked at any further, neither its body nor
 * its token; what is refused is not repeated in the answer.
 */
import type { RequestHandler } from 'express';
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
} from '../contract/wire-http.ts';
import { WEBHOOK_PATH } from '../contract/wire.ts';
import { JOIN_PATH } from './join-page.ts';

export const HEALTH_PATH = '/healthz';

/** `:` stands for one part of the path. `GET` includes `HEAD`. */
const ROUTES: [path: string, ...methods: string[]][] = [
  [WEBHOOK_PATH, 'GET', 'POST'],
  [HEALTH_PATH, 'GET'],
  [JOIN_PATH, 'GET'],
  [ENROLL_PATH, 'POST'],
  [DEVICES_PATH, 'GET'],
  [RENEW_PATH, 'POST'],
  [`${REVOKE_PATH}/:`, 'POST'],
  [INVITES_PATH, 'GET', 'POST'],
  [`${WITHDRAW_INVITE_PATH}/:`, 'POST'],
  [`${MEMBERS_PATH}/:`, 'POST'],
  [WORKSPACE_KEYS_PATH, 'GET', 'POST'],
  [KEY_COPIES_PATH, 'POST'],
  [SNAPSHOTS_PATH, 'POST'],
  [`${SNAPSHOTS_PATH}/:`, 'POST'],
  // `<id>/<part>` to write, `<seq>/<state version>` to read.
  [`${SNAPSHOTS_PATH}/:/:`, 'GET', 'PUT'],
  [`${SNAPSHOTS_PATH}/:/:/:`, 'GET'],
  [`${BLOBS_PATH}/:`, 'GET', 'POST', 'PUT', 'DELETE'],
  [`${BLOB_CLAIMS_PATH}/:`, 'POST'],
  [ERASURES_PATH, 'POST'],
  [DIAGNOSTICS_PATH, 'GET'],
  [WEBHOOK_SETTINGS_PATH, 'GET'],
];

const exact = new Map(ROUTES.map((route) => [route[0], route]));
const patterns = ROUTES.filter(([path]) => path.includes(':')).map((route) => ({ route, form: new RegExp(`^${route[0].replaceAll(':', '[^/]+')}$`) }));
const findRoute = (path: string): (typeof ROUTES)[number] | undefined => exact.get(path) ?? patterns.find(({ form }) => form.test(path))?.route;

/** The pattern that a path fits, for counting; never the path itself. */
export const nameRoute = (path: string): string => findRoute(path)?.[0] ?? 'other';

/** Lets through what is answered somewhere; 404 and 405 for the rest. */
export const refuseUnknownRoutes: RequestHandler = ({ path, method }, response, next) => {
  const route = findRoute(path);
  const [, ...methods] = route ?? [''];
  if (methods.includes(method === 'HEAD' ? 'GET' : method)) return next();
  response.set('Connection', 'close'); // a body that comes with it is not read
  if (!route) response.status(404).json({ error: 'not_found' });
  else response.status(405).set('Allow', methods.join(', ')).json({ error: 'method_not_allowed' });
};
