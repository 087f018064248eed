/** What the command line asks of the desktop program. Started without flags, it opens the workspace in its own folder. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO_FLAGS, readDemoOptions, type DemoOptions } from '../demo-options.ts';
import { readWorkspaceOptions, WORKSPACE_FLAGS, type WorkspaceOptions } from '../workspace-options.ts';

export type LaunchOptions = {
  /** Where the data lies: the demo's folder, or the workspace's. */
  dir: string;
  /** Null: a real workspace. */
  demo: DemoOptions | null;
  /** With the demo: only `api` is meant, the demo knows the rest. */
  workspace: WorkspaceOptions;
};

/** @throws UsageError, or TypeError of `parseArgs`, for wrong flags. */
export function readLaunchOptions(args: string[], env: NodeJS.ProcessEnv, defaults: { workspaceDir: string; demoDir: string }): LaunchOptions {
  // Chromium's own switches and, on macOS, the Finder's are not for us: hence not strict.
  const { values } = parseArgs({ args, strict: false, options: { ...WORKSPACE_FLAGS, ...DEMO_FLAGS } });
  const flags = Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const demo = readDemoOptions({ demo: values['demo'] === true, reset: values['reset'] === true, as: flags['as'], 'no-past': values['no-past'] === true });
  const dir = path.resolve(flags['data-dir'] ?? (demo ? defaults.demoDir : defaults.workspaceDir));
  return { dir, demo, workspace: readWorkspaceOptions({ ...flags, 'data-dir': dir }, env) };
}
