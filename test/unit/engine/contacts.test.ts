/** What the team keeps of people, over a real database: names, looking up, merging and taking it back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactPageSql } from '../../../main/engine/db/contact-queries.ts';
import { createOffice, ROSA, type Desk } from './desk.ts';

const NADIE = { search: '', role: 'anybody', limit: 50 } as const;
let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => office.close());

const names = (desk: Desk, asked: Partial<Parameters<Desk['contacts']['list']>[0]> = {}): string[] => desk.contacts.list({ ...NADIE, ...asked }).items.map(({ name }) => name);
const rosaOf = (desk: Desk): string => desk.conversations.find(office.log.conversationId).contactId;
const rename = (desk: Desk, contactId: string, name: string) => desk.contacts.change({ contactId, changes: { name: { from: null, to: name } } });
const add = (desk: Desk, phone: string | null, fields: Parameters<Desk['contacts']['add']>[0]['fields'] = {}): string => desk.contacts.add({ phone, fields }).contactId;

describe('a name', () => {
  it('that the team gives stands above what people call themselves: in the list, the search, the page', () => {
    office.log.customerWrites({ name: 'rosi ✨' });
    const desk = office.openDesk('leo');
    rename(desk, rosaOf(desk), 'Rosa Pérez');
    expect(desk.conversations.byIds([office.log.conversationId])[0]?.contact.name).toBe('Rosa Pérez');
    expect(desk.contacts.get({ contactId: rosaOf(desk) })).toMatchObject({ name: 'Rosa Pérez', givenName: 'Rosa Pérez', profileName: 'rosi ✨', isPending: true });
    const { people } = desk.search.query({ text: 'rosa perez', sort: 'date', limit: 5 });
    expect(people.map(({ contact, snippet }) => [contact.name, snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text)])).toEqual([['Rosa Pérez', ['Rosa', 'Pérez']]]);
    expect(desk.conversations.list({ status: 'active', unread: false, search: 'perez', assignee: 'anybody', snoozed: 'no', hasDraft: false, limit: 5 }).items).toHaveLength(1);
    desk.deliver();
    expect(desk.contacts.get({ contactId: rosaOf(desk) }).isPending).toBe(false);
  });

  it('that two give at once is the first one, and the other is told', () => {
    const [leo, bo] = [office.openDesk('leo'), office.openDesk('bo')];
    rename(leo, rosaOf(leo), 'Rosa Pérez');
    bo.contacts.change({ contactId: rosaOf(bo), changes: { name: { from: null, to: 'Rosa P.' }, company: { from: null, to: 'Aguas' } } });
    leo.deliver();
    bo.deliver();
    expect(bo.contacts.get({ contactId: rosaOf(bo) })).toMatchObject({ name: 'Rosa Pérez', company: 'Aguas' });
    const [conflict] = bo.conflicts.list();
    expect(conflict).toMatchObject({ type: 'contact.change', outcome: 'partial', about: 'Rosa Pérez', canReapply: true, detail: { lost: { name: { to: 'Rosa P.', was: 'Rosa Pérez' } } } });
    expect(bo.conflicts.reapply({ opId: conflict!.opId }).outcome).toBe('applied');
    expect(bo.contacts.get({ contactId: rosaOf(bo) }).name).toBe('Rosa P.');
  });
});

describe('the list', () => {
  it('is in the order of names without their accents, page by page, each person once', () => {
    const desk = office.openDesk('leo');
    for (const name of ['Zoila', 'ángel', 'Óscar', 'Beto', 'Ñeco', 'nora', 'Ana']) add(desk, null, { name });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = desk.contacts.list({ ...NADIE, limit: 2, cursor });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && seen.length < 20);
    expect(seen).toEqual(['Ana', 'ángel', 'Beto', 'nora', 'Ñeco', 'Óscar', 'Zoila', '+502 5555 1234']);
    expect(() => desk.contacts.list({ ...NADIE, cursor: 'mine' })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('finds by name, company, e-mail, and a number in any writing', () => {
    const desk = office.openDesk('leo');
    add(desk, '5555 9876', { name: 'Luis Gómez', firstName: 'Luis', email: 'taller@bombas.gt', company: 'Bombas del Sur', isVendor: true });
    add(desk, '+52 1 33 1234 5678', { name: 'Inés' });
    for (const search of ['gomez', 'Bombas', 'taller@bombas.gt', '+502 5555-9876', '0050255559876', '59876', 'luiz gomez']) expect([search, names(desk, { search })]).toEqual([search, ['Luis Gómez']]);
    expect(names(desk, { search: '+52 33 1234 5678' })).toEqual(['Inés']);
    expect(names(desk, { search: 'nadie' })).toEqual([]);
  });

  it('knows vendors from customers', () => {
    const desk = office.openDesk('leo');
    add(desk, '55559876', { name: 'Luis', isVendor: true, serviceTypes: ['PTAR', ' Pozos  profundos ', 'PTAR'] });
    expect(names(desk, { role: 'vendor' })).toEqual(['Luis']);
    expect(names(desk, { role: 'customer' })).toEqual(['+502 5555 1234']);
    expect(desk.contacts.list({ ...NADIE, role: 'vendor' }).items[0]?.serviceTypes).toEqual(['PTAR', 'Pozos profundos']);
  });

  it('answers from the index of names', () => {
    const { db } = office.openDesk('leo');
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${contactPageSql('anybody', false)}`).all({ sortName: 'a', id: 'b', limit: 1 }) as { detail: string }[];
    expect(steps.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^SEARCH s USING (COVERING )?INDEX contact_by_name/)]);
  });
});

describe('adding', () => {
  it('leads to whoever has the number already, however it is written', () => {
    const desk = office.openDesk('bo');
    expect(desk.contacts.add({ phone: '+502 5555-1234', fields: { name: 'Rosa' } })).toMatchObject({ outcome: 'merged', contactId: rosaOf(desk) });
    expect(() => desk.contacts.add({ phone: '123', fields: {} })).toThrow(expect.objectContaining({ code: 'PHONE_INVALID' }));
    expect(() => desk.contacts.add({ phone: '2334 4550', fields: {} })).toThrow(expect.objectContaining({ code: 'PHONE_INVALID' }));
    expect(() => desk.contacts.add({ phone: null, fields: { email: 'rosa' } })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('gives a further number, unless it is somebody else’s', () => {
    const desk = office.openDesk('bo');
    const luis = add(desk, '5555 9876', { name: 'Luis' });
    expect(desk.contacts.addPhone({ contactId: luis, phone: '+54 11 2345-6789' })).toMatchObject({ outcome: 'applied', belongsTo: null });
    expect(desk.contacts.addPhone({ contactId: luis, phone: '+54 9 11 2345-6789' })).toMatchObject({ outcome: 'merged', belongsTo: null });
    expect(desk.contacts.addPhone({ contactId: luis, phone: '5555 1234' })).toMatchObject({ outcome: 'superseded', belongsTo: rosaOf(desk) });
    expect(
      desk.contacts
        .get({ contactId: luis })
        .identifiers.map(({ value }) => value)
        .toSorted(),
    ).toEqual(['50255559876', '541123456789']);
  });

  it('gives attributes, changes them and takes them away', () => {
    const desk = office.openDesk('bo');
    const contactId = rosaOf(desk);
    const set = (from: string | null, to: string | null) => desk.contacts.setAttribute({ contactId, key: 'NIT', from, to }).outcome;
    expect([set(null, '123-4'), set('123-4', '567-8'), set('123-4', 'x')]).toEqual(['applied', 'applied', 'superseded']);
    expect(desk.contacts.get({ contactId }).attributes).toEqual([{ key: 'NIT', value: '567-8' }]);
    expect(set('567-8', ' ')).toBe('applied');
    expect(desk.contacts.get({ contactId }).attributes).toEqual([]);
  });
});

describe('merging', () => {
  /** Rosa writes from a second number; her records become one. */
  const mergeRosas = (desk: Desk): { first: string; second: string; conversationId: string } => {
    const conversationId = `c_${office.log.customerWrites({ from: '50244443333', name: 'Rosa Pérez', text: 'desde mi otro número' })}`;
    desk.pull();
    const [first, second] = [rosaOf(desk), desk.conversations.find(conversationId).contactId];
    expect(desk.contacts.merge({ contactId: second, from: null, to: first }).outcome).toBe('applied');
    return { first, second, conversationId };
  };

  it('shows one person, under one name, with everything of both; taken back, both are as they were', () => {
    const desk = office.openDesk('leo');
    office.log.customerWrites({ name: 'Rosa P.' });
    desk.pull();
    const before = desk.contacts.list(NADIE);
    const { first, second, conversationId } = mergeRosas(desk);
    const apart = desk.contacts.list(NADIE).items.length;
    expect(apart).toBe(1);
    rename(desk, first, 'Rosa Pérez de León');
    expect(desk.conversations.byIds([conversationId])[0]?.contact).toMatchObject({ id: second, name: 'Rosa Pérez de León', phone: '+502 4444 3333' });
    expect(desk.contacts.get({ contactId: first })).toMatchObject({
      merged: [{ id: second, name: 'Rosa Pérez' }],
      identifiers: [
        { kind: 'wa_id', value: ROSA, contactId: first },
        { kind: 'wa_id', value: '50244443333', contactId: second },
      ],
      conversations: [{ id: conversationId }, { id: office.log.conversationId }],
    });
    expect(desk.contacts.get({ contactId: second }).mergedInto).toMatchObject({ id: first, name: 'Rosa Pérez de León' });
    // Whoever types the other number or name finds the same person, once.
    expect(names(desk, { search: '4444 3333' })).toEqual(['Rosa Pérez de León']);
    expect(desk.search.query({ text: 'rosa', sort: 'date', limit: 5 }).people).toHaveLength(1);
    expect(desk.search.query({ text: 'from:leon número', sort: 'date', limit: 5 }).hits.map(({ contact }) => contact.id)).toEqual([second]);

    expect(desk.contacts.merge({ contactId: second, from: first, to: null }).outcome).toBe('applied');
    rename(desk, first, '');
    expect(desk.contacts.change({ contactId: first, changes: { name: { from: 'Rosa Pérez de León', to: null } } }).outcome).toBe('applied');
    desk.deliver();
    expect(desk.contacts.list(NADIE).items.find(({ id }) => id === first)).toEqual(before.items[0]);
    expect(names(desk)).toEqual(['Rosa P.', 'Rosa Pérez']);
    expect(desk.conversations.byIds([conversationId])[0]?.contact.name).toBe('Rosa Pérez');
  });

  it('tells every conversation of the person of a new name', () => {
    const desk = office.openDesk('leo');
    const { first, conversationId } = mergeRosas(desk);
    const changed: unknown[] = [];
    desk.changes.listen((change) => changed.push(change));
    rename(desk, first, 'Rosa');
    expect(changed).toMatchObject([{ contacts: true, conversations: expect.arrayContaining([office.log.conversationId, conversationId]) }]);
  });

  it('is for leads, and honours what was said of one of the two at both', () => {
    const bo = office.openDesk('bo');
    const other = add(bo, '5555 9876');
    expect(bo.contacts.merge({ contactId: other, from: null, to: rosaOf(bo) }).outcome).toBe('forbidden');
    const leo = office.openDesk('leo');
    const { first, second } = mergeRosas(leo);
    leo.contacts.change({ contactId: first, changes: { isBlocked: { from: false, to: true }, marketing: { from: null, to: 'stop' } } });
    expect(leo.contacts.get({ contactId: second })).toMatchObject({ isBlocked: true, hasOptedOut: true });
  });

  it('is proposed for the same full name, e-mail or number written otherwise, and for nothing else', () => {
    const desk = office.openDesk('leo');
    const luis = add(desk, '5555 9876', { name: 'Luis Gómez', email: 'Luis@bombas.gt' });
    const namesake = add(desk, '5555 1111', { name: 'LUIS  GOMEZ' });
    const colleague = add(desk, null, { name: 'Taller', email: 'luis@BOMBAS.gt' });
    add(desk, '5555 2222', { name: 'Luis' });
    add(desk, '5555 3333', { name: 'Luis Gómez Ruiz', email: 'otro@bombas.gt' });
    expect(new Set(desk.contacts.duplicates({ contactId: luis }).map(({ id }) => id))).toEqual(new Set([namesake, colleague]));
    desk.contacts.merge({ contactId: namesake, from: null, to: luis });
    expect(desk.contacts.duplicates({ contactId: luis }).map(({ id }) => id)).toEqual([colleague]);
  });
});
