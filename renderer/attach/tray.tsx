/** The files that will go with the reply, in order: what becomes of each, its text, and what stands in its way. */
import { ArrowDown, ArrowUp, FileText, Headphones, Image, RotateCcw, Sticker, TriangleAlert, Video, X } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { CAPTION_MAX } from '../../contract/limits.ts';
import type { MediaKind } from '../../contract/whatsapp/message-content.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { AudioPlayer } from '../media/audio-player.tsx';
import { mediaUrl } from '../media/media-url.ts';
import { findCaptioned, takesCaption, type DraftItem } from '../store/draft-messages.ts';
import type { TrayEntry } from '../store/tray-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import type { FileRefusal } from './prepare-file.ts';
import styles from './tray.module.css';

const ICONS: Record<MediaKind, typeof Image> = { image: Image, video: Video, audio: Headphones, document: FileText, sticker: Sticker };
const TYPE_NAMES: Readonly<Record<string, string>> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP' };

/** `text`: what stands in the box. `onKeyDown`: of the captions, in which Enter sends as in the box. */
export function Tray({ conversationId, files, text, onKeyDown }: { conversationId: string; files: readonly DraftItem[]; text: string; onKeyDown(event: KeyboardEvent): void }) {
  const { t } = useTexts();
  const captioned = findCaptioned(text, files);
  return (
    <ol className={styles['tray']} aria-label={t('compose.files.label')}>
      {files.map((file, index) => (
        <TrayRow key={file.id} conversationId={conversationId} file={file} at={index} count={files.length} hasText={file === captioned} onKeyDown={onKeyDown} />
      ))}
    </ol>
  );
}

type RowProps = { conversationId: string; file: DraftItem; at: number; count: number; /** The text of the box goes under it. */ hasText: boolean; onKeyDown(event: KeyboardEvent): void };

function TrayRow({ conversationId, file, at, count, hasText, onKeyDown }: RowProps) {
  const { t, format } = useTexts();
  const { tray, drafts, playback } = useStores();
  const entry = useFrom('tray', (state) => state.entries[file.id]);
  const noteId = useId();
  const name = file.isVoice ? t('compose.files.voiceNote') : file.filename;
  const state = entry?.status.state ?? 'ready';
  const isWrong = state === 'refused' || state === 'failed';
  const isBusy = state === 'preparing' || state === 'uploading';
  const change = (patch: Partial<DraftItem>): void => drafts.getState().changeFiles(conversationId, (files) => files.map((one) => (one.id === file.id ? { ...one, ...patch } : one)));
  const remove = (): void => {
    if (playback.getState().id === file.id) playback.getState().pause();
    tray.getState().remove(file.id);
  };
  const move = (by: -1 | 1): void =>
    drafts.getState().changeFiles(conversationId, (files) => {
      const others = files.filter((one) => one.id !== file.id);
      return [...others.slice(0, at + by), file, ...others.slice(at + by)];
    });
  return (
    <li className={styles['row']} data-state={state} data-wrong={isWrong || undefined}>
      <Thumbnail file={file} entry={entry} isWrong={isWrong} />
      <div className={styles['words']}>
        <p className={styles['name']} title={name}>
          <bdi>{name}</bdi>
        </p>
        <p id={noteId} className={styles['note']} role={isWrong ? 'alert' : undefined} title={isWrong ? undefined : fileNote(file, entry, t, format)}>
          {fileNote(file, entry, t, format)}
        </p>
        {isBusy && <Progress entry={entry} label={name} />}
        {state === 'ready' && file.kind === 'audio' && <AudioPlayer id={file.id} url={entry?.preview ?? mediaUrl(file.sha256 ?? '')} known={entry?.durationMs ?? null} label={name} />}
        {!isWrong && takesCaption(file) && (
          <input
            className={styles['caption']}
            value={file.caption}
            maxLength={CAPTION_MAX}
            dir="auto"
            placeholder={t(hasText ? 'compose.files.captionIsText' : 'compose.files.captionHint')}
            aria-label={t('compose.files.caption', { name })}
            onChange={(event) => change({ caption: event.target.value })}
            onKeyDown={onKeyDown}
          />
        )}
      </div>
      <div className={styles['tools']}>
        {entry && entry.otherKinds.length > 0 && !isWrong && (
          <select className={styles['kind']} aria-label={t('compose.files.as', { name })} value={file.kind} onChange={(event) => tray.getState().changeKind(file.id, event.target.value as MediaKind)}>
            {[...new Set([file.kind, ...entry.otherKinds])].toSorted().map((kind) => (
              <option key={kind} value={kind}>
                {t(`compose.files.asKind.${kind}`)}
              </option>
            ))}
          </select>
        )}
        {count > 1 && (
          <>
            <IconButton label={t('compose.files.earlier', { name })} side="top" aria-disabled={at === 0} onClick={() => at > 0 && move(-1)}>
              <ArrowUp size={15} />
            </IconButton>
            <IconButton label={t('compose.files.later', { name })} side="top" aria-disabled={at === count - 1} onClick={() => at < count - 1 && move(1)}>
              <ArrowDown size={15} />
            </IconButton>
          </>
        )}
        {state === 'failed' && (
          <IconButton label={t('compose.files.retry', { name })} side="top" onClick={() => tray.getState().retry(file.id)}>
            <RotateCcw size={15} />
          </IconButton>
        )}
        <IconButton label={t(isBusy ? 'compose.files.cancel' : 'compose.files.remove', { name })} side="top" onClick={remove}>
          <X size={15} />
        </IconButton>
      </div>
    </li>
  );
}

function Thumbnail({ file, entry, isWrong }: { file: DraftItem; entry: TrayEntry | undefined; isWrong: boolean }) {
  const [isMissing, setMissing] = useState(false);
  const Icon = isWrong ? TriangleAlert : ICONS[file.kind];
  const isSeen = file.kind === 'image' || file.kind === 'video' || file.kind === 'sticker';
  const address = entry?.preview ?? (file.sha256 === null ? null : mediaUrl(file.sha256, { thumbnail: true }));
  return (
    <span className={styles['thumbnail']} data-kind={file.kind}>
      {isSeen && address !== null && !isMissing && !isWrong ? <img src={address} alt="" onError={() => setMissing(true)} /> : <Icon size={18} strokeWidth={1.75} aria-hidden="true" />}
    </span>
  );
}

function Progress({ entry, label }: { entry: TrayEntry | undefined; label: string }) {
  const status = entry?.status;
  const share = status?.state === 'uploading' ? status.done / Math.max(1, status.total) : undefined;
  return <progress className={styles['progress']} aria-label={label} {...(share !== undefined && { value: share })} />;
}

/** What becomes of a file, what it has become, or why it cannot be sent. */
export function fileNote(
  file: Pick<DraftItem, 'kind' | 'mimeType' | 'bytes'>,
  entry: Pick<TrayEntry, 'status' | 'durationMs' | 'converted' | 'isStilled'> | undefined,
  t: Translate,
  format: Formats,
): string {
  const size = format.bytes(file.bytes);
  const status = entry?.status;
  switch (status?.state) {
    case 'preparing':
      return `${size} · ${t('compose.files.preparing')}`;
    case 'uploading':
      return `${size} · ${t('compose.files.uploading', { percent: Math.floor((status.done / Math.max(1, status.total)) * 100) })}`;
    case 'waiting':
      return `${size} · ${t('compose.files.waiting')}`;
    case 'failed':
      return t(`failure.${status.code}`);
    case 'refused':
      return refusalText(status.refusal, size, t, format);
    case 'ready':
    case undefined:
      break;
  }
  const length = entry?.durationMs === null || entry?.durationMs === undefined ? null : format.length(entry.durationMs);
  return [length, changeText(file, entry?.converted ?? null, size, t), entry?.isStilled ? t('compose.files.stilled') : null].filter((part) => part !== null).join(' · ');
}

/** @param from the MIME type that it had; null: it goes as it is. */
function changeText({ kind, mimeType }: { kind: string; mimeType: string }, from: string | null, size: string, t: Translate): string {
  if (from === null) return size;
  if (kind === 'audio') return t('compose.files.convertedAudio', { size });
  return from === mimeType ? t('compose.files.reduced', { size }) : t('compose.files.converted', { to: TYPE_NAMES[mimeType] ?? mimeType, size });
}

function refusalText(refusal: FileRefusal, size: string, t: Translate, format: Formats): string {
  return refusal.reason === 'too_big' ? t(`compose.files.refused.tooBig.${refusal.kind}`, { size, limit: format.bytes(refusal.limitBytes) }) : t(`compose.files.refused.${refusal.reason}`);
}
