/** Who else has the conversation before them: quiet avatars for looking, a pencil for writing, and honest about not knowing. */
import { EyeOff, PencilLine } from 'lucide-react';
import type { PresenceEntry } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import styles from './colleagues.module.css';

/** More than these become a number. */
const SHOWN = 3;
const LOUDNESS = { writing: 0, viewing: 1, away: 2 } as const;
const NOBODY: readonly PresenceEntry[] = [];

/** Null: unknown. The same person on two desktops comes once, as the engine says it. */
export function useColleagues(conversationId: string): readonly PresenceEntry[] | null {
  const presence = useFrom('team', (state) => state.presence);
  if (presence === null) return null;
  const here = presence.filter((entry) => entry.conversationId === conversationId);
  return here.length === 0 ? NOBODY : here.toSorted((a, b) => LOUDNESS[a.activity] - LOUDNESS[b.activity]);
}

export function Colleagues({ conversationId }: { conversationId: string }) {
  const { t } = useTexts();
  const colleagues = useColleagues(conversationId);
  if (colleagues === null) {
    return (
      <Tooltip content={t('colleagues.unknown')}>
        <span className={styles['unknown']} role="img" aria-label={t('colleagues.unknown')}>
          <EyeOff size={14} />
        </span>
      </Tooltip>
    );
  }
  if (colleagues.length === 0) return null;
  const writers = colleagues.filter(({ activity }) => activity === 'writing');
  return (
    <div className={styles['colleagues']} role="group" aria-label={t('colleagues.group')}>
      {colleagues.slice(0, SHOWN).map(({ agent, activity }) => {
        const label = t(`colleagues.${activity}`, { who: agent.name });
        return (
          <Tooltip key={agent.id} content={label}>
            <span className={styles['person']} data-activity={activity} role="img" aria-label={label}>
              <Avatar id={agent.id} name={agent.name} size={24} />
              {activity === 'writing' && (
                <span className={styles['pencil']}>
                  <PencilLine size={10} strokeWidth={2.5} />
                </span>
              )}
            </span>
          </Tooltip>
        );
      })}
      {colleagues.length > SHOWN && <span className={styles['more']}>+{colleagues.length - SHOWN}</span>}
      {writers.length > 0 && (
        <span className={styles['writing']} aria-live="polite">
          {t(writers.length === 1 ? 'colleagues.writing' : 'colleagues.writingMany', { who: writers.map(({ agent }) => agent.name.split(' ')[0]).join(', ') })}
        </span>
      )}
    </div>
  );
}
