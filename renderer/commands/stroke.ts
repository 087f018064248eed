/**
 * What a key press means, whatever the keyboard. Invariants: the sign that the key writes counts, never its place, so that `?` and `/`
 * work where they need Shift; AltGr writes signs and is not Ctrl with Alt; a dead key and a press within an input method are none of ours.
 */

/** In the way of `contract/keys/binding.ts`: `mod+k`. */
export type Stroke = string;
/** One stroke, or two with a space between. */
export type Binding = string;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'>;

const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Fn', 'OS', 'Hyper', 'Super']);
const NAMES: Readonly<Record<string, string>> = { ' ': 'space' };
/** With Option a Mac writes other signs: there the key itself is meant. Also for brackets, which many keyboards only write with AltGr. */
const BY_PLACE: Readonly<Record<string, string>> = { BracketLeft: '[', BracketRight: ']', Comma: ',', Period: '.', Slash: '/', Minus: '-' };

const isLetter = (key: string): boolean => key.toLowerCase() !== key.toUpperCase();

function plainKeyOf({ key, code }: Pressed): string {
  const place = BY_PLACE[code];
  if (place === '[' || place === ']') return place;
  // What Option writes is beyond ASCII, or a dead key.
  if (/^[!-~]$/.test(key) || (key.length > 1 && key !== 'Dead')) return key;
  return place ?? /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? key;
}

/** Null: nothing that a command could be bound to, as a modifier alone. */
export function strokeOf(event: Pressed): Stroke | null {
  if (MODIFIERS.has(event.key) || event.key === 'Process' || event.key === 'Unidentified') return null;
  const writesSign = event.getModifierState('AltGraph');
  const alt = event.altKey && !writesSign;
  const mod = (event.ctrlKey || event.metaKey) && !writesSign;
  const key = alt ? plainKeyOf(event) : event.key;
  if (key === 'Dead') return null;
  const name = NAMES[key] ?? key.toLowerCase();
  // Where a sign is written with Shift, Shift is part of the sign.
  const shift = event.shiftKey && (key.length > 1 || key === ' ' || isLetter(key));
  return `${mod ? 'mod+' : ''}${alt ? 'alt+' : ''}${shift ? 'shift+' : ''}${name}`;
}

/** Written in a text it would be a letter. */
export const isBare = (stroke: Stroke): boolean => !/^(mod|alt)\+/.test(stroke);

export const strokesOf = (binding: Binding): Stroke[] => binding.split(' ');

const SHOWN: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  delete: 'Del',
  backspace: '⌫',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  space: '␣',
  home: 'Home',
  end: 'End',
  tab: 'Tab',
  insert: 'Ins',
};
const ARIA: Readonly<Record<string, string>> = {
  escape: 'Escape',
  enter: 'Enter',
  delete: 'Delete',
  backspace: 'Backspace',
  arrowup: 'ArrowUp',
  arrowdown: 'ArrowDown',
  space: 'Space',
};

/** What comes before the key and the key; `+` can be the key. */
function partsOf(stroke: Stroke): { mod: boolean; alt: boolean; shift: boolean; key: string } {
  const [, mod, alt, shift, key = ''] = /^(mod\+)?(alt\+)?(shift\+)?(.+)$/.exec(stroke) ?? [];
  return { mod: mod !== undefined, alt: alt !== undefined, shift: shift !== undefined, key };
}

/** For people: `Ctrl+F`, `⇧E`, `G M`. @param mod name of the key that goes with shortcuts (`ui/keys.ts`). */
export const showBinding = (binding: Binding, mod: string): string =>
  strokesOf(binding)
    .map((stroke) => {
      const { mod: hasMod, alt, shift, key } = partsOf(stroke);
      return `${hasMod ? `${mod}+` : ''}${alt ? (mod === '⌘' ? '⌥+' : 'Alt+') : ''}${shift ? (hasMod || alt ? 'Shift+' : '⇧') : ''}${SHOWN[key] ?? key.toUpperCase()}`;
    })
    .join(' ');

/** For `aria-keyshortcuts`, in which a space parts alternatives and two keys one after the other cannot be said. */
export const ariaBinding = (binding: Binding, mod: string): string | undefined => {
  if (strokesOf(binding).length > 1) return undefined;
  const { mod: hasMod, alt, shift, key } = partsOf(binding);
  return `${hasMod ? (mod === '⌘' ? 'Meta+' : 'Control+') : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${ARIA[key] ?? key.toUpperCase()}`;
};
