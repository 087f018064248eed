/** Why a file is not shown, and what can be done about it; how far one that is sent has come. */
import { CircleOff, CloudDownload, FileX2, X } from 'lucide-react';
import { useEffect } from 'react';
import type { FileState, Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useCommands } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './file-status.module.css';

/** Of a file that is not here. */
export function FileStatus({ message }: { message: Message }) {
  const { t } = useTexts();
  const state = message.file?.state ?? 'missing';
  switch (state) {
    case 'here':
      return null;
    case 'fetching':
      return <Progress label={t('message.fetching')} progress={message.file?.progress ?? null} />;
    case 'waiting':
      return <Waiting message={message} />;
    case 'expired':
      return (
        <div className={styles['status']} data-state={state}>
          <CircleOff size={16} aria-hidden="true" />
          <p>
            <strong>{t('message.expired')}</strong> {t('message.expiredHint')}
          </p>
        </div>
      );
    case 'refused':
      return (
        <div className={styles['status']} data-state={state}>
          <FileX2 size={16} aria-hidden="true" />
          <p>
            <strong>{t('message.refused')}</strong> {t('message.refusedHint')}
          </p>
        </div>
      );
    case 'missing':
      return (
        <div className={styles['status']} data-state={state}>
          <CircleOff size={16} aria-hidden="true" />
          <p>{t('message.missing')}</p>
        </div>
      );
  }
}

function Waiting({ message }: { message: Message }) {
  const { t } = useTexts();
  const { fetchFile } = useCommands();
  const { isBusy, run } = useAction();
  useFetchOnSight(message.id);
  return (
    <div className={styles['status']} data-state="waiting">
      <CloudDownload size={16} aria-hidden="true" />
      <p>{t('message.waiting')}.</p>
      <Button look="quiet" disabled={isBusy} onClick={() => void run(() => fetchFile(message))}>
        {t('message.fetchNow')}
      </Button>
    </div>
  );
}

/** Scrolled past is not looked at. */
const LOOKED_AT_MS = 600;

/** Old files, and where somebody chose so all of them, come when they are looked at; the others are hurried by it. */
function useFetchOnSight(messageId: string): void {
  const client = useClient();
  useEffect(() => {
    // Nobody asked for it: whoever wants to know why it does not come presses the button.
    const timer = setTimeout(() => void client.media.fetch({ messageId }).catch(() => undefined), LOOKED_AT_MS);
    return () => clearTimeout(timer);
  }, [client, messageId]);
}

/** Until it has left, what is sent can be called back. */
const CAN_CANCEL: ReadonlySet<Message['delivery']> = new Set(['waiting', 'queued']);

/** Of a file that is on its way to WhatsApp; nothing for the others. */
export function UploadStatus({ message }: { message: Message }) {
  const { t } = useTexts();
  const { discard } = useCommands();
  const progress = message.direction === 'out' && message.file?.state === 'here' ? message.file.progress : null;
  if (!progress) return null;
  return (
    <div className={styles['upload']}>
      <Progress label={t('message.uploading')} progress={progress} />
      {CAN_CANCEL.has(message.delivery) && (
        <IconButton label={t('message.cancelSend')} side="top" onClick={() => void discard(message)}>
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}

function Progress({ label, progress }: { label: string; progress: FileState['progress'] }) {
  const { t, format } = useTexts();
  const total = progress?.total ?? null;
  return (
    <div className={styles['progress']}>
      <span>
        {label}
        {progress !== null && (
          <span className="tabular"> · {total === null ? format.bytes(progress.done) : t('message.fetchingOf', { done: format.bytes(progress.done), total: format.bytes(total) })}</span>
        )}
      </span>
      <progress aria-label={label} max={total ?? 1} {...(progress !== null && total !== null && { value: progress.done })} />
    </div>
  );
}
