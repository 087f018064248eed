/** Notices over the real replica on a real SQLite file: the log goes in as the relay would send it, events come out. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../contract/default-preferences.ts';
import type { NoticeEvent, Preferences, SyncState } from '../../../contract/entities.ts';
import { opVersion, type OpBody } from '../../../contract/ops/op.ts';
import { AppError } from '../../../contract/app-error.ts';
import { workspaceOf, writeDeepLink } from '../../../contract/rules/deep-link.ts';
import type { LogEntry, RelayEvent } from '../../../contract/wire.ts';
import { createDrafts } from '../../../main/engine/conversations/drafts.ts';
import { createShownIn } from '../../../main/engine/db/shown-in-queries.ts';
import { createConversationQueries } from '../../../main/engine/db/conversation-queries.ts';
import { createDraftQueries } from '../../../main/engine/db/draft-queries.ts';
import { createMessageQueries } from '../../../main/engine/db/message-queries.ts';
import { createNoticeQueries } from '../../../main/engine/db/notice-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createNotices } from '../../../main/engine/notices/notices.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createReplica } from '../../../main/engine/sync/replica.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 22, 15);
const MARIA = '50255551234';
const PEDRO = '50255559876';

let folder = '';
afterEach(() => {
  vi.clearAllTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** Ana's desktop in a team with Bo (agent) and Cy (lead). */
function openDesk(firstSync: SyncState['state'] = 'live') {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-notices-'));
  let now = START;
  let head = 0;
  let ids = 0;
  const positions = new Map<string, number>();
  let preferences: Preferences['notifications'] = { isOn: true, hasSound: true, quietUntil: null };
  let syncState = firstSync;
  let lookedAt: string | null = null;
  let targetMinutes: number | null = null;
  const nextId = (): string => `id-${(ids += 1)}`;
  let events: NoticeEvent[] = [];
  const replies: unknown[] = [];
  let replyError: AppError | null = null;
  const boot = () => {
    const db = openDatabase(path.join(folder, 'bandeja.db'));
    const sync = createSyncQueries(db);
    if (sync.readMeta().deviceId === null) sync.enroll('http://127.0.0.1', 'log', 'device-ana', 'ana');
    const changes = createChangeCollector(createShownIn(db));
    const replica = createReplica({
      db,
      queries: sync,
      clock: { now: () => now },
      ids: { next: nextId },
      changes,
      onConfirmed: () => undefined,
      onEntry: (entry, result) => notices.note(entry, result),
      onReceived: () => undefined,
    });
    const drafts = createDrafts({ isEnrolled: () => true, queries: createDraftQueries(db), replica, changes, now: () => now });
    const notices = createNotices({
      queries: createNoticeQueries(db),
      conversations: createConversationQueries(db, () => now),
      messages: createMessageQueries(db),
      settings: createSettingQueries(db),
      state: replica.state,
      changes,
      drafts,
      targetOf: (waitingSince) => (targetMinutes === null ? null : { soonAt: waitingSince + (targetMinutes - 15) * MINUTE, dueAt: waitingSince + targetMinutes * MINUTE }),
      readPreferences: () => ({ ...DEFAULT_PREFERENCES, readReceipts: 'never', notifications: preferences }),
      syncState: () => syncState,
      cursor: () => sync.readMeta().cursor,
      lookedAt: () => lookedAt,
      sendReply: (reply) => {
        if (replyError) throw replyError;
        replies.push(reply);
      },
      now: () => now,
      myId: () => sync.readMeta().agentId ?? '',
      readLogId: () => sync.readMeta().logId,
      show: (event) => void events.push(event),
    });
    changes.listen(() => notices.look());
    notices.start();
    return { db, replica, notices, drafts, sync };
  };
  let program = boot();

  const receive = (...bodies: ((seq: number) => LogEntry)[]): void => {
    expect(program.replica.receive(bodies.map((make) => make((head += 1))))).toBe('applied');
  };
  const relayEvent =
    (event: RelayEvent) =>
    (seq: number): LogEntry => ({ kind: 'relay', seq, receivedAt: now, body: JSON.stringify(event) });
  const says =
    (from: string, text: string, sentAt = now) =>
    (seq: number): LogEntry => ({
      kind: 'webhook',
      seq,
      receivedAt: now,
      body: JSON.stringify({
        item: 'message',
        field: 'messages',
        wabaId: '208765400000001',
        metadata: { phone_number_id: '109876500000001' },
        contacts: [{ profile: { name: from === MARIA ? 'María' : 'Pedro' }, wa_id: from }],
        payload: { from, id: `wamid.${seq}`, timestamp: String(Math.floor(sentAt / 1000)), type: 'text', text: { body: text } },
      }),
    });
  const does =
    (actorId: string, op: OpBody, deviceId = `device-${actorId}`) =>
    (seq: number): LogEntry => {
      const deviceSeq = (positions.get(deviceId) ?? 0) + 1;
      positions.set(deviceId, deviceSeq);
      return { kind: 'op', seq, receivedAt: now, opId: nextId(), deviceId, actorId, deviceSeq, v: opVersion(op), occurredAt: now, body: JSON.stringify(op) };
    };
  const enrolled = (id: string, name: string, role: 'agent' | 'lead') => relayEvent({ type: 'device.enrolled', deviceId: `device-${id}`, agentId: id, agentName: name, role });
  receive(enrolled('ana', 'Ana', 'agent'), enrolled('bo', 'Bo', 'agent'), enrolled('cy', 'Cy', 'lead'));

  return {
    receive,
    says,
    does,
    assign: (by: string, from: string | null, to: string | null, conversationId = 'c_4') => does(by, { type: 'conversation.assign', args: { conversationId, from, to } }),
    take: (): NoticeEvent[] => events.splice(0),
    shows: () => events.splice(0).flatMap((event) => (event.t === 'show' ? [event] : [])),
    pass: (ms: number): void => {
      now += ms;
      vi.advanceTimersByTime(20_000);
    },
    advance: (ms: number) => (now += ms),
    now: () => now,
    setPreferences: (next: Partial<Preferences['notifications']>) => (preferences = { ...preferences, ...next }),
    setSync: (next: SyncState['state']) => (syncState = next),
    look: (conversationId: string | null) => {
      lookedAt = conversationId;
      program.notices.look();
    },
    setTarget: (minutes: number) => (targetMinutes = minutes),
    refuseReplies: () => (replyError = new AppError('THREAD_MOVED')),
    replies,
    notices: () => program.notices,
    drafts: () => program.drafts,
    logId: () => program.sync.readMeta().logId ?? '',
    replica: () => program.replica,
    promote: (agentId: string) => relayEvent({ type: 'member.changed', agentId, by: null, role: 'lead', isRemoved: false }),
    wipe: () => {
      program.sync.wipe();
      program.notices.look();
    },
    restart: () => {
      program.notices.stop();
      program.db.close();
      program = boot();
    },
    crash: () => {
      vi.clearAllTimers();
      program.db.close();
      program = boot();
    },
  };
}

vi.useFakeTimers();

test('messages of an unassigned conversation call everybody, together as one notice with their number', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'), desk.says(MARIA, '¿Están\nahí?'), desk.says(PEDRO, 'Buenas'));
  expect(desk.take()).toEqual([
    { t: 'show', isSilent: false, notice: { kind: 'message', conversationId: 'c_4', name: 'María', text: '¿Están ahí?', count: 2 } },
    { t: 'show', isSilent: true, notice: { kind: 'message', conversationId: 'c_6', name: 'Pedro', text: 'Buenas', count: 1 } },
  ]);
});

test('a burst sounds once, and counts on', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'uno'));
  desk.advance(4_000);
  desk.receive(desk.says(MARIA, 'dos'));
  desk.advance(7_000);
  desk.receive(desk.says(MARIA, 'tres'));
  expect(desk.shows().map(({ notice, isSilent }) => [notice.kind === 'message' && notice.count, isSilent])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
});

test("what is a colleague's, or another team's, calls only them", () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'), desk.assign('cy', null, 'bo'));
  desk.take();
  desk.receive(desk.says(MARIA, 'para Bo'));
  expect(desk.take()).toEqual([]);
  desk.receive(desk.assign('cy', 'bo', 'ana'), desk.says(MARIA, 'para Ana'));
  expect(desk.shows().map(({ notice }) => notice.kind)).toEqual(['message']);

  desk.receive(desk.does('cy', { type: 'team.add', args: { teamId: 't1', name: 'Ventas' } }), desk.does('cy', { type: 'team.member', args: { teamId: 't1', agentId: 'bo', isMember: true } }));
  desk.receive(desk.assign('cy', 'ana', null), desk.does('cy', { type: 'conversation.team', args: { conversationId: 'c_4', from: null, to: 't1' } }));
  desk.take();
  desk.receive(desk.says(MARIA, 'para Ventas'));
  expect(desk.take()).toEqual([]);
  desk.receive(desk.does('cy', { type: 'team.member', args: { teamId: 't1', agentId: 'ana', isMember: true } }), desk.says(MARIA, 'también para Ana'));
  expect(desk.shows()).toHaveLength(1);
});

test('messages older than an hour are no news, by the timestamp of Meta or of the log', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'tarde', desk.now() - 61 * MINUTE), desk.says(PEDRO, 'a tiempo', desk.now() - 59 * MINUTE));
  expect(desk.shows().map(({ notice }) => notice.name)).toEqual(['Pedro']);
});

test('the history that a new desktop brings in is no news; what comes afterwards is', () => {
  const fresh = openDesk('catching_up');
  fresh.receive(fresh.says(MARIA, 'historia'));
  expect(fresh.take()).toEqual([]);
  fresh.setSync('live');
  fresh.receive(fresh.says(MARIA, 'noticia'));
  expect(fresh.shows().map(({ notice }) => notice.kind === 'message' && [notice.text, notice.count])).toEqual([['noticia', 1]]);
});

test('reading on another desktop of mine clears, and so does looking here', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'));
  desk.take();
  desk.receive(desk.does('ana', { type: 'read.advance', args: { conversationId: 'c_4', throughMessageId: 'm_4' } }, 'device-ana-2'));
  expect(desk.take()).toEqual([{ t: 'clear', conversationId: 'c_4' }]);

  desk.receive(desk.says(MARIA, 'Otra vez'));
  desk.take();
  desk.look('c_4');
  expect(desk.take()).toEqual([{ t: 'clear', conversationId: 'c_4' }]);
  desk.receive(desk.says(MARIA, 'Lo estoy viendo'));
  expect(desk.take()).toEqual([]);
});

test('given to me by somebody, named in a note, my failed message; nothing of what I did myself', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'));
  desk.take();
  desk.receive(desk.assign('ana', null, 'ana', 'c_4'));
  desk.take();
  desk.advance(11_000);
  desk.receive(desk.assign('cy', 'ana', 'bo'), desk.assign('cy', 'bo', 'ana'));
  desk.receive(desk.does('bo', { type: 'note.add', args: { noteId: 'n1', conversationId: 'c_4', body: '@Ana mira', mentions: ['ana'] } }));
  desk.receive(desk.does('ana', { type: 'note.add', args: { noteId: 'n2', conversationId: 'c_4', body: '@Ana yo', mentions: ['ana'] } }));
  expect(desk.take()).toEqual([
    { t: 'show', isSilent: false, notice: { kind: 'assigned', conversationId: 'c_4', name: 'María', by: 'Cy' } },
    { t: 'show', isSilent: true, notice: { kind: 'mention', conversationId: 'c_4', name: 'María', by: 'Bo', text: '@Ana mira' } },
    { t: 'clear', conversationId: 'c_4' },
  ]);
  const queued = (messageId: string): OpBody => ({ type: 'message.queue', args: { messageId, conversationId: 'c_4', seenThrough: 99, content: { kind: 'text', text: 'Respuesta' } } });
  const failed = (messageId: string): OpBody => ({ type: 'message.result', args: { messageId, error: { code: 131026, title: 'no', detail: null } } });
  desk.receive(desk.does('bo', queued('out-bo')), desk.does('bo', failed('out-bo')), desk.does('ana', queued('out-ana'), 'device-ana-2'), desk.does('ana', failed('out-ana'), 'device-ana-2'));
  expect(desk.shows().map(({ notice }) => notice)).toEqual([{ kind: 'failed', conversationId: 'c_4', name: 'María', text: 'Respuesta' }]);
});

test('a window about to close on what I owe is told an hour and a quarter of an hour before, once, also across a crash', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'), desk.assign('cy', null, 'ana'), desk.says(PEDRO, 'de nadie'));
  desk.take();
  desk.pass(22.9 * 60 * MINUTE);
  expect(desk.take()).toEqual([]);
  desk.pass(0.2 * 60 * MINUTE);
  expect(desk.shows().map(({ notice }) => notice)).toEqual([{ kind: 'window_closing', conversationId: 'c_4', name: 'María', closesAt: START + 24 * 60 * MINUTE }]);
  desk.crash();
  desk.pass(MINUTE);
  expect(desk.take()).toEqual([]);
  desk.pass(40 * MINUTE);
  expect(desk.shows()).toHaveLength(1);
  desk.pass(60 * MINUTE);
  expect(desk.shows()).toEqual([]);
});

test('a clock that ran days ahead for a while silences nothing afterwards', () => {
  const desk = openDesk();
  desk.pass(3 * 24 * 60 * MINUTE);
  desk.restart();
  desk.pass(-3 * 24 * 60 * MINUTE);
  desk.receive(desk.says(MARIA, 'Hola'), desk.assign('cy', null, 'ana'));
  desk.take();
  desk.pass(23.1 * 60 * MINUTE);
  expect(desk.shows()).toHaveLength(1);
});

test('what was answered has no window to lose', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'), desk.assign('cy', null, 'ana'));
  desk.receive(desk.does('ana', { type: 'message.queue', args: { messageId: 'out-1', conversationId: 'c_4', seenThrough: 99, content: { kind: 'text', text: 'Listo' } } }, 'device-ana-2'));
  desk.take();
  desk.pass(23.1 * 60 * MINUTE);
  expect(desk.take()).toEqual([]);
});

test('the target of what I have is told before it passes, once, and taken back with the answer; of what nobody has, to leads after it', () => {
  const desk = openDesk();
  desk.setTarget(60);
  desk.receive(desk.says(MARIA, 'Hola'), desk.assign('cy', null, 'ana'), desk.says(PEDRO, 'de nadie'));
  desk.take();
  desk.pass(44 * MINUTE);
  expect(desk.take()).toEqual([]);
  desk.pass(2 * MINUTE);
  expect(desk.shows().map(({ notice }) => notice)).toEqual([{ kind: 'target_closing', conversationId: 'c_4', name: 'María', dueAt: START + 60 * MINUTE }]);
  desk.crash();
  desk.receive(desk.does('bo', { type: 'message.queue', args: { messageId: 'out-1', conversationId: 'c_4', seenThrough: 99, content: { kind: 'text', text: 'Listo' } } }));
  desk.pass(15 * MINUTE);
  expect(desk.shows(), 'Ana is no lead').toEqual([]);
  desk.receive(desk.promote('ana'), desk.says('50255550000', 'también de nadie'));
  desk.take();
  desk.pass(61 * MINUTE);
  expect(desk.shows().map(({ notice }) => notice)).toEqual([{ kind: 'target_missed', conversationId: 'c_9', name: 'Pedro', dueAt: START + 121 * MINUTE }]);
});

test('the end of a snooze is told to who owns the conversation, or put it aside while nobody did', () => {
  const desk = openDesk();
  const snooze = (by: string, conversationId: string) =>
    desk.does(by, { type: 'conversation.snooze', args: { conversationId, from: null, to: START + 5 * MINUTE, seenThrough: 99 } }, `device-${by}-2`);
  desk.receive(desk.says(MARIA, 'Hola'), desk.says(PEDRO, 'Hola'), desk.says('50255550000', 'Hola'));
  desk.receive(desk.assign('cy', null, 'ana', 'c_4'), snooze('cy', 'c_4'), snooze('ana', 'c_5'), snooze('bo', 'c_6'));
  desk.take();
  desk.pass(6 * MINUTE);
  expect(
    desk
      .shows()
      .map(({ notice }) => [notice.kind, notice.conversationId])
      .toSorted((a, b) => a[1]!.localeCompare(b[1]!)),
  ).toEqual([
    ['snooze_ended', 'c_4'],
    ['snooze_ended', 'c_5'],
  ]);
  desk.restart();
  desk.pass(MINUTE);
  expect(desk.take()).toEqual([]);
});

test('switched off or not to be disturbed, nothing is shown; afterwards it is again', () => {
  const desk = openDesk();
  desk.setPreferences({ isOn: false });
  desk.receive(desk.says(MARIA, 'uno'));
  desk.setPreferences({ isOn: true, quietUntil: desk.now() + 60 * MINUTE });
  desk.receive(desk.says(MARIA, 'dos'));
  expect(desk.take()).toEqual([]);
  desk.advance(60 * MINUTE);
  desk.setPreferences({ hasSound: false });
  desk.receive(desk.says(MARIA, 'tres'));
  expect(desk.shows().map(({ notice, isSilent }) => [notice.kind === 'message' && notice.text, isSilent])).toEqual([['tres', true]]);
});

test('a reply from the notice names what was seen; one that is refused becomes a draft and opens the conversation', async () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'));
  desk.notices().reply('c_4', 'Un momento');
  expect(desk.replies).toEqual([{ conversationId: 'c_4', text: 'Un momento', seenThrough: 4, throughMessageId: 'm_4' }]);

  desk.receive(desk.says(MARIA, '¿Sigue?'));
  desk.refuseReplies();
  desk.drafts().set({ conversationId: 'c_4', text: 'Empezado', mode: 'reply' });
  desk.notices().reply('c_4', 'Sí');
  expect(desk.drafts().get({ conversationId: 'c_4' })?.text).toBe('Empezado\nSí');
  // Nobody listened yet: the click waits for the window that it opens.
  const events = desk.notices().watch(undefined);
  expect(await events.next()).toEqual({ done: false, value: { t: 'open', conversationId: 'c_4', messageId: null } });
});

test('a link leads to its conversation and message, and one that leads nowhere here says why', async () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'));
  const workspace = workspaceOf(desk.logId());
  const events = desk.notices().watch(undefined);
  const follow = async (link: string): Promise<unknown> => {
    desk.notices().openLink(link);
    return (await events.next()).value;
  };
  expect(await follow(writeDeepLink({ workspace, conversationId: 'c_4', messageId: 'm_4' }))).toEqual({ t: 'open', conversationId: 'c_4', messageId: 'm_4' });
  expect(await follow(writeDeepLink({ workspace, conversationId: 'c_4', messageId: 'gone' }))).toEqual({ t: 'open', conversationId: 'c_4', messageId: null });
  expect(await follow(writeDeepLink({ workspace, conversationId: 'c_99', messageId: null }))).toEqual({ t: 'link_refused', reason: 'unknown' });
  expect(await follow(writeDeepLink({ workspace: 'another1', conversationId: 'c_4', messageId: null }))).toEqual({ t: 'link_refused', reason: 'other_workspace' });
  expect(await follow('bandeja://erase/everything')).toEqual({ t: 'link_refused', reason: 'not_a_link' });
});

test('pending ops of my own are no news until somebody else answers them', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'Hola'));
  desk.take();
  desk.replica().applyLocal({ type: 'conversation.assign', args: { conversationId: 'c_4', from: null, to: 'ana' } });
  expect(desk.take()).toEqual([]);
});

test('what is shown goes from the screen when the desktop is wiped', () => {
  const desk = openDesk();
  desk.receive(desk.says(MARIA, 'secreto'));
  desk.take();
  desk.wipe();
  expect(desk.take()).toEqual([{ t: 'clear', conversationId: 'c_4' }]);
});
