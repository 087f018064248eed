import { Download, File, FileArchive, FileImage, FileMusic, FileSpreadsheet, FileText, FileVideo, Presentation, type LucideIcon } from 'lucide-react';
import type { Message } from '../../../contract/entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { FileStatus, UploadStatus } from '../../media/file-status.tsx';
import { dragOut } from '../../media/drag-out.ts';
import { saveUrlOf } from '../../media/message-file.ts';
import { FormattedText } from '../formatted-text.tsx';
import { documentType, type DocumentType } from './document-type.ts';
import type { ContentOf } from './message-content.tsx';
import styles from './document-content.module.css';

const ICONS: Record<DocumentType['look'], LucideIcon> = {
  text: FileText,
  table: FileSpreadsheet,
  slides: Presentation,
  archive: FileArchive,
  image: FileImage,
  audio: FileMusic,
  video: FileVideo,
  other: File,
};

export function DocumentContent({ message, content }: { message: Message; content: ContentOf<'document'> }) {
  const { t } = useTexts();
  return (
    <div className={styles['document']}>
      <DocumentCard message={message} content={content} />
      <FileStatus message={message} />
      <UploadStatus message={message} />
      {content.caption !== null && content.caption !== '' && <FormattedText text={content.caption} />}
      <span className="visually-hidden">{t('content.document')}</span>
    </div>
  );
}

/** Icon, name, type and size, and the way to save it. */
export function DocumentCard({ message, content: { media, filename } }: { message: Message; content: ContentOf<'document'> }) {
  const { t, format } = useTexts();
  const { name, look } = documentType(media.mimeType, filename);
  const Icon = ICONS[look];
  const bytes = media.bytes ?? message.file?.bytes ?? null;
  const save = saveUrlOf(message, t('content.document'));
  const shown = filename ?? t('message.documentNoName');
  return (
    <div className={styles['card']} {...dragOut(message, t('content.document'))}>
      <span className={styles['icon']} data-look={look}>
        <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
      </span>
      <div className={styles['words']}>
        {/* Names are the customer's: direction marks inside must not turn what follows around. */}
        <bdi className={styles['name']} title={shown}>
          {shown}
        </bdi>
        <span className={styles['facts']}>{[name, bytes === null ? null : format.bytes(bytes)].filter(Boolean).join(' · ')}</span>
      </div>
      {save !== null && (
        <a className={styles['save']} data-main="" href={save} download="" aria-label={`${t('message.save')}: ${shown}`} title={t('message.save')}>
          <Download size={16} aria-hidden="true" />
        </a>
      )}
    </div>
  );
}
