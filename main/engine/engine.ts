/**
 * The composition root of the desktop's engine: a plain Node program that holds the team's data and talks to relay and
 * Meta. Nothing here knows of windows; hosts (Electron, browser shell, command line) give it ports and serve its router.
 */
import { lookup } from 'node:dns/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/app-error.ts';
import { DEFAULT_PREFERENCES } from '../../contract/default-preferences.ts';
import { preferencesSchema, type Preferences, type Session } from '../../contract/entities.ts';
import { NAME_MAX } from '../../contract/limits.ts';
import { errorText } from '../../contract/log.ts';
import { parseJson } from '../../contract/json.ts';
import { relayEventSchema } from '../../contract/wire.ts';
import { openPlainFile } from '../../contract/sqlite/open-file.ts';
import { createAi } from './ai/ai.ts';
import { createQuality } from './ai/quality/quality-feature.ts';
import { createKnowledge } from './ai/knowledge/knowledge.ts';
import { createKnowledgeFollower, joinFollowers } from './ai/knowledge/knowledge-follower.ts';
import { createLocalApi, type LocalApi } from './api/local-api.ts';
import { createRouter, type EngineRouter } from './api/router.ts';
import { createRouting } from './assignment/routing.ts';
import { createSuggestions } from './assignment/suggest.ts';
import { createContacts } from './contacts/contacts.ts';
import { createConflicts } from './conversations/conflicts.ts';
import { createConversations } from './conversations/conversations.ts';
import { createInboxViews } from './conversations/inbox-views.ts';
import { createDirectMessage } from './conversations/direct-message.ts';
import { createDrafts } from './conversations/drafts.ts';
import { createTriage } from './conversations/triage.ts';
import { formatPhone, viewAgent } from './conversations/views.ts';
import { createAiQueries } from './db/ai-queries.ts';
import { createAutoQueries } from './db/auto-queries.ts';
import { createAnsweredCallQueries } from './db/answered-call-queries.ts';
import { createAssignmentQueries } from './db/assignment-queries.ts';
import { createContactQueries } from './db/contact-queries.ts';
import { createShownIn } from './db/shown-in-queries.ts';
import { createConversationListQueries } from './db/conversation-list-queries.ts';
import { createConversationQueries } from './db/conversation-queries.ts';
import { createDiagnosticQueries } from './db/diagnostic-queries.ts';
import { createDeviceQueries } from './db/device-queries.ts';
import { createKeyQueries } from './db/key-queries.ts';
import { createErasureQueries } from './db/erasure-queries.ts';
import { createPrivacyQueries } from './db/privacy-queries.ts';
import { createStorageQueries } from './db/storage-queries.ts';
import { createDraftQueries } from './db/draft-queries.ts';
import { acquireFolderLock, type FolderLock } from './db/folder-lock.ts';
import { createImportQueries } from './db/import-queries.ts';
import { createJobQueries, MESSAGE_JOBS, type JobRow } from './db/job-queries.ts';
import { createKnowledgeIndexQueries } from './db/knowledge-index-queries.ts';
import { createKnowledgeQueries } from './db/knowledge-queries.ts';
import { createMediaQueries } from './db/media-queries.ts';
import { createNoticeQueries } from './db/notice-queries.ts';
import { createMessageQueries } from './db/message-queries.ts';
import { DATABASE_FILE, openDatabase, SEALED_DATABASE_FILE } from './db/open-database.ts';
import { createQualityQueries } from './db/quality-queries.ts';
import { createReportQueries } from './db/report-queries.ts';
import { createRequestQueries } from './db/request-queries.ts';
import { createSearchQueries } from './db/search-queries.ts';
import { createSettingQueries } from './db/setting-queries.ts';
import { createSetupQueries } from './db/setup-queries.ts';
import { createSyncQueries } from './db/sync-queries.ts';
import { createTeamQueries } from './db/team-queries.ts';
import { createTemplateQueries } from './db/template-queries.ts';
import { createUploadQueries } from './db/upload-queries.ts';
import { ON_ITS_WAY_MS, createConnectionDoctor } from './diagnostics/connection-doctor.ts';
import { createErasure } from './privacy/erasure.ts';
import { createErasureFollower } from './privacy/erasure-follower.ts';
import { createPrivacy } from './privacy/privacy.ts';
import { createWindowMemory } from './privacy/window-memory.ts';
import { createRetention } from './privacy/retention.ts';
import { createStorage } from './privacy/storage.ts';
import { createEvents } from './diagnostics/events.ts';
import { createEventReplay } from './diagnostics/replay-event.ts';
import { createJobRunner, type JobRunner } from './jobs/job-runner.ts';
import { createHours } from './hours/hours.ts';
import { nameFile } from './media/file-names.ts';
import { plainFormat } from './media/disk-format.ts';
import { createMediaFiles } from './media/media-files.ts';
import { createMedia } from './media/media.ts';
import { createSealedFormat } from './media/sealed-format.ts';
import { createNotices, type Notices } from './notices/notices.ts';
import { createForwarding } from './messages/forwarding.ts';
import { createMessages } from './messages/messages.ts';
import { createSending } from './messages/sending.ts';
import { createLateBlocks } from './outbox/late-blocks.ts';
import { addOutboxJobs, createMarkReadHandler, type OutboxDeps } from './outbox/outbox.ts';
import { createSendHandler } from './outbox/send-message.ts';
import { createSendPace } from './outbox/send-pace.ts';
import { createUploadHandler } from './outbox/upload-media.ts';
import { createOutsideCalls } from './outside/outside-calls.ts';
import { createRepeatedCalls } from './outside/repeated-calls.ts';
import { createReportFollower } from './reports/report-follower.ts';
import { createReports } from './reports/reports.ts';
import { createAutoEvents } from './requests/auto-events.ts';
import { createCsvImport } from './requests/csv-import.ts';
import { createRowJudge } from './requests/csv-rows.ts';
import { createEventProposals } from './requests/event-proposals.ts';
import { createImportWriter } from './requests/import-writer.ts';
import { createLinkSuggestions } from './requests/link-suggestions.ts';
import { createRequestViews } from './requests/request-views.ts';
import { createRequests } from './requests/requests.ts';
import { createSearch } from './search/search.ts';
import { createSearchFollower } from './search/search-follower.ts';
import { createSearchIndex } from './search/search-index.ts';
import { NO_LOCK } from './lock/lock.ts';
import { isLockOn } from './lock/lock-file.ts';
import { createSealedSecrets } from './lock/sealed-secrets.ts';
import type { EngineConfig, EnginePorts, Enrollment, NumberSettings, Secrets } from './ports.ts';
import { createSetup } from './setup/setup.ts';
import { createChangeCollector } from './sync/change-collector.ts';
import { createLogSealing } from './sync/log-sealing.ts';
import { createRelayConnection } from './sync/relay-connection.ts';
import { createRelayHttp } from './sync/relay-http.ts';
import { createRelayKeys } from './sync/relay-keys.ts';
import { createReplica } from './sync/replica.ts';
import { createScratchDisk } from './sync/scratch-disk.ts';
import { createEnrollment } from './team/enrollment.ts';
import { createGrants } from './team/grants.ts';
import { createKeyKeeper, type KeyKeeper } from './team/key-keeper.ts';
import { createKeyRecord } from './team/key-record.ts';
import { createKeyReceiver } from './team/key-receiver.ts';
import { createSnapshots, type Snapshots } from './sync/snapshots.ts';
import { createMembership } from './team/membership.ts';
import { createWipe } from './team/wipe.ts';
import { createWorkspaceRing } from './sync/workspace-ring.ts';
import { createPresence } from './team/presence.ts';
import { createNotes } from './team/notes.ts';
import { createTeam } from './team/team.ts';
import { createTemplates } from './templates/templates.ts';
import { createAccountReader } from './whatsapp/account-reader.ts';
import { createGraphCall } from './whatsapp/graph-call.ts';
import { createGraphClient } from './whatsapp/graph-client.ts';
import { createMediaDownload } from './whatsapp/media-download.ts';
import { createWhatsappHealth } from './whatsapp/health.ts';
import { createTemplateClient } from './whatsapp/template-client.ts';
import { createTyping } from './whatsapp/typing.ts';

export { acquireFolderLock } from './db/folder-lock.ts';
export { DATABASE_FILE, SEALED_DATABASE_FILE } from './db/open-database.ts';

const numberSchema = z.object({ phoneNumberId: z.string().min(1), wabaId: z.string().nullable(), displayPhoneNumber: z.string().nullable(), verifiedName: z.string().nullable() });
const BADGE_EVERY_MS = 250;
const IDLE_POLL_MS = 20;
const REFRESH_EVERY_MS = 60_000;

export type Engine = {
  start(): Promise<void>;
  /** Lets running calls finish for a moment, then closes the database. */
  stop(): Promise<void>;
  router: EngineRouter;
  isEnrolled(): boolean;
  /** Joins a workspace with an invite. @throws Error with a text for people; nothing is changed then. */
  enroll(enrollment: Enrollment): Promise<void>;
  /** The relay has another address now. Before `start`. */
  setRelayUrl(url: string): void;
  /** The number this desktop sends from, and the token for it (kept by the secrets port). */
  setNumber(number: NumberSettings, graphToken: string): Promise<void>;
  hasNumber(): boolean;
  /** Another token for the number it has. */
  replaceGraphToken(graphToken: string): Promise<void>;
  /** Served from when it is opened until the engine stops. */
  localApi: Pick<LocalApi, 'open'>;
  /** What the agent did with a notice outside the window. */
  notices: Pick<Notices, 'open' | 'openLink' | 'reply'>;
  /** Connects to the relay and looks at the outbox now, for example after the machine woke up. */
  wakeUp(): void;
  /** Resolves when nothing is pending, unapplied or about to be sent. For tests and scripts. */
  waitForIdle(timeoutMs: number): Promise<void>;
};

/** @throws Error with a text for people when the folder is in use, or the database or the configuration cannot be used. */
export function createEngine(config: EngineConfig, ports: EnginePorts): Engine {
  const lock = acquireFolderLock(config.dataDir);
  try {
    return composeEngine(config, ports, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function composeEngine(config: EngineConfig, ports: EnginePorts, lock: FolderLock): Engine {
  const { clock, ids, log } = ports;
  const vault = config.vault ?? null;
  if (!config.isDemo && isLockOn(config.dataDir) !== (vault !== null)) throw new Error(`The lock of ${config.dataDir} was turned on or off meanwhile: start Bandeja again.`);
  const secrets: Secrets = vault ? createSealedSecrets(ports.secrets, vault) : ports.secrets;
  let isPretendingOffline = false;
  const fetch: EnginePorts['fetch'] = (...request) => (isPretendingOffline ? Promise.reject(new TypeError('pretending to be offline')) : ports.fetch(...request));
  const graphDeps = { baseUrl: config.graphBaseUrl, fetch, getToken: () => secrets.get('graph-token') };
  const graph = createGraphClient(graphDeps);
  // Of a real workspace nothing is past, whatever it was opened with.
  const isPast = config.isDemo && config.isPast === true;
  const openFile = vault?.openFile ?? openPlainFile;
  const db = openDatabase(path.join(config.dataDir, vault ? SEALED_DATABASE_FILE : DATABASE_FILE), !isPast, openFile);
  const sync = createSyncQueries(db);
  const jobs = createJobQueries(db);
  const contacts = createContactQueries(db);
  const now = (): number => clock.now() + sync.readMeta().clockOffset;
  const conversationQueries = createConversationQueries(db, now);
  const conversationLists = createConversationListQueries(db, now);
  const messageQueries = createMessageQueries(db);
  const teamQueries = createTeamQueries(db);
  const draftQueries = createDraftQueries(db);
  const settings = createSettingQueries(db);
  const changes = createChangeCollector(createShownIn(db));

  const myId = (): string => sync.readMeta().agentId ?? '';
  // A setting of an older version lacks what came later.
  const readPreferences = (): Preferences => ({ ...DEFAULT_PREFERENCES, ...settings.read('preferences', preferencesSchema.partial()) }) as Preferences;

  const health = createWhatsappHealth(() => {
    changes.noteSync();
    changes.publish();
  });
  const noteMessage = (id: string): void => {
    const message = messageQueries.find(id);
    if (message) changes.noteConversation(message.conversationId);
  };
  const noteJob = (job: JobRow): void => {
    const shownIn = media.conversationOf(job);
    if (shownIn === null) noteMessage(job.subject);
    else changes.noteConversation(shownIn);
  };
  let snapshots: Snapshots | null = null;
  const searchQueries = createSearchQueries(db);
  const reportQueries = createReportQueries(db);
  const knowledgeQueries = createKnowledgeQueries(db);
  const knowledgeIndexQueries = createKnowledgeIndexQueries(db);
  const erasureQueries = createErasureQueries(db);
  const deviceQueries = createDeviceQueries(db);
  const replica = createReplica({
    db,
    queries: sync,
    search: joinFollowers([
      createSearchFollower(searchQueries),
      createKnowledgeFollower(knowledgeIndexQueries, knowledgeQueries),
      createReportFollower(reportQueries),
      createErasureFollower(erasureQueries),
    ]),
    clock,
    ids,
    changes,
    onConfirmed: (confirmed, tx) => {
      addOutboxJobs(confirmed, tx, jobs, readPreferences().readReceipts, now());
      media.noteConfirmed(confirmed);
      drafts.noteConfirmed(confirmed);
      ai.noteConfirmed(confirmed);
    },
    onEntry: (entry, result) => {
      notices.note(entry, result);
      media.noteEntry(entry, result);
      noteLateBlock(entry, result);
      ai.noteEntry(entry, result);
      erasure.noteEntry(entry, result);
      if (entry.kind === 'relay' || (result.kind === 'op' && result.op?.type === 'key.admit')) keyKeeper.note();
      if (entry.kind !== 'relay') return;
      const { data: event } = relayEventSchema.safeParse(parseJson(entry.body));
      if (event?.type === 'device.revoked') deviceQueries.noteShutOut(event.deviceId, entry.receivedAt);
      if (event?.type === 'device.enrolled') deviceQueries.noteJoined({ deviceId: event.deviceId, agentId: event.agentId, at: entry.receivedAt });
    },
    onRebased: () => media.lookAgain(),
    onReceived: () => {
      for (const subject of jobs.settleUncertain(now())) noteMessage(subject);
    },
    onDigest: (point) => snapshots?.report(point),
  });
  const hours = createHours(replica.state);
  const readNumber = () => settings.read('number', numberSchema);
  const http = createRelayHttp({ fetch, readRelayUrl: () => sync.readMeta().relayUrl, getToken: () => secrets.get('device-token') });
  const ring = createWorkspaceRing(secrets);
  const relayKeys = createRelayKeys({
    ring,
    queries: sync,
    settings,
    secrets,
    http,
    onChange: () => {
      changes.noteSync();
      changes.publish();
    },
    log,
  });
  const sealing = createLogSealing({ ring, queries: sync, settings, agreedEpoch: relayKeys.agreedEpoch, log });
  const media = createMedia({
    files: createMediaFiles(config.dataDir, vault ? createSealedFormat(vault.fileKeys) : plainFormat),
    queries: createMediaQueries(db),
    jobs,
    sync,
    replica,
    changes,
    http,
    ring,
    isFromBefore: sealing.isFromBefore,
    mayUseKeys: () => relayKeys.agreedEpoch() !== null,
    graph,
    download: createMediaDownload({ ...graphDeps, userAgent: `Bandeja/${config.version}` }),
    ids,
    readOwnNumber: async () => ((await secrets.get('graph-token')) === null ? null : (readNumber()?.phoneNumberId ?? null)),
    readPreferences,
    now,
    random: ports.random,
    log,
  });
  const uploads = createUploadQueries(db);
  const outbox: OutboxDeps = {
    replica,
    jobs,
    contacts,
    uploads,
    media,
    pace: createSendPace(now),
    graph,
    health,
    noteTemplateRefused: (code) => templates.noteRefused(code),
    now,
    random: ports.random,
    log,
  };
  const runner: JobRunner = createJobRunner({
    jobs,
    handlers: {
      'message.send': createSendHandler(outbox),
      'message.mark_read': createMarkReadHandler(outbox),
      'media.upload': createUploadHandler({ ...outbox, progress: media.progress }),
      ...media.handlers,
    },
    transact: replica.transact,
    onStateChange: noteJob,
    // A message that the rows do not have yet, or have as it once was, cannot be judged.
    mayBegin: sync.hasWholeRows,
    clock: { now },
    random: ports.random,
    log,
  });
  const noteLateBlock = createLateBlocks({ state: replica.state, runner, health, deviceId: () => sync.readMeta().deviceId, now });
  const relay = createRelayConnection({ queries: sync, replica, sealing, keys: relayKeys, changes, clock, random: ports.random, log, getToken: () => secrets.get('device-token') });
  const presence = createPresence({
    relay,
    state: replica.state,
    myId,
    onChange: () => {
      changes.notePresence();
      changes.publish();
    },
  });
  const typing = createTyping({ state: replica.state, graph, health, readPreferences, now, log });
  const conversations = createConversations({ hours, queries: conversationQueries, lists: conversationLists, messages: messageQueries, contacts, sync, replica, now, myId });
  /** What follows the rows gives way to them. */
  const following = { transact: (work: () => void) => db.transaction(work).immediate(), isBusy: () => ['catching_up', 'installing'].includes(relay.state().state), log };
  const searchIndex = createSearchIndex({ queries: searchQueries, ...following });
  const knowledge = createKnowledge({
    queries: knowledgeQueries,
    index: knowledgeIndexQueries,
    settings,
    replica,
    ids,
    readFile: ports.readFile,
    readEmbed: () => ai.readEmbed(),
    onProgress: () => {
      changes.noteKnowledge();
      changes.publish();
    },
    now,
    myId,
    ...following,
  });
  const search = createSearch({ queries: searchQueries, index: searchIndex, conversations, now, myId });
  const triage = createTriage({ conversations, replica, sync, ids, now, myId });
  const team = createTeam({ queries: teamQueries, conversations: conversationQueries, replica, ids, now, myId });
  const messages = createMessages({ queries: messageQueries, conversations, runner, replica, now, myId, media });
  const sending = createSending({
    messages,
    conversations,
    media,
    uploads,
    jobs,
    runner,
    sync,
    replica,
    ids,
    now,
    myId,
    assignsOnReply: () => team.readSettings().assignOnReply,
  });
  const forwarding = createForwarding({ messages, sending });
  const account = createAccountReader({ ...graphDeps, now: clock.now });
  const templateQueries = createTemplateQueries(db);
  const templates = createTemplates({
    client: createTemplateClient(graphDeps),
    account,
    queries: templateQueries,
    settings,
    contacts,
    media,
    messages,
    sending,
    state: replica.state,
    changes,
    transact: replica.transact,
    readNumber,
    hasToken: async () => (await secrets.get('graph-token')) !== null,
    readWorkspaceName: () => team.readSettings().name,
    isOpen: () => db.open,
    myId,
    now,
    random: ports.random,
    log,
  });
  const assignmentQueries = createAssignmentQueries(db);
  const suggestions = createSuggestions({ queries: assignmentQueries, contacts, team: teamQueries, conversations, presentAgents: presence.presentAgents, now, myId });
  const isUpToDate = (): boolean => relay.state().state === 'live' && sync.readMeta().cursor >= relay.state().head;
  const routing = createRouting({
    isLeftToAuto: (conversationId) => ai.isLeftToAuto(conversationId),
    queries: assignmentQueries,
    team: teamQueries,
    replica,
    sync,
    presence,
    readSetting: () => team.readSettings().routing,
    isUpToDate,
    nudge: () => relay.nudge(),
    now,
    log,
  });
  const people = createContacts({
    queries: contacts,
    replica,
    findPeople: search.findPeople,
    conversations,
    listRequests: (contactIds) => requests.ofPeople(contactIds),
    readOwnNumber: () => readNumber()?.displayPhoneNumber ?? null,
    ids,
  });
  const erasure = createErasure({
    db,
    queries: erasureQueries,
    files: media.files,
    namesAtRelay: (sha256) => [...new Set([nameFile(ring, sha256), ...(sealing.hadPlainPast() ? [sha256] : [])])],
    replica,
    http,
    isLive: () => relay.state().state === 'live',
    hasWholeRows: sync.hasWholeRows,
    finishIndex: searchIndex.finishSome,
    onDone: () => {
      changes.noteSync();
      changes.publish();
    },
    myId,
    now,
    log,
  });
  const privacyQueries = createPrivacyQueries(db);
  const retention = createRetention({
    queries: privacyQueries,
    settings,
    sync,
    replica,
    zone: () => hours.open().zone,
    isUpToDate,
    nudge: () => relay.nudge(),
    now,
    log,
  });
  const privacy = createPrivacy({ queries: privacyQueries, replica, erasure, retention, nameOf: (contactId) => people.get({ contactId }).name, myId });
  const storage = createStorage({
    db,
    dataDir: config.dataDir,
    queries: createStorageQueries(db),
    erasure: erasureQueries,
    media,
    startIndexAnew: () => {
      db.transaction(() => searchQueries.startAnew()).immediate();
      searchIndex.nudge();
    },
    onChanged: () => {
      changes.noteWrite('agent', { id: '' });
      changes.publish();
    },
    now,
  });
  const requestQueries = createRequestQueries(db);
  const requestViews = createRequestViews({ contacts, state: replica.state, myId });
  const readOwnNumber = (): string | null => readNumber()?.displayPhoneNumber ?? null;
  const requests = createRequests({ queries: requestQueries, views: requestViews, contacts, settings, replica, changes, findPeople: search.findPeople, readOwnNumber, ids, now, myId });
  const requestEvents = createEventProposals({ queries: requestQueries, views: requestViews, contacts, templates, replica, readNumber, ids });
  const importWriter = createImportWriter({ queries: createImportQueries(db), replica, sync, isOnline: () => relay.state().state === 'live', nudge: () => relay.nudge(), log });
  const requestImport = createCsvImport({ writer: importWriter, ids, createJudge: () => createRowJudge({ queries: requestQueries, contacts, state: replica.state, readOwnNumber }) });
  const autoEvents = createAutoEvents({
    queries: requestQueries,
    proposals: requestEvents,
    sync,
    presence,
    isUpToDate,
    canSend: () => health.read().whatsapp !== 'not_configured',
    nudge: () => nudge(),
    now,
    log,
  });
  const notes = createNotes({ queries: teamQueries, conversations, replica, ids, myId });
  const drafts = createDrafts({ isEnrolled: () => sync.readMeta().deviceId !== null, queries: draftQueries, replica, changes, now });
  const conflicts = createConflicts({ queries: conversationQueries, contacts, drafts: draftQueries, replica, sync, changes, ids, now, myId });

  const ai = createAi({
    queries: createAiQueries(db),
    autoQueries: createAutoQueries(db),
    messageQueries,
    teamQueries,
    templateQueries,
    contacts,
    sync,
    replica,
    changes,
    messages,
    sending,
    templates,
    presence,
    knowledge: {
      retrieve: async (question) => (await knowledge.retrieve(question)).passages.map((passage) => ({ ...passage, label: [passage.title, ...passage.headings].join(' › ') })),
      revision: knowledge.readRev,
      detectLanguage: knowledge.detectLanguage,
    },
    secrets,
    handOutKey: () => {
      grants.noteReplaced();
      grants.nudge();
    },
    hours,
    workspace: () => {
      const { name } = team.readSettings();
      const number = readNumber();
      return { name: name === '' ? (number?.verifiedName ?? null) : name, phone: number?.displayPhoneNumber ?? null };
    },
    onModelMayWork: () => {
      if (db.open) void knowledge.makeVectors();
    },
    fetch,
    resolveHost: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    isOnline: () => relay.state().state === 'live',
    isUpToDate,
    isRelayAway: () => relay.state().state === 'offline',
    isOpen: () => db.open,
    ids,
    myId,
    nudge: () => nudge(),
    now,
    log,
  });
  const qualityQueries = createQualityQueries(db);
  const quality = createQuality({
    queries: qualityQueries,
    views: ai.parts.views,
    zone: () => hours.open().zone,
    messageQueries,
    contacts,
    replica,
    transact: (work) => db.transaction(work).immediate(),
    isOpen: () => db.open,
    myId,
    now,
    log,
  });

  const reports = createReports({
    queries: reportQueries,
    quality: qualityQueries,
    hours,
    toAgent: (id) => viewAgent(id, replica.state.get('agent', [id])?.name ?? null, myId()),
    ...following,
    read: (query) => db.transaction(query)(),
    isOpen: () => db.open,
    now,
    tick: () => performance.now(),
  });

  const notices = createNotices({
    queries: createNoticeQueries(db),
    conversations: conversationQueries,
    messages: messageQueries,
    settings,
    state: replica.state,
    changes,
    drafts,
    targetOf: hours.targetOf,
    readPreferences,
    syncState: () => relay.state().state,
    cursor: () => sync.readMeta().cursor,
    lookedAt: presence.lookedAt,
    sendReply: ({ throughMessageId, ...reply }) => {
      sending.sendText({ ...reply, isGuarded: true });
      if (throughMessageId !== null) conversations.markRead({ conversationId: reply.conversationId, throughMessageId });
      nudge();
    },
    now,
    myId,
    readLogId: () => sync.readMeta().logId,
    show: ports.showNotice,
  });

  let isRefreshing = false;
  /** Asks Meta what the number is called, which also shows whether it can be reached; best effort, the window shows the id until then. */
  const refreshNumber = (): void => {
    askForNumber().catch((error: unknown) => log('warn', 'engine.number_not_read', { error: errorText(error) }));
  };
  const askForNumber = async (): Promise<void> => {
    const number = readNumber();
    if (!number || isRefreshing || !db.open) return;
    isRefreshing = true;
    const result = await graph.readNumber(number.phoneNumberId, AbortSignal.timeout(15_000));
    isRefreshing = false;
    health.note(result, false);
    if (result.status !== 'ok' || !db.open) return;
    settings.write('number', { ...number, ...result.value });
    changes.noteSession();
    changes.publish();
  };

  const checkConfigured = async (): Promise<void> => {
    health.setConfigured(readNumber() !== null && (await secrets.get('graph-token')) !== null);
  };

  const useNewToken = async (): Promise<void> => {
    await checkConfigured();
    media.hurry();
    runner.resume();
    templates.noteReachable();
    refreshNumber();
  };

  const keepNumber = async ({ phoneNumberId, wabaId }: NumberSettings, graphToken: string): Promise<void> => {
    await secrets.set('graph-token', graphToken);
    const stored = readNumber();
    const known = stored?.phoneNumberId === phoneNumberId ? stored : null;
    settings.write('number', {
      phoneNumberId,
      wabaId: wabaId ?? known?.wabaId ?? null,
      displayPhoneNumber: known?.displayPhoneNumber ?? null,
      verifiedName: known?.verifiedName ?? null,
    });
    changes.noteSession();
    changes.publish();
    await useNewToken();
  };
  const handOutNumber = async (number: NumberSettings, graphToken: string): Promise<void> => {
    await keepNumber(number, graphToken);
    grants.noteReplaced();
    grants.nudge();
  };
  /** The command line gives the same at every start. */
  const setNumber = async (number: NumberSettings, graphToken: string): Promise<void> => {
    const isOther = readNumber()?.phoneNumberId !== number.phoneNumberId || (await secrets.get('graph-token')) !== graphToken;
    await (isOther ? handOutNumber : keepNumber)(number, graphToken);
  };
  const noteKeyNews = (): void => {
    changes.noteSync();
    changes.publish();
  };
  const keyKeeper: KeyKeeper = createKeyKeeper({
    ring,
    secrets,
    http,
    queries: sync,
    state: replica.state,
    devices: deviceQueries,
    relay,
    admit: (deviceId) => void replica.applyLocal({ type: 'key.admit', args: { deviceId } }),
    noteSheet: (key) => keyRecord.noteSheet(key),
    isUpToDate,
    onChange: noteKeyNews,
    log,
  });
  const keyRecord = createKeyRecord({
    queries: createKeyQueries(db),
    settings,
    replica,
    isAdmin: keyKeeper.isAdmin,
    readMeta: sync.readMeta,
    newestKey: keyKeeper.newestKey,
    now,
    onChange: noteKeyNews,
    log,
  });
  const keyReceiver = createKeyReceiver({
    ring,
    secrets,
    http,
    queries: sync,
    relay,
    relayKeys,
    keeper: keyKeeper,
    noteRecovered: keyRecord.noteRecovered,
    onChange: noteKeyNews,
    log,
  });
  const grants = createGrants({
    replica,
    queries: sync,
    devices: deviceQueries,
    settings,
    secrets,
    log,
    isUpToDate,
    isVouched: keyKeeper.isVouched,
    readNumber,
    useGrant: async ({ graphToken, modelKey, ...number }) => {
      if (modelKey !== undefined) await secrets.set('model-key', modelKey);
      await keepNumber(number, graphToken);
    },
  });
  const members = createMembership({
    http,
    queries: sync,
    state: replica.state,
    ring,
    keys: keyKeeper,
    record: keyRecord,
    hasNumber: async () => readNumber() !== null && (await secrets.get('graph-token')) !== null,
  });
  const deviceName = os.hostname().slice(0, NAME_MAX) || 'desktop';
  snapshots = createSnapshots({
    noteReplacing: (seq) => erasureQueries.addMissingIn('snapshot', seq),
    noteLosing: () => deviceQueries.keepShutOut(now()),
    db,
    dataDir: config.dataDir,
    disk: createScratchDisk(vault?.openFile ?? null),
    replica,
    queries: sync,
    jobs,
    drafts: draftQueries,
    relay,
    http,
    ring,
    sealing,
    changes,
    now,
    log,
  });
  const wipe = createWipe({ db, dataDir: config.dataDir, queries: sync, secrets, changes, relay, abandonSnapshot: snapshots.abandon, abandonMedia: media.abandon, log });
  const enrollment = createEnrollment({
    fetch,
    secrets,
    ring,
    queries: sync,
    changes,
    relay,
    replica,
    jobs,
    http,
    now,
    log,
    deviceName,
    readSession: () => readSession(),
    setNumber: handOutNumber,
    rebuild: async () => snapshots?.rebuild(),
    recover: keyReceiver.recover,
    acceptKey: keyReceiver.accept,
    fetchKey: () => relayKeys.fetch(null),
    erase: wipe.leave,
  });

  const diagnosticQueries = createDiagnosticQueries(db);
  const rawEvents = createEvents({ queries: diagnosticQueries, jobs, state: replica.state, findMessage: messages.show, replay: createEventReplay(db), now, myId });
  const diagnostics = {
    ...rawEvents,
    connection: createConnectionDoctor({
      isDemo: config.isDemo,
      keysKept: ports.keysKept,
      queries: diagnosticQueries,
      sync,
      http,
      account,
      readNumber,
      readSync: () => ({ head: relay.state().head, oldRelay: relay.state().oldRelay, pending: sync.countPendingBefore(now() - ON_ITS_WAY_MS), ...health.read() }),
      listAccountEvents: rawEvents.account,
      machineNow: clock.now,
      now,
    }),
  };

  let hasStarted = false;
  let refreshTimer: NodeJS.Timeout | undefined;
  let badgeTimer: NodeJS.Timeout | undefined;
  let shownBadge: number | null = null;
  const updateBadge = (): void => {
    badgeTimer ??= setTimeout(() => {
      badgeTimer = undefined;
      const needsMe = conversationQueries.countNeedsMe(myId());
      if (needsMe !== shownBadge) ports.showBadge(needsMe);
      shownBadge = needsMe;
    }, BADGE_EVERY_MS);
  };

  const nudge = (): void => {
    relay.nudge();
    runner.nudge();
  };
  const wakeUp = (): void => {
    relay.reconnect();
    media.hurry();
    runner.resume();
    templates.noteReachable();
    refreshNumber();
  };

  const pretendOffline = async ({ isOffline }: { isOffline: boolean }): Promise<void> => {
    if (!config.isDemo) throw new AppError('FORBIDDEN', 'only the demo pretends to be offline');
    if (isOffline === isPretendingOffline) return;
    isPretendingOffline = isOffline;
    changes.noteSync();
    if (isOffline) await relay.stop();
    else {
      relay.start();
      wakeUp();
    }
    changes.publish();
  };

  const refuseInDemo = async (): Promise<never> => {
    throw new AppError('FORBIDDEN', 'the demo has its own number and relay');
  };
  const startOver = async (): Promise<void> => {
    if (!config.isDemo) throw new AppError('FORBIDDEN', 'only the demo starts over');
    if (!ports.startOver || (await ports.startOver()) === 'refused') throw new AppError('NOT_ALLOWED_NOW', 'another window of the demo is open');
  };

  const readSession = (): Session => {
    const { agentId, clockOffset } = sync.readMeta();
    const me = agentId === null ? undefined : replica.state.get('agent', [agentId]);
    const number = readNumber();
    const said = relay.device();
    return {
      me: me ?? (said && { id: said.agentId, name: said.agentName, role: said.role }),
      number: number && {
        phoneNumberId: number.phoneNumberId,
        wabaId: number.wabaId,
        displayPhoneNumber: number.displayPhoneNumber && formatPhone(number.displayPhoneNumber.replace(/[^\d+]/g, '')),
        verifiedName: number.verifiedName,
      },
      isDemo: config.isDemo,
      startCommand: config.startCommand ?? null,
      showsNotices: ports.showNotice === null,
      version: config.version,
      // As the team knows it; before that, what it would be called.
      deviceName: replica.state.get('device', [sync.readMeta().deviceId ?? ''])?.name || deviceName,
      clockOffset,
    };
  };

  const setup = createSetup({
    graphBaseUrl: config.graphBaseUrl,
    version: config.version,
    host: { node: process.versions.node, electron: process.versions['electron'] ?? null, chromium: process.versions['chrome'] ?? null, system: `${os.type()} ${os.release()} ${process.arch}` },
    queries: createSetupQueries(db),
    sync,
    http,
    graph: createGraphCall(graphDeps),
    readNumber,
    readSession,
    nameOf: (conversationId) => conversations.get(conversationId).contact.name,
    listTemplates: templates.list,
    readAi: ai.state,
    now,
  });
  const directMessage = createDirectMessage({ replica, contacts, ids, readNumber });
  const outside = createOutsideCalls({
    conversations,
    directMessage,
    triage,
    sending,
    templates,
    requests,
    repeated: createRepeatedCalls({ queries: createAnsweredCallQueries(db), replica, now }),
    replica,
    sync,
    ids,
    now,
    readOwnNumber: () => readNumber()?.displayPhoneNumber ?? null,
  });
  const localApi: LocalApi = createLocalApi({ router: () => router, settings, secrets, isDemo: config.isDemo, version: config.version, now: clock.now, log });

  const router = createRouter({
    lock: ports.lock ?? NO_LOCK,
    windowMemory: createWindowMemory(settings),
    read: (query) => db.transaction(query)(),
    conversations,
    quality,
    contacts: people,
    suggestions,
    privacy,
    storage,
    triage,
    conflicts,
    drafts,
    directMessage,
    outside,
    localApi,
    messages,
    sending,
    forwarding,
    typing,
    media,
    notes,
    search,
    team,
    templates,
    ai,
    requests,
    requestEvents,
    requestImport,
    suggestLinks: createLinkSuggestions({ queries: requestQueries, views: requestViews, contacts, state: replica.state }),
    knowledge,
    setup,
    presence,
    reports,
    notices,
    members,
    // A real number and its token have no business in the demo.
    enrollment: config.isDemo ? { ...enrollment, setNumber: refuseInDemo, join: refuseInDemo } : enrollment,
    diagnostics,
    changes,
    inboxViews: createInboxViews({ lists: conversationLists, settings, changes, myId }),
    nudge,
    readPreferences,
    setPreferences: (change) => {
      const next = preferencesSchema.parse({ ...readPreferences(), ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) });
      settings.write('preferences', next);
      changes.noteSession();
      changes.publish();
      if (next.fetchesMedia === 'all') media.lookAgain();
      return next;
    },
    readSession,
    pretendOffline,
    startOver,
    readSync: () => {
      const { cursor, logId, writeLevel } = sync.readMeta();
      return {
        ...relay.state(),
        ...health.read(),
        pending: sync.countPending(),
        conflicts: conflicts.count(),
        writeLevel,
        cursor: snapshots?.progress() ?? cursor,
        logId,
        keyCode: keyReceiver.ownCode(),
        hasOtherKeys: relayKeys.areOthers(),
        keyRequests: keyKeeper.countWaiting(),
        sheet: keyRecord.sheet(),
        recovered: keyRecord.recovered(),
        returned: keyKeeper.listReturned().length,
        keyTrouble: keyKeeper.trouble(),
      };
    },
  });

  const stopListeningForFiles = relay.listen({
    onFrame: (frame) => {
      if (frame.t !== 'files_wanted') return;
      media
        .bringAgain(frame.names)
        .then(runner.nudge)
        .catch((error: unknown) => log('warn', 'media.not_brought_again', { error: errorText(error) }));
    },
  });
  // What arrives from the relay, and what the outbox itself records, may be work for the other of the two.
  const stopListening = changes.listen((change) => {
    nudge();
    if (change.sync) {
      grants.nudge();
      keyKeeper.look();
      keyReceiver.look();
    }
    if (change.account) templates.noteEvents();
    searchIndex.nudge();
    // In a past nobody is there to be told, or to be helped.
    if (isPast) return;
    updateBadge();
    notices.look();
    if (change.knowledge || change.sync) knowledge.look();
    routing.look();
    autoEvents.look();
    ai.look();
    importWriter.look();
    erasure.look();
    if (change.sync || change.directory) retention.look();
    if (change.ai) quality.nudge();
  });

  return {
    router,
    localApi,
    notices,
    start: async () => {
      replica.transact(() => void jobs.settleUncertain(now()));
      await wipe.finish();
      await checkConfigured();
      media.start();
      runner.start();
      relay.start();
      if (!isPast) notices.start();
      templates.start();
      importWriter.look();
      if (!isPast) ai.start();
      if (config.isUnattended === true) presence.set({ conversationId: null, activity: 'away' });
      searchIndex.nudge();
      knowledge.start();
      quality.nudge();
      erasure.look();
      retention.start();
      updateBadge();
      refreshNumber();
      // While Meta cannot be reached, somebody has to notice when it can be again.
      refreshTimer = setInterval(() => {
        if (health.read().whatsapp === 'unreachable' || readNumber()?.displayPhoneNumber === null) refreshNumber();
      }, REFRESH_EVERY_MS);
      hasStarted = true;
      log('info', 'engine.started', { enrolled: sync.readMeta().deviceId !== null, cursor: sync.readMeta().cursor });
    },
    stop: async () => {
      clearInterval(refreshTimer);
      await localApi.stop();
      notices.stop();
      routing.stop();
      await ai.stop();
      requestImport.stop();
      await autoEvents.stop();
      await importWriter.stop();
      await quality.stop();
      await erasure.stop();
      await retention.stop();
      presence.stop();
      typing.stop();
      await templates.stop();
      await grants.stop();
      await keyKeeper.stop();
      await wipe.stop();
      await snapshots?.stop();
      await relay.stop();
      await runner.stop();
      await media.stop();
      stopListening();
      stopListeningForFiles();
      searchIndex.stop();
      reports.stop();
      await knowledge.stop();
      clearTimeout(badgeTimer);
      db.close();
      lock.release();
      if (hasStarted) log('info', 'engine.stopped');
    },
    isEnrolled: () => sync.readMeta().deviceId !== null,
    enroll: enrollment.enroll,
    setRelayUrl: sync.setRelayUrl,
    setNumber,
    hasNumber: () => readNumber() !== null,
    replaceGraphToken: async (graphToken) => {
      const number = readNumber();
      if (number) await setNumber(number, graphToken);
    },
    wakeUp,
    waitForIdle: async (timeoutMs) => {
      const deadline = clock.now() + timeoutMs;
      const isIdle = (): boolean =>
        relay.state().state === 'live' && !importWriter.isBusy() && sync.countPending() === 0 && sync.readMeta().cursor >= relay.state().head && jobs.countOpen(MESSAGE_JOBS) === 0;
      while (!isIdle()) {
        if (clock.now() > deadline) throw new Error(`the engine was not idle within ${timeoutMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
      }
    },
  };
}
