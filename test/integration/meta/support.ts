/** A stand-in for Meta with a receiver for its webhooks, and the calls that tests make to it. */
import { createMetaStandIn, DEFAULT_PHONE_NUMBER_ID, toStatusDelays, type MetaStandIn, type MetaStandInOptions } from '../../../main/demo/meta/stand-in.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

export const APP_SECRET = 'a secret of the test app';
export const CUSTOMER = '50255501234';

export type Reply = { status: number; body: GraphReply };
export type GraphReply = {
  messages?: { id: string }[];
  contacts?: Record<string, string>[];
  success?: boolean;
  error?: {
    message: string;
    type: string;
    code: number;
    error_subcode?: number;
    error_data?: { messaging_product: string; details: string };
    error_user_title?: string;
    error_user_msg?: string;
    fbtrace_id: string;
  };
};

export type Bench = {
  meta: MetaStandIn;
  receiver: WebhookReceiver;
  /** `POST /{phone number id}/messages`. */
  send(body: Record<string, unknown>): Promise<Reply>;
  sendText(text: string, extra?: Record<string, unknown>): Promise<Reply>;
  graph(method: string, path: string, init?: { headers?: Record<string, string>; body?: string | FormData }): Promise<Response>;
  stop(): Promise<void>;
};

export async function startBench(options: Partial<MetaStandInOptions> = {}): Promise<Bench> {
  const receiver = await startWebhookReceiver();
  const meta = createMetaStandIn({ webhookUrl: receiver.url, appSecret: APP_SECRET, seed: 1, statusDelays: toStatusDelays(2), retryBaseMs: 5, ...options });
  await meta.start();
  const graph: Bench['graph'] = (method, path, init = {}) =>
    fetch(`${meta.url()}/v26.0${path}`, { method, headers: { authorization: 'Bearer t', ...init.headers }, ...(init.body === undefined ? {} : { body: init.body }) });
  const send: Bench['send'] = async (body) => {
    const response = await graph('POST', `/${DEFAULT_PHONE_NUMBER_ID}/messages`, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return { status: response.status, body: (await response.json()) as GraphReply };
  };
  return {
    meta,
    receiver,
    graph,
    send,
    sendText: (text, extra = {}) => send({ messaging_product: 'whatsapp', to: `+${CUSTOMER}`, type: 'text', text: { body: text }, ...extra }),
    stop: async () => {
      await meta.stop();
      await receiver.stop();
    },
  };
}
