/**
 * Which keys the commands have on this desktop, and which others they can be given. Invariants: what was chosen never takes a key from
 * another command that can be meant in the same place, nor one that the computer or the window's own controls need; a key that was kept
 * from a version with other commands, and would do so now, is passed over.
 */
import { BINDING } from '../../contract/keys/binding.ts';
import { COMMANDS, commandOf, isCommandId, isRemappable, type Command, type CommandId } from './catalogue.ts';
import { isBare, strokesOf, type Binding } from './stroke.ts';

/** As kept in the preferences: only what differs. An empty list: no key. */
export type KeymapChoice = Readonly<Record<string, readonly Binding[]>>;
export type Keymap = ReadonlyMap<CommandId, readonly Binding[]>;

export type KeyRefusal =
  | { reason: 'taken'; by: CommandId }
  /** Why the key is not ours to give; a text in `keys.reserved`. */
  | { reason: 'reserved'; why: ReservedWhy }
  /** Within a text it would be a letter, and this command works there. */
  | { reason: 'needs_modifier' }
  /** It writes a sign with AltGr, or an accent: only signs that a key writes. */
  | { reason: 'not_a_key' };

export type ReservedWhy = 'browser' | 'system' | 'menus' | 'controls' | 'text' | 'reload';

/** By stroke; whatever shell the window runs in, so that a keymap is the same in both. */
const RESERVED: Readonly<Record<string, ReservedWhy>> = {
  ...byKeys('browser', ['mod+w', 'mod+shift+w', 'mod+t', 'mod+shift+t', 'mod+n', 'mod+shift+n', 'mod+tab', 'mod+shift+tab', 'mod+l', 'mod+p', 'mod+s', 'mod+h', 'mod+d', 'mod+u', 'mod+shift+i']),
  ...byKeys('browser', ['mod+shift+j', 'mod+shift+c', 'mod+0', 'mod++', 'mod+-', 'mod+=', 'alt+arrowleft', 'alt+arrowright', 'f1', 'f3', 'f6', 'f7', 'f10', 'f11', 'f12']),
  ...byKeys('reload', ['mod+r', 'mod+shift+r', 'f5', 'mod+f5']),
  ...byKeys('system', ['alt+f4', 'alt+tab', 'alt+shift+tab', 'alt+space', 'alt+escape', 'mod+escape', 'mod+shift+escape', 'mod+q', 'mod+m', 'mod+alt+delete', 'mod+space', 'alt+enter', 'f4']),
  ...byKeys('text', ['mod+c', 'mod+v', 'mod+x', 'mod+y', 'mod+shift+z', 'mod+shift+v', 'mod+b', 'mod+i']),
  ...byKeys('controls', ['enter', 'shift+enter', 'mod+enter', 'escape', 'tab', 'shift+tab', 'space', 'shift+space', 'shift+f10']),
};
const IS_CONTROL = /^(?:mod\+)?(?:shift\+)?(?:arrow\w+|home|end|pageup|pagedown|delete|backspace|insert)$/;
/** Letters open the menus of a browser and of Windows programs; digits with Ctrl choose a tab. */
const IS_MENU = /^alt\+(?:shift\+)?\p{L}$/u;
const IS_TAB = /^(?:mod|alt)\+[1-9]$/;
/** With both, Windows writes what AltGr writes. */
const IS_ALT_GRAPH = /^mod\+alt\+/;

function byKeys(why: ReservedWhy, strokes: readonly string[]): Record<string, ReservedWhy> {
  return Object.fromEntries(strokes.map((stroke) => [stroke, why]));
}

function reservedWhy(stroke: string): ReservedWhy | null {
  if (RESERVED[stroke]) return RESERVED[stroke];
  if (IS_CONTROL.test(stroke)) return 'controls';
  if (IS_MENU.test(stroke)) return 'menus';
  if (IS_TAB.test(stroke)) return 'browser';
  return IS_ALT_GRAPH.test(stroke) ? 'system' : null;
}

/** Both can be meant by one press. A box of its own (`nudge`, `notices`) hears no others. */
const BOXES: ReadonlySet<string> = new Set(['nudge', 'notices']);
export function meet(a: Pick<Command, 'where'>, b: Pick<Command, 'where'>): boolean {
  const isAnywhere = (one: Pick<Command, 'where'>, other: Pick<Command, 'where'>): boolean => one.where.includes('window') && other.where.some((place) => !BOXES.has(place));
  return a.where.some((place) => b.where.includes(place)) || isAnywhere(a, b) || isAnywhere(b, a);
}

/** One is the other, or its beginning: `g` would keep `g m` from ever being pressed. */
export function clash(a: Binding, b: Binding): boolean {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  return shorter === longer || (strokesOf(longer).length === 2 && strokesOf(longer)[0] === shorter);
}

/** Null: it can have it. @param keymap what stands. */
export function refuseBinding(id: CommandId, binding: Binding, keymap: Keymap): KeyRefusal | null {
  const command = commandOf(id);
  const strokes = strokesOf(binding);
  if (!BINDING.test(binding) || (strokes.length > 1 && !strokes.every(isBare))) return { reason: 'not_a_key' };
  if (command.inText && !/^f\d+$/.test(binding) && strokes.some(isBare)) return { reason: 'needs_modifier' };
  if (!commandOf(id).keys.includes(binding)) {
    for (const stroke of strokes) {
      const why = reservedWhy(stroke);
      if (why) return { reason: 'reserved', why };
    }
  }
  const by = findTaker(id, binding, keymap);
  return by ? { reason: 'taken', by } : null;
}

function findTaker(id: CommandId, binding: Binding, keymap: Keymap): CommandId | null {
  const command = commandOf(id);
  for (const other of COMMANDS) {
    if (other.id === id || !isRemappable(other) || !meet(command, other)) continue;
    if (keymap.get(other.id)?.some((taken) => clash(taken, binding))) return other.id;
  }
  return null;
}

/** The keys in force: the usual ones, and what was chosen in their place as far as it can stand. */
export function keymapOf(choice: KeymapChoice): Keymap {
  const chosen = Object.entries(choice).filter((entry): entry is [CommandId, readonly Binding[]] => isCommandId(entry[0]) && isRemappable(commandOf(entry[0])));
  const keymap = new Map<CommandId, readonly Binding[]>(COMMANDS.map(({ id, keys }) => [id, keys]));
  // First all of them give up their own, so that two commands can change places.
  for (const [id] of chosen) keymap.set(id, []);
  for (const [id, bindings] of chosen)
    keymap.set(
      id,
      bindings.filter((binding) => refuseBinding(id, binding, keymap) === null),
    );
  // What could not stand must not leave its command without a key that it had, if that is still free.
  for (const [id, bindings] of chosen) {
    if (bindings.length > 0 && keymap.get(id)?.length === 0)
      keymap.set(
        id,
        commandOf(id).keys.filter((binding) => refuseBinding(id, binding, keymap) === null),
      );
  }
  return keymap;
}

/** With another key for one command; its usual ones are not kept as a choice. */
export function choose(choice: KeymapChoice, id: CommandId, bindings: readonly Binding[] | null): Record<string, string[]> {
  const { [id]: _, ...rest } = choice;
  const usual = commandOf(id).keys;
  const isUsual = bindings === null || (bindings.length === usual.length && bindings.every((binding, at) => binding === usual[at]));
  const next = isUsual ? rest : { ...rest, [id]: bindings };
  return Object.fromEntries(Object.entries(next).map(([key, value]) => [key, [...value]]));
}
