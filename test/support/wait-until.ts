import { setTimeout as pause } from 'node:timers/promises';

/** Looks every few milliseconds until `look` gives something other than false, null or undefined; fails after `withinMs`. */
export async function waitUntil<T>(what: string, look: () => T | Promise<T>, withinMs = 10_000): Promise<NonNullable<T>> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(10)) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
  }
  throw new Error(`waited ${withinMs} ms in vain until ${what}`);
}
