/**
 * Where the product's parts lie. Built (`out/`), every program is one JavaScript file beside the others and needs no
 * node_modules; from the sources, Node runs the TypeScript entries themselves.
 */
import path from 'node:path';

const IS_BUILT = import.meta.filename.endsWith('.js');
const ROOT = path.resolve(import.meta.dirname, IS_BUILT ? '..' : '../..');

const PROGRAMS = {
  relay: { source: 'webhook-relay/cli.ts', built: 'relay/relay.js' },
  'past-relay': { source: 'webhook-relay/past-cli.ts', built: 'relay/past-relay.js' },
  meta: { source: 'main/demo/meta/cli.ts', built: 'main/meta.js' },
  'file-reader': { source: 'main/engine/ai/knowledge/reading/reader-process.ts', built: 'main/file-reader.js' },
  'engine-host': { source: 'main/shell/electron/engine-host.ts', built: 'main/engine-host.js' },
} as const;
export type ProgramName = keyof typeof PROGRAMS;

export const programFile = (name: ProgramName): string => path.join(ROOT, IS_BUILT ? PROGRAMS[name].built : PROGRAMS[name].source);

/** From the sources it is made of packages too. */
export const READABLE_BY_FILE_READER = IS_BUILT ? path.join(ROOT, 'main') : ROOT;

/** The window's files and the preload script exist only built. */
export const RENDERER_DIR = path.join(ROOT, IS_BUILT ? 'renderer' : 'out/renderer');
export const PRELOAD_FILE = path.join(ROOT, IS_BUILT ? 'preload/preload.cjs' : 'out/preload/preload.cjs');
