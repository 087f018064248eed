/**
 * Plays the scripted customers: their history at once, then every so often one of them writes, and whoever is answered
 * answers what they were told after a while that fits the length of the text; where nobody answers any more they fall silent. After a restart with a memory the script goes on where it was;
 * whose service window has closed meanwhile begins anew. The history is told at every start with the same ids and times, so
 * that a workspace has it exactly once, whatever was lost on the way the last time.
 */
import { createHash } from 'node:crypto';
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import type { MediaStore } from './media-store.ts';
import type { Memory } from './memory-file.ts';
import type { Random } from './random.ts';
import { addPhoto, addSample } from './sample-media.ts';
import type { ScriptedCustomer, ScriptedLine } from './scripted-customers.ts';
import type { Timers } from './timers.ts';
import type { CustomerWrites, Traffic } from './traffic.ts';

/** Pauses of the script in ms, before `pace`. */
const FIRST_UNPROMPTED_MS = 20_000;
const UNPROMPTED_EVERY_MS = { min: 25_000, max: 70_000 };
/** From the last of our answers that arrived to the reply: several answers in a row get one. */
const READS_ANSWER_MS = { min: 3_000, max: 7_000 };
/** So many bursts in a row that nobody answers: then nobody is there, and the customers wait until somebody is. */
const QUIET_AFTER_BURSTS = 8;
const TYPING_MS_PER_CHARACTER = 45;
const TYPING_MS = { min: 900, max: 6_000 };

export type ScriptPlayer = {
  start(): void;
  /** A message of ours reached this person (digits or user id). */
  onAnswered(person: string, text: string): void;
  remember(): Memory['script'];
};

const personOf = ({ from, userId }: ScriptedCustomer): string => from ?? userId ?? '';

export function createScriptPlayer(deps: {
  customers: readonly ScriptedCustomer[];
  traffic: Traffic;
  media: MediaStore;
  timers: Timers;
  random: Random;
  now: () => number;
  pace: number;
  memory: Memory;
}): ScriptPlayer {
  const { traffic, media, timers, random, pace } = deps;
  const startedAt = deps.memory.script.startedAt ?? deps.now();
  const parts = deps.customers.map((customer) => {
    const isOver = deps.now() > (traffic.lastInboundAt(personOf(customer)) ?? 0) + SERVICE_WINDOW_MS;
    const done = isOver ? undefined : deps.memory.script.done[personOf(customer)];
    return { customer, done: { unprompted: done?.unprompted ?? 0, whenAnswered: done?.whenAnswered ?? 0 }, answers: 0, told: new Set<number>() };
  });
  type Part = (typeof parts)[number];
  const takeBurst = ({ customer, done }: Part, kind: 'unprompted' | 'whenAnswered'): readonly ScriptedLine[] => {
    const burst = customer[kind][done[kind]] ?? [];
    done[kind] += 1;
    return burst;
  };

  /** To what they were told, as far as they have something to say to that. */
  const takeReply = (part: Part, text: string): readonly ScriptedLine[] => {
    const index = (part.customer.whenTold ?? []).findIndex(({ of }, at) => !part.told.has(at) && of.test(text));
    if (index < 0) return takeBurst(part, 'whenAnswered');
    part.told.add(index);
    return part.customer.whenTold?.[index]?.says ?? [];
  };

  const say = (customer: ScriptedCustomer, line: ScriptedLine, extra: Partial<CustomerWrites> = {}): void => {
    const { from, userId, username, name } = customer;
    traffic.customerWrites({ from: from ?? undefined, userId, username, name, ...toMessage(line, media), ...extra });
  };

  const sayBurst = (customer: ScriptedCustomer, burst: readonly ScriptedLine[]): void => {
    let delay = 0;
    for (const line of burst) {
      const length = typeof line === 'string' ? line.length : 40;
      delay += Math.min(TYPING_MS.max, Math.max(TYPING_MS.min, length * TYPING_MS_PER_CHARACTER));
      timers.after(delay * pace, () => say(customer, line));
    }
  };

  let unanswered = 0;
  let isQuiet = false;
  const writeUnprompted = (): void => {
    isQuiet = unanswered >= QUIET_AFTER_BURSTS;
    if (isQuiet) return;
    const waiting = parts.filter(({ customer, done }) => done.unprompted < customer.unprompted.length);
    const part = waiting[random.int(0, waiting.length - 1)];
    if (!part) return;
    unanswered += 1;
    sayBurst(part.customer, takeBurst(part, 'unprompted'));
    timers.after(random.int(UNPROMPTED_EVERY_MS.min, UNPROMPTED_EVERY_MS.max) * pace, writeUnprompted);
  };

  return {
    start: () => {
      for (const { customer } of parts) {
        customer.history.forEach(({ minutesAgo, says }, index) => {
          say(customer, says, { id: historyId(customer, index), timestamp: Math.floor(startedAt / 1000) - minutesAgo * 60 });
        });
      }
      timers.after(FIRST_UNPROMPTED_MS * pace, writeUnprompted);
    },
    remember: () => ({ startedAt, done: Object.fromEntries(parts.map(({ customer, done }) => [personOf(customer), done])) }),
    onAnswered: (person, text) => {
      unanswered = 0;
      if (isQuiet) {
        isQuiet = false;
        timers.after(random.int(UNPROMPTED_EVERY_MS.min, UNPROMPTED_EVERY_MS.max) * pace, writeUnprompted);
      }
      const part = parts.find(({ customer }) => personOf(customer) === person);
      if (!part) return;
      part.answers += 1;
      const answersSoFar = part.answers;
      timers.after(random.int(READS_ANSWER_MS.min, READS_ANSWER_MS.max) * pace, () => {
        if (part.answers !== answersSoFar) return;
        sayBurst(part.customer, takeReply(part, text));
      });
    },
  };
}

/** The same in every run. */
export const historyId = (customer: ScriptedCustomer, index: number): string =>
  `wamid.${createHash('sha256')
    .update(`${personOf(customer)}/${index}`)
    .digest('base64')}`;

/** What a line is as a message; files are uploaded for it. */
export function toMessage(line: ScriptedLine, media: MediaStore): Partial<CustomerWrites> {
  if (typeof line === 'string') return { text: line };
  switch (line.kind) {
    case 'photo':
      return { type: 'image', message: { image: { caption: line.caption, ...addPhoto(line.of, media) } } };
    case 'document':
      return { type: 'document', message: { document: { filename: line.filename, ...(line.caption !== undefined && { caption: line.caption }), ...addSample('document', media) } } };
    case 'voice':
      return { type: 'audio', message: { audio: { ...addSample('voice', media), voice: true } } };
    case 'sticker':
      return { type: 'sticker', message: { sticker: { ...addSample('sticker', media), animated: false } } };
    case 'place':
      return { type: 'location', message: { location: { latitude: line.latitude, longitude: line.longitude, name: line.name, address: line.address } } };
    case 'card':
      return {
        type: 'contacts',
        message: { contacts: [{ name: { formatted_name: line.name, first_name: line.name }, phones: [{ phone: line.phone, type: 'CELL', wa_id: line.phone.replace(/\D/g, '') }] }] },
      };
  }
}
