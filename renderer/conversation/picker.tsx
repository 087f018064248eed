/** A list to choose from with the keyboard: typing narrows it, arrows walk, Enter chooses. Not modal; Escape gives the focus back to where it was. */
import { Check, Search } from 'lucide-react';
import { Popover } from 'radix-ui';
import { Fragment, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import { findOptions, type Findable } from './find-options.ts';
import { isFocusTaken, returnFocus } from '../ui/return-focus.ts';
import searchLine from '../ui/search-line.module.css';
import styles from './picker.module.css';

/** Options of one group stand together, under its name. */
export type PickerOption = Findable & {
  id: string;
  lead?: ReactNode;
  detail?: ReactNode;
  isChecked?: boolean;
  /** Why it cannot be chosen. */
  reason?: string | null;
};

type PickerProps = {
  options: readonly PickerOption[];
  label: string;
  placeholder?: string;
  emptyText: string;
  /** Somebody else finds: told what is typed, and `options` are what that found. */
  onSearch?: (typed: string) => void;
  /** `options` still answer what was typed before: Enter takes none of them, for whom it would take nobody has read yet. */
  isStale?: boolean;
  onPick(id: string): void;
  /** @param active what Enter would choose. */ renderFooter?: (active: PickerOption | undefined, pick: () => void) => ReactNode;
};
type PopoverProps = { trigger: ReactElement; isOpen: boolean; onOpenChange(isOpen: boolean): void; align?: 'start' | 'end' };

/** The picker under its button. */
export function PickerMenu({ trigger, isOpen, onOpenChange, align = 'end', ...picker }: PickerProps & PopoverProps) {
  const before = useRef<HTMLElement | null>(null);
  return (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      {isOpen && (
        <Popover.Portal>
          <Popover.Content
            className={styles['popover']}
            align={align}
            sideOffset={6}
            collisionPadding={8}
            aria-label={picker.label}
            onOpenAutoFocus={() => {
              before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
            }}
            onCloseAutoFocus={(event) => {
              if (!isFocusTaken() && !before.current?.isConnected) return;
              event.preventDefault();
              returnFocus(before.current);
            }}
          >
            <Picker {...picker} onClose={() => onOpenChange(false)} />
          </Popover.Content>
        </Popover.Portal>
      )}
    </Popover.Root>
  );
}

/** The list alone, for a place of its own. */
export function Picker({ options, label, placeholder, emptyText, onSearch, isStale = false, onPick, onClose, renderFooter }: PickerProps & { onClose(): void }) {
  const [search, setSearch] = useState('');
  const [activeId, setActiveId] = useState<string | null>(null);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const shown = onSearch ? options : findOptions(options, search);
  const found = shown.findIndex((option) => option.id === activeId);
  // Whoever was typed is meant, also where they cannot be chosen.
  const first = search.trim() === '' ? shown.findIndex((option) => !option.reason) : 0;
  const at = Math.max(0, found === -1 ? first : found);
  const active = shown[at];
  const reason = active?.reason ?? shown.find((option) => option.reason)?.reason;

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active?.id]);

  function pick(option: PickerOption | undefined): void {
    if (option && !option.reason) onPick(option.id);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const isInFooter = event.target instanceof HTMLTextAreaElement;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    // A notice that is shown would otherwise take it.
    if (event.key === 'Escape') onClose();
    else if (step !== 0 && !isInFooter) setActiveId(shown[(at + step + shown.length) % shown.length]?.id ?? null);
    else if (event.key === 'Enter' && (isInFooter ? event.ctrlKey || event.metaKey : !(event.target instanceof HTMLButtonElement))) {
      // Walked to with the arrows it is meant all the same.
      if (!isStale || found !== -1) pick(active);
    } else return;
    event.preventDefault();
  }

  return (
    <div className={styles['picker']} role="group" onKeyDown={onKeyDown}>
      {placeholder !== undefined && (
        <div className={searchLine['search']}>
          <Search size={14} aria-hidden="true" />
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={active ? `${listId}-${active.id}` : undefined}
            aria-label={placeholder}
            placeholder={placeholder}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              onSearch?.(event.target.value);
              setActiveId(null);
            }}
          />
        </div>
      )}
      <div
        ref={list}
        className={styles['list']}
        id={listId}
        role="listbox"
        aria-label={label}
        // Without a box to type in, the list itself has the keyboard.
        {...(placeholder === undefined ? { tabIndex: 0, 'aria-activedescendant': active && `${listId}-${active.id}` } : {})}
      >
        {shown.map((option, index) => (
          <Fragment key={option.id}>
            {option.group !== undefined && option.group !== shown[index - 1]?.group && (
              <p className={styles['group']} role="presentation">
                {option.group}
              </p>
            )}
            <div
              id={`${listId}-${option.id}`}
              className={styles['option']}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              aria-disabled={option.reason ? true : undefined}
              {...(option.isChecked === undefined ? {} : { 'data-checked': option.isChecked })}
              title={option.reason ?? undefined}
              onPointerMove={() => setActiveId(option.id)}
              onClick={() => pick(option)}
            >
              {option.lead}
              <span className={styles['label']}>
                <bdi>{option.label}</bdi>
              </span>
              {option.detail !== undefined && <span className={styles['detail']}>{option.detail}</span>}
              <span className={styles['check']}>{option.isChecked && <Check size={14} strokeWidth={2.25} />}</span>
            </div>
          </Fragment>
        ))}
      </div>
      {shown.length === 0 && <p className={styles['empty']}>{emptyText}</p>}
      {reason && (
        <p className={styles['reason']} role="status">
          {reason}
        </p>
      )}
      {renderFooter?.(active, () => pick(active))}
    </div>
  );
}
