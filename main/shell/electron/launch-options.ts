/** What the command line asks of the desktop program. Started without flags, it opens the workspace in its own folder. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readWorkspaceOptions, WORKSPACE_FLAGS, type WorkspaceOptions } from '../workspace-options.ts';

export type LaunchOptions = {
  /** Where the data lies: the demo's folder, or the workspace's. */
  dir: string;
  isDemo: boolean;
  isReset: boolean;
  /** With the demo: only `api` is meant, the demo knows the rest. */
  workspace: WorkspaceOptions;
};

/** @throws UsageError, or TypeError of `parseArgs`, for wrong flags. */
export function readLaunchOptions(args: string[], env: NodeJS.ProcessEnv, defaults: { workspaceDir: string; demoDir: string }): LaunchOptions {
  // Chromium's own switches and, on macOS, the Finder's are not for us: hence not strict.
  const { values } = parseArgs({ args, strict: false, options: { ...WORKSPACE_FLAGS, demo: { type: 'boolean' }, reset: { type: 'boolean' } } });
  const flags = Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const isDemo = values.demo === true;
  const dir = path.resolve(flags['data-dir'] ?? (isDemo ? defaults.demoDir : defaults.workspaceDir));
  return { dir, isDemo, isReset: isDemo && values.reset === true, workspace: readWorkspaceOptions({ ...flags, 'data-dir': dir }, env) };
}
