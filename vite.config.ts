/**
 * One build for everything that ships: the window (client), the desktop's programs (main), the preload script and the
 * relay. `out/` then runs without node_modules; the layout inside it is what electron-builder.yml packs.
 */
import react from '@vitejs/plugin-react';
import { copyFileSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { collectPackages, writeLicences } from './main/dev/licences.ts';
import { defineConfig, type EnvironmentOptions } from 'vite';

const fromRoot = (file: string): string => path.resolve(import.meta.dirname, file);

/** Programs for Node: every dependency is bundled, entries and chunks lie side by side in one folder. */
function nodePrograms(outDir: string, input: Record<string, string>, format: 'es' | 'cjs' = 'es'): EnvironmentOptions {
  const external = ['electron'];
  const extension = format === 'cjs' ? 'cjs' : 'js';
  return {
    consumer: 'server',
    // What a bundle holds is only ever started as a program; Electron's utility processes would say false.
    // The public half of the key with which releases are signed: without it the program looks for no updates.
    define: { 'import.meta.main': 'true', UPDATE_KEY: JSON.stringify(process.env['BANDEJA_UPDATE_KEY'] ?? '') },
    resolve: { noExternal: true, external, conditions: ['node', 'module', 'default'] },
    build: {
      outDir: fromRoot(outDir),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      ssr: true,
      rolldownOptions: { input, external, output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-[hash].${extension}` } },
    },
  };
}

/** Both of SQLite's bindings (`contract/sqlite/native-binding.ts`): one per platform, named the way electron-builder spells `${os}-${arch}`. Renamed into place: a program that runs has the old file mapped and would crash if it were overwritten. */
function copySqliteBindings(library: string, prefix: string): void {
  const from = fromRoot(`node_modules/${library}/prebuilds`);
  const to = fromRoot('out/native');
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    const target = path.join(to, prefix + file.replace(/^darwin/, 'mac').replace(/^win32/, 'win'));
    copyFileSync(path.join(from, file), `${target}.new`);
    renameSync(`${target}.new`, target);
  }
}

/** Roots of the packages that went into any of the bundles. */
const packages = new Set<string>();

export default defineConfig({
  root: fromRoot('renderer'),
  base: './',
  plugins: [react(), collectPackages(packages)],
  environments: {
    client: {
      build: {
        outDir: fromRoot('out/renderer'),
        emptyOutDir: true,
        // The window is read from this computer: its size costs parsing, not a download. Above this limit (kB) look at what came in.
        chunkSizeWarningLimit: 1_100,
        // What it needs to start is one file: in a hundred small ones, each shared with some page or dialog, fetching takes longer than running.
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } } },
      },
    },
    main: nodePrograms('out/main', {
      electron: fromRoot('main/shell/electron/app.ts'),
      'engine-host': fromRoot('main/shell/electron/engine-host.ts'),
      'language-ngrams': fromRoot('main/engine/ai/language-ngrams.ts'),
      'file-reader': fromRoot('main/engine/ai/knowledge/reading/reader-process.ts'),
      browser: fromRoot('main/shell/browser/cli.ts'),
      engine: fromRoot('main/engine/cli.ts'),
      meta: fromRoot('main/demo/meta/cli.ts'),
    }),
    // A sandboxed preload script has to be one CommonJS file.
    preload: nodePrograms('out/preload', { preload: fromRoot('main/shell/electron/preload.ts') }, 'cjs'),
    relay: nodePrograms('out/relay', { relay: fromRoot('webhook-relay/cli.ts'), 'past-relay': fromRoot('webhook-relay/past-cli.ts') }),
  },
  builder: {
    async buildApp(builder) {
      const startedAt = new Date();
      copySqliteBindings('better-sqlite3', '');
      copySqliteBindings('better-sqlite3-multiple-ciphers', 'cipher-');
      await Promise.all(['client', 'main', 'preload', 'relay'].map((name) => builder.build(builder.environments[name]!)));
      writeLicences(packages, fromRoot('out/renderer/licences.json'));
      // `main/dev/build-if-stale.mjs` compares sources with this file's time: what changes while a build runs counts as newer.
      writeFileSync(fromRoot('out/built'), '');
      utimesSync(fromRoot('out/built'), startedAt, startedAt);
    },
  },
});
