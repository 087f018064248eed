/** Where a key was pressed, for those who listen to the whole window. */

/** Also what takes a letter to find an entry by; a box to tick or a choice among a few takes none. */
const TEXT = 'textarea, select, input:not([type="checkbox"], [type="radio"])';

/**
 * `data-takes-letters`: stands in the place of a text that cannot be written, or asks before one leaves; what is typed in it, also on
 * its buttons, was meant for that.
 */
export const isInText = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT) || target.closest('[data-takes-letters]') !== null);
export const isInOverlay = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
