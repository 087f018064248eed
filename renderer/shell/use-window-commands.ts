/** The listener for keys, and what can be done wherever the agent is: going somewhere, the palette, the sheet. */
import { useEffect, useMemo } from 'react';
import { mayLead } from '../../contract/rules/rights.ts';
import type { Offered } from '../commands/command-desk.ts';
import { useOffer } from '../commands/use-commands.ts';
import type { InboxFilter } from '../store/inbox-filter.ts';
import { failureCodeOf } from '../store/failure.ts';
import type { Place } from '../store/view-store.ts';
import { useCommandDesk, useStores } from '../ui/app-context.tsx';

export function useWindowCommands(): void {
  const desk = useCommandDesk();
  const { inbox, lock, session, toasts, view } = useStores();
  const offered = useMemo((): Offered => {
    const goTo = (place: Place) => (): void => view.getState().goTo(place);
    const list = (filter: Partial<InboxFilter>) => (): void => {
      inbox.getState().setFilter(filter);
      view.getState().goTo('inbox');
    };
    return {
      goMine: list({ whose: 'me', status: 'active' }),
      goTeams: list({ whose: 'my_teams', status: 'active' }),
      goUnassigned: list({ whose: 'nobody', status: 'active' }),
      goAll: list({ whose: 'anybody', status: 'active' }),
      goArchived: list({ status: 'archived' }),
      goClosed: list({ status: 'closed' }),
      goSnoozed: list({ folder: 'snoozed' }),
      goDrafts: list({ folder: 'drafts' }),
      goRequests: goTo('requests'),
      goProposals: goTo('proposals'),
      goContacts: goTo('contacts'),
      goBoard: { can: () => mayLead(session.getState().session?.me ?? null), run: goTo('board') },
      goTemplates: goTo('templates'),
      goKnowledge: goTo('knowledge'),
      goReports: goTo('reports'),
      goQuality: goTo('quality'),
      goTeam: goTo('team'),
      goDiagnostics: goTo('diagnostics'),
      goSettings: goTo('settings'),
      palette: () => view.getState().showDialog('palette'),
      lockNow: {
        can: () => lock.getState().isOn,
        run: () =>
          void lock
            .getState()
            .lockNow()
            .catch((error: unknown) => toasts.getState().fail(failureCodeOf(error))),
      },
      sheet: () => view.getState().showDialog('shortcuts'),
    };
  }, [inbox, lock, session, toasts, view]);
  useOffer(offered);
  useEffect(() => {
    document.addEventListener('keydown', desk.onKeyDownFirst, { capture: true });
    document.addEventListener('keydown', desk.onKeyDown);
    return () => {
      document.removeEventListener('keydown', desk.onKeyDownFirst, { capture: true });
      document.removeEventListener('keydown', desk.onKeyDown);
    };
  }, [desk]);
}
