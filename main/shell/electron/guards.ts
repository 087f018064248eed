/** What no page may do, whatever it contains: navigate away, open windows, embed others, use devices. Everything is denied first. */
import { app, shell, type MediaAccessPermissionRequest, type Session } from 'electron';
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
    contents.on('will-redirect', (event) => {
      if (!isAppUrl(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** The microphone, for voice notes, and never the camera: both are one permission (`media`). */
const isMicrophoneOnly = (mediaTypes: readonly string[]): boolean => mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio');

/** Both handlers: Chromium asks the one for what it may do at all and the other for what the user would be asked. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const isVoice = permission === 'media' && details.isMainFrame && isMicrophoneOnly((details as MediaAccessPermissionRequest).mediaTypes ?? []);
    answer((isVoice || ALLOWED_PERMISSIONS.has(permission)) && isAppUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const isVoice = permission === 'media' && details.mediaType === 'audio';
    return (isVoice || ALLOWED_PERMISSIONS.has(permission)) && isAppUrl(origin.endsWith('/') ? origin : `${origin}/`);
  });
}
