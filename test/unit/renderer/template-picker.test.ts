/** Choosing and sending a template: what was filled in stays, late answers are ignored, nothing leaves twice. */
import { ORPCError } from '@orpc/client';
import { beforeEach, expect, test } from 'vitest';
import { createConversationStore } from '../../../renderer/store/conversation-store.ts';
import { createTemplateFormsStore } from '../../../renderer/store/template-forms-store.ts';
import { createTemplatePickerStore, formIdOf, isAtWork, requestOf, type LostText } from '../../../renderer/store/template-picker-store.ts';
import { createViewStore } from '../../../renderer/store/view-store.ts';
import type { TrayTools } from '../../../renderer/store/tray-store.ts';
import { uploadFile } from '../../../renderer/attach/upload-file.ts';
import { keepThumbnail } from '../../../renderer/media/thumbnails.ts';
import { EngineAway } from '../../../renderer/rpc/engine-link.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';

let engine: FakeEngine;
let requests: { id: string; reference: string; role: 'customer' | 'vendor' | null; isLinked: boolean }[];
let suggested: string[];
/** What was given to `propose`, `send` and `discard`. */
let proposed: { key: string; requestId?: string }[];
let sent: { messageId: string; requestId: string | null; isOverride: boolean }[];
let discarded: string[];
let failNext: Error | null;
let forms: ReturnType<typeof createTemplateFormsStore>;
let picker: ReturnType<typeof createTemplatePickerStore>;
let openConversation: (id: string) => void;
let kindOf: (file: File) => 'image' | 'document';
const reports: unknown[] = [];

beforeEach(() => {
  engine = createFakeEngine();
  [requests, suggested, proposed, sent, discarded, failNext] = [[], [], [], [], [], null];
  kindOf = () => 'image';
  reports.length = 0;
  const later = async <T>(value: T): Promise<T> => (await settle(), value);
  Object.assign(engine.client, {
    requests: { ofConversation: () => later(requests) },
    templates: {
      suggest: () => later(suggested),
      propose: (input: (typeof proposed)[number]) => {
        proposed.push(input);
        return later([
          { key: 'body.1', candidates: [{ value: `${input.key} ${input.requestId ?? 'sin'}`, origin: input.requestId === undefined ? 'contact' : 'request', source: null, label: null }] },
        ]);
      },
      send: (input: (typeof sent)[number]) => {
        sent.push(input);
        const error = failNext;
        failNext = null;
        return error ? Promise.reject(error) : later(null);
      },
    },
  });
  Object.assign(engine.client.messages, { discard: ({ messageId }: { messageId: string }) => (discarded.push(messageId), later(null)) });
  let count = 0;
  const newId = (): string => `id${(count += 1)}`;
  const tools: TrayTools = {
    prepareFile: (file) =>
      Promise.resolve({
        status: 'ready',
        blob: file,
        kind: kindOf(file),
        mimeType: 'image/jpeg',
        filename: file.name,
        width: 4,
        height: 3,
        durationMs: null,
        thumbnail: null,
        converted: null,
        isStilled: false,
        otherKinds: [],
      }),
    uploadFile,
    refusalOf: () => ({ reason: 'type' }),
    keepThumbnail,
    show: () => 'blob:x',
    forget: () => undefined,
  };
  const report = (error: unknown): void => void reports.push(error);
  const conversation = createConversationStore({ client: engine.client, changes: engine.changes, report });
  openConversation = (id) => conversation.getState().open(id);
  forms = createTemplateFormsStore({ client: engine.client, changes: engine.changes, newId, loadTools: () => Promise.resolve(tools) });
  picker = createTemplatePickerStore({ client: engine.client, changes: engine.changes, conversation, forms, view: createViewStore({ openId: () => 'c1' }), report });
});

const now = () => picker.getState().pickers['c1']!;
const until = async (isTrue: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 400 && !isTrue(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isTrue()).toBe(true);
};
const untilProposed = (): Promise<void> => until(() => now().proposals !== null);
const INPUT = { key: 'a/es', texts: { 'body.1': 'x' }, place: null, file: null };
const LOST: LostText = { messageId: 'm1', text: 'Mañana a las 9', isWaiting: true };

test('the values are of the request that is linked, and of another one when its agent says so', async () => {
  requests = [
    { id: 'r1', reference: 'SOL-1', role: 'vendor', isLinked: false },
    { id: 'r2', reference: 'SOL-2', role: 'customer', isLinked: true },
  ];
  picker.getState().pick('c1', 'a/es');
  await untilProposed();
  expect(requestOf(now())?.id).toBe('r2');
  expect(now().proposals?.[0]?.candidates[0]?.value).toBe('a/es r2');
  picker.getState().chooseRequest('c1', null);
  expect(now().proposals, 'those of before are not shown for it').toBeNull();
  await untilProposed();
  expect(now().proposals?.[0]?.candidates[0]?.value).toBe('a/es sin');
  await picker.getState().send('c1', INPUT, false);
  expect(sent).toMatchObject([{ requestId: null, isOverride: false }]);
});

test('a change of the link while a form is open brings request and values together: never one of one and one of the other', async () => {
  requests = [{ id: 'r1', reference: 'SOL-1', role: 'customer', isLinked: true }];
  openConversation('c1');
  picker.getState().pick('c1', 'a/es');
  await untilProposed();
  const seen: string[] = [];
  picker.subscribe(() => seen.push(`${requestOf(now())?.id}: ${now().proposals?.[0]?.candidates[0]?.value}`));
  requests = [{ id: 'r2', reference: 'SOL-2', role: 'customer', isLinked: true }];
  await engine.changes.tell();
  await until(() => seen.some((one) => one.startsWith('r2')));
  await until(() => now().proposals?.[0]?.candidates[0]?.value === 'a/es r2');
  expect(new Set(seen)).toEqual(new Set(['r2: a/es r2']));
});

test('an answer about a template that is no longer chosen is not shown', async () => {
  picker.getState().pick('c1', 'a/es');
  picker.getState().pick('c1', 'b/es');
  await untilProposed();
  expect(proposed.map(({ key }) => key)).toEqual(['b/es']);
  expect(now().proposals?.[0]?.candidates[0]?.value).toBe('b/es sin');
});

test('a text that missed its window gets the best template at once, and is taken back when that is sent', async () => {
  suggested = ['best/es', 'other/es'];
  await picker.getState().openFor('c1', LOST);
  expect(now()).toMatchObject({ key: 'best/es', lost: LOST, isOpen: true });
  expect(await picker.getState().send('c1', { ...INPUT, key: 'best/es' }, false)).toBeNull();
  expect(discarded).toEqual(['m1']);
  expect(isAtWork(now())).toBe(false);
});

test('what the engine did not take stays, and goes again under the same id; changed, or for somebody else, it is another message', async () => {
  await picker.getState().openFor('c1', LOST);
  picker.getState().pick('c1', 'a/es');
  failNext = new ORPCError('WRONG_ROLE', { defined: true });
  expect(await picker.getState().send('c1', INPUT, false)).toEqual({ code: 'WRONG_ROLE', refused: null });
  expect(discarded, 'the lost text is not given up for a template that did not leave').toEqual([]);
  expect(now().key).toBe('a/es');
  failNext = new EngineAway();
  expect(await picker.getState().send('c1', INPUT, true)).toMatchObject({ code: 'ENGINE_AWAY' });
  await picker.getState().send('c1', INPUT, true);
  expect(sent.map(({ isOverride }) => isOverride)).toEqual([false, true, true]);
  expect(sent[1]!.messageId).toBe(sent[2]!.messageId);
  expect(sent[0]!.messageId).not.toBe(sent[1]!.messageId);
});

test('going back to the list keeps what was filled in', () => {
  picker.getState().pick('c1', 'a/es');
  const formId = formIdOf('c1', 'a/es');
  forms.getState().setText(formId, 'body.1', 'Rosa');
  picker.getState().unpick('c1');
  picker.getState().pick('c1', 'a/es');
  expect(forms.getState().forms[formId]?.edits['body.1']?.text).toBe('Rosa');
  forms.getState().forget(formId);
  expect(forms.getState().forms).toEqual({});
});

test('a file of another kind than the header shows is refused before it is handed over; one that fits is', async () => {
  const file = (name: string): File => new File(['1234'], name, { type: 'image/jpeg' });
  const fileOf = () => forms.getState().forms['f']?.file;
  kindOf = () => 'document';
  forms.getState().takeFile('f', file('contrato.pdf'), 'image');
  await until(() => fileOf()?.status.state === 'other_kind');
  expect(engine.staged.size).toBe(0);
  kindOf = () => 'image';
  engine.failNext('chunk', new EngineAway());
  forms.getState().takeFile('f', file('foto.jpg'), 'image');
  await until(() => fileOf()?.status.state === 'waiting');
  await engine.changes.tell();
  await until(() => fileOf()?.status.state === 'ready');
  expect(fileOf()).toMatchObject({ filename: 'foto.jpg', kind: 'image' });
});
