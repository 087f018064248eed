/** Notices through the whole engine: what a host around it is told, and what it gives back. */
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { afterEach, expect, test } from 'vitest';
import type { NoticeEvent } from '../../../contract/entities.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
afterEach(() => team.stop());

const write = (text: string): void => void team.meta.customerWrites({ from: '+50255551234', name: 'María', text, timestamp: Math.floor(Date.now() / 1000) });

test('a host that shows notices gets them instead of the window; an answer given there is sent, and one that came too late waits as a draft', async () => {
  team = await startTeam();
  const events: NoticeEvent[] = [];
  const ana = await team.addDesktop({ name: 'Ana', ports: { showNotice: (event) => void events.push(event) } });
  const bo = await team.addDesktop({ name: 'Bo' });
  // The history that comes with joining is no news.
  for (const desktop of [ana, bo]) await desktop.engine.waitForIdle(10_000);
  expect((await ana.client.session.get()).showsNotices).toBe(false);
  expect((await bo.client.session.get()).showsNotices).toBe(true);
  const stop = new AbortController();
  const forWindow = (await bo.client.events.notices(undefined, { signal: stop.signal }))[Symbol.asyncIterator]();

  write('Hola');
  const shown = await waitUntil('Ana hears of it', () => events.find((event) => event.t === 'show'));
  const { conversationId } = shown.notice;
  expect(shown).toEqual({ t: 'show', isSilent: false, notice: { kind: 'message', conversationId, name: 'María', text: 'Hola', count: 1 } });
  expect(await forWindow.next()).toMatchObject({ value: { t: 'show', notice: { text: 'Hola' } } });

  ana.engine.notices.reply(conversationId, 'Ahora voy');
  await waitUntil('it is sent', () => JSON.stringify(team.meta.journal()).includes('Ahora voy'));
  expect(events.at(-1)).toEqual({ t: 'clear', conversationId });
  expect((await ana.client.conversations.get({ conversationId, messages: 0 })).unread).toBe(0);

  write('¿Sigue ahí?');
  await waitUntil('Ana hears of that too', () => events.some((event) => event.t === 'show' && event.notice.kind === 'message' && event.notice.text === '¿Sigue ahí?'));
  const isSent = async (): Promise<boolean> => (await ana.client.messages.page({ conversationId })).items.some(({ content }) => wordsOf(content) === 'Le atiendo yo');
  await bo.client.messages.sendText({ conversationId, text: 'Le atiendo yo' });
  await waitUntil("Bo's answer is with Ana", isSent);
  ana.engine.notices.reply(conversationId, 'Sí, dígame');
  expect((await ana.client.drafts.get({ conversationId }))?.text).toBe('Sí, dígame');
  const opened = (await ana.client.events.notices(undefined, { signal: stop.signal }))[Symbol.asyncIterator]();
  expect(await opened.next()).toMatchObject({ value: { t: 'open', conversationId } });
  expect(JSON.stringify(team.meta.journal())).not.toContain('Sí, dígame');
  stop.abort();
});
