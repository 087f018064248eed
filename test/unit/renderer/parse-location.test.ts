/** What people paste to say where something is. */
import { describe, expect, test } from 'vitest';
import { parseLocation, readDegrees } from '../../../renderer/attach/parse-location.ts';

const CITY = { latitude: 14.6349, longitude: -90.5069 };

test.each([
  ['14.6349, -90.5069'],
  ['  14.6349 -90.5069 '],
  ['(14.6349; -90.5069)'],
  ['14.6349°, -90.5069°'],
  ['https://www.google.com/maps/@14.6349,-90.5069,17z'],
  ['https://www.google.com/maps/place/Parque+Central/@14.1,-90.1,17z/data=!3m1!4b1!4m6!3m5!1s0x0!8m2!3d14.6349!4d-90.5069!16zL20'],
  ['https://maps.google.com/?q=14.6349,-90.5069'],
  ['https://www.google.com/maps/search/?api=1&query=14.6349%2C-90.5069'],
  ['https://www.google.com/maps/search/14.6349,+-90.5069'],
  ['https://maps.apple.com/?ll=14.6349,-90.5069&q=Parque'],
  ['https://maps.apple.com/place?coordinate=14.6349,-90.5069&name=Parque'],
  ['https://waze.com/ul?ll=14.6349,-90.5069&navigate=yes'],
  ['https://www.openstreetmap.org/?mlat=14.6349&mlon=-90.5069#map=17/1/2'],
  ['https://www.openstreetmap.org/#map=17/14.6349/-90.5069'],
  ['geo:14.6349,-90.5069?z=17'],
])('%s', (pasted) => expect(parseLocation(pasted)).toEqual(CITY));

test('degrees, minutes and seconds, as map programs copy them', () => {
  const point = parseLocation('14°38\'05.6"N 90°30\'24.8"W');
  expect(point?.latitude).toBeCloseTo(14.634889, 5);
  expect(point?.longitude).toBeCloseTo(-90.506889, 5);
  expect(parseLocation('14°38′05.6″S, 90°30′24.8″O')).toEqual({ latitude: -14.634889, longitude: -90.506889 });
});

test.each(['', 'Parque Central', 'https://maps.app.goo.gl/abc', '14.6349', '91, 0', '0, 181', '5555-1234', '14,6349', '%E0%A4%A', 'https://example.com/?q=hola'])('%j holds no coordinates', (pasted) =>
  expect(parseLocation(pasted)).toBeNull(),
);

describe('a degree that is typed', () => {
  test.each([
    ['14.6349', 90, 14.6349],
    ['14,6349', 90, 14.6349],
    ['-90', 90, -90],
    ['90.1', 90, null],
    ['-180', 180, -180],
    ['', 90, null],
    ['1e5', 90, null],
    ['norte', 90, null],
  ] as const)('%s of at most %i', (typed, limit, expected) => expect(readDegrees(typed, limit)).toBe(expected));
});
