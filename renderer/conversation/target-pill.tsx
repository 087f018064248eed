/** How long a customer may still wait by the team's response target: in the list and in the header, in words and not by colour alone. */
import { Timer, TimerOff } from 'lucide-react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { judgeTarget, type TargetState } from '../../contract/rules/response-target.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import shared from '../ui/chip.module.css';
import { cx } from '../ui/cx.ts';
import styles from './target-pill.module.css';

type Target = NonNullable<ConversationSummary['sla']>;
const MINUTE = 60_000;

/** As it is this minute, counted on with the relay's clock; only what shows it is drawn again. `ms` left, or past. */
function useTarget(target: Target): { state: TargetState; ms: number } {
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const state = useFrom('clock', ({ now }) => judgeTarget(target, now + offset));
  const now = useFrom('clock', (clock) => Math.floor(clock.now / MINUTE) * MINUTE) + offset;
  return { state, ms: Math.max(MINUTE, Math.abs(target.dueAt - now)) };
}

function useWords(target: Target) {
  const { t, format } = useTexts();
  const { state, ms } = useTarget(target);
  const time = format.span(ms);
  return {
    state,
    time,
    short: t(state === 'late' ? 'target.pillLate' : 'target.pillLeft', { time }),
    long: t(`target.${state}`, { time }),
    due: t('target.dueAt', { at: format.short(target.dueAt) }),
  };
}

export function TargetPill({ target }: { target: Target }) {
  const { state, time, short, long, due } = useWords(target);
  const Icon = state === 'late' ? TimerOff : Timer;
  return (
    <Tooltip content={`${long}. ${due}`}>
      <span className={cx(shared['pill'], styles['pill'])} data-state={state} role="timer" aria-label={long}>
        <Icon size={13} strokeWidth={2} aria-hidden="true" />
        <span className={`${styles['words']} tabular`}>{short}</span>
        <span className={`${styles['time']} tabular`}>{time}</span>
      </span>
    </Tooltip>
  );
}

/** In a row of a list: nothing while there is time. */
export function TargetMark({ target }: { target: Target }) {
  const { state, short, long } = useWords(target);
  if (state === 'ok') return null;
  return (
    <span className={styles['mark']} data-state={state} role="img" aria-label={long} title={long}>
      <span className="tabular">{short}</span>
    </span>
  );
}
