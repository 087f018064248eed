/** Notices as notifications of the operating system, through the stand-in for Electron. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Notice } from '../../../contract/entities.ts';

vi.mock('electron', () => import('../../electron/electron.ts'));
const { calls } = await import('../../electron/electron.ts');
const { createOsNotices } = await import('../../../main/shell/electron/os-notices.ts');

type Shown = InstanceType<(typeof import('../../electron/electron.ts'))['Notification']>;
const shown = (): Shown[] => calls.filter(({ api }) => api === 'notification.show').map(({ args }) => args[0] as Shown);
const message = (conversationId: string, count = 1): Notice => ({ kind: 'message', conversationId, name: 'María', text: 'Hola', count });

beforeEach(() => void calls.splice(0));

const create = (locale = 'es-GT', platform: NodeJS.Platform = 'darwin') => {
  const opened: string[] = [];
  const replies: [string, string][] = [];
  const notices = createOsNotices({ platform, locale: () => locale, onOpen: (id) => opened.push(id), onReply: (id, text) => replies.push([id, text]) });
  return { opened, replies, show: (notice: Notice, isSilent = false, language: 'system' | 'en' = 'system') => notices.take({ t: 'show', notice, isSilent }, language), notices };
};

test('one per conversation: a newer one takes the place of the older, and a click or an answer names its conversation', () => {
  const { show, opened, replies } = create();
  show(message('c1'));
  show(message('c1', 2), true);
  show(message('c2'));
  const [first, second, third] = shown();
  expect([first!.isShown, second!.isShown, third!.isShown]).toEqual([false, true, true]);
  expect(second!.options).toMatchObject({ title: 'María (2 mensajes)', body: 'Hola', silent: true, hasReply: true });
  second!.emit('click', {});
  third!.emit('reply', { reply: 'Ahora voy' });
  third!.emit('reply', { reply: '  ' });
  expect(opened).toEqual(['c1']);
  expect(replies).toEqual([['c2', 'Ahora voy']]);
});

test('what was read elsewhere is taken back, and what the agent closed is not closed again', () => {
  const { show, notices } = create();
  show(message('c1'));
  notices.take({ t: 'clear', conversationId: 'c1' }, 'system');
  expect(shown()[0]!.isShown).toBe(false);
  show(message('c2'));
  shown()[1]!.emit('close', {});
  calls.splice(0);
  notices.take({ t: 'clear', conversationId: 'c2' }, 'system');
  expect(calls).toEqual([]);
});

test('speaks the language of the agent, else of the system, and takes answers only where there is somebody to answer', () => {
  const { show } = create('en-US');
  show({ kind: 'assigned', conversationId: 'c1', name: 'María', by: 'Cy' });
  show({ kind: 'failed', conversationId: 'c2', name: 'María', text: '' });
  expect(shown().map(({ options }) => [options.title, options.body, options.hasReply])).toEqual([
    ['Cy gave you a conversation', 'María', false],
    ['Not delivered to María', 'Message without text', false],
  ]);
});

test('no more than fifty stay on screen', () => {
  const { show } = create();
  for (let n = 0; n < 60; n += 1) show(message(`c${n}`));
  expect(shown().filter(({ isShown }) => isShown)).toHaveLength(50);
});

test.each([
  ['linux', '&lt;a href="http://example.com"&gt;1 &amp; 2&lt;/a&gt;'],
  ['win32', '<a href="http://example.com">1 & 2</a>'],
] as const)('what a customer writes is no markup on %s', (platform, body) => {
  const { show } = create('es-GT', platform);
  show({ ...message('c1'), kind: 'message', count: 1, text: '<a href="http://example.com">1 & 2</a>' });
  expect(shown()[0]!.options['body']).toBe(body);
});
