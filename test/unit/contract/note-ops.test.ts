/** Internal notes: append, edit by guard, delete as a tombstone. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeamLog } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});

const add = (who: string, noteId: string, body = 'debe Q200', mentions: string[] = [], conversationId = team.conversationId) =>
  team.op(who, { type: 'note.add', args: { noteId, conversationId, body, mentions } });
const edit = (who: string, from: string, to: string, noteId = 'n1') => team.op(who, { type: 'note.edit', args: { noteId, from, to, mentions: ['cy'] } });
const remove = (who: string, noteId = 'n1') => team.op(who, { type: 'note.delete', args: { noteId } });
const note = () => team.tx.get('note', ['n1']);

describe('adding', () => {
  it('keeps who said what about whom, and names the conversation and the person', () => {
    expect(add('bo', 'n1', 'ojo, @leo', ['leo'])).toEqual({ outcome: 'applied', detail: { noteId: 'n1', mentions: ['leo'] }, conversationId: team.conversationId, changed: ['note'] });
    const contactId = team.tx.get('conversation', [team.conversationId])?.contact_id;
    expect(note()).toMatchObject({ body: 'ojo, @leo', author_id: 'bo', mentions: '["leo"]', contact_id: contactId, edited_at: null, deleted_by: null });
  });

  it.each([
    { what: 'an id that is taken', act: () => add('cy', 'n1', 'otra'), outcome: 'duplicate', detail: { noteId: 'n1', mentions: [] } },
    { what: 'no such conversation: the words go back', act: () => add('bo', 'n2', 'perdida', [], 'c_99'), outcome: 'target_missing', detail: { body: 'perdida' } },
    { what: 'somebody who never was here', act: () => add('nobody', 'n2', 'ajena'), outcome: 'forbidden', detail: { body: 'ajena' } },
  ])('$what: $outcome', ({ act, outcome, detail }) => {
    add('bo', 'n1');
    expect(act()).toMatchObject({ outcome, detail, changed: [] });
    expect(note()?.body).toBe('debe Q200');
  });
});

describe('editing', () => {
  it.each([
    { who: 'bo', from: 'debe Q200', to: 'debe Q300', outcome: 'applied', detail: { noteId: 'n1', from: 'debe Q200', to: 'debe Q300' } },
    { who: 'leo', from: 'debe Q200', to: 'debe Q300', outcome: 'applied', detail: { noteId: 'n1', from: 'debe Q200', to: 'debe Q300' } },
    { who: 'cy', from: 'debe Q200', to: 'debe Q300', outcome: 'forbidden', detail: { noteId: 'n1', to: 'debe Q300' } },
    { who: 'bo', from: 'debe Q100', to: 'debe Q200', outcome: 'merged', detail: { noteId: 'n1', from: 'debe Q100', to: 'debe Q200' } },
    { who: 'bo', from: 'debe Q100', to: 'debe Q300', outcome: 'superseded', detail: { noteId: 'n1', from: 'debe Q100', to: 'debe Q300', was: 'debe Q200' } },
  ])('by $who, of bo’s note, from "$from" to "$to": $outcome', ({ who, from, to, outcome, detail }) => {
    add('bo', 'n1');
    expect(edit(who, from, to)).toEqual({ outcome, detail, conversationId: team.conversationId, changed: outcome === 'applied' ? ['note'] : [] });
    expect(note()).toMatchObject(outcome === 'applied' ? { body: to, mentions: '["cy"]', author_id: 'bo' } : { body: 'debe Q200', edited_at: null });
    if (outcome === 'applied') expect(note()?.edited_at).not.toBeNull();
  });

  it('of what is not there gives the words back', () => {
    expect(edit('bo', 'a', 'b', 'n9')).toEqual({ outcome: 'target_missing', detail: { noteId: 'n9', to: 'b' }, conversationId: null, changed: [] });
  });
});

describe('deleting', () => {
  it.each([
    { who: 'bo', outcome: 'applied' },
    { who: 'leo', outcome: 'applied' },
    { who: 'cy', outcome: 'forbidden' },
  ])('by $who, of bo’s note: $outcome', ({ who, outcome }) => {
    add('bo', 'n1');
    expect(remove(who)).toEqual({ outcome, detail: { noteId: 'n1' }, conversationId: team.conversationId, changed: outcome === 'applied' ? ['note'] : [] });
    expect(note()).toMatchObject(outcome === 'applied' ? { body: '', mentions: '[]', deleted_by: who } : { body: 'debe Q200', deleted_by: null });
  });

  it('leaves a tombstone: twice is once, and no edit brings the note back', () => {
    add('bo', 'n1');
    remove('leo');
    expect(remove('bo')).toMatchObject({ outcome: 'merged', changed: [] });
    expect(edit('bo', 'debe Q200', 'debe Q300')).toMatchObject({ outcome: 'superseded', detail: { noteId: 'n1', to: 'debe Q300', reason: 'deleted' }, changed: [] });
    expect(add('bo', 'n1', 'de nuevo')).toMatchObject({ outcome: 'duplicate', changed: [] });
    expect(remove('bo', 'n9')).toMatchObject({ outcome: 'target_missing', changed: [] });
  });
});
