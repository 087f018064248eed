/**
 * Single keys for the open conversation, under the same conditions as those of the window (`shell/use-shortcuts.ts`): not
 * in a text, no dialog or menu open. On `window`, so that whoever takes a key for the list first has it.
 */
import { useEffect } from 'react';
import { isInOverlay, isInText } from '../shell/key-targets.ts';

/** A row of the list other than the open one: the key is meant for that. */
const isOtherRow = (target: EventTarget | null, openId: string): boolean => {
  const id = target instanceof Element ? target.closest('[role="option"]')?.getAttribute('data-id') : null;
  return id !== null && id !== undefined && id !== openId;
};

/** @param keys by lower-case letter. */
export function useConversationKeys(openId: string, keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (isInText(event.target) || isInOverlay(event.target) || isOtherRow(event.target, openId)) return;
      const run = keys[event.key.toLowerCase()];
      if (!run) return;
      event.preventDefault();
      run();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [openId, keys]);
}
