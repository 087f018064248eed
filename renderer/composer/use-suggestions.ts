/** What is offered while `/shortcut` (in replies) or `@name` (in notes) is being typed, and what its keys do. */
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/conversation-store.ts';
import type { DraftMode } from '../store/drafts-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { fillIn, firstNameOf, fold, rankCanned } from './canned-replies.ts';
import { findTrigger, replaceTrigger } from './typed-trigger.ts';

export type Suggestion = { id: string; kind: 'canned' | 'person'; label: string; detail: string; insert: string };

const SHOWN = 8;

type Deps = { thread: OpenThread; mode: DraftMode; text: string; box: RefObject<HTMLTextAreaElement | null>; onReplace(text: string): void };

export function useSuggestions({ thread, mode, text, box, onReplace }: Deps) {
  const { t } = useTexts();
  const directory = useFrom('team', (state) => state.directory);
  const [caret, setCaret] = useState<number | null>(null);
  const [dismissedAt, setDismissedAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  /** Where the caret goes once the new text stands in the box. */
  const caretNext = useRef<number | null>(null);

  useLayoutEffect(() => {
    if (caretNext.current === null) return;
    box.current?.setSelectionRange(caretNext.current, caretNext.current);
    setCaret(caretNext.current);
    caretNext.current = null;
  }, [text, box]);

  const trigger = caret === null ? null : findTrigger(text, Math.min(caret, text.length), mode === 'note' ? '@' : '/');
  const items = trigger === null || trigger.start === dismissedAt ? [] : mode === 'note' ? findPeople(trigger.query) : findCanned(trigger.query);
  const at = Math.min(chosen, Math.max(0, items.length - 1));

  function findPeople(query: string): Suggestion[] {
    const wanted = fold(query);
    return (directory?.members ?? [])
      .filter(
        ({ isMe, name }) =>
          !isMe &&
          (fold(name).startsWith(wanted) ||
            fold(name)
              .split(/\s+/)
              .some((word) => word.startsWith(wanted))),
      )
      .slice(0, SHOWN)
      .map(({ id, name, role }) => ({ id, kind: 'person', label: name, detail: t(`settings.role.${role}`), insert: `@${name} ` }));
  }

  function findCanned(query: string): Suggestion[] {
    const { contact } = thread.conversation;
    const hasName = contact.name !== contact.phone && contact.name !== '—';
    const values = {
      name: hasName ? contact.name : null,
      firstName: hasName ? firstNameOf(contact.name) : null,
      agent: directory?.members.find(({ isMe }) => isMe)?.name ?? null,
      phone: contact.phone,
    };
    return rankCanned(directory?.canned ?? [], query)
      .slice(0, SHOWN)
      .map(({ id, shortcut, body }) => ({ id, kind: 'canned', label: `/${shortcut}`, detail: fillIn(body, values).replaceAll(/\s+/g, ' '), insert: fillIn(body, values) }));
  }

  function pick(index: number): void {
    const item = items[index];
    if (!item || !trigger) return;
    const next = replaceTrigger(text, trigger, item.insert);
    caretNext.current = next.caret;
    setChosen(0);
    onReplace(next.text);
    box.current?.focus();
  }

  /** @returns true if the key was for the list. */
  function onKeyDown(event: KeyboardEvent): boolean {
    if (items.length === 0) return false;
    switch (event.key) {
      case 'ArrowDown':
        setChosen((at + 1) % items.length);
        break;
      case 'ArrowUp':
        setChosen((at - 1 + items.length) % items.length);
        break;
      case 'Enter':
      case 'Tab':
        if (event.shiftKey) return false;
        pick(at);
        break;
      case 'Escape':
        setDismissedAt(trigger?.start ?? null);
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return {
    items,
    at,
    pick,
    onKeyDown,
    setAt: setChosen,
    title: t(mode === 'note' ? 'internal.mention' : 'saved.picker'),
    onSelect: (): void => {
      const position = box.current && box.current.selectionStart === box.current.selectionEnd ? box.current.selectionStart : null;
      if (position === caret) return;
      setCaret(position);
      setChosen(0);
      if (position !== null && findTrigger(text, position, mode === 'note' ? '@' : '/')?.start !== dismissedAt) setDismissedAt(null);
    },
    close: (): void => setCaret(null),
    /** As if a slash had been typed at the caret. */
    openCanned: (): void => {
      const position = box.current?.selectionStart ?? text.length;
      const insert = position > 0 && !/\s$/.test(text.slice(0, position)) ? ' /' : '/';
      caretNext.current = position + insert.length;
      setDismissedAt(null);
      onReplace(text.slice(0, position) + insert + text.slice(position));
      // The menu gives the focus back to its button first.
      requestAnimationFrame(() => box.current?.focus());
    },
  };
}
