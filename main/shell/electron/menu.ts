/** The application menu, in the system's language: Spanish or English. Roles bring the usual shortcuts with them. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { shellLanguageOf } from './shell-language.ts';

const TEXTS = {
  es: {
    file: 'Archivo',
    close: 'Cerrar ventana',
    lock: 'Bloquear',
    quit: 'Salir',
    edit: 'Edición',
    undo: 'Deshacer',
    redo: 'Rehacer',
    cut: 'Cortar',
    copy: 'Copiar',
    paste: 'Pegar',
    selectAll: 'Seleccionar todo',
    view: 'Ver',
    zoomIn: 'Acercar',
    zoomOut: 'Alejar',
    resetZoom: 'Tamaño normal',
    fullScreen: 'Pantalla completa',
    developer: 'Herramientas de desarrollo',
  },
  en: {
    file: 'File',
    close: 'Close window',
    lock: 'Lock',
    quit: 'Quit',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: 'View',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    resetZoom: 'Actual size',
    fullScreen: 'Full screen',
    developer: 'Developer tools',
  },
} as const;

/** @param onLock of the workspace; null: there is nothing to lock. */
export function showMenu(onLock: (() => void) | null): void {
  const text = TEXTS[shellLanguageOf(app.getLocale())];
  const separator = { type: 'separator' } as const;
  const lock = onLock ? [{ label: text.lock, click: onLock }] : [];
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: text.file,
      submenu: process.platform === 'darwin' ? [...lock, { role: 'close', label: text.close }] : [...lock, { role: 'close', label: text.close }, { role: 'quit', label: text.quit }],
    },
    {
      label: text.edit,
      submenu: [
        { role: 'undo', label: text.undo },
        { role: 'redo', label: text.redo },
        separator,
        { role: 'cut', label: text.cut },
        { role: 'copy', label: text.copy },
        { role: 'paste', label: text.paste },
        { role: 'selectAll', label: text.selectAll },
      ],
    },
    {
      label: text.view,
      submenu: [
        { role: 'zoomIn', label: text.zoomIn },
        { role: 'zoomOut', label: text.zoomOut },
        { role: 'resetZoom', label: text.resetZoom },
        separator,
        { role: 'togglefullscreen', label: text.fullScreen },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools', label: text.developer } as const]),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
