/**
 * Lives through the demo's past, once: sixty days of talks in some seconds, by a clock that is turned from one to the next.
 * Customers write through Meta's stand-in and the relay's webhook, the team answers from its own engines through the outbox; so
 * every time stands where a real day would have put it. Invariant: only on an empty folder, and what was cut off is done anew from
 * an empty one, because a second time would say everything twice.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { Message } from '../../contract/entities.ts';
import { OP_LEVEL } from '../../contract/ops/op.ts';
import type { Log } from '../../contract/log.ts';
import { slotsOf } from '../../contract/whatsapp/template-slots.ts';
import { colleagueDataDir } from '../demo/demo-folder.ts';
import { DEMO_SERVICE_TYPES } from '../demo/demo-requests.ts';
import { PAST_REQUESTS, type PastRequest } from '../demo/past/past-requests.ts';
import { DEMO_COLLEAGUES, DEMO_LABELS, DEMO_ME, DEMO_TEAMS } from '../demo/demo-team.ts';
import { historyId } from '../demo/meta/script-player.ts';
import { DEMO_CUSTOMERS } from '../demo/meta/scripted-customers.ts';
import { createMetaStandIn, type MetaStandIn, type MetaStandInOptions } from '../demo/meta/stand-in.ts';
import { planPast, type Step } from '../demo/past/plan-past.ts';
import { numberOf, type PastLine, type Talk, type Turn } from '../demo/past/talk.ts';
import { PAST_TALKS } from '../demo/past/talks.ts';
import type { EngineRouter } from '../engine/api/router.ts';
import type { OpenOptions, OpenWorkspace } from './open-workspace.ts';
import { openWorkspace } from './open-workspace.ts';
import { createNodePorts } from './node-ports.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 1;
const SEED = 60;
/** A customer's phone after Meta took the message. */
const STATUS_DELAYS = { sent: 1_000, delivered: 3_000, read: 160_000 };
const CLOCK_FILE = 'demo-clock';

type Client = RouterClient<EngineRouter>;
type Person = { slug: string; agentId: string; client: Client; workspace: OpenWorkspace };
export type PastOptions = {
  dir: string;
  /** Of the desktop that everything begins with; `join` takes it in. */
  desktop: Pick<OpenOptions, 'dataDir' | 'number'>;
  /** Runs the relay on the demo's folder by a clock; and makes an invite for the first desktop. */
  startRelay(env: Record<string, string>): Promise<{ url: string; webhook: string; stop(): Promise<void> }>;
  invite(): Promise<string>;
  meta: Omit<MetaStandInOptions, 'webhookUrl' | 'now' | 'timerPace' | 'statusDelays' | 'port'> & { port: number };
  log: Log;
  onProgress(share: number): void;
};

/** @throws Error when something does not happen in time; the folder is of no use then. */
export async function livePast({ dir, desktop, startRelay, invite, meta: metaOptions, log, onProgress }: PastOptions): Promise<void> {
  const ends: (() => Promise<void>)[] = [];
  const clockFile = path.join(dir, CLOCK_FILE);
  const handle = openSync(clockFile, 'w', 0o600);
  ends.push(async () => {
    closeSync(handle);
    rmSync(clockFile);
  });
  const now = Date.now();
  let time = now - 62 * DAY_MS;
  const bytes = Buffer.alloc(8);
  const setClock = (to: number): void => {
    time = Math.max(time, to);
    bytes.writeBigInt64BE(BigInt(time));
    writeSync(handle, bytes, 0, 8, 0);
  };
  try {
    setClock(time);
    const relay = await startRelay({ CLOCK_FILE: clockFile });
    ends.push(relay.stop);
    const meta = createMetaStandIn({ ...metaOptions, seed: SEED, webhookUrl: relay.webhook, now: () => time, timerPace: 0, statusDelays: STATUS_DELAYS });
    await meta.start();
    ends.push(meta.stop);
    const quiet: Log = (level, event, fields) => {
      if (level === 'error') log(level, event, fields);
    };
    const open = async (dataDir: string, number: OpenOptions['number'], join: OpenOptions['join']): Promise<OpenWorkspace> => {
      const ports = { ...createNodePorts(dataDir, quiet), clock: { now: () => time } };
      const workspace = await openWorkspace(
        { dataDir, number, join, replacementToken: null, api: 'off', graphBaseUrl: meta.url(), isDemo: true, isPast: true, relayUrl: relay.url, mayBeEmpty: true },
        ports,
      );
      ends.push(workspace.stop);
      return workspace;
    };
    const ana = await toPerson(DEMO_ME.slug, await open(desktop.dataDir, desktop.number, { relayUrl: relay.url, invite: await invite(), agentName: DEMO_ME.name, deviceName: 'demo' }));
    const people = [ana];
    for (const { slug, name, role } of DEMO_COLLEAGUES) {
      const { code } = await ana.client.members.invite({ role, agentName: name, expiresInHours: 1 });
      people.push(await toPerson(slug, await open(colleagueDataDir(dir, { slug }), null, { relayUrl: relay.url, invite: code, agentName: name, deviceName: `demo ${slug}` })));
    }
    for (const { client } of people) {
      await until('the write level', async () => (await client.session.sync()).writeLevel >= OP_LEVEL);
      await until('the number', async () => (await client.session.get()).number !== null);
      await client.templates.sync();
    }
    const stage = await setStage(people, meta, () => time);
    const steps = [...planPast(PAST_TALKS, now).map((step) => ({ at: step.at, play: () => stage.play(step) })), ...listScripted(meta, now)].toSorted((a, b) => a.at - b.at);
    for (const [index, step] of steps.entries()) {
      setClock(step.at);
      await step.play();
      if (index % 50 === 0) onProgress(index / steps.length);
    }
    setClock(now);
    await stage.finish();
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** What the customers who are still there have written so far; their script tells it again, by the same ids, which changes nothing. */
function listScripted(meta: MetaStandIn, now: number): { at: number; play(): Promise<void> }[] {
  return DEMO_CUSTOMERS.flatMap((customer) =>
    customer.history.map(({ minutesAgo, says }, index) => {
      const at = now - minutesAgo * 60_000;
      const { from, userId, username, name } = customer;
      const who = { from: from ?? undefined, userId, username, name };
      const play = async (): Promise<void> => {
        meta.customerSays(who, says, { id: historyId(customer, index), timestamp: Math.floor(at / 1000) });
        await until('the webhooks', async () => meta.state().webhooks.pending === 0);
      };
      return { at, play };
    }),
  );
}

async function toPerson(slug: string, workspace: OpenWorkspace): Promise<Person> {
  const client = createRouterClient(workspace.engine.router);
  await until('the relay', async () => (await client.session.get()).me !== null && (await client.session.sync()).state === 'live');
  return { slug, agentId: (await client.session.get()).me!.id, client, workspace };
}

/** Every talk with what is known of it while it goes on. */
type Running = { talk: Talk; isTaken: boolean; number: string; conversationId: string | null; /** Meta's ids of what they wrote. */ inbound: string[]; lastSent: string | null };

async function setStage(people: readonly Person[], meta: MetaStandIn, readTime: () => number) {
  const person = (slug: string): Person => people.find((one) => one.slug === slug)!;
  const ana = person(DEMO_ME.slug);
  const teamIds = new Map<string, string>();
  const labelIds = new Map<string, string>();
  for (const { name, members } of DEMO_TEAMS) {
    const { id } = await ana.client.team.addTeam({ name });
    teamIds.set(name, id);
    for (const slug of members) await ana.client.team.setTeamMember({ teamId: id, agentId: person(slug).agentId, isMember: true });
  }
  await ana.client.team.setSetting({ from: { key: 'serviceTypes', value: [] }, to: { key: 'serviceTypes', value: [...DEMO_SERVICE_TYPES] } });
  for (const { name, color } of DEMO_LABELS) labelIds.set(name, (await ana.client.team.addLabel({ name, color })).id);
  const running = new Map<Talk, Running>(PAST_TALKS.map((talk, index) => [talk, { talk, isTaken: false, number: numberOf(index, talk.language), conversationId: null, inbound: [], lastSent: null }]));

  /** On the engine of whoever is about to act: everything that was written to them so far. */
  const seen = async (who: Person, one: Running): Promise<string> => {
    await until(`what ${one.talk.name} wrote`, async () => {
      one.conversationId ??= (await who.client.conversations.list({ search: one.number })).items[0]?.id ?? null;
      if (one.conversationId === null) return false;
      const { items } = await who.client.messages.page({ conversationId: one.conversationId, limit: 200 });
      return items.filter(({ direction }) => direction === 'in').length >= one.inbound.length;
    });
    return one.conversationId!;
  };
  const pushed = ({ client }: Person): Promise<void> => until('the log', async () => (await client.session.sync()).pending === 0);

  const write = async (one: Running, says: PastLine): Promise<void> => {
    const who = { from: one.number, name: one.talk.name };
    if (typeof says === 'string') return void one.inbound.push(meta.customerSays(who, says).id);
    switch (says.kind) {
      case 'sample':
        return void one.inbound.push(meta.customerWrites({ ...who, kind: says.sample }).id);
      case 'quotes':
        return void one.inbound.push(meta.customerWrites({ ...who, text: says.text, quotes: await wamidOfOurs(one) }).id);
      case 'presses':
        return void one.inbound.push(
          meta.customerWrites({ ...who, type: 'interactive', message: { interactive: { type: 'button_reply', button_reply: { id: 'b1', title: says.title } } }, quotes: await wamidOfOurs(one) }).id,
        );
      case 'reacts':
        return void meta.customerWrites({ ...who, reactsTo: await wamidOfOurs(one), emoji: says.emoji });
      case 'edits':
        return void meta.customerWrites({ ...who, edits: one.inbound.at(-1)!, text: says.text });
      case 'revokes':
        return void meta.customerWrites({ ...who, revokes: one.inbound.at(-1)! });
      default:
        one.inbound.push(meta.customerSays(who, says).id);
    }
  };
  /** Meta's id of what we sent last, once the answer to the call is there. */
  const wamidOfOurs = async (one: Running): Promise<string> => {
    const { client } = person(one.talk.with);
    let wamid: string | null = null;
    await until(`what ${one.talk.name} got`, async () => (wamid = (await client.diagnostics.message({ messageId: one.lastSent! })).wamid) !== null);
    return wamid!;
  };

  const act = async (one: Running, by: string, says: Exclude<Turn, { by: 'them' }>['says']): Promise<void> => {
    const who = person(by === 'team' ? one.talk.with : by);
    const { client } = who;
    const before = one.lastSent;
    if (one.inbound.length === 0 && one.conversationId === null) one.conversationId = (await client.conversations.start({ phone: `+${one.number}`, name: one.talk.name })).conversationId;
    const conversationId = await seen(who, one);
    const sent = (id: string): void => {
      one.lastSent = id;
    };
    if (typeof says === 'string') sent((await client.messages.sendText({ conversationId, text: says })).id);
    else {
      switch (says.kind) {
        case 'fails': {
          // Whatever is on its way to Meta would take the failure for itself.
          for (const { workspace } of people) await workspace.engine.waitForIdle(WITHIN_MS);
          meta.setFaults({ failStatuses: [{ code: says.code, times: 1 }] });
          const { id } = await client.messages.sendText({ conversationId, text: says.text });
          await until('the failure', async () => (await client.diagnostics.message({ messageId: id })).message.delivery === 'failed');
          break;
        }
        case 'quotes':
          sent((await client.messages.sendText({ conversationId, text: says.text, quotedMessageId: await lastInboundId(client, conversationId) })).id);
          break;
        case 'reacts':
          await client.messages.react({ messageId: await lastInboundId(client, conversationId), emoji: says.emoji });
          break;
        case 'buttons': {
          const options = says.options.map((title, index) => ({ id: `b${index + 1}`, title }));
          const interactive = { type: 'button', header: null, body: says.text, footer: null, buttons: options } as never;
          sent((await client.messages.send({ conversationId, content: { kind: 'interactive', interactive } })).id);
          break;
        }
        case 'template': {
          const { items } = await client.templates.list();
          const template = items.find(({ name }) => name === says.name)!;
          const texts = Object.fromEntries(slotsOf(template).map(({ key }, index) => [key, says.values[index] ?? '—']));
          sent((await client.templates.send({ conversationId, template: { key: template.key, texts } })).id);
          break;
        }
        case 'note':
          await client.notes.add({ conversationId, body: says.mentionsAna ? `@${DEMO_ME.name} ${says.text}` : says.text, mentions: says.mentionsAna ? [ana.agentId] : [] });
          break;
        case 'assign':
          await client.conversations.assign({ conversationId, from: (await client.conversations.get({ conversationId, messages: 0 })).assignee?.id ?? null, to: person(says.to).agentId });
          break;
      }
    }
    if (!one.isTaken) await takeUp(one, who, conversationId);
    await pushed(who);
    // Before the clock goes on Meta has it: a day later it would be too late.
    if (one.lastSent !== before) await until('Meta', async () => isOut((await client.diagnostics.message({ messageId: one.lastSent! })).message.delivery));
  };

  /** What the first one who answers does beside it: labels, team, and the request that comes out of the talk. */
  const takeUp = async (one: Running, { client }: Person, conversationId: string): Promise<void> => {
    one.isTaken = true;
    const { talk } = one;
    for (const label of talk.labels ?? []) await client.conversations.setLabel({ conversationId, labelId: labelIds.get(label)!, isOn: true });
    if (talk.team !== undefined) await client.conversations.setTeam({ conversationId, from: null, to: teamIds.get(talk.team)! });
    const request = PAST_REQUESTS.find(({ customer }) => talk.name.startsWith(customer));
    if (request) await addRequest(client, one, request, conversationId, readTime());
  };

  return {
    play: async ({ talk, turn }: Step): Promise<void> => {
      const one = running.get(talk)!;
      if (turn === null) {
        const who = person(talk.with);
        const conversationId = await seen(who, one);
        const { seenThrough } = await who.client.conversations.get({ conversationId, messages: 0 });
        await who.client.conversations.setStatus({ conversationId, from: 'active', to: talk.end!, seenThrough });
        return pushed(who);
      }
      if (turn.by === 'them') {
        await write(one, turn.says as PastLine);
        await until('the webhooks', async () => meta.state().webhooks.pending === 0);
      } else await act(one, turn.by, turn.says as Exclude<Turn, { by: 'them' }>['says']);
    },
    /** How things stand when the demo begins. */
    finish: async (): Promise<void> => {
      await until('the webhooks', async () => meta.state().webhooks.pending === 0);
      for (const one of running.values()) {
        const { talk } = one;
        if (talk.snoozeHours === undefined && talk.draft === undefined && talk.held === undefined) continue;
        const { client } = person(talk.with);
        const conversationId = await seen(person(talk.with), one);
        const { seenThrough } = await client.conversations.get({ conversationId, messages: 0 });
        if (talk.snoozeHours !== undefined) await client.conversations.snooze({ conversationId, from: null, until: readTime() + talk.snoozeHours * 60 * 60 * 1000, seenThrough });
        if (talk.draft !== undefined) await ana.client.drafts.set({ conversationId, text: talk.draft });
        // As if her desktop had not heard of the colleague's answer yet.
        if (talk.held !== undefined) await ana.client.messages.sendText({ conversationId, text: talk.held, seenThrough: 1 });
      }
      for (const { event } of await ana.client.requests.events({})) await ana.client.requests.dismissEvent({ eventId: event.id });
      const read = new Set(PAST_TALKS.filter(({ isUnread }) => !isUnread).map(({ name }) => name));
      for (const who of people) {
        const lists = await Promise.all((['active', 'archived', 'closed'] as const).map((status) => who.client.conversations.list({ status, limit: 200 })));
        const ids = lists.flatMap(({ items }) => items.filter(({ contact }) => read.has(contact.name)).map(({ id }) => id));
        await who.client.conversations.bulk({ conversationIds: ids, action: { kind: 'read' } });
      }
      for (const { workspace } of [...people, ...people]) await workspace.engine.waitForIdle(WITHIN_MS);
      // What is held stands in its thread; it is no news of this morning.
      const conflicts = await ana.client.conflicts.list();
      if (conflicts.length > 0) await ana.client.conflicts.dismiss({ opIds: conflicts.map(({ opId }) => opId) });
    },
  };
}

async function addRequest(client: Client, { talk, number }: Running, request: PastRequest, conversationId: string, at: number): Promise<void> {
  const { contact } = await client.conversations.get({ conversationId, messages: 0 });
  const day = new Date(at + request.requestedInDays * DAY_MS).toISOString().slice(0, 10);
  const isApproved = request.status === 'approved' || request.status === 'done' || request.status === 'reassigned';
  const { requestId } = await client.requests.add({
    fields: {
      externalId: request.externalId,
      status: request.status,
      serviceType: request.serviceType,
      customerId: contact.id,
      customerName: talk.name.split(' · ')[0] ?? talk.name,
      contactPhone: `+${number}`,
      contactEmail: request.email,
      address: request.address,
      requestedDate: day,
      approvedDate: isApproved ? day : null,
      vendorId: null,
      formUrl: '',
      description: request.description,
    },
  });
  await client.requests.link({ requestId, role: 'customer', from: null, to: conversationId });
}

const isOut = (delivery: Message['delivery']): boolean => delivery !== 'waiting' && delivery !== 'queued' && delivery !== 'sending';

const lastInboundId = async (client: Client, conversationId: string): Promise<string> =>
  (await client.messages.page({ conversationId, limit: 50 })).items.findLast(({ direction }) => direction === 'in')!.id;

/** Looks again and again: what is waited for happens within some milliseconds. */
async function until(what: string, isThere: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + WITHIN_MS; !(await isThere()); await pause(LOOK_EVERY_MS)) {
    if (performance.now() > deadline) throw new Error(`The demo's past stands still: waiting for ${what}.`);
  }
}
