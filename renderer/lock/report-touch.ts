/** Tells the engine that somebody is at the window, so that it does not lock itself. Not with each touch. */
import type { EngineClient } from '../rpc/engine-client.ts';

const EVERY_MS = 20_000;
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;

export function reportTouches(client: Pick<EngineClient, 'lock'>, page: Pick<Window, 'addEventListener'>, now: () => number): void {
  let toldAt = -Infinity;
  const tell = (): void => {
    if (now() - toldAt < EVERY_MS) return;
    toldAt = now();
    // Without a line there is nothing to lock, or it is locked.
    client.lock.touch().catch(() => undefined);
  };
  for (const touch of TOUCHES) page.addEventListener(touch, tell, { passive: true, capture: true });
  tell();
}
