/**
 * What Meta says of the token, the number and the account: reads only, for the connection doctor. Nothing is lost or repeated here,
 * so a lost answer and none at all are the same. The token goes to the configured host only, never along a redirect.
 * Source: Graph API, "Debug token"; Cloud API, "Business phone numbers", "Health status", "Subscribe to a WABA".
 */
import { z } from 'zod';
import { errorText } from '../../../contract/log.ts';
import { parseJson } from '../../../contract/json.ts';
import { shortenError, type MessageError } from '../../../contract/whatsapp/message-content.ts';
import { errorAnswerSchema, GRAPH_VERSION, isOutage, networkCodeOf, parseGraphBaseUrl, readText } from './graph-call.ts';

/** `metaNow`: Meta's clock by its Date header (ms, whole seconds); null: not told. `no_token`: none is kept here. */
export type Reading<T> =
  | { status: 'ok'; value: T; tookMs: number; metaNow: number | null }
  | { status: 'refused'; error: MessageError; subcode: number | null; metaNow: number | null }
  | { status: 'unreachable'; isOutage: boolean; detail: string; metaNow: null }
  | { status: 'no_token'; metaNow: null };

const text = z.string().max(2_000);
const tokenSchema = z
  .object({
    data: z.object({ app_id: text.optional(), is_valid: z.boolean(), expires_at: z.number().optional(), data_access_expires_at: z.number().optional(), scopes: z.array(text).default([]) }),
  })
  .transform(({ data }) => ({
    appId: data.app_id ?? null,
    isValid: data.is_valid,
    /** Null: never, or not told. Tokens of people also lose their access to data at a time of their own. */
    expiresAt: earliest([data.expires_at, data.data_access_expires_at]),
    scopes: data.scopes,
  }));
export type TokenFacts = z.infer<typeof tokenSchema>;

const entitySchema = z.object({
  entity_type: text.optional(),
  can_send_message: text.optional(),
  errors: z.array(z.object({ error_code: z.number().int().optional(), error_description: text.optional(), possible_solution: text.optional() })).default([]),
});
const numberSchema = z
  .object({
    status: text.optional(),
    quality_rating: text.optional(),
    whatsapp_business_manager_messaging_limit: text.optional(),
    throughput: z.object({ level: text.optional() }).optional(),
    health_status: z.object({ can_send_message: text.optional(), entities: z.array(entitySchema).default([]) }).optional(),
  })
  .transform((number) => ({
    status: number.status ?? null,
    quality: number.quality_rating ?? null,
    limit: number.whatsapp_business_manager_messaging_limit ?? null,
    throughput: number.throughput?.level ?? null,
    canSend: number.health_status?.can_send_message ?? null,
    problems: (number.health_status?.entities ?? [])
      .filter((entity) => entity.can_send_message !== undefined && entity.can_send_message !== 'AVAILABLE')
      .map(({ entity_type, errors }) => ({
        entity: entity_type ?? '',
        code: errors[0]?.error_code ?? null,
        description: errors[0]?.error_description ?? null,
        solution: errors[0]?.possible_solution ?? null,
      })),
  }));
export type NumberFacts = z.infer<typeof numberSchema>;

const appsSchema = z
  .object({ data: z.array(z.object({ whatsapp_business_api_data: z.object({ id: text.optional(), name: text.optional() }).optional() })) })
  .transform(({ data }) => data.map(({ whatsapp_business_api_data: app }) => ({ id: app?.id ?? null, name: app?.name ?? null })));
export type SubscribedApp = z.infer<typeof appsSchema>[number];

const subcodeSchema = z.object({ error: z.object({ error_subcode: z.number().int() }) });

export type AccountReader = {
  /** `GET /debug_token`: the token about itself. */
  readToken(signal: AbortSignal): Promise<Reading<TokenFacts>>;
  readNumber(phoneNumberId: string, signal: AbortSignal): Promise<Reading<NumberFacts>>;
  /** `GET /{WABA}/subscribed_apps`. */
  readApps(wabaId: string, signal: AbortSignal): Promise<Reading<SubscribedApp[]>>;
};

type Deps = { baseUrl: string; fetch: typeof fetch; getToken: () => Promise<string | null>; now: () => number };

export function createAccountReader({ baseUrl, fetch, getToken, now }: Deps): AccountReader {
  const base = parseGraphBaseUrl(baseUrl);

  const get = async <T>(pathOf: (token: string) => string, schema: z.ZodType<T>, signal: AbortSignal): Promise<Reading<T>> => {
    const unreachable = (detail: string, outage = false): Reading<T> => ({ status: 'unreachable', isOutage: outage, detail, metaNow: null });
    let token: string | null;
    try {
      token = await getToken();
    } catch (error) {
      return unreachable(`no token: ${errorText(error)}`);
    }
    if (token === null) return { status: 'no_token', metaNow: null };
    const begun = now();
    let response: Response;
    let body: string;
    try {
      response = await fetch(new URL(`${GRAPH_VERSION}/${pathOf(token)}`, base), { headers: { authorization: `Bearer ${token}` }, redirect: 'error', signal });
      body = await readText(response);
    } catch (error) {
      return unreachable(networkCodeOf(error));
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    const metaNow = Number.isNaN(date) ? null : date;
    const json = parseJson(body);
    const failure = errorAnswerSchema.safeParse(json);
    if (failure.success) {
      const { code, message, error_data: data } = failure.data.error;
      if (isOutage(code, response.status)) return unreachable(`code ${code}`, true);
      const subcode = subcodeSchema.safeParse(json);
      return { status: 'refused', error: shortenError({ code, title: message ?? '', detail: data?.details ?? null }), subcode: subcode.success ? subcode.data.error.error_subcode : null, metaNow };
    }
    const answer = schema.safeParse(json);
    return response.ok && answer.success ? { status: 'ok', value: answer.data, tookMs: now() - begun, metaNow } : unreachable(`http ${response.status}`);
  };

  return {
    readToken: (signal) => get((token) => `debug_token?input_token=${encodeURIComponent(token)}`, tokenSchema, signal),
    readNumber: (phoneNumberId, signal) =>
      get(() => `${encodeURIComponent(phoneNumberId)}?fields=status,quality_rating,whatsapp_business_manager_messaging_limit,throughput,health_status`, numberSchema, signal),
    readApps: (wabaId, signal) => get(() => `${encodeURIComponent(wabaId)}/subscribed_apps`, appsSchema, signal),
  };
}

/** Of times in seconds; 0 and none: never. @returns ms. */
function earliest(times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined && time > 0) as number[];
  return known.length === 0 ? null : Math.min(...known) * 1000;
}
