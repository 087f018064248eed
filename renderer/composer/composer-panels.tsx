/** What stands in the place of the composer where no free text can be sent: why, what can be done, and the draft that is kept. */
import { Ban, CircleAlert, Hourglass, Lock, StickyNote } from 'lucide-react';
import { useId, useRef, type ReactNode } from 'react';
import type { WriteEnd } from '../../contract/rules/sync-end.ts';
import { findNewer } from '../conversation/newer-conversation.ts';
import { usePaneFocus } from '../conversation/use-pane-focus.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import styles from './composer.module.css';

type Props = { thread: OpenThread; onWriteNote(): void };

export function SyncEnded({ thread, state }: { thread: OpenThread; state: WriteEnd }) {
  const { t } = useTexts();
  const name = useFrom('session', ({ session }) => session?.deviceName ?? '');
  return (
    <Panel thread={thread} icon={<CircleAlert size={18} strokeWidth={1.75} />} title={t('composer.syncEnded')}>
      {t(`strip.${state}`, { name })}
    </Panel>
  );
}

export function ClosedWindow({ thread, onWriteNote }: Props) {
  const { t, format } = useTexts();
  const { window, contact } = thread.conversation;
  return (
    <Panel thread={thread} icon={<Hourglass size={18} strokeWidth={1.75} />} title={t('composer.closedWindow.title')} action={<WriteNote onClick={onWriteNote} />}>
      {window.closesAt === null ? t('composer.closedWindow.none', { name: contact.name }) : t('composer.closedWindow.text', { at: format.short(window.closesAt), name: contact.name })}
    </Panel>
  );
}

export function BlockedContact({ thread, onWriteNote }: Props) {
  const { t } = useTexts();
  const { view } = useStores();
  const { contact } = thread.conversation;
  return (
    <Panel
      thread={thread}
      icon={<Ban size={18} strokeWidth={1.75} />}
      title={t('contacts.composer.title')}
      action={
        <>
          <WriteNote onClick={onWriteNote} />
          <Button onClick={() => view.getState().showContact(contact.id)}>{t('contacts.open')}</Button>
        </>
      }
    >
      {t('contacts.composer.text', { name: contact.name })}
    </Panel>
  );
}

export function ClosedConversation({ thread, onWriteNote }: Props) {
  const { t } = useTexts();
  const { setStatus } = useCommands();
  const open = useFrom('conversation', (state) => state.open);
  const { conversation } = thread;
  const newer = findNewer(conversation);
  const name = conversation.contact.name;
  return (
    <Panel
      thread={thread}
      icon={<Lock size={18} strokeWidth={1.75} />}
      title={t('composer.closedConversation.title')}
      action={
        <>
          <WriteNote onClick={onWriteNote} />
          {newer ? (
            <Button onClick={() => open(newer.id)}>{t(newer.status === 'active' ? 'action.openNewer' : 'action.openNewest')}</Button>
          ) : (
            <Button onClick={() => void setStatus(conversation, 'active')}>{t('action.reopen')}</Button>
          )}
        </>
      }
    >
      {newer ? t('composer.closedConversation.newer', { name }) : t('composer.closedConversation.text', { name })}
    </Panel>
  );
}

function WriteNote({ onClick }: { onClick(): void }) {
  const { t } = useTexts();
  return (
    <Button icon={<StickyNote size={15} />} command="writeNote" onClick={onClick}>
      {t('internal.write')}
    </Button>
  );
}

/** In the place of the box: it takes the focus as the box would, and so is read out. */
function Panel({ thread, icon, title, action, children }: { thread: OpenThread; icon: ReactNode; title: string; action?: ReactNode; children: ReactNode }) {
  const { t } = useTexts();
  const { id } = thread.conversation;
  const draft = useFrom('drafts', (state) => state.drafts[id]?.text ?? '');
  const files = useFrom('drafts', (state) => state.drafts[id]?.files.length ?? 0);
  const panel = useRef<HTMLElement>(null);
  const reasonId = useId();
  usePaneFocus('composer', id, panel);

  return (
    <div className={styles['composer']}>
      <section ref={panel} className={styles['panel']} tabIndex={-1} data-takes-letters aria-label={title} aria-describedby={reasonId}>
        <span className={styles['panel-icon']}>{icon}</span>
        <div className={styles['panel-text']}>
          <h3>{title}</h3>
          <p id={reasonId}>{children}</p>
          {draft.trim() !== '' && (
            <p className={styles['kept']}>
              {t('composer.closedWindow.draft')}: <q>{draft}</q>
            </p>
          )}
          {files > 0 && <p className={styles['kept']}>{t('compose.files.kept', { count: files })}</p>}
        </div>
        {action && <div className={styles['panel-actions']}>{action}</div>}
      </section>
    </div>
  );
}
