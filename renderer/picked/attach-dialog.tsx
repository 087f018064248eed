/** To which service request messages are attached: those of the person first, others by search. */
import { useEffect, useRef, useState } from 'react';
import type { RequestSummary } from '../../contract/work-entities.ts';
import { Picker, type PickerOption } from '../conversation/picker.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { shownReference } from '../links/request-chip.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { linksOf } from '../store/links-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useAction } from '../ui/use-action.ts';
import type { SheetProps } from './sheet-props.ts';
import styles from './sheets.module.css';

const SEARCH_AFTER_MS = 120;
const FOUND_MAX = 30;

export function AttachDialog({ messages, conversationId, onClose }: SheetProps) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts, conversation } = useStores();
  const links = useFrom('links', (state) => linksOf(state, conversationId));
  const [typed, setTyped] = useState('');
  const { found, isStale } = useFoundRequests(typed.trim());
  const { run } = useAction();
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => body.current?.querySelector('input')?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);

  const shown = found ?? links?.requests ?? [];
  const isAllIn = ({ id }: RequestSummary): boolean => messages.every(({ requests }) => requests.some((request) => request.id === id));
  const options = shown.map((request): PickerOption => ({
    id: request.id,
    group: t(found === null ? 'picked.attachOwn' : 'picked.attachFound'),
    label: [shownReference(request.reference, t), request.customerName || request.customer?.name].filter(Boolean).join(' · '),
    detail: [request.serviceType, t(`requests.statusShort.${request.status}`)].filter((part) => part !== '').join(' · '),
    isChecked: isAllIn(request),
  }));

  async function pick(id: string): Promise<void> {
    const request = shown.find((each) => each.id === id);
    if (!request) return;
    await run(async () => {
      const verdict = await client.requests.attach({ requestId: id, messageIds: messages.map((message) => message.id), isOn: true });
      if (verdict.outcome !== 'applied' && verdict.outcome !== 'merged') return verdict;
      const values = { name: '', count: messages.length, what: shownReference(request.reference, t) };
      toasts.getState().say(verdict.outcome === 'applied' ? 'picked.attached' : 'picked.attachedAlready', { values });
      conversation.getState().refresh();
      onClose(true);
      return verdict;
    });
  }
  return (
    <Dialog title={t('picked.attachTitle')} onClose={() => onClose(false)}>
      <div ref={body} className={styles['picker']}>
        <Picker
          options={options}
          label={t('picked.attachTitle')}
          placeholder={t('picked.attachSearch')}
          emptyText={isStale ? '…' : t(typed.trim() === '' ? 'picked.attachNone' : 'picked.attachNoneFound')}
          isStale={isStale}
          onSearch={setTyped}
          onPick={(id) => void pick(id)}
          onClose={() => onClose(false)}
        />
      </div>
    </Dialog>
  );
}

/** Null: nothing is looked for. While it looks, what it found last stays. */
function useFoundRequests(search: string): { found: readonly RequestSummary[] | null; isStale: boolean } {
  const client = useClient();
  const { toasts } = useStores();
  const [answer, setAnswer] = useState<{ search: string; items: readonly RequestSummary[] }>({ search: '', items: [] });
  useEffect(() => {
    if (search === '') return;
    let isWanted = true;
    const timer = setTimeout(() => {
      client.requests.list({ search, limit: FOUND_MAX }).then(
        ({ items }) => isWanted && setAnswer({ search, items }),
        (error: unknown) => isWanted && toasts.getState().fail(failureCodeOf(error)),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, toasts, search]);
  return search === '' ? { found: null, isStale: false } : { found: answer.items, isStale: answer.search !== search };
}
