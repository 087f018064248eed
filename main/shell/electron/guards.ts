/** What no page may do, whatever it contains: navigate away, open windows, embed others, load from elsewhere, use devices. Everything is denied first. */
import { app, shell, type MediaAccessPermissionRequest, type Session, type WebFrameMain } from 'electron';
import { isAppUrl } from './app-protocol.ts';

/** Copying text; the rest (location, devices …) has no use in an inbox. Notifications are shown from outside the page. */
const ALLOWED_PERMISSIONS = new Set(['clipboard-sanitized-write']);

/** Links go to the user's browser, and only web addresses: other schemes start programs. */
function openOutside(url: string): void {
  if (['https:', 'http:'].includes(URL.parse(url)?.protocol ?? '')) void shell.openExternal(url);
}

/** For every page of the program, also those that do not exist yet. */
export function guardNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url);
      return { action: 'deny' };
    });
    contents.on('will-navigate', (event) => {
      if (isAppUrl(event.url)) return;
      event.preventDefault();
      openOutside(event.url);
    });
    // Nothing is embedded, so no frame has anywhere to go.
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isAppUrl(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** Whether a message to the main process is from the window's own document: not from a frame in it, nor from another page. */
export const isOwnPage = (frame: Pick<WebFrameMain, 'parent' | 'url'> | null): boolean => frame !== null && frame.parent === null && isAppUrl(frame.url);

/**
 * The page reaches our own files and nothing else, also where its content policy had a hole: what speaks with the relay, Meta and a model is
 * the engine, in a process of its own. What the page saves is a file of ours or made by itself.
 */
export function guardRequests(session: Session): void {
  session.webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'] }, (_details, answer) => answer({ cancel: true }));
  session.on('will-download', (event, item) => {
    const url = item.getURL();
    if (!isAppUrl(url) && !isAppUrl(url.replace(/^blob:/, ''))) event.preventDefault();
  });
}

/** The microphone, for voice notes, and never the camera: both are one permission (`media`). */
const isMicrophoneOnly = (mediaTypes: readonly string[]): boolean => mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio');

/** Both handlers: Chromium asks the one for what it may do at all and the other for what the user would be asked. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const isVoice = permission === 'media' && details.isMainFrame && isMicrophoneOnly((details as MediaAccessPermissionRequest).mediaTypes ?? []);
    // Only while the agent is in the window: nothing listens from behind another one.
    answer(((isVoice && contents.isFocused()) || ALLOWED_PERMISSIONS.has(permission)) && isAppUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const isVoice = permission === 'media' && details.mediaType === 'audio';
    return (isVoice || ALLOWED_PERMISSIONS.has(permission)) && isAppUrl(origin.endsWith('/') ? origin : `${origin}/`);
  });
  session.setDevicePermissionHandler(() => false);
}

/** Chromium's switches with which another program would look into the window, or take its walls down. */
const FORBIDDEN_SWITCHES = ['remote-debugging-port', 'remote-debugging-pipe', 'disable-web-security', 'disable-site-isolation-trials', 'load-extension'];

/** Of a packaged program. @returns the switch for which it must not start, or null. */
export const findForbiddenSwitch = (): string | null => FORBIDDEN_SWITCHES.find((name) => app.commandLine.hasSwitch(name)) ?? null;
