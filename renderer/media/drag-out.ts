/** Files of messages dragged out of the window, onto the desk or into another program. */
import type { DragEvent } from 'react';
import type { Message } from '../../contract/entities.ts';
import { fileOf } from '../../contract/whatsapp/file-of.ts';
import { saveNameOf, saveUrlOf } from './message-file.ts';

/** What makes an element draggable as the file of a message; nothing while the file is not here. @param label what kind of file it is, in words. */
export function dragOut(message: Message, label: string): { draggable: true; onDragStart(event: DragEvent): void } | Record<never, never> {
  const media = fileOf(message.content);
  const address = saveUrlOf(message, label);
  const sha256 = media?.sha256 ?? null;
  if (!media || address === null || sha256 === null) return {};
  const name = saveNameOf(message, label);
  return {
    draggable: true,
    onDragStart: (event) => {
      if (window.bandejaShell) {
        event.preventDefault();
        return window.bandejaShell.startFileDrag(sha256, name);
      }
      // Chromium fetches it from here when it is dropped; the parts are divided by colons.
      event.dataTransfer.setData('DownloadURL', `${media.mimeType.replace(/;.*$/, '')}:${name.replaceAll(':', '.')}:${new URL(address, location.href).href}`);
      event.dataTransfer.effectAllowed = 'copy';
    },
  };
}
