/** Colleagues must not see somebody write who has stopped or left, and the relay must not hear the same thing with every key. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPresenceReporter, WRITING_FOR_MS, type PresenceReporter } from '../../../renderer/store/presence-reporter.ts';
import { createFakeEngine, type FakeEngine } from './fake-engine.ts';

let engine: FakeEngine;
let presence: PresenceReporter;
const told = (): string[] => engine.presences.map(({ conversationId, activity }) => `${activity} ${conversationId}`);

beforeEach(() => {
  vi.useFakeTimers();
  engine = createFakeEngine();
  presence = createPresenceReporter({ client: engine.client, changes: engine.changes });
});
afterEach(() => void vi.useRealTimers());

test('writing is told once, and ends by itself after a pause', () => {
  presence.look('c1', true);
  presence.typed(true);
  vi.advanceTimersByTime(WRITING_FOR_MS - 1);
  presence.typed(true);
  vi.advanceTimersByTime(WRITING_FOR_MS - 1);
  expect(told()).toEqual(['viewing c1', 'writing c1']);
  vi.advanceTimersByTime(1);
  expect(told()).toEqual(['viewing c1', 'writing c1', 'viewing c1']);
});

test('who sends, switches or looks elsewhere has stopped writing', () => {
  presence.look('c1', true);
  presence.typed(true);
  presence.stoppedTyping();
  presence.typed(true);
  presence.look('c2', true);
  presence.typed(true);
  presence.look('c2', false);
  presence.look('c2', true);
  expect(told()).toEqual(['viewing c1', 'writing c1', 'viewing c1', 'writing c1', 'viewing c2', 'writing c2', 'away c2', 'viewing c2']);
});

test('a note is written to colleagues, and the customer must not see it', () => {
  presence.look('c1', true);
  presence.typed(false);
  presence.typed(true);
  presence.typed(false);
  presence.stoppedTyping();
  expect(engine.presences.map(({ activity, isReply }) => `${activity} ${isReply}`)).toEqual(['viewing false', 'writing false', 'writing true', 'writing false', 'viewing false']);
});

test('an engine that was started again is told anew, and one that is away stops nobody', async () => {
  presence.look('c1', true);
  await engine.changes.tell();
  expect(told()).toEqual(['viewing c1', 'viewing c1']);
  engine.failNext('setPresence', new Error('away'));
  presence.look('c2', true);
  presence.look('c1', true);
  expect(told()).toHaveLength(4);
});
