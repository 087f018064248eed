/** What was typed and not sent outlives switching, reloading and a crash. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AT, createOffice, MINUTE } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

it('is there again after the program was started anew', () => {
  const { conversationId } = office.log;
  const desk = office.openDesk('bo');
  desk.drafts.set({ conversationId, text: 'Buenos días, ', mode: 'note' });
  desk.close();
  const again = office.openDesk('bo');
  expect(again.drafts.get({ conversationId })).toEqual({ text: 'Buenos días, ', mode: 'note', files: [], updatedAt: AT + MINUTE });
  expect(again.conversations.get(conversationId).draft).toBe('Buenos días, ');
});

it('is kept by conversation; the last one counts, and an empty one is none', () => {
  const { conversationId } = office.log;
  const other = `c_${office.log.customerWrites({ from: '50255559999' })}`;
  const desk = office.openDesk('bo');
  desk.drafts.set({ conversationId, text: 'uno', mode: 'reply' });
  desk.drafts.set({ conversationId: other, text: 'otro', mode: 'reply' });
  desk.advanceClock(MINUTE);
  desk.drafts.set({ conversationId, text: 'dos', mode: 'reply' });
  expect(desk.drafts.get({ conversationId })).toEqual({ text: 'dos', mode: 'reply', files: [], updatedAt: AT + 2 * MINUTE });
  desk.drafts.set({ conversationId, text: '  \n', mode: 'reply' });
  expect(desk.drafts.get({ conversationId })).toBeNull();
  expect(desk.drafts.get({ conversationId: other })?.text).toBe('otro');
});

it('stays on this desktop: nothing of it becomes an op', () => {
  const desk = office.openDesk('bo');
  desk.drafts.set({ conversationId: office.log.conversationId, text: 'secreto', mode: 'reply' });
  expect(desk.sync.countPending()).toBe(0);
});

it('tells the list, so that it shows the draft at once', () => {
  const desk = office.openDesk('bo');
  const heard: unknown[] = [];
  desk.changes.listen((change) => heard.push(change.conversations));
  desk.drafts.set({ conversationId: office.log.conversationId, text: 'hola', mode: 'reply' });
  expect(heard).toEqual([[office.log.conversationId]]);
});

const PHOTO = { sha256: 'a'.repeat(64), kind: 'image', filename: 'foto.jpg', mimeType: 'image/jpeg', bytes: 1_000, caption: 'La bomba', isVoice: false } as const;

it('files wait beside the text, each kept when the other goes, and the list counts them', () => {
  const { conversationId } = office.log;
  const desk = office.openDesk('bo');
  desk.drafts.setFiles({ conversationId, files: [PHOTO] });
  desk.drafts.set({ conversationId, text: 'Mire', mode: 'reply' });
  desk.drafts.set({ conversationId, text: '', mode: 'reply' });
  desk.close();
  const again = office.openDesk('bo');
  expect(again.drafts.get({ conversationId })).toMatchObject({ text: '', files: [PHOTO] });
  expect(again.conversations.get(conversationId)).toMatchObject({ draft: '', draftFiles: 1 });
  expect(again.conversations.list({ status: 'active', unread: false, search: '', assignee: 'anybody', snoozed: 'no', hasDraft: true, limit: 10 }).items.map(({ id }) => id)).toEqual([conversationId]);
  again.drafts.set({ conversationId, text: 'Mire', mode: 'reply' });
  again.drafts.setFiles({ conversationId, files: [] });
  expect(again.drafts.get({ conversationId })).toMatchObject({ text: 'Mire', files: [] });
  again.drafts.set({ conversationId, text: ' ', mode: 'reply' });
  expect(again.drafts.get({ conversationId })).toBeNull();
});

it('moves to the conversation that the person had by then, where one was begun without a line', () => {
  const desk = office.openDesk('bo');
  const phone = '50247732218';
  desk.replica.applyLocal({ type: 'conversation.start', args: { conversationId: 'begun', contactId: 'person', phoneNumberId: '2', phone, name: null } });
  desk.drafts.set({ conversationId: 'begun', text: 'Buenas tardes', mode: 'note' });
  const theirs = `c_${office.log.customerWrites({ from: phone })}`;
  desk.pull();
  desk.drafts.set({ conversationId: theirs, text: 'hola', mode: 'reply' });
  desk.deliver();
  expect(desk.replica.state.get('conversation', ['begun'])).toBeUndefined();
  expect(desk.drafts.get({ conversationId: 'begun' })).toBeNull();
  expect(desk.drafts.get({ conversationId: theirs })).toMatchObject({ text: 'hola\nBuenas tardes', mode: 'note' });
});
