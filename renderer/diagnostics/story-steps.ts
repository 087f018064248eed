/** The way of an outbound message, step by step: what has happened, when, and what has not. Pure. */
import type { Delivery, Message } from '../../contract/entities.ts';

export type StepName = 'recorded' | 'confirmed' | 'handed' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';
/** `skipped`: WhatsApp never told, but a later step shows that it happened. `at` null: it happened at a time that nobody noted. */
export type StoryStep = { step: StepName; state: 'done' | 'pending' | 'skipped' | 'failed'; at: number | null };

const AFTER_CONFIRMED: ReadonlySet<Delivery> = new Set(['queued', 'sending', 'uncertain', 'needs_confirmation', 'sent', 'failed', 'delivered', 'read', 'played']);

/** @param attempts how often it was handed to WhatsApp by this desktop; 0 on others. */
export function listStorySteps(message: Message, attempts: number): StoryStep[] {
  const { delivery, timeline, content } = message;
  const atOf = (status: Message['timeline'][number]['status']): number | null => timeline.find((entry) => entry.status === status)?.at ?? null;
  const isConfirmed = delivery !== null && AFTER_CONFIRMED.has(delivery);
  const failedAt = atOf('failed');
  const reached = (['sent', 'delivered', 'read', 'played'] as const).filter((status) => atOf(status) !== null);
  const last = reached.at(-1);
  const isAudio = content.kind === 'audio';
  const wasHanded = attempts > 0 || delivery === 'sending' || last !== undefined;

  const steps: StoryStep[] = [
    { step: 'recorded', state: 'done', at: message.sentAt },
    { step: 'confirmed', state: isConfirmed || delivery === 'held' ? 'done' : 'pending', at: isConfirmed || delivery === 'held' ? message.receivedAt : null },
    { step: 'handed', state: wasHanded ? 'done' : 'pending', at: null },
  ];
  const order: ('sent' | 'delivered' | 'read' | 'played')[] = ['sent', 'delivered', 'read', ...(isAudio ? (['played'] as const) : [])];
  for (const step of order) {
    const at = atOf(step);
    const isPast = last !== undefined && order.indexOf(step) < order.indexOf(last);
    steps.push({ step, state: at !== null ? 'done' : isPast ? 'skipped' : 'pending', at });
  }
  if (failedAt === null && delivery !== 'failed') return steps;
  const failure: StoryStep = { step: 'failed', state: 'failed', at: failedAt };
  // What failed goes no further; what was delivered all the same tells both.
  return delivery === 'failed' ? [...steps.filter(({ state }) => state !== 'pending'), failure] : [...steps, failure];
}
