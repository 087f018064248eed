/** Searching over a real database: what is found, what is not any more, and that the index follows the rows whatever happens. */
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import type { MessageRow } from '../../../contract/state.ts';
import { createSearchFollower } from '../../../main/engine/search/search-follower.ts';
import { createOffice, type Desk, HOUR, ROSA } from './desk.ts';
import { AT } from '../contract/log-writer.ts';

const DAY = 24 * HOUR;
const MARIO = '50244449876';
let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => office.close());

type Asked = Partial<Parameters<Desk['search']['query']>[0]>;
const ask = (desk: Desk, text: string, rest: Asked = {}) => desk.search.query({ text, sort: 'date', limit: 30, ...rest });
const found = (desk: Desk, text: string, rest: Asked = {}): string[] => ask(desk, text, rest).hits.map(({ id }) => id);
const people = (desk: Desk, text: string): string[] => ask(desk, text).people.map(({ contact }) => contact.name);
/** Ids of the messages. */
const write = (...texts: string[]): string[] => texts.map((text) => `m_${office.log.customerWrites({ text })}`);
/** Writes a row as a reducer does that this test needs no log for. */
const rewrite = (desk: Desk, id: string, change: Partial<MessageRow>): void => {
  const follower = createSearchFollower(desk.searchQueries);
  const { confirmed } = createStateStore(desk.db, follower.note);
  desk.db.transaction(() => {
    confirmed.put('message', { ...(confirmed.get('message', [id]) as MessageRow), ...change });
    follower.keep();
  })();
};

describe('words', () => {
  it('are found in other case and without accents, the last one from its first letters on', () => {
    const [installed] = write('La INSTALACIÓN quedó lista', 'no hay nada que instalar');
    const desk = office.openDesk('bo');
    expect(found(desk, 'instalacion')).toEqual([installed]);
    expect(found(desk, 'Instalación lista')).toEqual([installed]);
    expect(found(desk, 'lista instalaci')).toEqual([installed]);
    expect(found(desk, 'instalaci lista')).toEqual([]);
    expect(found(desk, 'insta')).toHaveLength(2);
    expect(found(desk, 'quedo ')).toEqual([installed]);
  });

  it('are shown where they stand, marked as they were written', () => {
    write(`${'palabra '.repeat(40)}la instalación de su bomba ${'más '.repeat(60)}`);
    const { snippet } = ask(office.openDesk('bo'), 'bomba INSTALA').hits[0]!;
    expect(snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['instalación', 'bomba']);
    expect(snippet.map(({ text }) => text).join('')).toMatch(/^….*la instalación de su bomba .*…$/);
  });

  it('of a phrase must stand together; excluded ones must not be there', () => {
    const [together, apart, other] = write('la bomba de agua', 'agua para la bomba', 'la bomba de gasolina');
    const desk = office.openDesk('bo');
    expect(found(desk, '"bomba de agua"')).toEqual([together]);
    expect(found(desk, '"bomba de')).toEqual([other, together]);
    expect(found(desk, 'bomba -agua')).toEqual([other]);
    expect(found(desk, 'bomba -"de agua"')).toEqual([other, apart]);
    expect(found(desk, '-bomba hola')).toHaveLength(1);
  });

  it('are found in captions, file names and notes; what cannot be said in words is found by what it is', () => {
    const { log } = office;
    const file = `m_${log.customerWrites({ text: '' })}`;
    const desk = office.openDesk('bo');
    const media = { id: null, sha256: null, mimeType: 'application/pdf', bytes: null, width: null, height: null, durationMs: null };
    rewrite(desk, file, { content: JSON.stringify({ kind: 'document', media, filename: 'Cotización final.pdf', caption: 'para don Chepe' }) });
    const note = desk.notes.add({ conversationId: log.conversationId, body: 'ojo con la cotización', mentions: [] });
    expect(found(desk, 'cotizacion')).toEqual([note.id, file]);
    expect(found(desk, 'chepe pdf')).toEqual([file]);
    expect(found(desk, 'cotizacion tiene:documento')).toEqual([file]);
    expect(found(desk, 'has:file')).toEqual([file]);
    expect(found(desk, 'has:photo')).toEqual([]);
    expect(ask(desk, 'ojo').hits).toMatchObject([{ kind: 'note', content: null, author: { isMe: true }, direction: null }]);
    desk.notes.remove({ noteId: note.id });
    expect(found(desk, 'cotizacion')).toEqual([file]);
  });

  test.each(['"', '""', '🙏', '*', 'NOT', 'a AND', '(', "'", 'x" OR "y', 'NEAR(a b)', '-', ':', '\0', 'from:nobody', '{words}:x', '^hola', 'hola*', '\u{e000}'])('%j is nothing to fail at', (text) => {
    const desk = office.openDesk('bo');
    expect(() => ask(desk, text)).not.toThrow();
    expect(() => ask(desk, text, { sort: 'rank' })).not.toThrow();
  });
});

describe('operators', () => {
  it('tell by whom, to whom, where, when and with what', () => {
    const { log } = office;
    const rosas = `m_${log.customerWrites({ text: 'bomba de Rosa https://bandeja.test', name: 'Rosa Pérez' })}`;
    const marios = log.customerWrites({ from: MARIO, text: 'bomba de Mario', name: 'Mario Xicay', sentAt: AT - 3 * DAY });
    log.op('bo', { type: 'message.queue', args: { messageId: 'from-bo', conversationId: log.conversationId, seenThrough: log.head(), content: { kind: 'text', text: 'su bomba llega hoy' } } });
    log.op('leo', { type: 'message.queue', args: { messageId: 'from-leo', conversationId: `c_${marios}`, seenThrough: log.head(), content: { kind: 'text', text: 'otra bomba' } } });
    log.op('leo', { type: 'conversation.status', args: { conversationId: `c_${marios}`, from: 'active', to: 'closed', seenThrough: log.head() } });
    log.op('leo', { type: 'label.add', args: { labelId: 'l1', name: 'Por cobrar', color: 'red' } });
    log.op('leo', { type: 'conversation.label', args: { conversationId: `c_${marios}`, labelId: 'l1', isOn: true } });
    log.op('leo', { type: 'conversation.assign', args: { conversationId: log.conversationId, from: null, to: 'bo' } });
    const mario = `m_${marios}`;
    const desk = office.openDesk('bo');
    expect(found(desk, 'bomba')).toEqual(['from-leo', 'from-bo', rosas, mario]);
    expect(found(desk, 'bomba from:rosa')).toEqual([rosas]);
    expect(found(desk, 'bomba de:"mario xi"')).toEqual([mario]);
    expect(found(desk, 'bomba from:4444-9876')).toEqual([mario]);
    expect(found(desk, 'bomba from:yo')).toEqual(['from-bo']);
    expect(found(desk, 'bomba from:leo')).toEqual(['from-leo']);
    expect(found(desk, 'bomba from:yo from:rosa')).toEqual(['from-bo', rosas]);
    expect(found(desk, 'bomba from:nobody')).toEqual([]);
    expect(found(desk, 'bomba para:mario')).toEqual(['from-leo']);
    expect(found(desk, 'bomba to:me')).toEqual([rosas]);
    expect(found(desk, 'bomba in:closed')).toEqual(['from-leo', mario]);
    expect(found(desk, 'bomba en:activas')).toEqual(['from-bo', rosas]);
    expect(found(desk, 'bomba etiqueta:cobrar')).toEqual(['from-leo', mario]);
    expect(found(desk, 'label:"por cobrar" from:mario')).toEqual([mario]);
    expect(found(desk, 'label:none bomba')).toEqual([]);
    expect(found(desk, 'has:link')).toEqual([rosas]);
    expect(found(desk, 'bomba before:2026-11-21')).toEqual([mario]);
    expect(found(desk, 'bomba after:2d')).toEqual(['from-leo', 'from-bo', rosas]);
    expect(found(desk, 'bomba is:unread')).toHaveLength(4);
    desk.conversations.markRead({ conversationId: log.conversationId, throughMessageId: rosas });
    expect(found(desk, 'bomba is:unread')).toEqual(['from-leo', mario]);
    expect(ask(desk, 'color:rojo bomba has:banana')).toMatchObject({ hits: [], unknown: ['color:rojo', 'has:banana'] });
  });

  it('search only a person’s thread where that is asked for, on all their conversations, and count', () => {
    const { log } = office;
    const first = `m_${log.customerWrites({ text: 'bomba vieja' })}`;
    log.customerWrites({ from: MARIO, text: 'bomba ajena' });
    log.op('leo', { type: 'conversation.status', args: { conversationId: log.conversationId, from: 'active', to: 'closed', seenThrough: log.head() } });
    const next = log.customerWrites({ text: 'bomba nueva' });
    const desk = office.openDesk('bo');
    const answer = ask(desk, 'bomba', { conversationId: `c_${next}`, limit: 1 });
    expect(answer).toMatchObject({ hits: [{ id: `m_${next}`, conversationId: `c_${next}` }], total: 2, people: [] });
    expect(ask(desk, 'bomba', { conversationId: `c_${next}`, cursor: answer.nextCursor! })).toMatchObject({ hits: [{ id: first, conversationId: log.conversationId }], nextCursor: null });
    expect(ask(desk, 'bomba').total).toBeNull();
    expect(() => ask(desk, 'bomba', { conversationId: 'gone' })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});

it('a service request finds what was said in its conversations; one that is not linked, where it is named', () => {
  const [first] = write('ya llegó la bomba', 'gracias');
  const other = `m_${office.log.customerWrites({ from: MARIO, text: 'pregunto por SOL-77 y la bomba' })}`;
  const fields = { externalId: 'SOL-42', serviceType: '', customerId: null, customerName: 'Rosa', contactPhone: '', contactEmail: '', address: '', requestedDate: null, approvedDate: null } as const;
  const args = { requestId: 'r', fields: { ...fields, vendorId: null, formUrl: '', description: '', status: 'new' }, customer: null, source: 'manual' } as const;
  office.log.op('ana', { type: 'request.add', args });
  office.log.op('ana', { type: 'request.link', args: { requestId: 'r', role: 'customer', from: null, to: office.log.conversationId } });
  const desk = office.openDesk('bo');
  expect(found(desk, 'solicitud:SOL-42 bomba')).toEqual([first]);
  expect(found(desk, 'request:1001 bomba')).toEqual([first]);
  expect(found(desk, 'request:SOL-77')).toEqual([other]);
  expect(found(desk, 'request:SOL-78')).toEqual([]);
});

describe('pages', () => {
  it.each(['date', 'rank'] as const)('by %s hold every match once, also those of one second', (sort) => {
    const sentAt = AT - HOUR;
    const ids = Array.from({ length: 45 }, (_, index) => `m_${office.log.customerWrites({ text: `bomba ${'más '.repeat(index % 7)}`, sentAt })}`);
    const desk = office.openDesk('bo');
    const read: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 20; page++) {
      const answer = ask(desk, 'bomba', { sort, limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      read.push(...answer.hits.map(({ id }) => id));
      if (answer.nextCursor === null) break;
      cursor = answer.nextCursor;
    }
    expect(read).toHaveLength(45);
    expect(new Set(read)).toEqual(new Set(ids));
    expect(() => ask(desk, 'bomba', { sort, cursor: 'nonsense' })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('of thousands of one second are indexed and found as quickly as any, and each can be taken back', () => {
    const sentAt = AT - HOUR;
    const ids = Array.from({ length: 3_000 }, (_, index) => `m_${office.log.customerWrites({ text: `bomba numero ${index}`, sentAt })}`);
    const desk = office.openDesk('bo');
    while (!desk.searchIndex.finishLittle()) desk.searchIndex.doSome();
    expect(ask(desk, 'bomba', { conversationId: office.log.conversationId }).total).toBe(3_000);
    const docs = desk.db.prepare('SELECT count(*) AS n, max(docid) - min(docid) AS span FROM search_doc WHERE ref IN (SELECT id FROM message WHERE sent_at = ?)').get(sentAt) as {
      n: number;
      span: number;
    };
    expect(docs.n).toBe(3_000);
    expect(docs.span).toBeLessThan(50_000);
    rewrite(desk, ids[2_500]!, { revoked_at: AT });
    expect(found(desk, '"bomba numero 2500"')).toEqual([]);
    expect(found(desk, '"bomba numero 2499"')).toEqual([ids[2_499]]);
  });

  it('by date stand by when it was written, however late it came; by rank the shorter and newer first', () => {
    const { log } = office;
    const late = `m_${log.customerWrites({ text: 'bomba', sentAt: AT - 400 * DAY })}`;
    const long = `m_${log.customerWrites({ text: `bomba ${'de agua para la casa grande '.repeat(8)}` })}`;
    const short = `m_${log.customerWrites({ text: 'la bomba' })}`;
    const desk = office.openDesk('bo');
    expect(found(desk, 'bomba')).toEqual([short, long, late]);
    expect(found(desk, 'bomba', { sort: 'rank' })).toEqual([short, long, late]);
    rewrite(desk, short, { content: JSON.stringify({ kind: 'text', text: 'nada' }) });
    expect(found(desk, 'bomba', { sort: 'rank' })).toEqual([long, late]);
  });

  it('without a word stand by date: nothing fits better than the rest', () => {
    const { log } = office;
    const long = `m_${log.customerWrites({ text: `bomba ${'de agua para la casa grande '.repeat(8)}`, sentAt: AT - DAY })}`;
    const short = `m_${log.customerWrites({ text: 'no', sentAt: AT - 2 * DAY })}`;
    const longest = `m_${log.customerWrites({ text: 'una bomba '.repeat(40), sentAt: AT })}`;
    expect(found(office.openDesk('bo'), 'in:active', { sort: 'rank' }).slice(-3)).toEqual([longest, long, short]);
  });
});

describe('people', () => {
  const add = (...names: string[]): void => names.forEach((name, index) => void office.log.customerWrites({ from: `5025555${1000 + index}`, name, text: 'x' }));

  it('are found by the beginning of any of their names, with typing errors too', () => {
    add('María José Ramírez', 'Mario Quiej', 'Ángel Güitz', 'Rosa Rodríguez');
    const desk = office.openDesk('bo');
    expect(people(desk, 'mar')).toEqual(['Mario Quiej', 'María José Ramírez']);
    expect(people(desk, 'jose ramirez')).toEqual(['María José Ramírez']);
    expect(people(desk, 'rodrigez')).toEqual(['Rosa Rodríguez']);
    expect(people(desk, 'rosa rodirguez')).toEqual(['Rosa Rodríguez']);
    expect(people(desk, 'ramrez')).toEqual(['María José Ramírez']);
    expect(people(desk, 'guits')).toEqual(['Ángel Güitz']);
    expect(people(desk, 'zzzz')).toEqual([]);
    expect(ask(desk, 'quiej').people[0]!.snippet).toEqual([
      { text: 'Mario ', isMatch: false },
      { text: 'Quiej', isMatch: true },
    ]);
  });

  it.each(['5555 1002', '+502 5555', '5555-1002', '(502) 55551002', '51002'])('are found by a part of their number, however it is written: %s', (typed) => {
    add('Ana', 'Bea', 'Cleo');
    const answer = ask(office.openDesk('bo'), typed);
    expect(answer.people.map(({ contact }) => contact.name)).toContain('Cleo');
    expect(answer.people[0]!.snippet.some(({ isMatch }) => isMatch)).toBe(true);
  });

  it('are found by the name they have now', () => {
    add('Ana Vieja');
    const desk = office.openDesk('bo');
    expect(people(desk, 'vieja')).toEqual(['Ana Vieja']);
    office.log.customerWrites({ from: '50255551000', name: 'Ana Nueva', text: 'x' });
    desk.pull();
    expect(people(desk, 'vieja')).toEqual([]);
    expect(people(desk, 'nueva')).toEqual(['Ana Nueva']);
  });

  it('are no answer to operators or to later pages', () => {
    add('Ana');
    const desk = office.openDesk('bo');
    expect(ask(desk, 'ana').people).toHaveLength(1);
    expect(ask(desk, 'ana has:photo').people).toEqual([]);
  });
});

describe('the index follows the rows', () => {
  it('an edit is found by its new words only, a revoked message not at all', () => {
    const [id] = write('llego el lunes');
    const desk = office.openDesk('bo');
    rewrite(desk, id!, { content: JSON.stringify({ kind: 'text', text: 'llego el martes' }), original_content: '{"kind":"text","text":"llego el lunes"}', edited_at: AT });
    expect(found(desk, 'lunes')).toEqual([]);
    expect(found(desk, 'martes')).toEqual([id]);
    rewrite(desk, id!, { revoked_at: AT });
    expect(found(desk, 'martes')).toEqual([]);
    expect(found(desk, 'llego')).toEqual([]);
  });

  it('what is only pending here is found, once it is taken back no more, and confirmed once', () => {
    const { log } = office;
    const desk = office.openDesk('bo');
    const queue = (messageId: string, text: string) =>
      desk.replica.applyLocal({ type: 'message.queue', args: { messageId, conversationId: log.conversationId, seenThrough: log.head(), content: { kind: 'text', text } } });
    queue('out-1', 'mañana llega la bomba');
    expect(found(desk, 'bomba')).toEqual(['out-1']);
    // Something of others comes in between: it is taken back and done again.
    write('gracias');
    desk.pull();
    expect(found(desk, 'bomba')).toEqual(['out-1']);
    desk.deliver();
    expect(found(desk, 'bomba')).toEqual(['out-1']);
    // An edited note whose edit loses is found by what stands.
    const note = desk.notes.add({ conversationId: log.conversationId, body: 'uno', mentions: [] });
    desk.deliver();
    desk.notes.edit({ noteId: note.id, from: 'uno', to: 'dos', mentions: [] });
    expect(found(desk, 'dos')).toEqual([note.id]);
    log.op('leo', { type: 'note.edit', args: { noteId: note.id, from: 'uno', to: 'tres', mentions: [] } });
    desk.pull();
    expect([found(desk, 'uno'), found(desk, 'dos'), found(desk, 'tres')]).toEqual([[], [], [note.id]]);
  });

  it('a transaction that fails leaves nothing to index, and the next one is indexed', () => {
    const desk = office.openDesk('bo');
    expect(ask(desk, 'x').isIndexing).toBe(false);
    expect(() =>
      desk.replica.transact(() => {
        desk.replica.applyLocal({ type: 'note.add', args: { noteId: 'n1', conversationId: office.log.conversationId, body: 'fantasma', mentions: [] } });
        throw new Error('full disk');
      }),
    ).toThrow('full disk');
    expect(desk.searchQueries.countTodo(10)).toBe(0);
    expect(found(desk, 'fantasma')).toEqual([]);
    desk.notes.add({ conversationId: office.log.conversationId, body: 'de veras', mentions: [] });
    expect(desk.searchQueries.countTodo(10)).toBe(1);
    expect(found(desk, 'veras')).toHaveLength(1);
  });

  it('statuses and names that stay as they are cost it nothing', () => {
    const { log } = office;
    log.customerWrites({ name: 'Rosa', text: 'uno' });
    log.op('bo', { type: 'message.queue', args: { messageId: 'out', conversationId: log.conversationId, seenThrough: log.head(), content: { kind: 'text', text: 'dos' } } });
    const desk = office.openDesk('bo');
    expect(ask(desk, 'dos').hits).toHaveLength(1);
    log.op('bo', { type: 'message.result', args: { messageId: 'out', wamid: 'wamid.out' } });
    log.op('bo', { type: 'read.advance', args: { conversationId: log.conversationId, throughMessageId: `m_${log.head() - 2}` } });
    desk.pull();
    expect(desk.searchQueries.countTodo(10)).toBe(0);
    log.customerWrites({ name: 'Rosa', text: 'tres' });
    desk.pull();
    expect(desk.searchQueries.listTodo(10)).toMatchObject([{ kind: 'message' }]);
  });

  it('what was written and not indexed before the program ended is indexed by the next one', () => {
    write('bomba uno');
    const before = office.openDesk('bo');
    expect(before.searchQueries.countTodo(10)).toBeGreaterThan(0);
    before.close();
    const after = office.openDesk('bo');
    expect(found(after, 'bomba')).toHaveLength(1);
  });

  it('while the index cannot be written, what it has is found all the same', () => {
    const [first] = write('bomba uno');
    const desk = office.openDesk('bo');
    expect(found(desk, 'bomba')).toEqual([first]);
    desk.db.exec("CREATE TRIGGER full BEFORE DELETE ON search_todo BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
    const [second] = write('bomba dos');
    desk.pull();
    expect(ask(desk, 'bomba')).toMatchObject({ hits: [{ id: first }], isIndexing: true });
    desk.db.exec('DROP TRIGGER full');
    expect(found(desk, 'bomba')).toEqual([second, first]);
  });

  it('rows that were all replaced are indexed anew in idle moments, and search says so meanwhile', async () => {
    const ids = write(...Array.from({ length: 1_200 }, (_, index) => `bomba ${index % 3 === 0 ? 'roja' : 'azul'}`));
    office.log.customerWrites({ from: MARIO, name: 'Mario Xicay', text: 'x' });
    const desk = office.openDesk('bo');
    const [pending] = [desk.notes.add({ conversationId: office.log.conversationId, body: 'bomba pendiente', mentions: [] })];
    await indexed(desk);
    desk.replica.rebase((tx) => {
      tx.delete('message', [ids[0]!]);
      tx.put('message', { ...(tx.get('message', [ids[1]!]) as MessageRow), content: JSON.stringify({ kind: 'text', text: 'bomba verde' }) });
    });
    expect(ask(desk, 'bomba').isIndexing).toBe(true);
    await indexed(desk);
    expect(ask(desk, 'bomba').isIndexing).toBe(false);
    expect(found(desk, 'bomba verde')).toEqual([ids[1]]);
    expect(found(desk, 'pendiente')).toEqual([pending!.id]);
    expect(people(desk, 'xicay')).toEqual(['Mario Xicay']);
    expect(ask(desk, 'bomba', { conversationId: office.log.conversationId }).total).toBe(1_200);
  });
});

/** Resolves when the index has everything. */
async function indexed(desk: Desk): Promise<void> {
  desk.searchIndex.nudge();
  for (let turn = 0; turn < 2_000; turn++) {
    if (desk.searchQueries.countTodo(1) === 0 && desk.searchQueries.readScan().done >= desk.searchQueries.readScan().until) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('still indexing');
}

it('a number that is part of a sentence is no phone number', () => {
  office.log.customerWrites({ from: ROSA, text: 'son 5555 quetzales' });
  expect(found(office.openDesk('bo'), 'son 5555')).toHaveLength(1);
});
