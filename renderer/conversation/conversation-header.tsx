import { AlarmClock, Archive, ArrowLeft, Ban, BookUser, CalendarDays, Clock, Copy, EllipsisVertical, History, Link, Lock, PanelRight, Printer, RotateCcw, Search, Users } from 'lucide-react';
import type { Conversation } from '../../contract/entities.ts';
import { AiModeMenu } from '../ai/ai-mode-menu.tsx';
import { mayAssign } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { LinkMenu } from '../links/link-menu.tsx';
import { RequestChip } from '../links/request-chip.tsx';
import { useCopyLink } from '../shell/use-copy-link.ts';
import { isTriageOn } from '../store/session-store.ts';
import type { HeaderMenu } from '../store/view-store.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton, MenuButton } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { AssignMenu } from './assign-menu.tsx';
import { Colleagues } from './colleagues.tsx';
import { LabelChip } from '../ui/label-chip.tsx';
import { LabelMenu } from './label-menu.tsx';
import { findNewer } from './newer-conversation.ts';
import { SnoozeMenu } from './snooze-menu.tsx';
import { TargetPill } from './target-pill.tsx';
import { WindowPill } from './window-pill.tsx';
import styles from './conversation-header.module.css';

type Props = { conversation: Conversation; isPanelOpen: boolean; onTogglePanel(): void; onBack: (() => void) | null };

export function ConversationHeader({ conversation, isPanelOpen, onTogglePanel, onBack }: Props) {
  const { t } = useTexts();
  const { setStatus, assign } = useCommands();
  const say = useFrom('toasts', (state) => state.say);
  const me = useFrom('team', ({ directory }) => directory?.members.find((member) => member.isMe) ?? null);
  const menu = useFrom('view', (state) => state.menu);
  const setMenu = useFrom('view', (state) => state.setMenu);
  const isTriage = useFrom('session', isTriageOn);
  const { contact, status, assignee } = conversation;
  const second = contact.phone ?? (contact.username && `@${contact.username}`);
  const isActive = status === 'active';
  /** Beside a list in which it cannot stand. */
  const isElsewhere = useFrom('inbox', ({ filter }) => filter.folder === null && filter.status !== status);
  const canTake = isTriage && me !== null && !assignee?.isMe && mayAssign(me, assignee?.id ?? null, me.id);
  const menuProps = (name: HeaderMenu) => ({ conversation, isOpen: menu === name, onOpenChange: (isOpen: boolean) => setMenu(isOpen ? name : null) });

  const { find, view, preferences } = useStores();
  const showsEvents = useFrom('preferences', (state) => state.showsEvents);
  const copyLink = useCopyLink();
  const entries: MenuEntry[] = [
    { label: t('search.find'), icon: <Search size={15} />, command: 'find' as const, run: () => find.getState().open() },
    { label: t('jump.date'), icon: <CalendarDays size={15} />, run: () => find.getState().open({ isForDate: true }) },
    { label: t(showsEvents ? 'events.hide' : 'events.show'), icon: <History size={15} />, run: () => preferences.getState().set({ showsEvents: !showsEvents }) },
    ...(isActive ? [{ label: t('action.closeConversation'), icon: <Lock size={15} />, command: 'close' as const, run: () => void setStatus(conversation, 'closed') }] : []),
    ...(status === 'archived' ? [{ label: t('action.closeConversation'), icon: <Lock size={15} />, run: () => void setStatus(conversation, 'closed') }] : []),
    { label: t('contacts.open'), icon: <BookUser size={15} />, run: () => view.getState().showContact(contact.id) },
    ...(copyLink ? [{ label: t('action.copyLink'), icon: <Link size={15} />, run: () => copyLink(conversation.id) }] : []),
    { label: t('caseFile.open'), icon: <Printer size={15} />, run: () => view.getState().showDialog('case_file') },
    { label: t('action.copyPhone'), icon: <Copy size={15} />, isDisabled: contact.phone === null, run: () => void navigator.clipboard.writeText(contact.phone ?? '').then(() => say('action.copied')) },
  ];

  return (
    <header className={styles['header']}>
      <div className={styles['bar']}>
        {onBack && (
          <IconButton label={t('action.back')} keys="Esc" onClick={onBack}>
            <ArrowLeft size={17} />
          </IconButton>
        )}
        <span className={styles['avatar']}>
          <Avatar id={contact.id} name={contact.name} size={36} />
        </span>
        <div className={styles['who']}>
          <h2 className={styles['name']}>
            <bdi>{contact.name}</bdi>
            {contact.isBlocked && (
              <span className={styles['blocked']} role="img" aria-label={t('contacts.blocked')} title={`${t('contacts.blocked')}. ${t('contacts.blockedHint')}`}>
                <Ban size={14} />
              </span>
            )}
            {(!isActive || isElsewhere) && <span className={styles['status']}>{t(`header.status.${status}`)}</span>}
            <Pending conversation={conversation} />
          </h2>
          <div className={styles['facts']}>
            {second && second !== contact.name && <p className={styles['phone']}>{second}</p>}
            <Chips conversation={conversation} />
          </div>
        </div>
        <Colleagues conversationId={conversation.id} />
        {conversation.sla && (
          <span className={styles['target']}>
            <TargetPill target={conversation.sla} />
          </span>
        )}
        <WindowPill window={conversation.window} />
        {isTriage && <AssignMenu {...menuProps('assign')} />}
        {canTake && assignee === null && (
          <Tooltip content={t('triage.takeHint')} command="take">
            <span className={styles['take']}>
              <Button command="take" onClick={() => void assign(conversation, me)}>
                {t('triage.take')}
              </Button>
            </span>
          </Tooltip>
        )}
        {isActive ? (
          <Button icon={<Archive size={15} />} command="archive" aria-label={t('action.archive')} onClick={() => void setStatus(conversation, 'archived')}>
            <span className={styles['word']}>{t('action.archive')}</span>
          </Button>
        ) : (
          !findNewer(conversation) && (
            <Button icon={<RotateCcw size={15} />} aria-label={t('action.reopen')} onClick={() => void setStatus(conversation, 'active')}>
              <span className={styles['word']}>{t('action.reopen')}</span>
            </Button>
          )
        )}
        <div className={styles['icons']}>
          <AiModeMenu conversationId={conversation.id} />
          <LinkMenu {...menuProps('request')} />
          {isTriage && <SnoozeMenu {...menuProps('snooze')} />}
          {isTriage && <LabelMenu {...menuProps('labels')} />}
          <Menu
            entries={entries}
            trigger={
              <MenuButton label={t('action.moreActions')}>
                <EllipsisVertical size={17} />
              </MenuButton>
            }
          />
          <IconButton label={t(isPanelOpen ? 'header.hidePanel' : 'header.showPanel')} command="panel" isOn={isPanelOpen} onClick={onTogglePanel}>
            <PanelRight size={17} />
          </IconButton>
        </div>
      </div>
      <div className={styles['strip']}>
        {conversation.sla && (
          <span className={styles['targetBelow']}>
            <TargetPill target={conversation.sla} />
          </span>
        )}
        <Chips conversation={conversation} />
      </div>
    </header>
  );
}

/** Request, snooze, team and labels: beside the number, or in a line of their own where that is too narrow. */
function Chips({ conversation }: { conversation: Conversation }) {
  const { t, format } = useTexts();
  const { snooze } = useCommands();
  const { team, snoozedUntil, labels, request } = conversation;
  return (
    <>
      {request && <RequestChip request={request} />}
      {snoozedUntil !== null && (
        <span className={styles['snoozed']} title={format.exact(snoozedUntil)}>
          <AlarmClock size={12} aria-hidden="true" />
          {t('triage.snoozedUntil', { at: format.short(snoozedUntil) })}
          <button type="button" onClick={() => void snooze(conversation, null, '')}>
            {t('triage.bringBack')}
          </button>
        </span>
      )}
      {team && (
        <span className={styles['team']} title={t('triage.team', { name: team.name })}>
          <Users size={12} aria-hidden="true" />
          <bdi>{team.name}</bdi>
        </span>
      )}
      {labels.map((label) => (
        <LabelChip key={label.id} label={label} />
      ))}
    </>
  );
}

/** Something of it waits for the team's log. */
function Pending({ conversation: { activity } }: { conversation: Conversation }) {
  const { t } = useTexts();
  if (!activity.some((entry) => entry.isPending && entry.type.startsWith('conversation.'))) return null;
  return (
    <Tooltip content={t('triage.pendingHint')}>
      <span className={styles['pending']} role="status">
        <Clock size={12} aria-hidden="true" />
        <span className={styles['pendingWord']}>{t('triage.pending')}</span>
      </span>
    </Tooltip>
  );
}
