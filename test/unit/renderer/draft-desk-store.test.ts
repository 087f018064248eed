/** What an agent does with drafts by AI: nothing typed is lost, nothing enters the composer unasked, what is doubtful is asked once. */
import { ORPCError } from '@orpc/client';
import { createStore } from 'zustand/vanilla';
import { expect, test } from 'vitest';
import { APP_ERRORS } from '../../../contract/app-error.ts';
import type { LinkState } from '../../../renderer/rpc/engine-link.ts';
import { createStores } from '../../../renderer/store/app.ts';
import { keptEditsOf } from '../../../renderer/store/draft-desk-store.ts';
import { createClockStore } from '../../../renderer/store/clock-store.ts';
import { makeDraft } from './ai-fixtures.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { createStorage } from './storage.ts';

const refused = (code: 'DRAFT_STALE' | 'DRAFT_FINDINGS' | 'DRAFT_SENT'): Error => new ORPCError(code, { defined: true, ...APP_ERRORS[code] });

async function open(engine: FakeEngine = createFakeEngine(), storage = createStorage()) {
  const app = createStores({
    client: engine.client,
    changes: engine.changes,
    link: createStore<LinkState>(() => ({ status: 'up' })),
    clock: createClockStore(() => 0),
    storage,
    tabStorage: createStorage(),
  });
  app.stores.conversation.getState().open('c1');
  await settle();
  return { ...app, engine, storage, desk: app.stores.draftDesk, drafts: app.stores.drafts };
}
const asked = (engine: FakeEngine, name: string): unknown[] => engine.asked.filter((one) => one.name === name).map(({ input }) => input);

test('words typed in the card outlive the window, and the engine hears once that somebody works on the draft', async () => {
  const { desk, engine, storage } = await open();
  desk.getState().edit(makeDraft(), 'Abrimos');
  desk.getState().edit(makeDraft(), 'Abrimos a las 9');
  await settle();
  expect(asked(engine, 'editAiDraft')).toEqual([{ draftId: 'draft-1' }]);
  const again = await open(createFakeEngine(), storage);
  expect(again.desk.getState().edits['draft-1']).toMatchObject({ conversationId: 'c1', text: 'Abrimos a las 9' });
});

test('into an empty composer it goes at once, over own words only by a word of their author', async () => {
  const { desk, drafts } = await open();
  expect(desk.getState().take('c1', 'Hola', 'draft-1')).toBe(true);
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Hola', aiDraftId: 'draft-1' });
  drafts.getState().setText('c1', '');
  expect(drafts.getState().drafts['c1']?.aiDraftId ?? null).toBeNull();
  drafts.getState().setText('c1', 'Ya le digo');
  expect(desk.getState().take('c1', 'Hola', 'draft-1')).toBe(false);
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Ya le digo', aiDraftId: null });
  expect(desk.getState().take('c1', 'Hola', 'draft-1', 'append')).toBe(true);
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Ya le digo\nHola', aiDraftId: 'draft-1' });
});

test.each(['replace', 'append'] as const)('own text that a draft took the place of comes back as it was (%s), until the composer holds something else', async (how) => {
  const { desk, drafts, stores } = await open();
  const toasts = (): readonly { action: { run(): void } | null }[] => stores.toasts.getState().toasts;
  drafts.getState().setText('c1', 'Para el equipo');
  drafts.getState().setMode('c1', 'note');
  desk.getState().edit(makeDraft(), 'Hola, Rosa');
  desk.getState().take('c1', 'Hola, Rosa', 'draft-1', how);
  toasts()[0]!.action!.run();
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Para el equipo', mode: 'note', aiDraftId: null });
  expect(desk.getState().edits['draft-1']).toMatchObject({ text: 'Hola, Rosa' });
  expect(toasts(), 'it is there already').toEqual([]);

  desk.getState().take('c1', 'Hola', 'draft-1', how);
  const { run } = toasts()[0]!.action!;
  drafts.getState().setText('c1', 'Hola, otra cosa');
  expect(toasts()).toEqual([]);
  run();
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Hola, otra cosa', aiDraftId: 'draft-1' });
});

test('text that began as a draft goes as that draft, edited or not, also after a reload', async () => {
  const first = await open();
  first.desk.getState().take('c1', 'Hola', 'draft-1');
  first.drafts.getState().setText('c1', 'Hola, Rosa');
  first.drafts.getState().flush();
  await settle();
  const { engine, commands, drafts } = await open(first.engine, first.storage);
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Hola, Rosa', aiDraftId: 'draft-1' });
  await commands.sendDraft('c1', 7);
  expect(asked(engine, 'sendAiDraft')).toMatchObject([{ draftId: 'draft-1', text: 'Hola, Rosa', seenThrough: 7, isStaleAccepted: false, acceptsFindings: false }]);
  expect(engine.sent).toEqual([]);
});

test('a draft that quotes a message keeps its quote and goes as that draft', async () => {
  const { desk, engine, commands, drafts } = await open();
  desk.getState().take('c1', 'Sí, a las 8:00.', 'draft-1');
  drafts.getState().setQuoted('c1', { id: 'm7', direction: 'in', text: '¿Abren el sábado?' });
  await commands.sendDraft('c1', 7);
  expect(asked(engine, 'sendAiDraft')).toMatchObject([{ draftId: 'draft-1', quotedMessageId: 'm7', seenThrough: 7 }]);
  expect(engine.sent).toEqual([]);
});

test('what is doubtful comes back with a question, and leaves with the answer under the same message id', async () => {
  const { desk, engine, commands, drafts } = await open();
  desk.getState().take('c1', 'Cuesta Q150', 'draft-1');
  engine.failNext('sendAiDraft', refused('DRAFT_STALE'));
  await commands.sendDraft('c1', 0);
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Cuesta Q150', aiDraftId: 'draft-1' });
  expect(desk.getState().asked['c1']).toMatchObject({ question: 'DRAFT_STALE', from: 'composer', text: 'Cuesta Q150' });
  await commands.sendDraft('c1', 0, { isStaleAccepted: true, acceptsFindings: false });
  const sent = asked(engine, 'sendAiDraft') as { messageId: string; isStaleAccepted: boolean }[];
  expect(sent.map(({ isStaleAccepted }) => isStaleAccepted)).toEqual([false, true]);
  expect(sent[0]!.messageId).toBe(sent[1]!.messageId);
  expect(desk.getState().asked['c1']).toBeUndefined();
});

test('from the card each doubt is asked once, and a yes to the first is not asked again', async () => {
  const { desk, engine } = await open();
  engine.failNext('sendAiDraft', refused('DRAFT_STALE'));
  expect(await desk.getState().send(makeDraft(), 'Hola')).toBe(false);
  const first = desk.getState().asked['c1']!;
  expect(first).toMatchObject({ question: 'DRAFT_STALE', from: 'card' });
  engine.failNext('sendAiDraft', refused('DRAFT_FINDINGS'));
  await desk.getState().send(makeDraft(), 'Hola', { ...first.accepted, isStaleAccepted: true });
  expect(desk.getState().asked['c1']).toMatchObject({ question: 'DRAFT_FINDINGS', accepted: { isStaleAccepted: true } });
  expect(await desk.getState().send(makeDraft(), 'Hola', { isStaleAccepted: true, acceptsFindings: true })).toBe(true);
});

test('a draft that a colleague has sent asks nothing and names them; its words in the composer are a text of its own', async () => {
  const { desk, drafts, engine, commands, stores } = await open();
  engine.ai = { ...engine.ai, draft: makeDraft({ state: 'sent', decidedBy: { id: 'a2', name: 'Bo', isMe: false } }) };
  const said = { text: 'ai.sentBy', values: { who: 'Bo' }, action: null };
  engine.failNext('sendAiDraft', refused('DRAFT_SENT'));
  expect(await desk.getState().send(makeDraft(), 'Hola')).toBe(false);
  expect(stores.toasts.getState().toasts).toMatchObject([said]);

  desk.getState().take('c1', 'Hola, Rosa', 'draft-1');
  engine.failNext('sendAiDraft', refused('DRAFT_SENT'));
  await commands.sendDraft('c1', 7);
  expect(stores.toasts.getState().toasts).toMatchObject([said]);
  expect(desk.getState().asked).toEqual({});
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Hola, Rosa', aiDraftId: null });
  await commands.sendDraft('c1', 7);
  expect(engine.sent).toMatchObject([{ text: 'Hola, Rosa', isGuarded: true }]);
});

test('a rewrite changes the card, with a way back; words of the composer wait for their author', async () => {
  const { desk, engine, drafts } = await open();
  engine.rewritten = [
    { state: 'streaming', text: 'Corto' },
    { state: 'done', text: 'Corto.' },
  ];
  desk.getState().rewrite('c1', { target: 'card', draftId: 'draft-1', text: 'Largo, muy largo.' }, 'shorten');
  await settle();
  expect(desk.getState().edits['draft-1']).toEqual({ conversationId: 'c1', text: 'Corto.', before: 'Largo, muy largo.' });
  expect(desk.getState().rewriting['c1']).toBeUndefined();

  drafts.getState().setText('c1', 'Mío, muy largo.');
  desk.getState().rewrite('c1', { target: 'composer', draftId: null, text: 'Mío, muy largo.' }, 'shorten');
  await settle();
  expect(desk.getState().rewriting['c1']).toMatchObject({ target: 'composer', state: 'done', text: 'Corto.' });
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Mío, muy largo.' });
});

test('a question is about the very words it was asked of: other ones are not sent by its yes', async () => {
  const { desk, engine, commands, drafts } = await open();
  engine.failNext('sendAiDraft', refused('DRAFT_FINDINGS'));
  await desk.getState().send(makeDraft(), 'Cuesta Q150');
  desk.getState().edit(makeDraft(), 'Cuesta Q1500');
  expect(desk.getState().asked['c1']).toBeUndefined();

  engine.failNext('sendAiDraft', refused('DRAFT_FINDINGS'));
  await desk.getState().send(makeDraft(), 'Cuesta Q1500');
  desk.getState().dropEdit('draft-1');
  expect(desk.getState().asked['c1']).toBeUndefined();

  desk.getState().take('c1', 'Cuesta Q150', 'draft-1');
  engine.failNext('sendAiDraft', refused('DRAFT_FINDINGS'));
  await commands.sendDraft('c1', 0);
  expect(desk.getState().asked['c1']).toMatchObject({ from: 'composer' });
  desk.getState().take('c1', 'Otra cosa', 'draft-2', 'replace');
  expect(desk.getState().asked['c1']).toBeUndefined();
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Otra cosa', aiDraftId: 'draft-2' });
});

test('words typed for a draft that is not in the card any more are told until their author takes them or puts them away', async () => {
  const { desk, drafts, storage } = await open();
  desk.getState().edit(makeDraft(), 'Abrimos a las 9');
  expect(keptEditsOf(desk.getState(), 'c1', 'draft-1')).toEqual([]);
  expect(keptEditsOf(desk.getState(), 'c1', 'draft-2')).toMatchObject([{ draftId: 'draft-1', text: 'Abrimos a las 9' }]);
  expect(keptEditsOf(desk.getState(), 'c2', null)).toEqual([]);
  drafts.getState().setText('c1', 'Ya le digo');
  expect(desk.getState().take('c1', 'Abrimos a las 9', null)).toBe(false);
  expect(keptEditsOf(desk.getState(), 'c1', null)).toHaveLength(1);
  desk.getState().take('c1', 'Abrimos a las 9', null, 'append');
  expect(drafts.getState().drafts['c1']).toMatchObject({ text: 'Ya le digo\nAbrimos a las 9', aiDraftId: null });
  expect(keptEditsOf(desk.getState(), 'c1', null)).toEqual([]);
  expect([...Array(storage.length).keys()].map((index) => storage.key(index)).filter((key) => key?.includes('ai-edit'))).toEqual([]);
});

test('a rewritten text takes the place of what it was made from; whoever wrote on meanwhile is asked, and nothing of either is lost', async () => {
  const { desk, drafts, engine } = await open();
  engine.rewritten = [{ state: 'done', text: 'Corto.' }];
  drafts.getState().setText('c1', 'Largo, muy largo.');
  desk.getState().rewrite('c1', { target: 'composer', draftId: null, text: 'Largo, muy largo.' }, 'shorten');
  await settle();
  drafts.getState().setText('c1', 'Largo, muy largo. Y traiga su DPI.');
  desk.getState().takeRewritten('c1');
  expect(desk.getState().choosing).toMatchObject({ text: 'Corto.' });
  expect(drafts.getState().drafts['c1']?.text).toBe('Largo, muy largo. Y traiga su DPI.');
  desk.getState().cancelTaking();
  expect(desk.getState().rewriting['c1'], 'it still waits beside the text').toMatchObject({ text: 'Corto.' });
  drafts.getState().setText('c1', 'Largo, muy largo.');
  desk.getState().takeRewritten('c1');
  expect(drafts.getState().drafts['c1']?.text).toBe('Corto.');
  expect(desk.getState().rewriting['c1']).toBeUndefined();
});

test('a draft that is being rewritten does not leave by itself meanwhile, and what comes back late changes nothing that was sent or taken', async () => {
  const { desk, engine } = await open();
  engine.rewritten = [{ state: 'done', text: 'Corto.' }];
  desk.getState().rewrite('c1', { target: 'card', draftId: 'draft-1', text: 'Largo.' }, 'shorten');
  expect(asked(engine, 'editAiDraft')).toEqual([{ draftId: 'draft-1' }]);
  desk.getState().take('c1', 'Largo.', 'draft-1');
  expect(desk.getState().rewriting['c1']).toBeUndefined();
  await settle();
  expect(desk.getState().edits).toEqual({});
});
