/**
 * A stand-in for Meta: a Graph API that remembers, and signed webhooks, on loopback. For tests, and for the demo workspace
 * in which the real program runs without an account. Everything ends with it, but for the memory file if there is one.
 * Invariant: it never answers a web page (no Origin, no foreign Host name), so that a site open in a browser cannot use it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomInt } from 'node:crypto';
import express from 'express';
import type { Log } from '../../../contract/log.ts';
import { createControlApi, setTemplates, writeAsCustomer, writeOnPhone, type CustomerInput, type PhoneInput, type StandInState, type TemplatesInput } from './control-api.ts';
import type { WebhookUpdate } from './webhook-sender.ts';
import { createFaultBox, type Faults, type FaultsInput } from './faults.ts';
import { createGraphApi } from './graph-api.ts';
import { createJournal, type JournalCall } from './journal.ts';
import { createMediaStore } from './media-store.ts';
import { createMemoryKeeper, EMPTY_MEMORY, readMemory } from './memory-file.ts';
import { createRandom } from './random.ts';
import { createScriptPlayer, toMessage } from './script-player.ts';
import { DEMO_CUSTOMERS, type ScriptedLine } from './scripted-customers.ts';
import { DEMO_TEMPLATES } from './templates/demo-templates.ts';
import { createSampleUploads } from './templates/sample-uploads.ts';
import { createTemplateStore } from './templates/template-store.ts';
import type { Template } from './templates/template.ts';
import { createTimers } from './timers.ts';
import { createTraffic, type CustomerWrites, type StatusDelays } from './traffic.ts';
import { createWebhookSender } from './webhook-sender.ts';

export type MetaStandInOptions = {
  /** Where webhooks go; null: nowhere. */
  webhookUrl: string | null;
  appSecret: string;
  /** If given, the webhook address is verified at the start, as the dashboard does. */
  verifyToken?: string | undefined;
  /** If given, calls with another token are refused. */
  token?: string | undefined;
  /** 0, the default, takes a free port. */
  port?: number | undefined;
  phoneNumberId?: string | undefined;
  wabaId?: string | undefined;
  displayPhoneNumber?: string | undefined;
  verifiedName?: string | undefined;
  statusDelays?: StatusDelays | undefined;
  hasReadReceipts?: boolean | undefined;
  /** First pause before a webhook is repeated, ms; doubles up to 5 s. */
  retryBaseMs?: number | undefined;
  /** The same seed gives the same ids and choices in every run. */
  seed?: number | undefined;
  script?: 'demo' | undefined;
  /** Templates of the account at its beginning; none if left out. */
  templates?: 'demo' | undefined;
  /** Ms until a template is reviewed; 0, the default: only when it is told. */
  templateReviewMs?: number | undefined;
  /** Pace of the script: 1 is lifelike, 0.01 a hundred times faster. */
  scriptPace?: number | undefined;
  /** Pace of all its pauses, repeats and statuses: 0 where `now` is turned by hand. */
  timerPace?: number | undefined;
  /** File in which customers and message ids are kept over a restart. */
  memoryFile?: string | undefined;
  now?: (() => number) | undefined;
  log?: Log | undefined;
};

export type MetaStandIn = {
  start(): Promise<void>;
  /** Cuts all connections and forgets the webhooks that are still waiting. */
  stop(): Promise<void>;
  /** Base address, without version; also the Graph API's. Throws before `start`. */
  url(): string;
  journal(): JournalCall[];
  clearJournal(): void;
  /** A customer writes; `id` is the wamid. */
  customerWrites(input: CustomerInput): { id: string; ids: string[] };
  /** The same by a line of a script, with its file if it has one. */
  customerSays(who: Pick<CustomerWrites, 'from' | 'userId' | 'username' | 'name'>, line: ScriptedLine, as?: Pick<CustomerWrites, 'id' | 'timestamp'>): { id: string };
  /** A colleague writes on the phone that has the same number. */
  phoneWrites(input: PhoneInput): { id: string };
  /** Any change, for example of the account. */
  postChange(update: WebhookUpdate): void;
  /** A file that a customer's message can name by its `id`. */
  addMedia(mimeType: string, bytes: Buffer): { id: string };
  setFaults(faults: FaultsInput): Faults;
  /** The account's templates, newest first. */
  templates(): readonly Template[];
  setTemplates(input: TemplatesInput): readonly Template[];
  state(): StandInState;
};

export const DEFAULT_PHONE_NUMBER_ID = '109876500000001';
export const DEFAULT_WABA_ID = '208765400000001';

/** Small, but far enough apart to see each tick. */
export const toStatusDelays = (baseMs: number): StatusDelays => ({ sent: baseMs, delivered: baseMs * 2, read: baseMs * 5 });
export const DEFAULT_STATUS_DELAY_MS = 200;

export function createMetaStandIn(options: MetaStandInOptions): MetaStandIn {
  const now = options.now ?? (() => Date.now());
  const log: Log = options.log ?? (() => {});
  const seed = options.seed ?? randomInt(2 ** 31);
  const account = {
    phoneNumberId: options.phoneNumberId ?? DEFAULT_PHONE_NUMBER_ID,
    wabaId: options.wabaId ?? DEFAULT_WABA_ID,
    displayPhoneNumber: options.displayPhoneNumber ?? '+502 2334 4550',
    verifiedName: options.verifiedName ?? 'Servicios Industriales del Valle',
    token: options.token ?? null,
  };
  const timers = createTimers(options.timerPace);
  const journal = createJournal();
  const faults = createFaultBox(() => webhooks.wake());
  const webhooks = createWebhookSender({
    url: options.webhookUrl,
    appSecret: options.appSecret,
    wabaId: account.wabaId,
    retryBaseMs: options.retryBaseMs ?? 200,
    fetch,
    now,
    random: createRandom(seed, 'webhooks'),
    timers,
    faults,
    log,
  });
  const media = createMediaStore({ now, random: createRandom(seed, 'media') });
  const memory = options.memoryFile === undefined ? EMPTY_MEMORY : readMemory(options.memoryFile);
  const savingTimers = createTimers();
  const keeper = createMemoryKeeper(options.memoryFile ?? null, savingTimers, () => ({ ...traffic.remember(), templates: templates.remember(), script: player?.remember() ?? memory.script }));
  const samples = createSampleUploads({ media, faults, random: createRandom(seed, 'samples') });
  const templates = createTemplateStore({
    memory: memory.templates,
    reviewMs: options.templateReviewMs ?? 0,
    kindOfHandle: (handle) => samples.kindOf(handle),
    post: webhooks.post,
    now,
    random: createRandom(seed, 'templates'),
    timers,
    onChange: () => keeper.note(),
  });
  if (options.templates === 'demo' && memory.templates === null) setTemplates(templates, { seed: DEMO_TEMPLATES.map(({ body, seed: given }) => ({ body, ...given })) });
  const traffic = createTraffic({
    number: account,
    memory,
    delays: options.statusDelays ?? toStatusDelays(DEFAULT_STATUS_DELAY_MS),
    hasReadReceipts: options.hasReadReceipts ?? true,
    now,
    random: createRandom(seed, 'traffic'),
    timers,
    faults,
    webhooks,
    kindOfMedia: (id) => media.find(id)?.kind ?? null,
    categoryOfTemplate: (name, language) => templates.findNamed(name, language)?.category ?? null,
    describeMedia: (id) => (server.listening ? media.announce(id, readUrl()) : null),
    onDelivered: (person, text) => player?.onAnswered(person, text),
    onChange: () => keeper.note(),
  });
  const player =
    options.script === 'demo' ? createScriptPlayer({ customers: DEMO_CUSTOMERS, traffic, media, timers, random: createRandom(seed, 'script'), now, pace: options.scriptPace ?? 1, memory }) : null;

  let verified: boolean | null = null;
  const verifyWebhook = async (): Promise<boolean | null> => {
    if (options.webhookUrl === null || options.verifyToken === undefined) return null;
    const challenge = String(randomInt(1_000_000_000));
    const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': options.verifyToken, 'hub.challenge': challenge });
    const answer = await fetch(`${options.webhookUrl}?${query.toString()}`, { signal: AbortSignal.timeout(10_000) })
      .then(async (response) => (response.status === 200 ? await response.text() : null))
      .catch(() => null);
    verified = answer === challenge;
    log(verified ? 'info' : 'warn', 'webhook.verification', { verified });
    return verified;
  };
  const state = (): StandInState => ({ webhooks: webhooks.counts(), calls: journal.calls().length, customers: traffic.countCustomers(), verified });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    const { host, origin } = request.headers;
    if (origin === undefined && (host === `127.0.0.1:${readPort()}` || host === `localhost:${readPort()}`)) return next();
    response.status(403).json({ error: 'only programs on this computer are answered' });
  });
  app.use(createControlApi({ traffic, media, templates, journal, faults, state, verifyWebhook }));
  app.use(
    createGraphApi({
      account,
      appSecret: options.appSecret,
      webhookUrl: options.webhookUrl,
      traffic,
      webhooks,
      media,
      samples,
      templates,
      journal,
      faults,
      timers,
      random: createRandom(seed, 'graph'),
      now,
    }),
  );
  const server = createServer(app);
  const readPort = (): number => (server.address() as AddressInfo).port;
  const readUrl = (): string => `http://127.0.0.1:${readPort()}`;

  return {
    start: async () => {
      server.listen(options.port ?? 0, '127.0.0.1');
      await once(server, 'listening');
      log('info', 'meta.started', { seed, script: options.script ?? null });
      void verifyWebhook();
      player?.start();
    },
    stop: async () => {
      timers.stop();
      savingTimers.stop();
      webhooks.stop();
      if (!server.listening) return;
      keeper.save();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    url: () => {
      if (!server.listening) throw new Error('the stand-in is not started');
      return readUrl();
    },
    journal: () => journal.calls(),
    clearJournal: () => journal.clear(),
    customerWrites: (input) => writeAsCustomer({ traffic, media }, input),
    customerSays: (who, line, as = {}) => traffic.customerWrites({ ...who, ...toMessage(line, media), ...as }),
    phoneWrites: (input) => writeOnPhone({ traffic, media }, input),
    postChange: (update) => traffic.postChange(update),
    addMedia: (mimeType, bytes) => ({ id: media.add(mimeType, bytes).id }),
    setFaults: (input) => faults.set(input),
    templates: () => templates.list(),
    setTemplates: (input) => setTemplates(templates, input),
    state,
  };
}
