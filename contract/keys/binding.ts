/**
 * How a key, or two one after the other, is written down: `e`, `shift+e`, `mod+k`, `alt+[`, `g m`. `mod` is Ctrl, or Cmd on a Mac. A
 * sign that needs Shift or AltGr on some keyboard is written as the sign alone: where it sits is that keyboard's business.
 */

const NAMED = 'enter|escape|delete|backspace|tab|space|home|end|pageup|pagedown|arrowup|arrowdown|arrowleft|arrowright|insert|f\\d{1,2}';
const STROKE = `(mod\\+)?(alt\\+)?(shift\\+)?(${NAMED}|[^\\s\\p{C}\\p{Lu}])`;

/** At most two strokes. */
export const BINDING = new RegExp(`^${STROKE}( ${STROKE})?$`, 'u');

/** Longest name of a command, and most ways to give one: what a settings row may hold. */
export const COMMAND_ID_MAX = 60;
export const BINDINGS_MAX = 3;
export const KEYMAP_MAX = 200;
