/** Carrying out commands, and saying which key they have. */
import { useLayoutEffect, useMemo } from 'react';
import { useCommandDesk, useFrom } from '../ui/app-context.tsx';
import { modKey } from '../ui/keys.ts';
import { commandOf, type CommandId } from './catalogue.ts';
import type { CommandHandler, Offered } from './command-desk.ts';
import type { Keymap } from './keymap.ts';
import { ariaBinding, showBinding, strokeOf, type Binding } from './stroke.ts';

/** While the component is there; `offered` is kept by its maker (useMemo). */
export function useOffer(offered: Offered): void {
  const desk = useCommandDesk();
  // With the button that names the key, not some moments after it.
  useLayoutEffect(() => desk.offer(offered), [desk, offered]);
}

/** A row of the list other than the open one: the key is meant for that. */
const isOtherRow = (openId: string): boolean => {
  const id = document.activeElement?.closest('[role="option"]')?.getAttribute('data-id');
  return id !== null && id !== undefined && id !== openId;
};

/** For the open conversation, unless the focus is on another row of the list. */
export function useConversationOffer(openId: string, offered: Offered): void {
  const ofOpen = useMemo(() => {
    const entries = Object.entries(offered).map(([id, handler]): [string, CommandHandler] => {
      const { run, can } = typeof handler === 'function' ? { run: handler, can: undefined } : handler;
      return [id, { run, can: (by) => !isOtherRow(openId) && (can?.(by) ?? true) }];
    });
    return Object.fromEntries(entries) as Offered;
  }, [openId, offered]);
  useOffer(ofOpen);
}

export type KeyNames = {
  /** For a tooltip or a menu: the first key of the command; undefined: it has none. */
  keysOf(id: CommandId): string | undefined;
  /** The same within a sentence, where a dash stands for none. */
  hintOf(id: CommandId): string;
  /** For the sheet: all of them, those that stay too. */
  allKeysOf(id: CommandId): string[];
  /** For `aria-keyshortcuts`. */
  ariaOf(id: CommandId): string | undefined;
  show(binding: Binding): string;
  /** For what listens within a box of its own: the press is a key of the command. */
  isKey(id: CommandId, event: KeyboardEvent): boolean;
};

/** The keys in force, in this computer's words. */
export function useKeyNames(): KeyNames {
  const keymap = useKeymap();
  return useMemo(() => {
    const mod = modKey();
    const bindings = (id: CommandId): readonly Binding[] => [...(keymap.get(id) ?? []), ...(commandOf(id).fixed ?? [])];
    const keysOf = (id: CommandId): string | undefined =>
      bindings(id)
        .slice(0, 1)
        .map((binding) => showBinding(binding, mod))[0];
    return {
      keysOf,
      hintOf: (id) => keysOf(id) ?? '–',
      allKeysOf: (id) => bindings(id).map((binding) => showBinding(binding, mod)),
      ariaOf: (id) =>
        bindings(id)
          .flatMap((binding) => ariaBinding(binding, mod) ?? [])
          .join(' ') || undefined,
      show: (binding) => showBinding(binding, mod),
      isKey: (id, event) => {
        const stroke = strokeOf(event);
        return stroke !== null && bindings(id).includes(stroke);
      },
    };
  }, [keymap]);
}

export function useKeymap(): Keymap {
  return useFrom('keymap', ({ keys }) => keys);
}
