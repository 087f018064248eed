/** Files into the draft of a conversation, from wherever they come: chosen, dropped, pasted. */
import { useCallback } from 'react';
import type { MediaKind } from '../../contract/whatsapp/message-content.ts';
import { useStores } from '../ui/app-context.tsx';

export type AddFiles = (files: readonly File[], as?: MediaKind | null) => void;

export function useAddFiles(conversationId: string): AddFiles {
  const { tray, toasts, view, conversation } = useStores();
  return useCallback(
    (files, as = null) => {
      if (files.length === 0) return;
      // Whoever begins to answer has read what is in view, as with the first letter.
      conversation.getState().lookAgain();
      const left = tray.getState().add(conversationId, files, as);
      if (left > 0) toasts.getState().say('compose.files.noRoom', { values: { name: '', count: left } });
      view.getState().focusComposer();
    },
    [tray, toasts, view, conversation, conversationId],
  );
}

/** Files of a paste or a drop; none where text comes along, which spreadsheets copy with a picture of itself. */
export function filesOf(data: DataTransfer | null, pastedName: string): File[] {
  if (!data || data.types.includes('text/plain')) return [];
  // A picture from the clipboard has no name of its own, only its type's.
  return [...data.files].map((file) => (/^image\.\w+$/.test(file.name) ? new File([file], file.name.replace(/^image/, pastedName), { type: file.type }) : file));
}
