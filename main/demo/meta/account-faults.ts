/** What can be wrong with app, token, number and account at Meta: what the connection doctor has to find. Part of `POST /_faults`. */
import { z } from 'zod';

export const accountFaultsShape = {
  noSubscribedApp: z.boolean().describe('The account has no app subscribed: GET subscribed_apps is empty, and no webhook leaves'),
  missingFields: z.array(z.string()).describe('Webhook fields that the app is not subscribed to'),
  callbackUrl: z.string().nullable().describe('The app has another callback URL on file than the one webhooks really go to'),
  subscriptionsInactive: z.boolean().describe('The webhook of the app is switched off'),
  token: z.enum(['expired', 'invalid']).nullable().describe('Every call is refused because the token has expired, or is none'),
  tokenExpiresInS: z.number().int().min(1).max(100_000_000).nullable().describe('The token ends so many seconds from now; null: never'),
  missingPermissions: z.array(z.string()).describe('Permissions that the token lacks'),
  quality: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).describe('Quality rating of the number'),
  numberStatus: z.string().min(1).describe('Status of the number: CONNECTED, RESTRICTED, BANNED, DISCONNECTED …'),
  canSend: z.enum(['AVAILABLE', 'LIMITED', 'BLOCKED']).describe('health_status of the number'),
  limitReached: z.boolean().describe('The number has reached how many people it may write to in a day'),
  clockSkewMs: z.number().int().min(-86_400_000).max(86_400_000).describe("Meta's clock, as its Date header tells it, is so far ahead"),
};

export const NO_ACCOUNT_FAULTS = {
  noSubscribedApp: false,
  callbackUrl: null,
  subscriptionsInactive: false,
  token: null,
  tokenExpiresInS: null,
  quality: 'GREEN',
  numberStatus: 'CONNECTED',
  canSend: 'AVAILABLE',
  limitReached: false,
  clockSkewMs: 0,
} as const;

export const ACCOUNT_FAULT_EXAMPLES = {
  noSubscribedApp: true,
  missingFields: ['messages'],
  callbackUrl: 'https://old.example.com/webhook',
  subscriptionsInactive: true,
  token: 'expired' as const,
  tokenExpiresInS: 86_400,
  missingPermissions: ['whatsapp_business_management'],
  quality: 'RED' as const,
  numberStatus: 'RESTRICTED',
  canSend: 'BLOCKED' as const,
  limitReached: true,
  clockSkewMs: 600_000,
};
