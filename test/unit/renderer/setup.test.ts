/** First steps told from what is there, settings found by words, and business hours as they are typed. */
import { expect, test } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../contract/default-preferences.ts';
import { DEFAULT_BUSINESS_HOURS } from '../../../contract/rules/business-hours.ts';
import type { Translate } from '../../../renderer/i18n/i18n.ts';
import { readClock } from '../../../renderer/settings/clock-text.ts';
import { proposeGuatemalaHolidays } from '../../../renderer/settings/guatemala-holidays.ts';
import { readHours } from '../../../renderer/settings/hours-draft.ts';
import { findSettings, listSettings } from '../../../renderer/settings/setting-index.ts';
import { countOpenSteps, findOpenStep, stateOfStep, stepsOf, type SetupFacts } from '../../../renderer/setup/setup-steps.ts';
import spanish from '../../../renderer/i18n/languages/es.json' with { type: 'json' };

const FRESH: SetupFacts = {
  session: { me: { id: 'a', name: 'Ana', role: 'admin' }, number: null },
  sync: { logId: 'log', whatsapp: 'not_configured', sheet: null },
  setup: { standIn: null, relayUrl: 'https://relay.example', newestMessage: null, templates: { ready: 0, total: 5 }, hasHours: false, ai: { hasModel: false, articles: 0 } },
  preferences: DEFAULT_PREFERENCES.setup,
  mayNotify: () => false,
};
const NUMBER = { phoneNumberId: '109876500000001', wabaId: null, displayPhoneNumber: null, verifiedName: null };

test('a step is done by what is there, and open again when that is gone', () => {
  expect(findOpenStep('admin', FRESH)).toBe('number');
  const connected: SetupFacts = { ...FRESH, session: { ...FRESH.session, number: NUMBER }, sync: { ...FRESH.sync, whatsapp: 'ok' } };
  expect(findOpenStep('admin', connected)).toBe('webhook');
  expect(stateOfStep('number', { ...connected, sync: { ...connected.sync, whatsapp: 'blocked' } })).toBe('open');
  const received: SetupFacts = { ...connected, setup: { ...connected.setup, newestMessage: { id: 'm', conversationId: 'c', name: 'Rosa', content: { kind: 'text', text: 'Hola' } as never, at: 1 } } };
  expect(findOpenStep('admin', received)).toBe('templates');
  expect(countOpenSteps('admin', received)).toBe(5);
  const sheet = { epoch: 1, at: 1, byName: 'Ana', isVoid: false, isPutOff: false };
  expect(stateOfStep('recovery', { ...received, sync: { ...received.sync, sheet } })).toBe('done');
  expect(stateOfStep('recovery', { ...received, sync: { ...received.sync, sheet: { ...sheet, isVoid: true, isPutOff: true } } })).toBe('open');
});

test('what was skipped no longer counts, until it is done; agents are asked for their own things only', () => {
  const skipping: SetupFacts = { ...FRESH, preferences: { ...FRESH.preferences, skipped: ['number', 'hours'] } };
  expect(stateOfStep('number', skipping)).toBe('skipped');
  expect(findOpenStep('admin', skipping)).toBe('webhook');
  expect(stateOfStep('hours', { ...skipping, setup: { ...skipping.setup, hasHours: true } })).toBe('done');
  expect(stepsOf('agent')).toEqual(['role', 'notices', 'keys']);
  expect(countOpenSteps('agent', { ...FRESH, mayNotify: () => true, preferences: { ...FRESH.preferences, hasTriedKeys: true } })).toBe(0);
});

/** As i18next finds plain keys. */
const t = ((key: string): string => key.split('.').reduce<unknown>((texts, part) => (texts as Record<string, unknown>)[part], spanish) as string) as unknown as Translate;

test('settings are found without accents, by their part, and only by whom they concern', () => {
  const found = (typed: string, role: 'agent' | 'admin' = 'admin'): string[] => findSettings(listSettings(t, role), typed).map(({ id }) => id);
  expect(found('tema OSCURO')).toEqual(['theme']);
  expect(found('horario')).toEqual(expect.arrayContaining(['timeZone', 'week', 'holidays', 'responseTarget']));
  expect(found('notificacion')[0]).toBe('notifications');
  expect(found('waba')).toEqual(['team-number']);
  expect(found('waba', 'agent')).toEqual([]);
  expect(found('  ')).toEqual([]);
});

test.each([
  ['8', '08:00'],
  ['8:30', '08:30'],
  ['17.05', '17:05'],
  ['1730', '17:30'],
  ['24', '24:00'],
  ['24:01', null],
  ['8:60', null],
  ['', null],
  ['las ocho', null],
])('a time typed as %j is %j', (typed, read) => {
  expect(readClock(typed)).toBe(read);
});

test('hours are read as typed, midnight ends the day, and every problem names its place', () => {
  const days = DEFAULT_BUSINESS_HOURS.days.map((parts, day) =>
    day === 0
      ? [
          { from: '8', to: '12' },
          { from: '14', to: '00:00' },
        ]
      : parts,
  );
  expect(readHours({ ...DEFAULT_BUSINESS_HOURS, days })).toEqual({
    hours: {
      ...DEFAULT_BUSINESS_HOURS,
      days: [
        [
          { from: '08:00', to: '12:00' },
          { from: '14:00', to: '24:00' },
        ],
        ...DEFAULT_BUSINESS_HOURS.days.slice(1),
      ],
    },
    problems: [],
  });
  const wrong = { ...DEFAULT_BUSINESS_HOURS, days: DEFAULT_BUSINESS_HOURS.days.map((parts, day) => (day === 2 ? [{ from: 'x', to: '12' }] : parts)), holidays: [{ day: '', name: '', parts: [] }] };
  expect(readHours(wrong)).toEqual({
    hours: null,
    problems: [
      { kind: 'time', weekday: 2 },
      { kind: 'day', holiday: 0 },
    ],
  });
  expect(readHours({ ...DEFAULT_BUSINESS_HOURS, timeZone: 'Marte/Olimpo' })).toEqual({ hours: null, problems: [{ kind: 'zone' }] });
});

test('the holidays of Guatemala fall where its calendars have them', () => {
  const dayOf = (year: number): Record<string, string> => Object.fromEntries(proposeGuatemalaHolidays(year, DEFAULT_BUSINESS_HOURS.days).map(({ holiday, day }) => [holiday, day]));
  // Good Friday of three years, and the days that move: 30 June 2023 was a Friday, 20 October 2026 is a Tuesday.
  expect([dayOf(2024)['goodFriday'], dayOf(2025)['goodFriday'], dayOf(2026)['goodFriday']]).toEqual(['2024-03-29', '2025-04-18', '2026-04-03']);
  expect([dayOf(2023)['army'], dayOf(2025)['army'], dayOf(2026)['revolution'], dayOf(2024)['revolution']]).toEqual(['2023-07-03', '2025-06-30', '2026-10-19', '2024-10-21']);
  const eve = proposeGuatemalaHolidays(2026, DEFAULT_BUSINESS_HOURS.days).find(({ holiday }) => holiday === 'christmasEve');
  expect(eve).toEqual({ holiday: 'christmasEve', day: '2026-12-24', parts: [{ from: '08:00', to: '12:00' }] });
  expect(
    readHours({ ...DEFAULT_BUSINESS_HOURS, holidays: proposeGuatemalaHolidays(2026, DEFAULT_BUSINESS_HOURS.days).map(({ holiday, day, parts }) => ({ day, name: holiday, parts })) }).problems,
  ).toEqual([]);
});
