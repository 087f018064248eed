/** The system's own dialog to choose files. */
import { typesOf } from '../../contract/whatsapp/media-types.ts';

/** What each entry of the menu offers first; people can still choose anything, and what does not go is said in the tray. */
const ACCEPT = {
  any: '',
  media: ['image/*', ...typesOf('video')].join(','),
  document: typesOf('document').join(','),
  sticker: 'image/*',
};

/** @param onPicked not called when the dialog is left without a choice. */
export function pickFiles(what: keyof typeof ACCEPT, onPicked: (files: File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = ACCEPT[what];
  input.hidden = true;
  // Outside of the page nothing holds it: the browser may collect it while its dialog is open, and what was chosen would be lost.
  document.body.append(input);
  input.addEventListener('cancel', () => input.remove());
  input.addEventListener('change', () => {
    onPicked([...(input.files ?? [])]);
    input.remove();
  });
  input.click();
}
