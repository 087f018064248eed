/**
 * The one listener for the keys of commands. Whoever can carry a command out offers it while they are on screen; of several the one that
 * came last is asked first. Invariants: nothing happens to a key that is part of a text, is within a dialog or a menu, or that somebody
 * nearer to the focus took, except that the second of two keys belongs to the first one, wherever the focus is; a held key repeats only where going on is what it means; what cannot be done now leaves the key to others.
 */
import { COMMANDS, commandOf, type CommandId } from './catalogue.ts';
import type { Keymap } from './keymap.ts';
import { isBare, strokeOf, strokesOf, type Stroke } from './stroke.ts';

export type CommandHandler = {
  run(by: Stroke | null): void;
  /** It can be done now. `by`: the key; null: it was chosen by its name. */
  can?(by: Stroke | null): boolean;
  /** Escape within a text, for `back` only. */
  leaveText?(text: HTMLElement): void;
};
export type Offered = Partial<Record<CommandId, (() => void) | CommandHandler>>;

export type CommandDesk = {
  /** @returns takes it back. */
  offer(offered: Offered): () => void;
  /** By the name of a command, as its key would. @returns false: it cannot be done now. */
  run(id: CommandId): boolean;
  /** What can be done now by name, with the focus where it is. */
  listPossible(): CommandId[];
  /** Before whatever is nearer to the focus hears of the key (capture). */
  onKeyDownFirst(event: KeyboardEvent): void;
  onKeyDown(event: KeyboardEvent): void;
};

/** Ms within which a second key belongs to the first. */
const WITHIN_MS = 1_500;

type Deps = { keymap(): Keymap; isInText(target: EventTarget | null): boolean; isInOverlay(target: EventTarget | null): boolean };

export function createCommandDesk({ keymap, isInText, isInOverlay }: Deps): CommandDesk {
  const offers: Offered[] = [];
  /** The first of two keys, and when it was pressed. */
  let first: { stroke: Stroke; at: number } | null = null;

  const asHandler = (offered: (() => void) | CommandHandler): CommandHandler => (typeof offered === 'function' ? { run: offered } : offered);
  function findHandler(id: CommandId, by: Stroke | null): CommandHandler | null {
    for (const offered of offers.toReversed()) {
      const handler = offered[id];
      if (handler && (asHandler(handler).can?.(by) ?? true)) return asHandler(handler);
    }
    return null;
  }

  function bound(binding: string): CommandId[] {
    return COMMANDS.filter(({ id, fixed }) => keymap().get(id)?.includes(binding) || fixed?.includes(binding)).map(({ id }) => id);
  }
  const begins = (stroke: Stroke): boolean => [...keymap().values()].some((bindings) => bindings.some((binding) => strokesOf(binding).length === 2 && strokesOf(binding)[0] === stroke));

  /** What these keys mean; `stroke`: the last one. */
  function find(binding: string, stroke: Stroke, isText: boolean): { id: CommandId; handler: CommandHandler } | null {
    for (const id of bound(binding)) {
      if (isText && !commandOf(id).inText) continue;
      const handler = findHandler(id, stroke);
      if (handler) return { id, handler };
    }
    return null;
  }

  return {
    offer: (offered) => {
      offers.push(offered);
      return () => void offers.splice(offers.indexOf(offered), 1);
    },
    run: (id) => {
      const handler = findHandler(id, null);
      handler?.run(null);
      return handler !== null;
    },
    listPossible: () => COMMANDS.filter(({ id, isByFocus }) => !isByFocus && findHandler(id, null) !== null).map(({ id }) => id),
    onKeyDownFirst: (event) => {
      const stroke = strokeOf(event);
      if (stroke === null || first === null) return;
      const before = event.timeStamp - first.at < WITHIN_MS ? first.stroke : null;
      first = null;
      if (before === null || event.repeat || event.isComposing || isInText(event.target) || isInOverlay(event.target)) return;
      const found = find(`${before} ${stroke}`, stroke, false);
      if (!found) return;
      event.preventDefault();
      event.stopPropagation();
      found.handler.run(stroke);
    },
    onKeyDown: (event) => {
      const stroke = strokeOf(event);
      if (stroke === null || event.isComposing || event.defaultPrevented || isInOverlay(event.target)) return;
      const isText = isInText(event.target);
      if (isText && stroke === 'escape') return findHandler('back', stroke)?.leaveText?.(event.target as HTMLElement);
      const found = find(stroke, stroke, isText);
      if (found) {
        if (event.repeat && !commandOf(found.id).repeats) return;
        event.preventDefault();
        return found.handler.run(stroke);
      }
      if (isText || !isBare(stroke) || event.repeat || !begins(stroke)) return;
      event.preventDefault();
      first = { stroke, at: event.timeStamp };
    },
  };
}
