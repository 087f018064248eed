/** A conversation to be linked, found by name or number, whatever its status. */
import { useEffect, useRef, useState } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { contentText } from '../conversation/content-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { failureCodeOf } from '../store/failure.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './link-dialog.module.css';

const SEARCH_AFTER_MS = 120;
const FOUND_MAX = 20;
const STATUSES = ['active', 'archived', 'closed'] as const;

export function LinkDialog({ search: begun, onPick, onClose }: { search: string; onPick(conversationId: string): void; onClose(): void }) {
  const { t, format } = useTexts();
  const [typed, setTyped] = useState(begun);
  const found = useFoundConversations(typed);
  const now = useFrom('clock', toMinute);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  return (
    <Dialog title={t('requests.thread.chooseTitle')} onClose={onClose}>
      <div className={styles['body']}>
        <TextField ref={first} label={t('requests.thread.chooseText')} value={typed} maxLength={100} onChange={(event) => setTyped(event.target.value)} />
        {found?.length === 0 ? (
          <p className={styles['none']} role="status">
            {t('requests.thread.chooseNone')}
          </p>
        ) : (
          <ul className={styles['list']} aria-label={t('requests.thread.chooseTitle')}>
            {found?.map(({ id, contact, status, lastMessage }) => (
              <li key={id}>
                <button type="button" className={styles['row']} onClick={() => onPick(id)}>
                  <Avatar id={contact.id} name={contact.name} size={32} />
                  <span className={styles['who']}>
                    <bdi className={styles['name']}>{contact.name}</bdi>
                    <bdi className={styles['words']}>{lastMessage ? contentText(lastMessage.content, t) : contact.phone}</bdi>
                  </span>
                  <span className={styles['fact']}>
                    {t(`requests.thread.status.${status}`)}
                    {lastMessage && <time title={format.exact(lastMessage.at)}>{format.relative(lastMessage.at, now)}</time>}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function useFoundConversations(typed: string): readonly ConversationSummary[] | null {
  const client = useClient();
  const { toasts } = useStores();
  const [found, setFound] = useState<readonly ConversationSummary[] | null>(null);
  const search = typed.trim();
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(() => {
      void Promise.all(STATUSES.map((status) => client.conversations.list({ status, search, limit: FOUND_MAX })))
        .then((pages) => {
          if (!isOver) setFound(pages.flatMap(({ items }) => items).slice(0, FOUND_MAX));
        })
        .catch((error: unknown) => {
          if (!isOver) toasts.getState().fail(failureCodeOf(error));
        });
    }, SEARCH_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, toasts, search]);
  return found;
}
