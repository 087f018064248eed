/** To whom messages are forwarded: found by name or number, several at once. What could not go is told for each, with the reason; the rest is on its way. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { ConversationSummary, ForwardResult } from '../../contract/entities.ts';
import { FORWARD_TARGETS_MAX } from '../../contract/limits.ts';
import { Picker, type PickerOption } from '../conversation/picker.tsx';
import { contentText } from '../conversation/content-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, toFailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useAction } from '../ui/use-action.ts';
import type { SheetProps } from './sheet-props.ts';
import styles from './sheets.module.css';

const SEARCH_AFTER_MS = 120;
const FOUND_MAX = 20;

export function ForwardDialog({ messages, conversationId, onClose }: SheetProps) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts, conversation } = useStores();
  const [typed, setTyped] = useState('');
  const { found, isStale } = useFoundConversations(typed);
  const [chosen, setChosen] = useState<readonly ConversationSummary[]>([]);
  const [refused, setRefused] = useState<{ results: readonly ForwardResult[]; sent: number } | null>(null);
  const { run, isBusy } = useAction();
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => body.current?.querySelector('input')?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  /** The same for every attempt: what went the first time does not go again. */
  const copyIds = useRef(new Map<string, string>());
  const copyIdOf = (target: string, sourceId: string): string => {
    const key = `${target} ${sourceId}`;
    const id = copyIds.current.get(key) ?? crypto.randomUUID();
    copyIds.current.set(key, id);
    return id;
  };

  const others = found.filter(({ id }) => id !== conversationId && !chosen.some((each) => each.id === id));
  const options = useMemo(() => {
    const optionOf = (row: ConversationSummary, isChecked: boolean, group: string): PickerOption => ({
      id: row.id,
      group,
      label: row.contact.name,
      lead: <Avatar id={row.contact.id} name={row.contact.name} size={24} />,
      detail: [row.contact.phone !== row.contact.name ? row.contact.phone : null, t(`forward.window.${isOpen(row) ? 'open' : 'closed'}`)].filter(Boolean).join(' · '),
      isChecked,
      reason: row.contact.isBlocked ? t('forward.blocked') : row.status === 'closed' ? t('forward.closed') : isOpen(row) ? null : t('forward.window.closed'),
    });
    return [...chosen.map((row) => optionOf(row, true, t('forward.chosen'))), ...others.map((row) => optionOf(row, false, t(typed.trim() === '' ? 'forward.recent' : 'forward.found')))];
  }, [chosen, others, typed, t]);

  function toggle(id: string): void {
    if (chosen.some((row) => row.id === id)) return setChosen(chosen.filter((row) => row.id !== id));
    const row = others.find((each) => each.id === id);
    if (!row) return;
    if (chosen.length === FORWARD_TARGETS_MAX) return void toasts.getState().say('forward.full', { values: { name: '', count: FORWARD_TARGETS_MAX } });
    setChosen([...chosen, row]);
  }
  async function send(): Promise<void> {
    if (chosen.length === 0) return;
    await run(async () => {
      const targets = chosen.map(({ id }) => ({ conversationId: id, messages: messages.map((message) => ({ sourceId: message.id, messageId: copyIdOf(id, message.id) })) }));
      const { results } = await client.messages.forward({ targets });
      conversation.getState().refresh();
      const failed = results.filter(({ code }) => code !== null);
      if (failed.length > 0) return setRefused({ results: failed, sent: results.length - failed.length });
      toasts.getState().say('forward.done', { values: { name: '', count: chosen.length } });
      onClose(true);
    });
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void send();
  }

  if (refused) {
    const nameOf = (id: string): string => chosen.find((row) => row.id === id)?.contact.name ?? '';
    const textOf = (id: string): string => {
      const message = messages.find((each) => each.id === id);
      return message ? contentText(message.content, t) : '';
    };
    return (
      <Dialog title={t('forward.title', { count: messages.length })} onClose={() => onClose(refused.sent > 0)}>
        <div className={styles['refused']} role="alert">
          <h3>{t('forward.someLeft')}</h3>
          <ul>
            {refused.results.map(({ conversationId: target, sourceId, code }) => (
              <li key={`${target} ${sourceId}`}>
                <p>
                  <bdi>{nameOf(target)}</bdi> · <bdi>{textOf(sourceId)}</bdi>
                </p>
                <p>{t(`failure.${toFailureCode(code)}`)}</p>
              </li>
            ))}
          </ul>
        </div>
        <footer className={styles['foot']}>
          <p className={styles['hint']}>{t(refused.sent > 0 ? 'forward.sentOthers' : 'forward.noneSent')}</p>
          <Button look="primary" onClick={() => onClose(refused.sent > 0)}>
            {t('action.close')}
          </Button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('forward.title', { count: messages.length })} onClose={() => onClose(false)}>
      <div ref={body} className={styles['picker']} onKeyDownCapture={onKeyDown} role="presentation">
        <Picker
          options={options}
          label={t('forward.search')}
          placeholder={t('forward.search')}
          emptyText={isStale ? '…' : t('forward.none')}
          isStale={isStale}
          onSearch={setTyped}
          onPick={toggle}
          onClose={() => onClose(false)}
        />
      </div>
      <footer className={styles['foot']}>
        <p className={styles['hint']} role="status">
          {chosen.length === 0 ? t('forward.toNobody') : t('forward.to', { count: chosen.length })}
        </p>
        <Button look="primary" disabled={chosen.length === 0 || isBusy} aria-keyshortcuts="Control+Enter" onClick={() => void send()}>
          {t('forward.send')}
        </Button>
      </footer>
    </Dialog>
  );
}

const isOpen = ({ window }: ConversationSummary): boolean => window.state === 'open' || window.state === 'closing';

/** Of any status but closed first; while it looks, what it found last stays. */
function useFoundConversations(typed: string): { found: readonly ConversationSummary[]; isStale: boolean } {
  const client = useClient();
  const { toasts } = useStores();
  const search = typed.trim();
  const [answer, setAnswer] = useState<{ search: string | null; items: readonly ConversationSummary[] }>({ search: null, items: [] });
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(
      () => {
        Promise.all((['active', 'archived'] as const).map((status) => client.conversations.list({ status, search, limit: FOUND_MAX }))).then(
          (pages) => isWanted && setAnswer({ search, items: pages.flatMap(({ items }) => items) }),
          (error: unknown) => isWanted && toasts.getState().fail(failureCodeOf(error)),
        );
      },
      search === '' ? 0 : SEARCH_AFTER_MS,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, toasts, search]);
  return { found: answer.items, isStale: answer.search !== search };
}
