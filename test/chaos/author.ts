/** Somebody at work on one desktop: chooses what to do next by chance, as the desktop shows it, over the contract. */
import { ORPCError } from '@orpc/client';
import type { Conversation, Directory } from '../../contract/entities.ts';
import type { Random } from '../../main/demo/meta/random.ts';
import type { ContractClient, Desk } from '../support/desk.ts';

/** What the desktop accepted. Texts are unique, so that each can be found again. */
export type Authored = { opIds: string[]; messageIds: string[]; noteIds: string[]; refused: number };
export type Author = {
  desk: Desk;
  authored: Authored;
  /** Does so many things; `onDone` after each. Ends early, without an error, when the desktop is killed. */
  work(count: number, onDone?: (done: number) => void): Promise<void>;
};

type Deed = (context: Context) => Promise<string[]>;
type Context = { client: ContractClient; conversation: Conversation; directory: Directory; random: Random; note: (text: string) => string; authored: Authored; now: number };

/** What a person can be told instead of having it done. Everything else is a fault of the program. */
const REFUSALS = new Set(['WINDOW_CLOSED', 'CONVERSATION_CLOSED', 'NOT_ALLOWED_NOW', 'THREAD_MOVED', 'FORBIDDEN', 'NOT_FOUND']);
const ATTEMPTS_MAX = 50;
const HOUR_MS = 3_600_000;

const pick = <T>(random: Random, items: readonly T[]): T | undefined => items[random.int(0, items.length - 1)];
const seenNow = ({ conversation }: Context) => ({ conversationId: conversation.id, seenThrough: conversation.seenThrough });

const DEEDS: Record<string, { weight: number; deed: Deed }> = {
  reply: {
    weight: 16,
    deed: async (context) => {
      const { id } = await context.client.messages.sendText({ ...seenNow(context), text: context.note('respuesta') });
      context.authored.messageIds.push(id);
      return [];
    },
  },
  assign: {
    weight: 18,
    deed: async ({ client, conversation, directory, random, note }) => {
      const to = pick(random, [...directory.members.map(({ id }) => id), null]) ?? null;
      const words = to !== null && random.next() < 0.2 ? { note: note('para ti') } : {};
      return [(await client.conversations.assign({ conversationId: conversation.id, from: conversation.assignee?.id ?? null, to, ...words })).opId];
    },
  },
  status: {
    weight: 14,
    deed: async (context) => {
      const { client, conversation, random } = context;
      const to =
        pick(
          random,
          (['active', 'archived', 'archived', 'closed'] as const).filter((status) => status !== conversation.status),
        ) ?? 'active';
      return [(await client.conversations.setStatus({ ...seenNow(context), from: conversation.status, to })).opId];
    },
  },
  snooze: {
    weight: 8,
    deed: async (context) => {
      const { client, conversation, random, now } = context;
      const until = random.next() < 0.3 ? null : now + random.int(1, 48) * HOUR_MS;
      return [(await client.conversations.snooze({ ...seenNow(context), from: conversation.snoozedUntil, until })).opId];
    },
  },
  team: {
    weight: 6,
    deed: async ({ client, conversation, directory, random }) => {
      const to = pick(random, [...directory.teams.map(({ id }) => id), null]) ?? null;
      return [(await client.conversations.setTeam({ conversationId: conversation.id, from: conversation.team?.id ?? null, to })).opId];
    },
  },
  label: {
    weight: 9,
    deed: async ({ client, conversation, directory, random }) => {
      const labelId = pick(random, directory.labels)?.id ?? '';
      return [(await client.conversations.setLabel({ conversationId: conversation.id, labelId, isOn: !conversation.labels.some(({ id }) => id === labelId) })).opId];
    },
  },
  note: {
    weight: 8,
    deed: async ({ client, conversation, directory, random, note, authored }) => {
      const mentioned = pick(random, directory.members);
      const { id } = await client.notes.add({ conversationId: conversation.id, body: note('nota'), mentions: mentioned ? [mentioned.id] : [] });
      authored.noteIds.push(id);
      return [];
    },
  },
  editNote: {
    weight: 6,
    deed: async ({ client, conversation, random, note }) => {
      const found = pick(
        random,
        (await client.notes.list({ conversationId: conversation.id })).filter(({ deletedBy }) => deletedBy === null),
      );
      return found ? [(await client.notes.edit({ noteId: found.id, from: found.body, to: note('nota corregida') })).opId] : [];
    },
  },
  removeNote: {
    weight: 2,
    deed: async ({ client, conversation, random }) => {
      const found = pick(random, await client.notes.list({ conversationId: conversation.id }));
      return found ? [(await client.notes.remove({ noteId: found.id })).opId] : [];
    },
  },
  read: {
    weight: 6,
    deed: async ({ client, conversation }) => {
      const seen = (await client.messages.page({ conversationId: conversation.id, limit: 20 })).items.findLast(({ direction }) => direction === 'in');
      if (seen) await client.conversations.markRead({ conversationId: conversation.id, throughMessageId: seen.id });
      return [];
    },
  },
  decideHeld: {
    weight: 4,
    deed: async (context) => {
      const { client, conversation, random } = context;
      const held = (await client.messages.page({ conversationId: conversation.id, limit: 50 })).items.find(({ delivery, author }) => delivery === 'held' && author?.isMe === true);
      if (!held) return [];
      if (random.next() < 0.5) await client.messages.discard({ messageId: held.id });
      else await client.messages.confirm({ messageId: held.id, seenThrough: conversation.seenThrough });
      return [];
    },
  },
  undo: {
    weight: 4,
    deed: async ({ client, conversation, random }) => {
      const mine = pick(
        random,
        conversation.activity.filter(({ actor, outcome, type }) => actor.isMe && outcome === 'applied' && type.startsWith('conversation.')),
      );
      if (mine) await client.ops.undo({ opIds: [mine.opId] });
      return [];
    },
  },
  bulk: {
    weight: 3,
    deed: async ({ client, directory, random }) => {
      const { items } = await client.conversations.list({ limit: 8 });
      const labelId = pick(random, directory.labels)?.id ?? '';
      const action = random.next() < 0.5 ? ({ kind: 'assign', to: pick(random, directory.members)?.id ?? null } as const) : ({ kind: 'label', labelId, isOn: random.next() < 0.5 } as const);
      return (await client.conversations.bulk({ conversationIds: items.map(({ id }) => id), action })).opIds;
    },
  },
  renameLabel: {
    weight: 2,
    deed: async ({ client, directory, random, note }) => {
      const label = pick(random, directory.labels);
      const color = random.next() < 0.5 ? { color: { from: label?.color ?? 'red', to: pick(random, ['red', 'blue', 'green'] as const) ?? 'red' } } : {};
      return label ? [(await client.team.changeLabel({ labelId: label.id, name: { from: label.name, to: note('etiqueta').slice(0, 60) }, ...color })).opId] : [];
    },
  },
  canned: {
    weight: 3,
    deed: async ({ client, directory, random, note }) => {
      const found = pick(random, directory.canned);
      if (found && random.next() < 0.6) return [(await client.team.changeCanned({ cannedId: found.id, body: { from: found.body, to: note('Con gusto') } })).opId];
      return [(await client.team.addCanned({ isPersonal: random.next() < 0.5, shortcut: note('r').replaceAll(/[^a-z0-9]/gi, ''), body: 'Con gusto' })).opId];
    },
  },
  setting: {
    weight: 1,
    deed: async ({ client, directory }) => {
      const from = { key: 'assignOnReply', value: directory.settings.assignOnReply } as const;
      return [(await client.team.setSetting({ from, to: { key: 'assignOnReply', value: !from.value } })).opId];
    },
  },
};
const BAG = Object.values(DEEDS).flatMap(({ weight, deed }) => Array.from({ length: weight }, () => deed));

/** @param now what the desktop's clock will take for relay time. */
export function createAuthor(desk: Desk, random: Random, now: () => number): Author {
  const authored: Authored = { opIds: [], messageIds: [], noteIds: [], refused: 0 };
  let texts = 0;
  const note = (text: string): string => `${text} ${desk.name}-${(texts += 1)}`;

  /** One thing that leaves an op behind. */
  const act = async (client: ContractClient, conversationIds: readonly string[], directory: Directory): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const before = (await client.session.sync({})).pending;
      const conversation = await client.conversations.get({ conversationId: pick(random, conversationIds) ?? '', messages: 0 });
      try {
        const deed = pick(random, BAG);
        authored.opIds.push(...((await deed?.({ client, conversation, directory, random, note, authored, now: now() })) ?? []));
        const { pending, state } = await client.session.sync({});
        // Online it may have been confirmed already.
        if (pending > before || state === 'live') return;
      } catch (error) {
        if (!(error instanceof ORPCError) || !REFUSALS.has(String(error.code))) throw error;
        authored.refused += 1;
      }
    }
    throw new Error(`${desk.name} found nothing to do in ${ATTEMPTS_MAX} attempts`);
  };

  return {
    desk,
    authored,
    work: async (count, onDone) => {
      const client = desk.client();
      try {
        const directory = await client.team.directory({});
        const pages = await Promise.all((['active', 'archived', 'closed'] as const).map((status) => client.conversations.list({ status, limit: 200 })));
        // Snoozed ones are worked on too, or nothing would be left in the end.
        const snoozed = await client.conversations.list({ snoozed: 'only', limit: 200 });
        const ids = [...pages, snoozed].flatMap(({ items }) => items.map(({ id }) => id));
        for (let done = 1; done <= count; done += 1) {
          await act(client, ids, directory);
          onDone?.(done);
        }
      } catch (error) {
        if (desk.isRunning() && desk.client() === client) throw error;
      }
    },
  };
}
