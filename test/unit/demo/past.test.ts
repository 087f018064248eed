/** The talks of the demo's past: how many, in which languages, within Meta's rules, and of nobody real. */
import { expect, test } from 'vitest';
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import { DEMO_REQUESTS, DEMO_SERVICE_TYPES, DEMO_VENDORS } from '../../../main/demo/demo-requests.ts';
import { DEMO_COLLEAGUES, DEMO_LABELS, DEMO_ME, DEMO_TEAMS } from '../../../main/demo/demo-team.ts';
import { DEMO_CUSTOMERS } from '../../../main/demo/meta/scripted-customers.ts';
import { DEMO_TEMPLATES } from '../../../main/demo/meta/templates/demo-templates.ts';
import { PAST_REQUESTS } from '../../../main/demo/past/past-requests.ts';
import { planPast } from '../../../main/demo/past/plan-past.ts';
import { numberOf } from '../../../main/demo/past/talk.ts';
import { PAST_TALKS } from '../../../main/demo/past/talks.ts';

const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-11-18T16:00:00Z');
const slugs = [DEMO_ME, ...DEMO_COLLEAGUES].map(({ slug }) => slug);

test('there are eighty conversations, forty requests and nine vendors, ten of them in English', () => {
  expect(PAST_TALKS.length + DEMO_CUSTOMERS.length).toBeGreaterThanOrEqual(80);
  expect(PAST_REQUESTS.length + DEMO_REQUESTS.length).toBeGreaterThanOrEqual(40);
  expect(DEMO_VENDORS).toHaveLength(9);
  const names = [...PAST_TALKS, ...DEMO_CUSTOMERS].map(({ name }) => name);
  for (const { customer } of DEMO_VENDORS)
    expect(
      names.filter((name) => name.startsWith(customer)),
      customer,
    ).toHaveLength(1);
  for (const { customer, serviceType, vendor } of PAST_REQUESTS) {
    expect(
      PAST_TALKS.filter(({ name }) => name.startsWith(customer)),
      customer,
    ).toHaveLength(1);
    expect(DEMO_SERVICE_TYPES).toContain(serviceType);
    if (vendor !== undefined) expect(DEMO_VENDORS.map(({ customer: name }) => name)).toContain(vendor);
  }
  const english = [...PAST_TALKS.filter(({ language }) => language === 'en'), ...DEMO_CUSTOMERS.filter(({ name }) => ['Emily Carter', 'Daniel Brooks'].includes(name))];
  expect(english).toHaveLength(10);
  expect(new Set(names).size).toBe(names.length);
});

test('no two talks say the same', () => {
  const texts = PAST_TALKS.flatMap(({ turns }) => turns.flatMap(({ says }) => (typeof says === 'string' && says.length > 30 ? [says] : [])));
  expect(texts.length).toBeGreaterThan(250);
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test('every number is of a block that nobody has', () => {
  const numbers = PAST_TALKS.map(({ language }, index) => numberOf(index, language));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) expect(number).toMatch(/^(?:502(?:20|21|60|61|70|71)\d{6}|1\d{3}55501\d{2})$/);
  for (const { from } of DEMO_CUSTOMERS) expect(numbers).not.toContain(from);
});

test.each(PAST_TALKS.map((talk) => [talk.name, talk] as const))('%s: free text stays within 24 hours, and everybody named exists', (_name, talk) => {
  let at = 0;
  let wrote = Number.NEGATIVE_INFINITY;
  expect(slugs).toContain(talk.with);
  for (const { after, by, says } of talk.turns) {
    at += after;
    expect(after).toBeGreaterThanOrEqual(0);
    if (by === 'them') wrote = at;
    else {
      if (by !== 'team') expect(slugs).toContain(by);
      if (typeof says === 'object' && says.kind === 'template') expect(DEMO_TEMPLATES.map(({ body }) => body['name'])).toContain(says.name);
      else if (typeof says === 'string' || (says.kind !== 'note' && (says as { kind: string }).kind !== 'assign'))
        expect((at - wrote) * MINUTE_MS, JSON.stringify(says)).toBeLessThan(SERVICE_WINDOW_MS);
    }
  }
  for (const label of talk.labels ?? []) expect(DEMO_LABELS.map(({ name }) => name)).toContain(label);
  if (talk.team !== undefined) expect(DEMO_TEAMS.map(({ name }) => name)).toContain(talk.team);
  const minutes = 'minutesAgo' in talk.begins ? talk.begins.minutesAgo : (talk.begins.daysAgo - 1) * 24 * 60;
  expect(at, 'over before the demo begins').toBeLessThan(minutes);
});

test('the past is in order and ends before the demo, leaves nothing out, and weekends are quiet', () => {
  const steps = planPast(PAST_TALKS, NOW);
  expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(steps.at(-1)!.at).toBeLessThan(NOW);
  expect(steps).toHaveLength(PAST_TALKS.reduce((sum, { turns, end }) => sum + turns.length + (end === undefined ? 0 : 1), 0));
  expect(NOW - steps[0]!.at).toBeGreaterThan(55 * 24 * 60 * MINUTE_MS);
  const begins = PAST_TALKS.filter(({ begins: begin }) => 'daysAgo' in begin && !begin.onWeekend).map((talk) => steps.find((step) => step.talk === talk)!.at);
  for (const at of begins) expect([1, 2, 3, 4, 5]).toContain(new Date(at - 6 * 60 * MINUTE_MS).getUTCDay());
});
