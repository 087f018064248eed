/** docs/performance.md: three hands write it, and none loses what the others wrote. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFigure, missedRatios, ratioAtLeast, ratioAtMost, valueAtMost, type Figure } from '../bench/figure.ts';
import { describeBenchmarks, type Measured } from '../bench/performance-page.ts';
import { PERFORMANCE_PAGE, readPart, replacePart } from '../support/page-part.ts';

const PAGE = `# Title

<!-- by npm run bench -->

old table

<!-- end of what npm run bench writes -->

<!-- by npm run load -->

load's table

<!-- end of what npm run load writes -->

## By hand
`;

describe('a part of a page', () => {
  test('is replaced, and nothing else', () => {
    const page = replacePart(PAGE, 'bench', 'new table');
    expect(readPart(page, 'bench')).toBe('new table');
    expect(page).toBe(PAGE.replace('old table', 'new table'));
    expect(replacePart(page, 'bench', 'old table')).toBe(PAGE);
  });

  test.each([
    ['its first mark is gone', PAGE.replace('<!-- by npm run bench -->', '')],
    ['its last mark is gone', PAGE.replace('<!-- end of what npm run bench writes -->', '')],
    ['it is there twice', `${PAGE}${PAGE}`],
  ])('is not written where %s', (_title, page) => {
    expect(() => replacePart(page, 'bench', 'new table')).toThrow('<!-- by npm run bench -->');
  });

  test('stands in docs/performance.md for each command', () => {
    const page = readFileSync(PERFORMANCE_PAGE, 'utf8');
    expect(readPart(page, 'load')).toContain('## What one relay carries');
    expect(() => readPart(page, 'bench')).not.toThrow();
    expect(page).toContain('## What was tried and what it gave');
  });
});

const MACHINE = { cores: 2, cpu: 'a processor', memoryGb: 8, platform: 'linux x64', node: 'v24', sqlite: '3.50', loadAverage: 0 };
const measured = (name: string, figures: Figure[], at = '2026-11-23T10:00:00.000Z'): Measured => ({
  name,
  summary: `what ${name} measures`,
  at,
  rounds: 3,
  machine: MACHINE,
  result: { figures, checks: {}, notes: ['so it was'], peakMb: 120.4 },
});
const ceiling = { name: 'bare', rounds: [100, 100, 100] };
const met = createFigure({ name: 'quick enough', unit: 'acks/s', rounds: [90, 85, 95], ceiling, goal: ratioAtLeast(0.8) });
const missed = createFigure({ name: 'too slow', unit: 'ms', rounds: [180, 160, 170], ceiling, goal: ratioAtMost(1.5) });
const slow = createFigure({ name: 'slow here', unit: 'ms', rounds: [9], goal: valueAtMost(8) });

describe('the part of the benchmarks', () => {
  const NAMES = ['first', 'second', 'third'];
  const before = describeBenchmarks('', NAMES, [measured('third', [missed, slow]), measured('first', [met])]);

  test('has a table of each in the order of the benchmarks, with figure, ceiling, ratio, goal, verdict, date and machine', () => {
    expect(before.indexOf('### first: what first measures')).toBeLessThan(before.indexOf('### third: what third measures'));
    expect(before).toContain('| quick enough | 90.0 (85.0–95.0) acks/s | 100 (100–100) bare | 0.900 (0.850–0.950) | ≥ 0.8× | met |');
    expect(before).toContain('| too slow | 170 (160–180) ms | 100 (100–100) bare | 1.70 (1.60–1.80) | ≤ 1.5× | **missed** |');
    expect(before).toContain('- 2026-11-23, 3 rounds; 2 cores (a processor), 8 GB, linux x64; Node v24, SQLite 3.50; load before the run 0; the measuring process had at most 120 MB');
  });

  test('counts the goals and names what is missed', () => {
    expect(before).toContain('1 goals are met, 2 missed.\n\nRatios that miss their goal (1):\n\n- third: too slow, beside bare: 1.70 (1.60–1.80), goal ≤ 1.5×\n\nFigures');
    expect(before).toContain('(1), whatever they are beside a ceiling:\n\n- third: slow here: 9.00 (9.00–9.00) ms, goal ≤ 8 ms\n\n###');
  });

  test('keeps the table of what was not run, and forgets what is no benchmark any more', () => {
    const after = describeBenchmarks(before, ['first', 'second'], [measured('second', [met], '2026-12-01T10:00:00.000Z')]);
    expect(after).toContain('### first: what first measures');
    expect(after).toContain('- 2026-12-01, 3 rounds');
    expect(after).not.toContain('third');
    expect(after).toContain('2 goals are met, 0 missed.');
    expect(describeBenchmarks(after, ['first', 'second'], [])).toBe(after);
  });
});

test('the median of an even number of rounds lies between the two in the middle', () => {
  expect(createFigure({ name: 'even', unit: 'ms', rounds: [4, 1, 3, 100] }).figure).toEqual({ median: 3.5, low: 1, high: 100 });
});

test('--check fails for ratios alone: milliseconds are of the machine', () => {
  expect(missedRatios([met, missed, slow])).toEqual([missed]);
});
