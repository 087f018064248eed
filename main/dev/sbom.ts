/**
 * `npm run sbom [-- FILE]`: the parts list of the program as CycloneDX JSON, by npm from package-lock.json, without a network. npm knows
 * what was installed; what goes out to people is known by the build alone. So each part that stands in the build's list of licences gets
 * the scope `required`, and everything else, which only builds and tests, `excluded` (CycloneDX 1.5, `component.scope`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LICENCES_FILE = path.join(ROOT, 'out/renderer/licences.json');
const DEFAULT_FILE = path.join(ROOT, 'dist/bandeja.cdx.json');

const bomSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
  components: z.array(z.looseObject({ name: z.string(), version: z.string(), scope: z.string().optional() })).min(1),
});
export type Bom = z.infer<typeof bomSchema>;

/** @param shipped as `name@version`. @throws where the build holds a part that the lockfile does not know. */
export function makeSbom(shipped: ReadonlySet<string>): Bom {
  // On Windows npm is a script, which only a shell can start.
  const { status, stdout, stderr } = spawnSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm sbom failed. It needs npm 10 or newer.\n${stderr}`);
  const bom = bomSchema.parse(JSON.parse(stdout));
  const known = new Set(bom.components.map(nameOf));
  const unknown = [...shipped].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`The build holds what package-lock.json does not know: ${unknown.join(', ')}. Run "npm ci" and "npm run build".`);
  // npm takes the folder's name for the program's.
  bom.metadata.component.name = 'bandeja';
  for (const component of bom.components) component.scope = shipped.has(nameOf(component)) ? 'required' : 'excluded';
  return bom;
}

const nameOf = ({ name, version }: { name: string; version: string }): string => `${name}@${version}`;

export function readShipped(): Set<string> {
  if (!existsSync(LICENCES_FILE)) throw new Error('What goes out is known after a build only: run "npm run build" first.');
  return new Set(
    z
      .array(z.object({ name: z.string(), version: z.string() }))
      .parse(JSON.parse(readFileSync(LICENCES_FILE, 'utf8')))
      .map(nameOf),
  );
}

if (import.meta.main) {
  const file = path.resolve(process.argv[2] ?? DEFAULT_FILE);
  const bom = makeSbom(readShipped());
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  const count = bom.components.filter(({ scope }) => scope === 'required').length;
  process.stdout.write(`${file}: ${bom.components.length} parts, ${count} of them in the program\n`);
}
