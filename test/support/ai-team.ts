/** A team whose desktops draft with a real model's server over HTTP. */
import type { AiSettings } from '../../contract/ai/ai-entities.ts';
import type { ConversationAiView, RunningView } from '../../contract/ai/ai-views.ts';
import { OP_LEVEL } from '../../contract/ops/op.ts';
import { createModelStandIn, type ModelSetting, type ModelStandIn } from '../../main/demo/model/stand-in.ts';
import type { ContractClient } from './desk.ts';
import type { Desktop, Team } from './team.ts';
import { waitUntil } from './wait-until.ts';

export type AiClient = ContractClient | Desktop['client'];
export const CUSTOMER = { from: '+50255551234', name: 'María Xicay' };
const WITHIN_MS = 15_000;

/** Ends with the team. */
export async function startModel(team: Team, setting: ModelSetting = {}): Promise<ModelStandIn> {
  const model = createModelStandIn({ key: 'sk-of-the-tests' });
  await model.start();
  team.atEnd(() => model.stop());
  model.set(setting);
  return model;
}

export const customerWrites = (team: Team, text: string, who = CUSTOMER): void => void team.meta.customerWrites({ ...who, text, timestamp: Math.floor(Date.now() / 1000) });

export const isReady = (client: AiClient) =>
  waitUntil(
    'everybody reads what this program writes',
    async () => (await client.team.directory({})).members.some(({ isMe }) => isMe) && (await client.session.sync({})).writeLevel >= OP_LEVEL,
    WITHIN_MS,
  );

export async function changeSettings(client: AiClient, change: (settings: AiSettings) => AiSettings): Promise<void> {
  const { settings } = await client.ai.state();
  await client.team.setSetting({ from: { key: 'ai', value: settings }, to: { key: 'ai', value: change(settings) } });
}

/** By an admin: this model, with its key on this desktop. */
export async function useModel(client: AiClient, model: ModelStandIn, more: Partial<AiSettings> = {}): Promise<void> {
  const baseUrl = model.baseUrl();
  await changeSettings(client, (settings) => ({ ...settings, provider: { ...settings.provider, profile: 'custom', baseUrl, model: 'stand-in' }, ...more }));
  await client.ai.setKey({ key: 'sk-of-the-tests', baseUrl });
}

export const conversationOf = (client: AiClient, name = CUSTOMER.name): Promise<string> =>
  waitUntil('the customer is in the list', async () => (await client.conversations.list({})).items.find(({ contact }) => contact.name === name)?.id ?? null, WITHIN_MS);

/** The log may not have told this desktop of the conversation yet. */
export const untilAi = (client: AiClient, conversationId: string, what: string, is: (view: ConversationAiView) => boolean, withinMs = WITHIN_MS): Promise<ConversationAiView> =>
  waitUntil(
    what,
    async () => {
      if ((await client.conversations.byIds({ ids: [conversationId] })).length === 0) return null;
      const view = await client.ai.conversation({ conversationId });
      return is(view) ? view : null;
    },
    withinMs,
  );
export const isLive = ({ draft }: ConversationAiView): boolean => draft?.state === 'ready' || draft?.state === 'edited';

/** Everything that is told of a conversation, until `isLast`. */
export async function collect(client: AiClient, conversationId: string, isLast: (view: RunningView) => boolean): Promise<RunningView[]> {
  const seen: RunningView[] = [];
  const stop = new AbortController();
  for await (const view of await client.ai.watch({ conversationId }, { signal: stop.signal })) {
    seen.push(view);
    if (isLast(view)) break;
  }
  stop.abort();
  return seen;
}

/** Chat calls that came to the model, as text. */
export const asked = (model: ModelStandIn): string[] =>
  model
    .journal()
    .filter(({ path, body }) => path.endsWith('/chat/completions') && body !== null)
    .map(({ body }) => JSON.stringify(body));
