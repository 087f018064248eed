import { Archive, ArrowLeft, Copy, EllipsisVertical, Lock, PanelRight, RotateCcw } from 'lucide-react';
import type { Conversation } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { findNewer } from './newer-conversation.ts';
import { WindowPill } from './window-pill.tsx';
import styles from './conversation-header.module.css';

type Props = { conversation: Conversation; isPanelOpen: boolean; onTogglePanel(): void; onBack: (() => void) | null };

export function ConversationHeader({ conversation, isPanelOpen, onTogglePanel, onBack }: Props) {
  const { t } = useTexts();
  const { setStatus } = useCommands();
  const say = useFrom('toasts', (state) => state.say);
  const { contact, status } = conversation;
  const second = contact.phone ?? (contact.username && `@${contact.username}`);
  const isActive = status === 'active';

  const entries: MenuEntry[] = [
    ...(isActive ? [{ label: t('action.closeConversation'), icon: <Lock size={15} />, keys: '⇧E', run: () => void setStatus(conversation, 'closed') }] : []),
    ...(status === 'archived' ? [{ label: t('action.closeConversation'), icon: <Lock size={15} />, run: () => void setStatus(conversation, 'closed') }] : []),
    { label: t('action.copyPhone'), icon: <Copy size={15} />, isDisabled: contact.phone === null, run: () => void navigator.clipboard.writeText(contact.phone ?? '').then(() => say('action.copied')) },
  ];

  return (
    <header className={styles['header']}>
      {onBack && (
        <IconButton label={t('action.back')} keys="Esc" onClick={onBack}>
          <ArrowLeft size={17} />
        </IconButton>
      )}
      <Avatar id={contact.id} name={contact.name} size={36} />
      <div className={styles['who']}>
        <h2 className={styles['name']}>
          <bdi>{contact.name}</bdi>
          {!isActive && <span className={styles['status']}>{t(`header.status.${status}`)}</span>}
        </h2>
        {second && second !== contact.name && <p className={styles['phone']}>{second}</p>}
      </div>
      <WindowPill window={conversation.window} />
      {isActive ? (
        <Button icon={<Archive size={15} />} aria-keyshortcuts="E" onClick={() => void setStatus(conversation, 'archived')}>
          {t('action.archive')}
        </Button>
      ) : (
        !findNewer(conversation) && (
          <Button icon={<RotateCcw size={15} />} onClick={() => void setStatus(conversation, 'active')}>
            {t('action.reopen')}
          </Button>
        )
      )}
      <div className={styles['icons']}>
        <Menu
          entries={entries}
          trigger={
            <button type="button" className={styles['more']} aria-label={t('action.moreActions')}>
              <EllipsisVertical size={17} />
            </button>
          }
        />
        <IconButton label={t(isPanelOpen ? 'header.hidePanel' : 'header.showPanel')} keys="I" isOn={isPanelOpen} onClick={onTogglePanel}>
          <PanelRight size={17} />
        </IconButton>
      </div>
    </header>
  );
}
