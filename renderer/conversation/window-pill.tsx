import { Hourglass } from 'lucide-react';
import { SERVICE_WINDOW_GUARD_MS, SERVICE_WINDOW_MS } from '../../contract/limits.ts';
import { judgeServiceWindow, type WindowState } from '../../contract/rules/service-window.ts';
import type { ConversationSummary } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { useLine } from './ticks.tsx';
import shared from '../ui/chip.module.css';
import { cx } from '../ui/cx.ts';
import styles from './window-pill.module.css';

const SOON_MS = 4 * 60 * 60 * 1000;

export type WindowTone = WindowState | 'soon';

/**
 * The window as it is this second: what the engine said, counted on with the relay's clock. `leftMs` until free text
 * ends; `tone` adds the hours in which it is time to think of it.
 */
export function useServiceWindow(closesAt: number | null): { state: WindowState; tone: WindowTone; leftMs: number } {
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const isLastHour = useFrom('clock', ({ now }) => closesAt !== null && closesAt - (now + offset) < 60 * 60 * 1000);
  // Second by second only near the end.
  const now = useFrom('clock', (clock) => (isLastHour ? clock.now : Math.floor(clock.now / 60_000) * 60_000)) + offset;
  const { state } = judgeServiceWindow(closesAt === null ? null : closesAt - SERVICE_WINDOW_MS, now);
  const leftMs = closesAt === null ? 0 : Math.max(0, closesAt - SERVICE_WINDOW_GUARD_MS - now);
  return { state, tone: state === 'open' && leftMs < SOON_MS ? 'soon' : state, leftMs };
}

export function WindowPill({ window }: { window: ConversationSummary['window'] }) {
  const { t, format } = useTexts();
  const { state, tone, leftMs } = useServiceWindow(window.closesAt);
  const isOffline = useLine() === 'away';
  const left = format.left(leftMs);
  const explanation = t(`window.${state}`, { left });
  return (
    <Tooltip
      content={
        <>
          {explanation}.{window.closesAt !== null && state !== 'closed' && <> {t('window.closesAt', { at: format.short(window.closesAt) })}</>}
          {isOffline && state !== 'none' && <> {t('window.offline')}</>}
        </>
      }
    >
      <span className={cx(shared['pill'], styles['pill'])} data-tone={tone} role="timer" aria-label={explanation}>
        <Hourglass size={13} strokeWidth={2} aria-hidden="true" />
        <span className="tabular">{state === 'closed' ? t('window.pillClosed') : state === 'none' ? t('window.pillNone') : left}</span>
      </span>
    </Tooltip>
  );
}
