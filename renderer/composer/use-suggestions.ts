/** What is offered while `/shortcut` (in replies), `@name` (in notes) or `:emoji` is being typed, and what its keys do. */
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import type { DraftMode } from '../store/drafts-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { fillIn, fold, rankCanned, variableValuesOf } from './canned-replies.ts';
import { findEmoji, withTone, type Emoji } from '../store/emoji-store.ts';
import { findTrigger, replaceTrigger, type Trigger } from './typed-trigger.ts';

export type Suggestion = { id: string; kind: 'canned' | 'person' | 'emoji'; label: string; detail: string; insert: string };

const SHOWN = 8;

type Deps = { thread: OpenThread; mode: DraftMode; text: string; box: RefObject<HTMLTextAreaElement | null>; onReplace(text: string): void };

export function useSuggestions({ thread, mode, text, box, onReplace }: Deps) {
  const { t, language } = useTexts();
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

  const emoji = useFrom('emoji', (state) => state);
  const triggerAt = (position: number): Trigger | null => findTrigger(text, position, mode === 'note' ? '@' : '/') ?? findTrigger(text, position, ':');
  const trigger = caret === null ? null : triggerAt(Math.min(caret, text.length));
  const isEmoji = trigger?.mark === ':';
  const { load } = emoji;
  useEffect(() => {
    if (isEmoji) load();
  }, [isEmoji, load]);
  const items =
    trigger === null || trigger.start === dismissedAt
      ? []
      : isEmoji
        ? findEmoji(emoji, trigger.query, SHOWN).map(toSuggestion)
        : mode === 'note'
          ? findPeople(trigger.query)
          : findCanned(trigger.query);
  const at = Math.min(chosen, Math.max(0, items.length - 1));

  function toSuggestion(found: Emoji): Suggestion {
    const insert = withTone(found, emoji.tone);
    return { id: found.unicode, kind: 'emoji', label: insert, detail: found.labels[language === 'en' ? 'en' : 'es'], insert };
  }

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
    const values = variableValuesOf(thread.conversation.contact, directory?.members.find(({ isMe }) => isMe)?.name ?? null);
    return rankCanned(directory?.canned ?? [], query)
      .slice(0, SHOWN)
      .map(({ id, shortcut, body }) => ({ id, kind: 'canned', label: `/${shortcut}`, detail: fillIn(body, values).replaceAll(/\s+/g, ' '), insert: fillIn(body, values) }));
  }

  function pick(index: number): void {
    const item = items[index];
    if (!item || !trigger) return;
    if (item.kind === 'emoji') emoji.use(item.id);
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
    title: t(isEmoji ? 'emoji.title' : mode === 'note' ? 'internal.mention' : 'saved.picker'),
    onSelect: (): void => {
      const position = box.current && box.current.selectionStart === box.current.selectionEnd ? box.current.selectionStart : null;
      if (position === caret) return;
      setCaret(position);
      setChosen(0);
      if (position !== null && triggerAt(position)?.start !== dismissedAt) setDismissedAt(null);
    },
    close: (): void => setCaret(null),
    /** At the caret, which goes behind it. */
    insert: (insert: string): void => {
      const [start, end] = [box.current?.selectionStart ?? text.length, box.current?.selectionEnd ?? text.length];
      caretNext.current = start + insert.length;
      onReplace(text.slice(0, start) + insert + text.slice(end));
      requestAnimationFrame(() => box.current?.focus());
    },
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
