/**
 * Where the keyboard goes on when what had it goes away. Invariant: never to the page itself, from where Tab begins anew
 * and a screen reader has nothing to read.
 */

/** Whether something has the keyboard. What is shut gives it back a moment later, when the next key may have put it where somebody types. */
export const isFocusTaken = (): boolean => document.activeElement !== null && document.activeElement !== document.body;

/** For what is shut: gives the keyboard back, unless it has gone elsewhere meanwhile. */
export function returnFocus(opener: Element | null): void {
  if (!isFocusTaken()) moveFocus(opener);
}

/** @param opener what had the focus before; the place stands in for one that is gone. */
export function moveFocus(opener: Element | null): void {
  const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
  if (isThere) opener.focus({ preventScroll: true });
  else focusPlace();
}

/** Into a place that has just been come to: the open thread or the list, else the page, whose name is read and from where Tab goes on. */
export function focusPlace(): void {
  const start = findThread() ?? findRow() ?? document.querySelector<HTMLElement>('main');
  if (start?.tagName === 'MAIN') start.tabIndex = -1;
  start?.focus({ preventScroll: true });
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
