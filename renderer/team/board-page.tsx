/** For leads: who holds how much, what waits, what closes soon; and giving it to somebody else, by hand or by key. */
import { CircleDashed, MoveRight, User } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { BoardRow, ConversationSummary, Member } from '../../contract/entities.ts';
import { contentText } from '../conversation/content-text.ts';
import { TargetMark } from '../conversation/target-pill.tsx';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Holder } from '../store/board-store.ts';
import { presenceOf } from '../store/team-store.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import menuStyles from '../ui/menu.module.css';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './board-page.module.css';

/** Only our own rows are taken when something is dropped. */
const DRAGGED = 'application/x-bandeja-conversations';

export function BoardPage() {
  const { t } = useTexts();
  const { board } = useStores();
  useEffect(() => {
    board.getState().show(true);
    return () => board.getState().show(false);
  }, [board]);
  return (
    <main className={styles['page']} aria-label={t('board.title')}>
      <section className={styles['holders']} aria-label={t('board.holders')}>
        <header className={styles['header']}>
          <h1 className={styles['title']}>{t('board.title')}</h1>
        </header>
        <Holders />
      </section>
      <Held />
    </main>
  );
}

function Holders() {
  const { t } = useTexts();
  const rows = useFrom('board', (board) => board.rows);
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('board.agent')}</th>
            <th scope="col">{t('board.open')}</th>
            <th scope="col">{t('board.waiting')}</th>
            <th scope="col">{t('board.oldest')}</th>
            <th scope="col">{t('board.closes')}</th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <HolderRow key={row.agent?.id ?? ''} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HolderRow({ row }: { row: BoardRow }) {
  const { t, format } = useTexts();
  const { board } = useStores();
  const { giveTo } = useCommands();
  const id = row.agent?.id ?? null;
  const name = row.agent?.name ?? t('board.nobody');
  const isChosen = useFrom('board', (state) => state.holder === id);
  const choose = useFrom('board', (state) => state.choose);
  const [isTarget, setTarget] = useState(false);
  const now = useRelayMinute();

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setTarget(false);
    const ids = new Set(event.dataTransfer.getData(DRAGGED).split(' '));
    const dragged = board.getState().conversations?.filter((conversation) => ids.has(conversation.id)) ?? [];
    void giveTo(dragged, id);
  };
  return (
    <tr
      className={styles['holder']}
      data-chosen={isChosen || undefined}
      data-target={isTarget || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={onDrop}
    >
      <th scope="row">
        <button type="button" className={styles['who']} aria-current={isChosen || undefined} onClick={() => choose(id)}>
          {row.agent ? <Avatar id={row.agent.id} name={row.agent.name} size={32} /> : <span className={styles['nobody']}>{<CircleDashed size={18} aria-hidden="true" />}</span>}
          <span className={styles['whoText']}>
            <bdi className={styles['name']}>{row.agent?.isMe ? t('members.me', { name }) : name}</bdi>
            <span className={styles['quiet']}>{row.agent ? <Presence agent={row.agent} /> : t('board.nobodyHint')}</span>
          </span>
        </button>
      </th>
      <td>{format.number(row.open)}</td>
      <td>{row.waiting === 0 ? <span className={styles['quiet']}>0</span> : format.number(row.waiting)}</td>
      <td>{row.oldestWaitingSince === null ? <Nothing /> : <time title={format.exact(row.oldestWaitingSince)}>{format.span(now - row.oldestWaitingSince)}</time>}</td>
      <td>{row.windowClosesAt === null ? <Nothing /> : <Closes at={row.windowClosesAt} />}</td>
    </tr>
  );
}

const Nothing = () => {
  const { t } = useTexts();
  return (
    <span className={styles['quiet']} aria-label={t('board.none')}>
      –
    </span>
  );
};

function Closes({ at }: { at: number }) {
  const { t, format } = useTexts();
  const { tone, state, leftMs } = useServiceWindow(at);
  return (
    <time className={styles['closes']} data-tone={tone} title={format.exact(at)}>
      {state === 'closed' ? t('window.pillClosed') : format.span(leftMs)}
    </time>
  );
}

/** Relay time to the minute. */
function useRelayMinute(): number {
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  return useFrom('clock', ({ now }) => Math.floor((now + offset) / 60_000) * 60_000);
}

function Presence({ agent }: { agent: Member }) {
  const { t } = useTexts();
  return t(`members.presence.${useFrom('team', (team) => presenceOf(team, agent))}`);
}

/** The conversations of the chosen one. */
function Held() {
  const { t } = useTexts();
  const { giveTo } = useCommands();
  const { isKey, hintOf } = useKeyNames();
  const holder = useFrom('board', (state) => state.holder);
  const conversations = useFrom('board', (state) => state.conversations);
  const rows = useFrom('board', (state) => state.rows);
  const hasMore = useFrom('board', (state) => state.hasMore);
  const loadMore = useFrom('board', (state) => state.loadMore);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const [isMoving, setMoving] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);
  useEffect(() => setPicked(new Set()), [holder]);

  const shown = useMemo(() => conversations ?? [], [conversations]);
  const chosen = shown.filter(({ id }) => picked.has(id));
  const row = rows?.find(({ agent }) => (agent?.id ?? null) === holder);
  const name = row?.agent?.name ?? t('board.nobody');
  const tabStop = shown.some(({ id }) => id === focused) ? focused : (shown[0]?.id ?? null);
  /** What was picked; without that, the row under the keyboard. */
  const targets = chosen.length > 0 ? chosen : shown.filter(({ id }) => id === focused);

  const focusRow = (): void => list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  // Its keys work from the first moment; whoever came by the rail has nothing else to do there.
  const hasArrived = useRef(false);
  useEffect(() => {
    if (hasArrived.current || shown.length === 0) return;
    hasArrived.current = true;
    focusRow();
  }, [shown]);
  // A row that was moved away takes the focus with it; the keys go on at the next one.
  useEffect(() => {
    if (hasFocus.current && document.activeElement === document.body) focusRow();
  }, [shown]);

  const toggle = (id: string): void => setPicked((ids) => (ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id])));
  const step = (by: 1 | -1): void => {
    const at = shown.findIndex(({ id }) => id === tabStop);
    const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
    if (next) list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next.id)}"]`)?.focus();
  };
  const move = (to: Holder): void => {
    const moved = targets;
    setPicked(new Set());
    void giveTo(moved, to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const run = commandOf((id) => isKey(id, event.nativeEvent), event.key === ' ');
    if (!run) return;
    event.preventDefault();
    run();
  };
  const commandOf = (is: (id: CommandId) => boolean, isSpace: boolean): (() => void) | null => {
    if (is('next')) return () => step(1);
    if (is('previous')) return () => step(-1);
    if (is('pick') || isSpace) return tabStop === null ? null : () => toggle(tabStop);
    if (is('assign')) return () => setMoving(true);
    return is('back') && picked.size > 0 ? () => setPicked(new Set()) : null;
  };
  return (
    <section className={styles['held']} aria-label={t('board.heldBy', { name })}>
      <header className={styles['header']}>
        <h2 className={styles['heldTitle']}>
          {name}
          {row && <span className={styles['count']}>{row.open}</span>}
        </h2>
        {chosen.length > 0 && (
          <span className={styles['picked']} role="status">
            {t('board.picked', { count: chosen.length })}
          </span>
        )}
        <MoveMenu rows={rows ?? []} holder={holder} isOpen={isMoving} isDisabled={targets.length === 0} onOpenChange={setMoving} onMove={move} onLeave={focusRow} />
      </header>
      {conversations !== null && shown.length === 0 ? (
        <p className={styles['empty']}>{t(holder === null ? 'board.emptyNobody' : 'board.empty', { name })}</p>
      ) : (
        <div
          ref={list}
          className={styles['scroll']}
          role="listbox"
          aria-multiselectable="true"
          aria-label={t('board.heldBy', { name })}
          tabIndex={-1}
          onKeyDown={onKeyDown}
          onFocus={() => {
            hasFocus.current = true;
          }}
          onBlur={({ relatedTarget }) => {
            hasFocus.current = relatedTarget === null;
          }}
        >
          {shown.map((conversation) => (
            <HeldRow
              key={conversation.id}
              conversation={conversation}
              isPicked={picked.has(conversation.id)}
              isTabStop={conversation.id === tabStop}
              onFocus={() => setFocused(conversation.id)}
              onToggle={() => toggle(conversation.id)}
              dragged={() => (picked.has(conversation.id) ? chosen.map(({ id }) => id) : [conversation.id])}
            />
          ))}
          {hasMore && (
            <div className={styles['more']}>
              <Button onClick={loadMore}>{t('board.more')}</Button>
            </div>
          )}
        </div>
      )}
      <p className={styles['keys']}>{t('board.keys', { next: hintOf('next'), previous: hintOf('previous'), pick: hintOf('pick'), assign: hintOf('assign') })}</p>
    </section>
  );
}

type HeldRowProps = { conversation: ConversationSummary; isPicked: boolean; isTabStop: boolean; onFocus(): void; onToggle(): void; dragged(): string[] };

function HeldRow({ conversation, isPicked, isTabStop, onFocus, onToggle, dragged }: HeldRowProps) {
  const { t, format } = useTexts();
  const { conversation: open, view } = useStores();
  const now = useRelayMinute();
  const { id, contact, lastMessage, waitingSince, window, unread, isPending, snoozedUntil } = conversation;
  const openIt = (): void => {
    open.getState().open(id);
    view.getState().goTo('inbox');
  };
  return (
    <div
      className={styles['row']}
      role="option"
      aria-selected={isPicked}
      data-id={id}
      tabIndex={isTabStop ? 0 : -1}
      draggable
      onFocus={onFocus}
      onClick={onToggle}
      onDoubleClick={openIt}
      onKeyDown={(event) => {
        if (event.key === 'Enter') openIt();
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, dragged().join(' '));
        event.dataTransfer.effectAllowed = 'move';
      }}
    >
      <span className={styles['box']} data-on={isPicked || undefined} aria-hidden="true" />
      <Avatar id={contact.id} name={contact.name} size={32} />
      <span className={styles['whoText']}>
        <bdi className={styles['name']} data-unread={unread > 0 || undefined}>
          {contact.name}
        </bdi>
        <span className={styles['preview']} dir="auto">
          {lastMessage ? contentText(lastMessage.content, t) : t('inbox.noMessages')}
        </span>
      </span>
      {isPending && <span className={styles['pending']}>{t('panel.pending')}</span>}
      {snoozedUntil !== null && <span className={styles['quiet']}>{format.short(snoozedUntil)}</span>}
      {waitingSince !== null && <span className={styles['waits']}>{t('board.waits', { time: format.span(now - waitingSince) })}</span>}
      {conversation.sla && <TargetMark target={conversation.sla} />}
      {window.closesAt !== null && <Closes at={window.closesAt} />}
    </div>
  );
}

type MoveMenuProps = {
  rows: readonly BoardRow[];
  holder: Holder;
  isOpen: boolean;
  isDisabled: boolean;
  onOpenChange(isOpen: boolean): void;
  onMove(to: Holder): void;
  /** The menu gives the focus back. */ onLeave(): void;
};

function MoveMenu({ rows, holder, isOpen, isDisabled, onOpenChange, onMove, onLeave }: MoveMenuProps) {
  const { t } = useTexts();
  return (
    <DropdownMenu.Root modal={false} open={isOpen && !isDisabled} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger asChild>
        <Button icon={<MoveRight size={16} />} disabled={isDisabled}>
          {t('board.move')} <kbd className={styles['key']}>A</kbd>
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={menuStyles['menu']}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onLeave();
          }}
        >
          {rows
            .filter(({ agent }) => (agent?.id ?? null) !== holder)
            .map(({ agent, open }) => (
              <DropdownMenu.Item key={agent?.id ?? ''} className={menuStyles['item']} onSelect={() => onMove(agent?.id ?? null)}>
                <span className={menuStyles['icon']}>{agent ? <User size={16} /> : <CircleDashed size={16} />}</span>
                <span className={menuStyles['label']}>{agent?.name ?? t('board.nobody')}</span>
                <span className={menuStyles['keys']}>{t('members.open', { count: open })}</span>
              </DropdownMenu.Item>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
