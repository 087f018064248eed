/** What is being done with messages, as a dialog. */
import { lazy, Suspense } from 'react';
import { useFrom, useStores } from '../ui/app-context.tsx';

const ForwardDialog = lazy(() => import('./forward-dialog.tsx').then((module) => ({ default: module.ForwardDialog })));
const NoteDialog = lazy(() => import('./note-dialog.tsx').then((module) => ({ default: module.NoteDialog })));
const AttachDialog = lazy(() => import('./attach-dialog.tsx').then((module) => ({ default: module.AttachDialog })));

export function PickedSheets({ conversationId }: { conversationId: string }) {
  const { picked } = useStores();
  const sheet = useFrom('picked', (state) => state.sheet);
  if (!sheet) return null;
  const { kind, messages } = sheet;
  const props = { messages, conversationId, onClose: picked.getState().close };
  return <Suspense fallback={null}>{kind === 'forward' ? <ForwardDialog {...props} /> : kind === 'note' ? <NoteDialog {...props} /> : <AttachDialog {...props} />}</Suspense>;
}
