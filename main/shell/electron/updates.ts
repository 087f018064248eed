/**
 * Looks for newer versions of the packaged program, fetches one that is signed (`update-signature.ts`) and has it installed when the agent
 * quits: nothing ever ends by itself. Which share of desktops is offered a release stands in the release (`stagingPercentage`); a desktop
 * draws its place once and keeps it. Where the system's own package manager put the program, updating is left to it.
 */
import type { AppUpdater } from 'electron-updater';
import { errorText, type Log } from '../../../contract/log.ts';
import { shellLanguageOf } from './shell-language.ts';
import { isSignedRelease } from './update-signature.ts';

const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 4 * 3_600_000;

/** The release key's public half, put in by the build: SPKI, DER in base64. Empty where the build was given none (`BANDEJA_UPDATE_KEY`). */
declare const UPDATE_KEY: string;
const builtInKey = (): string => (typeof UPDATE_KEY === 'undefined' ? '' : UPDATE_KEY);

export type Surroundings = { platform: NodeJS.Platform; isPackaged: boolean; env: NodeJS.ProcessEnv };
/** By which key updates are judged; null: this program looks for none. An AppImage is replaced by the program itself; deb and tar.gz are not. */
export function findUpdateKey({ platform, isPackaged, env }: Surroundings, key: string = builtInKey()): string | null {
  return isPackaged && key !== '' && (platform !== 'linux' || env['APPIMAGE'] !== undefined) ? key : null;
}

const TEXTS = {
  es: (version: string) => ({ title: `Bandeja ${version} está lista`, body: 'Se instala cuando salgas de Bandeja.' }),
  en: (version: string) => ({ title: `Bandeja ${version} is ready`, body: 'It is installed when you quit Bandeja.' }),
} as const;
/** @param locale of the system. */
export const wordUpdate = (version: string, locale: string): { title: string; body: string } => TEXTS[shellLanguageOf(locale)](version);

type Updater = Pick<AppUpdater, 'checkForUpdates' | 'downloadUpdate' | 'autoDownload' | 'autoInstallOnAppQuit' | 'allowDowngrade' | 'allowPrerelease' | 'logger'>;
type Deps = {
  updater: Updater;
  key: string;
  log: Log;
  /** A version is there and waits for the program's end. */
  onReady(version: string): void;
};
export type Updates = { /** One look. Never fails: what went wrong stands in the log. */ check(): Promise<void>; start(): void; stop(): Promise<void> };

export function createUpdates({ updater, key, log, onReady }: Deps): Updates {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = true;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  // It would write addresses and file names to the program's output.
  updater.logger = null;

  let readyVersion: string | null = null;
  const check = async (): Promise<void> => {
    try {
      const found = await updater.checkForUpdates();
      if (!found?.isUpdateAvailable || found.updateInfo.version === readyVersion) return;
      const { version } = found.updateInfo;
      if (!isSignedRelease(found.updateInfo, key)) return log('error', 'update.refused', { version, reason: 'not signed with the release key' });
      await updater.downloadUpdate();
      readyVersion = version;
      log('info', 'update.ready', { version });
      onReady(version);
    } catch (error) {
      log('warn', 'update.failed', { error: errorText(error) });
    }
  };

  let timer: NodeJS.Timeout | undefined;
  const look = (): void =>
    void check().then(() => {
      if (timer !== undefined) timer = setTimeout(look, EVERY_MS);
    });
  return {
    check,
    start: () => {
      timer = setTimeout(look, FIRST_AFTER_MS);
    },
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
