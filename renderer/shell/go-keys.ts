/** G, and then where to go: the same in every place that has keys. */
import { mayLead } from '../../contract/rules/rights.ts';
import type { Stores } from '../store/app.ts';
import type { Whose } from '../store/inbox-filter.ts';

const WHOSE: Readonly<Record<string, Whose>> = { m: 'me', t: 'my_teams', u: 'nobody', a: 'anybody' };
/** Ms within which the second key belongs to the G. */
const WITHIN_MS = 1_500;

/** `goCommandOf`: what a key means here; null: nothing. */
export function createGoKeys({ inbox, session, view }: Pick<Stores, 'inbox' | 'session' | 'view'>): { goCommandOf(event: KeyboardEvent): (() => void) | null } {
  /** When G was pressed. */
  let goAt = -Infinity;
  const placeOf = (letter: string): (() => void) | null => {
    if (letter === 'b') return mayLead(session.getState().session?.me ?? null) ? () => view.getState().goTo('board') : null;
    if (letter === 'r') return () => view.getState().goTo('requests');
    if (letter === 'k') return () => view.getState().goTo('knowledge');
    if (letter === 'q') return () => view.getState().goTo('quality');
    if (letter === 'p') return () => view.getState().goTo('proposals');
    const whose = WHOSE[letter];
    if (whose === undefined) return null;
    return () => {
      inbox.getState().setFilter({ whose, status: 'active' });
      view.getState().goTo('inbox');
    };
  };
  return {
    goCommandOf: ({ key, shiftKey, timeStamp }) => {
      const letter = key.toLowerCase();
      const isSecond = timeStamp - goAt < WITHIN_MS;
      goAt = -Infinity;
      if (shiftKey) return null;
      if (letter === 'g')
        return () => {
          goAt = timeStamp;
        };
      return isSecond ? placeOf(letter) : null;
    },
  };
}
