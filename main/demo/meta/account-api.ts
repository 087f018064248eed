/**
 * What Meta tells about app, token and number: `debug_token`, the app's webhook subscription, the account's subscribed apps, and the
 * fields of a phone number with its health (Graph API, "Debug token", "App subscriptions"; Cloud API, "Health status").
 */
import express, { type Response, type Router } from 'express';
import { ADVISED_FIELDS, NEEDED_FIELD, NEEDED_PERMISSIONS } from '../../../contract/whatsapp/webhook-fields.ts';
import { APP_ID } from './app-id.ts';
import type { FaultBox } from './faults.ts';
import type { Account } from './graph-api.ts';
import { noSuchObject, type GraphError } from './graph-errors.ts';

type Deps = {
  account: Account;
  appSecret: string;
  /** Where webhooks go; null: nowhere. */
  webhookUrl: string | null;
  faults: FaultBox;
  isSubscribed: () => boolean;
  subscribe: (isSubscribed: boolean) => void;
  now: () => number;
  refuse: (response: Response, error: GraphError) => void;
};

/** The app asks for itself, with its secret, before any user's token is looked at. */
export function createAppApi({ appSecret, webhookUrl, faults, refuse }: Deps): Router {
  const router = express.Router();
  router.get('/:id/subscriptions', (request, response) => {
    if (request.headers.authorization !== `Bearer ${APP_ID}|${appSecret}`) return refuse(response, { code: 190, status: 401, details: 'An app access token is needed for this call' });
    if (request.params.id !== APP_ID) return refuse(response, noSuchObject(request.params.id));
    const { callbackUrl, missingFields, subscriptionsInactive } = faults.current();
    const address = callbackUrl ?? webhookUrl;
    const fields = [NEEDED_FIELD, ...ADVISED_FIELDS].filter((field) => !missingFields.includes(field)).map((name) => ({ name, version: 'v25.0' }));
    response.json({ data: address === null ? [] : [{ object: 'whatsapp_business_account', callback_url: address, active: !subscriptionsInactive, fields }] });
  });
  return router;
}

export function createAccountApi({ account, faults, isSubscribed, subscribe, now, refuse }: Deps): Router {
  const router = express.Router();

  router.get('/debug_token', (request, response) => {
    if (typeof request.query['input_token'] !== 'string') return refuse(response, { code: 100, details: 'input_token: is missing' });
    const { tokenExpiresInS, missingPermissions } = faults.current();
    response.json({
      data: {
        app_id: APP_ID,
        type: 'SYSTEM_USER',
        application: 'Bandeja',
        is_valid: true,
        expires_at: tokenExpiresInS === null ? 0 : Math.floor(now() / 1000) + tokenExpiresInS,
        data_access_expires_at: 0,
        scopes: NEEDED_PERMISSIONS.filter((permission) => !missingPermissions.includes(permission)),
      },
    });
  });

  router.all('/:id/subscribed_apps', (request, response) => {
    if (request.params.id !== account.wabaId) return refuse(response, noSuchObject(request.params.id));
    if (request.method === 'GET') {
      const isThere = isSubscribed() && !faults.current().noSubscribedApp;
      response.json({ data: isThere ? [{ whatsapp_business_api_data: { id: APP_ID, name: 'Bandeja', link: 'https://bandeja.example' } }] : [] });
      return;
    }
    if (request.method !== 'POST' && request.method !== 'DELETE') return refuse(response, { code: 100, details: `subscribed_apps knows no ${request.method}` });
    subscribe(request.method === 'POST');
    response.json({ success: true });
  });

  router.get('/:id', (request, response, next) => {
    if (request.params.id !== account.phoneNumberId) return next();
    const fields = readPhoneFields(account, faults, request.query['fields']);
    if ('unknown' in fields) return refuse(response, { code: 100, details: `fields: there is no field ${fields.unknown} on a phone number` });
    response.json(fields.values);
  });
  return router;
}

const DEFAULT_FIELDS = ['verified_name', 'code_verification_status', 'display_phone_number', 'quality_rating', 'platform_type', 'throughput'];

function readPhoneFields(account: Account, faults: FaultBox, query: unknown): { values: Record<string, unknown> } | { unknown: string } {
  const { quality, numberStatus, canSend, limitReached } = faults.current();
  const numberState = limitReached && canSend === 'AVAILABLE' ? 'LIMITED' : canSend;
  const errors = limitReached
    ? [{ error_code: 131064, error_description: 'The messaging limit of the number has been reached.', possible_solution: 'Wait until the limit is lifted.' }]
    : canSend === 'AVAILABLE'
      ? []
      : [{ error_code: 131031, error_description: 'The number may not send at the moment.', possible_solution: 'Look at the account in Business Support Home.' }];
  const available: Record<string, unknown> = {
    id: account.phoneNumberId,
    verified_name: account.verifiedName,
    display_phone_number: account.displayPhoneNumber,
    quality_rating: quality,
    code_verification_status: 'VERIFIED',
    name_status: 'APPROVED',
    platform_type: 'CLOUD_API',
    status: numberStatus,
    account_mode: 'LIVE',
    throughput: { level: 'STANDARD' },
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    health_status: {
      can_send_message: numberState,
      entities: [
        { entity_type: 'PHONE_NUMBER', id: account.phoneNumberId, can_send_message: numberState, ...(errors.length > 0 && { errors }) },
        { entity_type: 'WABA', id: account.wabaId, can_send_message: 'AVAILABLE' },
      ],
    },
  };
  const names = typeof query === 'string' && query !== '' ? query.split(',').map((name) => name.trim()) : DEFAULT_FIELDS;
  const unknown = names.find((name) => !Object.hasOwn(available, name));
  if (unknown !== undefined) return { unknown };
  return { values: Object.fromEntries([...names, 'id'].map((name) => [name, available[name]])) };
}
