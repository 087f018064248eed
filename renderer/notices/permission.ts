/** What the browser lets this page show, and asking for it: only ever on a click. */

/** `unsupported`: this browser shows none, or not for this page. */
export type Permission = 'granted' | 'denied' | 'default' | 'unsupported';

export const readPermission = (page: Window): Permission => ('Notification' in page ? (page.Notification as typeof Notification).permission : 'unsupported');

export const mayNotify = (page: Window): boolean => readPermission(page) === 'granted';

const REMEMBERED_MS = 1_000;

/** The same for a flood of notices: each question to the browser stops the window for some milliseconds. */
export function createPermissionCheck(page: Window): () => boolean {
  let answer = false;
  let askedAt = -Infinity;
  return () => {
    if (performance.now() - askedAt > REMEMBERED_MS) {
      answer = mayNotify(page);
      askedAt = performance.now();
    }
    return answer;
  };
}

export async function askPermission(page: Window): Promise<Permission> {
  if (readPermission(page) !== 'default') return readPermission(page);
  return (page.Notification as typeof Notification).requestPermission();
}

declare global {
  interface Window {
    Notification?: typeof Notification;
  }
}
