/**
 * One build for everything that ships: the window (client), the desktop's programs (main), the preload script and the
 * relay. `out/` then runs without node_modules; the layout inside it is what electron-builder.yml packs.
 */
import react from '@vitejs/plugin-react';
import { copyFileSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type EnvironmentOptions } from 'vite';

const fromRoot = (file: string): string => path.resolve(import.meta.dirname, file);

/** Programs for Node: every dependency is bundled, entries and chunks lie side by side in one folder. */
function nodePrograms(outDir: string, input: Record<string, string>, format: 'es' | 'cjs' = 'es'): EnvironmentOptions {
  const external = ['electron'];
  const extension = format === 'cjs' ? 'cjs' : 'js';
  return {
    consumer: 'server',
    // What a bundle holds is only ever started as a program; Electron's utility processes would say false.
    define: { 'import.meta.main': 'true' },
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

/** One SQLite binding per platform, named the way electron-builder spells `${os}-${arch}`. Renamed into place: a program that runs has the old file mapped and would crash if it were overwritten. */
function copySqliteBindings(): void {
  const from = fromRoot('node_modules/better-sqlite3/prebuilds');
  const to = fromRoot('out/native');
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    const target = path.join(to, file.replace(/^darwin/, 'mac').replace(/^win32/, 'win'));
    copyFileSync(path.join(from, file), `${target}.new`);
    renameSync(`${target}.new`, target);
  }
}

export default defineConfig({
  root: fromRoot('renderer'),
  base: './',
  plugins: [react()],
  environments: {
    // The window is read from this computer: its size costs parsing, not a download. Above this limit (kB) look at what came in.
    client: { build: { outDir: fromRoot('out/renderer'), emptyOutDir: true, chunkSizeWarningLimit: 650 } },
    main: nodePrograms('out/main', {
      electron: fromRoot('main/shell/electron/app.ts'),
      'engine-host': fromRoot('main/shell/electron/engine-host.ts'),
      'file-reader': fromRoot('main/engine/ai/knowledge/reading/reader-process.ts'),
      browser: fromRoot('main/shell/browser/cli.ts'),
      engine: fromRoot('main/engine/cli.ts'),
      meta: fromRoot('main/demo/meta/cli.ts'),
    }),
    // A sandboxed preload script has to be one CommonJS file.
    preload: nodePrograms('out/preload', { preload: fromRoot('main/shell/electron/preload.ts') }, 'cjs'),
    relay: nodePrograms('out/relay', { relay: fromRoot('webhook-relay/cli.ts') }),
  },
  builder: {
    async buildApp(builder) {
      const startedAt = new Date();
      copySqliteBindings();
      await Promise.all(['client', 'main', 'preload', 'relay'].map((name) => builder.build(builder.environments[name]!)));
      // `main/dev/build-if-stale.mjs` compares sources with this file's time: what changes while a build runs counts as newer.
      writeFileSync(fromRoot('out/built'), '');
      utimesSync(fromRoot('out/built'), startedAt, startedAt);
    },
  },
});
