/** The person's newest files in the side panel, and the way to all of them. */
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useGallery } from '../media/use-gallery.ts';
import { useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { FileLine, PictureTile } from './gallery-items.tsx';
import styles from './files-section.module.css';

const PICTURES = 6;
const LINES = 3;

export function FilesSection({ conversationId, onOpenAll }: { conversationId: string; onOpenAll(): void }) {
  const { t } = useTexts();
  const { view } = useStores();
  const pictures = useGallery(conversationId, 'pictures', PICTURES).items;
  const documents = useGallery(conversationId, 'documents', LINES).items;
  const audio = useGallery(conversationId, 'audio', LINES).items;
  if (pictures === null || documents === null || audio === null) return <p className={styles['none']}>{t('message.gallery.loading')}</p>;
  const lines: readonly Message[] = [...documents, ...audio].toSorted((a, b) => b.sentAt - a.sentAt).slice(0, LINES);
  if (pictures.length + lines.length === 0) return <p className={styles['none']}>{t('message.gallery.none')}</p>;
  return (
    <>
      {pictures.length > 0 && (
        <div className={styles['pictures']}>
          {pictures.map((message) => (
            <PictureTile key={message.id} message={message} onOpen={() => view.getState().showPicture(message)} />
          ))}
        </div>
      )}
      {lines.map((message) => (
        <FileLine key={message.id} message={message} />
      ))}
      <div className={styles['all']}>
        <Button look="quiet" onClick={onOpenAll}>
          {t('message.gallery.all')}
        </Button>
      </div>
    </>
  );
}
