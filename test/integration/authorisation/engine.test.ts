/** Every line of `test/authorisation/engine.ts` against real engines of an agent, a lead and an admin beside a real relay, and every route of the local API. */
import { ORPCError } from '@orpc/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { CALLERS, listLocalRoutes, listProcedures, PROCEDURE_LINES, type Caller, type ProcedurePath, type Things } from '../../authorisation/engine.ts';
import { drawSound } from '../../support/draw-from-schema.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const SEED = 20_261_123;
/** They end what the others need, in this order. */
const LAST: readonly string[] = ['members.revokeDevice', 'enrollment.rebuild', 'enrollment.renew'];

let team: Team;
let desktops: Record<Caller | 'other', Desktop>;
let things: Things;

beforeAll(async () => {
  team = await startTeam();
  const add = (name: string, role: Caller) => team.addDesktop({ name, role });
  desktops = { admin: await add('Ana', 'admin'), lead: await add('Leo', 'lead'), agent: await add('Bo', 'agent'), other: await add('Cy', 'agent') };
  const { lead, other, agent, admin } = desktops;
  for (const n of [1, 2, 3]) team.meta.customerWrites({ from: `5025555000${n}`, name: `Cliente ${n}`, text: 'hola' });
  const all = await waitUntil('their messages are everywhere', async () => {
    const lists = await Promise.all(Object.values(desktops).map(({ client }) => client.conversations.list({})));
    return lists.every(({ items }) => items.length === 3) ? lists[0]!.items.toSorted((a, b) => a.contact.name.localeCompare(b.contact.name)) : null;
  });
  const [one, two, three] = all.map(({ id, contact }) => ({ id, contactId: contact.id })) as [{ id: string; contactId: string }, { id: string; contactId: string }, { id: string; contactId: string }];
  const me = async ({ client }: Desktop): Promise<string> => (await client.session.get({})).me?.id ?? '';
  const agents = { agent: await me(agent), lead: await me(lead), admin: await me(admin), other: await me(other) };
  const label = (await lead.client.team.addLabel({ name: 'Pago', color: 'red' })).id;
  const madeTeam = (await lead.client.team.addTeam({ name: 'Ventas' })).id;
  const canned = (await lead.client.team.addCanned({ isPersonal: false, shortcut: 'hola', body: 'Buenos días' })).id;
  const article = (await lead.client.knowledge.save({ articleId: null, from: null, title: 'Horario', language: 'es', text: 'Abrimos a las 8' })).articleId;
  await other.client.conversations.assign({ conversationId: two.id, from: null, to: agents.other });
  const note = (await other.client.notes.add({ conversationId: two.id, body: 'nota' })).id;
  await waitUntil('the article is at Cy’s', async () => (await other.client.knowledge.list({})).some(({ articleId }) => articleId === article));
  await other.client.knowledge.addQuestion({ articleId: article, text: '¿A qué hora?', language: 'es' });
  const question = await waitUntil('the question is at the lead’s', async () => (await lead.client.knowledge.pendingQuestions())[0]?.questionId);
  await waitUntil('all is at the agent’s', async () => {
    const [notes, directory, questions] = await Promise.all([agent.client.notes.list({ conversationId: two.id }), agent.client.team.directory({}), agent.client.knowledge.pendingQuestions()]);
    return notes.length === 1 && directory.canned.length === 1 && directory.labels.length === 1 && directory.teams.length === 1 && questions.length === 1;
  });
  const otherDevice = (await admin.client.members.devices({})).find(({ agentId }) => agentId === agents.other)?.id ?? '';
  const message = (await agent.client.messages.page({ conversationId: one.id })).items[0]?.id ?? '';
  things = {
    agents,
    otherDevice,
    conversation: one.id,
    owned: two.id,
    message,
    contact: one.contactId,
    otherContact: two.contactId,
    third: three.contactId,
    label,
    team: madeTeam,
    canned,
    note,
    article,
    question,
  };
});
afterAll(() => team.stop());

/** What a call comes to: `refused` by rights, another code, or `answered`. */
async function call({ client }: Desktop, path: string, input: unknown): Promise<string> {
  const procedure = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], client) as (input: unknown) => Promise<unknown>;
  try {
    const answer = await procedure(input);
    if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
      const iterator = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      const isEndless = path.endsWith('.watch') || path.endsWith('notices') || path.endsWith('watchImport');
      // A generator refuses when it is first asked.
      if (!isEndless) await iterator.next();
      await iterator.return?.();
    }
    return (answer as { outcome?: string } | undefined)?.outcome === 'forbidden' ? 'refused' : 'answered';
  } catch (error) {
    if (!(error instanceof ORPCError)) throw new Error(`${path} failed`, { cause: error });
    return error.code === 'FORBIDDEN' ? 'refused' : error.code;
  }
}

it('has a line for every procedure of the contract, and for no other', () => {
  expect(Object.keys(PROCEDURE_LINES).toSorted()).toEqual(
    listProcedures()
      .map(({ path }) => path)
      .toSorted(),
  );
});

it(`answers those that may and refuses those that may not (seed ${SEED})`, { timeout: 120_000 }, async () => {
  const random = createRandom(SEED, 'procedures');
  const place = (path: string): number => LAST.indexOf(path);
  const wrong: string[] = [];
  let refusals = 0;
  for (const { path, input: schema } of listProcedures().toSorted((a, b) => place(a.path) - place(b.path))) {
    const line = PROCEDURE_LINES[path as ProcedurePath];
    // Those who may not come first: what they try is still as it was.
    for (const caller of CALLERS.toSorted((a, b) => Number(line.may.includes(a)) - Number(line.may.includes(b)))) {
      const mayCall = line.may.includes(caller);
      // One is enough of what everybody may.
      if (line.may.length === CALLERS.length && caller !== 'agent') continue;
      const result = await call(desktops[caller], path, line.input ? line.input(things) : schema && drawSound(schema, random));
      if (!mayCall) refusals += 1;
      if ((result === 'refused') === mayCall) wrong.push(`${path}: ${caller} ${mayCall ? 'may' : 'may not'}, but it is ${result}`);
      if (result === 'INTERNAL' || result === 'INTERNAL_SERVER_ERROR' || result === 'INVALID_INPUT' || result === 'BAD_REQUEST')
        if (line.may.length < CALLERS.length || result.startsWith('INTERNAL')) wrong.push(`${path}: ${caller} got ${result}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(refusals).toBeGreaterThan(60);
});

it('opens the local API to its token alone, and to no web page', async () => {
  const { lead } = desktops;
  const { url } = await lead.client.localApi.set({ isOn: true, port: 0 });
  const { token } = await lead.client.localApi.showToken();
  const ask = async (method: string, at: string, headers: Record<string, string>): Promise<number> => {
    const response = await fetch(`${url}/api${at.replace(/\{\w+\}/g, 'x')}`, {
      method,
      headers: { ...headers, ...(method !== 'GET' && { 'content-type': 'application/json' }) },
      ...(method !== 'GET' && { body: '{}' }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const routes = listLocalRoutes();
  expect(routes.length).toBeGreaterThan(10);
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  for (const { path, method, at } of routes) {
    expect([401, 403], `${path} with the token`).not.toContain(await ask(method, at, bearer(token)));
    expect(await ask(method, at, { ...bearer(token), origin: 'https://evil.example' }), `${path} from a web page`).toBe(403);
  }
  // Wrong ones are slowed down together: a few are let through to be refused, then all are.
  for (const [n, { path, method, at }] of routes.entries()) expect([401, 429], `${path} without the token`).toContain(await ask(method, at, n % 2 ? {} : bearer('guess')));
  const next = await lead.client.localApi.rotateToken();
  expect([401, 429], 'the old token opens nothing').toContain(await ask('GET', '/whatsapp/conversations', bearer(token)));
  expect(await ask('GET', '/whatsapp/conversations', bearer(next.token))).toBe(200);
});

it('sends nothing from a desktop that was shut out', async () => {
  await waitUntil('Cy’s desktop knows', async () => (await desktops.other.client.session.sync({})).state === 'revoked');
  expect(await call(desktops.other, 'messages.sendText', { conversationId: things.conversation, text: 'hola' })).toBe('SYNC_ENDED');
});
