/** In the demo: this desktop without a network, to try out what happens while it is away and when it comes back. */
import type { SyncState } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import styles from './sync-button.module.css';

/** A desktop that is offline on its own always plans the next attempt. */
export const isPretendedOffline = ({ state, retryAt }: SyncState): boolean => state === 'offline' && retryAt === null;

export function PretendOffline({ sync }: { sync: SyncState }) {
  const { t } = useTexts();
  const { pretendOffline } = useCommands();
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  if (!isDemo) return null;
  return (
    <label className={styles['pretend']}>
      <input type="checkbox" checked={isPretendedOffline(sync)} onChange={(event) => void pretendOffline(event.target.checked)} />
      {t('sync.pretendOffline')}
    </label>
  );
}
