/**
 * The real Electron shell, preload script and engine process, with the demo workspace: in Electron itself where its
 * program is installed, and always through the stand-in of `test/electron`, whose windows are pages of Chromium.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base, _electron, type Page } from '@playwright/test';
import { findPlainInFolder } from '../support/find-plain.ts';
import { startProgram, type Program } from '../support/program.ts';
import { startTeam } from '../support/team.ts';
import { showSettings } from './support/settings.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REGISTER = pathToFileURL(path.join(ROOT, 'test/electron/register.mjs')).href;

/** Electron's installer names the program in path.txt once it is unpacked. */
function findElectron(): string | null {
  const folder = path.join(ROOT, 'node_modules/electron');
  const note = path.join(folder, 'path.txt');
  const program = existsSync(note) ? path.join(folder, 'dist', readFileSync(note, 'utf8').trim()) : null;
  return program && existsSync(program) ? program : null;
}

const test = base.extend<{ entry: string; dataDir: string; shell: Program }>({
  entry: ['main/shell/electron/app.ts', { option: true }],
  dataDir: async ({}, use) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-electron-'));
    await use(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  },
  shell: async ({ entry, dataDir }, use) => {
    const shell = await startProgram(entry, ['--demo', '--no-past', '--data-dir', dataDir], { NODE_OPTIONS: `--import ${REGISTER}` });
    await use(shell);
    expect(await shell.stop()).toBe(0);
  },
});

const windowUrl = (shell: Program): string => /stand-in window (\S+)/.exec(shell.stderr())![1]!;
const someConversation = (page: Page) => page.getByText('Ingrid Morales', { exact: false }).first();

test.describe('through the stand-in', () => {
  test('the window shows the inbox, filled through the engine port that the preload script passes on', { tag: '@main' }, async ({ page, shell }) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(windowUrl(shell));
    await expect(someConversation(page)).toBeVisible();
    expect(await page.evaluate(() => (window as unknown as { bandejaShell: { kind: string } }).bandejaShell.kind)).toBe('electron');
    expect(problems).toEqual([]);
    expect(shell.ready).toMatchObject({ url: 'app://bandeja/' });
  });

  test('after the engine has crashed it is started again and the window goes on', async ({ page, shell }) => {
    test.skip(process.platform !== 'linux', 'finds the process through /proc');
    await page.goto(windowUrl(shell));
    await expect(someConversation(page)).toBeVisible();
    const pid = shell.process.pid!;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    process.kill(
      children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('engine-host'))!,
      'SIGKILL',
    );
    await expect.poll(() => shell.stderr()).toContain('engine.crashed');
    // Only a living engine knows what a conversation says.
    await someConversation(page).click();
    await expect(page.getByText('mantenimiento mensual de la PTAR', { exact: false }).first()).toBeVisible({ timeout: 20_000 });
  });

  test('another program or site reaches neither the page nor the engine', { tag: '@main' }, async ({ shell }) => {
    const url = new URL(windowUrl(shell));
    expect((await fetch(url.origin)).status).toBe(403);
    expect((await fetch(`${url.origin}/wrong-token/`)).status).toBe(403);
    await expect(
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${url.host}${url.pathname}__ipc`);
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('error', () => resolve('refused'));
      }),
    ).resolves.toBe('refused');
  });
});

test('a desktop with a lock: the engine’s process closes the folder and cuts the window’s line, and opens both again', async ({ page }) => {
  test.setTimeout(120_000);
  const within = { timeout: 40_000 };
  const PASSPHRASE = 'lluvia tejado guitarra limon';
  const team = await startTeam();
  const dataDir = team.makeDataDir();
  const shell = await startProgram('main/shell/electron/app.ts', await team.engineArgs(dataDir), { ...team.engineEnv, NODE_OPTIONS: `--import ${REGISTER}` });
  try {
    team.meta.customerWrites({ from: '50255550101', name: 'Marta Ixchel', text: 'PalabraDeMarta' });
    await page.goto(windowUrl(shell));
    const row = page.getByRole('option').filter({ hasText: 'Marta Ixchel' });
    await expect(row).toBeVisible(within);
    await showSettings(page, 'Bloqueo');
    await page.getByRole('button', { name: 'Activar el bloqueo…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Frase de paso nueva', { exact: true }).fill(PASSPHRASE);
    await dialog.getByLabel('Otra vez, para no equivocarse', { exact: true }).fill(PASSPHRASE);
    await dialog.getByRole('button', { name: 'Activar y cifrar' }).click();
    await expect(row).toBeVisible(within);
    await page.keyboard.press('Control+Shift+L');
    const field = page.getByLabel('Frase de paso', { exact: true });
    await expect(field).toBeFocused(within);
    expect(findPlainInFolder(dataDir, ['Marta Ixchel', 'PalabraDeMarta'])).toEqual([]);
    await field.fill(PASSPHRASE);
    await field.press('Enter');
    await expect(row).toBeVisible(within);
    await row.click();
    await expect(page.getByText('PalabraDeMarta').first()).toBeVisible();
  } finally {
    await shell.stop();
    await team.stop();
  }
});

test.describe('as it is packed', () => {
  test.use({ entry: 'out/main/electron.js' });

  test('the built shell runs the built engine, relay and stand-in without node_modules', { tag: '@main' }, async ({ page, shell }) => {
    await page.goto(windowUrl(shell));
    await expect(someConversation(page)).toBeVisible();
  });
});

test('in Electron itself: the window shows the inbox', { tag: '@main' }, async ({ dataDir }) => {
  const executablePath = findElectron();
  test.skip(executablePath === null, "Electron's program is not installed here (node node_modules/electron/install.js fetches it)");
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({ executablePath: executablePath!, args: [...asRoot, ROOT, '--demo', '--no-past', '--data-dir', dataDir] });
  const page = await app.firstWindow();
  await expect(someConversation(page)).toBeVisible();
  await app.close();
});
