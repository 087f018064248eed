/** Internal notes as screens show them. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../contract/app-error.ts';
import { createOffice } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

it('are shown with author, mentions and whether the team has them yet', () => {
  const { conversationId } = office.log;
  const desk = office.openDesk('bo');
  const note = desk.notes.add({ conversationId, body: 'ojo, @leo', mentions: ['leo', 'leo', 'nobody'] });
  expect(note).toMatchObject({
    body: 'ojo, @leo',
    author: { id: 'bo', isMe: true },
    mentions: [
      { id: 'leo', name: 'leo' },
      { id: 'nobody', name: '—' },
    ],
    isPending: true,
    deletedBy: null,
  });
  desk.deliver();
  expect(office.openDesk('leo').notes.list({ conversationId })).toMatchObject([{ id: note.id, author: { isMe: false }, mentions: [{ isMe: true }, {}], isPending: false }]);
});

it('are of the person: those of a closed conversation stand before those of the next', () => {
  const { log } = office;
  const desk = office.openDesk('bo');
  desk.notes.add({ conversationId: log.conversationId, body: 'primera', mentions: [] });
  desk.triage.setStatus({ conversationId: log.conversationId, from: 'active', to: 'closed', seenThrough: desk.sync.readMeta().cursor });
  desk.deliver();
  const next = `c_${log.customerWrites()}`;
  desk.pull();
  desk.notes.add({ conversationId: next, body: 'segunda', mentions: [] });
  expect(desk.notes.list({ conversationId: next }).map(({ body }) => body)).toEqual(['primera', 'segunda']);
});

it('stand in the order of the log, however wrong the clock of their author (I11)', () => {
  const { log } = office;
  const desk = office.openDesk('bo');
  desk.notes.add({ conversationId: log.conversationId, body: 'primera', mentions: [] });
  desk.deliver();
  desk.advanceClock(-50 * 365 * 24 * 3_600_000);
  desk.notes.add({ conversationId: log.conversationId, body: 'segunda', mentions: [] });
  desk.deliver();
  expect(desk.notes.list({ conversationId: log.conversationId }).map(({ body }) => body)).toEqual(['primera', 'segunda']);
});

it('are edited by their author, and the later of two edits is told', () => {
  const { conversationId } = office.log;
  const desk = office.openDesk('bo');
  const { id } = desk.notes.add({ conversationId, body: 'uno', mentions: [] });
  desk.deliver();
  const leo = office.openDesk('leo');
  expect(desk.notes.edit({ noteId: id, from: 'uno', to: 'dos', mentions: ['cy'] })).toMatchObject({ outcome: 'applied' });
  desk.deliver();
  leo.notes.edit({ noteId: id, from: 'uno', to: 'tres', mentions: [] });
  leo.deliver();
  expect(leo.notes.list({ conversationId })).toMatchObject([{ body: 'dos', mentions: [{ id: 'cy' }] }]);
  expect(leo.conflicts.list()).toMatchObject([{ type: 'note.edit', outcome: 'superseded', detail: { to: 'tres', was: 'dos' } }]);
});

it('leave a tombstone that says who deleted them', () => {
  const { conversationId } = office.log;
  const desk = office.openDesk('bo');
  const { id } = desk.notes.add({ conversationId, body: 'uno', mentions: ['leo'] });
  expect(desk.notes.remove({ noteId: id }).outcome).toBe('applied');
  expect(desk.notes.list({ conversationId })).toMatchObject([{ id, body: '', mentions: [], deletedBy: { id: 'bo' } }]);
  expect(desk.notes.edit({ noteId: id, from: 'uno', to: 'dos', mentions: [] })).toMatchObject({ outcome: 'superseded', reason: 'deleted' });
});

it('need a conversation', () => {
  const desk = office.openDesk('bo');
  expect(() => desk.notes.add({ conversationId: 'c_99', body: 'x', mentions: [] })).toThrow(AppError);
  expect(desk.sync.countPending()).toBe(0);
});
