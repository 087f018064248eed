import { Ban } from 'lucide-react';
import type { Message } from '../../../contract/entities.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useFrom } from '../../ui/app-context.tsx';
import { useThreadActions } from '../thread-actions.tsx';
import styles from './revoked-content.module.css';

/** What stands in the place of a message that was deleted; leads may look what it said. */
export function RevokedContent({ message, who }: { message: Message; who: string }) {
  const { t } = useTexts();
  const { showVersions } = useThreadActions();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  return (
    <div className={styles['revoked']}>
      <p>
        <Ban size={14} aria-hidden="true" /> {message.direction === 'in' ? t('message.revokedIn', { name: who }) : t('message.revokedOut')}
      </p>
      {isLead && (
        <button type="button" data-main="" className={styles['look']} onClick={(event) => showVersions(message, event.currentTarget)}>
          {t('message.versions')}
        </button>
      )}
    </div>
  );
}
