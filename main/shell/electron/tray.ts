/** The mark beside the clock: how many conversations wait, and the way in and out while the window is closed. */
import { app, Menu, nativeImage, Tray } from 'electron';
import { shellLanguageOf } from './shell-language.ts';
import { TRAY_ICON } from './tray-icon.ts';

const TEXTS = {
  es: { waiting: (count: number) => (count === 1 ? '1 conversación te espera' : `${count} conversaciones te esperan`), open: 'Abrir Bandeja', quit: 'Salir' },
  en: { waiting: (count: number) => (count === 1 ? '1 conversation waits for you' : `${count} conversations wait for you`), open: 'Open Bandeja', quit: 'Quit' },
} as const;

export type TrayMark = { show(count: number): void };

/** Null where the system has no such place. `onOpen`: brings the window to the front. */
export function createTray(onOpen: () => void): TrayMark | null {
  const text = TEXTS[shellLanguageOf(app.getLocale())];
  try {
    const tray = new Tray(nativeImage.createFromDataURL(TRAY_ICON));
    tray.setToolTip('Bandeja');
    tray.setContextMenu(Menu.buildFromTemplate([{ label: text.open, click: onOpen }, { type: 'separator' }, { label: text.quit, click: () => app.quit() }]));
    tray.on('click', onOpen);
    return {
      show: (count) => {
        tray.setToolTip(count === 0 ? 'Bandeja' : `Bandeja: ${text.waiting(count)}`);
        // Beside the icon, where the system shows words there (macOS).
        tray.setTitle(count === 0 ? '' : String(count));
      },
    };
  } catch {
    return null;
  }
}
