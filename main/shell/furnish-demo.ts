/**
 * Makes the demo's team, once: colleagues join with invites of Ana's and everybody does their part of the work on a real
 * engine of their own, run here for a moment. Invariant: it can be cut off anywhere and done again; what is there already
 * (people, teams, labels, canned replies by name) is not made twice, and what the team changed since is left alone.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { z } from 'zod';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { Log } from '../../contract/log.ts';
import { OP_LEVEL } from '../../contract/ops/op.ts';
import { colleagueDataDir } from '../demo/demo-folder.ts';
import { DEMO_ARTICLES } from '../demo/knowledge/demo-articles.ts';
import { DEMO_REQUESTS, DEMO_SERVICE_TYPES, DEMO_VENDORS, type DemoRequest } from '../demo/demo-requests.ts';
import { DEMO_CANNED, DEMO_CASES, DEMO_COLLEAGUES, DEMO_LABELS, DEMO_ME, DEMO_TEAMS, type Colleague, type DemoCase } from '../demo/demo-team.ts';
import { PAST_REQUESTS } from '../demo/past/past-requests.ts';
import type { DemoDesktop } from '../demo/demo-workspace.ts';
import type { EngineRouter } from '../engine/api/router.ts';
import { createNodePorts } from './node-ports.ts';
import { openWorkspace, type OpenOptions, type OpenWorkspace } from './open-workspace.ts';

const WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;
const HOUR_MS = 60 * 60 * 1000;

type Client = RouterClient<EngineRouter>;
type Person = { slug: string; agentId: string; client: Client; workspace: OpenWorkspace };

/** @returns agent ids by slug. */
export async function furnishDemo(dir: string, { options, relayUrl }: Pick<DemoDesktop, 'options' | 'relayUrl'>, log: Log): Promise<Record<string, string>> {
  const opened: OpenWorkspace[] = [];
  // Four desktops at once: their day-to-day lines would bury those of the one that is opened afterwards.
  const quiet: Log = (level, event, fields) => {
    if (level === 'error') log(level, event, fields);
  };
  const open = async (wanted: Pick<OpenOptions, 'dataDir' | 'join' | 'number'>): Promise<OpenWorkspace> => {
    const workspace = await openWorkspace(
      { ...wanted, replacementToken: null, api: 'off', graphBaseUrl: options.graphBaseUrl, isDemo: true, relayUrl, mayBeEmpty: true },
      createNodePorts(wanted.dataDir, quiet),
    );
    opened.push(workspace);
    return workspace;
  };
  try {
    const workspace = await open(options);
    const ana = await toPerson(DEMO_ME.slug, workspace);
    const people = [ana];
    for (const colleague of DEMO_COLLEAGUES) people.push(await addColleague(ana, colleague, await open({ dataDir: colleagueDataDir(dir, colleague), join: null, number: null }), relayUrl));
    await waitFor('the history', () => isHistoryDelivered(options.graphBaseUrl));
    await settle(people);
    await arrange(people);
    await settle(people);
    for (const { client } of people) await waitFor('the number', async () => (await client.session.get()).number !== null);
    return Object.fromEntries(people.map(({ slug, agentId }) => [slug, agentId]));
  } finally {
    for (const workspace of opened.toReversed()) await workspace.stop();
  }
}

async function toPerson(slug: string, workspace: OpenWorkspace): Promise<Person> {
  const client = createRouterClient(workspace.engine.router);
  await workspace.engine.waitForIdle(WITHIN_MS);
  const { me } = await client.session.get();
  if (!me) throw new Error(`The demo's ${slug} is not known to the relay.`);
  return { slug, agentId: me.id, client, workspace };
}

async function addColleague(ana: Person, { slug, name, role }: Colleague, workspace: OpenWorkspace, relayUrl: string): Promise<Person> {
  if (!workspace.engine.isEnrolled()) {
    const known = (await ana.client.team.directory()).members.find((member) => member.name === name);
    const { code } = await ana.client.members.invite({ ...(known ? { agentId: known.id } : { role, agentName: name }), expiresInHours: 1 });
    await workspace.engine.enroll({ relayUrl, invite: code, agentName: name, deviceName: `demo ${slug}` });
  }
  return toPerson(slug, workspace);
}

/** Everybody has everything, and everything of theirs is in the log. Twice around: the last one's work is news to the first. */
async function settle(people: readonly Person[]): Promise<void> {
  for (const { workspace } of [...people, ...people]) await workspace.engine.waitForIdle(WITHIN_MS);
  for (const { client } of people) await waitFor('the write level', async () => (await client.session.sync()).writeLevel >= OP_LEVEL);
}

async function arrange(people: readonly Person[]): Promise<void> {
  const person = (slug: string): Person => people.find((one) => one.slug === slug)!;
  const ana = person(DEMO_ME.slug);
  const { teams, labels, canned } = await ana.client.team.directory();
  const teamIds = new Map(teams.map(({ id, name }) => [name, id]));
  const labelIds = new Map(labels.map(({ id, name }) => [name, id]));
  for (const { name, members } of DEMO_TEAMS) {
    if (teamIds.has(name)) continue;
    const { id } = await ana.client.team.addTeam({ name });
    teamIds.set(name, id);
    for (const slug of members) await ana.client.team.setTeamMember({ teamId: id, agentId: person(slug).agentId, isMember: true });
  }
  for (const { name, color } of DEMO_LABELS) {
    if (!labelIds.has(name)) labelIds.set(name, (await ana.client.team.addLabel({ name, color })).id);
  }
  for (const { shortcut, body } of DEMO_CANNED) {
    if (!canned.some((reply) => reply.shortcut === shortcut)) await ana.client.team.addCanned({ isPersonal: false, shortcut, body });
  }
  const items = await listAll(ana.client);
  for (const demoCase of DEMO_CASES) {
    const found = items.find(({ contact }) => contact.name.startsWith(demoCase.customer));
    if (found) await workOn(found.id, demoCase, person, teamIds, labelIds);
  }
  await addRequests(person, items);
  await addArticles(ana.client);
}

/** Whatever became of them. */
async function listAll(client: Client): Promise<ConversationSummary[]> {
  const lists = await Promise.all((['active', 'archived', 'closed'] as const).map((status) => client.conversations.list({ status, limit: 200 })));
  const snoozed = await client.conversations.list({ snoozed: 'only', limit: 200 });
  return [...lists.flatMap(({ items }) => items), ...snoozed.items];
}

/** Those that are there by title stay as they are. */
async function addArticles(client: Client): Promise<void> {
  const known = new Set((await client.knowledge.list({})).map(({ title }) => title));
  for (const { title, folder, language, text, questions, mayAutoAnswer } of DEMO_ARTICLES) {
    if (known.has(title)) continue;
    const { articleId } = await client.knowledge.save({ articleId: null, from: null, title, folder, language, text });
    for (const question of questions) await client.knowledge.addQuestion({ articleId, text: question, language });
    if (mayAutoAnswer) await client.knowledge.change({ articleId, changes: { mayAutoAnswer: { from: false, to: true } } });
  }
}

async function addRequests(person: (slug: string) => Person, conversations: readonly ConversationSummary[]): Promise<void> {
  const { client } = person(DEMO_ME.slug);
  const { serviceTypes } = (await client.team.directory()).settings;
  if (serviceTypes.length === 0) await client.team.setSetting({ from: { key: 'serviceTypes', value: [] }, to: { key: 'serviceTypes', value: [...DEMO_SERVICE_TYPES] } });
  const find = (name: string | undefined): ConversationSummary | undefined => (name === undefined ? undefined : conversations.find(({ contact }) => contact.name.startsWith(name)));
  for (const { customer, firstName, company, serviceTypes: kinds } of DEMO_VENDORS) {
    const contactId = find(customer)?.contact.id;
    const contact = contactId === undefined ? undefined : await client.contacts.get({ contactId });
    if (!contact || contact.isVendor) continue;
    const changes = {
      isVendor: { from: false, to: true },
      serviceTypes: { from: contact.serviceTypes, to: [...kinds] },
      firstName: { from: contact.firstName, to: firstName },
      company: { from: contact.company, to: company },
    };
    await client.contacts.change({ contactId: contact.id, changes });
  }
  const { items: known } = await client.requests.list({ limit: 200 });
  for (const { externalId, vendor } of PAST_REQUESTS) {
    const request = known.find((one) => one.externalId === externalId);
    const of = find(vendor);
    if (request && of && request.vendor === null) await giveToVendor(client, request.id, of);
  }
  for (const request of DEMO_REQUESTS) {
    const customer = find(request.customer);
    // Under the name by which people know each other, without the business behind it.
    const customerName = request.customer;
    if (known.some((one) => one.customerName === customerName && one.serviceType === request.serviceType)) continue;
    await addRequest(person(request.by).client, request, { customerName, customer, vendor: find(request.vendor) });
  }
}

/** They were told at the time. */
async function giveToVendor(client: Client, requestId: string, vendor: ConversationSummary): Promise<void> {
  await client.requests.change({ requestId, changes: { vendorId: { from: null, to: vendor.contact.id } } });
  await client.requests.link({ requestId, role: 'vendor', from: null, to: vendor.id });
  for (const { event } of await client.requests.events({ requestId })) await client.requests.dismissEvent({ eventId: event.id });
}

type RequestPeople = { customerName: string; customer: ConversationSummary | undefined; vendor: ConversationSummary | undefined };
async function addRequest(client: Client, request: DemoRequest, { customerName, customer, vendor }: RequestPeople): Promise<void> {
  const day = (inDays: number | undefined): string | null => (inDays === undefined ? null : new Date(Date.now() + inDays * 24 * HOUR_MS).toISOString().slice(0, 10));
  const { requestId } = await client.requests.add({
    fields: {
      externalId: request.externalId ?? null,
      status: request.status,
      serviceType: request.serviceType,
      customerId: customer?.contact.id ?? null,
      customerName,
      contactPhone: request.phone ?? customer?.contact.phone ?? '',
      contactEmail: request.email,
      address: request.address,
      requestedDate: day(request.requestedInDays),
      approvedDate: day(request.approvedInDays),
      vendorId: vendor?.contact.id ?? null,
      formUrl: request.formUrl ?? '',
      description: request.description ?? '',
    },
  });
  if (customer) await client.requests.link({ requestId, role: 'customer', from: null, to: customer.id });
  if (vendor) await client.requests.link({ requestId, role: 'vendor', from: null, to: vendor.id });
  if (request.isUntold) return;
  for (const { event } of await client.requests.events({ requestId })) await client.requests.dismissEvent({ eventId: event.id });
}

async function workOn(
  conversationId: string,
  { assignee, team, labels = [], note, snoozeHours }: DemoCase,
  person: (slug: string) => Person,
  teamIds: Map<string, string>,
  labelIds: Map<string, string>,
): Promise<void> {
  const ana = person(DEMO_ME.slug);
  const now = await ana.client.conversations.get({ conversationId, messages: 0 });
  if (assignee && now.assignee === null) await person(assignee.by ?? assignee.to).client.conversations.assign({ conversationId, from: null, to: person(assignee.to).agentId });
  if (team !== undefined && now.team === null) await ana.client.conversations.setTeam({ conversationId, from: null, to: teamIds.get(team)! });
  for (const label of labels) await ana.client.conversations.setLabel({ conversationId, labelId: labelIds.get(label)!, isOn: true });
  if (note && !(await ana.client.notes.list({ conversationId })).some(({ body }) => body === note.body)) {
    await person(note.by).client.notes.add({ conversationId, body: note.body, mentions: [ana.agentId] });
  }
  if (snoozeHours !== undefined && now.snoozedUntil === null) {
    await ana.client.conversations.snooze({ conversationId, from: null, until: Date.now() + snoozeHours * HOUR_MS, seenThrough: now.seenThrough });
  }
}

const metaStateSchema = z.object({ webhooks: z.object({ pending: z.number() }) });
async function isHistoryDelivered(metaUrl: string): Promise<boolean> {
  return metaStateSchema.parse(await (await fetch(`${metaUrl}/_state`)).json()).webhooks.pending === 0;
}

async function waitFor(what: string, isThere: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + WITHIN_MS; !(await isThere());) {
    if (performance.now() > deadline) throw new Error(`The demo's team could not be made: still waiting for ${what} after ${WITHIN_MS / 1000} seconds.`);
    await pause(LOOK_EVERY_MS);
  }
}
