/** How fresh the list of templates is, and what stands in its place where there is nothing to choose: why, and what to do. */
import { RefreshCw } from 'lucide-react';
import type { TemplateList } from '../../contract/work-entities.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './template-picker.module.css';

const MINUTE_MS = 60_000;

function useSync(list: TemplateList | null): { isBusy: boolean; sync(): void } {
  const { templates } = useStores();
  const client = useClient();
  const action = useAction();
  return { isBusy: action.isBusy || list?.isSyncing === true, sync: () => void action.run(async () => templates.getState().take(await client.templates.sync())) };
}

export function SyncLine({ list }: { list: TemplateList | null }) {
  const { t, format } = useTexts();
  const { isBusy, sync } = useSync(list);
  // To the minute; by this computer's clock, corrected.
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const minutes = useFrom('clock', ({ now }) => (list?.syncedAt == null ? null : Math.max(0, Math.floor((now + offset - list.syncedAt) / MINUTE_MS))));
  const hasFailed = list !== null && list.problem !== null && list.items.length > 0;
  return (
    <span className={styles['sync']} data-failed={hasFailed || undefined}>
      <span role="status" title={list?.syncedAt == null ? undefined : format.exact(list.syncedAt)}>
        {isBusy
          ? t('templatePicker.sync.busy')
          : hasFailed
            ? t(`templatePicker.sync.failed.${list.problem!.kind}`, { ago: format.span((minutes ?? 0) * MINUTE_MS) })
            : minutes === null
              ? ''
              : minutes === 0
                ? t('templatePicker.sync.now')
                : t('templatePicker.sync.ago', { ago: format.span(minutes * MINUTE_MS) })}
      </span>
      <IconButton label={t('templates.sync')} side="top" aria-disabled={isBusy} onClick={() => !isBusy && sync()}>
        <RefreshCw size={14} />
      </IconButton>
    </span>
  );
}

export function NothingToPick({ list, query }: { list: TemplateList | null; query: string }) {
  const { t } = useTexts();
  const { view } = useStores();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const { isBusy, sync } = useSync(list);
  if (list === null) return null;
  if (list.items.length > 0) return <p className={styles['nothing']}>{t('templatePicker.none.match', { query })}</p>;
  const { problem, syncedAt } = list;
  if (problem?.kind === 'no_account') {
    return (
      <div className={styles['nothing']}>
        <p>{t('templates.problem.no_account')}</p>
        {mayAdminister(me) && <Button onClick={() => view.getState().showTeam('number')}>{t('templatePicker.none.connect')}</Button>}
      </div>
    );
  }
  if (problem !== null || syncedAt === null) {
    return (
      <div className={styles['nothing']}>
        <p>{t(problem === null ? 'templatePicker.none.unread' : problem.kind === 'refused' ? 'templates.problem.refused' : 'templatePicker.none.offline')}</p>
        <Button aria-disabled={isBusy} onClick={() => !isBusy && sync()}>
          {t('templates.sync')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles['nothing']}>
      <p>{t('templatePicker.none.empty')}</p>
      <Button onClick={() => view.getState().showTemplates({ kind: 'list', key: null })}>{t('templatePicker.none.toTemplates')}</Button>
    </div>
  );
}
