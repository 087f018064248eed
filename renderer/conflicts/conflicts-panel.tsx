/**
 * "While you were offline": what I did and the team's log judged otherwise, with one key to do it again or to let it be.
 * Not modal: it stands beside the rail, works offline and follows what comes in.
 */
import { Popover } from 'radix-ui';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { Conflict } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { conflictText } from './conflict-text.ts';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { KeyName } from '../ui/key-name.tsx';
import styles from './conflicts-panel.module.css';

/** In the rail while there are any; pressing it shows them. */
export function ConflictsButton() {
  const { t, format } = useTexts();
  const { view } = useStores();
  const count = useFrom('session', ({ sync }) => sync?.conflicts ?? 0);
  const isOpen = useFrom('view', (state) => state.isConflictsOpen);
  const label = t('conflict.button', { count });
  if (count === 0 && !isOpen) return null;
  return (
    <Popover.Root open={isOpen} onOpenChange={view.getState().showConflicts}>
      <Popover.Trigger asChild>
        <button type="button" className={styles['button']} aria-label={label} title={label}>
          <TriangleAlert size={16} strokeWidth={1.9} />
          {count > 0 && <span className={styles['badge']}>{format.number(count)}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['panel']} side="right" align="end" sideOffset={26} collisionPadding={8} aria-label={t('conflict.title')} onOpenAutoFocus={focusFirst}>
          <Panel />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The keys of an entry work at once. */
function focusFirst(event: Event): void {
  const first = event.currentTarget instanceof HTMLElement ? event.currentTarget.querySelector<HTMLElement>('[data-conflict]') : null;
  if (!first) return;
  event.preventDefault();
  first.focus();
}

function Panel() {
  const { t } = useTexts();
  const { dismiss } = useCommands();
  const conflicts = useFrom('team', (state) => state.conflicts);
  const list = useRef<HTMLUListElement>(null);
  const focusAt = useRef(0);

  // The entry that had the keyboard is gone: the one that took its place has it now.
  useEffect(() => {
    const entries = list.current?.querySelectorAll<HTMLElement>('[data-conflict]') ?? [];
    if (entries.length > 0 && document.activeElement === document.body) entries[Math.min(focusAt.current, entries.length - 1)]?.focus();
  }, [conflicts]);

  const step = (from: number, by: number): void => {
    const entries = list.current?.querySelectorAll<HTMLElement>('[data-conflict]') ?? [];
    entries[Math.max(0, Math.min(from + by, entries.length - 1))]?.focus();
  };

  return (
    <>
      <header className={styles['header']}>
        <div>
          <h2 className={styles['title']}>{t('conflict.title')}</h2>
          <p className={styles['hint']}>{t(conflicts.length === 0 ? 'conflict.none' : 'conflict.hint')}</p>
        </div>
        {conflicts.length > 1 && (
          <Button look="quiet" onClick={() => void dismiss(conflicts, true)}>
            {t('conflict.keepAll')}
          </Button>
        )}
      </header>
      <ul ref={list} className={styles['list']}>
        {conflicts.map((conflict, index) => (
          <Entry
            key={conflict.opId}
            conflict={conflict}
            onFocus={() => {
              focusAt.current = index;
            }}
            onStep={(by) => step(index, by)}
          />
        ))}
      </ul>
    </>
  );
}

function Entry({ conflict, onFocus, onStep }: { conflict: Conflict; onFocus(): void; onStep(by: number): void }) {
  const { t, format } = useTexts();
  const { conversation: opened, toasts, view } = useStores();
  const { isKey } = useKeyNames();
  const { reapply, dismiss } = useCommands();
  const directory = useFrom('team', (state) => state.directory);
  const myId = useFrom('session', ({ session }) => session?.me?.id ?? null);
  const now = useFrom('clock', toMinute);
  const { sentence, again, words } = conflictText(conflict, { t, format, directory, myId, now });
  const { conversation } = conflict;

  const open = (): void => {
    if (!conversation) return;
    view.getState().showConflicts(false);
    opened.getState().open(conversation.id);
    // It may be open already, behind another page.
    view.getState().goTo('inbox');
    view.getState().focusPane('thread', conversation.id);
  };

  function onKeyDown(event: KeyboardEvent): void {
    const is = (id: CommandId): boolean => isKey(id, event.nativeEvent);
    if (event.repeat) return;
    const isOnButton = event.target !== event.currentTarget;
    if (is('next')) onStep(1);
    else if (is('previous')) onStep(-1);
    else if (is('conflictDismiss')) void dismiss([conflict]);
    else if (is('conflictOpen')) open();
    else if (is('conflictAgain') && !isOnButton && again !== null) void reapply(conflict);
    else return;
    event.preventDefault();
  }

  return (
    <li className={styles['entry']} data-conflict tabIndex={0} onFocus={onFocus} onKeyDown={onKeyDown}>
      <p className={styles['name']}>
        <bdi>{conversation?.name ?? conflict.about ?? ''}</bdi>
        <time className={styles['time']} dateTime={new Date(conflict.occurredAt).toISOString()} title={format.exact(conflict.occurredAt)}>
          {t('conflict.yours', { at: format.dayNumber(conflict.occurredAt) === format.dayNumber(now) ? format.clock(conflict.occurredAt) : format.short(conflict.occurredAt) })}
        </time>
      </p>
      <p className={styles['sentence']}>{sentence}</p>
      {words !== null && <blockquote className={styles['words']}>{words}</blockquote>}
      <div className={styles['actions']}>
        {again !== null && (
          <Button command="conflictAgain" onClick={() => void reapply(conflict)}>
            {again} <kbd className={styles['key']}>↵</kbd>
          </Button>
        )}
        <Button look="quiet" command="conflictDismiss" onClick={() => void dismiss([conflict])}>
          {t('conflict.keep')} <kbd className={styles['key']}>{t('conflict.deleteKey')}</kbd>
        </Button>
        {words !== null && (
          <Button look="quiet" onClick={() => void navigator.clipboard.writeText(words).then(() => toasts.getState().say('action.copied'))}>
            {t('action.copyText')}
          </Button>
        )}
        {conversation && (
          <Button look="quiet" command="conflictOpen" onClick={open}>
            {t('conflict.open')} <KeyName command="conflictOpen" className={styles['key']} />
          </Button>
        )}
      </div>
    </li>
  );
}
