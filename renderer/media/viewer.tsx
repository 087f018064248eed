/**
 * A photo or video over the whole window, and with the arrow keys the person's others. Escape closes it and gives the
 * focus back to where it was. + and - zoom, 0 shows the whole picture again.
 */
import { ChevronLeft, ChevronRight, Download, MessageSquareText, X, ZoomIn, ZoomOut } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import type { Message } from '../../contract/entities.ts';
import { kindLabel } from '../conversation/content-text.ts';
import { FormattedText } from '../conversation/formatted-text.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { returnFocus } from '../ui/return-focus.ts';
import { FileStatus } from './file-status.tsx';
import { addressesOf, saveUrlOf } from './message-file.ts';
import { useGallery } from './use-gallery.ts';
import styles from './viewer.module.css';

const PAGE = 60;
const ZOOM_STEP = 1.5;
const ZOOM_MAX = 8;
/** So near to the last picture that is known, more are asked for. */
const LOAD_WITHIN = 3;

/** What is shown of a picture: how much larger, and by how many px moved. */
type Look = { zoom: number; x: number; y: number };
const WHOLE: Look = { zoom: 1, x: 0, y: 0 };

export function Viewer() {
  const viewed = useFrom('view', (view) => view.viewed);
  const conversationId = useFrom('conversation', (state) => state.openId);
  return viewed && conversationId !== null ? <OpenViewer message={viewed} conversationId={conversationId} /> : null;
}

function OpenViewer({ message: shown, conversationId }: { message: Message; conversationId: string }) {
  const { t, format } = useTexts();
  const { view, conversation, playback } = useStores();
  const name = useFrom('conversation', ({ thread }) => thread?.conversation.contact.name ?? '');
  const { items, hasMore, loadMore } = useGallery(conversationId, 'pictures', PAGE);
  const [look, setLook] = useState({ id: shown.id, ...WHOLE });
  const { zoom, x, y } = look.id === shown.id ? look : WHOLE;
  const [opener] = useState(() => document.activeElement);

  const at = items?.findIndex((item) => item.id === shown.id) ?? -1;
  // Newest first: what is older stands behind.
  const older = at === -1 ? undefined : items?.[at + 1];
  const newer = at === -1 ? undefined : items?.[at - 1];
  const message = items?.[at] ?? shown;
  const isNearEnd = items !== null && hasMore && (at === -1 || at >= items.length - LOAD_WITHIN);
  useEffect(() => {
    if (isNearEnd) loadMore();
  }, [isNearEnd, items, loadMore]);

  const show = (next: Message | undefined): void => {
    if (next) view.getState().showPicture(next);
  };
  const close = (): void => view.getState().showPicture(null);
  const isPicture = message.content.kind === 'image';
  const zoomBy = (factor: number): void => {
    const next = Math.min(Math.max(1, zoom * factor), ZOOM_MAX);
    setLook({ id: shown.id, ...(next === 1 ? WHOLE : { zoom: next, x: (x * next) / zoom, y: (y * next) / zoom }) });
  };

  function onKeyDown(event: KeyboardEvent): void {
    // A film has arrow keys of its own.
    if (event.target instanceof HTMLVideoElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft') show(older);
    else if (event.key === 'ArrowRight') show(newer);
    else if (isPicture && (event.key === '+' || event.key === '=')) zoomBy(ZOOM_STEP);
    else if (isPicture && event.key === '-') zoomBy(1 / ZOOM_STEP);
    else if (isPicture && event.key === '0') setLook({ id: shown.id, ...WHOLE });
    else return;
    event.preventDefault();
  }
  function drag(event: PointerEvent): void {
    if (zoom > 1 && event.buttons === 1) setLook({ id: shown.id, zoom, x: x + event.movementX, y: y + event.movementY });
  }

  const who = message.direction === 'in' ? name : message.author?.isMe ? t('thread.you') : (message.author?.name ?? t('message.fromPhone'));
  const caption = message.content.kind === 'image' || message.content.kind === 'video' ? message.content.caption : null;
  const save = saveUrlOf(message, kindLabel(message.content, t));
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog.Portal>
        <Dialog.Content
          className={styles['viewer']}
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
          }}
        >
          <header className={styles['bar']}>
            <Dialog.Title className="visually-hidden">{t('message.viewer.title', { name })}</Dialog.Title>
            <p className={styles['who']} aria-live="polite">
              <bdi>{who}</bdi>
              <time title={format.exact(message.sentAt)}>{format.short(message.sentAt)}</time>
            </p>
            {isPicture && (
              <>
                <Tool label={t('message.viewer.zoomOut')} isDisabled={zoom === 1} onClick={() => zoomBy(1 / ZOOM_STEP)}>
                  <ZoomOut size={18} />
                </Tool>
                <Tool label={t('message.viewer.zoomIn')} isDisabled={zoom >= ZOOM_MAX} onClick={() => zoomBy(ZOOM_STEP)}>
                  <ZoomIn size={18} />
                </Tool>
              </>
            )}
            <Tool
              label={t('message.viewer.toThread')}
              onClick={() => {
                close();
                void conversation.getState().jumpTo(message.id);
              }}
            >
              <MessageSquareText size={18} />
            </Tool>
            {save !== null && (
              <a className={styles['tool']} href={save} download="" aria-label={t('message.save')} title={t('message.save')}>
                <Download size={18} />
              </a>
            )}
            <Tool label={t('action.close')} onClick={close}>
              <X size={19} />
            </Tool>
          </header>
          <div
            className={styles['stage']}
            role="presentation"
            data-zoomed={zoom > 1 || undefined}
            onWheel={(event) => isPicture && event.deltaY !== 0 && zoomBy(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP)}
            onPointerMove={drag}
            onDoubleClick={() => isPicture && zoomBy(zoom === 1 ? 2 : 1 / ZOOM_MAX)}
            onClick={(event) => event.target === event.currentTarget && zoom === 1 && close()}
          >
            <Picture key={message.id} message={message} look={{ zoom, x, y }} onPlay={() => playback.getState().pause()} />
          </div>
          <Step side="older" label={t('message.viewer.older')} isDisabled={!older} onClick={() => show(older)}>
            <ChevronLeft size={24} />
          </Step>
          <Step side="newer" label={t('message.viewer.newer')} isDisabled={!newer} onClick={() => show(newer)}>
            <ChevronRight size={24} />
          </Step>
          {caption !== null && caption !== '' && (
            <p className={styles['caption']}>
              <FormattedText text={caption} />
            </p>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Picture({ message, look, onPlay }: { message: Message; look: Look; onPlay(): void }) {
  const { t } = useTexts();
  const [hasFailed, setFailed] = useState(false);
  const file = addressesOf(message);
  const { content } = message;
  if (!file) {
    return (
      <div className={styles['away']}>
        <FileStatus message={message} />
      </div>
    );
  }
  if (hasFailed) return <p className={styles['away']}>{t('message.cannotShow')}</p>;
  if (content.kind === 'video') {
    return (
      // What people film with their phones has no captions.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <video className={styles['picture']} src={file.url} {...(file.thumbnail !== null && { poster: file.thumbnail })} controls autoPlay playsInline onPlay={onPlay} onError={() => setFailed(true)} />
    );
  }
  return (
    <img
      className={styles['picture']}
      src={file.url}
      alt={content.kind === 'image' ? (content.caption ?? kindLabel(content, t)) : ''}
      draggable={false}
      style={{ transform: `translate(${look.x}px, ${look.y}px) scale(${look.zoom})` } satisfies CSSProperties}
      onError={() => setFailed(true)}
    />
  );
}

const Tool = ({ label, isDisabled = false, onClick, children }: { label: string; isDisabled?: boolean; onClick(): void; children: ReactNode }) => (
  <button type="button" className={styles['tool']} aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
    {children}
  </button>
);

const Step = ({ side, label, isDisabled, onClick, children }: { side: 'older' | 'newer'; label: string; isDisabled: boolean; onClick(): void; children: ReactNode }) => (
  <button type="button" className={styles['step']} data-side={side} aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
    {children}
  </button>
);
