/**
 * The first steps of a workspace, read from what is there, and what an admin types into Meta's App Dashboard. Invariant: the verify
 * token passes through to the window that asked for it, and is kept and logged nowhere.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Session } from '../../../contract/entities.ts';
import type { BusinessHours } from '../../../contract/rules/business-hours.ts';
import { parseJson } from '../../../contract/json.ts';
import { mayAdminister } from '../../../contract/rules/rights.ts';
import type { About, SetupState } from '../../../contract/setup-api.ts';
import { WEBHOOK_PATH } from '../../../contract/wire.ts';
import { WEBHOOK_SETTINGS_PATH, webhookSettingsSchema, type WebhookSettings } from '../../../contract/wire-http.ts';
import { messageContentSchema } from '../../../contract/whatsapp/message-content.ts';
import type { TemplateList } from '../../../contract/work-entities.ts';
import type { AiState } from '../../../contract/ai/ai-views.ts';
import type { SetupQueries } from '../db/setup-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import { readOpenNow } from '../hours/open-now.ts';
import type { GraphCall } from '../whatsapp/graph-call.ts';
import type { RelayHttp } from '../sync/relay-http.ts';

const SUBSCRIBE_WITHIN_MS = 15_000;
const subscribedSchema = z.object({ success: z.literal(true) });
const META_HOST = 'graph.facebook.com';
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

type Deps = {
  graphBaseUrl: string;
  version: string;
  /** `process.versions` and the name of the system. */
  host: { node: string; electron: string | null; chromium: string | null; system: string };
  queries: SetupQueries;
  sync: SyncQueries;
  http: RelayHttp;
  graph: GraphCall;
  readNumber: () => { wabaId: string | null } | null;
  readSession: () => Session;
  nameOf: (conversationId: string) => string;
  listTemplates: () => TemplateList;
  readAi: () => Promise<AiState>;
  /** Relay time, ms. */
  now: () => number;
};
export type SetupFeature = ReturnType<typeof createSetup>;

export function createSetup({ graphBaseUrl, version, host, queries, sync, http, graph, readNumber, readSession, nameOf, listTemplates, readAi, now }: Deps) {
  const requireAdmin = (): void => {
    const { me } = readSession();
    if (!me) throw new AppError('NOT_ENROLLED');
    if (!mayAdminister(me)) throw new AppError('FORBIDDEN', 'only an admin connects the webhook');
  };
  const askRelay = async (): Promise<WebhookSettings> => {
    requireAdmin();
    return http.call({ method: 'GET', path: WEBHOOK_SETTINGS_PATH }, webhookSettingsSchema);
  };

  const newestMessage = (): SetupState['newestMessage'] => {
    const row = queries.findNewestInbound();
    const content = row && messageContentSchema.safeParse(parseJson(row.content));
    return content?.success ? { id: row!.id, conversationId: row!.conversationId, name: nameOf(row!.conversationId), content: content.data, at: row!.at } : null;
  };

  return {
    state: async (): Promise<SetupState> => {
      const { settings, key } = await readAi();
      const { builtins } = listTemplates();
      return {
        standIn: URL.parse(graphBaseUrl)?.hostname === META_HOST ? null : graphBaseUrl,
        relayUrl: sync.readMeta().relayUrl,
        newestMessage: newestMessage(),
        templates: { ready: builtins.filter(({ state }) => state === 'ok').length, total: builtins.length },
        hasHours: queries.hasSetting('businessHours'),
        ai: { hasModel: settings.provider.profile !== 'builtin' && (key === 'set' || key === 'not_needed'), articles: queries.countArticles() },
      };
    },

    /** @throws AppError FORBIDDEN, NOT_ENROLLED, OFFLINE, NOT_FOUND (an older relay) */
    webhook: async (): Promise<{ callbackUrl: string; isPublic: boolean }> => {
      const { publicUrl } = await askRelay();
      // A relay that was not told its address is reached by Meta where desktops reach it.
      const callback = new URL(WEBHOOK_PATH, publicUrl ?? sync.readMeta().relayUrl ?? '');
      return { callbackUrl: callback.href, isPublic: callback.protocol === 'https:' && !LOOPBACK.includes(callback.hostname) };
    },
    verifyToken: async (): Promise<{ verifyToken: string }> => {
      const { verifyToken } = await askRelay();
      return { verifyToken };
    },

    /** Source: Cloud API, "Subscribe to a WABA". @throws AppError FORBIDDEN, NOT_ENROLLED */
    subscribeApp: async (): Promise<{ status: 'done' | 'no_account' | 'refused' | 'unreachable'; detail: string | null }> => {
      requireAdmin();
      const wabaId = readNumber()?.wabaId ?? null;
      if (wabaId === null) return { status: 'no_account', detail: null };
      const result = await graph({ method: 'POST', path: `${wabaId}/subscribed_apps`, schema: subscribedSchema, signal: AbortSignal.timeout(SUBSCRIBE_WITHIN_MS) });
      if (result.status === 'ok') return { status: 'done', detail: null };
      // Subscribing twice is subscribing once: an answer that was lost can be asked for again.
      return result.status === 'refused' ? { status: 'refused', detail: result.error.detail ?? result.error.title } : { status: 'unreachable', detail: result.detail };
    },

    openNow: (hours: BusinessHours) => readOpenNow(hours, now()),
    about: (): About => ({ version, sqlite: queries.sqliteVersion(), ...host }),
  };
}
