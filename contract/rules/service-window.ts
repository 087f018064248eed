import { SERVICE_WINDOW_GUARD_MS, SERVICE_WINDOW_MS } from '../limits.ts';

/** `none`: the customer has never written, so only a template may be sent. `closing`: less than an hour is left. */
export type WindowState = 'open' | 'closing' | 'closed' | 'none';
export type ServiceWindow = { state: WindowState; closesAt: number | null };

const CLOSING_MS = 60 * 60 * 1000;

/**
 * State of the 24-hour customer service window.
 * @param lastInboundAt Meta's timestamp (ms) of the customer's last message, null if there is none.
 * @param now relay time (ms), so that a wrong desktop clock opens nothing.
 */
export function judgeServiceWindow(lastInboundAt: number | null, now: number): ServiceWindow {
  if (lastInboundAt === null) return { state: 'none', closesAt: null };
  const closesAt = lastInboundAt + SERVICE_WINDOW_MS;
  const left = closesAt - now;
  if (left <= SERVICE_WINDOW_GUARD_MS) return { state: 'closed', closesAt };
  return { state: left <= CLOSING_MS ? 'closing' : 'open', closesAt };
}

export const isWindowOpen = (lastInboundAt: number | null, now: number): boolean => {
  const { state } = judgeServiceWindow(lastInboundAt, now);
  return state === 'open' || state === 'closing';
};
