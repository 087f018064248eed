/**
 * The secret with which this window opens its line to the engine in the browser shell. It comes once in the address
 * (`#k=…`), is kept for this tab only, and never stays in the address or the history.
 */
const STORAGE_KEY = 'bandeja.secret';

type Page = { location: Pick<Location, 'hash' | 'pathname' | 'search'>; history: Pick<History, 'replaceState'>; sessionStorage: Pick<Storage, 'getItem' | 'setItem'> };

export function takeSecret({ location, history, sessionStorage }: Page): string | null {
  const given = /^#k=([\w-]+)$/.exec(location.hash)?.[1];
  if (given === undefined) return sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.setItem(STORAGE_KEY, given);
  history.replaceState(null, '', location.pathname + location.search);
  return given;
}
