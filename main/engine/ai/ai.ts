/** The AI parts of the engine, put together: drafts, their money and records, rewrites, summaries. */
import type { AiSettings } from '../../../contract/ai/ai-entities.ts';
import type { AiState, ConversationAiView } from '../../../contract/ai/ai-views.ts';
import { AppError } from '../../../contract/app-error.ts';
import { parseJson } from '../../../contract/json.ts';
import { typeLevel } from '../../../contract/ops/op.ts';
import type { Log } from '../../../contract/log.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { isAiStopped, readAiSettings } from '../../../contract/ops/ai-settings.ts';
import type { ConversationRow } from '../../../contract/state.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import type { ApplyResult } from '../../../contract/reduce.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import { homeCountryOf } from '../conversations/phone-input.ts';
import type { AiQueries } from '../db/ai-queries.ts';
import type { AutoQueries } from '../db/auto-queries.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { MessageQueries } from '../db/message-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { TeamQueries } from '../db/team-queries.ts';
import type { TemplateQueries } from '../db/template-queries.ts';
import type { Messages } from '../messages/messages.ts';
import type { Sending } from '../messages/sending.ts';
import type { Ids, Secrets } from '../ports.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { Confirmed, Replica } from '../sync/replica.ts';
import type { Hours } from '../hours/hours.ts';
import type { Presence } from '../team/presence.ts';
import type { Templates } from '../templates/templates.ts';
import { autoConfirmationOf } from './auto-confirmation.ts';
import { createAutoMode } from './auto/auto-mode.ts';
import { createAutoDecider } from './auto/decide-auto.ts';
import { createDraftCommands } from './drafts/draft-commands.ts';
import { createDraftFlow } from './drafts/draft-flow.ts';
import { createDraftTriggers } from './drafts/draft-triggers.ts';
import { createDraftViews } from './drafts/draft-views.ts';
import { createTextJudge } from './drafts/judge-text.ts';
import { createLedger } from './drafts/ledger.ts';
import { createModelCalls } from './drafts/model-calls.ts';
import { createModels } from './drafts/models.ts';
import { createPromptReader, type KnowledgeForPrompts } from './drafts/prompt-reader.ts';
import { createRunBook, sha256, type RunEntry } from './drafts/run-book.ts';
import { createTextJobs } from './drafts/text-jobs.ts';
import { effectiveMode } from '../../../contract/ai/effective-mode.ts';
import { createContextReader } from './prompt/read-context.ts';
import { previewPrompt } from './prompt/preview.ts';
import { createCallGate } from './provider/call-gate.ts';
import type { ProviderDeps } from './provider/create-provider.ts';

type Deps = {
  queries: AiQueries;
  autoQueries: AutoQueries;
  messageQueries: MessageQueries;
  teamQueries: Pick<TeamQueries, 'listNotes'>;
  templateQueries: Pick<TemplateQueries, 'listIdentities' | 'listAttributes' | 'listLinkedRequests'>;
  contacts: Pick<ContactQueries, 'findIdentifier'>;
  sync: SyncQueries;
  replica: Replica;
  changes: Pick<ChangeCollector, 'noteConversation' | 'noteAi' | 'publish'>;
  messages: Messages;
  sending: Sending;
  templates: Templates;
  presence: Presence;
  knowledge: KnowledgeForPrompts;
  secrets: Secrets;
  /** Gives the key to the team's desktops. */
  handOutKey: () => void;
  workspace: () => { name: string | null; phone: string | null };
  hours: Hours;
  /** Other settings or another key, or a test went well. Told when the rows are written. */
  onModelMayWork: () => void;
  fetch: typeof fetch;
  resolveHost: (host: string) => Promise<string[]>;
  limits?: ProviderDeps['limits'];
  /** There is a line to the relay, and it has told everything it had. */
  isOnline: () => boolean;
  /** That, and everything is applied. */
  isUpToDate: () => boolean;
  /** The relay cannot be reached. */
  isRelayAway: () => boolean;
  isOpen: () => boolean;
  ids: Ids;
  myId: () => string;
  nudge: () => void;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};
const DAY_MS = 24 * 60 * 60 * 1000;
const TIDY_EVERY_MS = 60 * 60 * 1000;

export type Ai = ReturnType<typeof createAi>;

export function createAi(deps: Deps) {
  const { queries, replica, sync, changes, templates, messages, sending, presence, ids, myId, nudge, now, log, isUpToDate } = deps;
  const { state } = replica;
  let read: { text: string | undefined; settings: AiSettings } | null = null;
  /** Asked for all the time, and parsed when they are other ones. */
  const readSettings = (): AiSettings => {
    const text = state.get('workspace_setting', ['ai'])?.value;
    if (read === null || read.text !== text) {
      read = { text, settings: readAiSettings(state) };
      useModelAnew();
    }
    return read.settings;
  };
  const deviceId = (): string => sync.readMeta().deviceId ?? '';
  const zone = () => deps.hours.open().zone;
  const gate = createCallGate({ now });
  /** What failed before may go well now. */
  const useModelAnew = (): void => {
    gate.reset();
    setImmediate(deps.onModelMayWork);
  };
  const book = createRunBook({ queries });
  const models = createModels({
    queries,
    secrets: deps.secrets,
    fetch: deps.fetch,
    resolveHost: deps.resolveHost,
    readSettings,
    homeCountry: () => homeCountryOf(deps.workspace().phone),
    now,
    limits: deps.limits,
  });
  // A slice is judged at its place in the log: what this desktop has not applied yet is no reason to refuse.
  const ledger = createLedger({ queries, state, applyLocal: replica.applyLocal, transact: replica.transact, readSettings, zone, deviceId, isOnline: () => !deps.isRelayAway(), nudge, now });
  const calls = createModelCalls({ gate, ledger, models, readSettings, now });
  const context = createContextReader({
    state,
    messages: deps.messageQueries,
    notes: deps.teamQueries,
    templateQueries: deps.templateQueries,
    contacts: deps.contacts,
    suggestTemplates: (input) => templates.suggest(input).flatMap((key) => templates.find(key) ?? []),
    workspace: deps.workspace,
    zone,
    now,
  });
  const prompts = createPromptReader({ context, knowledge: deps.knowledge, state, models, readSettings, settingsRev: () => sha256(queries.readSettingsText()).slice(0, 32) });

  const judge = createTextJudge({ state, detectLanguage: deps.knowledge.detectLanguage, zone, now });

  const requireConversation = (id: string): ConversationRow => {
    const row = state.get('conversation', [id]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${id}`);
    return row;
  };
  const modeOf = (row: ConversationRow) => effectiveMode(readSettings(), row.phone_number_id, state.get('conversation_ai', [row.id])?.mode ?? null).mode;
  const decider = createAutoDecider({ queries: deps.autoQueries, state, presence, ledger, readSettings, hours: deps.hours, isOnline: deps.isOnline, deviceId: () => sync.readMeta().deviceId, now });
  const { isShadow } = decider;

  const views = createDraftViews({
    queries,
    state,
    messages: deps.messageQueries,
    showMessage: messages.show,
    readSettings,
    myId,
    deviceId,
    now,
  });
  const commands = createDraftCommands({
    views,
    readFacts: prompts.readFacts,
    judge,
    models,
    handOutKey: () => {
      useModelAnew();
      deps.handOutKey();
      changes.noteAi();
      changes.publish();
    },
    replica,
    messages,
    sending,
    templates,
    readSettings,
    myId,
    now,
  });
  const flow = createDraftFlow({
    calls,
    models,
    readReply: prompts.readReply,
    judge,
    decideAuto: (ready) => {
      const row = state.get('conversation', [ready.conversationId]);
      return row && modeOf(row) === 'auto' ? autoMode.decide(ready) : { auto: null, policy: null };
    },
    suggestTemplate: commands.suggestWhereClosed,
    book,
    forgetSent: queries.forgetSentOf,
    replica,
    myId,
    ids,
    nudge,
    noteChange: (conversationId) => {
      if (!deps.isOpen()) return;
      if (readSettings().journalDays === 0) tidy();
      changes.noteConversation(conversationId);
      changes.noteAi();
      changes.publish();
    },
    now,
    log,
  });
  const autoMode = createAutoMode({
    decider,
    queries: deps.autoQueries,
    runs: queries,
    flow,
    replica,
    sync,
    presence,
    readSettings,
    isOnline: deps.isOnline,
    ids,
    myId,
    nudge,
    now,
    log,
  });
  const triggers = createDraftTriggers({
    queries,
    flow,
    replica,
    state,
    sync,
    presence,
    readSettings,
    isStoppedByTeam: () => isAiStopped(state),
    isUpToDate,
    isRelayAway: deps.isRelayAway,
    isBuiltin: models.isBuiltin,
    hasKnowledge: () => deps.knowledge.revision() > 0,
    nudge,
    now,
    log,
  });
  const jobs = createTextJobs({ calls, models, readPrompt: prompts.readOther, flow, book, replica, state, ids, nudge });

  /** A crash ended these in the middle: what was reserved counts as spent, and the record says what it can. */
  const closeInterrupted = (): void => {
    for (const { micros, record } of queries.listOpenCalls()) {
      const entry = parseJson(record) as RunEntry;
      // Made again by itself where nobody asked for it, so it bars nothing.
      flow.recordRun({ ...entry, outcome: 'superseded', costMicros: entry.priceTable === null ? null : micros });
    }
  };
  let tidyTimer: NodeJS.Timeout | undefined;
  const tidy = (): void => {
    queries.forgetSentBefore(now() - readSettings().journalDays * DAY_MS);
    // What was erased before a snapshot of it came here, or while its run was not recorded yet.
    queries.eraseSent();
    ledger.tidy();
  };

  return {
    readEmbed: models.readEmbed,
    look: (): void => {
      triggers.look();
      autoMode.look();
    },
    confirmAuto: autoMode.confirm,
    /** Nobody is to be given the conversation while it may be answered by itself. */
    isLeftToAuto: autoMode.isAtIt,
    noteConfirmed: (confirmed: Confirmed): void => ledger.noteConfirmed(confirmed),
    /** Inside the transaction that applies an entry. */
    noteEntry: (entry: LogEntry, result: ApplyResult): void => {
      if (entry.kind !== 'op' || result.kind !== 'op' || result.outcome !== 'applied') return;
      if (result.op?.type === 'contact.erase' || result.op?.type === 'retention.apply') {
        queries.eraseSent();
        flow.forgetGone();
      }
      if (result.op?.type === 'ai.erase') {
        queries.eraseSent();
        const root = rootOf(state, result.op.args.contactId);
        flow.forgetWords((contactId) => rootOf(state, contactId) === root);
      }
    },
    start: (): void => {
      closeInterrupted();
      tidy();
      tidyTimer = setInterval(tidy, TIDY_EVERY_MS);
      triggers.look();
      autoMode.look();
    },
    stop: async (): Promise<void> => {
      clearInterval(tidyTimer);
      triggers.stop();
      autoMode.stop();
      await flow.stop();
    },

    state: async (): Promise<AiState> => {
      const settings = readSettings();
      const autoConfirmation = autoConfirmationOf(settings);
      const openMs = gate.openForMs();
      const key = await models.keyState();
      return {
        settings,
        key,
        isStopped: isAiStopped(state),
        autoConfirmation,
        isAutoConfirmed: settings.auto.confirmedFor === autoConfirmation,
        pausedUntil: openMs === 0 ? null : now() + openMs,
        lastFailure: flow.lastFailure(),
        spent: ledger.spent(),
        counting: queries.countCounting(),
      };
    },
    presets: models.presets,
    testConnection: async ({ provider, key }: { provider: AiSettings['provider']; key: string | null }, signal: AbortSignal | undefined) => {
      const probe = await models.test(provider, key, signal ?? new AbortController().signal);
      if (probe.isOk) useModelAnew();
      return probe;
    },

    conversation: ({ conversationId }: { conversationId: string }): ConversationAiView => {
      const row = requireConversation(conversationId);
      const shown = views.conversation(row, { isStopped: isAiStopped(state), isShadow: isShadow() });
      const running = flow.view(conversationId);
      const isDrafted = shown.draft !== null && shown.draft.aboutMessageId === inboundMessageId(row.last_inbound_seq);
      const isUnderWay = running.state !== 'idle' && running.state !== 'failed';
      return { ...shown, running, noDraftBecause: isDrafted || isUnderWay || shown.claimedBy ? null : triggers.explain(conversationId) };
    },
    watch: ({ conversationId }: { conversationId: string }, signal: AbortSignal | undefined) => flow.watch(conversationId, signal),
    /** @throws AppError NOT_FOUND, CONVERSATION_CLOSED, NOT_ALLOWED_NOW (archived), and why nothing could be shared: SYNC_ENDED, UPDATE_NEEDED. */
    draft: ({ conversationId, instruction }: { conversationId: string; instruction: string }): void => {
      const { status } = requireConversation(conversationId);
      if (status === 'closed') throw new AppError('CONVERSATION_CLOSED');
      if (status === 'archived') throw new AppError('NOT_ALLOWED_NOW', 'an archived conversation has no drafts: reopen it first');
      const { syncEnd, writeLevel } = sync.readMeta();
      if (syncEnd !== null) throw new AppError('SYNC_ENDED', `sync has ended: ${syncEnd}`);
      if (writeLevel < typeLevel('draft.propose')) throw new AppError('UPDATE_NEEDED');
      flow.start({ conversationId, instruction, isRequested: true, fence: null });
    },
    cancel: ({ conversationId }: { conversationId: string }): void => flow.cancel(conversationId),
    ...commands,
    rewrite: jobs.rewrite,
    summarize: jobs.summarize,
    preview: async ({ conversationId, instruction }: { conversationId: string; instruction: string }) => {
      requireConversation(conversationId);
      const { provider } = await models.open(ids.next());
      const { prompt } = await prompts.readReply({ conversationId, instruction, isRequested: true, fence: null, previous: null }, 1, new AbortController().signal);
      return { host: provider.host, model: provider.model, ...previewPrompt(prompt) };
    },
    parts: { views },
    run: ({ runId }: { runId: string }) => views.run(runId),
  };
}
