/** What the browser lets this page show, and asking for it: only ever on a click. */

/** `unsupported`: this browser shows none, or not for this page. */
export type Permission = 'granted' | 'denied' | 'default' | 'unsupported';

export const readPermission = (page: Window): Permission => ('Notification' in page ? (page.Notification as typeof Notification).permission : 'unsupported');

export const mayNotify = (page: Window): boolean => readPermission(page) === 'granted';

export async function askPermission(page: Window): Promise<Permission> {
  if (readPermission(page) !== 'default') return readPermission(page);
  return (page.Notification as typeof Notification).requestPermission();
}

declare global {
  interface Window {
    Notification?: typeof Notification;
  }
}
