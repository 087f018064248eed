/**
 * What Meta has on file for the app's webhook, and whether that address leads here. Invariants: the app secret goes to the Graph API
 * only, over https (http only on this machine), never along a redirect; the verify token goes nowhere: the address on file, which may
 * be a stranger's, is asked with a word that is good for this one question. Source: Graph API, "App subscriptions" (app access token:
 * `{app id}|{app secret}`); Webhooks, "Verification requests".
 */
import { z } from 'zod';
import { parseJson } from '../contract/json.ts';
import type { RelayDiagnostics } from '../contract/wire-http.ts';
import { isSameSecret } from './signature.ts';

const GRAPH_VERSION = 'v25.0';
/** Together below what a desktop waits for the whole answer. */
const GRAPH_WITHIN_MS = 3_500;
const CALLBACK_WITHIN_MS = 3_000;
const ANSWER_MAX_BYTES = 200_000;

const answerSchema = z.object({
  data: z.array(
    z.object({
      object: z.string(),
      callback_url: z.string().max(2_000).optional(),
      active: z.boolean().optional(),
      fields: z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])).default([]),
    }),
  ),
});
const errorSchema = z.object({ error: z.object({ code: z.number().int() }) });

type Found = Pick<RelayDiagnostics, 'subscription' | 'callback'>;
type Subscription = NonNullable<Found['subscription']>;

export type AppSubscription = {
  /** Never rejects: what could not be asked is said in the answer. */
  look(): Promise<Found>;
  /** Whether a verification request is our own question, asked through the address at Meta. */
  isOwnQuestion(token: string): boolean;
};

type Deps = { appId: string | undefined; appSecret: string; graphBaseUrl: string; fetch: typeof fetch; newSecret: () => string };

/** What Meta has on file, asked with the app's own token. Never rejects. */
export async function readAppSubscription({ appId, appSecret, graphBaseUrl, fetch }: Pick<Deps, 'appSecret' | 'graphBaseUrl' | 'fetch'> & { appId: string }): Promise<Subscription> {
  const failed = (error: string): Subscription => ({ callbackUrl: null, fields: [], isActive: false, error });
  try {
    const response = await fetch(new URL(`${GRAPH_VERSION}/${appId}/subscriptions`, graphBaseUrl.endsWith('/') ? graphBaseUrl : `${graphBaseUrl}/`), {
      headers: { authorization: `Bearer ${appId}|${appSecret}` },
      redirect: 'error',
      signal: AbortSignal.timeout(GRAPH_WITHIN_MS),
    });
    const json = parseJson(await readStart(response));
    const refusal = errorSchema.safeParse(json);
    if (refusal.success) return failed(`code ${refusal.data.error.code}`);
    const answer = answerSchema.safeParse(json);
    if (!response.ok || !answer.success) return failed(`http ${response.status}`);
    const found = answer.data.data.find(({ object }) => object === 'whatsapp_business_account');
    return { callbackUrl: found?.callback_url ?? null, fields: found?.fields ?? [], isActive: found?.active ?? false, error: null };
  } catch {
    return failed('no answer');
  }
}

export function createAppSubscription({ appId, appSecret, graphBaseUrl, fetch, newSecret }: Deps): AppSubscription {
  const asked = new Set<string>();
  let underWay: Promise<Found> | null = null;

  const tryCallback = async (address: string): Promise<NonNullable<Found['callback']>> => {
    const url = URL.parse(address);
    if (!url || !isSafe(url)) return { isOurs: false, detail: 'not https' };
    const token = newSecret();
    const challenge = newSecret();
    for (const [name, value] of Object.entries({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': challenge })) url.searchParams.set(name, value);
    asked.add(token);
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(CALLBACK_WITHIN_MS) });
      const text = await readStart(response);
      return response.status === 200 && text === challenge ? { isOurs: true, detail: 'answered' } : { isOurs: false, detail: `other answer: http ${response.status}` };
    } catch {
      return { isOurs: false, detail: 'unreachable' };
    } finally {
      asked.delete(token);
    }
  };

  const look = async (): Promise<Found> => {
    if (appId === undefined) return { subscription: null, callback: null };
    const subscription = await readAppSubscription({ appId, appSecret, graphBaseUrl, fetch });
    const address = subscription.callbackUrl;
    return { subscription, callback: address === null ? null : await tryCallback(address) };
  };

  return {
    look: () => {
      // Desktops that look at the same time are one question to Meta.
      underWay ??= look().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    isOwnQuestion: (token) => [...asked].some((own) => isSameSecret(token, own)),
  };
}

/** No more than an answer of Meta can be: a stranger may send without end. */
async function readStart({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) break; // which ends the line
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** https, or http on this machine. */
const isSafe = (url: URL): boolean => url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname));
