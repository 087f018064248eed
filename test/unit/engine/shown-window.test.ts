/** The window that is shown is the one that is judged: the person's on this number, not that of one conversation. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Change } from '../../../contract/entities.ts';
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import { isWindowOpenFor } from '../../../main/engine/conversations/window-of.ts';
import { AT, createOffice, HOUR, MINUTE, ROSA } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

it('what they wrote in a conversation that is closed by now counts in the next one, and the other way round', () => {
  const { log } = office;
  const { conversationId } = log;
  const firstAt = log.tx.get('conversation', [conversationId])!.last_inbound_at!;
  log.op('bo', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'closed', seenThrough: log.head() } });
  log.op('bo', { type: 'conversation.start', args: { conversationId: 'next', contactId: 'p', phoneNumberId: '2', phone: ROSA, name: null } });
  const desk = office.openDesk('bo');
  const windows = () =>
    [conversationId, 'next'].map((id) => {
      const { window } = desk.conversations.get(id);
      expect(window.state === 'open' || window.state === 'closing').toBe(isWindowOpenFor(desk.replica.state, desk.replica.state.get('conversation', [id])!, desk.now()));
      return window;
    });
  expect(windows()).toEqual(Array.from({ length: 2 }, () => ({ state: 'open', closesAt: firstAt + SERVICE_WINDOW_MS })));
  expect(desk.conversations.byIds(['next'])[0]?.window.state).toBe('open');
  desk.advanceClock(25 * HOUR);
  expect(windows().map(({ state }) => state)).toEqual(['closed', 'closed']);

  const told: Change[] = [];
  desk.changes.listen((change) => told.push(change));
  log.customerWrites({ sentAt: AT + 25 * HOUR + MINUTE });
  desk.pull();
  expect(told.flatMap(({ conversations }) => conversations)).toEqual(expect.arrayContaining([conversationId, 'next']));
});
