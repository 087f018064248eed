/**
 * The walls between the folders, as the linter keeps them: each forbidden import is planted in a copy of the tree and
 * must be reported, each allowed one must not. Without this, a mistyped pattern would let everything through unseen.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** File and what it must not import. */
const FORBIDDEN: [string, string][] = [
  ['contract/pure.ts', 'node:fs'],
  ['contract/pure.ts', 'react'],
  ['contract/pure.ts', 'better-sqlite3'],
  ['contract/pure.ts', './sqlite/state-tx.ts'],
  ['contract/ops/pure.ts', '../../main/engine/ports.ts'],
  ['contract/ops/pure.ts', '../../package.json'],
  ['contract/sealing/keys.ts', 'node:fs'],
  ['contract/sealing/keys.ts', '../../main/engine/ports.ts'],
  ['contract/sqlite/tables.ts', 'ws'],
  ['contract/sqlite/tables.ts', '../../webhook-relay/config.ts'],
  ['contract/sqlite/tables.ts', '../../main/engine/ports.ts'],
  ['renderer/inbox/row.tsx', 'node:path'],
  ['renderer/inbox/row.tsx', 'electron'],
  ['renderer/inbox/row.tsx', 'better-sqlite3'],
  ['renderer/inbox/row.tsx', '@orpc/server'],
  ['renderer/inbox/row.tsx', '../../main/engine/engine.ts'],
  ['renderer/inbox/row.tsx', '../../webhook-relay/app.ts'],
  ['renderer/inbox/row.tsx', '../../contract/sqlite/state-tx.ts'],
  ['renderer/main.tsx', '../test/support/program.ts'],
  ['renderer/inbox/row.tsx', 'fs'],
  ['renderer/inbox/row.tsx', '../../contract/reduce.ts'],
  ['renderer/inbox/row.tsx', '../../contract/state.ts'],
  ['renderer/inbox/row.tsx', '../../contract/ops/op.ts'],
  ['renderer/inbox/row.tsx', '../../contract/sealing/key-ring.ts'],
  ['renderer/inbox/row.tsx', '../../contract/whatsapp/reduce-webhook.ts'],
  ['webhook-relay/app.ts', '../main/engine/ports.ts'],
  ['webhook-relay/log-store/sqlite.ts', '../../main/engine/db/open-database.ts'],
  ['webhook-relay/app.ts', '../renderer/main.tsx'],
  ['webhook-relay/app.ts', '../contract/reduce.ts'],
  ['webhook-relay/app.ts', '../contract/ops/op.ts'],
  ['webhook-relay/app.ts', '../contract/sqlite/state-tx.ts'],
  ['webhook-relay/app.ts', '../contract/whatsapp/reduce-webhook.ts'],
  ['webhook-relay/app.ts', '../contract/whatsapp/message-content.ts'],
  ['webhook-relay/app.ts', '../contract/whatsapp/send-message.ts'],
  ['webhook-relay/app.ts', '../contract/whatsapp/error-codes.ts'],
  ['webhook-relay/app.ts', '@orpc/server'],
  ['webhook-relay/app.ts', 'electron'],
  ['webhook-relay/app.ts', 'openai'],
  ['main/engine/engine.ts', 'electron'],
  ['main/engine/engine.ts', 'react'],
  ['main/engine/engine.ts', 'openai'],
  ['main/engine/ai/provider/remote-provider.ts', 'openai'],
  ['main/engine/engine.ts', 'better-sqlite3'],
  ['main/engine/engine.ts', '../shell/node-ports.ts'],
  ['main/engine/sync/replica.ts', '../../demo/meta/stand-in.ts'],
  ['main/engine/sync/replica.ts', '../../../webhook-relay/app.ts'],
  ['main/engine/db/queries.ts', '../../shell/node-ports.ts'],
  ['main/engine/db/queries.ts', 'electron'],
  ['main/engine/db/queries.ts', 'openai'],
  ['main/engine/db/queries.ts', 'react'],
  ['main/engine/db/queries.ts', 'node:sqlite'],
  ['main/engine/sync/replica.ts', 'node:sqlite'],
  ['main/engine/cli.ts', 'node:sqlite'],
  ['main/some.ts', 'electron'],
  ['main/dev/start.mjs', 'electron'],
  ['main/engine/cli.ts', '../demo/demo-workspace.ts'],
  ['main/engine/cli.ts', 'electron'],
  ['main/demo/meta/cli.ts', '../../engine/engine.ts'],
  ['main/demo/meta/cli.ts', '../../../webhook-relay/app.ts'],
  ['main/demo/meta/cli.ts', 'electron'],
  ['main/shell/browser/serve.ts', 'electron'],
  ['main/shell/browser/serve.ts', '../../../renderer/main.tsx'],
  ['main/shell/browser/serve.ts', '../../engine/db/open-database.ts'],
  ['main/shell/node-ports.ts', '../../test/support/program.ts'],
  ['main/shell/electron/app.ts', '../../../contract/reduce.ts'],
  ['main/shell/electron/app.ts', '../../engine/sync/replica.ts'],
  ['main/shell/electron/app.ts', 'better-sqlite3'],
];

const ALLOWED: [string, string][] = [
  ['contract/pure.ts', 'zod'],
  ['contract/ops/pure.ts', '../rules/guard.ts'],
  ['contract/sqlite/tables.ts', 'node:fs'],
  ['contract/sqlite/tables.ts', 'better-sqlite3'],
  ['contract/sealing/keys.ts', 'node:crypto'],
  ['contract/sealing/keys.ts', '@hpke/core'],
  ['renderer/inbox/row.tsx', '../../contract/api.ts'],
  ['renderer/inbox/row.tsx', '../../contract/whatsapp/message-content.ts'],
  ['renderer/inbox/row.tsx', '../../contract/rules/service-window.ts'],
  ['webhook-relay/app.ts', '../contract/wire.ts'],
  ['webhook-relay/app.ts', '../contract/sealing/sealed-body.ts'],
  ['webhook-relay/app.ts', '../contract/whatsapp/webhook-item.ts'],
  ['webhook-relay/log-store/sqlite.ts', 'better-sqlite3'],
  ['webhook-relay/log-store/sqlite.ts', '../../contract/sqlite/native-binding.ts'],
  ['main/engine/db/queries.ts', 'better-sqlite3'],
  ['main/engine/sync/replica.ts', '../../../contract/sqlite/state-tx.ts'],
  ['main/engine/cli.ts', '../shell/open-workspace.ts'],
  ['main/engine/ai/provider/openai-client.ts', 'openai'],
  ['main/shell/browser/cli.ts', '../../demo/demo-workspace.ts'],
  ['main/shell/open-workspace.ts', '../engine/engine.ts'],
  ['main/shell/electron/app.ts', 'electron'],
  ['main/shell/electron/engine-host.ts', '../../engine/api/serve-message-port.ts'],
];

/** File and the global of a page that it must not use. */
const FORBIDDEN_GLOBALS: [string, string][] = ['contract/pure.ts', 'contract/ops/pure.ts', 'main/engine/engine.ts', 'main/engine/db/queries.ts'].flatMap((file) =>
  ['window', 'document', 'localStorage'].map((name): [string, string] => [file, name]),
);
const RULES = ['no-restricted-imports', 'prefer-node-protocol', 'no-restricted-globals'];

let tree: string;
/** Files with a forbidden import, as the linter sees it. */
let reported: Set<string>;
/** One file for each case: its place decides the rules, its name says what it imports. */
const plantedName = (file: string, imported: string): string =>
  path.posix.join(path.posix.dirname(file), `${path.basename(file).replace(/\.(tsx?|mjs)$/, '')}${encodeURIComponent(imported).replaceAll('%', '_')}${path.extname(file)}`);
const plant = ([file, imported]: [string, string], keyword = 'import'): void => {
  // main/engine/cli.ts is a rule of its own and keeps its name.
  const target = path.join(tree, file === 'main/engine/cli.ts' ? `${encodeURIComponent(imported)}/${file}` : plantedName(file, imported));
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, `${keyword} * as thing from '${imported}';\nexport ${keyword === 'import' ? 'const seen = ' : 'type Seen = typeof '}thing;\n`);
};

async function lint(folder: string): Promise<string[]> {
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [path.join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format', 'json', '.'], { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code?: string; filename: string }[] };
  return diagnostics.filter(({ code }) => RULES.some((rule) => code?.includes(rule))).map(({ filename }) => filename);
}

beforeAll(async () => {
  tree = mkdtempSync(path.join(tmpdir(), 'bandeja-layers-'));
  copyFileSync(path.join(ROOT, '.oxlintrc.json'), path.join(tree, '.oxlintrc.json'));
  for (const planted of [...FORBIDDEN, ...ALLOWED]) plant(planted);
  plant(['renderer/types.ts', '../contract/state.ts'], 'import type');
  for (const [file, name] of FORBIDDEN_GLOBALS) writeFileSync(path.join(tree, plantedName(file, name)), `export const seen = (): unknown => ${name};\n`);
  reported = new Set(await lint(tree));
  for (const [file, imported] of [...FORBIDDEN, ...ALLOWED]) {
    if (file !== 'main/engine/cli.ts') continue;
    const folder = path.join(tree, encodeURIComponent(imported));
    copyFileSync(path.join(ROOT, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
    if ((await lint(folder)).length > 0) reported.add(plantedName(file, imported));
  }
});
afterAll(() => rmSync(tree, { recursive: true }));

test.each(FORBIDDEN)('%s may not import %s', (file, imported) => {
  expect(reported).toContain(plantedName(file, imported));
});

test.each(FORBIDDEN_GLOBALS)('%s may not use %s', (file, name) => {
  expect(reported).toContain(plantedName(file, name));
});

test("the window may import the state's types", () => {
  expect(reported).not.toContain(plantedName('renderer/types.ts', '../contract/state.ts'));
});

test.each(ALLOWED)('%s may import %s', (file, imported) => {
  expect(reported).not.toContain(plantedName(file, imported));
});
