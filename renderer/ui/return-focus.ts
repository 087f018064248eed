/**
 * Where the keyboard goes on when what had it goes away. Invariant: not to the page itself, from where Tab begins anew
 * and a screen reader has nothing to read, as long as there is a thread or a list.
 */

/** @param opener what had the focus before; the open thread or the list stands in for one that is gone. */
export function returnFocus(opener: Element | null): void {
  const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
  (isThere ? opener : (findThread() ?? findRow()))?.focus({ preventScroll: true });
}

/** Out of a text: from the composer to what is being answered, from a search to what it found. */
export function leaveText(text: HTMLElement): void {
  const next = text.closest('main') ? findThread() : (findRow() ?? findThread());
  if (next) next.focus({ preventScroll: true });
  else text.blur();
}

const findThread = (): HTMLElement | null => document.querySelector<HTMLElement>('main [role="log"]');
/** The one that the Tab key would come to. */
const findRow = (): HTMLElement | null => document.querySelector<HTMLElement>('[role="option"][data-id][tabindex="0"]');
