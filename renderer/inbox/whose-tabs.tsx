import { useTexts } from '../i18n/use-texts.tsx';
import type { Whose } from '../store/inbox-filter.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './whose-tabs.module.css';

const COUNT_OF = { me: 'mine', my_teams: 'myTeams', nobody: 'unassigned', anybody: 'active' } as const;
const COMMANDS = { me: 'goMine', my_teams: 'goTeams', nobody: 'goUnassigned', anybody: 'goAll' } as const satisfies Record<Whose, CommandId>;

/** Mine, my teams', nobody's, all. Counted where the counts mean what is listed: the active ones. */
export function WhoseTabs() {
  const { t, format } = useTexts();
  const { keysOf } = useKeyNames();
  const { inbox } = useStores();
  const { whose: current, status, folder } = useFrom('inbox', (state) => state.filter);
  const counts = useFrom('session', (state) => state.counts);
  const isInTeam = useFrom('team', ({ directory }) => (directory?.members.find(({ isMe }) => isMe)?.teamIds.length ?? 0) > 0);
  const isCounted = counts !== null && status === 'active' && folder === null;
  // Whoever is in no team has nothing there; a filter that was left on is still shown.
  const shown: Whose[] = ['me', ...(isInTeam || current === 'my_teams' ? (['my_teams'] as const) : []), 'nobody', 'anybody'];
  return (
    <div className={styles['tabs']} role="group" aria-label={t('filter.label')} data-tour="whose">
      {shown.map((whose) => (
        <button key={whose} type="button" className={styles['tab']} aria-pressed={whose === current} title={keysOf(COMMANDS[whose])} onClick={() => inbox.getState().setFilter({ whose })}>
          {t(`filter.whose.${whose}`)}
          {isCounted && <span className={styles['count']}>{format.number(counts[COUNT_OF[whose]])}</span>}
        </button>
      ))}
    </div>
  );
}
