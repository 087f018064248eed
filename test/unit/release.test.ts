/** What a release is made by: notes of the right version, a workflow whose commands exist and whose keys are where they are needed only. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';

const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const read = (file: string): string => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
const { version, scripts } = JSON.parse(read('package.json')) as { version: string; scripts: Record<string, string> };

type Step = { uses?: string; run?: string; env?: Record<string, string> };
type Workflow = { permissions: Record<string, string>; jobs: Record<string, { needs?: string; environment?: string; permissions?: Record<string, string>; steps: Step[] }> };
const workflow = yaml.load(read('.github/workflows/release.yml')) as Workflow;

test('the notes are those of this version', () => {
  expect(/^## (\S+)$/m.exec(read('build/release-notes.md'))?.[1]).toBe(version);
});

test('the workflow calls commands that there are', () => {
  const called = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => [...(run ?? '').matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name!)));
  expect(called).toContain('dist');
  expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('nothing is built before the tests, nor signed before it is built; only the last job has the release key and may write', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(Object.entries(workflow.jobs).map(([name, { needs, permissions }]) => [name, needs, permissions])).toEqual([
    ['check', undefined, undefined],
    ['build', 'check', undefined],
    ['sign', 'build', { contents: 'write' }],
  ]);
  const withKey = Object.entries(workflow.jobs).filter(([, { steps }]) => steps.some((step) => JSON.stringify(step).includes('BANDEJA_RELEASE_KEY')));
  expect(withKey.map(([name]) => name)).toEqual(['sign']);
});

test('nobody else writes the steps: the actions are those of the platform', () => {
  const used = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  expect(used.filter((name) => !name.startsWith('actions/'))).toEqual([]);
});

test('what is packed is chosen in one place: a list of a platform of its own would bring back the whole folder', () => {
  const builder = yaml.load(read('electron-builder.yml')) as Record<string, { files?: unknown }>;
  expect(['linux', 'mac', 'win'].filter((platform) => builder[platform]?.files !== undefined)).toEqual([]);
});
