/** The outbox at Meta's pace and under its refusals: the real job runner, handlers and Graph client, over HTTP to the stand-in, with a clock that the test moves. */
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTO_LATE_MAX_MS, PAIR_BURST, PAIR_PAUSE_MS } from '../../../contract/limits.ts';
import type { OpBody, OutboundContent } from '../../../contract/ops/op.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { DEFAULT_AI_SETTINGS } from '../../../contract/ai/ai-defaults.ts';
import { createMetaStandIn, type MetaStandIn } from '../../../main/demo/meta/stand-in.ts';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { createContactQueries } from '../../../main/engine/db/contact-queries.ts';
import { createShownIn } from '../../../main/engine/db/shown-in-queries.ts';
import { createJobQueries, type JobQueries } from '../../../main/engine/db/job-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries, type SyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createUploadQueries } from '../../../main/engine/db/upload-queries.ts';
import { createJobRunner, type JobHandler, type JobRunner } from '../../../main/engine/jobs/job-runner.ts';
import { createLateBlocks } from '../../../main/engine/outbox/late-blocks.ts';
import { addOutboxJobs, createMarkReadHandler, type OutboxDeps } from '../../../main/engine/outbox/outbox.ts';
import { createSendHandler } from '../../../main/engine/outbox/send-message.ts';
import { createSendPace } from '../../../main/engine/outbox/send-pace.ts';
import { createUploadHandler } from '../../../main/engine/outbox/upload-media.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createReplica, type Replica } from '../../../main/engine/sync/replica.ts';
import { createGraphClient } from '../../../main/engine/whatsapp/graph-client.ts';
import { createWhatsappHealth, type WhatsappHealth } from '../../../main/engine/whatsapp/health.ts';
import { ANSWER, AUTO_ON, proposeOp, settingsOp } from '../contract/ai-samples.ts';
import { AT, createTeamLog, ROSA } from '../contract/log-writer.ts';

const LUIS = '50255559876';
const PHOTO = SAMPLE_MEDIA.photo.bytes();
const SHA256 = 'a'.repeat(64);
const NOTHING: JobHandler = { group: 'media', isRepeatable: true, prepare: () => ({ status: 'done' }), run: () => Promise.resolve({ status: 'done' }) };

let now: number;
let meta: MetaStandIn;
let log: ReturnType<typeof createTeamLog>;
let db: Database.Database;
let sync: SyncQueries;
let jobs: JobQueries;
let replica: Replica;
let runner: JobRunner;
let health: WhatsappHealth;
let luis: string;

let refusedTemplates: number[];
beforeEach(async () => {
  now = AT + 60_000;
  // Statuses are not what this is about.
  meta = createMetaStandIn({ webhookUrl: null, appSecret: 'secret', phoneNumberId: '2', now: () => now, seed: 1 });
  await meta.start();
  for (const from of [ROSA, LUIS]) meta.customerWrites({ from, text: 'hola' });
  log = createTeamLog();
  luis = `c_${log.customerWrites({ from: LUIS })}`;
  db = openDatabase(':memory:');
  sync = createSyncQueries(db);
  sync.enroll('http://127.0.0.1', 'log', 'desk-bo', 'bo');
  db.exec('UPDATE sync_meta SET write_level = 5');
  jobs = createJobQueries(db);
  const contacts = createContactQueries(db);
  let counter = 0;
  replica = createReplica({
    db,
    queries: sync,
    clock: { now: () => now },
    ids: { next: () => `op-bo-${String((counter += 1)).padStart(4, '0')}` },
    changes: createChangeCollector(createShownIn(db)),
    onConfirmed: (confirmed, tx) => addOutboxJobs(confirmed, tx, jobs, 'never', now),
    onReceived: () => undefined,
    onEntry: (entry, result) => noteLateBlock(entry, result),
  });
  health = createWhatsappHealth(() => undefined);
  health.setConfigured(true);
  refusedTemplates = [];
  const outbox: OutboxDeps = {
    replica,
    jobs,
    contacts,
    uploads: createUploadQueries(db),
    media: {
      describe: () => ({ sha256: SHA256, mimeType: 'image/jpeg', bytes: PHOTO.length, source: 'own', width: null, height: null, durationMs: null, isShared: false, hasThumbnail: false }),
      open: async (sha256) => ({ ...outbox.media.describe(sha256)!, stream: () => toStream(PHOTO) }),
    },
    pace: createSendPace(() => now),
    graph: createGraphClient({ baseUrl: meta.url(), fetch, getToken: async () => 'token' }),
    health,
    noteTemplateRefused: (code) => void refusedTemplates.push(code),
    now: () => now,
    random: () => 0,
    log: () => undefined,
  };
  runner = createJobRunner({
    jobs,
    handlers: {
      'message.send': createSendHandler(outbox),
      'message.mark_read': createMarkReadHandler(outbox),
      'media.upload': createUploadHandler({ ...outbox, progress: { note: () => undefined, end: () => undefined } }),
      'media.fetch': NOTHING,
      'media.share': NOTHING,
    },
    transact: replica.transact,
    onStateChange: () => undefined,
    clock: { now: () => now },
    random: () => 0,
    log: () => undefined,
  });
  const noteLateBlock = createLateBlocks({ state: replica.state, runner, health, deviceId: () => 'desk-bo', now: () => now });
  replica.receive(log.log);
  runner.start();
});
afterEach(async () => {
  await runner.stop();
  await meta.stop();
  db.close();
  log.close();
});

async function* toStream(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What pending ops bring goes into the log and back; the outbox does what it can at this time. */
async function work(): Promise<void> {
  log.push('bo', sync.listPending(0, 1_000));
  replica.receive(log.log);
  runner.nudge();
  // A turn of the runner is over when for some turns of the event loop nothing has run.
  for (let quiet = 0; quiet < 20; quiet = jobs.listByState('running').length > 0 ? 0 : quiet + 1) await new Promise((resolve) => setImmediate(resolve));
}
const after = async (ms: number): Promise<void> => {
  now += ms;
  await work();
};
const queue = (messageId: string, conversationId: string = log.conversationId, content: OutboundContent = { kind: 'text', text: messageId }): void =>
  void replica.applyLocal({ type: 'message.queue', args: { messageId, conversationId, seenThrough: log.head(), content } });
const queuePhoto = (messageId: string) =>
  queue(messageId, log.conversationId, {
    kind: 'image',
    media: { id: null, sha256: SHA256, mimeType: 'image/jpeg', bytes: PHOTO.length, width: null, height: null, durationMs: null },
    caption: null,
  });
const calls = (what: 'messages' | 'media') => meta.journal().filter(({ method, path }) => method === 'POST' && path.endsWith(`/${what}`));
const sent = (): string[] =>
  calls('messages')
    .filter(({ accepted }) => accepted)
    .map(({ body }) => (body as { biz_opaque_callback_data: string }).biz_opaque_callback_data);
/** Meta says afterwards that a message it took has failed. */
const failLater = (wamid: string, code: number): void =>
  void log.webhook({ item: 'status', payload: { id: wamid, status: 'failed', timestamp: String(Math.floor(now / 1000)), recipient_id: ROSA, errors: [{ code, title: 'failed' }] } });
const messageOf = (id: string) => replica.state.get('message', [id]);
const attemptsOf = (id: string) => jobs.find('message.send', id)?.attempts;

describe('the pace of one person', () => {
  it('lets a burst go at once, then one per pause, and holds up nobody else', async () => {
    const ids = Array.from({ length: PAIR_BURST + 3 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    for (const id of ids) queue(id);
    await work();
    // The number itself sends a few at once, too, and then 80 a second.
    for (let n = 0; n < 4; n += 1) await after(25);
    expect(sent()).toEqual(ids.slice(0, PAIR_BURST));
    queue('for-luis', luis);
    await work();
    expect(sent().at(-1)).toBe('for-luis');
    await after(PAIR_PAUSE_MS - 101);
    expect(sent()).toHaveLength(PAIR_BURST + 1);
    await after(1);
    expect(sent().at(-1)).toBe(ids[PAIR_BURST]);
    await after(PAIR_PAUSE_MS);
    await after(PAIR_PAUSE_MS);
    expect(sent().filter((id) => id !== 'for-luis')).toEqual(ids);
    expect(ids.map(attemptsOf), 'waiting is no attempt').toEqual(ids.map(() => 0));
  });

  it('backs off for this person alone when Meta says that it is too much: 6, 16, 64 s', async () => {
    meta.setFaults({ sendErrors: [{ code: 131056 }] });
    queue('for-rosa');
    await work();
    queue('for-luis', luis);
    await work();
    expect(sent()).toEqual(['for-luis']);
    meta.setFaults({ sendErrors: [{ code: 131056, times: 2 }] });
    for (const [tries, seconds] of [
      [2, 6],
      [3, 16],
      [4, 64],
    ] as const) {
      await after(seconds * 1_000 - 1);
      expect(calls('messages')).toHaveLength(tries);
      await after(1);
      expect(calls('messages')).toHaveLength(tries + 1);
    }
    expect(sent()).toEqual(['for-luis', 'for-rosa']);
    expect(messageOf('for-rosa')?.status).not.toBe('failed');
  });

  it('is not forgotten after a refusal: what else goes to this person waits, too', async () => {
    meta.setFaults({ sendErrors: [{ code: 131056 }] });
    queue('first');
    await work();
    await after(PAIR_PAUSE_MS);
    queue('second');
    await work();
    expect(sent()).toEqual(['first']);
    await after(PAIR_PAUSE_MS);
    expect(sent()).toEqual(['first', 'second']);
  });
});

describe('a throttled number', () => {
  it.each([
    [130_429, 1_000],
    [80_007, 300_000],
    [4, 60_000],
  ])('pauses as a whole and gives up nothing: code %i', async (code, pauseMs) => {
    meta.setFaults({ sendErrors: [{ code, times: 7 }] });
    queue('for-rosa');
    queue('for-luis', luis);
    await work();
    const tried = calls('messages').length;
    queue('later', luis);
    await after(pauseMs - 1);
    expect(calls('messages')).toHaveLength(tried);
    for (let round = 0; round < 10; round += 1) await after(10 * 60_000);
    expect(sent().toSorted()).toEqual(['for-luis', 'for-rosa', 'later']);
    expect([attemptsOf('for-rosa'), attemptsOf('for-luis')]).toEqual([0, 0]);
  });

  it('waits as long as Meta asks for', async () => {
    meta.setFaults({ sendErrors: [{ code: 130_429, retryAfterS: 45 }] });
    queue('m');
    await work();
    await after(44_999);
    expect(calls('messages')).toHaveLength(1);
    await after(1);
    expect(sent()).toEqual(['m']);
  });

  it('waits as long as Meta asks for in an outage', async () => {
    meta.setFaults({ sendErrors: [{ code: 2, status: 503, retryAfterS: 90 }] });
    queue('m');
    await work();
    await after(89_999);
    expect(calls('messages')).toHaveLength(1);
    await after(1);
    expect(sent()).toEqual(['m']);
  });
});

describe('an account that is blocked', () => {
  it.each([0, 10, 33, 190, 200, 368, 131_005, 131_031, 131_037, 131_042, 131_045, 133_010])('stops everything, is told once, and goes on with a new token: code %i', async (code) => {
    meta.setFaults({ sendErrors: [{ code, times: 100 }] });
    queue('for-rosa');
    queue('for-luis', luis);
    await work();
    const tried = calls('messages').length;
    await after(59_999);
    expect(calls('messages')).toHaveLength(tried);
    expect(health.read()).toMatchObject({ whatsapp: 'blocked', whatsappError: { code } });
    await after(1);
    expect(calls('messages').length).toBeGreaterThan(tried);
    expect(sent()).toEqual([]);

    meta.setFaults({ reset: true });
    health.setConfigured(true);
    runner.resume();
    await work();
    expect(sent().toSorted()).toEqual(['for-luis', 'for-rosa']);
    expect(health.read().whatsapp).toBe('ok');
    expect([attemptsOf('for-rosa'), attemptsOf('for-luis')]).toEqual([0, 0]);
  });
});

describe('a block that Meta tells only with the status', () => {
  it('holds everything, is told, and one message tries again later', async () => {
    queue('first');
    await work();
    const wamid = (JSON.parse(sync.listPending(0, 10).at(-1)?.body ?? '{}') as { args: { wamid: string } }).args.wamid;
    await work();
    failLater(wamid, 131_042);
    queue('second');
    await work();
    expect(sent()).toEqual(['first']);
    expect(health.read()).toMatchObject({ whatsapp: 'blocked', whatsappError: { code: 131_042 } });
    await after(10 * 60_000 - 1);
    expect(sent()).toEqual(['first']);
    await after(1);
    expect(sent()).toEqual(['first', 'second']);
  });

  it('is of no interest when it was long ago, as on a desktop that reads the whole log', async () => {
    queue('first');
    await work();
    const wamid = (JSON.parse(sync.listPending(0, 10).at(-1)?.body ?? '{}') as { args: { wamid: string } }).args.wamid;
    failLater(wamid, 131_042);
    now += 11 * 60_000;
    queue('second');
    await work();
    expect(sent()).toEqual(['first', 'second']);
    expect(health.read().whatsapp).toBe('ok');
  });
});

describe('a file', () => {
  it('whose upload got lost is tried again, and given up with a reason when nothing gets through', async () => {
    meta.setFaults({ dropUploadAfterAccept: 2 });
    queuePhoto('photo');
    await work();
    expect(calls('media')).toHaveLength(1);
    await after(5_000);
    await after(10_000);
    expect(calls('media')).toHaveLength(3);
    expect(sent()).toEqual(['photo']);

    db.exec('DELETE FROM media_upload');
    meta.setFaults({ dropUploadBeforeAccept: 100 });
    queuePhoto('hopeless');
    await work();
    for (let round = 0; round < 10; round += 1) await after(10 * 60_000);
    expect(calls('media')).toHaveLength(3 + 6);
    expect(JSON.parse(messageOf('hopeless')?.error ?? '{}')).toMatchObject({ code: OWN_ERROR.uploadLost });
    expect(sent()).toEqual(['photo']);
  });

  it('does not leave when the window has closed meanwhile', async () => {
    queuePhoto('late');
    log.push('bo', sync.listPending(0, 1_000));
    replica.receive(log.log);
    await after(25 * 3_600_000);
    expect([calls('media').length, calls('messages').length]).toEqual([0, 0]);
    expect(JSON.parse(messageOf('late')?.error ?? '{}')).toMatchObject({ code: OWN_ERROR.windowClosed });
  });

  it('is uploaded anew a day before Meta forgets it', async () => {
    queuePhoto('first');
    await work();
    const days = (count: number) => count * 24 * 3_600_000;
    now += days(29);
    for (const from of [ROSA, LUIS]) meta.customerWrites({ from, text: 'sigo aquí' });
    log.customerWrites({ sentAt: now });
    db.prepare('UPDATE conversation SET last_inbound_at = ?').run(now);
    queuePhoto('second');
    await work();
    expect(calls('media')).toHaveLength(2);
    expect(sent()).toEqual(['first', 'second']);
  });
});

describe('a template', () => {
  const template = (category = 'UTILITY'): OutboundContent => ({
    kind: 'template',
    name: 'aviso',
    language: 'es',
    category,
    header: null,
    body: 'Su visita es el lunes.',
    footer: null,
    buttons: [],
    parameters: [],
    request: null,
  });
  const seedTemplate = (category: 'UTILITY' | 'MARKETING' = 'UTILITY') =>
    meta.setTemplates({ seed: [{ body: { name: 'aviso', language: 'es', category, components: [{ type: 'BODY', text: 'Su visita es el lunes.' }] } }] });
  const rosa = (): string => messageOf('early')!.contact_id;
  const errorOf = (id: string): number | undefined => (JSON.parse(messageOf(id)?.error ?? '{}') as { code?: number }).code;
  const confirm = (): void => {
    log.push('bo', sync.listPending(0, 1_000));
    replica.receive(log.log);
  };
  /** Somebody else decides after it was written and before it leaves. */
  const decide = (changes: Extract<OpBody, { type: 'contact.change' }>['args']['changes'], contactId = rosa()): void => {
    log.op('ana', { type: 'contact.change', args: { contactId, changes } });
    replica.receive(log.log);
  };
  beforeEach(() => {
    seedTemplate();
    queue('early', log.conversationId, template());
    confirm();
  });

  it('leaves through a closed window', async () => {
    now += 25 * 3_600_000;
    await work();
    expect(sent()).toEqual(['early']);
  });

  it('to somebody who was blocked meanwhile does not, nor does free text', async () => {
    queue('words');
    confirm();
    decide({ isBlocked: { from: 0, to: 1 } });
    await work();
    await work();
    expect(calls('messages')).toEqual([]);
    expect([errorOf('early'), errorOf('words')]).toEqual([OWN_ERROR.blocked, OWN_ERROR.blocked]);
  });

  it('nor to a contact that is the same person as a blocked one', async () => {
    log.op('ana', { type: 'contact.add', args: { contactId: 'root', phone: null, fields: { isBlocked: 1 } } });
    log.op('ana', { type: 'contact.merge', args: { contactId: rosa(), from: null, to: 'root' } });
    replica.receive(log.log);
    await work();
    expect([calls('messages').length, errorOf('early')]).toEqual([0, OWN_ERROR.blocked]);
  });

  it('that is advertising stays here when the person wants none; others leave', async () => {
    meta.setTemplates({ change: { name: 'aviso', category: 'MARKETING' } });
    queue('offer', log.conversationId, template('MARKETING'));
    confirm();
    decide({ marketing: { from: null, to: 'stop' } });
    await work();
    expect(sent()).toEqual(['early']);
    expect(errorOf('offer')).toBe(OWN_ERROR.optedOut);
  });

  it('that Meta does not know any more fails, and the list of templates is told', async () => {
    meta.setTemplates({ change: { name: 'aviso', status: 'PAUSED' } });
    await work();
    expect(errorOf('early')).toBe(132_015);
    expect(refusedTemplates).toEqual([132_015]);
  });
});

it('a body that Meta would refuse never reaches it: the message fails with the field', async () => {
  queue('damaged');
  log.push('bo', sync.listPending(0, 1_000));
  replica.receive(log.log);
  db.prepare("UPDATE message SET content = json_set(content, '$.text', ?) WHERE id = 'damaged'").run('x'.repeat(5_000));
  await work();
  expect(calls('messages')).toEqual([]);
  expect(JSON.parse(messageOf('damaged')?.error ?? '{}')).toMatchObject({ code: OWN_ERROR.refusedBeforeSending, detail: expect.stringContaining('text') as string });
});

it('what Meta says of the recipient is told to the team with the result', async () => {
  queue('m');
  await work();
  const result = sync
    .listPending(0, 10)
    .map(({ body }) => JSON.parse(body) as { type: string; args: Record<string, unknown> })
    .find(({ type }) => type === 'message.result');
  expect(result?.args).toMatchObject({ messageId: 'm', waId: ROSA });
});

describe('an automatic answer', () => {
  const share = (): void => {
    log.push('bo', sync.listPending(0, 1_000));
    replica.receive(log.log);
  };
  const about = (): string => `m_${log.conversationId.slice(2)}`;
  /** Proposed, counted down and approved in the log; its job waits. */
  const approve = (messageId = 'auto'): void => {
    const { conversationId } = log;
    log.wait(now - log.log.at(-1)!.receivedAt);
    const claim = () => replica.applyLocal({ type: 'draft.claim', args: { conversationId, aboutMessageId: about() } });
    log.op('ana', settingsOp(DEFAULT_AI_SETTINGS, AUTO_ON));
    replica.receive(log.log);
    claim();
    share();
    const fence = replica.state.get('conversation_ai', [conversationId])?.claim_fence ?? 0;
    replica.applyLocal(proposeOp('d', conversationId, about(), { seen: log.head(), auto: { fence, at: 1 } }));
    share();
    log.wait(28_000);
    claim();
    share();
    log.wait(2_000);
    replica.applyLocal({ type: 'draft.approve', args: { draftId: 'd', messageId, content: { kind: 'text', text: ANSWER }, seenThrough: log.head(), fence } });
    share();
    expect(replica.state.get('ai_draft', ['d'])?.auto_state).toBe('sent');
    now = log.log.at(-1)!.receivedAt;
  };
  const errorOf = (id: string): { code: number; detail: string | null } | null => JSON.parse(messageOf(id)?.error ?? 'null') as { code: number; detail: string | null } | null;

  it('leaves when nothing happened since', async () => {
    approve();
    await work();
    expect(sent()).toEqual(['auto']);
  });

  it.each<[string, () => void, string]>([
    ['the customer wrote', () => void log.customerWrites({ text: 'espera' }), 'answered'],
    ['the customer took back what they had said', () => void log.customerWrites({ type: 'revoke', payload: { revoke: { original_message_id: 'wamid.7' } } }), 'taken'],
    [
      'a colleague wrote',
      () => void log.op('cy', { type: 'message.queue', args: { messageId: 'cy', conversationId: log.conversationId, seenThrough: log.head(), content: { kind: 'text', text: 'yo' } } }),
      'answered',
    ],
    ['its own agent wrote and the log has not said so yet', () => queue('mine'), 'answered'],
    ['a colleague took the conversation', () => void log.op('cy', { type: 'conversation.assign', args: { conversationId: log.conversationId, from: null, to: 'cy' } }), 'taken'],
    ['the switch was pulled', () => void log.op('cy', { type: 'ai.stop', args: { isStopped: true } }), 'stopped'],
    ['the conversation is for drafts only', () => void log.op('cy', { type: 'conversation.ai', args: { conversationId: log.conversationId, from: null, to: 'draft' } }), 'stopped'],
    [
      'the conversation was put away',
      () => void log.op('cy', { type: 'conversation.status', args: { conversationId: log.conversationId, from: 'active', to: 'archived', seenThrough: log.head() } }),
      'taken',
    ],
    ['this desktop was away for too long', () => void (now += AUTO_LATE_MAX_MS + 1), 'late'],
  ])('stays when %s before it left, and says why', async (_, happens, detail) => {
    approve();
    happens();
    replica.receive(log.log);
    await work();
    expect(sent()).not.toContain('auto');
    expect(errorOf('auto')).toMatchObject({ code: OWN_ERROR.automaticLate, detail });
    await after(3_600_000);
    expect(sent(), 'it does not leave later either').not.toContain('auto');
  });

  it('stays when the person was blocked', async () => {
    approve();
    const contactId = replica.state.get('conversation', [log.conversationId])!.contact_id;
    log.op('cy', { type: 'contact.change', args: { contactId, changes: { isBlocked: { from: 0, to: 1 } } } });
    replica.receive(log.log);
    await work();
    expect(calls('messages')).toEqual([]);
    expect(errorOf('auto')).toMatchObject({ code: OWN_ERROR.blocked });
  });

  it('that did not leave is handed to people', async () => {
    approve();
    log.op('cy', { type: 'ai.stop', args: { isStopped: true } });
    await work();
    await work();
    expect(replica.state.get('conversation_ai', [log.conversationId])).toMatchObject({ handoff_reason: 'failed', handoff_about: about() });
  });
});

describe('a draft that a person sends', () => {
  const propose = (): void => {
    replica.applyLocal(proposeOp('d', log.conversationId, `m_${log.conversationId.slice(2)}`, { seen: log.head() }));
  };
  const approve = (messageId: string): void => {
    replica.applyLocal({ type: 'draft.approve', args: { draftId: 'd', messageId, content: { kind: 'text', text: messageId }, seenThrough: log.head(), fence: null } });
  };
  it('leaves once its op is in the log, as any other message, also with the switch pulled', async () => {
    propose();
    approve('m');
    runner.nudge();
    expect(jobs.find('message.send', 'm')).toBeUndefined();
    log.op('cy', { type: 'ai.stop', args: { isStopped: true } });
    await work();
    expect(sent()).toEqual(['m']);
  });

  it('too late does not leave until its author says so', async () => {
    propose();
    await work();
    log.op('cy', { type: 'draft.approve', args: { draftId: 'd', messageId: 'theirs', content: { kind: 'text', text: 'yo' }, seenThrough: log.head(), fence: null } });
    approve('mine');
    await work();
    expect(sent()).toEqual([]);
    expect(messageOf('mine')).toMatchObject({ hold: 'held' });
    replica.applyLocal({ type: 'message.confirm', args: { messageId: 'mine', seenThrough: log.head() } });
    await work();
    expect(sent()).toEqual(['mine']);
  });
});
