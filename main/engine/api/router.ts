/** Implements the contract: each procedure calls one function of a feature. No logic of its own. */
import type { Preferences, Session, SyncState } from '../../../contract/entities.ts';
import { MESSAGES_PAGE_MAX } from '../../../contract/limits.ts';
import { createAiQualityRouter } from './ai-quality-router.ts';
import type { QualityFeature } from '../ai/quality/quality-feature.ts';
import { createAiRouter, type AiFeatures } from './ai-router.ts';
import { createImplementer } from './implementer.ts';
import { createOutsideRouter, type OutsideFeatures } from './outside-router.ts';
import { createLockRouter } from './lock-router.ts';
import { createRequestsRouter, type RequestFeatures } from './requests-router.ts';
import { createKnowledgeRouter, type KnowledgeFeatures } from './knowledge-router.ts';
import { createReportsRouter, type ReportFeatures } from './reports-router.ts';
import { createTemplatesRouter, type TemplateFeatures } from './templates-router.ts';
import { createPrivacyRouter, type PrivacyFeatures } from './privacy-router.ts';
import { createContactsRouter, type ContactFeatures } from './contacts-router.ts';
import type { Conflicts } from '../conversations/conflicts.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { InboxViews } from '../conversations/inbox-views.ts';
import type { Drafts } from '../conversations/drafts.ts';
import type { Triage } from '../conversations/triage.ts';
import type { ConnectionDoctor } from '../diagnostics/connection-doctor.ts';
import type { Events } from '../diagnostics/events.ts';
import type { Notices } from '../notices/notices.ts';
import type { DirectMessage } from '../conversations/direct-message.ts';
import type { MediaFeature } from '../media/media.ts';
import type { Lock } from '../lock/lock.ts';
import type { Forwarding } from '../messages/forwarding.ts';
import type { Messages } from '../messages/messages.ts';
import type { Sending } from '../messages/sending.ts';
import type { WindowMemory } from '../privacy/window-memory.ts';
import type { Search } from '../search/search.ts';
import type { SetupFeature } from '../setup/setup.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { EnrollmentFeature } from '../team/enrollment.ts';
import type { Membership } from '../team/membership.ts';
import type { Presence } from '../team/presence.ts';
import type { Notes } from '../team/notes.ts';
import type { Team } from '../team/team.ts';
import type { Typing } from '../whatsapp/typing.ts';

export type Features = AiFeatures &
  ContactFeatures &
  OutsideFeatures &
  RequestFeatures &
  KnowledgeFeatures &
  ReportFeatures &
  PrivacyFeatures &
  TemplateFeatures & {
    lock: Lock;
    windowMemory: WindowMemory;
    conversations: Conversations;
    triage: Triage;
    conflicts: Conflicts;
    inboxViews: InboxViews;
    drafts: Drafts;
    directMessage: DirectMessage;
    messages: Messages;
    sending: Sending;
    forwarding: Forwarding;
    typing: Typing;
    media: Pick<MediaFeature, 'staging' | 'setThumbnail'>;
    notes: Notes;
    search: Search;
    quality: QualityFeature;
    team: Team;
    setup: SetupFeature;
    presence: Presence;
    notices: Pick<Notices, 'watch' | 'look'>;
    members: Membership;
    enrollment: EnrollmentFeature;
    diagnostics: Events & { connection: ConnectionDoctor };
    changes: ChangeCollector;
    readSession: () => Session;
    readSync: () => SyncState;
    pretendOffline: (input: { isOffline: boolean }) => Promise<void>;
    startOver: () => Promise<void>;
    readPreferences: () => Preferences;
    setPreferences: (change: { [K in keyof Preferences]?: Preferences[K] | undefined }) => Preferences;
    /** Lets sync and outbox know that there may be new work. */
    nudge: () => void;
    /** Runs a query in one read transaction: one snapshot, and one lock instead of one a statement. */
    read: <T>(query: () => T) => T;
  };

export type EngineRouter = ReturnType<typeof createRouter>;

export function createRouter(features: Features) {
  const { conversations, triage, conflicts, drafts, messages, sending, media, notes, search, team, presence, notices, members, enrollment, diagnostics, changes } = features;
  const os = createImplementer();
  /** Runs a command and wakes up what acts on it. */
  const act = <T>(result: T): T => {
    features.nudge();
    return result;
  };

  return os.router({
    ...createRequestsRouter({
      os,
      act,
      read: features.read,
      requests: features.requests,
      requestEvents: features.requestEvents,
      requestImport: features.requestImport,
      suggestLinks: features.suggestLinks,
    }),
    ...createKnowledgeRouter({ os, act, read: features.read, knowledge: features.knowledge }),
    ...createReportsRouter({ os, reports: features.reports }),
    ...createTemplatesRouter({ os, act, read: features.read, templates: features.templates }),
    ...createPrivacyRouter({ os, act, read: features.read, privacy: features.privacy, storage: features.storage }),
    ...createOutsideRouter({ os, act, read: features.read, outside: features.outside, localApi: features.localApi }),
    ...createContactsRouter({ os, act, read: features.read, contacts: features.contacts, suggestions: features.suggestions }),
    ai: { ...createAiRouter({ os, act, read: features.read, ai: features.ai }), ...createAiQualityRouter({ os, act, read: features.read, quality: features.quality }) },
    lock: createLockRouter(os, features.lock),
    session: {
      get: os.session.get.handler(() => features.readSession()),
      sync: os.session.sync.handler(() => features.readSync()),
      startOver: os.session.startOver.handler(() => features.startOver()),
      pretendOffline: os.session.pretendOffline.handler(({ input }) => features.pretendOffline(input)),
    },
    setup: {
      state: os.setup.state.handler(() => features.setup.state()),
      webhook: os.setup.webhook.handler(() => features.setup.webhook()),
      verifyToken: os.setup.verifyToken.handler(() => features.setup.verifyToken()),
      subscribeApp: os.setup.subscribeApp.handler(() => features.setup.subscribeApp()),
      openNow: os.setup.openNow.handler(({ input }) => features.setup.openNow(input.hours)),
      about: os.setup.about.handler(() => features.setup.about()),
    },
    preferences: {
      get: os.preferences.get.handler(() => features.readPreferences()),
      set: os.preferences.set.handler(({ input }) => features.setPreferences(input)),
      memory: os.preferences.memory.handler(() => features.windowMemory.read()),
      remember: os.preferences.remember.handler(({ input }) => features.windowMemory.write(input.changes)),
    },
    conversations: {
      start: os.conversations.start.handler(({ input }) => act(features.directMessage.start(input))),
      readPhone: os.conversations.readPhone.handler(({ input }) => features.directMessage.readPhone(input)),
      list: os.conversations.list.handler(({ input }) => features.read(() => conversations.list(input))),
      views: os.conversations.views.handler(() => features.inboxViews.views()),
      setViews: os.conversations.setViews.handler(({ input }) => features.inboxViews.setViews(input.views)),
      viewCounts: os.conversations.viewCounts.handler(() => features.read(() => features.inboxViews.counts())),
      byIds: os.conversations.byIds.handler(({ input }) => conversations.byIds(input.ids)),
      counts: os.conversations.counts.handler(() => features.read(() => conversations.counts())),
      get: os.conversations.get.handler(({ input }) =>
        features.read(() => {
          const page = input.messages === 0 ? { items: [], olderCursor: null } : messages.page({ conversationId: input.conversationId, limit: input.messages });
          return { ...conversations.get(input.conversationId), messages: page.items, messagesCursor: page.olderCursor };
        }),
      ),
      open: os.conversations.open.handler(({ input: { conversationId, limit, aboveUnread } }) =>
        features.read(() => {
          const conversation = conversations.get(conversationId);
          const wanted = aboveUnread === undefined || conversation.unread === 0 ? limit : Math.max(limit, conversation.unread + aboveUnread);
          return { conversation, page: messages.page({ conversationId, limit: Math.min(wanted, MESSAGES_PAGE_MAX) }), notes: notes.list({ conversationId }) };
        }),
      ),
      markRead: os.conversations.markRead.handler(({ input }) => act(conversations.markRead(input))),
      markUnread: os.conversations.markUnread.handler(({ input }) => act(conversations.markUnread(input.conversationId))),
      setStatus: os.conversations.setStatus.handler(({ input }) => act(triage.setStatus(input))),
      assign: os.conversations.assign.handler(({ input }) => act(triage.assign(input))),
      setTeam: os.conversations.setTeam.handler(({ input }) => act(triage.setTeam(input))),
      snooze: os.conversations.snooze.handler(({ input }) => act(triage.snooze(input))),
      setLabel: os.conversations.setLabel.handler(({ input }) => act(triage.setLabel(input))),
      bulk: os.conversations.bulk.handler(({ input }) => act(triage.bulk(input))),
    },
    ops: {
      undo: os.ops.undo.handler(({ input }) => act(triage.undo(input))),
    },
    conflicts: {
      list: os.conflicts.list.handler(() => features.read(() => conflicts.list())),
      reapply: os.conflicts.reapply.handler(({ input }) => act(conflicts.reapply(input))),
      dismiss: os.conflicts.dismiss.handler(({ input }) => conflicts.dismiss(input)),
    },
    notes: {
      list: os.notes.list.handler(({ input }) => features.read(() => notes.list(input))),
      add: os.notes.add.handler(({ input }) => act(notes.add(input))),
      edit: os.notes.edit.handler(({ input }) => act(notes.edit(input))),
      remove: os.notes.remove.handler(({ input }) => act(notes.remove(input))),
    },
    drafts: {
      get: os.drafts.get.handler(({ input }) => drafts.get(input)),
      set: os.drafts.set.handler(({ input }) => drafts.set(input)),
      setFiles: os.drafts.setFiles.handler(({ input }) => drafts.setFiles(input)),
    },
    team: {
      directory: os.team.directory.handler(() => features.read(() => team.directory())),
      board: os.team.board.handler(() => features.read(() => team.board())),
      addLabel: os.team.addLabel.handler(({ input }) => act(team.addLabel(input))),
      changeLabel: os.team.changeLabel.handler(({ input }) => act(team.changeLabel(input))),
      removeLabel: os.team.removeLabel.handler(({ input }) => act(team.removeLabel(input))),
      addTeam: os.team.addTeam.handler(({ input }) => act(team.addTeam(input))),
      renameTeam: os.team.renameTeam.handler(({ input }) => act(team.renameTeam(input))),
      setTeamMember: os.team.setTeamMember.handler(({ input }) => act(team.setTeamMember(input))),
      removeTeam: os.team.removeTeam.handler(({ input }) => act(team.removeTeam(input))),
      addCanned: os.team.addCanned.handler(({ input }) => act(team.addCanned(input))),
      changeCanned: os.team.changeCanned.handler(({ input }) => act(team.changeCanned(input))),
      removeCanned: os.team.removeCanned.handler(({ input }) => act(team.removeCanned(input))),
      setSetting: os.team.setSetting.handler(({ input }) => act(team.setSetting(input))),
    },
    messages: {
      page: os.messages.page.handler(({ input }) => features.read(() => messages.page(input))),
      locate: os.messages.locate.handler(({ input }) => features.read(() => messages.locate(input))),
      forward: os.messages.forward.handler(async ({ input }) => act(await features.forwarding.forward(input))),
      versions: os.messages.versions.handler(({ input }) => features.read(() => messages.versions(input))),
      sendText: os.messages.sendText.handler(({ input }) => act(sending.sendText(input))),
      send: os.messages.send.handler(async ({ input }) => act(await sending.send(input))),
      react: os.messages.react.handler(({ input }) => act(sending.react(input))),
      confirm: os.messages.confirm.handler(({ input }) => act(sending.confirm(input))),
      discard: os.messages.discard.handler(({ input }) => act(sending.discard(input))),
      retry: os.messages.retry.handler(({ input }) => act(sending.retry(input))),
      settle: os.messages.settle.handler(({ input }) => act(sending.settle(input))),
    },
    media: {
      begin: os.media.begin.handler(({ input }) => media.staging.begin(input)),
      chunk: os.media.chunk.handler(({ input }) => media.staging.chunk(input)),
      finish: os.media.finish.handler(({ input }) => media.staging.finish(input)),
      cancel: os.media.cancel.handler(({ input }) => media.staging.cancel(input)),
      setThumbnail: os.media.setThumbnail.handler(({ input }) => media.setThumbnail(input)),
      fetch: os.media.fetch.handler(({ input }) => messages.fetchFile(input)),
      gallery: os.media.gallery.handler(({ input }) => features.read(() => messages.gallery(input))),
    },
    search: {
      query: os.search.query.handler(({ input }) => search.query(input)),
    },
    presence: {
      set: os.presence.set.handler(({ input }) => {
        presence.set(input);
        features.typing.note(input.activity === 'writing' && input.isReply ? input.conversationId : null);
        notices.look();
      }),
      list: os.presence.list.handler(() => presence.list()),
    },
    members: {
      invite: os.members.invite.handler(({ input }) => members.invite(input)),
      invites: os.members.invites.handler(() => members.invites()),
      withdrawInvite: os.members.withdrawInvite.handler(({ input }) => members.withdrawInvite(input)),
      change: os.members.change.handler(({ input }) => members.change(input)),
      devices: os.members.devices.handler(() => members.devices()),
      giveKey: os.members.giveKey.handler(({ input }) => members.giveKey(input)),
      putOffKeyNotice: os.members.putOffKeyNotice.handler(({ input }) => members.putOffKeyNotice(input)),
      recoveryCode: os.members.recoveryCode.handler(() => members.recoveryCode()),
      noteSheet: os.members.noteSheet.handler(({ input }) => members.noteSheet(input)),
      revokeDevice: os.members.revokeDevice.handler(({ input }) => members.revokeDevice(input)),
    },
    enrollment: {
      read: os.enrollment.read.handler(({ input }) => enrollment.read(input)),
      join: os.enrollment.join.handler(({ input }) => enrollment.join(input)),
      renew: os.enrollment.renew.handler(() => enrollment.renew()),
      recover: os.enrollment.recover.handler(({ input }) => enrollment.recover(input)),
      acceptKey: os.enrollment.acceptKey.handler(({ input }) => enrollment.acceptKey(input)),
      askAgain: os.enrollment.askAgain.handler(() => enrollment.askAgain()),
      leave: os.enrollment.leave.handler(() => enrollment.leave()),
      rebuild: os.enrollment.rebuild.handler(() => enrollment.rebuild()),
      setNumber: os.enrollment.setNumber.handler(({ input }) => enrollment.setNumber(input)),
    },
    diagnostics: {
      connection: os.diagnostics.connection.handler(({ signal }) => diagnostics.connection(signal)),
      message: os.diagnostics.message.handler(({ input }) => features.read(() => diagnostics.message(input))),
      events: os.diagnostics.events.handler(({ input }) => features.read(() => diagnostics.events(input))),
      event: os.diagnostics.event.handler(({ input }) => features.read(() => diagnostics.event(input))),
      replay: os.diagnostics.replay.handler(({ input }) => diagnostics.replay(input)),
      account: os.diagnostics.account.handler(() => features.read(() => diagnostics.account())),
    },
    events: {
      watch: os.events.watch.handler(({ signal }) => changes.watch(signal)),
      notices: os.events.notices.handler(({ signal }) => notices.watch(signal)),
    },
  });
}
