import { Headphones, Mic } from 'lucide-react';
import type { Message } from '../../../contract/entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { AudioPlayer } from '../../media/audio-player.tsx';
import { FileStatus, UploadStatus } from '../../media/file-status.tsx';
import { addressesOf } from '../../media/message-file.ts';
import { kindLabel } from '../content-text.ts';
import type { ContentOf } from './message-content.tsx';
import styles from './audio-content.module.css';

export function AudioContent({ message, content, who }: { message: Message; content: ContentOf<'audio'>; who: string }) {
  const { t } = useTexts();
  const file = addressesOf(message);
  const kind = kindLabel(content, t);
  return (
    <div className={styles['audio']}>
      {file ? (
        <AudioPlayer id={message.id} url={file.url} known={content.media.durationMs} label={t('message.audioFrom', { kind, who })} />
      ) : (
        <>
          <p className={styles['label']}>
            {content.isVoice ? <Mic size={15} aria-hidden="true" /> : <Headphones size={15} aria-hidden="true" />} {kind}
          </p>
          <FileStatus message={message} />
        </>
      )}
      <UploadStatus message={message} />
    </div>
  );
}
