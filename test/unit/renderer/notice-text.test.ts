import { describe, expect, test } from 'vitest';
import { NOTICE_SUBJECTS, type Notice } from '../../../contract/entities.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { TEXTS } from '../../support/texts.ts';
import { noticeBody, noticeTitle } from '../../../renderer/notices/notice-text.ts';
import { nextMorning } from '../../../renderer/settings/next-morning.ts';
import { wordNotice } from '../../../main/shell/electron/notice-text.ts';
import { shellLanguageOf } from '../../../main/shell/electron/shell-language.ts';
import { resolveLanguage } from '../../../renderer/i18n/i18n.ts';

const about = { conversationId: 'c1', name: 'María' };
const NOTICES: Notice[] = [
  { kind: 'message', ...about, text: 'Hola', count: 1 },
  { kind: 'message', ...about, text: '', count: 3 },
  ...NOTICE_SUBJECTS.map((subject): Notice => ({ kind: 'message', ...about, text: '', subject, count: 1 })),
  { kind: 'message', ...about, text: 'orden.pdf', subject: 'document', count: 1 },
  { kind: 'assigned', ...about, by: 'Cy' },
  { kind: 'mention', ...about, by: 'Bo', text: '@Ana mira' },
  { kind: 'failed', ...about, text: 'Respuesta' },
  { kind: 'window_closing', ...about, closesAt: new Date(2026, 10, 22, 16, 45).getTime() },
  { kind: 'target_closing', ...about, dueAt: new Date(2026, 10, 22, 16, 45).getTime() },
  { kind: 'target_missed', ...about, dueAt: new Date(2026, 10, 22, 16, 45).getTime() },
  { kind: 'snooze_ended', ...about },
];

describe.each(['es', 'en'] as const)('notices in %s', (language) => {
  const t = TEXTS[language].t;
  const format = createFormats(language);

  test('say who and what, and no two kinds the same', () => {
    const words = NOTICES.map((notice) => `${noticeTitle(notice, t)} | ${noticeBody(notice, t, format)}`);
    expect(new Set(words).size).toBe(NOTICES.length);
    for (const word of words) expect(word).toMatch(/María.*\|.*\S|\S.*\| María/);
  });

  test('are the same in the window and in the system', () => {
    for (const notice of NOTICES) expect(wordNotice(notice, language, 'de')).toMatchObject({ title: noticeTitle(notice, t), body: noticeBody(notice, t, format) });
  });
});

test.each(['es-GT', 'en-GB', 'EN', 'de', 'eo', ''])('on a computer that speaks %j the shell speaks as the window does', (tag) => expect(shellLanguageOf(tag)).toBe(resolveLanguage('system', [tag])));

test('until tomorrow means eight in the morning of the next day, also late at night and across a month', () => {
  const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime();
  expect(nextMorning(at(2026, 10, 22, 23, 59))).toBe(at(2026, 10, 23, 8, 0));
  expect(nextMorning(at(2026, 10, 30, 0, 1))).toBe(at(2026, 11, 1, 8, 0));
});
