/** A photo or a video as a still picture, which opens in the viewer. Its box has its size before the picture is there, so that nothing jumps. */
import { ImageOff, Play } from 'lucide-react';
import { useState, type CSSProperties } from 'react';
import type { Message } from '../../../contract/entities.ts';
import { dragOut } from '../../media/drag-out.ts';
import { FileStatus, UploadStatus } from '../../media/file-status.tsx';
import { addressesOf, thumbnailOf } from '../../media/message-file.ts';
import { useThumbnail } from '../../media/use-thumbnail.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { FormattedText } from '../formatted-text.tsx';
import { useThreadActions } from '../thread-actions.tsx';
import type { ContentOf } from './message-content.tsx';
import { pictureBox } from './picture-box.ts';
import styles from './picture-content.module.css';

export function PictureContent({ message, content, who }: { message: Message; content: ContentOf<'image' | 'video'>; who: string }) {
  const { t, format } = useTexts();
  const { view } = useThreadActions();
  const { media, caption } = content;
  useThumbnail(message);
  const box = pictureBox(media);
  const file = addressesOf(message);
  const isVideo = content.kind === 'video';
  const label = [t(isVideo ? 'message.openVideo' : 'message.openImage'), who, caption].filter(Boolean).join(', ');
  return (
    <div className={styles['picture']} style={{ '--width': `${box.width}px`, '--ratio': box.width / box.height } as CSSProperties}>
      {file ? (
        <button type="button" className={styles['box']} data-main="" aria-label={label} onClick={() => view(message)} {...dragOut(message, t(isVideo ? 'content.video' : 'content.image'))}>
          <Still key={file.url} src={isVideo ? file.thumbnail : (file.thumbnail ?? file.url)} />
          {isVideo && (
            <span className={styles['play']}>
              <Play size={20} fill="currentColor" strokeWidth={0} aria-hidden="true" />
            </span>
          )}
          {isVideo && media.durationMs !== null && <span className={styles['length']}>{format.length(media.durationMs)}</span>}
        </button>
      ) : (
        <div className={styles['box']} data-away="">
          {message.file?.hasThumbnail && <Still src={thumbnailOf(content, message.file)} />}
          <div className={styles['status']}>
            <FileStatus message={message} />
          </div>
        </div>
      )}
      <UploadStatus message={message} />
      {caption !== null && caption !== '' && (
        <div className={styles['caption']}>
          <FormattedText text={caption} />
        </div>
      )}
    </div>
  );
}

/** A picture that cannot be shown leaves its mark instead of the browser's. */
function Still({ src }: { src: string | null }) {
  const [hasFailed, setFailed] = useState(false);
  if (src === null) return null;
  if (hasFailed) return <ImageOff className={styles['broken']} size={22} aria-hidden="true" />;
  return <img src={src} alt="" draggable={false} decoding="async" onError={() => setFailed(true)} />;
}
