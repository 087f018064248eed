/**
 * Turning the lock on or off begins the page anew, twice: the page that comes in the end says what came of it. One that failed at once is back before the page
 * has noticed: then the page that asked says it.
 */
import { findWindowStorage, type WindowStorage } from '../shell/window-storage.ts';
import type { App } from '../store/app.ts';

const KEY = 'bandeja.lock-asked';
export type AskedChange = 'turnOn' | 'turnOff';

/** Nothing that is told here is a secret: it may lie in the browser. */
const ofTab = (): WindowStorage => findWindowStorage(() => sessionStorage);

export const rememberAsked = (asked: AskedChange, storage = ofTab()): void => storage.setItem(KEY, asked);

/** Once, as soon as there is a line and nothing is under way: then the desktop is what it has become. @param isNewPage false: the page that asked; another one tells of what was done. */
export function tellOutcome({ client, stores: { link, toasts } }: { client: App['client']; stores: Pick<App['stores'], 'link' | 'toasts'> }, isNewPage = true, storage = ofTab()): void {
  const asked = storage.getItem(KEY);
  if (asked === null) return;
  const stop = link.subscribe(({ status }) => {
    if (status !== 'up') return;
    void client.lock.state().then(
      ({ isOn, failure, busy }) => {
        const isDone = isOn === (asked === 'turnOn');
        if (busy !== null || (isDone && !isNewPage)) return;
        stop();
        storage.removeItem(KEY);
        if (isDone) toasts.getState().say(isOn ? 'lock.turnedOn' : 'lock.turnedOff');
        else toasts.getState().say(`lock.failure.${failure ?? 'INTERNAL'}`, { tone: 'failure' });
      },
      // The settings say it, too.
      () => undefined,
    );
  });
}
