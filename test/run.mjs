/**
 * `npm test`: what a change is checked with, from a fresh clone with Node 20 and npm alone; `npm run test:all` (`--all`): everything, as before a release.
 * The shorter one leaves out the files `*.long.test.ts` and takes only the specs tagged @main, the main way through each part. Runs every step even
 * when one fails, and ends with one line that adds up all runners: `N passed, M failed`. Types, lint and build count as one each. Plain JavaScript
 * without dependencies.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installIfNeeded } from '../main/dev/install.mjs';
import { findNode, ROOT } from '../main/dev/need-node.mjs';

const REPORTS = path.join(ROOT, 'out/test-reports');
const VITEST_REPORT = path.join(REPORTS, 'vitest.json');
/** Characters of each attachment that are printed. */
const WORDS_MAX = 8_000;
const isAll = process.argv.includes('--all');
const PLAYWRIGHT_REPORT = path.join(REPORTS, 'playwright.json');

installIfNeeded();
const node = findNode();
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

let passed = 0;
const failed = [];
const skipped = [];

check('types', 'typescript/bin/tsc', ['-p', '.']);
check('lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']);
// Before the tests: some start the built program.
const isBuilt = check('build', 'vite/bin/vite.js', ['build', '--app', '--logLevel', 'warn']);

const isVitestFine = run('vitest', 'vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`, ...(isAll ? [] : ['--exclude=**/*.long.test.ts'])]);
addUp('vitest', VITEST_REPORT, readVitest, isVitestFine);

if (isBuilt) {
  const isPlaywrightFine = run('playwright', '@playwright/test/cli.js', ['test', '--reporter=list,json', ...(isAll ? [] : ['--grep=@main'])], { PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT });
  addUp('playwright', PLAYWRIGHT_REPORT, readPlaywright, isPlaywrightFine);
} else {
  failed.push({ name: 'playwright: not run, because the build failed', reason: '' });
}

if (!isAll) console.log('left to `npm run test:all`: test files named *.long.test.ts, and browser specs without the tag @main');
for (const { name, reason } of skipped) console.log(`skipped: ${name}${reason ? ` (${reason})` : ''}`);
for (const { name, reason } of failed) console.log(`\nFAILED: ${name}${reason ? `\n${reason}` : ''}`);
console.log(`\n${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);

/** Runs a tool of node_modules on Node 24. */
function run(title, file, args, env = {}) {
  console.log(`\n── ${title}`);
  const bin = path.join(ROOT, 'node_modules/.bin');
  const { status } = spawnSync(node, [path.join(ROOT, 'node_modules', file), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${bin}${path.delimiter}${process.env.PATH}`, ...env },
  });
  return status === 0;
}

function check(title, file, args) {
  const isFine = run(title, file, args);
  if (isFine) passed += 1;
  else failed.push({ name: title, reason: '(its own output above says what)' });
  return isFine;
}

/** Counts a runner's report; a runner that left none, or failed outside of its tests, is a failure of its own. */
function addUp(title, file, read, isFine) {
  let results;
  try {
    results = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    failed.push({ name: `${title}: no result`, reason: String(error) });
    return;
  }
  console.log(`${title}: ${results.filter(({ state }) => state === 'passed').length} of ${results.length}`);
  if (results.length === 0) failed.push({ name: `${title}: no tests found`, reason: '' });
  // For example an error that nobody handled, between two tests.
  if (!isFine && results.every(({ state }) => state !== 'failed')) failed.push({ name: `${title}: ended with an error outside of its tests`, reason: '(its own output above says what)' });
  for (const { state, name, reason } of results) {
    if (state === 'passed') passed += 1;
    else (state === 'skipped' ? skipped : failed).push({ name: `${title}: ${name}`, reason });
  }
}

function readVitest(report) {
  return report.testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const where = path.relative(ROOT, file);
    const results = assertionResults.map(({ status: state, fullName, failureMessages }) => ({
      state: state === 'passed' ? 'passed' : state === 'failed' ? 'failed' : 'skipped',
      name: `${where} › ${fullName}`,
      reason: (failureMessages ?? []).join('\n'),
    }));
    // A file that could not be loaded, or broke around its tests, has no failed test of its own.
    if (status === 'failed' && !results.some(({ state }) => state === 'failed')) results.push({ state: 'failed', name: where, reason: message });
    return results;
  });
}

function readPlaywright(report) {
  const results = [];
  const visit = (suite, titles) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        results.push({
          state: test.status === 'skipped' ? 'skipped' : test.status === 'expected' ? 'passed' : 'failed',
          name: [spec.file, ...titles, spec.title].join(' › '),
          reason: reasonOf(test),
        });
      }
    }
    for (const child of suite.suites ?? []) visit(child, child.file === child.title ? titles : [...titles, child.title]);
  };
  for (const suite of report.suites) visit(suite, []);
  for (const error of report.errors ?? []) results.push({ state: 'failed', name: 'outside of the tests', reason: error.message });
  return results;
}

function reasonOf({ status, annotations, results }) {
  if (status === 'expected') return '';
  if (status === 'skipped')
    return annotations
      .map(({ description }) => description)
      .filter(Boolean)
      .join('; ');
  const last = results.at(-1);
  return [...(last?.errors ?? []).map(({ message }) => message), ...(last?.attachments ?? []).flatMap(readWords)].join('\n');
}

/** What a failed spec has left in words: the page as it was, and what the programs have said last. */
function readWords({ name, contentType, path: file, body }) {
  if (!contentType.startsWith('text/') || (file !== undefined && !existsSync(file))) return [];
  const text = file === undefined ? Buffer.from(body ?? '', 'base64').toString('utf8') : readFileSync(file, 'utf8');
  const page = /# Page snapshot[\s\S]*?(?=\n# |$)/.exec(text)?.[0].replaceAll(/ \[ref=\w+\]/g, '');
  return [`── ${name}`, page?.slice(0, WORDS_MAX) ?? text.slice(-WORDS_MAX)];
}
