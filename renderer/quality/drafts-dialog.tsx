/** The drafts behind a figure, newest first. */
import { useCallback, useEffect, useState } from 'react';
import type { ReviewItem } from '../../contract/ai/ai-views.ts';
import type { EditClass } from '../../contract/ai/ai-words.ts';
import { WhyDialog } from '../ai/why-dialog.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { boundsOf } from '../store/quality-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Answer } from './answer.tsx';
import styles from './drafts-dialog.module.css';

type Shown = { items: readonly ReviewItem[]; next: string | null };

export function DraftsDialog({ editClass, onClose }: { editClass: EditClass; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { clock } = useStores();
  const period = useFrom('quality', (state) => state.period);
  const [shown, setShown] = useState<Shown | null>(null);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const [runId, setRunId] = useState<string | null>(null);
  const load = useCallback(
    async (before: Shown | null): Promise<void> => {
      try {
        const page = await client.ai.drafts({ ...boundsOf(period, clock.getState().now), editClass, limit: 20, ...(before?.next ? { cursor: before.next } : {}) });
        // Asked for twice, a page comes once.
        setShown((now) => (before === null || now === before ? { items: [...(before?.items ?? []), ...page.items], next: page.nextCursor } : now));
      } catch (error) {
        setFailure(failureCodeOf(error));
      }
    },
    [client, clock, period, editClass],
  );
  useEffect(() => void load(null), [load]);
  return (
    <Dialog title={t(`quality.class.${editClass}`)} isWide onClose={onClose}>
      <div className={styles['list']} tabIndex={0} aria-label={t('quality.drafts.title')} role="region">
        {failure !== null && <p role="alert">{t(`failure.${failure}`)}</p>}
        {shown?.items.length === 0 && <p>{t('quality.drafts.none')}</p>}
        {shown?.items.map((item) => (
          <Answer key={item.draft.draftId} item={item} onRecord={setRunId} />
        ))}
        {shown !== null && shown.next !== null && <Button onClick={() => void load(shown)}>{t('quality.drafts.more')}</Button>}
      </div>
      {runId !== null && <WhyDialog runId={runId} onClose={() => setRunId(null)} />}
    </Dialog>
  );
}
