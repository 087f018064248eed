/** Where a key was pressed, for those who listen to the whole window. */

/**
 * `data-takes-letters`: stands in the place of a text that cannot be written, or asks before one leaves; what is typed in it, also on
 * its buttons, was meant for that.
 */
export const isInText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select') || target.closest('[data-takes-letters]') !== null);
export const isInOverlay = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
