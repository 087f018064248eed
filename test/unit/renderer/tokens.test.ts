/** Every text colour can be read on every surface it stands on: WCAG AA, and AAA in high contrast. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(path.resolve(import.meta.dirname, '../../../renderer/ui/tokens.css'), 'utf8');

type Theme = 'light' | 'dark';
function readBlock(selector: string): Map<string, string> {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!.trim()]));
}
const base = readBlock(':root');
const more = readBlock(":root[data-contrast='more']");

/** The colour of a token, as `#rrggbb`. */
function resolve(token: string, theme: Theme, isMore: boolean): string {
  const value = (isMore ? more.get(token) : undefined) ?? base.get(token);
  if (value === undefined) throw new Error(`there is no token ${token}`);
  const alias = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  if (alias !== undefined) return resolve(alias, theme, isMore);
  const pair = /^light-dark\((.+?), (#[0-9a-f]{6}|var\(.+?\))\)$/.exec(value);
  const colour = pair ? pair[theme === 'light' ? 1 : 2]! : value;
  expect(colour, token).toMatch(/^#[0-9a-f]{6}$/);
  return colour;
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ratio(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const PLAIN = ['--bg', '--surface', '--surface-thread', '--surface-raised', '--selected', '--accent-tint', '--ai-fill'];
const PAIRS: [ink: string, surfaces: string[]][] = [
  ['--text', [...PLAIN, '--bubble-in', '--bubble-out', '--amber-tint', '--red-tint', '--doubt-tint', '--note-fill', '--found']],
  ['--text-2', [...PLAIN, '--bubble-in', '--bubble-out']],
  ['--text-3', [...PLAIN, '--bubble-in']],
  ['--accent', PLAIN],
  ['--amber', ['--surface', '--surface-thread', '--amber-tint']],
  ['--amber-strong', ['--surface', '--amber-tint', '--amber-tint-strong']],
  ['--red', ['--surface', '--surface-thread', '--bubble-out', '--red-tint']],
  ['--doubt', ['--surface', '--doubt-tint']],
  ['--read', ['--bubble-out']],
  ['--note-text', ['--note-fill']],
  ['--on-accent', ['--accent-fill', '--accent-fill-hover', '--red-fill']],
  ...['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'].map((label): [string, string[]] => [`--label-${label}`, [`--label-${label}-tint`, '--surface']]),
];

describe.each([
  ['light', false, 4.5],
  ['dark', false, 4.5],
  ['light', true, 7],
  ['dark', true, 7],
] as const)('%s, high contrast %s', (theme, isMore, atLeast) => {
  test.each(PAIRS)('%s', (ink, surfaces) => {
    for (const surface of surfaces) expect(ratio(resolve(ink, theme, isMore), resolve(surface, theme, isMore)), surface).toBeGreaterThanOrEqual(atLeast);
  });
});

test('high contrast and density name no token that there is not', () => {
  const names = [...more.keys(), ...readBlock(":root[data-density='compact']").keys()];
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !base.has(name))).toEqual([]);
});
