/** One file of a person, as a small picture or as a line. */
import { CircleOff, CloudDownload, CornerUpLeft, Play } from 'lucide-react';
import type { Message } from '../../contract/entities.ts';
import { kindLabel } from '../conversation/content-text.ts';
import { DocumentCard } from '../conversation/content/document-content.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { AudioPlayer } from '../media/audio-player.tsx';
import { FileStatus } from '../media/file-status.tsx';
import { addressesOf, thumbnailOf } from '../media/message-file.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import styles from './gallery-items.module.css';

/** Opens in the viewer, also where the file is not here yet: that says why. */
export function PictureTile({ message, onOpen }: { message: Message; onOpen(): void }) {
  const { t, format } = useTexts();
  const { content, file } = message;
  const isVideo = content.kind === 'video';
  const src = thumbnailOf(content, file) ?? (isVideo ? null : (addressesOf(message)?.url ?? null));
  const caption = content.kind === 'image' || content.kind === 'video' ? content.caption : null;
  const label = [t(isVideo ? 'message.openVideo' : 'message.openImage'), format.short(message.sentAt), caption].filter(Boolean).join(', ');
  return (
    <button type="button" className={styles['tile']} aria-label={label} title={format.exact(message.sentAt)} onClick={onOpen}>
      {src !== null && <img src={src} alt="" loading="lazy" decoding="async" draggable={false} />}
      {isVideo && file?.state === 'here' && (
        <span className={styles['play']}>
          <Play size={13} fill="currentColor" strokeWidth={0} aria-hidden="true" />
        </span>
      )}
      {file?.state !== 'here' && (file?.state === 'waiting' || file?.state === 'fetching' ? <CloudDownload size={18} aria-hidden="true" /> : <CircleOff size={18} aria-hidden="true" />)}
    </button>
  );
}

/** A document or a recording, with the way to where it was sent. */
export function FileLine({ message }: { message: Message }) {
  const { t, format } = useTexts();
  const { conversation } = useStores();
  const name = useFrom('conversation', ({ thread }) => thread?.conversation.contact.name ?? '');
  const { content } = message;
  const file = addressesOf(message);
  const who = message.direction === 'in' ? name : message.author?.isMe ? t('thread.you') : (message.author?.name ?? t('message.fromPhone'));
  return (
    <div className={styles['line']}>
      <p className={styles['when']}>
        <bdi>{who}</bdi>
        <time title={format.exact(message.sentAt)}>{format.short(message.sentAt)}</time>
        <IconButton label={t('message.viewer.toThread')} side="left" onClick={() => void conversation.getState().jumpTo(message.id)}>
          <CornerUpLeft size={13} />
        </IconButton>
      </p>
      {content.kind === 'document' && <DocumentCard message={message} content={content} />}
      {content.kind === 'audio' && file && <AudioPlayer id={message.id} url={file.url} known={content.media.durationMs} label={t('message.audioFrom', { kind: kindLabel(content, t), who })} />}
      {content.kind === 'audio' && !file && <FileStatus message={message} />}
    </div>
  );
}
