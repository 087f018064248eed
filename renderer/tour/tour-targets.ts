/** The real thing that each step of the tour points at, and what has been done of it. A target may be missing; nothing depends on it. */
import { isPretendedOffline } from '../shell/pretend-offline.tsx';
import type { Stores } from '../store/app.ts';
import type { TourStep } from './tour-steps.ts';

const find = (selector: string) => (): Element | null => document.querySelector(selector);
const LIST = '[role="listbox"]';

/** `place`: where the step happens; null: wherever one is. `opens`: a conversation has to be open. */
type Guide = { place: 'inbox' | null; opens: boolean; target(): Element | null; isDone(stores: Stores): boolean };

export const TOUR_GUIDES: Record<TourStep, Guide> = {
  whose: { place: 'inbox', opens: false, target: find('[data-tour="whose"]'), isDone: ({ inbox }) => inbox.getState().filter.whose !== 'anybody' },
  reply: {
    place: 'inbox',
    opens: false,
    target: () => document.querySelector('main textarea') ?? document.querySelector(`${LIST} [role="option"]`),
    isDone: ({ conversation }) => conversation.getState().openId !== null && document.activeElement?.matches('main textarea') === true,
  },
  draft: { place: 'inbox', opens: true, target: () => document.querySelector('[data-draft-card]') ?? document.querySelector('main textarea'), isDone: () => false },
  assign: {
    place: 'inbox',
    opens: true,
    target: find('main [data-tour="assign"]'),
    isDone: ({ conversation }) => conversation.getState().thread?.conversation.assignee?.isMe === true,
  },
  offline: {
    place: null,
    opens: false,
    target: find('[data-tour="sync"]'),
    isDone: ({ session }) => {
      const { sync } = session.getState();
      return sync !== null && isPretendedOffline(sync);
    },
  },
  search: { place: 'inbox', opens: false, target: find('[role="search"]'), isDone: ({ search }) => search.getState().isOpen },
  template: { place: 'inbox', opens: true, target: () => document.querySelector('main [data-tour="template"]') ?? document.querySelector('main textarea'), isDone: () => false },
  keys: { place: null, opens: false, target: find('[data-tour="keys"]'), isDone: ({ view }) => view.getState().dialog === 'shortcuts' },
  reports: { place: null, opens: false, target: find('[data-tour="reports"]'), isDone: ({ view }) => view.getState().place === 'reports' },
  diagnosis: { place: null, opens: false, target: find('[data-tour="diagnostics"]'), isDone: ({ view }) => view.getState().place === 'diagnostics' },
};
