import { useState } from 'react';
import type { Message } from '../../../contract/entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { FileStatus, UploadStatus } from '../../media/file-status.tsx';
import { addressesOf } from '../../media/message-file.ts';
import { useMedia } from '../../shell/use-media.ts';
import type { ContentOf } from './message-content.tsx';
import styles from './sticker-content.module.css';

/** Without a bubble. One that moves stands still for whoever wants no motion, where a small picture of it is here. */
export function StickerContent({ message, content }: { message: Message; content: ContentOf<'sticker'> }) {
  const { t } = useTexts();
  const file = addressesOf(message);
  const wantsNoMotion = useMedia('(prefers-reduced-motion: reduce)');
  const [hasFailed, setFailed] = useState(false);
  const label = t(content.isAnimated ? 'message.stickerAnimated' : 'content.sticker');
  if (!file || hasFailed) {
    return (
      <div className={styles['away']}>
        <p>{label}</p>
        {hasFailed ? <p className={styles['hint']}>{t('message.cannotShow')}</p> : <FileStatus message={message} />}
      </div>
    );
  }
  const src = content.isAnimated && wantsNoMotion && file.thumbnail !== null ? file.thumbnail : file.url;
  return (
    <div className={styles['sticker']}>
      <img src={src} alt={label} width={160} height={160} draggable={false} decoding="async" onError={() => setFailed(true)} />
      <UploadStatus message={message} />
    </div>
  );
}
