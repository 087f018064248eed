/**
 * Which packages a build holds, and under which licences: told by the bundler itself, so that the list shown in the settings can lack
 * none and name none too many. Electron is no module of a bundle, but goes out with it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

type Package = { name: string; version: string; licence: string; text: string };

/** Collects the folder of each package of which a module, also a style sheet or a font, went into a bundle. */
export function collectPackages(packages: Set<string>): Plugin {
  return {
    name: 'collect-packages',
    // Of all environments of the build.
    sharedDuringBuild: true,
    generateBundle: {
      order: 'post',
      handler() {
        for (const id of this.getModuleIds()) {
          const root = packageRoot(id);
          if (root !== null) packages.add(root);
        }
      },
    },
  };
}

/** `/x/node_modules/@scope/name/lib/a.js?used` → `/x/node_modules/@scope/name`; null: it is of no package. */
export function packageRoot(moduleId: string): string | null {
  const file = moduleId.replace(/^\0+/, '').split('?')[0]!.replaceAll('\\', '/');
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? null;
}

/** Writes `[{name, version, licence, text}]`, by name. */
export function writeLicences(roots: ReadonlySet<string>, file: string): void {
  const electron = path.resolve(import.meta.dirname, '../../node_modules/electron');
  const found = [...roots, electron].flatMap((root) => readPackage(root) ?? []);
  const unique = new Map(found.map((one) => [`${one.name}@${one.version}`, one]));
  writeFileSync(file, JSON.stringify([...unique.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'))));
}

function readPackage(root: string): Package | null {
  const manifest = path.join(root, 'package.json');
  if (!existsSync(manifest)) return null;
  const { name, version, license, licenses } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string; version?: string; license?: unknown; licenses?: unknown };
  if (name === undefined || version === undefined) return null;
  const texts = readdirSync(root)
    .filter((entry) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(entry))
    .map((entry) => readFileSync(path.join(root, entry), 'utf8').trim());
  return { name, version, licence: nameLicence(license) ?? nameLicence(licenses) ?? '?', text: texts.join('\n\n') };
}

/** Of old manifests too: `{type}`, and lists of them. */
function nameLicence(field: unknown): string | null {
  if (typeof field === 'string') return field;
  if (Array.isArray(field)) return field.map(nameLicence).filter(Boolean).join(' OR ') || null;
  return typeof field === 'object' && field !== null && 'type' in field && typeof field.type === 'string' ? field.type : null;
}
