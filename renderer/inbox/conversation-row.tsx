import { AlarmClock, Ban, Check, CircleAlert, CloudUpload, Hand, HandHelping, Sparkles, Timer } from 'lucide-react';
import { memo, type MouseEvent } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { ContentIcon } from '../conversation/content-icon.tsx';
import { kindLabel, previewWords } from '../conversation/content-text.ts';
import { Ticks } from '../conversation/ticks.tsx';
import { TargetMark } from '../conversation/target-pill.tsx';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { RequestMark } from '../links/request-chip.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { LabelMarks } from './label-marks.tsx';
import styles from './conversation-row.module.css';

type Props = {
  row: ConversationSummary;
  index: number;
  isOpen: boolean;
  /** Null: nothing is picked. */
  isPicked: boolean | null;
  isTabStop: boolean;
  /** In the whole list, from 1; undefined: not known. */
  place: number | undefined;
  setSize: number;
  onClick(id: string, event: MouseEvent): void;
  onPick(id: string, event: MouseEvent): void;
  onFocus(index: number): void;
};

export const ConversationRow = memo(function ConversationRow({ row, index, isOpen, isPicked, isTabStop, place, setSize, onClick, onPick, onFocus }: Props) {
  return (
    <div
      className={styles['row']}
      role="option"
      aria-selected={isOpen}
      aria-checked={isPicked ?? undefined}
      aria-posinset={place}
      aria-setsize={setSize}
      data-index={index}
      data-id={row.id}
      data-unread={row.unread > 0 || undefined}
      tabIndex={isTabStop ? 0 : -1}
      onClick={(event) => onClick(row.id, event)}
      onFocus={() => onFocus(index)}
    >
      <Contents row={row} isOpen={isOpen} isPicked={isPicked} onPick={onPick} />
    </div>
  );
});

/** What it says: with each message that comes the rows below only change their places. */
const Contents = memo(function Contents({ row, isOpen, isPicked, onPick }: Pick<Props, 'row' | 'isOpen' | 'isPicked' | 'onPick'>) {
  const { t } = useTexts();
  const { contact, lastMessage, unread } = row;
  const draft = useFrom('drafts', (state) => (isOpen ? '' : (state.drafts[row.id]?.text ?? row.draft ?? '').trim()));
  const files = useFrom('drafts', (state) => (isOpen ? 0 : (state.drafts[row.id]?.files.length ?? row.draftFiles)));
  return (
    <>
      <span className={styles['who']}>
        <span className={styles['initials']}>
          <Avatar id={contact.id} name={contact.name} />
        </span>
        {/* For the pointer; the keyboard picks with X, and the row itself says whether it is picked. */}
        <span className={styles['pick']} title={t('row.pick', { name: contact.name })} aria-hidden="true" onClick={(event) => onPick(row.id, event)}>
          <span className={styles['box']}>{isPicked && <Check size={14} strokeWidth={3} />}</span>
        </span>
      </span>
      <div className={styles['lines']}>
        <div className={styles['line']}>
          <bdi className={styles['name']}>{contact.name}</bdi>
          {contact.isBlocked && (
            <span className={styles['blocked']} role="img" aria-label={t('contacts.blocked')} title={t('contacts.blockedHint')}>
              <Ban size={13} />
            </span>
          )}
          {row.isPending && (
            <span className={styles['pending']} role="img" aria-label={t('row.pending')} title={t('row.pending')}>
              <CloudUpload size={13} />
            </span>
          )}
          {row.request && <RequestMark request={row.request} />}
          {row.sla && <TargetMark target={row.sla} />}
          <WindowDot window={row.window} />
          <RowTime row={row} />
        </div>
        <div className={styles['line']}>
          {row.hasHeld && (
            <span className={styles['held']} title={t('row.held')}>
              <Hand size={13} strokeWidth={2} role="img" aria-label={t('row.held')} />
              <span aria-hidden="true">{t('row.heldShort')}</span>
            </span>
          )}
          {row.hasFailed && lastMessage?.delivery !== 'failed' && (
            <span className={styles['failed']} title={t('row.failed')}>
              <CircleAlert size={13} strokeWidth={2} role="img" aria-label={t('row.failed')} />
              <span aria-hidden="true">{t('row.failedShort')}</span>
            </span>
          )}
          {draft === '' && files === 0 ? (
            <>
              {lastMessage?.delivery && <Ticks delivery={lastMessage.delivery} size={14} />}
              <span className={styles['preview']} dir="auto">
                {lastMessage ? <Preview {...lastMessage} /> : t('inbox.noMessages')}
              </span>
            </>
          ) : (
            <span className={styles['preview']}>
              <span className={styles['draft']}>{t('inbox.draft')}</span> {[files > 0 ? t('compose.files.draft', { count: files }) : '', draft].filter((part) => part !== '').join(' · ')}
            </span>
          )}
          {row.ai && <AiMark is={row.ai} />}
          {row.labels.length > 0 && <LabelMarks labels={row.labels} label={t('row.labels', { names: row.labels.map(({ name }) => name).join(', ') })} />}
          {row.assignee && <Assignee assignee={row.assignee} />}
          {unread > 0 && (
            <span className={styles['unread']} aria-label={t('inbox.unread', { count: unread })}>
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </div>
      </div>
    </>
  );
});

/** Who wrote, the mark of its kind, and its words; without words the kind has to say it. */
function Preview({ direction, author, isAutomatic, content }: NonNullable<ConversationSummary['lastMessage']>) {
  const { t } = useTexts();
  const who = direction === 'in' ? undefined : isAutomatic ? t('message.ai.automatic') : author?.isMe ? t('inbox.you') : author?.name;
  const words = previewWords(content, t);
  return (
    <>
      {who !== undefined && `${who}: `}
      <ContentIcon content={content} size={13} label={words === null ? null : kindLabel(content, t)} />
      {words ?? kindLabel(content, t)}
    </>
  );
}

/** When it comes back, if it is out of sight; else when its last message was. */
function RowTime({ row: { snoozedUntil, lastMessage } }: { row: ConversationSummary }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  if (snoozedUntil !== null) {
    const label = t('row.snoozedUntil', { at: format.exact(snoozedUntil) });
    return (
      <span className={styles['snoozed']} title={label}>
        <AlarmClock size={12} role="img" aria-label={label} />
        <span aria-hidden="true">{format.dayNumber(snoozedUntil) === format.dayNumber(now) ? format.clock(snoozedUntil) : format.short(snoozedUntil)}</span>
      </span>
    );
  }
  if (!lastMessage) return null;
  return (
    <time className={styles['time']} dateTime={new Date(lastMessage.at).toISOString()} title={format.exact(lastMessage.at)}>
      {format.relative(lastMessage.at, now)}
    </time>
  );
}

function Assignee({ assignee: { id, name, isMe } }: { assignee: NonNullable<ConversationSummary['assignee']> }) {
  const { t } = useTexts();
  const label = isMe ? t('row.assignedToMe') : t('row.assignedTo', { name });
  return (
    <span className={styles['assignee']} data-mine={isMe || undefined} role="img" aria-label={label} title={label}>
      <Avatar id={id} name={name} size={18} />
    </span>
  );
}

const AI_ICONS = { ready: Sparkles, counting: Timer, handoff: HandHelping } as const;

function AiMark({ is }: { is: NonNullable<ConversationSummary['ai']> }) {
  const { t } = useTexts();
  const Icon = AI_ICONS[is];
  const label = t(`ai.row.${is}`);
  return (
    <span className={styles['ai']} data-is={is} role="img" aria-label={label} title={label}>
      <Icon size={13} />
    </span>
  );
}

function WindowDot({ window }: { window: ConversationSummary['window'] }) {
  const { t, format } = useTexts();
  const { state, tone, leftMs } = useServiceWindow(window.closesAt);
  const label = t(`window.${state}`, { left: format.left(leftMs) });
  return <span className={styles['dot']} data-tone={tone} role="img" aria-label={label} title={label} />;
}
