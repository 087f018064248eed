/** Service requests: their table, or the page of one, with the keys and the dialogs that both have. */
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { RequestPage } from './request-page.tsx';
import { RequestsPage } from './requests-page.tsx';
import { useRequestCommands } from './use-request-commands.ts';

const NewRequestDialog = lazy(() => import('./new-request-dialog.tsx').then((module) => ({ default: module.NewRequestDialog })));
const ImportDialog = lazy(() => import('./import-dialog.tsx').then((module) => ({ default: module.ImportDialog })));

export type RequestsDialog = 'new' | 'import' | null;

export function RequestsPlace() {
  const { requests, view } = useStores();
  const requestId = useFrom('view', (state) => state.requestId);
  const [dialog, setDialog] = useState<RequestsDialog>(null);
  /** The page that was left last: the table goes on there. */
  const lastId = useRef<string | null>(null);
  useEffect(() => {
    if (requestId !== null) lastId.current = requestId;
  }, [requestId]);
  useEffect(() => {
    requests.getState().show(true);
    return () => requests.getState().show(false);
  }, [requests]);
  const openNew = useCallback(() => setDialog('new'), []);
  useRequestCommands({ onNew: openNew });
  const close = (): void => setDialog(null);
  return (
    <>
      {requestId === null ? <RequestsPage lastId={lastId} onDialog={setDialog} /> : <RequestPage key={requestId} requestId={requestId} />}
      <Suspense fallback={null}>
        {dialog === 'new' && (
          <NewRequestDialog
            onAdded={(id) => {
              close();
              view.getState().showRequest(id);
            }}
            onClose={close}
          />
        )}
        {dialog === 'import' && <ImportDialog onClose={close} />}
      </Suspense>
    </>
  );
}
