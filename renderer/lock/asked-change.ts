/** Turning the lock on or off begins the page anew, twice: the page that comes in the end says what came of it. */
import { findWindowStorage, type WindowStorage } from '../shell/window-storage.ts';
import type { App } from '../store/app.ts';

const KEY = 'bandeja.lock-asked';
export type AskedChange = 'turnOn' | 'turnOff';

/** Nothing that is told here is a secret: it may lie in the browser. */
const ofTab = (): WindowStorage => findWindowStorage(() => sessionStorage);

export const rememberAsked = (asked: AskedChange, storage = ofTab()): void => storage.setItem(KEY, asked);

/** Once, as soon as there is a line: then the desktop is what it has become. */
export function tellOutcome({ client, stores: { link, toasts } }: Pick<App, 'client' | 'stores'>, storage = ofTab()): void {
  const asked = storage.getItem(KEY);
  if (asked === null) return;
  const stop = link.subscribe(({ status }) => {
    if (status !== 'up') return;
    stop();
    storage.removeItem(KEY);
    void client.lock.state().then(
      ({ isOn, failure }) => {
        if (isOn === (asked === 'turnOn')) toasts.getState().say(isOn ? 'lock.turnedOn' : 'lock.turnedOff');
        else toasts.getState().say(`lock.failure.${failure ?? 'INTERNAL'}`, { tone: 'failure' });
      },
      // The settings say it, too.
      () => undefined,
    );
  });
}
