/** What survives when processes die and lines break: nothing lost, nothing doubled, nothing sent twice. */
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation, ConversationSummary, Message } from '../../../contract/entities.ts';
import { createMetaStandIn, toStatusDelays } from '../../../main/demo/meta/stand-in.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let stop: (() => Promise<unknown>)[];

beforeEach(async () => {
  team = await startTeam();
  stop = [() => team.stop()];
});
afterEach(async () => {
  for (const end of stop.toReversed()) await end();
});

/** An engine in a process of its own, spoken to over its REST API. */
async function startEngineProcess(dataDir = team.makeDataDir(), args?: string[], env: Record<string, string> = {}) {
  const started = await startProgram('main/engine/cli.ts', args ?? (await team.engineArgs(dataDir)), { ...team.engineEnv, ...env });
  stop.push(() => started.kill());
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${started.ready.url}/api${path}`, {
      method,
      headers: { authorization: 'Bearer api-token', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    program: started as Program,
    dataDir,
    list: async () => (await api<{ items: ConversationSummary[] }>('GET', '/whatsapp/conversations?status=active&limit=200')).items,
    get: (id: string) => api<Conversation & { messages: Message[] }>('GET', `/whatsapp/conversations/${id}?messages=200`),
    reply: (id: string, text: string) => api<Message>('POST', `/whatsapp/conversations/${id}/messages`, { text }),
  };
}
type EngineProcess = Awaited<ReturnType<typeof startEngineProcess>>;

const restartEngine = async (engine: EngineProcess): Promise<EngineProcess> => startEngineProcess(engine.dataDir, ['--data-dir', engine.dataDir, '--api-port', '0']);
const customer = (n: number) => ({ from: `5025555${String(n).padStart(4, '0')}`, name: `Cliente ${n}` });
const accepted = () =>
  team.meta
    .journal()
    .filter((call) => call.accepted && call.method === 'POST')
    .map((call) => call.body as { type?: string; text?: { body: string }; biz_opaque_callback_data?: string })
    .filter((body) => body.type === 'text');
const sentTexts = () => accepted().map((body) => body.text?.body);
const deliveryOf = async (engine: EngineProcess, conversationId: string, messageId: string) => (await engine.get(conversationId)).messages.find((message) => message.id === messageId)?.delivery;

describe('kill -9', () => {
  it('of the engine between the call to Meta and its answer: not sent twice, and settled by the status', async () => {
    const engine = await startEngineProcess();
    team.meta.customerWrites({ ...customer(1), text: 'hola' });
    const conversation = await waitUntil('the conversation arrives', async () => (await engine.list())[0]);
    team.meta.setFaults({ sendHangMs: 60_000, holdWebhooks: true });
    const reply = await engine.reply(conversation.id, 'una sola vez');
    await waitUntil('Meta has it', () => accepted().length === 1);
    await engine.program.kill();
    team.meta.setFaults({ reset: true, holdWebhooks: true });

    const again = await restartEngine(engine);
    expect(await deliveryOf(again, conversation.id, reply.id)).toBe('uncertain');
    team.meta.setFaults({ holdWebhooks: false });
    await waitUntil('a status settles it', async () => (await deliveryOf(again, conversation.id, reply.id)) === 'read');
    expect(sentTexts()).toEqual(['una sola vez']);
  });

  it('of the engine under load, again and again: every reply leaves once, or its author is asked and it never left', async () => {
    let engine = await startEngineProcess();
    const count = 12;
    for (let n = 0; n < count; n += 1) team.meta.customerWrites({ ...customer(n), text: 'hola' });
    const conversations = await waitUntil('all arrive', async () => {
      const items = await engine.list();
      return items.length === count ? items : null;
    });
    const replies: { conversationId: string; id: string; text: string }[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const [index, conversation] of conversations.entries()) {
        const text = `respuesta ${round}-${index}`;
        replies.push({ conversationId: conversation.id, id: (await engine.reply(conversation.id, text)).id, text });
      }
      await engine.program.kill();
      engine = await restartEngine(engine);
    }
    const readOutbound = async () =>
      (await Promise.all(conversations.map((conversation) => engine.get(conversation.id)))).flatMap((thread) => thread.messages).filter((message) => message.direction === 'out');
    const settled = await waitUntil(
      'every reply is read, or uncertain without having reached Meta',
      async () => {
        const left = new Set(accepted().map((body) => body.biz_opaque_callback_data));
        const messages = await readOutbound();
        return messages.every((message) => message.delivery === 'read' || (message.delivery === 'uncertain' && !left.has(message.id))) ? messages : null;
      },
      25_000,
    );
    expect(settled.map((message) => wordsOf(message.content)).toSorted(), 'no reply is lost or doubled').toEqual(replies.map((reply) => reply.text).toSorted());
    expect(sentTexts().toSorted(), 'each left once').toEqual(
      settled
        .filter((message) => message.delivery === 'read')
        .map((message) => wordsOf(message.content))
        .toSorted(),
    );
    expect(sentTexts().length, 'most did leave').toBeGreaterThan(replies.length / 2);
  });

  it('of the relay while webhooks pour in: none is lost, none doubled', async () => {
    const engine = await startEngineProcess();
    const count = 120;
    for (let n = 0; n < count; n += 1) {
      team.meta.customerWrites({ ...customer(n % 10), text: `mensaje ${n}` });
      if (n === 40 || n === 80) {
        await team.relay.kill();
        await team.relay.restart();
      }
    }
    const texts = async (): Promise<(string | null)[]> => {
      const threads = await Promise.all((await engine.list()).map((conversation) => engine.get(conversation.id)));
      return threads.flatMap((thread) => thread.messages.map((message) => wordsOf(message.content)));
    };
    await waitUntil('all arrive', async () => (await texts()).length >= count, 25_000);
    expect((await texts()).toSorted()).toEqual(Array.from({ length: count }, (_, n) => `mensaje ${n}`).toSorted());
    const status = JSON.parse(await team.relay.cli('status', '--json')) as { webhooks: number };
    expect(status.webhooks).toBe(count);
  });
});

describe('a broken line', () => {
  it('to the relay: the desktop reads, queues, says so, and catches up by itself in order', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...customer(1), text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    await team.relay.kill();
    await waitUntil('it says so', async () => (await ana.client.session.sync({})).state === 'offline');
    for (const text of ['uno', 'dos', 'tres']) expect((await ana.client.messages.sendText({ conversationId: id, text })).delivery).toBe('waiting');
    // Three messages, and the conversation, which nobody had taken.
    expect(await ana.client.session.sync({})).toMatchObject({ pending: 4 });
    expect((await ana.client.messages.page({ conversationId: id })).items.map((message) => wordsOf(message.content))).toEqual(['hola', 'uno', 'dos', 'tres']);
    expect(sentTexts()).toEqual([]);
    await team.relay.restart();
    await waitUntil('all are read', async () => (await ana.client.messages.page({ conversationId: id })).items.filter((message) => message.delivery === 'read').length === 3, 20_000);
    expect(sentTexts()).toEqual(['uno', 'dos', 'tres']);
    await waitUntil('the log has it all', async () => (await ana.client.session.sync({})).pending === 0);
    expect((await ana.client.session.sync({})).state).toBe('live');
  });

  it('to Meta: replies wait and leave in order when it is back', async () => {
    const later = createMetaStandIn({ webhookUrl: `${team.relay.url}/api/whatsapp/webhook`, appSecret: 'app-secret-of-the-tests', statusDelays: toStatusDelays(5) });
    await later.start();
    const { port } = new URL(later.url());
    await later.stop();
    const args = await team.engineArgs(team.makeDataDir());
    const engine = await startEngineProcess(args[1] as string, args, { GRAPH_BASE_URL: `http://127.0.0.1:${port}` });
    team.meta.customerWrites({ ...customer(1), text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await engine.list())[0]);
    for (const text of ['uno', 'dos', 'tres']) await engine.reply(id, text);
    const back = createMetaStandIn({ webhookUrl: `${team.relay.url}/api/whatsapp/webhook`, appSecret: 'app-secret-of-the-tests', port: Number(port), statusDelays: toStatusDelays(5) });
    await back.start();
    stop.push(() => back.stop());
    const texts = () =>
      back
        .journal()
        .filter((call) => call.accepted && (call.body as { type?: string } | null)?.type === 'text')
        .map((call) => (call.body as { text: { body: string } }).text.body);
    await waitUntil('all have left', () => texts().length === 3, 20_000);
    expect(texts()).toEqual(['uno', 'dos', 'tres']);
  });

  it('in the middle of a send: uncertain, never repeated by itself, settled by the status', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...customer(1), text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    team.meta.setFaults({ dropAfterAccept: 1, holdWebhooks: true });
    await ana.client.messages.sendText({ conversationId: id, text: 'una vez' });
    await waitUntil('it is uncertain', async () => (await ana.client.messages.page({ conversationId: id })).items.at(-1)?.delivery === 'uncertain');
    team.meta.setFaults({ holdWebhooks: false });
    await waitUntil('it is settled', async () => (await ana.client.messages.page({ conversationId: id })).items.at(-1)?.delivery === 'read');
    expect(sentTexts()).toEqual(['una vez']);
  });

  it('in the middle of a send that never reached Meta: the agent settles it and sends again', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...customer(1), text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    team.meta.setFaults({ dropBeforeAccept: 1 });
    const message = await ana.client.messages.sendText({ conversationId: id, text: 'otra vez' });
    await waitUntil('it is uncertain', async () => (await ana.client.messages.page({ conversationId: id })).items.at(-1)?.delivery === 'uncertain');
    await ana.client.messages.settle({ messageId: message.id, as: 'resend' });
    await waitUntil('it is read', async () => (await ana.client.messages.page({ conversationId: id })).items.at(-1)?.delivery === 'read');
    expect(sentTexts()).toEqual(['otra vez']);
  });
});

describe('a token that no longer works', () => {
  it('stops the outbox with one clear state, and a new one lets it go on', async () => {
    const ana = await team.addDesktop();
    team.meta.customerWrites({ ...customer(1), text: 'hola' });
    const { id } = await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0]);
    team.meta.setFaults({ sendErrors: [{ code: 190, times: 1 }] });
    await ana.client.messages.sendText({ conversationId: id, text: 'espera' });
    await waitUntil('it says so', async () => (await ana.client.session.sync({})).whatsapp === 'blocked');
    expect((await ana.client.messages.page({ conversationId: id })).items.at(-1)?.delivery).toBe('queued');
    await ana.engine.setNumber({ phoneNumberId: '109876500000001', wabaId: null }, 'new-token');
    await waitUntil('it leaves', () => sentTexts().length === 1);
  });
});
