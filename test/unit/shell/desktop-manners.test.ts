/** What the Electron shell does for a window that lives long: where it stands, its mark, its menus, what is dragged out of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStoredFiles } from '../../../main/engine/stored-files.ts';
import { createDragCopies } from '../../../main/shell/drag-copies.ts';

vi.mock('electron', () => import('../../electron/electron.ts'));
const { BrowserWindow, calls, session } = await import('../../electron/electron.ts');
const { showContextMenus } = await import('../../../main/shell/electron/context-menu.ts');
const { checkSpelling } = await import('../../../main/shell/electron/spell-check.ts');
const { createTray } = await import('../../../main/shell/electron/tray.ts');
const { keepPlacement, readPlacement } = await import('../../../main/shell/electron/window-state.ts');

const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-manners-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void calls.splice(0));
const argsOf = (api: string): unknown[][] => calls.filter((call) => call.api === api).map(({ args }) => args);

describe('the window', () => {
  const file = path.join(folder, 'window.json');
  const write = (state: unknown): void => writeFileSync(file, JSON.stringify(state));

  test('comes back where it was closed, maximized or not', () => {
    const window = new BrowserWindow({});
    window.bounds = { x: 100, y: 50, width: 1100, height: 700 };
    window.maximize();
    keepPlacement(window as never, file);
    window.emit('close', {});
    expect(readPlacement(file)).toEqual({ x: 100, y: 50, width: 1100, height: 700, isMaximized: true });
  });

  test('does not come back where nobody can see it, or too small', () => {
    write({ bounds: { x: 4000, y: 50, width: 300, height: 200 }, isMaximized: false });
    expect(readPlacement(file)).toEqual({ width: 720, height: 480, isMaximized: false });
    write({ bounds: { x: 100, y: 1030, width: 900, height: 700 }, isMaximized: false });
    expect(readPlacement(file)).toEqual({ width: 900, height: 700, isMaximized: false });
  });

  test.each(['', '{', '[]', '{"bounds":{"x":"a"}}', '{"bounds":{"x":1e300,"y":0,"width":1,"height":1},"isMaximized":false}'])('opens as usual when its file says %j', (text) => {
    writeFileSync(file, text);
    expect(readPlacement(file)).toEqual({ width: 1280, height: 820, isMaximized: false });
  });
});

test('the mark says how many wait, and leads back and out', () => {
  const onOpen = vi.fn();
  const tray = createTray(onOpen)!;
  tray.show(1);
  tray.show(3);
  tray.show(0);
  expect(argsOf('tray.setToolTip').map(([text]) => text)).toEqual(['Bandeja', 'Bandeja: 1 conversación te espera', 'Bandeja: 3 conversaciones te esperan', 'Bandeja']);
  const [menu] = argsOf('tray.setContextMenu')[0] as [{ label?: string; click?: () => void }[]];
  expect(menu.map(({ label }) => label)).toEqual(['Abrir Bandeja', undefined, 'Salir']);
  menu[0]!.click!();
  expect(onOpen).toHaveBeenCalledOnce();
});

test('spelling is checked in both languages with what the system has; macOS knows by itself', () => {
  checkSpelling(session.defaultSession as never, 'linux');
  checkSpelling(session.defaultSession as never, 'darwin');
  expect(argsOf('session.setSpellCheckerLanguages')).toEqual([[['es-MX', 'en-US']]]);
});

describe('the menu of a text', () => {
  const nothing = {
    misspelledWord: '',
    dictionarySuggestions: [],
    isEditable: false,
    editFlags: { canCut: true, canCopy: true, canPaste: true, canSelectAll: true },
    selectionText: '',
    linkURL: '',
    mediaType: 'none',
    x: 1,
    y: 2,
  };
  const { webContents } = new BrowserWindow({});
  showContextMenus(webContents as never);
  const open = (params: object): { label: string; click?: () => void }[] | undefined => {
    webContents.emit('context-menu', {}, { ...nothing, ...params });
    return argsOf('menu.popup')[0]?.[0] as { label: string; click?: () => void }[] | undefined;
  };

  test('proposes how a word is written and learns it', () => {
    const menu = open({ isEditable: true, misspelledWord: 'soliciutd', dictionarySuggestions: ['solicitud'] })!;
    menu.find(({ label }) => label === 'solicitud')!.click!();
    menu.find(({ label }) => label === 'Añadir al diccionario')!.click!();
    expect(argsOf('webContents.replaceMisspelling')).toEqual([['solicitud']]);
    expect(argsOf('session.addWordToSpellCheckerDictionary')).toEqual([['soliciutd']]);
    expect(menu.map(({ label }) => label)).toContain('Pegar');
  });

  test('copies web links, and no others', () => {
    open({ linkURL: 'https://example.com/a' })![0]!.click!();
    expect(argsOf('clipboard.writeText')).toEqual([['https://example.com/a']]);
    calls.splice(0);
    expect(open({ linkURL: 'javascript:alert(1)' })).toBeUndefined();
  });

  test('does not open over nothing', () => expect(open({})).toBeUndefined());
});

describe('dragging a file out', () => {
  const mediaDir = path.join(folder, 'media');
  const sha256 = 'ab'.repeat(32);
  mkdirSync(path.join(mediaDir, 'ab'), { recursive: true });
  writeFileSync(path.join(mediaDir, 'ab', sha256), 'the bytes');

  test('gives a copy under its own name, which is gone with the program', async () => {
    const copies = createDragCopies(() => createStoredFiles(folder), folder);
    const file = (await copies.make({ sha256, filename: '../Manual: PTAR.pdf' }))!;
    expect(path.basename(file)).toMatch(/^[^/\\:]*PTAR\.pdf$/);
    expect(readFileSync(file, 'utf8')).toBe('the bytes');
    await copies.stop();
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  test.each([{}, null, { sha256: '../../secret', filename: 'x' }, { sha256: 'AB'.repeat(32), filename: 'x' }, { sha256, filename: 1 }])('%j gives nothing', async (request) =>
    expect(await createDragCopies(() => createStoredFiles(folder), folder).make(request)).toBeNull(),
  );
});
